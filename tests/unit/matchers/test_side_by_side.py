"""Two strands of statements at once: both done when it is done, and no error is lost."""

import threading

import duckdb
import pytest

from matchers.statements import side_by_side
from store.engines.duckdb import DuckDBEngine
from store.engines.engine import Engine

SLOW = "select sum(a.range * b.range) as total from range(1000000) a, range(1000000) b"


def test_each_strand_waits_for_the_other_somewhere_and_both_are_done() -> None:
    met = threading.Barrier(2, timeout=30)

    def one(engine: Engine) -> None:
        met.wait()
        engine.create_table("s.one", "select 1 as place")

    def other(engine: Engine) -> None:
        engine.create_table("s.other", "select 2 as place")
        met.wait()

    with DuckDBEngine() as engine:
        engine.create_table("s.before", "select 0 as place")
        side_by_side(engine, one, other)
        every = "select * from s.one union all select * from s.other order by place"
        assert engine.rows(every) == [(1,), (2,)]


def test_an_error_of_the_other_strand_is_raised_after_the_first_is_done() -> None:
    with DuckDBEngine() as engine:
        with pytest.raises(duckdb.CatalogException, match="nowhere"):
            side_by_side(
                engine,
                lambda own: own.create_table("s.one", "select 1 as place"),
                lambda other: other.run("select * from nowhere"),
            )
        assert engine.rows("select place from s.one") == [(1,)]


def test_an_error_of_the_first_strand_ends_what_the_other_is_at() -> None:
    started = threading.Event()

    def other(engine: Engine) -> None:
        started.set()
        engine.run(SLOW)

    def one(engine: Engine) -> None:
        started.wait(30)
        engine.run("select * from nowhere")

    with DuckDBEngine() as engine, pytest.raises(duckdb.CatalogException, match="nowhere"):
        side_by_side(engine, one, other)
