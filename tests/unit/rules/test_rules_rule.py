"""A rule is read and checked as a whole: broken or incomplete files are refused with the place."""

import re
import shutil

import pytest

from domain.errors import HeduiError
from rules.foundation import shared_order, shared_queries
from rules.rule import CATALOGUE_FOLDER, load_catalogue, load_rule

CATALOGUE = load_catalogue()


@pytest.fixture
def folder(tmp_path):
    for path in CATALOGUE_FOLDER.glob("motor_vehicle.*"):
        shutil.copy(path, tmp_path)
    return tmp_path


def change(folder, old, new, suffix=".yaml"):
    path = folder / f"motor_vehicle{suffix}"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(HeduiError) as caught:
        load_catalogue(folder)
    return caught.value


@pytest.mark.parametrize(
    ("old", "new", "key", "line"),
    [
        ("direction: over", "direction: upward", "choice", 2),
        ("per: case", "per: cases", "choice", 3),
        ("per: case\n", "", "field_missing", 1),
        ("id: motor_vehicle", "id: motor_vehicles", "id_differs", 1),
        ("authorisation: required", "authorization: required", "field_unknown", 9),
        ("[public_security.vehicles]", "[public_security.cars]", "choice", 8),
        ("[vehicle.exempt_plate_kinds]", "[vehicle.exempt_plates]", "choice", 11),
        ("owner_name: person_name", "owner_name: persons_name", "choice", 17),
        ("from: 2021-07-01", "from: 2021-07-32", "date", 14),
        ("title: {zh: 名下有机动车, en:", "title: {zh: 名下有机动车, fr:", "field_missing", 4),
        ("{owner_name}名下", "{owner}名下", "sentence_fact", 25),
        ("direction: over", "direction: over\ndirection: under", "key_twice", 3),
        ("certain_links: all", "absence_finds: maybe", "choice", 10),
    ],
)
def test_a_broken_rule_is_refused_with_file_and_line(folder, old, new, key, line):
    error = change(folder, old, new)
    assert error.key == f"rules_{key}"
    assert error.fields["file"] == "motor_vehicle.yaml"
    assert error.fields["line"] == line


def test_sentences_must_be_the_same_in_both_languages(folder):
    text = (folder / "motor_vehicle.yaml").read_text(encoding="utf-8")
    place = text.index("  en:\n    main:")
    (folder / "motor_vehicle.yaml").write_text(
        text[:place] + text[place:].replace("past_scrapping:", "past:"), encoding="utf-8"
    )
    with pytest.raises(HeduiError) as caught:
        load_catalogue(folder)
    assert caught.value.key == "rules_sentences_differ"


@pytest.mark.parametrize("suffix", [".sql", ".cases.yaml"])
def test_a_rule_has_three_files(folder, suffix):
    (folder / f"motor_vehicle{suffix}").unlink()
    with pytest.raises(HeduiError, match=f"motor_vehicle{re.escape(suffix)}"):
        load_catalogue(folder)


def test_sql_without_its_yaml_is_refused(folder):
    (folder / "stray.sql").write_text("select 1")
    with pytest.raises(HeduiError, match=r"stray\.yaml"):
        load_catalogue(folder)


def test_an_empty_folder_is_no_catalogue(tmp_path):
    with pytest.raises(HeduiError) as caught:
        load_catalogue(tmp_path)
    assert caught.value.key == "rules_catalogue_empty"


def test_a_case_rule_that_reads_members_must_say_that_it_needs_them(folder):
    error = change(folder, "authorisation: required", "authorisation: none")
    assert error.key == "rules_members_not_needed"


def test_civil_affairs_own_tables_are_needed_where_people_are_looked_at():
    needs = load_rule(CATALOGUE_FOLDER / "motor_vehicle.yaml").needs
    assert needs == (
        "civil_affairs.households",
        "civil_affairs.members",
        "public_security.vehicles",
    )


def test_an_unknown_rule_is_named():
    with pytest.raises(HeduiError, match="no_such_rule"):
        CATALOGUE["no_such_rule"]


@pytest.mark.parametrize("rule", list(CATALOGUE), ids=lambda rule: rule.id)
def test_every_rule_is_ordered_and_reads_shared_tables_that_exist(rule):
    assert "order by" in rule.sql.lower()
    assert rule.shared_tables <= set(shared_queries())


def test_shared_tables_come_after_those_they_read():
    queries = shared_queries()
    order = shared_order(queries, queries)
    assert sorted(order) == sorted(queries)
    for place, name in enumerate(order):
        text = re.sub(r"--[^\n]*", "", queries[name])
        assert set(re.findall(r"\bshared\.(\w+)", text)) <= set(order[:place])


def test_shared_tables_in_a_ring_are_refused():
    with pytest.raises(HeduiError, match="a -> b -> a"):
        shared_order(["a"], {"a": "select * from shared.b", "b": "select * from shared.a"})


def test_a_shared_table_of_nobody_is_refused():
    with pytest.raises(HeduiError, match="no_such"):
        shared_order(["no_such"], {})
