"""The gate every request passes: who asks, may they use this route, is the form our own."""

import hmac
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool

from domain.errors import HeduiError
from service.access_rules import PUBLIC, RULES
from service.desk import Desk
from service.refusal import Refused
from service.roles import Caller
from store.users import session_of

COOKIE: Final = "hedui_session"
SIGN_IN_COOKIE: Final = "hedui_sign_in"
CSRF_FIELD: Final = "csrf_token"
CSRF_HEADER: Final = "x-csrf-token"
_BEARER: Final = "bearer "
_SAFE: Final = frozenset({"GET", "HEAD"})


def desk_of(request: Request) -> Desk:
    """The open desk of the running service."""
    desk: Desk = request.app.state.desk
    return desk


async def pass_gate(request: Request) -> None:
    """Hold a request to the rule of its route; the caller is then ``request.state.caller``.

    Raises Refused: 401 without a live session, 403 for another role or a form that is not ours.
    """
    path = request.scope["route"].path
    allowed = RULES[request.method, path]
    request.state.caller = None
    if allowed is PUBLIC:
        return
    # Beside the loop: a session that was last seen a while ago is written, and a night may publish.
    caller, is_cookie = await run_in_threadpool(_caller, request)
    if caller is None:
        raise Refused(HTTPStatus.UNAUTHORIZED, "not_signed_in")
    request.state.caller = caller  # also of a refusal's page, which leads back
    if caller.role not in allowed:
        raise Refused(HTTPStatus.FORBIDDEN, "not_allowed")
    if is_cookie and request.method not in _SAFE:
        await _hold_to_csrf(request, caller.signed_in.csrf_token)


def recognise(request: Request) -> None:
    """Put who asks into ``request.state.caller`` where no route led through the gate.

    For the page of an address that is none: it has the menu of whoever asks. Nobody where the
    ledger cannot be asked, since the page says nothing that wants a caller.
    """
    if getattr(request.state, "caller", None) is None:
        try:
            request.state.caller = _caller(request)[0]
        except HeduiError:
            request.state.caller = None


def current_caller(request: Request) -> Caller:
    """The caller that the gate let through."""
    caller: Caller | None = request.state.caller
    if caller is None:
        raise Refused(HTTPStatus.UNAUTHORIZED, "not_signed_in")
    return caller


CallerIn = Annotated[Caller, Depends(current_caller)]
DeskIn = Annotated[Desk, Depends(desk_of)]


def origin_of(request: Request) -> str:
    """From where the request came; uvicorn has settled forwarded addresses already."""
    return request.client.host if request.client else "-"


async def sent_token(request: Request) -> str:
    """The CSRF token that a request brought, in a header (htmx) or a field of its form."""
    header = request.headers.get(CSRF_HEADER)
    if header:
        return header
    form = await request.form()
    value = form.get(CSRF_FIELD)
    return value if isinstance(value, str) else ""


def _caller(request: Request) -> tuple[Caller | None, bool]:
    """The caller, and whether a browser sent their secret by itself (so that CSRF matters)."""
    header = request.headers.get("authorization", "")
    is_bearer = header.lower().startswith(_BEARER)
    secret = header[len(_BEARER) :].strip() if is_bearer else request.cookies.get(COOKIE)
    if not secret:
        return None, False
    desk = desk_of(request)
    signed_in = session_of(desk.ledger, secret, at=desk.now())
    if signed_in is None or (signed_in.kind == "api") is not is_bearer:
        return None, False
    return Caller(signed_in, origin_of(request)), not is_bearer


async def _hold_to_csrf(request: Request, expected: str) -> None:
    if not hmac.compare_digest(expected.encode(), (await sent_token(request)).encode()):
        raise Refused(HTTPStatus.FORBIDDEN, "form_expired")
