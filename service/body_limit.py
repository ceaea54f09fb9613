"""No request body beyond a bound, declared or streamed."""

from http import HTTPStatus

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from domain.wording import text
from service.settings import MAX_BODY_BYTES


class _TooLarge(Exception):
    pass


class BodyLimit:
    """An ASGI middleware that answers 413 to what is larger than ``MAX_BODY_BYTES``."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through while its body keeps within the bound."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if not declared.isdigit() or int(declared) > MAX_BODY_BYTES:
            await _refuse(scope, receive, send)
            return
        taken = 0
        has_begun = False

        async def bounded() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > MAX_BODY_BYTES:
                raise _TooLarge
            return message

        async def noted(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self.app(scope, bounded, noted)
        except _TooLarge:
            if not has_begun:
                await _refuse(scope, receive, send)


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    message = text("errors.body_too_large", most=MAX_BODY_BYTES)
    response = JSONResponse(
        {"error": "body_too_large", "message": message},
        status_code=HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    )
    await response(scope, receive, send)
