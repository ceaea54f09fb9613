"""The run ledger: which runs there were, and which one counts for each date."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from domain.errors import HeduiError
from store.ledger import Ledger
from store.manifest import RunManifest
from store.tables import RunRow

STARTED: Final = "started"
PUBLISHED: Final = "published"
FAILED: Final = "failed"
ABANDONED: Final = "abandoned"


@dataclass(frozen=True, slots=True)
class Run:
    """One run as the ledger has it.

    ``is_current``: published, and the newest publishing for its ``as_of``. ``is_done``: current,
    and ended as well, so that the same manifest need not be run again.
    """

    run_no: int
    run_id: str
    as_of: date
    state: str
    started_at: datetime
    published_at: datetime | None
    ended_at: datetime | None
    publication: int | None
    snapshot: str | None
    failure: str | None
    counts: Mapping[str, Any] | None
    summary: Mapping[str, Any] | None
    is_current: bool

    @property
    def is_done(self) -> bool:
        """Nothing of this run is wanting."""
        return self.is_current and self.ended_at is not None


def begin_run(ledger: Ledger, manifest: RunManifest, *, at: datetime, full: bool = False) -> Run:
    """The run of ``manifest``, noted in the ledger before any of its work.

    Call it under the run lock. A run that is done already comes back as it is (``is_done``) unless
    ``full``; otherwise it is marked as started at ``at``. What it published before stays in
    force until it publishes again. Runs that an earlier process left as started are marked failed.
    """
    with ledger.writing() as session:
        _close_abandoned(session, at)
        row = session.scalar(select(RunRow).where(RunRow.run_id == manifest.run_id))
        if row is None:
            row = _new_row(session, manifest, at)
            session.add(row)
        elif row.manifest_hash != manifest.manifest_hash:
            raise HeduiError("run_id_taken", run_id=manifest.run_id, ledger=ledger.where)
        known = _view(session, row)
        if known.is_done and not full:
            return known
        if row.state == FAILED:
            row.state = STARTED
        row.started_at, row.ended_at, row.failure = at, None, None
        session.flush()
        return _view(session, row)


def finish_run(
    ledger: Ledger, run: Run, *, at: datetime, counts: Mapping[str, Any] | None = None
) -> Run:
    """Note that everything of a published run is there, its reports as well.

    Raises HeduiError ``run_not_published`` when its findings were never recorded.
    """
    with ledger.writing() as session:
        row = session.get_one(RunRow, run.run_no)
        if row.state != PUBLISHED:
            raise HeduiError("run_not_published", run_id=run.run_id)
        row.ended_at, row.counts = at, dict(counts or {})
        session.flush()
        return _view(session, row)


def fail_run(ledger: Ledger, run: Run, *, at: datetime, reason: str) -> None:
    """Note that a run did not end, and why: a code or a sentence without a person's values.

    A run that published before it failed (its reports could not be written) stays published.
    """
    with ledger.writing() as session:
        row = session.get_one(RunRow, run.run_no)
        row.failure = reason
        if row.state == STARTED:
            row.state, row.ended_at = FAILED, at


def published_runs(ledger: Ledger, until: date | None = None) -> list[Run]:
    """The run that counts of each date up to and including ``until``, oldest first."""
    with ledger.reading() as session:
        return [_view(session, row) for row in current_rows(session, until)]


def newest_run(ledger: Ledger, until: date | None = None) -> Run | None:
    """The newest run that counts, by date; None before the first."""
    runs = published_runs(ledger, until)
    return runs[-1] if runs else None


def current_rows(session: Session, until: date | None = None) -> Sequence[RunRow]:
    """For each ``as_of`` up to ``until`` the row published last, oldest ``as_of`` first."""
    newest = (
        select(func.max(RunRow.publication))
        .where(RunRow.publication.is_not(None))
        .group_by(RunRow.as_of)
    )
    query = select(RunRow).where(RunRow.publication.in_(newest)).order_by(RunRow.as_of)
    if until is not None:
        query = query.where(RunRow.as_of <= until)
    return session.scalars(query).all()


def _new_row(session: Session, manifest: RunManifest, at: datetime) -> RunRow:
    highest = session.scalar(select(func.max(RunRow.run_no))) or 0
    return RunRow(
        run_no=highest + 1,
        run_id=manifest.run_id,
        as_of=manifest.as_of,
        manifest=manifest.canonical_json(),
        manifest_hash=manifest.manifest_hash,
        state=STARTED,
        started_at=at,
    )


def _close_abandoned(session: Session, at: datetime) -> None:
    """Under the run lock nobody else is running: what still says started was killed."""
    session.execute(
        update(RunRow)
        .where(RunRow.state == STARTED)
        .values(state=FAILED, failure=ABANDONED, ended_at=at)
    )
    session.expire_all()


def _view(session: Session, row: RunRow) -> Run:
    newest = session.scalar(select(func.max(RunRow.publication)).where(RunRow.as_of == row.as_of))
    return Run(
        run_no=row.run_no,
        run_id=row.run_id,
        as_of=row.as_of,
        state=row.state,
        started_at=row.started_at,
        published_at=row.published_at,
        ended_at=row.ended_at,
        publication=row.publication,
        snapshot=row.snapshot,
        failure=row.failure,
        counts=row.counts,
        summary=row.summary,
        is_current=row.publication is not None and row.publication == newest,
    )
