"""Households watched since their application was approved."""

from datetime import datetime

from sqlalchemy import func, select

from store.ledger import Ledger
from store.service_tables import WatchedPerson, WatchRow


def watch(
    ledger: Ledger, slip_no: str, watched_by: str, person_keys: frozenset[str], *, at: datetime
) -> bool:
    """Watch the household of a check from now on; False where it is watched already."""
    with ledger.writing() as session:
        known = session.scalar(select(WatchRow.watch_no).where(WatchRow.slip_no == slip_no))
        if known is not None:
            return False
        number = (session.scalar(select(func.max(WatchRow.watch_no))) or 0) + 1
        session.add(WatchRow(watch_no=number, slip_no=slip_no, watched_by=watched_by, since_at=at))
        session.flush()
        session.add_all(
            WatchedPerson(watch_no=number, person_key=key) for key in sorted(person_keys)
        )
    return True


def is_watched(ledger: Ledger, slip_no: str) -> bool:
    """Whether the household of a check is watched."""
    with ledger.reading() as session:
        found = session.scalar(select(WatchRow.watch_no).where(WatchRow.slip_no == slip_no))
    return found is not None
