"""Facts of `delivery_manifest` as a manifest carries them, and which row of a date counts."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from sources.connectors.database import _counting, _json_value


@pytest.mark.parametrize(
    ("given", "carried"),
    [
        (Decimal(48211), 48211),
        (Decimal("48211.00"), 48211),
        (Decimal("0.5"), "0.5"),
        (Decimal("NaN"), "NaN"),  # PostgreSQL has both
        (Decimal("Infinity"), "Infinity"),
        (date(2026, 11, 20), "2026-11-20"),
        (datetime(2026, 11, 20, 22, 41, tzinfo=UTC), "2026-11-20T22:41:00+00:00"),
        (True, True),
        (None, None),
        (b"full", "b'full'"),
    ],
)
def test_a_fact_is_carried_whatever_it_is(given, carried):
    assert _json_value(given) == carried
    assert type(_json_value(given)) is type(carried)


DAY = date(2026, 11, 20)


def row(produced_at, rows=100):
    facts = {"business_date": "2026-11-20", "mode": "full"}
    return {**facts, "rows": rows, "produced_at": produced_at}


@pytest.mark.parametrize(
    ("others", "last"),
    [
        (["2026-11-20T22:00:00+08:00"], "2026-11-20T15:00:00+00:00"),  # 23:00 here
        (["2062-11-20T22:00:00+08:00"], "2026-11-20T22:00:00+08:00"),  # not come yet
        (["2026-11-22T00:00:00+08:00"], "2026-11-20T22:00:00+08:00"),
        (["2026-11-20T22:00:00+08:00"], "2026-11-21T09:00:00"),  # a day ahead: another clock
        ([None, "soon", 5], "2026-11-20T22:00:00+08:00"),
        (["2062-01-01T00:00:00+08:00", None], "2026-11-20T22:00:00+08:00"),
    ],
)
def test_of_the_rows_of_a_date_the_one_produced_last_counts_unless_that_has_not_come(others, last):
    rows = [row(last, 101), *(row(other) for other in others)]
    for told in (rows, rows[::-1]):
        counting = _counting(DAY, told, date(2026, 11, 21))
        assert (counting.facts, counting.contrary) == (rows[0], ())


def test_two_rows_of_the_same_moment_are_one_or_contrary_whatever_their_order():
    one, other = row("2026-11-20T22:00:00+08:00"), row("2026-11-20T14:00:00+00:00", 7)
    assert _counting(DAY, [one, dict(one)]).contrary == ()
    told, turned = _counting(DAY, [one, other]), _counting(DAY, [other, one])
    assert told == turned
    assert len(told.contrary) == 1
