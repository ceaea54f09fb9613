"""Names in Latin letters: a slip may be one person, never for certain, nor by a township alone."""

from dataclasses import replace

import pytest
from linking_world import AS_OF, World, number, slipped

from domain.names import fold_name
from matchers.explain import explain
from matchers.link import link
from matchers.model import load_model
from matchers.why import NamedPerson, against_subject

LAN = number("19850412", 22)
DOCTOR = {"psn_no": "1", "insurance": "390"}


def listed(name: str = "NGUYEN THI LAN", id_no: str = LAN, **values: object) -> World:
    world = World()
    world.crowd(300)
    world.resident(name, id_no, **values)
    world.member("DB1", 1, name, id_no)
    return world


def enrolled(world: World, name: str, born: str | None = "1985-04-12", **values: object) -> int:
    given = {"id_no": None, "sex": "2"} | DOCTOR | values
    return world.add("medical_insurance.enrolment", name=name, birth_date=born, **given)


@pytest.mark.parametrize(
    ("written", "level"),
    [
        ("NGUYEN THI LAM", "latin_slip"),
        ("Ngyuen Thi Lan", "latin_slip"),
        ("NGUYENTHILLAN", "latin_slip"),
        ("NGUYEN TH LAM", "latin_slips"),
        ("NGUYEN THI", "latin_short"),
    ],
)
def test_a_slip_of_letters_with_the_day_of_birth_is_probable(written: str, level: str) -> None:
    world = listed()
    record = enrolled(world, written)
    found = world.link().of(record)["DB1#1"]
    assert found.grade == "probable"
    assert f"name:{level} birth:same" in found.why
    assert "拉丁字母" in explain(found.why, "zh")
    assert "Latin" in explain(found.why, "en")


def test_a_slip_of_letters_under_a_number_with_a_slip_is_probable() -> None:
    world = listed()
    record = enrolled(world, "NGUYEN THI LAM", born=None, id_no=slipped(LAN))
    found = world.link().of(record)["DB1#1"]
    assert (found.grade, "number:repaired" in found.why) == ("probable", True)


@pytest.mark.parametrize("written", ["NGUYEN THI LAM", "NGUYEN THI", "N. LAN"])
def test_equal_numbers_under_names_no_more_than_alike_are_never_certain(written: str) -> None:
    for name in ("NGUYEN THI LAN", "Nguyen·Lan"):
        world = listed(name)
        car = world.add(
            "public_security.vehicles", name=written, id_no=LAN, plate="1", plate_kind="02"
        )
        assert world.link().of(car) == {}
        assert set(world.possible(car)) == {"DB1#1"}


def test_a_person_is_told_that_the_names_of_equal_numbers_are_alike() -> None:
    world = listed()
    car = world.add(
        "public_security.vehicles", name="NGUYEN THI LAM", id_no=LAN, plate="1", plate_kind="02"
    )
    assert world.link().possible(car) == {"DB1#1": "number_equal_name_alike"}
    assert "字母" in explain("number_equal_name_alike", "zh")
    assert "Latin" in explain("number_equal_name_alike", "en")


def test_a_member_under_a_number_of_a_name_no_more_than_alike_is_not_known_by_it() -> None:
    world = World()
    world.crowd(300)
    world.resident("NGUYEN THI LAN", LAN)
    world.member("DB1", 1, "NGUYEN THI LAM", LAN)
    world.link()
    graded = world.engine.rows("select person_grade from linked.subject where why = 'number:equal'")
    assert graded == []


def test_a_township_and_a_name_no_more_than_alike_are_for_a_person_to_look_at() -> None:
    graded = {}
    for written in ("KOWALCZYK.AGNIESZKA", "KOWALCZYK.AGNIESKA"):
        world = listed("KOWALCZYK.AGNIESZKA", township_code="990102001")
        record = world.add(
            "civil_affairs.temporary_assistance",
            aid_no="1", name=written, id_no=None, township_code="990102001", aid_yuan="100.00",
            approved_date="2026-10-01",
        )  # fmt: skip
        graded[written] = set(world.link().of(record)), set(world.possible(record))
    assert graded == {
        "KOWALCZYK.AGNIESZKA": ({"DB1#1"}, set()),
        "KOWALCZYK.AGNIESKA": (set(), {"DB1#1"}),
    }


@pytest.mark.parametrize("slip", ["1986-04-12", "1984-04-12"])
def test_another_year_of_birth_forbids_the_link(slip: str) -> None:
    world = listed()
    record = enrolled(world, "NGUYEN THI LAM", born=slip)
    assert world.link().of(record) == {}
    assert world.possible(record) == {}


def test_whose_name_it_is_to_the_letter_comes_before_whose_it_is_but_for_one() -> None:
    world = listed()
    other = number("19850412", 44)
    world.resident("NGUYEN THI LAM", other)
    world.member("DB2", 1, "NGUYEN THI LAM", other)
    record = enrolled(world, "NGUYEN THI LAM")
    assert set(world.link().of(record)) == {"DB2#1"}


def test_two_who_are_equally_alike_are_a_tie() -> None:
    world = listed()
    world.resident("NGUYEN THI LAM", number("19850412", 44))
    record = enrolled(world, "NGUYEN THI LAX")
    assert world.link().of(record) == {}
    assert "DB1#1" in world.possible(record)


def test_names_in_pinyin_that_differ_are_two_peoples() -> None:
    world = listed("ZHANG WEI")
    record = enrolled(world, "ZHANG LEI")
    assert world.link().of(record) == {}
    assert world.possible(record) == {}


@pytest.mark.parametrize("written", ["LI NA", "Li Na", "Lina"])
def test_pinyin_for_the_whole_name_is_found_by_the_day_of_birth(written: str) -> None:
    world = listed("李娜")
    record = enrolled(world, written)
    found = world.link().of(record)["DB1#1"]
    assert (found.grade, "name:pinyin" in found.why) == ("probable", True)


def test_characters_are_not_alike_by_one_that_differs() -> None:
    world = listed("阿依古丽·买买提")
    record = enrolled(world, "阿依古力娜·买买提")
    assert world.link().of(record) == {}


def weight(*others: str) -> float:
    """Bits of the name, of a record with one letter wrong, where so many others are in Latin."""
    world = listed()
    for at, name in enumerate(others):
        world.resident(name, number("19900101", 2 * at + 2))
    record = enrolled(world, "NGUYEN THI LAX")
    world.link()
    rows = world.engine.rows(
        "select name_weight from linked.weighed_pair where record_id = $id"
        " and why like '%birth:same%'",
        {"id": record},
    )
    return float(rows[0][0])


def test_a_name_that_many_are_like_says_less() -> None:
    many = [f"NGUYEN THI LA{last}" for last in "OEIUYTRWQ"]
    few = [f"{first}OWALSKI ANNA" for first in "KLMNPRSTW"]
    assert weight(*many) < weight(*few) - 1


def test_a_model_that_knows_no_such_levels_makes_no_such_links() -> None:
    known = load_model()
    levels = tuple(at for at in known.levels if not at.name.startswith("latin_"))
    world = listed()
    record = enrolled(world, "NGUYEN THI LAM")
    world.fill()
    link(world.engine, as_of=AS_OF, model=replace(known, levels=levels))
    assert world.of(record) == {}


def test_who_asks_why_not_is_not_told_that_the_names_differ() -> None:
    world = listed()
    told = {}
    for written in ("NGUYEN THI LAM", "TRAN THI HOA"):
        car = world.add(
            "public_security.vehicles", name=written, id_no=None, plate=written, plate_kind="02"
        )
        told[written] = NamedPerson(car, "owner", False, None, "absent", fold_name(written), None)
    world.link()
    codes = {name: against_subject(world.engine, told[name], "DB1#1")[0] for name in told}
    assert codes == {"NGUYEN THI LAM": "not_compared", "TRAN THI HOA": "names_differ"}


def test_latin_names_are_looked_up_by_day_of_birth_and_township() -> None:
    world = listed("KOWALCZYK.AGNIESZKA", township_code="990102001")
    world.resident("李娜", number("19850412", 44), township_code="990102001")
    world.resident("NOVAK.JANA", number("19720303", 44), township_code="990102001")
    enrolled(world, "SMITH.JANE")
    world.add(
        "civil_affairs.temporary_assistance",
        aid_no="1", name="BROWN.MARY", id_no=None, township_code="990102001", aid_yuan="100.00",
        approved_date="2026-10-01",
    )  # fmt: skip
    world.link(keep_work=True)
    found = world.engine.rows(
        "select block.block, person.name from work.block as block"
        " join linked.person as person on person.person_id = block.person_id"
        " where block.block like 'latin%' order by all"
    )
    assert found == [
        ("latin_birth", "kowalczyk·agnieszka"),
        ("latin_township", "kowalczyk·agnieszka"),
        ("latin_township", "novak·jana"),
    ]
