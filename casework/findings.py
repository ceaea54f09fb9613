"""The findings as they stand on a date, for reports, exports and pages."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from casework.lifecycle import BY_A_RUN, Event, EventKind, FindingState, Said, state_of
from casework.timeline import rows_of
from domain.dates import HERE
from store.ledger import Ledger
from store.runs import current_rows
from store.tables import FindingEvent, FindingRow, FindingVersion, RunRow, Sighting


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding as it stood after the run of ``as_of``. Full values: whoever shows it masks.

    ``township`` is a division code; ``evidence`` JSON as in judged.finding. ``confirmed``: that run
    saw it; otherwise ``reason`` says why not (codes joined by ``;``), and ``last_seen`` when one
    last did. ``handler``: the account it was handed over to. ``outcome``, ``decided_by`` (an
    account) and ``decided_on`` (Asia/Shanghai): the last word of a person on these very facts.
    """

    finding_id: str
    rule: str
    direction: str
    per: str
    grade: str
    case_no: str | None
    seq: int | None
    household_no: str | None
    person_id_no: str | None
    person_name: str | None
    applicant_name: str | None
    township: str | None
    period: str
    at_risk_yuan: Decimal | None
    status: str
    first_seen: date
    last_seen: date
    as_of: date
    confirmed: bool
    reason: str | None
    evidence: str
    evidence_hash: str
    handler: str | None = None
    outcome: str | None = None
    decided_by: str | None = None
    decided_on: date | None = None


def current_findings(
    ledger: Ledger, as_of: date | None = None, include_closed: bool = False
) -> list[FindingView]:
    """The findings after the newest published run on or before ``as_of`` (None: of all runs).

    Open ones, and the closed ones as well where asked. Ordered by rule, case, member, household,
    period and number; empty before the first run.
    """
    with ledger.reading() as session:
        runs = current_rows(session, as_of)
        if not runs:
            return []
        views = _views(session, runs, include_closed)
    return sorted(views, key=_order)


def history(ledger: Ledger, finding_id: str) -> list[Event]:
    """The events of one finding that stand, oldest first; empty when there is no such finding."""
    with ledger.reading() as session:
        number = session.scalar(
            select(FindingRow.finding_no).where(FindingRow.finding_id == finding_id)
        )
        if number is None:
            return []
        return _events(session, date.max, number).get(number, [])


def _views(session: Session, runs: Sequence[RunRow], include_closed: bool) -> list[FindingView]:
    run = runs[-1]
    run_dates = [row.as_of for row in runs]
    states: dict[int, FindingState] = {}
    for number, events in _events(session, run.as_of).items():
        state = state_of(events, run_dates, run.as_of)
        if state is not None and (include_closed or not state.is_closed):
            states[number] = state
    tonight = [row for row in _contents(session, run.run_no) if row.finding_no in states]
    others = _last_contents(session, run.as_of, states.keys() - {row.finding_no for row in tonight})
    return [_view(row, states[row.finding_no], run.as_of) for row in (*tonight, *others)]


def _events(session: Session, until: date, finding_no: int | None = None) -> dict[int, list[Event]]:
    query = (
        select(
            FindingEvent.finding_no,
            FindingEvent.kind,
            FindingEvent.as_of,
            FindingVersion.evidence_hash,
            FindingEvent.reason,
            FindingEvent.by_name,
            FindingEvent.expires_on,
            FindingEvent.event_no,
            FindingEvent.recorded_at,
        )
        .join(FindingVersion, FindingVersion.version_no == FindingEvent.version_no)
        .where(FindingEvent.superseded_by.is_(None), FindingEvent.as_of <= until)
        .order_by(FindingEvent.finding_no, FindingEvent.as_of, FindingEvent.event_no)
    )
    if finding_no is not None:
        query = query.where(FindingEvent.finding_no == finding_no)
    found: dict[int, list[Event]] = {}
    for number, kind, *rest in session.execute(query):
        found.setdefault(number, []).append(Event(EventKind(kind), *rest))
    return found


def _contents(session: Session, run_no: int) -> Sequence[Any]:
    """What run ``run_no`` saw."""
    query = _contents_query().join(
        Sighting, (Sighting.version_no == FindingVersion.version_no) & (Sighting.run_no == run_no)
    )
    return session.execute(query).all()


def _last_contents(session: Session, until: date, numbers: Collection[int]) -> list[Any]:
    """What findings not seen by then were last known to say: the content of their last event."""
    if not numbers:
        return []
    query = (
        select(FindingEvent.finding_no, FindingEvent.version_no)
        .where(
            FindingEvent.superseded_by.is_(None),
            FindingEvent.as_of <= until,
            FindingEvent.kind.in_(sorted(BY_A_RUN)),
        )
        .order_by(FindingEvent.as_of, FindingEvent.event_no)
    )
    last = dict(session.execute(query).tuples().all())
    rows = rows_of(session, _contents_query(), FindingRow.finding_no, numbers)
    return [row for row in rows if last[row.finding_no] == row.version_no]


def _contents_query() -> Select[Any]:
    newest = RunRow.__table__.alias("newest_run")
    return (
        select(
            FindingRow.finding_no,
            FindingRow.finding_id,
            FindingRow.rule,
            FindingRow.direction,
            FindingRow.per,
            FindingRow.household_no,
            FindingRow.period,
            FindingVersion.version_no,
            FindingVersion.grade,
            FindingVersion.case_no,
            FindingVersion.seq,
            FindingVersion.person_id_no,
            FindingVersion.person_name,
            FindingVersion.applicant_name,
            FindingVersion.township_code,
            FindingVersion.at_risk_fen,
            FindingVersion.evidence_hash,
            FindingVersion.evidence,
            FindingVersion.newest_evidence,
            newest.c.as_of.label("newest_as_of"),
        )
        .join(FindingVersion, FindingVersion.finding_no == FindingRow.finding_no)
        .outerjoin(newest, newest.c.run_no == FindingVersion.newest_run_no)
    )


def _view(row: Any, state: FindingState, as_of: date) -> FindingView:
    has_newer = row.newest_as_of is not None and row.newest_as_of <= as_of
    said = state.decision
    at = said.recorded_at if said else None
    return FindingView(
        finding_id=row.finding_id,
        rule=row.rule,
        direction=row.direction,
        per=row.per,
        grade=row.grade,
        case_no=row.case_no,
        seq=row.seq,
        household_no=row.household_no,
        person_id_no=row.person_id_no,
        person_name=row.person_name,
        applicant_name=row.applicant_name,
        township=row.township_code,
        period=row.period,
        at_risk_yuan=None if row.at_risk_fen is None else Decimal(row.at_risk_fen).scaleb(-2),
        status=state.status.value,
        first_seen=state.first_seen,
        last_seen=state.last_seen,
        as_of=as_of,
        confirmed=state.is_confirmed,
        reason=state.reason,
        evidence=row.newest_evidence if has_newer else row.evidence,
        evidence_hash=row.evidence_hash,
        handler=state.handler,
        outcome=Said.read(said.reason).outcome or None if said else None,
        decided_by=said.by_name if said else None,
        decided_on=at.astimezone(HERE).date() if at else None,
    )


def _order(view: FindingView) -> tuple[object, ...]:
    return (
        view.rule,
        view.case_no or "",
        view.seq or 0,
        view.household_no or "",
        view.period,
        view.finding_id,
    )
