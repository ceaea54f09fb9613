"""Persons typed in are held to the agreement's codes, and an error never repeats a value."""

import json

import pytest

from domain.errors import HeduiError
from service.persons import read_persons_file

GOOD = {
    "township_code": "990102001",
    "scheme": "11",
    "persons": [
        {"name": "王伟", "id_no": "990102198003070015", "relation": "01",
         "declared_income_yuan": "300", "authorised_on": "2026-11-01"},
    ],
}  # fmt: skip


def read(tmp_path, content):
    path = tmp_path / "persons.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return read_persons_file(path)


def test_a_good_file_is_read(tmp_path):
    household = read(tmp_path, GOOD)
    assert household.scheme == "11"
    assert household.people[0].member_kind == "1"
    assert household.people[0].authorised_on.isoformat() == "2026-11-01"


@pytest.mark.parametrize(
    "change",
    [{"relation": "88"}, {"name": ""}, {"declared_income_yuan": "-1"}, {"authorised_on": "昨天"},
     {"member_kind": "3"}, {"id_no": 990102198003070015}, {"name": "王" * 61},
     {"name": "  "}, {"declared_income_yuan": "300.005"}, {"declared_income_yuan": "NaN"}],
)  # fmt: skip
def test_a_bad_person_is_refused_by_field_and_without_its_value(tmp_path, change):
    content = {**GOOD, "persons": [{**GOOD["persons"][0], **change}]}
    with pytest.raises(HeduiError) as error:
        read(tmp_path, content)
    field, value = next(iter(change.items()))
    assert field in str(error.value)
    assert "990102198003070015" not in str(error.value)
    assert not str(value).strip() or str(value) not in str(error.value).replace("1/2", "")


@pytest.mark.parametrize("code", ["", "990102", "99010200１", "青山镇", "990102001000", 990102001])
def test_a_township_is_nine_digits(tmp_path, code):
    with pytest.raises(HeduiError) as error:
        read(tmp_path, {**GOOD, "township_code": code})
    assert error.value.key == "check_persons_bad"
    assert "township_code" in str(error.value)


def test_a_file_of_a_spreadsheet_or_notepad_is_read_and_one_that_is_not_there_is_named(tmp_path):
    path = tmp_path / "persons.json"
    path.write_text(json.dumps(GOOD), encoding="utf-8-sig")
    assert read_persons_file(path).people[0].name == "王伟"
    path.unlink()
    with pytest.raises(HeduiError) as error:
        read_persons_file(path)
    assert error.value.key == "check_persons_unread"
    path.write_text("[" * 100_000)
    with pytest.raises(HeduiError) as error:
        read_persons_file(path)
    assert error.value.key == "check_persons_bad"


@pytest.mark.parametrize("content", [[], {}, {**GOOD, "persons": []}, {**GOOD, "scheme": "99"}])
def test_a_file_of_another_shape_is_refused(tmp_path, content):
    with pytest.raises(HeduiError) as error:
        read(tmp_path, content)
    assert error.value.key == "check_persons_bad"
