"""The one clock: for the ledger's times and for when a delivery came, never for an answer."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """This moment, UTC."""
    return datetime.now(UTC)
