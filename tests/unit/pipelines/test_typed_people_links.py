"""What ties a record to somebody typed in whom no register of people knows."""

import pytest

from matchers.explain import explain
from matchers.identify import NIGHT
from pipelines.typed_people import _links_by_number
from rules.interface import DATASETS
from store.engines.duckdb import DuckDBEngine

NUMBER = "990102198003070015"
PERSON = {"person_id": 7, "id_no": NUMBER, "name": "张建国"}


@pytest.fixture
def engine():
    """A night in which nobody has any record yet."""
    with DuckDBEngine() as engine:
        engine.run(f"attach ':memory:' as {NIGHT}")
        engine.run(f"create schema {NIGHT}.clean")
        engine.run(
            f"create table {NIGHT}.clean.mention (dataset varchar, role varchar, record_id bigint,"
            " is_set_aside boolean, name varchar, id_no varchar)"
        )
        yield engine


def put(engine, dataset, role, record_id, *, name="张建国", id_no=NUMBER, is_set_aside=False):
    engine.run(
        f"insert into {NIGHT}.clean.mention values"
        " ($dataset, $role, $record_id, $is_set_aside, $name, $id_no)",
        {
            "dataset": dataset, "role": role, "record_id": record_id,
            "is_set_aside": is_set_aside, "name": name, "id_no": id_no,
        },
    )  # fmt: skip


@pytest.mark.parametrize(
    ("written", "agreement"), [("张建国", "same"), ("张健国", "homophone"), ("张?国", "wildcard")]
)
def test_it_says_how_the_names_agree(engine, written, agreement):
    put(engine, "public_security.vehicles", "owner", 1, name=written)
    (link,) = _links_by_number(engine, PERSON)
    assert (link["record_id"], link["person_id"], link["grade"]) == (1, 7, "certain")
    assert (link["dataset"], link["role"]) == ("public_security.vehicles", "owner")
    assert link["why"] == f"number:equal name:{agreement}"
    assert explain(link["why"], "zh")


def test_another_name_or_another_number_ties_nothing(engine):
    put(engine, "public_security.vehicles", "owner", 1, name="李娜")
    put(engine, "public_security.vehicles", "owner", 2, id_no="990102198003070023")
    assert _links_by_number(engine, PERSON) == []


def test_a_row_set_aside_ties_nothing(engine):
    put(engine, "public_security.vehicles", "owner", 1, is_set_aside=True)
    assert _links_by_number(engine, PERSON) == []


def test_both_people_of_a_marriage_are_looked_for(engine):
    roles = next(one.roles for one in DATASETS if one.table == "marriage")
    for record_id, role in enumerate(roles, 1):
        put(engine, "civil_affairs.marriages", role, record_id)
    found = {(link["record_id"], link["role"]) for link in _links_by_number(engine, PERSON)}
    assert found == set(enumerate(roles, 1))
    assert len(found) == 2


def test_the_bureaus_own_books_and_the_register_are_no_other_departments_records(engine):
    for record_id, dataset in enumerate(DATASETS, 1):
        put(engine, dataset.name, dataset.roles[0], record_id)
    tied = {link["dataset"] for link in _links_by_number(engine, PERSON)}
    assert {one.name for one in DATASETS} - tied == {
        "civil_affairs.households",
        "civil_affairs.members",
        "civil_affairs.applications",
        "public_security.population",
    }
