"""Facts of `delivery_manifest` as a manifest carries them; whether they are right intake says."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from sources.connectors.database import _json_value


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
