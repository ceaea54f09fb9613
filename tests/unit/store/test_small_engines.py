"""Engines for one household are lent and taken back, each to one check at a time."""

import duckdb
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
