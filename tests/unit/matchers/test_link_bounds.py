"""Work is bounded, and what cannot be read keeps people unchecked."""

from linking_world import AS_OF, World, number

from matchers.link import link


def test_a_crowd_of_one_name_and_birth_date_is_listed_and_not_compared() -> None:
    world = World()
    for at in range(400):
        world.resident("王伟", number("19700101", 2 * at + 1))
    world.member("DB1", 1, "王伟", number("19700101", 1))
    for at in range(2000):
        world.add(
            "medical_insurance.enrolment",
            name="王伟", id_no=None, psn_no=str(at), sex="1", birth_date="1970-01-01",
            insurance="390",
        )  # fmt: skip
    world.fill()
    link(world.engine, as_of=AS_OF)
    cut = world.engine.rows("select dataset, block, records, largest_block from linked.cut_block")
    assert ("medical_insurance.enrolment", "name_birth", 2000, 400) in cut
    assert world.engine.rows("select count(*) from linked.weighed_pair") == [(0,)]


def test_one_number_on_thousands_of_rows_of_the_register_compares_nobody() -> None:
    world = World()
    shared = number("19700101", 1)
    for at in range(1500):
        world.resident(f"王{chr(0x4E00 + at)}", shared)
    world.member("DB1", 1, "王一", shared)
    car = world.add(
        "public_security.vehicles", name="王一", id_no=shared, plate="A1", plate_kind="02"
    )
    assert world.link().of(car) == {}


def test_a_word_in_place_of_a_unit_number_makes_no_paper_of_everybody_under_it() -> None:
    for owners, is_paper in ((90, True), (150, False)):
        world = World()
        for at in range(owners):
            name, id_no = f"王{chr(0x4E00 + at)}", number("19700101", at + 1)
            world.resident(name, id_no, household_no=f"H{at // 3}")
            known = id_no if at % 3 else None
            world.add("housing.properties", unit_no="无", name=name, id_no=known)
        world.member("DB1", 1, "王一", number("19700101", 1))
        world.link()
        weighed = world.engine.rows(
            "select distinct contains(why, 'kin:') from linked.weighed_pair"
            " where dataset = 'housing.properties'"
        )
        assert weighed == [(is_paper,)], owners
        cut = world.engine.rows(
            "select dataset, block, records, largest_block from linked.cut_block"
        )
        listed = ("housing.properties", "paper", owners // 3, owners)
        assert (listed in cut) is not is_paper, owners


def test_a_word_in_place_of_a_household_number_makes_nobody_kin() -> None:
    for people, is_household in ((90, True), (150, False)):
        world = World()
        for at in range(people):
            name = f"王{chr(0x4E00 + at)}"
            world.resident(name, number("19700101", at + 1), household_no="0")
        world.member("DB1", 1, "王一", number("19700101", 1))
        for wife in (number("19700101", 3), None):
            world.add(
                "civil_affairs.marriages", registration_no=str(wife), event="IA",
                registered_date="2001-05-01", husband_name="王一", husband_id_no=None,
                wife_name="王丂", wife_id_no=wife,
            )  # fmt: skip
        world.link()
        weighed = world.engine.rows(
            "select distinct contains(why, 'kin:') from linked.weighed_pair where role = 'husband'"
        )
        assert weighed == [(is_household,)], people
        cut = world.engine.rows(
            "select dataset, block, records, largest_block from linked.cut_block"
        )
        assert (("civil_affairs.marriages", "paper", 1, people) in cut) is not is_household
