"""Papers on which nobody has a number: told by the household in which their names are at home."""

from linking_world import World, number

MEN = [number(f"19{at}0101", 1) for at in range(40, 80)]
WOMEN = [number(f"19{at}0202", 2) for at in range(40, 80)]


def district(*, apart: bool = False) -> World:
    """Forty 王伟 and forty 李敏, each alone at home but for one of both, who live together."""
    world = World()
    world.crowd(300)
    for at, (man, woman) in enumerate(zip(MEN, WOMEN, strict=True)):
        for name, id_no, home in (("王伟", man, f"A{at}"), ("李敏", woman, f"B{at}")):
            world.resident(name, id_no, household_no=home if at or apart else "H1")
    world.member("DB1", 1, "王伟", MEN[0])
    world.member("DB1", 2, "李敏", WOMEN[0])
    return world


def marriage(world: World, **values: object) -> int:
    given: dict[str, object] = {"husband_name": "王伟", "wife_name": "李敏"}
    given |= {"registration_no": "J1", "event": "IA", "registered_date": "2001-05-01"}
    return world.add("civil_affairs.marriages", **(given | values))


def test_a_couple_without_numbers_is_the_couple_that_lives_together() -> None:
    world = district()
    at = marriage(world)
    world.link()
    for role, subject in (("husband", "DB1#1"), ("wife", "DB1#2")):
        found = world.of(at, role)
        assert set(found) == {subject}
        assert found[subject].grade == "probable"
        assert "kin:same" in found[subject].why


def test_without_a_household_of_both_names_it_is_nobodys() -> None:
    world = district(apart=True)
    at = marriage(world)
    assert world.link().of(at) == {}


def test_of_two_such_households_neither_is_chosen() -> None:
    world = district()
    world.resident("王伟", number("19820101", 1), household_no="H2")
    world.resident("李敏", number("19820202", 2), household_no="H2")
    at = marriage(world)
    assert world.link().of(at) == {}


def test_a_name_that_is_in_every_household_says_nothing_of_the_other() -> None:
    world = district()
    for at in range(1, 40):
        world.resident("李敏", number(f"19{40 + at}0303", 4), household_no=f"A{at}")
    at = marriage(world)
    assert world.link().of(at) == {}


def test_a_name_that_half_the_town_lives_with_tells_less() -> None:
    scores = []
    for wives in (3, 150):
        world = World()
        world.crowd(300)
        for at in range(wives):
            world.resident("李敏", number("19660303", 2 * at), household_no=f"B{at}")
            world.resident(f"周{chr(0x5200 + at)}", number("19660404", at), household_no=f"B{at}")
        world.resident("王伟", MEN[0], household_no="B0")
        world.resident("王伟", MEN[1], household_no="A1")
        world.member("DB1", 1, "王伟", MEN[0])
        at = marriage(world)
        scores.append(world.link().of(at, "husband")["DB1#1"].score)
    rare, common = scores
    assert rare - common > 4  # fifty times as many live so, among twice as many people


def test_a_title_of_two_owners_without_numbers_is_theirs() -> None:
    world = district()
    owners = {
        name: world.add("housing.properties", unit_no="U1", name=name, address="新街1号")
        for name in ("王伟", "李敏")
    }
    world.link()
    assert set(world.of(owners["王伟"])) == {"DB1#1"}
    assert set(world.of(owners["李敏"])) == {"DB1#2"}


def test_whose_other_name_nobody_bears_is_looked_up_by_the_own_name_alone() -> None:
    world = World()
    world.crowd(300)
    world.resident("欧阳懿", MEN[0])
    world.member("DB1", 1, "欧阳懿", MEN[0])
    at = marriage(world, husband_name="欧阳懿", wife_name="李敏敏")
    found = world.link().of(at, "husband")
    assert set(found) == {"DB1#1"}
    assert "kin:" not in found["DB1#1"].why


def test_whom_an_outsider_stands_beside_is_not_told_by_names() -> None:
    world = district()
    at = marriage(world, wife_id_no=number("19840606", 8, division="990203"))
    assert world.link().of(at) == {}
