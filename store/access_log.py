"""Who looked at whom, why and when: appended before the answer, chained by hashes."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import select

from store.ledger import Ledger
from store.tables import AccessEntry

_FIRST: Final = "0" * 64


@dataclass(frozen=True, slots=True)
class Look:
    """One act of looking: who, what was done (``export_unmasked:findings``), and why."""

    who: str
    action: str
    reason: str


@dataclass(frozen=True, slots=True)
class LoggedLook:
    """A look as it stands in the log; ``entry_no`` counts from 1 without gaps."""

    entry_no: int
    at: datetime
    look: Look
    entry_hash: str


def note_look(ledger: Ledger, look: Look, *, at: datetime) -> LoggedLook:
    """Append ``look``; only when this has returned may the answer be given.

    Each entry's hash covers its content and the entry before, so that a changed or removed entry
    shows (:func:`first_bad_entry`).
    """
    with ledger.writing() as session:
        last = session.scalars(
            select(AccessEntry).order_by(AccessEntry.entry_no.desc()).limit(1)
        ).first()
        number = last.entry_no + 1 if last else 1
        before = last.entry_hash if last else _FIRST
        moment = at.astimezone(UTC)
        entry = AccessEntry(
            entry_no=number,
            at=moment,
            who=look.who,
            action=look.action,
            reason=look.reason,
            entry_hash=_hash(number, moment, look, before),
        )
        session.add(entry)
        return LoggedLook(number, moment, look, entry.entry_hash)


def looks(ledger: Ledger) -> list[LoggedLook]:
    """Every entry, oldest first."""
    with ledger.reading() as session:
        rows = session.scalars(select(AccessEntry).order_by(AccessEntry.entry_no)).all()
        return [
            LoggedLook(row.entry_no, row.at, Look(row.who, row.action, row.reason), row.entry_hash)
            for row in rows
        ]


def first_bad_entry(ledger: Ledger) -> int | None:
    """The number of the first entry that is changed or missing; None when the chain is whole.

    Entries cut off at the end cannot show in the chain itself: compare its length with a copy kept
    elsewhere.
    """
    before = _FIRST
    for expected, entry in _numbered(looks(ledger)):
        if entry.entry_no != expected:
            return expected
        if entry.entry_hash != _hash(entry.entry_no, entry.at, entry.look, before):
            return entry.entry_no
        before = entry.entry_hash
    return None


def _numbered(entries: list[LoggedLook]) -> Iterator[tuple[int, LoggedLook]]:
    return enumerate(entries, start=1)


def _hash(number: int, at: datetime, look: Look, before: str) -> str:
    content = [number, at.isoformat(), look.who, look.action, look.reason, before]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()
