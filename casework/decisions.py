"""What a named person says of a finding: who may say what, and that two never overwrite it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.findings import FindingView
from casework.lifecycle import EventKind, Said
from domain.dates import HERE
from domain.errors import HeduiError
from domain.masking import mask_numbers_in
from store.ledger import Ledger
from store.tables import FindingEvent, FindingRow

OUTCOMES: Final[Mapping[str, EventKind]] = {
    "true": EventKind.DECIDED,
    "changed": EventKind.DECIDED,
    "untrue": EventKind.DISMISSED,
    "more": EventKind.REVIEWED,
}
"""What may be said of a finding, in the words of the workbook, and what it makes of it."""

LONGEST_CLEARANCE: Final = timedelta(days=366)
_OVER: Final = "over"
_FLAG: Final = "flag"


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody (``by_name``, an account) says of a finding as they saw it.

    ``seen`` is the number of the newest event on their page. ``expires_on`` ends a clearance.
    ``is_of_county``: who says it keeps no case of their own (county or audit).
    """

    said: Said
    by_name: str
    seen: int
    expires_on: date | None = None
    is_of_county: bool = True

    @property
    def kind(self) -> EventKind:
        """The event it makes. Raises HeduiError ``decision_outcome``."""
        if self.said.to and not self.said.outcome:
            return EventKind.HANDED_OVER
        if self.said.outcome not in OUTCOMES:
            raise HeduiError("decision_outcome")
        return OUTCOMES[self.said.outcome]


def check_decision(view: FindingView, decision: Decision, today: date) -> None:
    """Refuse what may not be said of this finding, or not yet.

    Raises HeduiError: ``decision_outcome``, ``decision_note``; ``decision_heard`` where aid may end
    and nobody was heard (社会救助法 Art. 48); ``decision_county`` where a flag on aid is put aside
    by whoever keeps the case; ``decision_expiry``.
    """
    kind, said = decision.kind, decision.said
    if kind is EventKind.HANDED_OVER:
        return
    if not said.note.strip():
        raise HeduiError("decision_note")
    if view.direction == _OVER and said.outcome == "true" and not said.heard.strip():
        raise HeduiError("decision_heard")
    is_put_aside = kind is EventKind.DISMISSED and view.direction == _OVER and view.grade == _FLAG
    if is_put_aside and not decision.is_of_county:
        raise HeduiError("decision_county")
    expires = decision.expires_on
    if expires is None:
        return
    if kind is not EventKind.DISMISSED or not today <= expires <= today + LONGEST_CLEARANCE:
        raise HeduiError("decision_expiry", days=LONGEST_CLEARANCE.days)


def decide(
    ledger: Ledger,
    view: FindingView,
    decision: Decision,
    *,
    at: datetime,
    within: Callable[[Session], object],
) -> bool:
    """Append what was said to the finding's life; ``within`` writes the look in the same act.

    False where the very same was said already as the last thing (a form sent twice): nothing is
    appended then. Raises HeduiError where something else happened to the finding since it was read:
    ``decision_stale`` (somebody said something of it), ``decision_changed`` (a night).
    """
    said = _masked(decision.said)
    with ledger.writing() as session:
        number = session.scalar(
            select(FindingRow.finding_no)
            .where(FindingRow.finding_id == view.finding_id)
            .with_for_update()  # on PostgreSQL two people at once take turns; SQLite has one writer
        )
        last = _last_event(session, number)
        if number is None or last is None:
            raise HeduiError("not_found_here")
        if _is_repeated(last, decision, said):
            within(session)
            return False
        if last.event_no != decision.seen:
            raise _overtaken(last)
        within(session)
        session.add(
            FindingEvent(
                finding_no=number,
                run_no=None,
                as_of=view.as_of,  # the evening whose facts were judged
                kind=decision.kind.value,
                reason=said.as_text(),
                version_no=last.version_no,
                recorded_at=at,
                by_name=decision.by_name,
                expires_on=decision.expires_on,
            )
        )
    return True


def _overtaken(last: FindingEvent) -> HeduiError:
    if last.by_name:
        at = f"{last.recorded_at.astimezone(HERE):%Y-%m-%d %H:%M}"
        return HeduiError("decision_stale", by_name=last.by_name, at=at)
    return HeduiError("decision_changed")


def _masked(said: Said) -> Said:
    return Said(
        said.outcome,
        mask_numbers_in(said.heard.strip()),
        mask_numbers_in(said.note.strip()),
        said.to,
    )


def _last_event(session: Session, finding_no: int | None) -> FindingEvent | None:
    return session.scalar(
        select(FindingEvent)
        .where(FindingEvent.finding_no == finding_no, FindingEvent.superseded_by.is_(None))
        .order_by(FindingEvent.as_of.desc(), FindingEvent.event_no.desc())
        .limit(1)
    )


def _is_repeated(last: FindingEvent, decision: Decision, said: Said) -> bool:
    return (last.by_name, last.kind, last.reason, last.expires_on) == (
        decision.by_name,
        decision.kind.value,
        said.as_text(),
        decision.expires_on,
    )
