"""The findings list and a finding's page."""

from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel

from casework.findings import FindingView
from casework.lifecycle import Status
from casework.watched import WatchedCases, is_of_watched
from domain.masking import mask, mask_numbers_in
from domain.wording import language
from matchers.explain import explain
from reports.finding_list import findings_workbook
from reports.run_report import DIRECTIONS
from reports.tables import Showing
from service.desk import Desk
from service.finding_book import NOBODY, TO_DO, FindingFilter, FindingPage
from service.finding_desk import colleagues, finding_page, names_of_staff, snapshot_age
from service.finding_page import FindingDetail, finding_detail
from service.gate import CallerIn, DeskIn
from service.look_book import NO_REASON, Subject
from service.pages import page
from service.refusal import Refused
from service.roles import Caller
from service.routes.home import ErrorReply
from service.settings import PAGE_SIZE, PAGE_SIZE_MAX
from service.subjects import named_by_evidence, subjects_of_findings

router = APIRouter()
Word = Annotated[str, Query(max_length=40)]
EXPORTED_MOST: Final = 5000
_REFUSALS: dict[int | str, dict[str, type[BaseModel]]] = {
    status: {"model": ErrorReply} for status in (401, 403, 404, 422, 503)
}


def wanted_findings(
    desk: DeskIn,
    direction: Word = "",
    rule: Word = "",
    grade: Word = "",
    status: Word = TO_DO,
    township: Word = "",
    case_no: Word = "",
    handler: Annotated[str, Query(max_length=64)] = "",
) -> FindingFilter:
    """What the address of a page asks for; without a word on the status, what is to be done.

    Cases are looked up by their number, never by somebody's: an address is no place for that.
    """
    if mask_numbers_in(case_no) != case_no and not desk.findings.is_case(case_no.strip()):
        raise Refused(HTTPStatus.BAD_REQUEST, "filter_is_identity_number")
    return FindingFilter(direction, rule, grade, status, township, case_no.strip(), handler)


WantedIn = Annotated[FindingFilter, Depends(wanted_findings)]


@router.get("/findings", include_in_schema=False)
def list_findings(
    request: Request,
    caller: CallerIn,
    desk: DeskIn,
    wanted: WantedIn,
    page_no: Annotated[int, Query(alias="page", ge=1, le=1_000_000)] = 1,
) -> Response:
    """The findings in the caller's division, in pages; with htmx only the list itself."""
    found = _page_of(desk, caller, wanted, page_no, PAGE_SIZE)
    is_part = request.headers.get("hx-request") == "true"
    response = page(
        request,
        "findings_list.html" if is_part else "findings.html",
        found=found,
        wanted=wanted,
        directions=DIRECTIONS,
        rules=sorted(desk.catalogue, key=lambda one: DIRECTIONS.index(one.direction)),
        townships=_townships(desk, caller),
        handlers=colleagues(desk, caller),
        names=names_of_staff(desk),
        statuses=(TO_DO, *(one.value for one in Status if one is not Status.CLOSED)),
        nobody=NOBODY,
        titles={one.id: one for one in desk.catalogue},
        snapshot=snapshot_age(desk),
    )
    response.headers["HX-Push-Url"] = f"/findings?{wanted.as_query(found.page)}"
    return response


@router.get("/findings.xlsx", include_in_schema=False)
def export_findings(caller: CallerIn, desk: DeskIn, wanted: WantedIn) -> Response:
    """The wanted findings as a workbook, masked, in the order of the list."""
    views, watched = desk.findings.wanted(caller.covers, wanted)
    if len(views) > EXPORTED_MOST:
        raise Refused(HTTPStatus.BAD_REQUEST, "export_too_many", most=EXPORTED_MOST)
    with desk.snapshots.reading() as reading:
        people = subjects_of_findings(reading.engine, views)
    people += [one for view in views for one in named_by_evidence(view.evidence)]
    desk.looks.note(
        caller.user,
        "export:findings",
        NO_REASON,
        origin=caller.origin,
        target=wanted.case_no or None,
        subjects=people,
        at=desk.now(),
    )
    made = findings_workbook(views, desk.catalogue, watched, names_of_staff(desk), desk.today())
    name = f"findings-{desk.today():%Y%m%d}.xlsx"
    return Response(
        made,
        media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@router.get("/findings/{finding_id}", include_in_schema=False)
def open_finding(
    request: Request,
    finding_id: str,
    caller: CallerIn,
    desk: DeskIn,
    wanted: WantedIn,
    saved: Annotated[str, Query(max_length=8)] = "",
) -> Response:
    """One finding: both registers, arithmetic, link, what is unknown, history, what to say of it.

    ``wanted`` is the list that it was opened from, ``saved`` that something was just written.
    """
    detail = open_detail(desk, caller, finding_id, "finding", NO_REASON, Showing())
    return finding_page(request, desk, caller, detail, wanted, saved=bool(saved))


@router.post("/findings/{finding_id}/unmask", include_in_schema=False)
def unmask_finding(
    request: Request,
    finding_id: str,
    caller: CallerIn,
    desk: DeskIn,
    wanted: WantedIn,
    reason: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """The same with full values, for a reason that is written into the log first."""
    if not reason.strip():
        raise Refused(HTTPStatus.BAD_REQUEST, "unmask_reason_missing")
    detail = open_detail(desk, caller, finding_id, "unmask:finding", reason.strip(), Showing(True))
    return finding_page(request, desk, caller, detail, wanted)


@router.post("/findings/{finding_id}/links", include_in_schema=False)
def explain_links(
    request: Request, finding_id: str, caller: CallerIn, desk: DeskIn, wanted: WantedIn
) -> Response:
    """Why the links behind a finding hold, one sentence a field."""
    detail = open_detail(desk, caller, finding_id, "explain:links", NO_REASON, Showing())
    explained = {side.why_code: explain(side.why_code) for side in detail.sides if side.why_code}
    is_part = request.headers.get("hx-request") == "true"
    if is_part:
        return page(request, "finding_links.html", detail=detail, explained=explained)
    return finding_page(request, desk, caller, detail, wanted, explained=explained)


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
    detail = open_detail(desk, caller, finding_id, "finding", NO_REASON, Showing())
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
    # somebody a finding is about may be named by its evidence alone
    people += [one for view in found.views for one in named_by_evidence(view.evidence)]
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


def people_of(desk: Desk, view: FindingView) -> list[Subject]:
    """Whom a page of this finding shows, those its sentences name included."""
    with desk.snapshots.reading() as reading:
        people = subjects_of_findings(reading.engine, [view])
    return [*people, *named_by_evidence(view.evidence)]


def open_detail(
    desk: Desk, caller: Caller, finding_id: str, action: str, reason: str, showing: Showing
) -> FindingDetail:
    """Read a finding and note the look; unknown and foreign ones are refused alike."""
    view = desk.findings.find(finding_id[:40])
    if view is None or not caller.covers(view.township):
        desk.looks.note(
            caller.user, f"refused:{action}", reason, origin=caller.origin, at=desk.now()
        )
        raise Refused(HTTPStatus.NOT_FOUND, "not_found_here")
    people = people_of(desk, view)
    with desk.snapshots.reading() as reading:
        detail = finding_detail(
            view, reading.engine, desk.ledger, desk.catalogue, showing, names_of_staff(desk)
        )
    desk.looks.note(
        caller.user,
        action,
        reason,
        origin=caller.origin,
        target=view.finding_id,
        subjects=people,
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
