"""The engine for a few rows answers like the other one, and does no work twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pyarrow as pa
import pytest

from store.engines.duckdb import DuckDBEngine
from store.engines.small import SmallEngine

ROWS = pa.table({"a": [1, 2, 3], "b": ["x", "y", None]})
OTHER = pa.table({"a": [4], "b": ["z"]})


@pytest.fixture
def small():
    with SmallEngine() as engine:
        yield engine


def said(engine):
    """The statements an engine sends from now on."""
    sent = []
    connection = engine.connection

    class Listening:
        def execute(self, query, *values):
            sent.append(query)
            return connection.execute(query, *values)

        def __getattr__(self, name):
            return getattr(connection, name)

    engine.connection = Listening()
    return sent


def test_what_is_loaded_again_unchanged_is_left_alone(small):
    small.load_table("s.one", ROWS)
    sent = said(small)
    assert small.load_table("s.one", pa.table(ROWS.to_pydict(), schema=ROWS.schema)) == 3
    assert sent == []


@pytest.mark.parametrize("between", ["empty", "load", "make"])
def test_what_was_changed_between_is_loaded_again(small, between):
    small.load_table("s.one", ROWS)
    if between == "empty":
        small.empty_table("s.one")
    elif between == "load":
        small.load_table("s.one", OTHER)
    else:
        small.create_table("s.one", "select 9 as a, 'q' as b")
    small.load_table("s.one", ROWS)
    assert small.rows("select a from s.one order by a") == [(1,), (2,), (3,)]


def test_a_table_is_known_to_be_empty_without_asking(small):
    small.load_table("s.one", ROWS)
    small.create_table("s.two", "select a from s.one where a > $as_of", {"as_of": 7})
    sent = said(small)
    assert not small.is_empty("s.one")
    assert small.is_empty("s.two")
    assert small.has_table("s.two")
    assert sent == []
    assert not small.has_table("s.three")


def test_it_answers_as_the_other_engine_does(small):
    query = "select a, $as_of - cast(a as integer) as day from s.one where b is not null order by a"
    with DuckDBEngine() as plain:
        for engine in (plain, small, small):
            engine.load_table("s.one", ROWS)
            assert engine.rows(query, {"as_of": date(2026, 11, 20)}) == [
                (1, date(2026, 11, 19)),
                (2, date(2026, 11, 18)),
            ]
        assert not plain.is_empty("s.one")
        plain.empty_table("s.one")
        assert plain.is_empty("s.one")


def test_the_companion_has_the_same_tables_and_plans_of_its_own(small):
    small.load_table("s.one", ROWS)
    companion = small.companion()
    assert companion is small.companion()
    assert companion.create_table("s.two", "select a + 1 as a from s.one") == 3
    assert small.rows("select a from s.two order by a") == [(2,), (3,), (4,)]
    small.load_table("s.one", OTHER)
    assert companion.create_table("s.two", "select a + 1 as a from s.one") == 1
    assert not small.is_empty("s.two")
    assert small.rows("select a from s.two") == companion.rows("select a from s.two") == [(5,)]


def test_a_table_made_anew_by_one_lets_the_plans_of_both_lapse(small):
    companion = small.companion()
    small.load_table("s.one", ROWS)
    query = "select count(*) from s.one"
    assert small.rows(query) == companion.rows(query) == [(3,)]
    companion.create_table("s.other", "select 1 as a")
    sent = [said(small), said(companion)]
    assert small.rows(query) == companion.rows(query) == [(3,)]
    assert [[one.split()[0] for one in statements] for statements in sent] == [
        ["prepare", "execute"], ["prepare", "execute"],
    ]  # fmt: skip


def test_both_may_make_the_first_tables_of_a_schema_at_once():
    for _ in range(20):
        with SmallEngine() as small, ThreadPoolExecutor(2) as pool:
            made = [
                pool.submit(engine.create_table, table, "select 1 as a")
                for engine, table in ((small, "s.one"), (small.companion(), "s.two"))
            ]
            assert [one.result() for one in made] == [1, 1]


def test_a_value_whose_name_begins_like_another_is_told_apart(small):
    assert small.rows("select $a, $a_day", {"a": 1, "a_day": date(2026, 1, 2)}) == [
        (1, date(2026, 1, 2))
    ]
