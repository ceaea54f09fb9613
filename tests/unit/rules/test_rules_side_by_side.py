"""Tasks over a household are taken two at a time, and what they give stays in order."""

import threading

import pytest

from rules.foundation import Foundation
from rules.side_by_side import side_by_side
from store.engines.duckdb import DuckDBEngine
from store.engines.small import SmallEngine

AS_OF = None  # no query here asks for it


def test_two_tasks_are_at_work_at_once_over_a_household():
    both_there = threading.Barrier(2, timeout=10)
    with SmallEngine() as small:
        tables = Foundation(small, AS_OF)
        engines = side_by_side(
            tables, [lambda one: (both_there.wait(), one.engine)[1] for _ in range(2)]
        )
        assert set(engines) == {small, small.companion()}


def test_results_keep_the_order_of_the_tasks():
    with SmallEngine() as small:
        tasks = [
            lambda one, n=n: one.engine.rows(f"select {n} from range({20_000 - n})")[0][0]
            for n in range(40)
        ]
        assert side_by_side(Foundation(small, AS_OF), tasks) == list(range(40))


def test_a_nights_engine_takes_one_task_after_another():
    with DuckDBEngine() as night:
        engines = side_by_side(Foundation(night, AS_OF), [lambda one: one.engine] * 3)
        assert engines == [night] * 3


def test_what_one_task_raises_is_raised():
    def fail(one):
        raise ValueError("went wrong")

    with SmallEngine() as small, pytest.raises(ValueError, match="went wrong"):
        side_by_side(Foundation(small, AS_OF), [lambda one: 1, fail])


def test_a_table_that_both_want_is_made_once():
    made = []
    queries = {"one": "select 1 as a", "two": "select a + 1 as a from shared.one"}
    with SmallEngine() as small:
        tables = Foundation(small, AS_OF, progress=made.append, queries=queries)
        side_by_side(tables, [lambda one: one.make(["two"])] * 6)
        assert sorted(made) == ["shared.one", "shared.two"]
        assert small.rows("select a from shared.two") == [(2,)]
