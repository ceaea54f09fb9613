"""Signing in and out, the first page, and whether the service is alive."""

import hmac
import secrets
import time
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from domain.errors import HeduiError
from service.auth import sign_in
from service.gate import COOKIE, SIGN_IN_COOKIE, CallerIn, DeskIn, origin_of, sent_token
from service.look_book import NO_REASON
from service.pages import page
from service.refusal import Refused
from service.return_to import page_of_ours
from service.roles import Role
from store.access_log import Look, note_look
from store.users import LONGEST, end_session

router = APIRouter()
REFUSED_SECONDS: Final = 0.25
Wanted = Annotated[str, Query(alias="next", max_length=400)]
_HOME = {
    Role.TOWNSHIP: "/findings",
    Role.COUNTY: "/findings",
    Role.AUDITOR: "/looks/unusual",
    Role.ADMINISTRATOR: "/users",
}


@router.get("/healthz", include_in_schema=False)
def is_alive() -> JSONResponse:
    """Whether the process answers; says nothing of anybody."""
    return JSONResponse({"status": "ok"})


@router.get("/", include_in_schema=False)
def first_page(caller: CallerIn) -> RedirectResponse:
    """To the page of the caller's role."""
    return RedirectResponse(_HOME[caller.role], HTTPStatus.SEE_OTHER)


@router.get("/sign-in", include_in_schema=False)
def show_sign_in(request: Request, desk: DeskIn, wanted: Wanted = "") -> Response:
    """The sign-in form, with a token of its own; ``next`` is the page to go to afterwards."""
    return _sign_in_form(request, desk, HTTPStatus.OK, "", wanted)


@router.post("/sign-in", include_in_schema=False)
async def take_sign_in(
    request: Request,
    desk: DeskIn,
    name: Annotated[str, Form(max_length=64)] = "",
    password: Annotated[str, Form(max_length=200)] = "",
    wanted: Wanted = "",
) -> Response:
    """Check the password; to the wanted page with a session (else the first), or to the form."""
    mine = request.cookies.get(SIGN_IN_COOKIE, "")
    if not mine or not hmac.compare_digest(mine.encode(), (await sent_token(request)).encode()):
        raise Refused(HTTPStatus.FORBIDDEN, "form_expired")
    try:
        origin = origin_of(request)
        secret = await run_in_threadpool(_try, desk, name, password, "page", origin)
    except HeduiError as error:
        if error.key != "sign_in_refused":
            raise
        return _sign_in_form(request, desk, HTTPStatus.UNAUTHORIZED, str(error), wanted)
    response = RedirectResponse(page_of_ours(wanted) or "/", HTTPStatus.SEE_OTHER)
    response.set_cookie(
        COOKIE,
        secret,
        max_age=int(LONGEST.total_seconds()),
        httponly=True,
        secure=desk.settings.is_secure,
        samesite="strict",
    )
    response.delete_cookie(SIGN_IN_COOKIE)
    return response


@router.post("/sign-out", include_in_schema=False)
def sign_out(caller: CallerIn, desk: DeskIn) -> Response:
    """End the session here and in the store."""
    end_session(desk.ledger, caller.signed_in.session_hash, at=desk.now())
    response = RedirectResponse("/sign-in", HTTPStatus.SEE_OTHER)
    response.delete_cookie(COOKIE)
    return response


class SessionRequest(BaseModel):
    """Name and password of an account."""

    name: str = Field(min_length=1, max_length=64)
    password: str = Field(min_length=1, max_length=200)


class SessionReply(BaseModel):
    """A bearer token for the ``Authorization`` header; it ends after half an hour without use."""

    token: str
    token_type: str = "bearer"  # noqa: S105 - what sort of token it is


class ErrorReply(BaseModel):
    """Why a request was not answered; the message is worded for people."""

    error: str
    message: str


@router.post(
    "/api/v1/sessions",
    status_code=HTTPStatus.CREATED,
    responses={401: {"model": ErrorReply}, 413: {"model": ErrorReply}},
)
def begin_api_session(request: Request, asked: SessionRequest, desk: DeskIn) -> SessionReply:
    """Sign in for the API."""
    return SessionReply(token=_try(desk, asked.name, asked.password, "api", origin_of(request)))


@router.delete(
    "/api/v1/sessions/current",
    status_code=HTTPStatus.NO_CONTENT,
    responses={401: {"model": ErrorReply}},
)
def end_api_session(caller: CallerIn, desk: DeskIn) -> Response:
    """Revoke the token in use."""
    end_session(desk.ledger, caller.signed_in.session_hash, at=desk.now())
    return Response(status_code=HTTPStatus.NO_CONTENT)


def _try(desk: DeskIn, name: str, password: str, kind: str, origin: str) -> str:
    """Sign in, and note it either way; a name nobody has is not written down.

    A refusal takes a fixed time, longer than the work: to count a failure of a name that somebody
    has costs a write more than to find that nobody has it.
    """
    began = time.monotonic()
    try:
        secret = sign_in(desk.ledger, name, password, kind=kind, at=desk.now())
    except HeduiError:
        _note(desk, "-", "sign_in_refused", origin)
        took = time.monotonic() - began
        time.sleep(REFUSED_SECONDS - took % REFUSED_SECONDS)
        raise
    _note(desk, name, "sign_in", origin)
    return secret


def _note(desk: DeskIn, who: str, action: str, origin: str) -> None:
    note_look(desk.ledger, Look(who, action, NO_REASON, origin), at=desk.now())


def _sign_in_form(
    request: Request, desk: DeskIn, status: int, message: str, wanted: str
) -> Response:
    token = secrets.token_urlsafe(24)
    response = page(
        request,
        "sign_in.html",
        status,
        message=message,
        sign_in_token=token,
        wanted=page_of_ours(wanted),
    )
    response.set_cookie(
        SIGN_IN_COOKIE,
        token,
        max_age=3600,
        httponly=True,
        secure=desk.settings.is_secure,
        samesite="strict",
    )
    return response
