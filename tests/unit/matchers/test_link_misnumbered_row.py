"""Register rows under a stranger's valid number: others have the person's own."""

import pytest
from linking_world import World, number

OWN, STRANGER = number("19700101", 1), number("19880909", 5)
BORN = {"birth_date": "1970-01-01", "sex": "1", "household_no": "H1"}


def vehicle(world: World, name: str, id_no: str | None, plate: str = "示A1") -> int:
    return world.add(
        "public_security.vehicles", name=name, id_no=id_no, plate=plate, plate_kind="02"
    )


def district(**own: object) -> tuple[World, int]:
    """Zhang, a member under his own number, and his row in the register under another man's."""
    world = World()
    world.crowd(300)
    world.resident("刘海波", STRANGER, household_no="H7")
    row = world.resident("张建国", STRANGER, **BORN | own)
    world.member("DB1", 1, "张建国", OWN)
    return world, row


def test_the_row_is_the_members_probably_and_his_records_are_his() -> None:
    world, row = district()
    car = vehicle(world, "张建国", OWN)
    world.link()
    assert world.of(row)["DB1#1"].grade == "probable"
    assert world.of(car)["DB1#1"].grade == "certain"


def test_the_strangers_records_stay_his() -> None:
    world, _ = district()
    world.member("DB2", 1, "刘海波", STRANGER)
    car = vehicle(world, "刘海波", STRANGER)
    assert set(world.link().of(car)) == {"DB2#1"}


def test_a_row_that_was_taken_down_twice_is_one_person() -> None:
    world, row = district()
    double = world.resident("张建国", STRANGER, **BORN | {"person_status": "5"})
    world.link()
    assert set(world.of(row)) == set(world.of(double)) == {"DB1#1"}


@pytest.mark.parametrize("birth_date", ["1988-09-09", "1970-01-02", "1971-01-01", None])
def test_without_the_very_birth_date_of_another_number_the_row_keeps_its_own(
    birth_date: str | None,
) -> None:
    world, row = district(birth_date=birth_date)
    assert world.link().of(row) == {}


def test_a_number_on_another_such_row_serves_all_the_same() -> None:
    world, row = district()
    world.resident("钱秀英", OWN, birth_date="1944-04-04", sex="2", household_no="H4")
    assert set(world.link().of(row)) == {"DB1#1"}


def test_a_number_that_anybody_else_has_under_that_name_is_the_rows_own() -> None:
    world, row = district()
    vehicle(world, "张建国", STRANGER)
    assert world.link().of(row) == {}


def test_a_woman_is_not_the_man_of_that_name() -> None:
    world, row = district(sex="2")
    assert world.link().of(row) == {}


def test_two_such_rows_are_a_tie() -> None:
    world, row = district()
    other = world.resident("张建国", number("19660606", 7), **BORN | {"household_no": "H2"})
    world.link()
    assert world.of(row) == world.of(other) == {}
