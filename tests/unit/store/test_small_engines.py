"""Engines for one household are lent and taken back, each to one check at a time."""

import duckdb
import pyarrow as pa
import pytest

from store.engines.small_engines import SmallEngines


def test_the_engine_given_back_last_is_lent_first():
    engines = SmallEngines()
    with engines.lent() as one, engines.lent() as other:
        assert one is not other
    with engines.lent() as again:
        assert again is one


def test_no_more_engines_are_kept_than_asked_for():
    engines = SmallEngines(kept=1)
    with engines.lent() as one, engines.lent() as other:
        pass
    with engines.lent() as first, engines.lent() as second:
        assert first is other
        assert second is not one
    with pytest.raises(duckdb.ConnectionException):
        one.rows("select 1")


def test_an_engine_at_whose_work_something_failed_is_not_lent_again():
    engines = SmallEngines()
    with pytest.raises(ValueError, match="went wrong"), engines.lent() as one:
        raise ValueError("went wrong")
    with engines.lent() as next_one:
        assert next_one is not one


def test_an_engine_lent_again_and_again_does_not_grow():
    engines = SmallEngines(kept=1)
    size = "select estimated_size from duckdb_tables() where table_name = 'one'"
    sizes = []
    for household in range(80):
        rows = pa.table({"a": [household] * 1000})
        with engines.lent() as engine:
            engine.load_table("s.one", rows)
            assert engine.rows("select count(*), max(a) from s.one") == [(1000, household)]
            assert engine.companion().rows("select max(a) from s.one") == [(household,)]
            sizes.append(engine.connection.execute(size).fetchone()[0])
    assert max(sizes) > 2000  # else this shows nothing
    assert max(sizes) < 25_000  # a checkpoint leaves what was removed since the one before
