"""Shared tables are made when something that will be asked reads them, and not before."""

from datetime import date

import pytest

from rules.emptiness import row_queries_by_table
from rules.foundation import Foundation
from store.engines.duckdb import DuckDBEngine
from store.engines.small import SmallEngine

AS_OF = date(2026, 11, 20)
QUERIES = {
    "car": "select a, kind from clean.car where a < 9",
    "old_car": "select car.a from shared.car as car where car.kind = 'old'",
    "house": "select a from clean.house where built <= $as_of",
}


@pytest.fixture(params=[(DuckDBEngine, False), (SmallEngine, False), (SmallEngine, True)])
def tables(request):
    kind, is_asked_at_once = request.param
    row_queries = row_queries_by_table(tuple(QUERIES.values())) if is_asked_at_once else {}
    with kind() as engine:
        engine.run("create schema clean")
        engine.run("create table clean.car (a int, kind varchar)")
        engine.run("create table clean.house (a int, built date)")
        made = []
        yield Foundation(engine, AS_OF, made.append, QUERIES, row_queries), made


def test_nothing_is_made_where_the_rows_are_wanting(tables):
    foundation, made = tables
    assert foundation.gives_nothing("select a from shared.old_car")
    assert foundation.gives_nothing("select a from shared.house join shared.car using (a)")
    assert made == []


def test_a_condition_on_one_table_is_looked_up(tables):
    foundation, made = tables
    foundation.engine.run("insert into clean.car values (1, 'new')")
    foundation.engine.run("insert into clean.house values (1, date '2030-01-01')")
    assert foundation.gives_nothing("select a from shared.old_car")
    assert foundation.gives_nothing("select a from shared.house")
    assert not foundation.gives_nothing("select a from shared.car where kind = 'new'")
    assert "shared.house" not in made


def test_what_is_asked_has_its_tables_with_what_they_read(tables):
    foundation, made = tables
    foundation.engine.run("insert into clean.car values (1, 'old')")
    query = "select old.a from shared.old_car as old left join shared.house as house using (a)"
    assert not foundation.gives_nothing(query)
    foundation.make_for(query)
    assert foundation.engine.rows(query) == [(1,)]
    assert sorted(made) == ["shared.car", "shared.house", "shared.old_car"]
    foundation.make_for(query)
    assert len(made) == 3


def test_a_table_of_an_earlier_night_does_not_show_through(tables):
    foundation, _ = tables
    foundation.engine.run("insert into clean.car values (1, 'old')")
    foundation.make(["old_car"])
    foundation.engine.empty_table("clean.car")
    later = Foundation(foundation.engine, AS_OF, None, QUERIES)
    later.make_for("select a from shared.old_car")
    assert later.engine.rows("select a from shared.old_car") == []
