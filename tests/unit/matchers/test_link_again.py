"""Linking again: remembered comparisons, row order and earlier decisions."""

import random
from copy import deepcopy

import pytest
from linking_world import AS_OF, World, number, slipped

from matchers import memory as memory_module
from matchers.clerical import gather_clerical
from matchers.link import link
from matchers.memory import Memory, recall

HOUSEHOLDS = "civil_affairs.households"
PAIR = (
    "select 1 as decision_no, dataset, role, record_name, record_hash, subject_hash,"
    " $verdict as verdict from work.clerical_pair where dataset = 'public_security.vehicles'"
)
LINKS = (
    "select dataset, (record_id >> 41) as delivery, row_no, role, case_no, seq, grade, score, why"
    " from (select record.*, subject.case_no, subject.seq, record.record_id & 1048575 as row_no"
    " from linked.subject_record as record join linked.subject as subject using (subject_id))"
    " order by all"
)


def district(seed: int) -> World:
    """Some forty people, a case for each third, and records of all sorts about them."""
    draw = random.Random(seed)
    world = World()
    world.crowd(120)
    names = ["张建国", "张建军", "王伟", "王芳", "欧阳懿", "阿依古丽·买买提", "李娜", "刘桂芳"]
    for at in range(40):
        name = draw.choice(names)
        id_no = number(
            f"19{draw.randint(50, 99)}0{draw.randint(1, 9)}1{draw.randint(0, 9)}", at + 1
        )
        world.resident(name, id_no, household_no=f"H{at // 3}", address=f"和平街道{at // 3}号")
        if at % 3 == 0:
            world.member(f"DB{at}", 1, name, draw.choice([id_no, id_no, slipped(id_no)]))
        damaged = draw.choice([id_no, id_no, slipped(id_no, draw.randint(6, 16)), None, "无"])
        world.add(
            "public_security.vehicles", name=name, id_no=damaged, plate=str(at), plate_kind="02"
        )
        world.add(
            "housing.properties",
            name=name, id_no=draw.choice([id_no, None]), unit_no=f"U{at // 2}",
            address=f"和平街道{at // 3}号",
        )  # fmt: skip
    return world


def test_the_same_rows_weigh_the_same_to_the_last_digit() -> None:
    world = district(7)
    weighed = "select * from linked.weighed_pair order by record_id, role, place"
    first = world.link().engine.rows(weighed)
    world.engine.run("set threads = 1")
    link(world.engine, as_of=AS_OF)
    assert len(first) > 50
    assert world.engine.rows(weighed) == first


def test_a_score_is_the_odds_against_everything_else() -> None:
    world = district(7).link()
    rows = world.engine.rows(
        "select log2(posterior / (1 - posterior)) - score from linked.weighed_pair"
        " where posterior between 0.001 and 0.999"
    )
    assert len(rows) > 20
    assert max(abs(difference) for (difference,) in rows) < 1e-6


@pytest.mark.parametrize("seed", range(3))
def test_a_changed_night_links_as_if_everything_were_new(seed: int) -> None:
    world = district(seed)
    before = World(rows=deepcopy(world.rows)).link()
    draw = random.Random(seed + 100)
    for rows in (r for dataset, r in world.rows.items() if dataset != HOUSEHOLDS):
        row = draw.choice(rows)
        row["name"] = draw.choice(["王伟", "张建国", row.get("name")])
    anew = World(rows=deepcopy(world.rows)).link()
    again = World(rows=deepcopy(world.rows))
    again.fill()
    link(again.engine, as_of=AS_OF, memory=recall(before.engine))
    assert again.engine.rows(LINKS) == anew.engine.rows(LINKS)


def test_only_names_never_met_are_compared() -> None:
    world = district(1)
    before = World(rows=deepcopy(world.rows)).link()
    remembered = recall(before.engine)
    assert remembered.names
    pairs = len(remembered.names)
    new = slipped(number("19700101", 999), 8)
    world.add("public_security.vehicles", name="张建国", id_no=new, plate="new", plate_kind="02")
    world.fill()
    link(world.engine, as_of=AS_OF, memory=remembered)
    assert 0 <= len(remembered.names) - pairs <= 5


def test_other_code_remembers_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    before = district(2).link()
    monkeypatch.setattr(memory_module, "version", lambda: "other")
    assert recall(before.engine) == Memory()


@pytest.mark.parametrize("seed", range(2))
def test_the_order_of_rows_never_matters(seed: int) -> None:
    world = district(seed)
    plain = World(rows=deepcopy(world.rows)).link()
    for rows in world.rows.values():
        random.Random(seed).shuffle(rows)
    assert world.link().engine.rows(LINKS) == plain.engine.rows(LINKS)


def test_what_a_person_decided_outranks_the_model_while_both_rows_say_the_same() -> None:
    world = World()
    world.crowd(200)
    id_no = number("19700101", 1)
    world.resident("欧阳懿", id_no)
    world.member("DB1", 1, "欧阳懿", id_no)
    car = world.add(
        "public_security.vehicles", name="欧阳懿", id_no=slipped(id_no), plate="A1", plate_kind="02"
    )
    assert set(World(rows=deepcopy(world.rows)).link().of(car)) == {"DB1#1"}
    asked = World(rows=deepcopy(world.rows)).link()
    gather_clerical(asked.engine)
    pair = asked.engine.arrow(PAIR, {"verdict": "different"})
    assert pair.num_rows == 1
    decided = World(rows=deepcopy(world.rows), decisions=pair).link()
    assert decided.of(car) == {}
    changed = World(rows=deepcopy(world.rows), decisions=pair)
    changed.rows["public_security.vehicles"][0]["plate"] = "B2"
    assert set(changed.link().of(car)) == {"DB1#1"}


def test_same_makes_a_certain_link_of_a_possible_one() -> None:
    world = World()
    world.crowd(200)
    id_no = number("19700101", 1)
    world.resident("欧阳懿", id_no)
    world.member("DB1", 1, "欧阳懿", id_no)
    car = world.add(
        "public_security.vehicles", name="李秀英", id_no=id_no, plate="A1", plate_kind="02"
    )
    asked = World(rows=deepcopy(world.rows)).link()
    assert asked.of(car) == {}
    gather_clerical(asked.engine)
    pair = asked.engine.arrow(PAIR, {"verdict": "same"})
    found = World(rows=world.rows, decisions=pair).link().of(car)["DB1#1"]
    assert (found.grade, found.why) == ("certain", "decision:same")
