"""The web application: routes, gate, headers, and how a failure becomes an answer."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any, Final

import structlog
from anyio.to_thread import current_default_thread_limiter
from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from domain.errors import HeduiError
from domain.wording import joined, text
from service.access_rules import hold_to_rules
from service.body_limit import BodyLimit
from service.checks import CheckService
from service.debugging import is_debugging, print_trace
from service.desk import Desk
from service.gate import pass_gate, recognise
from service.pages import STATIC, page
from service.refusal import Refused
from service.return_to import sign_in_address
from service.routes import check_api, checks, decisions, findings, home, looks, password, users
from service.settings import HEADERS, NOT_KEPT

API: Final = "/api/"
_NO_ANSWER: Final = frozenset(
    {"ledger_unavailable", "ledger_full", "anchors_unwritable", "anchors_unreadable",
     "access_key_damaged", "snapshot_none", "snapshot_gone", "snapshot_older",
     "snapshot_unreadable"}
)  # fmt: skip
_ROUTERS: Final = tuple(
    module.router
    for module in (home, findings, decisions, checks, check_api, looks, password, users)
)
_OTHERS: Final = 40  # threads for everything that is no check
Next = Callable[[Request], Awaitable[Response]]
_log = structlog.get_logger("hedui.service")


def build_app(desk: Desk) -> FastAPI:
    """The application over an open desk. Raises HeduiError where a route has no access rule."""
    app = FastAPI(
        title="核对 Hedui",
        description=text("web.api.description"),
        version="1",
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        dependencies=[Depends(pass_gate)],
        lifespan=_lifespan,
    )
    app.state.desk = desk
    app.state.checks = CheckService(desk)
    for router in _ROUTERS:
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.middleware("http")(_with_headers)
    app.add_middleware(BodyLimit)
    app.add_exception_handler(HeduiError, _refuse)
    app.add_exception_handler(RequestValidationError, _refuse_values)
    app.add_exception_handler(HTTPException, _refuse_http)
    hold_to_rules(routes_of(app))
    return app


def routes_of(app: FastAPI) -> set[tuple[str, str]]:
    """Every method and path that is answered; an included router is asked for its own routes."""
    own = [route for route in app.routes if getattr(route, "path", None)]
    found: set[tuple[str, str]] = set()
    for route in (*own, *(route for router in _ROUTERS for route in router.routes)):
        methods = getattr(route, "methods", None) or {"GET"}
        found |= {(method, str(getattr(route, "path", ""))) for method in methods - {"HEAD"}}
    return found


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    desk: Desk = app.state.desk
    limits = desk.settings.limits
    # a check that waits holds its thread: there must be more of these than may wait
    threads = current_default_thread_limiter()
    threads.total_tokens = max(threads.total_tokens, limits.at_once + limits.waiting + _OTHERS)
    desk.looks.anchor_when_due(desk.now())
    yield


async def _with_headers(request: Request, call_next: Next) -> Response:
    try:
        response = await call_next(request)
    except Exception as error:  # noqa: BLE001 - the edge: named, and answered without its text
        response = _fail(request, error)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if not request.url.path.startswith("/static/"):
        for name, value in NOT_KEPT.items():
            response.headers.setdefault(name, value)
    return response


def _refuse(request: Request, error: Any) -> Response:
    status, headers = _status_of(error)
    is_page = not request.url.path.startswith(API)
    if is_page and status == HTTPStatus.UNAUTHORIZED:
        if _is_part(request):  # a part of a page: the browser is to leave the page itself
            return Response(status_code=HTTPStatus.NO_CONTENT, headers={"HX-Redirect": "/sign-in"})
        if request.method == "GET":
            return RedirectResponse(sign_in_address(_wanted(request)), HTTPStatus.SEE_OTHER)
    message = str(error)
    if is_page and status == HTTPStatus.UNAUTHORIZED:
        message = text("web.error.session_over")  # of a form: what was typed is still a page back
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        _log.error("not answered", reason=error.key)
        message = text("web.error.unavailable")
    return _answer(request, status, error.key, message, headers)


def _status_of(error: HeduiError) -> tuple[int, dict[str, str]]:
    if isinstance(error, Refused):
        return error.status, error.headers
    if error.key in _NO_ANSWER:
        return HTTPStatus.SERVICE_UNAVAILABLE, {"Retry-After": "30"}
    if error.key == "sign_in_refused":
        return HTTPStatus.UNAUTHORIZED, {}
    return HTTPStatus.BAD_REQUEST, {}


def _refuse_values(request: Request, error: Any) -> Response:
    """Which fields, never what stood in them: it may be somebody's number."""
    fields = sorted({".".join(str(part) for part in one["loc"][1:]) for one in error.errors()})
    known = joined(field for field in fields if field) or text("web.error.body")
    message = text("web.error.fields", fields=known)
    return _answer(request, HTTPStatus.UNPROCESSABLE_ENTITY, "bad_request", message, {})


def _refuse_http(request: Request, error: Any) -> Response:
    status = error.status_code
    key = "not_found_here" if status == HTTPStatus.NOT_FOUND else "bad_request"
    message = text("web.error.no_page" if status == HTTPStatus.NOT_FOUND else "web.error.http")
    return _answer(request, status, key, message, dict(error.headers or {}))


def _fail(request: Request, error: Exception) -> Response:
    """Named by its kind and place only: an exception's text may hold somebody's values."""
    _log.error("internal error", kind=type(error).__name__)
    if is_debugging():
        print_trace(error)
    message = text("web.error.internal")
    return _answer(request, HTTPStatus.INTERNAL_SERVER_ERROR, "internal", message, {})


def _answer(
    request: Request, status: int, key: str, message: str, headers: dict[str, str]
) -> Response:
    if request.url.path.startswith(API):
        body = {"error": key, "message": message}
        return JSONResponse(body, status_code=status, headers=headers)
    recognise(request)
    template = "error_part.html" if _is_part(request) else "error.html"
    response = page(request, template, status, message=message)
    if _is_part(request):  # what was refused is no address to come back to
        response.headers["HX-Push-Url"] = "false"
    response.headers.update(headers)
    return response


def _is_part(request: Request) -> bool:
    """Whether htmx asks for a part of a page that is open."""
    return request.headers.get("hx-request") == "true"


def _wanted(request: Request) -> str:
    """The address that was asked for, with its query."""
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")
