"""Certain links: valid numbers, equal after normalisation, under names that agree."""

import pytest
from linking_world import World, number

ZHANG = number("19700101", 1)


def vehicle(world: World, name: str, id_no: str | None) -> int:
    plate = f"示A{len(world.rows.get('public_security.vehicles', ())):05d}"
    return world.add(
        "public_security.vehicles", name=name, id_no=id_no, plate=plate, plate_kind="02"
    )


@pytest.mark.parametrize(
    ("registered", "written"),
    [
        ("张建国", "张建国"),
        ("张建国", "张 建国"),
        ("张建国", "張建國"),
        ("张建国", "张建国（已故）"),
        ("张建国", "张健国"),
        ("张建国", "张?国"),
        ("张建国", "张jian国"),
        ("阿依古丽·买买提", "阿依古丽•买买提"),
        ("阿依古丽·买买提", "阿依古丽买买提"),
        ("阿依古丽·买买提", "买买提·阿依古丽"),
        ("王喆", "王\ue123"),
    ],
)
def test_equal_numbers_and_names_that_agree_are_certain(registered: str, written: str) -> None:
    world = World()
    world.resident(registered, ZHANG)
    world.member("DB1", 1, registered, ZHANG)
    car = vehicle(world, written, ZHANG)
    assert {s: one.grade for s, one in world.link().of(car).items()} == {"DB1#1": "certain"}


def test_a_former_name_is_one_hop_through_the_register() -> None:
    world = World()
    world.resident("张建国", ZHANG, former_name="张卫红")
    world.member("DB1", 1, "张建国", ZHANG)
    car = vehicle(world, "张卫红", ZHANG)
    found = world.link().of(car)["DB1#1"]
    assert (found.grade, found.why) == ("certain", "number:equal name:former")


@pytest.mark.parametrize(
    "written", ["990102700101001", f"  {ZHANG[:6]} {ZHANG[6:]}", f"'{ZHANG}", ZHANG.lower()]
)
def test_ways_of_writing_a_number_are_the_number(written: str) -> None:
    world = World()
    world.resident("张建国", ZHANG)
    world.member("DB1", 1, "张建国", ZHANG)
    car = vehicle(world, "张建国", written)
    assert world.link().of(car)["DB1#1"].grade == "certain"


def test_equal_numbers_with_names_that_do_not_agree_are_for_a_person_to_look_at() -> None:
    world = World()
    world.resident("张建国", ZHANG)
    world.member("DB1", 1, "张建国", ZHANG)
    car = vehicle(world, "李秀英", ZHANG)
    assert world.link().of(car) == {}
    assert world.possible(car) == {"DB1#1": "number_equal_name_differs"}


def test_valid_different_numbers_never_link() -> None:
    world = World()
    world.resident("欧阳懿", ZHANG, address="示范区和平街道东河村1号")
    world.member("DB1", 1, "欧阳懿", ZHANG)
    enrolled = world.add(
        "medical_insurance.enrolment",
        name="欧阳懿", id_no=number("19700101", 3), psn_no="1", sex="1", birth_date="1970-01-01",
        insurance="390",
    )  # fmt: skip
    assert world.link().of(enrolled) == {}
    assert world.possible(enrolled) == {}


def test_a_person_who_is_a_subject_in_two_cases_gets_a_link_in_each() -> None:
    world = World()
    world.resident("张建国", ZHANG)
    world.member("DB1", 1, "张建国", ZHANG)
    world.member("DB2", 3, "张建国", ZHANG)
    car = vehicle(world, "张建国", ZHANG)
    assert set(world.link().of(car)) == {"DB1#1", "DB2#3"}


def test_someone_the_register_does_not_know_is_linked_all_the_same() -> None:
    world = World()
    world.crowd(20)
    world.member("DB1", 1, "张建国", ZHANG)
    car = vehicle(world, "张建国", ZHANG)
    assert world.link().of(car)["DB1#1"].grade == "certain"


def test_a_number_that_two_people_bear_goes_by_the_name() -> None:
    world = World()
    world.resident("张建国", ZHANG)
    world.resident("刘桂芳", ZHANG)
    world.member("DB1", 1, "张建国", ZHANG)
    world.member("DB2", 1, "刘桂芳", ZHANG)
    car, other = vehicle(world, "张建国", ZHANG), vehicle(world, "刘桂芳", ZHANG)
    world.link()
    assert set(world.of(car)) == {"DB1#1"}
    assert set(world.of(other)) == {"DB2#1"}


def test_rows_of_one_number_under_two_register_entries_are_one_person() -> None:
    world = World()
    moved = world.resident("张建国", ZHANG, person_status="2", register_no="R1")
    here = world.resident("张建国", ZHANG, register_no="R2")
    world.member("DB1", 1, "张建国", ZHANG)
    world.link()
    assert set(world.of(moved)) == set(world.of(here)) == {"DB1#1"}
    present = "select register_record_id from linked.person"
    assert world.engine.rows(present) == [(here,)]
