"""One's own password: whoever was given one by the administrator makes it their own."""

from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from domain.errors import HeduiError
from service.auth import LEAST_PASSWORD, MOST_PASSWORD, change_password
from service.gate import COOKIE, CallerIn, DeskIn
from service.look_book import NO_REASON
from service.pages import page
from store.access_log import Look, note_look

router = APIRouter(prefix="/password", include_in_schema=False)
Secret = Annotated[str, Form(max_length=MOST_PASSWORD)]
_REASKED: Final = frozenset(
    {"password_wrong", "password_weak", "password_same", "password_differs"}
)


@router.get("")
def show_form(request: Request) -> Response:
    """The form: the old password, the new one twice."""
    return _form(request, HTTPStatus.OK, "")


@router.post("")
def change(
    request: Request,
    caller: CallerIn,
    desk: DeskIn,
    old: Secret = "",
    new: Secret = "",
    again: Secret = "",
) -> Response:
    """Change it, note it, end every session; signing in with the new one comes next."""
    name, at = caller.user.name, desk.now()
    try:
        if new != again:
            raise HeduiError("password_differs")
        change_password(desk.ledger, name, old, new, at=at)
    except HeduiError as error:
        if error.key not in _REASKED:
            raise
        return _form(request, HTTPStatus.BAD_REQUEST, str(error))
    look = Look(name, "password_changed", NO_REASON, origin=caller.origin, target=name)
    note_look(desk.ledger, look, at=at)
    response = RedirectResponse("/sign-in", HTTPStatus.SEE_OTHER)
    response.delete_cookie(COOKIE)
    return response


def _form(request: Request, status: int, message: str) -> Response:
    return page(request, "password.html", status, message=message, least=LEAST_PASSWORD)
