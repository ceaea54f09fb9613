"""What a person says of a finding, written into its life; and on to the next one."""

from datetime import date
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from casework.decisions import LONGEST_CLEARANCE, Decision, check_decision, decide
from casework.lifecycle import Said
from domain.errors import HeduiError
from domain.masking import mask_numbers_in
from reports.tables import Showing
from service.finding_book import FindingFilter
from service.finding_desk import finding_page, may_take_over
from service.gate import CallerIn, DeskIn
from service.look_book import NO_REASON
from service.refusal import Refused
from service.roles import Role
from service.routes.findings import WantedIn, open_detail, people_of

router = APIRouter(include_in_schema=False)
Text = Annotated[str, Form(max_length=500)]
Word = Annotated[str, Form(max_length=64)]
_REASKED: Final = frozenset(
    {"decision_outcome", "decision_note", "decision_heard", "decision_county", "decision_expiry",
     "decision_stale", "decision_changed", "decision_to"}
)  # fmt: skip


@router.post("/findings/{finding_id}/decide")
def decide_finding(
    request: Request,
    finding_id: str,
    caller: CallerIn,
    desk: DeskIn,
    wanted: WantedIn,
    outcome: Word = "",
    heard: Text = "",
    note: Text = "",
    expires_on: Word = "",
    to: Word = "",
    seen: Annotated[int, Form(ge=0)] = 0,
    then: Word = "",
) -> Response:
    """Write what was said, and the look, in one act; then the same page, or the next finding.

    What cannot be written comes back on the page with the reason and with all that was typed.
    """
    view = desk.findings.find(finding_id[:40])
    if view is None or not caller.covers(view.township):
        desk.looks.note(
            caller.user, "refused:decide:finding", NO_REASON, origin=caller.origin, at=desk.now()
        )
        raise Refused(HTTPStatus.NOT_FOUND, "not_found_here")
    after = desk.findings.beside(caller.covers, wanted, view.finding_id).after
    people = people_of(desk, view)
    try:
        if to and to not in dict(may_take_over(desk, view.township)):
            raise HeduiError("decision_to")
        decision = Decision(
            Said(outcome, heard, note, to),
            caller.user.name,
            seen,
            _day(expires_on),
            is_of_county=caller.role is not Role.TOWNSHIP,
        )
        check_decision(view, decision, desk.today())
        decide(
            desk.ledger,
            view,
            decision,
            at=desk.now(),
            within=lambda session: desk.looks.note(
                caller.user,
                "decide:finding",
                NO_REASON,
                origin=caller.origin,
                target=view.finding_id,
                subjects=people,
                at=desk.now(),
                within=session,
            ),
        )
    except HeduiError as error:
        if error.key not in _REASKED:
            raise
        typed = {
            "outcome": outcome, "heard": mask_numbers_in(heard), "note": mask_numbers_in(note),
            "expires_on": expires_on, "to": to,
        }  # fmt: skip
        detail = open_detail(desk, caller, finding_id, "finding", NO_REASON, Showing())
        is_stale = error.key in ("decision_stale", "decision_changed")
        return finding_page(
            request, desk, caller, detail, wanted,
            typed=typed, message=str(error),
            status=HTTPStatus.CONFLICT if is_stale else HTTPStatus.BAD_REQUEST,
        )  # fmt: skip
    desk.looks.anchor_when_due(desk.now())
    return RedirectResponse(_next_address(finding_id, after, then, wanted), HTTPStatus.SEE_OTHER)


def _day(given: str) -> date | None:
    """The day of a date field. Raises HeduiError ``decision_expiry``."""
    if not given.strip():
        return None
    try:
        return date.fromisoformat(given.strip())
    except ValueError as error:
        raise HeduiError("decision_expiry", days=LONGEST_CLEARANCE.days) from error


def _next_address(finding_id: str, after: str | None, then: str, wanted: FindingFilter) -> str:
    """The next finding of the list, the list where there is none, or the same page."""
    if then != "next":
        return f"/findings/{finding_id[:40]}?{wanted.as_query()}&saved=1"
    if after is None:
        return f"/findings?{wanted.as_query()}"
    return f"/findings/{after}?{wanted.as_query()}&saved=1"
