"""A damaged number that stands for somebody of the very name is not weighed against namesakes."""

from linking_world import World, number, slipped

WANG = number("19700101", 1)
NAMESAKE = number("19620303", 3)
WOMAN = number("19700101", 4)


def namesakes() -> World:
    """Two men of one name, of whom one is on assistance."""
    world = World()
    world.crowd(300)
    world.resident("王伟", WANG)
    world.resident("王伟", NAMESAKE)
    world.member("DB1", 1, "王伟", WANG)
    return world


def car(world: World, id_no: str | None) -> int:
    return world.add(
        "public_security.vehicles", name="王伟", id_no=id_no, plate="A1", plate_kind="02"
    )


def weighed(world: World, record: int) -> dict[str, float]:
    """How probable each person is whom the record was weighed against, by number."""
    rows = world.engine.rows(
        "select person.id_no, pair.posterior from linked.weighed_pair as pair"
        " join linked.person as person on person.person_id = pair.person_id"
        " where pair.record_id = $record",
        {"record": record},
    )
    return dict(rows)


def test_nobody_else_is_compared() -> None:
    world = namesakes()
    record = car(world, slipped(WANG))
    assert world.link().of(record)["DB1#1"].grade == "probable"
    assert set(weighed(world, record)) == {WANG}


def test_without_a_number_namesakes_are_compared() -> None:
    world = namesakes()
    record = car(world, None)
    assert world.link().of(record) == {}
    assert set(weighed(world, record)) == {WANG, NAMESAKE}


def test_somebody_of_the_other_sex_does_not_keep_namesakes_out() -> None:
    world = namesakes()
    world.resident("王伟", WOMAN, sex="2")
    record = world.add(
        "civil_affairs.cremations",
        name="王伟", id_no=slipped(WANG), cremation_no="1", cremation_date="2026-10-02", sex="2",
    )  # fmt: skip
    world.link()
    assert set(weighed(world, record)) == {WOMAN}


def test_a_namesake_on_the_paper_already_does_not_keep_the_other_out() -> None:
    """Two owners of one name: the second has a slip in the first one's number."""
    world = namesakes()
    owners = [
        world.add(
            "housing.properties",
            name="王伟", id_no=id_no, unit_no="U1", address="和平街道1号", house_use="10",
        )
        for id_no in (WANG, slipped(WANG))
    ]  # fmt: skip
    world.link()
    assert world.of(owners[0])["DB1#1"].grade == "certain"
    assert set(weighed(world, owners[1])) == {NAMESAKE}


def test_of_what_one_has_but_once_namesakes_teach_how_many_have_it() -> None:
    world = namesakes()
    record = world.add(
        "human_resources.contributions",
        name="王伟", id_no=slipped(WANG), employer_no="E1", employer_name="示范厂",
        insurance="110", month="2026-09-01",
    )  # fmt: skip
    world.link()
    assert set(weighed(world, record)) == {WANG, NAMESAKE}
