"""When two findings are one, when an open one is closed, and when a closed one returns."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from casework import timeline
from casework.absence import explain_absences
from casework.contents import keep_contents
from casework.lifecycle import Absence, Before, EventKind, next_step
from casework.observation import read_findings
from casework.timeline import Seen, Step
from domain.errors import HeduiError
from store.engines.engine import Engine
from store.ledger import Ledger
from store.runs import PUBLISHED, Run, current_rows
from store.snapshot import SealedSnapshot, open_snapshot_file, put_in_force
from store.tables import FindingEvent, RunRow

NO_SNAPSHOT = "snapshot_gone"


@dataclass(frozen=True, slots=True)
class RecurrenceSummary:
    """What a run's findings are, beside those known before it.

    ``found`` = ``new`` + ``reopened`` + ``changed`` (other facts) + ``seen_again``. Not seen:
    ``closed`` tonight, and ``not_checked`` (still open, tonight's data could not say).
    """

    found: int
    new: int
    reopened: int
    changed: int
    seen_again: int
    closed: int
    not_checked: int

    @property
    def open(self) -> int:
        """All findings open after this run."""
        return self.found + self.not_checked


@dataclass(frozen=True, slots=True)
class _Night:
    """A run's place in the ledger, and the instant its events are noted at."""

    run_no: int
    as_of: date
    at: datetime


def record_run(
    ledger: Ledger,
    engine: Engine,
    run: Run,
    *,
    at: datetime,
    snapshot: SealedSnapshot | None = None,
) -> RecurrenceSummary:
    """Publish a run: its findings compared with those known before its date, all or nothing.

    Reads ``judged``, ``clean`` and ``linked`` of ``engine`` (being built, or the sealed snapshot).
    From the commit on the run is the one that counts for its date, and ``snapshot``, when given, is
    in force unless a later date is published. Recording the same run again changes nothing; another
    run of the same date supersedes it. Runs of later dates keep what they observed; where the new
    past changes what was new, changed or closed then, their events are put right. Raises HeduiError
    ``findings_repeated``.
    """
    seen = read_findings(engine, run.run_id)
    with ledger.writing() as session:
        night = _Night(run.run_no, run.as_of, at)
        versions = keep_contents(session, seen, run.run_no, run.as_of)
        known = timeline.before(session, run.as_of)
        unseen = {f for f, state in known.items() if state.is_open and f not in versions}
        noted = explain_absences(engine, timeline.open_findings(session, unseen))
        timeline.replace_sightings(
            session, run.run_no, {f: one.version_no for f, one in versions.items()}
        )
        timeline.replace_absences(session, run.run_no, noted)
        row = _publish(session, night)
        steps = _steps(known, versions, noted)
        changed = _write_steps(session, night, steps)
        _put_right_later(session, ledger, night, changed)
        summary = _summary(versions, noted, steps)
        row.summary = asdict(summary)
        if snapshot is not None:
            put_in_force(session, row, snapshot, at)
    return summary


def _publish(session: Session, night: _Night) -> RunRow:
    row = session.get(RunRow, night.run_no)
    if row is None:
        raise HeduiError("run_unknown", run_no=night.run_no)
    of_date = select(func.max(RunRow.publication)).where(RunRow.as_of == night.as_of)
    if row.publication is None or row.publication != session.scalar(of_date):
        highest = session.scalar(select(func.max(RunRow.publication))) or 0
        row.publication = highest + 1
        row.published_at = night.at
    row.state = PUBLISHED
    session.flush()
    return row


def _steps(
    known: Mapping[int, Before], seen: Mapping[int, Seen], noted: Mapping[int, Absence]
) -> dict[int, Step]:
    """The events of one night by ``finding_no``."""
    steps = {}
    for number in sorted({*seen, *known}):
        now, state = seen.get(number), known.get(number)
        step = next_step(state, now.evidence_hash if now else None, noted.get(number))
        if step is None:
            continue
        if now is not None:
            steps[number] = Step(*step, now.version_no)
        elif state is not None:
            steps[number] = Step(*step, state.version_no)
    return steps


def _write_steps(
    session: Session,
    night: _Night,
    steps: Mapping[int, Step],
    only: Collection[int] | None = None,
    because_of: int | None = None,
) -> set[int]:
    """Make ``steps`` the standing events of the night; the findings for which that was a change.

    Events that stand already stay as they are; the others are marked superseded by run
    ``because_of`` (the night's own by default), never removed.
    """
    standing = timeline.steps_on(session, night.as_of, only)
    gone = {f: number for f, (number, step) in standing.items() if steps.get(f) != step}
    added = {f: step for f, step in steps.items() if f not in standing or f in gone}
    superseded = [
        {"event_no": number, "superseded_by": because_of or night.run_no}
        for number in sorted(gone.values())
    ]
    if superseded:
        session.execute(update(FindingEvent), superseded)
    timeline.add_all(session, FindingEvent, [_event(night, f, s) for f, s in sorted(added.items())])
    return gone.keys() | added.keys()


def _event(night: _Night, finding_no: int, step: Step) -> dict[str, Any]:
    return {
        "finding_no": finding_no,
        "run_no": night.run_no,
        "as_of": night.as_of,
        "kind": step.kind.value,
        "reason": step.reason,
        "version_no": step.version_no,
        "recorded_at": night.at,
    }


def _put_right_later(
    session: Session, ledger: Ledger, night: _Night, changed: Collection[int]
) -> None:
    """Tell the later nights' events of the ``changed`` findings again, on the new past.

    Once a later night saw a finding, what follows no longer depends on what came before it.
    """
    concerned = set(changed)
    for row in current_rows(session):
        if row.as_of <= night.as_of or not concerned:
            continue
        later = _Night(row.run_no, row.as_of, night.at)
        known = timeline.before(session, later.as_of, concerned)
        seen = timeline.sightings(session, later.run_no, concerned)
        noted = timeline.absences(session, later.run_no, concerned)
        wanting = [f for f, s in known.items() if s.is_open and f not in seen and f not in noted]
        noted |= _ask_snapshot(session, ledger, row, wanting)
        steps = _steps(known, seen, noted)
        _write_steps(session, later, steps, concerned, because_of=night.run_no)
        concerned -= seen.keys()


def _ask_snapshot(
    session: Session, ledger: Ledger, row: RunRow, wanting: Sequence[int]
) -> dict[int, Absence]:
    """What a later night has to say of findings nobody knew of then: its snapshot still tells.

    Where that is no longer kept nothing is known, so the findings are not checked on that date.
    """
    if not wanting:
        return {}
    findings = timeline.open_findings(session, wanting)
    path = ledger.workspace.snapshots / (row.snapshot or "-")
    if path.is_file():
        with open_snapshot_file(ledger.workspace, path.name) as engine:
            noted = explain_absences(engine, findings)
    else:
        noted = {finding.finding_no: Absence(False, NO_SNAPSHOT) for finding in findings}
    timeline.add_absences(session, row.run_no, noted)
    return noted


def _summary(
    seen: Mapping[int, Seen], noted: Mapping[int, Absence], steps: Mapping[int, Step]
) -> RecurrenceSummary:
    kinds = Counter(step.kind for step in steps.values())
    told = (EventKind.OPENED, EventKind.REOPENED, EventKind.CHANGED)
    return RecurrenceSummary(
        found=len(seen),
        new=kinds[EventKind.OPENED],
        reopened=kinds[EventKind.REOPENED],
        changed=kinds[EventKind.CHANGED],
        seen_again=len(seen) - sum(kinds[kind] for kind in told),
        closed=kinds[EventKind.CLOSED],
        not_checked=sum(not absence.is_clear for absence in noted.values()),
    )
