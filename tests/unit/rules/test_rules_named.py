"""Whom a record names: by its own number, by the linking's, else by a place."""

from datetime import date

import pytest

from rules.casetest import load_world, prepare
from rules.caseworld import build_world
from rules.named import Named, named_in
from store.engines.duckdb import DuckDBEngine

AS_OF = date(2026, 11, 20)
GIVEN = {
    "household": [{"case_no": "DB01", "applicant": "P1"}],
    "member": [
        {"case_no": "DB01", "person": "P1"},
        {"case_no": "DB01", "person": "P2", "id_no": None},
    ],
    "marriage": [
        {"husband": "P1", "wife": "X1"},
        {"husband": "P1", "wife": "X2", "wife_id_no": None},
        {"husband": "P1", "wife_name": "测外", "wife_name_raw": "测外"},
    ],
    "vehicle": [{"person": "P1"}],
}


@pytest.fixture(scope="module")
def engine():
    with DuckDBEngine(threads=1) as engine:
        prepare(engine)
        load_world(engine, build_world(GIVEN, {}, AS_OF))
        yield engine


def records(engine, table):
    return [row[0] for row in engine.rows(f"select record_id from clean.{table} order by 1")]


def number(engine, label):
    return engine.rows(f"select id_no from linked.person where name = '测{label}'")[0][0]


def test_a_marriage_names_both_each_by_the_record_s_own_number(engine):
    first, *_ = records(engine, "marriage")
    assert named_in(engine, [first])[first] == [
        Named("husband", "测P1", number(engine, "P1")),
        Named("wife", "测X1", number(engine, "X1")),
    ]


def test_who_bears_no_number_there_is_known_by_the_one_the_linking_has(engine):
    _, second, _ = records(engine, "marriage")
    wife = named_in(engine, [second])[second][1]
    assert wife == Named("wife", "测X2", None, number(engine, "X2"))


def test_who_has_none_at_all_is_known_by_the_record_and_a_member_by_the_case(engine):
    _, _, third = records(engine, "marriage")
    wife = named_in(engine, [third])[third][1]
    assert wife.place == "civil_affairs.marriages/2026-11-20/part-000.csv/3#wife"
    engine.run("update linked.person set id_no = null where name = '测P2'")
    engine.run("update clean.member set id_no = null where name = '测P2'")
    _, member = records(engine, "member")
    assert [one.place for one in named_in(engine, [member])[member]] == ["DB01#2"]


def test_records_of_several_registers_are_asked_at_once_and_unknown_ones_left_out(engine):
    asked = [*records(engine, "marriage"), *records(engine, "vehicle"), 1 << 57]
    found = named_in(engine, asked)
    assert set(found) == set(asked[:-1])
    assert named_in(engine, []) == {}


def test_evidence_leaves_out_what_is_not_known():
    assert Named("wife", "测外", None, None, "x#wife").as_evidence() == {
        "role": "wife", "name": "测外", "place": "x#wife",
    }  # fmt: skip
