"""The access log for auditors, and what was unusual for the supervisor each morning."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from pipelines.typed_people import CASE_NO
from service.gate import CallerIn, DeskIn
from service.pages import page
from service.roles import Role
from service.unusual import unusual_on
from store.access_log import entry_count, newest_looks
from store.users import User, all_users

router = APIRouter()
_SHOWN = 100


@router.get("/looks/unusual", include_in_schema=False)
def show_unusual(
    request: Request, caller: CallerIn, desk: DeskIn, day: Annotated[date | None, Query()] = None
) -> Response:
    """Unusual looking of a day (yesterday, unless said) by the staff whom the caller supervises."""
    on = day or desk.today() - timedelta(days=1)
    staff = {user.name: user for user in all_users(desk.ledger)}
    found = [one for one in unusual_on(desk.ledger, on) if _supervises(caller, staff, one.who)]
    names = {name: user.full_name for name, user in staff.items()}
    return page(request, "unusual.html", found=found, names=names, day=on, today=desk.today())


@router.get("/looks", include_in_schema=False)
def show_looks(
    request: Request,
    desk: DeskIn,
    caller: CallerIn,
    page_no: Annotated[int, Query(alias="page", ge=1, le=1_000_000)] = 1,
) -> Response:
    """The log itself, newest first, in pages; it names staff and reasons, nobody looked at.

    An auditor of one division sees what its staff did.
    """
    staff = {user.name: user for user in all_users(desk.ledger)}
    by = None if _sees_all(caller) else {who for who in staff if _supervises(caller, staff, who)}
    pages = max(1, -(-entry_count(desk.ledger, by=by) // _SHOWN))
    page_no = min(page_no, pages)
    return page(
        request,
        "looks.html",
        entries=newest_looks(desk.ledger, skip=(page_no - 1) * _SHOWN, count=_SHOWN, by=by),
        names={name: user.full_name for name, user in staff.items()},
        page_no=page_no,
        pages=pages,
        typed_in=CASE_NO,
        division=None if by is None else caller.user.division,
    )


def _sees_all(caller: CallerIn) -> bool:
    return caller.role is Role.AUDITOR and caller.user.division is None


def _supervises(caller: CallerIn, staff: Mapping[str, User], who: str) -> bool:
    """An auditor all staff; a county officer those whose division lies in theirs."""
    if _sees_all(caller):
        return True
    user = staff.get(who)
    return caller.covers(user.division if user else None)
