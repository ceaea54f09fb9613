"""Who looked at whom, why and when: appended before the answer, chained by hashes."""

import hashlib
import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, func, insert, select, text
from sqlalchemy.orm import Session

from store.ledger import Ledger
from store.tables import AccessEntry, AccessSubject

_FIRST: Final = "0" * 64
_LOCK: Final = 990_102_002  # PostgreSQL advisory lock: entries are appended one at a time
_AT_ONCE: Final = 1000


@dataclass(frozen=True, slots=True)
class Look:
    """One act of looking: who, what was done (``export_unmasked:findings``), and why.

    ``origin``: from where. ``target``: what was asked for (a case, finding or slip number, never
    an identity number). ``subjects``: whom it showed, as pseudonyms (``store.pseudonyms``).
    ``marks``: what was unusual about it (``same_surname``, ``same_address``, ``block:…``).
    """

    who: str
    action: str
    reason: str
    origin: str | None = None
    target: str | None = None
    subjects: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()


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
        return append_look(session, look, at=at)


def append_look(session: Session, look: Look, *, at: datetime) -> LoggedLook:
    """Append ``look`` within the caller's writing, whose commit must come before the answer."""
    moment = at.astimezone(UTC)
    if session.connection().dialect.name != "sqlite":
        session.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    number, before = _end(session)
    logged = LoggedLook(number + 1, moment, look, _hash(number + 1, moment, look, before))
    session.execute(insert(AccessEntry).values(_row(logged)))
    subjects = [{"subject_key": key, "entry_no": number + 1} for key in sorted({*look.subjects})]
    if subjects:
        session.execute(insert(AccessSubject), subjects)
    return logged


def looks(ledger: Ledger, *, since: datetime | None = None) -> list[LoggedLook]:
    """Every entry (from ``since`` on, where given), oldest first."""
    where = [] if since is None else [AccessEntry.at >= since]
    with ledger.reading() as session:
        return list(_entries(session, *where))


def newest_looks(
    ledger: Ledger, *, skip: int, count: int, by: Collection[str] | None = None
) -> list[LoggedLook]:
    """``count`` entries, newest first, without the newest ``skip``; where given, ``by`` users."""
    if by is None:
        newest = last_entry(ledger)[0] - skip
        with ledger.reading() as session:
            wanted = AccessEntry.entry_no.between(newest - count + 1, newest)
            return list(_entries(session, wanted))[::-1]
    query = (
        select(AccessEntry)
        .where(AccessEntry.who.in_(sorted(by)))
        .order_by(AccessEntry.entry_no.desc())
        .limit(count)
        .offset(skip)
    )
    with ledger.reading() as session:
        return [_logged(row) for row in session.scalars(query)]


def looks_at(ledger: Ledger, *subject_keys: str) -> list[LoggedLook]:
    """Every entry that showed this person (by one of the keys), oldest first: 谁看过我."""
    known = select(AccessSubject.entry_no).where(AccessSubject.subject_key.in_(subject_keys))
    with ledger.reading() as session:
        return list(_entries(session, AccessEntry.entry_no.in_(known)))


def last_entry(ledger: Ledger) -> tuple[int, str]:
    """The newest entry's number and hash; (0, zeros) for an empty log."""
    with ledger.reading() as session:
        return _end(session)


def entry_count(ledger: Ledger, *, by: Collection[str] | None = None) -> int:
    """How many entries there are; where given, of ``by`` users."""
    if by is None:
        return last_entry(ledger)[0]
    query = select(func.count()).select_from(AccessEntry)
    with ledger.reading() as session:
        return session.scalar(query.where(AccessEntry.who.in_(sorted(by)))) or 0


def count_looks(ledger: Ledger, who: str, action: str, *, since: datetime) -> int:
    """How often somebody did one thing from ``since`` on."""
    query = (
        select(func.count())
        .select_from(AccessEntry)
        .where(AccessEntry.at >= since, AccessEntry.who == who, AccessEntry.action == action)
    )
    with ledger.reading() as session:
        return session.scalar(query) or 0


def first_bad_entry(ledger: Ledger) -> int | None:
    """The number of the first entry that is changed or missing; None when the chain is whole.

    Entries cut off at the end cannot show in the chain itself: the anchors tell of those
    (``store.anchors``).
    """
    before = _FIRST
    with ledger.reading() as session:
        indexed = _indexed(session)
        for expected, entry in enumerate(_entries(session), start=1):
            if entry.entry_no != expected:
                return expected
            if entry.entry_hash != _hash(entry.entry_no, entry.at, entry.look, before):
                return entry.entry_no
            if indexed.get(entry.entry_no, set()) != {*entry.look.subjects}:
                return entry.entry_no
            before = entry.entry_hash
    return None


def hash_of_entry(ledger: Ledger, entry_no: int) -> str | None:
    """The hash of one entry; None where there is no such entry."""
    with ledger.reading() as session:
        return session.scalar(
            select(AccessEntry.entry_hash).where(AccessEntry.entry_no == entry_no)
        )


def _end(session: Session) -> tuple[int, str]:
    last = session.execute(
        select(AccessEntry.entry_no, AccessEntry.entry_hash)
        .order_by(AccessEntry.entry_no.desc())
        .limit(1)
    ).first()
    return (last.entry_no, last.entry_hash) if last else (0, _FIRST)


def _entries(session: Session, *where: ColumnElement[bool]) -> Iterator[LoggedLook]:
    query = (
        select(AccessEntry)
        .where(*where)
        .order_by(AccessEntry.entry_no)
        .execution_options(yield_per=_AT_ONCE)
    )
    return (_logged(row) for row in session.scalars(query))


def _indexed(session: Session) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    query = select(AccessSubject.entry_no, AccessSubject.subject_key)
    for entry_no, key in session.execute(query.execution_options(yield_per=_AT_ONCE)):
        found.setdefault(entry_no, set()).add(key)
    return found


def _row(logged: LoggedLook) -> dict[str, Any]:
    look = logged.look
    return {
        "entry_no": logged.entry_no,
        "at": logged.at,
        "who": look.who,
        "action": look.action,
        "reason": look.reason,
        "origin": look.origin,
        "target": look.target,
        "subjects": list(look.subjects) or None,
        "marks": list(look.marks) or None,
        "entry_hash": logged.entry_hash,
    }


def _logged(row: AccessEntry) -> LoggedLook:
    look = Look(
        row.who,
        row.action,
        row.reason,
        row.origin,
        row.target,
        tuple(row.subjects or ()),
        tuple(row.marks or ()),
    )
    return LoggedLook(row.entry_no, row.at, look, row.entry_hash)


def _hash(number: int, at: datetime, look: Look, before: str) -> str:
    """Entries of the first version, which had no more than a reason, hash as they always did."""
    content: list[Any] = [number, at.isoformat(), look.who, look.action, look.reason, before]
    more = [look.origin, look.target, list(look.subjects), list(look.marks)]
    if any(more):
        content.append(more)
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()
