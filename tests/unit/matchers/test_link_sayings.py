"""Records that say the same are compared once, and each is judged for itself all the same."""

from copy import deepcopy

from linking_world import World, number, slipped

from matchers.clerical import gather_clerical

OUYANG = number("19700101", 1)
OTHER = number("19800505", 2)
CONTRIBUTIONS = "human_resources.contributions"
VEHICLES = "public_security.vehicles"


def listed() -> World:
    world = World()
    world.crowd(300)
    world.resident("欧阳懿", OUYANG)
    world.member("DB1", 1, "欧阳懿", OUYANG)
    return world


def vehicle(world: World, name: str, id_no: str | None, plate: str) -> int:
    return world.add(VEHICLES, name=name, id_no=id_no, plate=plate, plate_kind="02")


def paid(world: World, month: int, id_no: str | None) -> int:
    return world.add(
        CONTRIBUTIONS, name="欧阳懿", id_no=id_no, employer_no="E1", employer_name="示范厂",
        insurance="110", month=f"2026-{month:02d}-01",
    )  # fmt: skip


def test_an_employers_slip_is_compared_once_and_every_month_is_linked() -> None:
    world = listed()
    months = [paid(world, month, slipped(OUYANG)) for month in range(1, 7)]
    world.link(keep_work=True)
    assert all(world.of(month)["DB1#1"].grade == "probable" for month in months)
    said = "select records from work.saying where dataset = 'human_resources.contributions'"
    assert world.engine.rows(said) == [(6,)]
    pairs = "select count(*) from work.pair where dataset = 'human_resources.contributions'"
    assert world.engine.rows(pairs) == [(1,)]
    weighed = f"select count(*) from linked.weighed_pair where dataset = '{CONTRIBUTIONS}'"
    assert world.engine.rows(weighed) == [(6,)]


def test_a_month_that_is_taken_already_weighs_less_than_the_others() -> None:
    world = listed()
    paid(world, 3, OUYANG)
    months = {month: paid(world, month, slipped(OUYANG)) for month in (2, 3)}
    world.link()
    scores = dict(
        world.engine.rows(
            f"select record_id, score from linked.weighed_pair where dataset = '{CONTRIBUTIONS}'"
        )
    )
    assert scores[months[3]] < scores[months[2]]
    why = "select why from linked.weighed_pair where record_id = $record"
    assert "slot:taken_here" in world.engine.rows(why, {"record": months[3]})[0][0]
    assert "slot:free" in world.engine.rows(why, {"record": months[2]})[0][0]


def test_no_said_of_one_record_is_not_said_of_others_that_say_the_same() -> None:
    world = listed()
    cars = [vehicle(world, "欧阳懿", slipped(OUYANG), plate) for plate in ("A1", "B2")]
    asked = World(rows=deepcopy(world.rows)).link()
    gather_clerical(asked.engine)
    pair = asked.engine.arrow(
        "select 1 as decision_no, dataset, role, record_name, record_hash, subject_hash,"
        " 'different' as verdict from work.clerical_pair where record_id = $record",
        {"record": cars[0]},
    )
    assert pair.num_rows == 1
    decided = World(rows=deepcopy(world.rows), decisions=pair).link()
    assert decided.of(cars[0]) == {}
    assert set(decided.of(cars[1])) == {"DB1#1"}


def test_a_number_that_two_people_bear_is_told_by_the_name() -> None:
    world = listed()
    world.member("DB2", 1, "李娜", OUYANG)
    first, second = vehicle(world, "欧阳懿", OUYANG, "A1"), vehicle(world, "李娜", OUYANG, "B2")
    third = vehicle(world, "王伟", OUYANG, "C3")
    world.link()
    assert world.of(first)["DB1#1"].grade == "certain"
    assert "DB1#1" not in world.of(second)
    assert world.of(third) == {}


def test_a_number_that_no_register_knows_is_found_by_the_member_who_bears_it() -> None:
    world = listed()
    world.member("DB2", 1, "李娜", OTHER)
    car, another = vehicle(world, "李娜", OTHER, "A1"), vehicle(world, "王伟", OTHER, "B2")
    found = world.link().of(car)["DB2#1"]
    assert (found.grade, found.why) == ("certain", "number:equal name:same")
    assert world.of(another) == {}
    assert "DB2#1" in world.possible(another)


def test_a_register_row_is_a_person_unless_it_shares_its_number() -> None:
    world = listed()
    twice = world.resident("欧阳懿", OUYANG, person_status="5")
    world.link()
    persons = world.engine.rows(
        "select person_id, register_record_id from linked.person where id_no = $number",
        {"number": OUYANG},
    )
    assert len(persons) == 1
    rows = "select person_id from linked.register_row where record_id = $record"
    assert world.engine.rows(rows, {"record": twice}) == [(persons[0][0],)]
    assert twice not in {row for _, row in persons}
    everybody = "select count(*), count(distinct person_id) from linked.person"
    total, distinct = world.engine.rows(everybody)[0]
    assert total == distinct == len(world.rows["public_security.population"]) - 1
