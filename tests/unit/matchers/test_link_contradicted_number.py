"""Members under a stranger's valid number: what their own row contradicts is no veto."""

from linking_world import World, number

OWN, STRANGER = number("19700101", 1), number("19880909", 5)
WIFE = number("19720202", 2)
TOWNSHIP = "990102001"


def vehicle(world: World, name: str, id_no: str | None, plate: str = "示A1") -> int:
    return world.add(
        "public_security.vehicles", name=name, id_no=id_no, plate=plate, plate_kind="02"
    )


def couple(**own: object) -> World:
    """Zhang and his wife in one household; the stranger, another man, elsewhere."""
    world = World()
    world.crowd(300)
    given = {"household_no": "H1", "township_code": TOWNSHIP}
    world.resident("张建国", OWN, **given | own)
    world.resident("王芳", WIFE, **given)
    world.resident("刘海波", STRANGER, household_no="H7", township_code="990102105")
    world.member("DB1", 1, "王芳", WIFE)
    return world


def misnumbered(world: World, birth: str = "1970-01-01", name: str = "张建国") -> None:
    world.member("DB1", 2, name, STRANGER, birth_date=birth, sex="1")


def test_a_member_whose_row_contradicts_the_number_is_found_in_the_register_probably() -> None:
    world = couple()
    misnumbered(world)
    car = vehicle(world, "张建国", OWN)
    found = world.link().of(car)["DB1#2"]
    assert found.grade == "probable"
    assert "subject" in found.why


def test_records_under_the_strangers_number_and_the_members_name_stay_certain() -> None:
    world = couple()
    misnumbered(world)
    paid = world.add(
        "civil_affairs.payments", payment_no="1", case_no="DB1", name="张建国", id_no=STRANGER
    )
    strangers = vehicle(world, "刘海波", STRANGER)
    world.link()
    assert world.of(paid)["DB1#2"].grade == "certain"
    assert world.of(strangers) == {}


def test_a_name_that_changed_is_no_strangers_number() -> None:
    world = couple()
    misnumbered(world, birth="1988-09-09")
    car = vehicle(world, "张建国", OWN)
    assert world.link().of(car) == {}


def test_a_day_or_a_year_that_agrees_with_the_number_leaves_it_the_members() -> None:
    for birth in ("1988-01-01", "1970-09-09"):
        world = couple(birth_date=birth)
        misnumbered(world, birth=birth)
        car = vehicle(world, "张建国", OWN)
        assert world.link().of(car) == {}, birth


def test_a_number_that_another_department_has_under_the_members_name_is_not_disowned() -> None:
    world = couple()
    misnumbered(world)
    own, other = vehicle(world, "张建国", OWN), vehicle(world, "张建国", STRANGER, "示B2")
    world.link()
    assert world.of(own) == {}
    assert world.of(other)["DB1#2"].grade == "certain"


def test_a_former_name_in_the_register_explains_the_number() -> None:
    world = couple()
    world.rows["public_security.population"][-1]["former_name"] = "张建国"
    misnumbered(world)
    own, under = vehicle(world, "张建国", OWN), vehicle(world, "张建国", STRANGER, "示B2")
    world.link()
    assert world.of(own) == {}
    assert world.of(under)["DB1#2"].grade == "certain"


def test_without_home_or_family_a_person_looks_at_it() -> None:
    world = couple(household_no="H9", township_code="990102203")
    misnumbered(world)
    row = world.rows["public_security.population"][300]["record_id"]
    car = vehicle(world, "张建国", OWN)
    world.link()
    assert world.of(car) == {}
    assert "DB1#2" in world.possible(row)


def test_two_namesakes_born_that_day_are_a_tie() -> None:
    world = couple(household_no="H9")
    world.resident("张建国", number("19700101", 3), township_code=TOWNSHIP)
    misnumbered(world)
    car = vehicle(world, "张建国", OWN)
    assert world.link().of(car) == {}
