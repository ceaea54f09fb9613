"""The pages of a check: form, slip, my checks, and the slip on paper."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from domain.codes import MEMBER_KINDS, RELATIONS, SCHEMES
from domain.division import Level
from domain.errors import HeduiError
from domain.masking import mask_numbers_in
from domain.wording import text
from pipelines.typed_people import TypedHousehold
from rules.household import APPLICATION
from service.check_request import Asker, CheckDone, CheckRequest
from service.checks import CheckService
from service.desk import Desk
from service.finding_desk import snapshot_age
from service.gate import CallerIn, DeskIn
from service.look_book import NO_REASON
from service.pages import page
from service.persons import MOST_PERSONS, typed_household
from service.prints import print_slip
from service.refusal import Refused
from service.roles import Caller
from service.settings import PAGE_SIZE
from service.watching import is_watched, watch

router = APIRouter(include_in_schema=False)
_REASKED = frozenset(
    {"check_purpose_missing", "check_authorisation_missing", "check_target_missing",
     "not_found_here", "check_busy", "check_limit_day", "check_persons_bad"}
)  # fmt: skip
_BLANK: Mapping[str, Any] = {
    "application_no": "", "case_no": "", "purpose": "", "authorisation": "", "scheme": "11",
    "persons": [],
}  # fmt: skip
Field = Annotated[str, Form(max_length=120)]
Column = Annotated[Sequence[str], Form(max_length=MOST_PERSONS)]


def asker_of(caller: Caller) -> Asker:
    """A caller as the check service knows them."""
    return Asker(caller.user, caller.origin, caller.covers)


def checks_of(request: Request) -> CheckService:
    """The check service of the running service."""
    service: CheckService = request.app.state.checks
    return service


@router.get("/checks/new")
def show_form(
    request: Request, caller: CallerIn, target: Annotated[str, Query(max_length=40)] = ""
) -> Response:
    """The check form; an officer of a township has its code filled in."""
    division = caller.user.division or ""
    township = division if len(division) == Level.TOWNSHIP else ""
    given = {**_BLANK, "application_no": mask_numbers_in(target), "township_code": township}
    return _form(request, HTTPStatus.OK, "", given)


@router.post("/checks")
def make_check(
    request: Request,
    caller: CallerIn,
    application_no: Field = "",
    case_no: Field = "",
    purpose: Field = "",
    authorisation: Field = "",
    township_code: Field = "",
    scheme: Field = "11",
    p_name: Column = (),
    p_id_no: Column = (),
    p_relation: Column = (),
    p_kind: Column = (),
    p_income: Column = (),
    p_authorised: Column = (),
    once: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Check, then to the slip; a request that cannot be answered comes back with the reason.

    A form that is sent twice as it is (a double click) is one check and one slip.
    """
    kinds = p_kind or ["1"] * len(p_name)
    people = list(zip(p_name, p_id_no, p_relation, kinds, p_income, p_authorised, strict=False))
    service = checks_of(request)
    try:
        typed = _typed(township_code, scheme, people)
        asked = CheckRequest(purpose, authorisation, case_no or None, application_no or None, typed)
        if once:
            asked = replace(asked, idempotency_key=service.key_of_form(once, asked))
        done = service.check(asker_of(caller), asked)
    except HeduiError as error:
        if error.key not in _REASKED:
            raise
        given = {
            "application_no": mask_numbers_in(application_no),
            "case_no": mask_numbers_in(case_no), "purpose": mask_numbers_in(purpose),
            "authorisation": mask_numbers_in(authorisation),
            "township_code": township_code, "scheme": scheme,
            "persons": _without_numbers(people),
        }  # fmt: skip
        status = error.status if isinstance(error, Refused) else HTTPStatus.BAD_REQUEST
        response = _form(request, status, str(error), given)
        if isinstance(error, Refused):
            response.headers.update(error.headers)
        return response
    return RedirectResponse(f"/checks/{done.slip_no}", HTTPStatus.SEE_OTHER)


def _form(request: Request, status: int, message: str, given: Mapping[str, Any]) -> Response:
    return page(
        request,
        "check_form.html",
        status,
        path="/checks/new",
        message=message,
        given=given,
        schemes=SCHEMES,
        relations=RELATIONS,
        member_kinds=MEMBER_KINDS,
        most=MOST_PERSONS,
        once=secrets.token_urlsafe(12),
        today=request.app.state.desk.today(),
        snapshot=snapshot_age(request.app.state.desk),
    )


def _without_numbers(people: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """What was typed in, to be given back; numbers are typed again, for no error holds any."""
    if not any(
        given.strip() for name, id_no, _, _, *more in people for given in (name, id_no, *more)
    ):
        return []
    return [(name, "", *others) for name, _, *others in people]


def _is_filled(line: tuple[str, ...]) -> bool:
    """Whether anything was typed into a line of the form; the choices always hold something."""
    name, id_no, _, _, income, authorised = line
    return any(given.strip() for given in (name, id_no, income, authorised))


def _typed(
    township_code: str, scheme: str, people: Sequence[tuple[str, ...]]
) -> TypedHousehold | None:
    """The persons of the form; None where none was typed in.

    A line without a name in which anything else stands is somebody whose name was forgotten.
    """
    persons = [
        {
            "name": name.strip(), "id_no": id_no, "relation": relation, "member_kind": kind,
            "declared_income_yuan": income.strip(), "authorised_on": authorised.strip(),
        }
        for name, id_no, relation, kind, income, authorised in people
        if _is_filled((name, id_no, relation, kind, income, authorised))
    ]  # fmt: skip
    if not persons:
        return None
    content = {"township_code": township_code, "scheme": scheme, "persons": persons}
    return typed_household(content, text("web.check.persons"))


@router.get("/checks")
def my_checks(
    request: Request,
    caller: CallerIn,
    page_no: Annotated[int, Query(alias="page", ge=1, le=1_000_000)] = 1,
) -> Response:
    """The caller's own checks, newest first."""
    done, total = checks_of(request).mine(asker_of(caller), page=page_no, size=PAGE_SIZE)
    pages = max(1, -(-total // PAGE_SIZE))
    return page(request, "my_checks.html", checks=done, page_no=page_no, pages=pages, total=total)


@router.get("/checks/{slip_no}")
def open_slip(request: Request, slip_no: str, caller: CallerIn, desk: DeskIn) -> Response:
    """One slip."""
    done = checks_of(request).open(asker_of(caller), slip_no, "slip", NO_REASON)
    return _slip_page(request, desk, done)


@router.get("/checks/{slip_no}/slip.pdf")
def paper_slip(request: Request, slip_no: str, caller: CallerIn, desk: DeskIn) -> Response:
    """The slip on paper."""
    done = checks_of(request).open(asker_of(caller), slip_no, "print", NO_REASON)
    return pdf_response(desk, done)


@router.post("/checks/{slip_no}/watch")
def watch_household(request: Request, slip_no: str, caller: CallerIn, desk: DeskIn) -> Response:
    """Watch the household of an approved application."""
    watch_slip(request, caller, desk, slip_no)
    return RedirectResponse(f"/checks/{slip_no}", HTTPStatus.SEE_OTHER)


def watch_slip(request: Request, caller: Caller, desk: Desk, slip_no: str) -> CheckDone:
    """Watch the household of a slip; only an application's can become a new case."""
    done = checks_of(request).open(asker_of(caller), slip_no, "watch", NO_REASON)
    if done.kind != APPLICATION:
        raise HeduiError("watch_not_application", slip_no=done.slip_no)
    watch(desk.ledger, done.slip_no, caller.user.name, frozenset(done.people), at=desk.now())
    return done


def pdf_response(desk: Desk, done: CheckDone) -> Response:
    """The slip as a download; its name says nothing of anybody."""
    made = print_slip(desk.ledger, done.slip)
    name = f'attachment; filename="{done.slip_no}.pdf"'
    return Response(made, media_type="application/pdf", headers={"Content-Disposition": name})


def _slip_page(request: Request, desk: Desk, done: CheckDone) -> Response:
    watched = is_watched(desk.ledger, done.slip_no)
    return page(request, "slip.html", done=done, slip=done.slip, is_watched=watched)
