"""Findings in the ledger as one night has to know them: what came before it, what it observed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, delete, func, insert, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from casework.absence import OpenFinding
from casework.lifecycle import BY_A_RUN, Absence, Before, EventKind
from store.runs import current_rows
from store.tables import AbsenceRow, FindingEvent, FindingRow, FindingVersion, Sighting

_FEW: Final = 500  # as many numbers as a statement may bind everywhere
_MACHINE: Final = sorted(BY_A_RUN)


@dataclass(frozen=True, slots=True)
class Seen:
    """With which content a run saw a finding."""

    version_no: int
    evidence_hash: str


@dataclass(frozen=True, slots=True)
class Step:
    """An event of a run, as far as it is compared with what the ledger has."""

    kind: EventKind
    reason: str | None
    version_no: int


def sightings(
    session: Session, run_no: int, only: Collection[int] | None = None
) -> dict[int, Seen]:
    """What run ``run_no`` saw, by ``finding_no``; of the findings in ``only`` where given."""
    query = (
        select(Sighting.finding_no, Sighting.version_no, FindingVersion.evidence_hash)
        .join(FindingVersion, FindingVersion.version_no == Sighting.version_no)
        .where(Sighting.run_no == run_no)
    )
    rows = rows_of(session, query, Sighting.finding_no, only)
    return {finding_no: Seen(version_no, known) for finding_no, version_no, known in rows}


def absences(
    session: Session, run_no: int, only: Collection[int] | None = None
) -> dict[int, Absence]:
    """What run ``run_no`` noted of open findings it did not see, by ``finding_no``."""
    query = select(AbsenceRow.finding_no, AbsenceRow.is_clear, AbsenceRow.reason).where(
        AbsenceRow.run_no == run_no
    )
    rows = rows_of(session, query, AbsenceRow.finding_no, only)
    return {finding_no: Absence(is_clear, reason) for finding_no, is_clear, reason in rows}


def before(session: Session, as_of: date, only: Collection[int] | None = None) -> dict[int, Before]:
    """The state of every finding known from runs before ``as_of``, by ``finding_no``."""
    earlier = [row for row in current_rows(session, as_of) if row.as_of < as_of]
    last_seen = sightings(session, earlier[-1].run_no, only) if earlier else {}
    rows = rows_of(session, _last_events(as_of), FindingEvent.finding_no, only)
    return {row.finding_no: _before(row, last_seen.get(row.finding_no)) for row in rows}


def steps_on(
    session: Session, as_of: date, only: Collection[int] | None = None
) -> dict[int, tuple[int, Step]]:
    """The events that runs added on ``as_of`` and that stand: number and step by ``finding_no``."""
    query = select(
        FindingEvent.finding_no,
        FindingEvent.event_no,
        FindingEvent.kind,
        FindingEvent.reason,
        FindingEvent.version_no,
    ).where(*_standing(), FindingEvent.as_of == as_of)
    rows = rows_of(session, query, FindingEvent.finding_no, only)
    return {
        row.finding_no: (row.event_no, Step(EventKind(row.kind), row.reason, row.version_no))
        for row in rows
    }


def open_findings(session: Session, numbers: Collection[int]) -> list[OpenFinding]:
    """Whom the findings ``numbers`` are about."""
    query = select(
        FindingRow.finding_no,
        FindingRow.rule,
        FindingRow.case_no,
        FindingRow.seq,
        FindingRow.household_no,
        FindingRow.person_key,
        FindingRow.period,
    )
    return [OpenFinding(*row) for row in rows_of(session, query, FindingRow.finding_no, numbers)]


def replace_sightings(session: Session, run_no: int, seen: Mapping[int, int]) -> None:
    """Make ``seen`` (``version_no`` by ``finding_no``) what run ``run_no`` saw."""
    known = {number: one.version_no for number, one in sightings(session, run_no).items()}
    if known == seen:
        return
    session.execute(delete(Sighting).where(Sighting.run_no == run_no))
    add_all(
        session,
        Sighting,
        [{"run_no": run_no, "finding_no": f, "version_no": v} for f, v in sorted(seen.items())],
    )


def replace_absences(session: Session, run_no: int, noted: Mapping[int, Absence]) -> None:
    """Make ``noted`` what run ``run_no`` says of the open findings it did not see."""
    if absences(session, run_no) == noted:
        return
    session.execute(delete(AbsenceRow).where(AbsenceRow.run_no == run_no))
    add_absences(session, run_no, noted)


def add_absences(session: Session, run_no: int, noted: Mapping[int, Absence]) -> None:
    """Add to what run ``run_no`` says of open findings it did not see."""
    rows = [
        {"run_no": run_no, "finding_no": number, "is_clear": one.is_clear, "reason": one.reason}
        for number, one in sorted(noted.items())
    ]
    add_all(session, AbsenceRow, rows)


def add_all(session: Session, table: type[Any], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert many rows; none is no statement at all."""
    if rows:
        session.execute(insert(table), list(rows))


def _standing() -> tuple[ColumnElement[bool], ...]:
    return FindingEvent.superseded_by.is_(None), FindingEvent.kind.in_(_MACHINE)


def _last_events(as_of: date) -> Select[Any]:
    place = func.row_number().over(
        partition_by=FindingEvent.finding_no,
        order_by=(FindingEvent.as_of.desc(), FindingEvent.event_no.desc()),
    )
    ranked = (
        select(FindingEvent.event_no, place.label("place"))
        .where(*_standing(), FindingEvent.as_of < as_of)
        .subquery()
    )
    return (
        select(
            FindingEvent.finding_no,
            FindingEvent.kind,
            FindingEvent.reason,
            FindingEvent.version_no,
            FindingVersion.evidence_hash,
        )
        .join(ranked, ranked.c.event_no == FindingEvent.event_no)
        .join(FindingVersion, FindingVersion.version_no == FindingEvent.version_no)
        .where(ranked.c.place == 1)
    )


def _before(event: Any, last_seen: Seen | None) -> Before:
    """A finding that is open and confirmed was seen by the run before, maybe with newer content."""
    kind = EventKind(event.kind)
    if kind in (EventKind.CLOSED, EventKind.NOT_CHECKED) or last_seen is None:
        reason = event.reason if kind is EventKind.NOT_CHECKED else None
        is_open = kind is not EventKind.CLOSED
        return Before(is_open, reason, event.version_no, event.evidence_hash)
    return Before(True, None, last_seen.version_no, last_seen.evidence_hash)


def rows_of(
    session: Session,
    query: Select[Any],
    number: InstrumentedAttribute[int],
    only: Collection[int] | None,
) -> list[Any]:
    """The query's rows in order of its first column, ``finding_no``; those in ``only`` if given."""
    if only is not None and len(only) <= _FEW:
        query = query.where(number.in_(sorted(only)))
    rows = session.execute(query.order_by(number))
    return [row for row in rows if only is None or row[0] in only]
