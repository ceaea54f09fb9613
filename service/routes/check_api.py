"""The check for programs: `POST /api/v1/checks` and what follows from it."""

from datetime import date
from decimal import Decimal
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from domain.codes import MemberKind, Relation, Scheme
from pipelines.typed_people import TypedHousehold, TypedPerson
from service.check_request import CheckDone, CheckRequest
from service.gate import CallerIn, DeskIn
from service.look_book import NO_REASON
from service.persons import MOST_PERSONS, MOST_TEXT, TOO_MUCH_YUAN, TOWNSHIP
from service.routes.checks import asker_of, checks_of, pdf_response, watch_slip
from service.routes.home import ErrorReply
from service.settings import PAGE_SIZE, PAGE_SIZE_MAX

router = APIRouter(prefix="/api/v1/checks")
_REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": ErrorReply} for status in (400, 401, 403, 404, 409, 413, 422, 429, 503)
}


class PersonAsked(BaseModel):
    """A person typed in; relation and kind by the agreement's codes."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=MOST_TEXT, description="姓名")
    id_no: str = Field("", max_length=MOST_TEXT, description="身份证号")
    relation: Relation
    member_kind: MemberKind = "1"
    declared_income_yuan: Decimal | None = Field(None, ge=0, lt=TOO_MUCH_YUAN, decimal_places=2)
    authorised_on: date | None = Field(None, description="授权书签署日期；没有的不予核对")


class PersonsAsked(BaseModel):
    """A household typed in."""

    model_config = ConfigDict(extra="forbid")

    township_code: str = Field(pattern=f"^{TOWNSHIP}$")
    scheme: Scheme
    persons: list[PersonAsked] = Field(min_length=1, max_length=MOST_PERSONS)

    def household(self) -> TypedHousehold:
        """As the check takes it."""
        people = tuple(TypedPerson(**one.model_dump()) for one in self.persons)
        return TypedHousehold(self.township_code, self.scheme, people)


class CheckAsked(BaseModel):
    """A check: of one application (在办申请), one case (复核) or persons typed in; one of them."""

    model_config = ConfigDict(extra="forbid")

    purpose: str = Field(min_length=1, max_length=120, description="核对目的")
    authorisation: str = Field(min_length=1, max_length=120, description="授权书编号或日期")
    application_no: str | None = Field(None, min_length=1, max_length=40, description="申请号")
    case_no: str | None = Field(None, min_length=1, max_length=40, description="救助证号")
    household: PersonsAsked | None = Field(None, description="录入的家庭")


class CheckReply(BaseModel):
    """A check that was answered. ``slip`` is the 核对报告, masked, with its content hash."""

    slip_no: str
    kind: str
    target: str | None
    conclusion: str = Field(description="agrees 相符, differs 不符, to_verify 需核实")
    valid_until: str
    content_hash: str
    slip: dict[str, Any]


class CheckLine(BaseModel):
    """One of the caller's checks."""

    slip_no: str
    asked_at: str
    kind: str
    target: str | None
    conclusion: str
    valid_until: str


class CheckListReply(BaseModel):
    """One page of the caller's checks."""

    page: int
    total: int
    checks: list[CheckLine]


@router.post("", status_code=HTTPStatus.CREATED, responses=_REFUSALS)
def create_check(
    request: Request,
    asked: CheckAsked,
    caller: CallerIn,
    idempotency_key: Annotated[
        str | None,
        Header(min_length=8, max_length=80, pattern=r"^[A-Za-z0-9._:-]+$", description="幂等键"),
    ] = None,
) -> CheckReply:
    """Check one household. The access log is written before the answer is given.

    A number that nobody has and one outside the caller's divisions get the same 404. With the same
    ``Idempotency-Key`` the same request gives the same slip again.
    """
    wanted = CheckRequest(
        asked.purpose,
        asked.authorisation,
        asked.case_no,
        asked.application_no,
        asked.household.household() if asked.household else None,
        idempotency_key,
    )
    return _reply(checks_of(request).check(asker_of(caller), wanted))


@router.get("", responses=_REFUSALS)
def list_checks(
    request: Request,
    caller: CallerIn,
    page_no: Annotated[int, Query(alias="page", ge=1, le=1_000_000)] = 1,
    size: Annotated[int, Query(ge=1, le=PAGE_SIZE_MAX)] = PAGE_SIZE,
) -> CheckListReply:
    """The caller's own checks, newest first."""
    done, total = checks_of(request).mine(asker_of(caller), page=page_no, size=size)
    lines = [
        CheckLine(
            slip_no=one.slip_no,
            asked_at=one.asked_at.isoformat(),
            kind=one.kind,
            target=one.target,
            conclusion=one.conclusion,
            valid_until=one.valid_until.isoformat(),
        )
        for one in done
    ]
    return CheckListReply(page=page_no, total=total, checks=lines)


@router.get("/{slip_no}", responses=_REFUSALS)
def get_check(request: Request, slip_no: str, caller: CallerIn) -> CheckReply:
    """A check that was answered before."""
    return _reply(checks_of(request).open(asker_of(caller), slip_no, "slip", NO_REASON))


@router.get(
    "/{slip_no}/slip.pdf",
    response_class=Response,
    responses={**_REFUSALS, 200: {"content": {"application/pdf": {}}}},
)
def get_paper_slip(request: Request, slip_no: str, caller: CallerIn, desk: DeskIn) -> Response:
    """The slip on paper."""
    done = checks_of(request).open(asker_of(caller), slip_no, "print", NO_REASON)
    return pdf_response(desk, done)


@router.post("/{slip_no}/watch", status_code=HTTPStatus.NO_CONTENT, responses=_REFUSALS)
def watch_household(request: Request, slip_no: str, caller: CallerIn, desk: DeskIn) -> Response:
    """Watch the household of an approved application from now on."""
    watch_slip(request, caller, desk, slip_no)
    return Response(status_code=HTTPStatus.NO_CONTENT)


def _reply(done: CheckDone) -> CheckReply:
    return CheckReply(
        slip_no=done.slip_no,
        kind=done.kind,
        target=done.target,
        conclusion=done.conclusion,
        valid_until=done.valid_until.isoformat(),
        content_hash=done.content_hash,
        slip=done.slip,
    )
