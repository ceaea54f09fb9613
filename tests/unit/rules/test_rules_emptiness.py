"""A query that must give nothing is told from its text; one that may give something never is."""

import pytest

from rules.emptiness import (
    asked_together,
    row_queries,
    row_queries_by_table,
    yields_nothing,
)
from store.engines.duckdb import DuckDBEngine


@pytest.mark.parametrize(
    ("sql", "empty", "nothing"),
    [
        ("select a from s.one", {"s.one"}, True),
        ("select a from s.one join s.two using (a)", {"s.two"}, True),
        ("select a from s.one cross join s.two", {"s.two"}, True),
        ("select a from s.one, s.two", {"s.two"}, True),
        ("select a from s.one left join s.two using (a)", {"s.two"}, False),
        ("select a from s.one left join s.two using (a)", {"s.one"}, True),
        ("select a from s.one full join s.two using (a)", {"s.one"}, False),
        ("select a from s.one right join s.two using (a)", {"s.one"}, False),
        ("select a from s.one union all select a from s.two", {"s.one"}, False),
        ("select a from s.one union all select a from s.two", {"s.one", "s.two"}, True),
        ("select count(*) from s.one", {"s.one"}, False),
        ("select coalesce(max(a), 0) as a from s.one", {"s.one"}, False),
        ("select a, count(*) from s.one group by a", {"s.one"}, True),
        ("select max(a) over (partition by b) as a from s.one", {"s.one"}, True),
        ("select 1", {"s.one"}, False),
        ("with x as (select a from s.one) select a from x", {"s.one"}, True),
        ("with x as (select max(a) as a from s.one) select a from x", {"s.one"}, False),
        ("with x as (select a from s.one) select s.two.a from s.two join x using (a)",
         {"s.one"}, True),
        ("select a from (select a from s.one) as x", {"s.one"}, True),
        ("select a from s.one where not exists (select 1 from s.two)", {"s.two"}, False),
        ("select a from s.one anti join s.two using (a)", {"s.two"}, False),
        ("select a from s.one anti join s.two using (a)", {"s.one"}, True),
        ("select a from s.one semi join s.two using (a)", {"s.two"}, True),
    ],
)  # fmt: skip
def test_what_joins_from_an_empty_table_gives_nothing(sql, empty, nothing):
    assert yields_nothing(sql, lambda table, rows: table in empty) is nothing


@pytest.mark.parametrize(
    ("sql", "asked"),
    [
        ("select a from s.one where a > 1 and b", "SELECT 1 FROM s.one WHERE a > 1 AND b LIMIT 1"),
        ("select x.a from s.one as x join s.two as y on y.a = x.a and x.b = '1'",
         "SELECT 1 FROM s.one AS x WHERE x.b = '1' LIMIT 1"),
        ("select x.a from s.one as x join s.two as y using (a) where x.day <= $as_of and y.b = x.b",
         "SELECT 1 FROM s.one AS x WHERE x.day <= $as_of LIMIT 1"),
        ("select a, count(*) from s.one where a > 1 group by a",
         "SELECT 1 FROM s.one WHERE a > 1 LIMIT 1"),
        ("with x as (select a from s.one where not b) select a from x",
         "SELECT 1 FROM s.one WHERE NOT b LIMIT 1"),
    ],
)  # fmt: skip
def test_rows_that_meet_a_tables_own_conditions_are_asked_for(sql, asked):
    assert yields_nothing(sql, lambda table, rows: rows == asked)
    assert not yields_nothing(sql, lambda table, rows: False)


@pytest.mark.parametrize(
    "sql",
    [
        "select a from s.one left join s.two as y using (a) where y.b = 1",
        "select count(*) from s.one where a > 1",
        "select x.a from s.one as x join s.two as y using (a) where x.b = y.b or x.b is null",
        "select a from s.one where a in (select a from s.two)",
        "select a from s.one join s.two using (a) where b > 1",
        "select a from s.one union all select a from s.two where b",
    ],
)
def test_a_condition_that_says_nothing_of_one_table_alone_is_left_out(sql):
    assert not yields_nothing(sql, lambda table, rows: rows != "")


def test_every_query_for_rows_is_told_once():
    sql = """
        with x as (select a from s.one where b = 1)
        select a from x
        union all
        select y.a from s.two as y join s.one as z on z.a = y.a and y.c = 2 and z.b = 1
    """
    assert row_queries(sql) == [
        "SELECT 1 FROM s.one WHERE b = 1 LIMIT 1",
        "SELECT 1 FROM s.two AS y WHERE y.c = 2 LIMIT 1",
        "SELECT 1 FROM s.one AS z WHERE z.b = 1 LIMIT 1",
    ]


ASKED = (
    "select x.a from s.one as x join s.two as y on y.a = x.a and x.b = '1' where y.c",
    "select a from s.one where a > $day and (b is null or b = '2')",
    "select a from s.one where not a > $day and b in ('3', '4')",
)


@pytest.mark.parametrize(
    "rows",
    [[], [(1, None)], [(5, "1")], [(1, "1"), (5, "2")], [(None, "2")], [(5, None)], [(1, "3")]],
)
def test_what_is_asked_of_a_table_is_answered_at_once_as_it_is_one_by_one(rows):
    by_table = row_queries_by_table(ASKED)
    assert {table: len(asked) for table, asked in by_table.items()} == {"s.one": 3, "s.two": 1}
    with DuckDBEngine() as engine:
        engine.create_table("s.one", "select 0 as a, '' as b where false")
        for a, b in rows:
            engine.run("insert into s.one values ($a, $b)", {"a": a, "b": b})
        asked = by_table["s.one"]
        one_by_one = [
            bool(engine.rows(one, {"day": 3} if "$day" in one else None)) for one in asked
        ]
        (at_once,) = engine.rows(asked_together(asked), {"day": 3})
    assert list(at_once) == one_by_one
