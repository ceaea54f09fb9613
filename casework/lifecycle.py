"""A finding's life: events in, state out."""

import json
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final


class EventKind(StrEnum):
    """What can happen to a finding: the first six by a run, the others by a named person."""

    OPENED = "opened"
    CHANGED = "changed"  # seen again, on other facts
    CONFIRMED = "confirmed"  # seen again after a night that could not check it
    NOT_CHECKED = "not_checked"  # open, and this night cannot say whether it still stands
    CLOSED = "closed"
    REOPENED = "reopened"
    REVIEWED = "reviewed"
    DECIDED = "decided"
    DISMISSED = "dismissed"  # cleared by a person
    HANDED_OVER = "handed_over"


class Status(StrEnum):
    """How a finding stands: ``new`` on the night it was opened, then ``open`` until closed."""

    NEW = "new"
    OPEN = "open"
    CLOSED = "closed"
    REVIEWED = "reviewed"
    DECIDED = "decided"
    CLEARED = "cleared"


BY_A_RUN: Final = frozenset(
    {
        EventKind.OPENED,
        EventKind.CHANGED,
        EventKind.CONFIRMED,
        EventKind.NOT_CHECKED,
        EventKind.CLOSED,
        EventKind.REOPENED,
    }
)
_SEEN: Final = frozenset(
    {EventKind.OPENED, EventKind.REOPENED, EventKind.CHANGED, EventKind.CONFIRMED}
)
_BY_A_PERSON: Final = {EventKind.REVIEWED: Status.REVIEWED, EventKind.DECIDED: Status.DECIDED}


@dataclass(frozen=True, slots=True)
class Event:
    """One step in a finding's life; ``evidence_hash`` is that of the facts it is about.

    ``reason`` of a run's event are codes, of a person's what they said (:class:`Said`).
    ``event_no`` and ``recorded_at`` tell where and when it was written; 0 and None where nobody
    asked.
    """

    kind: EventKind
    as_of: date
    evidence_hash: str
    reason: str | None = None
    by_name: str | None = None
    expires_on: date | None = None
    event_no: int = field(default=0, compare=False)
    recorded_at: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Said:
    """What a person said of a finding.

    ``outcome`` is one of ``true``, ``untrue``, ``changed``, ``more`` (``reports.outcomes``), empty
    where the finding was only handed over. ``heard``: what the household said, and when. ``to``: to
    whom it was handed over.
    """

    outcome: str = ""
    heard: str = ""
    note: str = ""
    to: str = ""

    def as_text(self) -> str:
        """As the ledger keeps it."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def read(cls, kept: str | None) -> "Said":
        """From the ledger; what is not of this form is a note."""
        try:
            return cls(**json.loads(kept or "{}"))
        except (ValueError, TypeError):
            return cls(note=kept or "")


@dataclass(frozen=True, slots=True)
class FindingState:
    """How a finding stands on a date.

    ``first_seen`` begins anew when a closed finding returns. ``last_seen`` is the newest run that
    saw it. ``is_confirmed`` is false while runs since then could not check it, and after closing;
    ``reason`` then says why. ``handler``: to whom it was handed over last. ``decision``: a person's
    last word on these facts, None where nobody spoke or the facts are others by now.
    """

    status: Status
    first_seen: date
    last_seen: date
    is_confirmed: bool
    reason: str | None
    evidence_hash: str
    handler: str | None = None
    decision: Event | None = None

    @property
    def is_closed(self) -> bool:
        """Whether a run found it no longer."""
        return self.status is Status.CLOSED


@dataclass(frozen=True, slots=True)
class Before:
    """What a run has to know of a finding's state before it.

    ``reason`` is that of the last not_checked, None while it was confirmed.
    """

    is_open: bool
    reason: str | None
    version_no: int
    evidence_hash: str


@dataclass(frozen=True, slots=True)
class Absence:
    """Why a finding was not seen: checked and not there (``is_clear``), or not checked."""

    is_clear: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Clearance:
    """A person's word that these facts need nothing more, until ``expires_on`` (inclusive)."""

    evidence_hash: str
    expires_on: date | None

    def covers(self, evidence_hash: str, as_of: date) -> bool:
        """Whether it still holds: the same facts, and not expired."""
        in_time = self.expires_on is None or as_of <= self.expires_on
        return in_time and self.evidence_hash == evidence_hash


def next_step(
    before: Before | None, seen_hash: str | None, absence: Absence | None
) -> tuple[EventKind, str | None] | None:
    """The event a run adds to a finding, and its reason; None when it adds none.

    ``seen_hash`` is the evidence hash it was seen with, None when it was not seen; ``absence`` then
    says why (needed for open findings only). Not checked for the same reason as before is no event.
    """
    if seen_hash is not None:
        return _step_when_seen(before, seen_hash)
    if before is None or not before.is_open or absence is None:
        return None
    if absence.is_clear:
        return EventKind.CLOSED, absence.reason
    if before.reason == absence.reason:
        return None
    return EventKind.NOT_CHECKED, absence.reason


def _step_when_seen(before: Before | None, seen_hash: str) -> tuple[EventKind, None] | None:
    if before is None:
        return EventKind.OPENED, None
    if not before.is_open:
        return EventKind.REOPENED, None
    if before.evidence_hash != seen_hash:
        return EventKind.CHANGED, None
    if before.reason is not None:
        return EventKind.CONFIRMED, None
    return None


def state_of(
    events: Iterable[Event], run_dates: Sequence[date], as_of: date
) -> FindingState | None:
    """The state on ``as_of`` after ``events`` (in order); None when there are none by then.

    ``run_dates`` are the dates of the runs that count, ascending: between its events a finding was
    seen by every one of them, or, after not_checked, by none.
    """
    state: FindingState | None = None
    clearance: Clearance | None = None
    for event in events:
        if event.as_of > as_of:
            break
        state = _after(state, event, run_dates)
        if event.kind is EventKind.DISMISSED:
            clearance = Clearance(event.evidence_hash, event.expires_on)
        elif event.kind in _BY_A_PERSON:
            clearance = None  # the last word counts
    if state is None:
        return None
    return _as_shown(state, clearance, run_dates, as_of)


def _after(
    state: FindingState | None, event: Event, run_dates: Sequence[date]
) -> FindingState | None:
    """The state after one event; ``last_seen`` of a confirmed finding is filled in at the end."""
    if event.kind in _SEEN:
        begins = state is None or state.is_closed
        first_seen = event.as_of if state is None or begins else state.first_seen
        status = Status.NEW if event.kind is EventKind.OPENED else Status.OPEN
        if event.kind is EventKind.CONFIRMED and state is not None:
            status = state.status
        seen = FindingState(status, first_seen, event.as_of, True, None, event.evidence_hash)
        return seen if state is None else _still_said(seen, state)
    if state is None:
        return None
    if event.kind in (EventKind.NOT_CHECKED, EventKind.CLOSED):
        last_seen = _run_before(event.as_of, run_dates) if state.is_confirmed else state.last_seen
        status = Status.CLOSED if event.kind is EventKind.CLOSED else state.status
        return replace(
            state,
            status=status,
            last_seen=max(last_seen, state.first_seen),
            is_confirmed=False,
            reason=event.reason,
        )
    if state.is_closed:
        return state  # what a person says of it opens nothing again
    if event.kind is EventKind.HANDED_OVER:
        return replace(state, handler=Said.read(event.reason).to or None)
    return replace(state, status=_BY_A_PERSON.get(event.kind, state.status), decision=event)


def _still_said(seen: FindingState, before: FindingState) -> FindingState:
    """Seen again: who deals with it stays, what was decided as long as the facts are the same."""
    is_same = seen.evidence_hash == before.evidence_hash
    return replace(seen, handler=before.handler, decision=before.decision if is_same else None)


def _as_shown(
    state: FindingState,
    clearance: Clearance | None,
    run_dates: Sequence[date],
    as_of: date,
) -> FindingState:
    if state.is_closed:
        return state
    newest = run_dates[-1] if run_dates else as_of
    if state.is_confirmed:
        state = replace(state, last_seen=max(newest, state.last_seen))
    if state.status is Status.NEW and state.first_seen < newest:
        state = replace(state, status=Status.OPEN)
    if clearance is not None and clearance.covers(state.evidence_hash, as_of):
        state = replace(state, status=Status.CLEARED)
    return state


def _run_before(day: date, run_dates: Sequence[date]) -> date:
    place = bisect_left(run_dates, day)
    return run_dates[place - 1] if place else day
