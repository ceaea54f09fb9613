"""Households watched since their application was approved."""

from datetime import datetime
from typing import Final

from sqlalchemy import func, select

from store.ledger import Ledger
from store.service_tables import WatchedPerson, WatchRow
from store.snapshot_desk import SnapshotDesk

_CASES: Final = """
    select distinct subject.case_no
    from linked.subject as subject
    join linked.person as person on person.person_id = subject.person_id
    where subject.kind = 'case' and list_contains($keys, person.person_key)
    order by subject.case_no
"""


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


def watched_cases(ledger: Ledger, snapshots: SnapshotDesk) -> frozenset[str]:
    """The cases, in the snapshot in force, of people who are watched."""
    with ledger.reading() as session:
        keys = sorted(set(session.scalars(select(WatchedPerson.person_key))))
    if not keys or snapshots.name() is None:
        return frozenset()
    with snapshots.reading() as reading:
        return frozenset(case_no for (case_no,) in reading.engine.rows(_CASES, {"keys": keys}))
