"""Enrolments under a namesake's number: their own birth date says so, and a person looks."""

from copy import deepcopy

import pytest
from linking_world import World, number

from matchers.clerical import gather_clerical
from matchers.explain import explain

OWN, NAMESAKES = number("19700101", 1), number("19880909", 5)
BOTH = {
    "DB1#1": "birth_equal_number_of_another",
    "DB2#1": "number_equal_birth_of_another",
}


def namesakes(**other: object) -> World:
    """Two listed 张建国, born 1970 and 1988."""
    world = World()
    world.resident("张建国", OWN)
    world.resident("张建国", NAMESAKES, **other)
    world.member("DB1", 1, "张建国", OWN)
    world.member("DB2", 1, "张建国", NAMESAKES)
    return world


def enrolled(world: World, birth: str, id_no: str = NAMESAKES, sex: str = "1") -> int:
    return world.add(
        "medical_insurance.enrolment",
        name="张建国", id_no=id_no, psn_no="1", sex=sex, birth_date=birth, insurance="390",
    )  # fmt: skip


def test_birth_date_and_name_of_one_under_the_number_of_another_are_certain_of_neither() -> None:
    world = namesakes()
    at = enrolled(world, "1970-01-01")
    assert world.link().of(at) == {}
    assert world.possible(at) == BOTH
    for why in BOTH.values():
        assert "出生日期" in explain(why, "zh")
        assert "birth date" in explain(why, "en")


@pytest.mark.parametrize("birth", ["1988-09-09", "1988-01-01", "1970-09-09", "1971-01-01"])
def test_a_birth_date_that_agrees_with_the_number_or_with_nobody_contradicts_nothing(
    birth: str,
) -> None:
    world = namesakes()
    at = enrolled(world, birth)
    found = world.link().of(at)
    assert {subject: link.grade for subject, link in found.items()} == {"DB2#1": "certain"}
    assert world.possible(at) == {}


@pytest.mark.parametrize(
    ("of", "verdict", "whose"),
    [("DB1", "same", "DB1#1"), ("DB2", "same", "DB2#1"), ("DB1", "different", "DB2#1")],
)
def test_a_person_decides_whose_it_is(of: str, verdict: str, whose: str) -> None:
    world = namesakes()
    at = enrolled(world, "1970-01-01")
    asked = World(rows=deepcopy(world.rows)).link()
    gather_clerical(asked.engine)
    said = asked.engine.arrow(
        "select 1 as decision_no, pair.dataset, pair.role, pair.record_name, pair.record_hash,"
        " pair.subject_hash, $verdict as verdict from work.clerical_pair as pair"
        " join linked.subject as subject using (subject_id) where subject.case_no = $of",
        {"verdict": verdict, "of": of},
    )
    assert said.num_rows == 1
    assert set(World(rows=world.rows, decisions=said).link().of(at)) == {whose}


def test_somebody_of_the_other_sex_is_no_such_namesake() -> None:
    world = namesakes()
    at = enrolled(world, "1970-01-01", sex="2")
    assert set(world.link().of(at)) == {"DB2#1"}


def test_whom_the_register_has_with_that_birth_date_is_not_contradicted() -> None:
    world = namesakes(birth_date="1970-01-01")
    at = enrolled(world, "1970-01-01")
    assert world.link().of(at)["DB2#1"].grade == "certain"
