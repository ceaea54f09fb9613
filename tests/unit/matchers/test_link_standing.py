"""Rows that say a name and nothing else: what they presume of a person may tell namesakes apart."""

from linking_world import World, number

CONTRIBUTIONS = "human_resources.contributions"
ENROLMENT = "medical_insurance.enrolment"
PENSIONS = "human_resources.pensions"
SETTLEMENTS = "medical_insurance.settlements"
MONTHS = ("2026-08-01", "2026-09-01", "2026-10-01")
FIRST, SECOND = number("19820303", 1), number("19820404", 1)
NAME = "欧阳修文"


def insured(world: World, id_no: str, name: str = NAME, insurance: str = "390") -> None:
    world.add(
        ENROLMENT, psn_no=id_no, id_no=id_no, name=name, insurance=insurance, enrolment_status="1"
    )


def paid(
    world: World, id_no: str | None, month: str, employer: str = "E1", name: str = NAME
) -> int:
    return world.add(
        CONTRIBUTIONS, id_no=id_no, name=name, month=month, insurance="110", insured_as="1",
        employer_no=employer, employer_name=f"厂{employer}",
    )  # fmt: skip


def billed(world: World, id_no: str | None, assistance: str | None, name: str = NAME) -> int:
    return world.add(
        SETTLEMENTS, settlement_no=f"S{len(world.rows.get(SETTLEMENTS, ()))}", id_no=id_no,
        name=name, assistance_yuan=assistance, institution="县医院", settled_date="2026-05-05",
    )  # fmt: skip


def district() -> World:
    """Two hundred employees whom their employers pay for, and six hundred others of their age."""
    world = World()
    world.crowd(300)
    for at in range(600):
        world.resident(f"孙闲{chr(0x5000 + at)}", number("19820707", at + 1))
    for at in range(200):
        name, id_no = f"周职{chr(0x5000 + at)}", number("19820606", 2 * at + 1)
        world.resident(name, id_no)
        insured(world, id_no, name, "310")
        paid(world, id_no, MONTHS[at % 3], f"W{at % 20}", name)
    world.resident(NAME, FIRST)
    world.resident(NAME, SECOND)
    world.member("DB1", 1, NAME, FIRST)
    return world


def why(world: World, record_id: int) -> str:
    rows = world.engine.rows(
        "select why from linked.weighed_pair where record_id = $id and place = 1", {"id": record_id}
    )
    return str(rows[0][0])


def test_of_two_namesakes_the_one_insured_as_an_employee_is_whom_an_employer_pays_for() -> None:
    world = district()
    insured(world, FIRST, insurance="310")
    insured(world, SECOND)
    months = [paid(world, None, month) for month in MONTHS]
    world.link()
    assert [world.of(month)["DB1#1"].grade for month in months] == ["probable"] * 3
    assert "standing:employee" in why(world, months[0])


def test_two_namesakes_who_are_both_employees_are_a_tie() -> None:
    world = district()
    for id_no in (FIRST, SECOND):
        insured(world, id_no, insurance="310")
    month = paid(world, None, MONTHS[0])
    world.link()
    assert world.of(month) == {}
    assert "DB1#1" in world.possible(month)


def test_who_is_listed_is_not_taken_for_the_employee_of_that_name() -> None:
    world = district()
    insured(world, FIRST)
    insured(world, SECOND, insurance="310")
    month = paid(world, None, MONTHS[0])
    world.link()
    assert world.of(month) == {}


def test_whom_another_employer_pays_for_in_one_of_the_months_is_not_meant_in_the_others() -> None:
    world = district()
    for id_no in (FIRST, SECOND):
        insured(world, id_no, insurance="310")
    paid(world, SECOND, MONTHS[1], "E2")
    months = [paid(world, None, month) for month in MONTHS]
    world.link()
    assert [set(world.of(month)) for month in months] == [{"DB1#1"}] * 3


def listed_bills(assistance: str | None) -> World:
    """People on assistance whose bills say so (or do not), and bills of others that never do."""
    world = district()
    for at in range(60):
        name, id_no = f"吴困{chr(0x5000 + at)}", number("19820808", 2 * at + 1)
        world.resident(name, id_no)
        world.member(f"DB2{at}", 1, name, id_no, member_kind="1")
        billed(world, id_no, assistance, name)
    for at in range(600):
        billed(world, number("19820707", at + 1), None, f"孙闲{chr(0x5000 + at)}")
    world.rows["civil_affairs.members"][0]["member_kind"] = "1"
    return world


def test_a_bill_that_medical_assistance_paid_is_of_the_namesake_on_assistance() -> None:
    world = listed_bills("100.00")
    bill = billed(world, None, "80.00")
    assert world.link().of(bill)["DB1#1"].grade == "probable"
    assert "standing:aided" in why(world, bill)


def test_a_bill_that_says_nothing_of_assistance_is_not_drawn_to_the_namesake_on_assistance() -> (
    None
):
    world = listed_bills("100.00")
    bill = billed(world, None, None)
    assert world.link().of(bill) == {}


def test_where_no_bill_ever_says_assistance_being_listed_says_nothing() -> None:
    world = listed_bills(None)
    bill = billed(world, None, None)
    world.link()
    assert world.of(bill) == {}
    assert "DB1#1" in world.possible(bill)
    weights = world.engine.rows(
        "select standing_weight from linked.weighed_pair where record_id = $id", {"id": bill}
    )
    assert len(weights) == 2
    assert all(abs(weight) < 0.2 for (weight,) in weights)


def test_two_namesakes_on_assistance_are_a_tie() -> None:
    world = listed_bills("100.00")
    world.member("DB9", 1, NAME, SECOND, member_kind="1")
    bill = billed(world, None, "80.00")
    assert world.link().of(bill) == {}


def pensioners() -> World:
    """People of sixty to eighty who all draw a pension since the month after they were sixty."""
    world = district()
    for at in range(240):
        born = f"19{41 + at % 20}0{1 + at % 9}15"
        name, id_no = f"郑老{chr(0x5000 + at)}", number(born, 2 * at + 1)
        world.resident(name, id_no)
        pension(world, id_no, f"20{int(born[2:4]) - 40:02d}-0{1 + at % 9}-01", name)
    return world


def pension(world: World, id_no: str | None, start: str, name: str = NAME) -> int:
    return world.add(
        PENSIONS, id_no=id_no, name=name, insurance="170", start_month=start, pension_yuan="180.00"
    )


def test_a_pension_is_of_the_namesake_whose_age_it_began_at_and_who_has_none() -> None:
    world = pensioners()
    old, older = number("19500715", 1), number("19480215", 1)
    for at, id_no in enumerate((old, older)):
        world.resident("诸葛瑾", id_no)
        world.member(f"DB3{at}", 1, "诸葛瑾", id_no)
    drawn = pension(world, None, "2010-07-01", "诸葛瑾")
    world.link()
    assert set(world.of(drawn)) == {"DB30#1"}
    assert "standing:due_not_pensioned" in why(world, drawn)


def test_a_pension_that_began_at_no_telling_age_is_of_neither_namesake() -> None:
    world = pensioners()
    for at, id_no in enumerate((number("19500715", 1), number("19480215", 1))):
        world.resident("诸葛瑾", id_no)
        world.member(f"DB3{at}", 1, "诸葛瑾", id_no)
    drawn = pension(world, None, "2013-11-01", "诸葛瑾")
    assert world.link().of(drawn) == {}
