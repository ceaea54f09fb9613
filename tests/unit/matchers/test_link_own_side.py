"""Who the people on assistance are: bad, missing, shared numbers are looked up in the register."""

from linking_world import World, number, slipped

ZHANG = number("19700101", 1)
WIFE = number("19720202", 2)


def vehicle(world: World, name: str, id_no: str | None) -> int:
    return world.add(
        "public_security.vehicles", name=name, id_no=id_no, plate="示A1", plate_kind="02"
    )


def couple() -> World:
    world = World()
    world.crowd(300)
    world.resident("张建国", ZHANG, household_no="H1", township_code="990102001")
    world.resident("王芳", WIFE, household_no="H1", township_code="990102001")
    return world


def test_the_good_number_of_the_register_serves_where_the_members_is_mistyped() -> None:
    world = couple()
    world.member("DB1", 1, "张建国", slipped(ZHANG))
    car = vehicle(world, "张建国", ZHANG)
    found = world.link().of(car)["DB1#1"]
    assert found.grade == "probable"
    assert "subject" in found.why


def test_the_good_number_of_the_register_serves_where_the_members_is_missing() -> None:
    world = couple()
    world.member("DB1", 1, "王芳", WIFE)
    world.member("DB1", 2, "张建国", None, birth_date="1970-01-01", sex="1")
    car = vehicle(world, "张建国", ZHANG)
    assert world.link().of(car)["DB1#2"].grade == "probable"


def test_a_member_who_carries_his_wifes_number_is_found_by_the_rest() -> None:
    world = couple()
    world.member("DB1", 1, "王芳", WIFE)
    world.member("DB1", 2, "张建国", WIFE, birth_date="1970-01-01", sex="1")
    car = vehicle(world, "张建国", ZHANG)
    world.link()
    assert world.of(car)["DB1#2"].grade == "probable"


def test_a_strangers_valid_number_is_not_mended_but_shown_to_a_person() -> None:
    world = couple()
    stranger = number("19601231", 1)
    row = world.resident("张建国", number("19550505", 1), household_no="H9")
    world.member("DB1", 1, "张建国", stranger, birth_date="1955-05-05", sex="1")
    car = vehicle(world, "张建国", number("19550505", 1))
    assert world.link().of(car) == {}
    assert "DB1#1" in world.possible(row)


def test_a_member_unknown_to_the_register_gets_the_number_that_others_have() -> None:
    world = World()
    world.crowd(300)
    world.member("DB1", 1, "张建国", slipped(ZHANG))
    car = vehicle(world, "张建国", ZHANG)
    assert world.link().of(car)["DB1#1"].grade == "probable"


def test_a_register_row_without_a_number_is_the_member_of_that_number_probably() -> None:
    world = World()
    world.crowd(300)
    row = world.resident("张建国", slipped(ZHANG), birth_date="1970-01-01", sex="1")
    world.member("DB1", 1, "张建国", ZHANG)
    car = vehicle(world, "张建国", ZHANG)
    world.link()
    assert world.of(row)["DB1#1"].grade == "probable"
    assert world.of(car)["DB1#1"].grade == "certain"


def test_two_members_of_one_case_are_never_one_person() -> None:
    world = couple()
    world.member("DB1", 1, "张建国", ZHANG)
    world.member("DB1", 2, "张建国", None, birth_date="1970-01-01", sex="1")
    car = vehicle(world, "张建国", ZHANG)
    assert set(world.link().of(car)) == {"DB1#1"}


def test_whom_the_register_does_not_know_was_born_when_the_number_says() -> None:
    for birth_date, sex, is_his in (
        ("1970-01-01", "1", True), ("1985-03-03", "1", False), ("1970-01-01", "2", False)
    ):  # fmt: skip
        world = World()
        world.crowd(300)
        for at in range(40):  # a department that hardly speaks of strangers
            enrolled(world, world.rows["public_security.population"][at], at)
        world.member("DB1", 1, "张建国", ZHANG)
        row = world.add(
            "medical_insurance.enrolment", psn_no="P99", name="张建国", id_no="无",
            birth_date=birth_date, sex=sex, insurance="390", enrolment_status="1",
        )  # fmt: skip
        assert bool(world.link().of(row)) is is_his, (birth_date, sex)


def enrolled(world: World, resident: dict[str, object], at: int) -> None:
    world.add(
        "medical_insurance.enrolment", psn_no=f"P{at}", name=resident["name"],
        id_no=resident["id_no"], birth_date=resident["birth_date"], sex=resident["sex"],
        insurance="390", enrolment_status="1",
    )  # fmt: skip


def paid(world: World, name: str, id_no: str) -> int:
    return world.add(
        "civil_affairs.payments", payment_no="1", case_no="DB1", name=name, id_no=id_no
    )


def test_a_payment_of_the_case_has_the_number_of_a_member_who_lacks_one() -> None:
    for birth_date, is_his in ((None, True), ("1970-01-01", True), ("1971-01-01", False)):
        world = World()
        world.crowd(300)
        world.member("DB1", 1, "张建国", "不详", birth_date=birth_date)
        paid(world, "张健国", ZHANG)
        car = vehicle(world, "张建国", ZHANG)
        found = world.link().of(car)
        assert {one: link.grade for one, link in found.items()} == (
            {"DB1#1": "probable"} if is_his else {}
        ), birth_date


def test_two_members_of_one_name_are_not_told_by_a_payment() -> None:
    world = World()
    world.crowd(300)
    world.member("DB1", 1, "张建国", "不详")
    world.member("DB1", 2, "张建国", "不详")
    paid(world, "张建国", ZHANG)
    car = vehicle(world, "张建国", ZHANG)
    assert world.link().of(car) == {}


def test_a_number_that_another_row_bears_stays_that_rows() -> None:
    world = World()
    world.crowd(300)
    world.member("DB1", 1, "张建国", ZHANG, birth_date="1970-01-01", sex="1")
    world.member("DB2", 1, "张建国", "不详", birth_date="1970-01-01", sex="1")
    car = vehicle(world, "张建国", ZHANG)
    assert {one: link.grade for one, link in world.link().of(car).items()} == {"DB1#1": "certain"}
