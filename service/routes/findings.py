"""The findings list and a finding's page."""

from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel

from casework.findings import FindingView
from casework.watched import WatchedCases, is_of_watched, watch_of
from domain.masking import mask, mask_numbers_in
from domain.wording import language
from matchers.explain import explain
from reports.run_report import DIRECTIONS
from reports.tables import Showing
from service.desk import Desk
from service.finding_book import FindingFilter, FindingPage
from service.finding_page import FindingDetail, finding_detail
from service.gate import CallerIn, DeskIn
from service.look_book import NO_REASON
from service.pages import page
from service.refusal import Refused
from service.roles import Caller
from service.routes.home import ErrorReply
from service.settings import PAGE_SIZE, PAGE_SIZE_MAX
from service.subjects import subjects_of_findings

router = APIRouter()
Word = Annotated[str, Query(max_length=40)]
_REFUSALS: dict[int | str, dict[str, type[BaseModel]]] = {
    status: {"model": ErrorReply} for status in (401, 403, 404, 422, 503)
}


@router.get("/findings", include_in_schema=False)
def list_findings(
    request: Request,
    caller: CallerIn,
    desk: DeskIn,
    direction: Word = "",
    rule: Word = "",
    grade: Word = "",
    status: Word = "",
    township: Word = "",
    case_no: Word = "",
    page_no: Annotated[int, Query(alias="page", ge=1, le=1_000_000)] = 1,
) -> Response:
    """The findings in the caller's division, in pages; with htmx only the list itself.

    Cases are looked up by their number, never by somebody's: an address is no place for that.
    """
    if mask_numbers_in(case_no) != case_no and not desk.findings.is_case(case_no.strip()):
        raise Refused(HTTPStatus.BAD_REQUEST, "filter_is_identity_number")
    wanted = FindingFilter(direction, rule, grade, status, township, case_no.strip())
    found = _page_of(desk, caller, wanted, page_no, PAGE_SIZE)
    is_part = request.headers.get("hx-request") == "true"
    return page(
        request,
        "findings_list.html" if is_part else "findings.html",
        found=found,
        wanted=wanted,
        directions=DIRECTIONS,
        rules=list(desk.catalogue),
        townships=_townships(desk, caller),
        titles={one.id: one for one in desk.catalogue},
    )


@router.get("/findings/{finding_id}", include_in_schema=False)
def open_finding(request: Request, finding_id: str, caller: CallerIn, desk: DeskIn) -> Response:
    """One finding: both registers, arithmetic, link, what is unknown, history."""
    detail = _open(desk, caller, finding_id, "finding", NO_REASON, Showing())
    return _page(request, desk, detail)


@router.post("/findings/{finding_id}/unmask", include_in_schema=False)
def unmask_finding(
    request: Request,
    finding_id: str,
    caller: CallerIn,
    desk: DeskIn,
    reason: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """The same with full values, for a reason that is written into the log first."""
    if not reason.strip():
        raise Refused(HTTPStatus.BAD_REQUEST, "check_purpose_missing")
    detail = _open(desk, caller, finding_id, "unmask:finding", reason.strip(), Showing(True))
    return _page(request, desk, detail)


@router.post("/findings/{finding_id}/links", include_in_schema=False)
def explain_links(request: Request, finding_id: str, caller: CallerIn, desk: DeskIn) -> Response:
    """Why the links behind a finding hold, one sentence a field."""
    detail = _open(desk, caller, finding_id, "explain:links", NO_REASON, Showing())
    explained = {side.why_code: explain(side.why_code) for side in detail.sides if side.why_code}
    is_part = request.headers.get("hx-request") == "true"
    if is_part:
        return page(request, "finding_links.html", detail=detail, explained=explained)
    return _page(request, desk, detail, explained)


def _page(
    request: Request,
    desk: Desk,
    detail: FindingDetail,
    explained: Mapping[str, str] = MappingProxyType({}),
) -> Response:
    _, watched = desk.findings.views()
    watch = watch_of(detail.view, watched)
    return page(request, "finding.html", detail=detail, explained=explained, watch=watch)


class FindingReply(BaseModel):
    """A finding, masked."""

    finding_id: str
    rule: str
    title: str
    direction: str
    grade: str
    status: str
    case_no: str | None
    township: str | None
    person_name: str
    first_seen: str
    last_seen: str
    is_watched: bool


class FindingListReply(BaseModel):
    """One page of findings."""

    page: int
    pages: int
    total: int
    findings: list[FindingReply]


class FindingDetailReply(BaseModel):
    """A finding with its evidence in sentences."""

    finding: FindingReply
    arithmetic: list[str]
    evidence: list[str]
    not_known: list[str]
    clears: str
    basis: list[str]


@router.get("/api/v1/findings", responses=_REFUSALS)
def list_findings_for_programs(
    caller: CallerIn,
    desk: DeskIn,
    direction: Word = "",
    rule: Word = "",
    page_no: Annotated[int, Query(alias="page", ge=1, le=1_000_000)] = 1,
    size: Annotated[int, Query(ge=1, le=PAGE_SIZE_MAX)] = PAGE_SIZE,
) -> FindingListReply:
    """Findings in the caller's division, masked, in pages."""
    found = _page_of(desk, caller, FindingFilter(direction, rule), page_no, size)
    return FindingListReply(
        page=found.page,
        pages=found.pages,
        total=found.total,
        findings=[_reply(desk, view, found.watched) for view in found.views],
    )


@router.get("/api/v1/findings/{finding_id}", responses=_REFUSALS)
def open_finding_for_programs(
    finding_id: str, caller: CallerIn, desk: DeskIn
) -> FindingDetailReply:
    """One finding, masked."""
    detail = _open(desk, caller, finding_id, "finding", NO_REASON, Showing())
    _, watched = desk.findings.views()
    return FindingDetailReply(
        finding=_reply(desk, detail.view, watched),
        arithmetic=list(detail.arithmetic),
        evidence=[side.sentence for side in detail.sides],
        not_known=list(detail.unknown),
        clears=detail.clears,
        basis=list(detail.basis),
    )


def _page_of(
    desk: Desk, caller: Caller, wanted: FindingFilter, page_no: int, size: int
) -> FindingPage:
    found = desk.findings.page(caller.covers, wanted, page=page_no, size=size)
    with desk.snapshots.reading() as reading:
        people = subjects_of_findings(reading.engine, found.views)
    desk.looks.note(
        caller.user,
        "list:findings",
        NO_REASON,
        origin=caller.origin,
        target=wanted.case_no or None,
        subjects=people,
        at=desk.now(),
    )
    return found


def _open(
    desk: Desk, caller: Caller, finding_id: str, action: str, reason: str, showing: Showing
) -> FindingDetail:
    """Read a finding and note the look; unknown and foreign ones are refused alike."""
    view = desk.findings.find(finding_id[:40])
    if view is None or not caller.covers(view.township):
        desk.looks.note(
            caller.user, f"refused:{action}", reason, origin=caller.origin, at=desk.now()
        )
        raise Refused(HTTPStatus.NOT_FOUND, "not_found_here")
    with desk.snapshots.reading() as reading:
        people = subjects_of_findings(reading.engine, [view])
        detail = finding_detail(view, reading.engine, desk.ledger, desk.catalogue, showing)
    desk.looks.note(
        caller.user,
        action,
        reason,
        origin=caller.origin,
        target=view.finding_id,
        subjects=[*people, *detail.others],
        at=desk.now(),
    )
    return detail


def _townships(desk: Desk, caller: Caller) -> list[str]:
    views, _ = desk.findings.views()
    return sorted(
        {view.township for view in views if view.township and caller.covers(view.township)}
    )


def _reply(desk: Desk, view: FindingView, watched: WatchedCases) -> FindingReply:
    return FindingReply(
        finding_id=view.finding_id,
        rule=view.rule,
        title=desk.catalogue[view.rule].title[language()],
        direction=view.direction,
        grade=view.grade,
        status=str(view.status),
        case_no=view.case_no,
        township=view.township,
        person_name=mask("person_name", view.person_name or view.applicant_name or ""),
        first_seen=view.first_seen.isoformat(),
        last_seen=view.last_seen.isoformat(),
        is_watched=is_of_watched(view, watched),
    )
