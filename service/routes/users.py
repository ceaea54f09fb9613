"""Accounts, for the administrator, who sees no case."""

from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from service.gate import CallerIn, DeskIn
from service.pages import page
from store.access_log import Look, note_look
from store.users import all_users, end_all_sessions, set_disabled

router = APIRouter(prefix="/users", include_in_schema=False)


@router.get("")
def list_users(request: Request, desk: DeskIn) -> Response:
    """Every account."""
    return page(request, "users.html", users=all_users(desk.ledger))


@router.post("/{name}/disable")
def disable(name: str, caller: CallerIn, desk: DeskIn) -> Response:
    """Close an account and end its sessions."""
    return _change(desk, caller, name, "user_disabled")


@router.post("/{name}/enable")
def enable(name: str, caller: CallerIn, desk: DeskIn) -> Response:
    """Open an account again."""
    return _change(desk, caller, name, "user_enabled")


@router.post("/{name}/sign-out")
def sign_out_everywhere(name: str, caller: CallerIn, desk: DeskIn) -> Response:
    """End every session of an account."""
    return _change(desk, caller, name, "user_signed_out")


def _change(desk: DeskIn, caller: CallerIn, name: str, action: str) -> Response:
    note_look(
        desk.ledger,
        Look(caller.user.name, action, "-", origin=caller.origin, target=name[:64]),
        at=desk.now(),
    )
    if action == "user_signed_out":
        end_all_sessions(desk.ledger, name, at=desk.now())
    else:
        set_disabled(desk.ledger, name, disabled=action == "user_disabled", at=desk.now())
    return RedirectResponse("/users", HTTPStatus.SEE_OTHER)
