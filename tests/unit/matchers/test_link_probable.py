"""Probable links: no usable number, and the rest leaves hardly a doubt; ties go to a person."""

from linking_world import World, number, slipped

ZHANG = number("19700101", 1)
OUYANG = number("19851104", 22)


def death(world: World, name: str, id_no: str | None, **values: object) -> int:
    given = {"cremation_no": str(len(world.rows.get("civil_affairs.cremations", ())))}
    given |= {"cremation_date": "2026-10-02", "sex": "1"} | values
    return world.add("civil_affairs.cremations", name=name, id_no=id_no, **given)


def listed(name: str = "张建国", id_no: str = ZHANG, **values: object) -> World:
    world = World()
    world.crowd(300)
    world.resident(name, id_no, **values)
    world.member("DB1", 1, name, id_no)
    return world


def test_a_death_under_a_mistyped_number_is_found() -> None:
    for place in (3, 7, 12, 16):
        world = listed()
        record = death(world, "张建国", slipped(ZHANG, place))
        found = world.link().of(record)
        assert found["DB1#1"].grade == "probable", place
        assert "number:repaired" in found["DB1#1"].why


def test_neighbours_transposed_and_digits_lost_or_doubled_are_seen_through() -> None:
    transposed = OUYANG[:8] + OUYANG[9] + OUYANG[8] + OUYANG[10:]
    lost = OUYANG[:10] + OUYANG[11:]
    doubled = OUYANG[:5] + OUYANG[5] + OUYANG[5:]
    old = "990102" + OUYANG[8:11] + OUYANG[12:17]  # fifteen digits, and one of them lost
    for damaged in (transposed, lost, doubled, old):
        world = listed("欧阳懿", OUYANG)
        record = death(world, "欧阳懿", damaged, sex="2")
        assert set(world.link().of(record)) == {"DB1#1"}, damaged


def test_a_letter_in_the_last_places_is_a_slip_and_no_organisations_code() -> None:
    valid = number("19851104", 48)
    assert valid.endswith("048X")
    for damaged in (valid[:16] + "X8", valid[:16] + "BX", valid[:14] + "O48X"):
        world = listed("欧阳懿", valid)
        record = death(world, "欧阳懿", damaged, sex="2")
        found = world.link().of(record)
        assert set(found) == {"DB1#1"}, damaged
        assert "number:repaired" in found["DB1#1"].why


def test_a_mistyped_number_under_another_name_is_nobodys() -> None:
    world = listed()
    record = death(world, "李秀英", slipped(ZHANG))
    assert world.link().of(record) == {}


def test_a_twin_is_not_taken_for_his_brother() -> None:
    world = World()
    world.crowd(300)
    brother = number("19700101", 3)
    world.resident("张建国", ZHANG, household_no="H1")
    world.resident("张建军", brother, household_no="H1")
    world.member("DB1", 1, "张建国", ZHANG)
    record = death(world, "张建军", slipped(brother, 17 - 1))
    assert world.link().of(record) == {}


def test_a_placeholder_is_no_number() -> None:
    for nothing in (None, "无", "不详", "0", "111111111111111111", "9.90102E+17"):
        world = World()
        world.crowd(300)
        world.resident("欧阳懿", OUYANG)
        world.resident("诸葛亮亮", ZHANG)
        world.member("DB1", 1, "欧阳懿", OUYANG)
        record = world.add(
            "medical_insurance.enrolment",
            name="欧阳懿", id_no=nothing, psn_no="1", sex="2", birth_date="1985-11-04",
            insurance="390",
        )  # fmt: skip
        assert world.link().of(record)["DB1#1"].grade == "probable", nothing


def test_two_namesakes_born_the_same_day_are_a_tie_that_goes_to_a_person() -> None:
    world = listed("王伟", ZHANG)
    world.resident("王伟", number("19700101", 5))
    record = world.add(
        "medical_insurance.enrolment",
        name="王伟", id_no=None, psn_no="1", sex="1", birth_date="1970-01-01", insurance="390",
    )  # fmt: skip
    assert world.link().of(record) == {}
    assert "DB1#1" in world.possible(record)


def test_another_sex_or_year_of_birth_forbids_the_link() -> None:
    for sex, born in (("2", "1970-01-01"), ("1", "1971-01-01")):
        world = listed("欧阳懿", ZHANG)
        record = world.add(
            "medical_insurance.enrolment",
            name="欧阳懿", id_no=None, psn_no="1", sex=sex, birth_date=born, insurance="390",
        )  # fmt: skip
        assert world.link().of(record) == {}, (sex, born)
        assert world.possible(record) == {}


def test_a_title_without_a_number_is_found_at_the_registers_address() -> None:
    home = "示范区和平街道东河社区1栋1单元101室"
    world = World()
    world.crowd(300)
    for serial in range(1, 30, 2):
        world.resident("王伟", number("19700101", serial))
    world.resident("王伟", number("19690505", 1), address=home)
    world.member("DB1", 1, "王伟", number("19690505", 1))
    flat = world.add(
        "housing.properties",
        name="王伟", id_no=None, unit_no="U1", address="示范区和平街道 东河社区1栋1单元101室",
    )  # fmt: skip
    found = world.link().of(flat)
    assert found["DB1#1"].grade == "probable"
    assert "address:same" in found["DB1#1"].why


def test_the_wife_of_a_certain_husband_is_known_by_their_household() -> None:
    world = World()
    world.crowd(900)
    for serial in range(2, 30, 2):
        world.resident("王芳", number("19700101", serial))
    world.resident("张建国", ZHANG, household_no="H1")
    world.resident("王芳", number("19720202", 2), household_no="H1")
    world.member("DB1", 2, "王芳", number("19720202", 2))
    marriage = world.add(
        "civil_affairs.marriages",
        registration_no="J1", event="IA", husband_name="张建国", husband_id_no=ZHANG,
        wife_name="王芳", wife_id_no=None,
    )  # fmt: skip
    found = world.link().of(marriage, "wife")
    assert found["DB1#2"].grade == "probable"
    assert "kin:same" in found["DB1#2"].why


def test_a_payment_names_the_case_of_its_payee() -> None:
    world = World()
    world.crowd(300)
    for serial in range(1, 90, 2):
        world.resident("王伟", number("19700101", serial))
    world.member("DB1", 1, "王伟", number("19700101", 7))
    paid = world.add(
        "civil_affairs.payments", payment_no="1", case_no="DB1", name="王伟", id_no="无"
    )
    assert world.link().of(paid)["DB1#1"].grade == "probable"


def test_a_colleague_of_that_name_who_has_that_month_already_is_somebody_else() -> None:
    world = World()
    world.crowd(300)
    colleague, other = number("19800303", 1), number("19810404", 1)
    world.resident("欧阳修文", colleague)
    world.resident("欧阳修文", other)
    world.member("DB1", 1, "欧阳修文", colleague)
    fields = {"employer_no": "E1", "employer_name": "示范厂", "insurance": "110"}
    for month in ("2026-08-01", "2026-09-01"):
        world.add(
            "human_resources.contributions", name="欧阳修文", id_no=colleague, month=month, **fields
        )
    record = world.add(
        "human_resources.contributions", name="欧阳修文", id_no=None, month="2026-09-01", **fields
    )
    assert world.link().of(record) == {}


def test_a_lost_name_in_a_crowd_of_namesakes_is_nobodys() -> None:
    world = World()
    for serial in range(1, 800, 2):
        world.resident("王伟", number("19700101", serial))
    world.member("DB1", 1, "王伟", number("19700101", 1))
    car = world.add("public_security.vehicles", name="王伟", id_no=None, plate="1", plate_kind="02")
    assert world.link().of(car) == {}
    assert world.possible(car) == {}


def test_a_name_whose_dot_is_left_out_is_as_common_as_with_it() -> None:
    world = World()
    world.crowd(300)
    for at in range(8):
        world.resident("卓玛·艾力", number(f"19{70 + at}0101", 1))
    bill = {"institution": "县医院", "name": "卓玛艾力"}
    world.member("DB1", 1, "卓玛·艾力", number("19700101", 1))
    # one of the eight is known there, and stands so on her bills
    known = world.add(
        "medical_insurance.settlements", settlement_no="1", id_no=number("19700101", 1), **bill
    )
    bare = world.add("medical_insurance.settlements", settlement_no="2", id_no=None, **bill)
    world.link()
    assert world.of(known)["DB1#1"].grade == "certain"
    assert world.of(bare) == {}


def test_another_who_is_written_with_the_same_slip_is_not_taken_for_the_member() -> None:
    for slip in ("张建囯", "张建果", "张建?", "张建guo"):
        world = World()
        world.crowd(300)
        world.resident("张建国", ZHANG)
        world.resident("张建国", number("19580808", 3))
        world.member("DB1", 1, slip, ZHANG)
        car = world.add("public_security.vehicles", plate="示A1", plate_kind="02", name=slip)
        assert world.link().of(car) == {}, slip


def test_whose_wife_no_register_knows_is_not_the_only_resident_of_his_name() -> None:
    outsider = number("19711111", 4, division="990203")
    for wife, is_his in ((None, True), (outsider, False)):
        world = listed(household_no="H1")
        at = world.add(
            "civil_affairs.marriages", registration_no="J1", event="IA",
            registered_date="2001-05-01", husband_name="张建国", husband_id_no=None,
            wife_name="柳如是", wife_id_no=wife,
        )  # fmt: skip
        assert bool(world.link().of(at, "husband")) is is_his, wife
