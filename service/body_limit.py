"""No request body beyond a bound, declared or streamed."""

from http import HTTPStatus

from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from domain.wording import text
from service.settings import HEADERS, MAX_BODY_BYTES, NOT_KEPT


class BodyLimit:
    """An ASGI middleware that answers 413 to what is larger than ``MAX_BODY_BYTES``.

    A body is taken in whole before anything looks at it: it is small, or refused.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through when its body keeps within the bound."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        try:
            body = None if _declares_too_much(scope) else await _take(receive)
        except ClientDisconnect:
            return  # nobody hears an answer, and half of what was sent is not what was asked
        if body is None:
            await _refuse(scope, receive, send)
            return
        await self.app(scope, _given(body, receive), send)


def _declares_too_much(scope: Scope) -> bool:
    declared = dict(scope["headers"]).get(b"content-length", b"0")
    return not declared.isdigit() or int(declared) > MAX_BODY_BYTES


async def _take(receive: Receive) -> bytes | None:
    """The whole body; None where it goes beyond the bound. Raises ClientDisconnect."""
    taken = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        taken += message.get("body", b"")
        if len(taken) > MAX_BODY_BYTES:
            return None
        if not message.get("more_body", False):
            return bytes(taken)


def _given(body: bytes, receive: Receive) -> Receive:
    """The body as one message, then whatever else comes (a disconnect)."""
    has_given = False

    async def give() -> Message:
        nonlocal has_given
        if has_given:
            return await receive()
        has_given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return give


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    message = text("errors.body_too_large", most=MAX_BODY_BYTES)
    response = JSONResponse(
        {"error": "body_too_large", "message": message},
        status_code=HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        headers={**HEADERS, **NOT_KEPT},
    )
    await response(scope, receive, send)
