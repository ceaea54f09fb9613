"""A finding's page in its place: the list it came from, its neighbours, what may be said of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from types import MappingProxyType
from typing import Final

from fastapi import Request
from fastapi.responses import Response

from casework.decisions import LONGEST_CLEARANCE, OUTCOMES
from casework.watched import watch_of
from service.access_rules import READERS
from service.desk import Desk
from service.finding_book import FindingFilter
from service.finding_page import FindingDetail
from service.pages import page
from service.roles import Caller, Role, covers
from store.runs import newest_run
from store.users import User, all_users

OTHERS_SHOWN: Final = 8
_NOTHING_TYPED: Final = dict.fromkeys(("outcome", "heard", "note", "expires_on", "to"), "")
OLD_FROM: Final = 3
"""Days after which a night is old: one that failed and a weekend are no news, a third day is."""


@dataclass(frozen=True, slots=True)
class SnapshotAge:
    """Of which evening the pages speak, and how many days ago that was."""

    as_of: date
    days: int

    @property
    def is_old(self) -> bool:
        """Whether whoever reads should be told."""
        return self.days >= OLD_FROM


def snapshot_age(desk: Desk) -> SnapshotAge | None:
    """Of which evening the pages speak; None before the first night."""
    run = newest_run(desk.ledger)
    return SnapshotAge(run.as_of, (desk.today() - run.as_of).days) if run else None


def names_of_staff(desk: Desk) -> dict[str, str]:
    """Full names by account."""
    return {user.name: user.full_name for user in all_users(desk.ledger)}


def colleagues(desk: Desk, caller: Caller) -> list[tuple[str, str]]:
    """Accounts (name, full name) of those who deal with findings in the caller's division."""
    own = caller.user.division
    return [
        (user.name, user.full_name)
        for user in _readers(desk)
        if user.name == caller.user.name or own is None or caller.covers(user.division)
    ]


def may_take_over(desk: Desk, township: str | None) -> list[tuple[str, str]]:
    """Accounts (name, full name) to whom a finding of ``township`` may be handed over."""
    return [(user.name, user.full_name) for user in _readers(desk) if covers(user, township)]


def _readers(desk: Desk) -> list[User]:
    users = all_users(desk.ledger)
    return [user for user in users if not user.is_disabled and Role(user.role) in READERS]


def finding_page(
    request: Request,
    desk: Desk,
    caller: Caller,
    detail: FindingDetail,
    wanted: FindingFilter,
    *,
    explained: Mapping[str, str] = MappingProxyType({}),
    typed: Mapping[str, str] = MappingProxyType({}),
    message: str = "",
    saved: bool = False,
    status: int = HTTPStatus.OK,
) -> Response:
    """The page of a finding that was opened and noted.

    ``typed`` is given back to who typed it, where it could not be written for the reason that
    ``message`` says.
    """
    _, watched = desk.findings.views()
    others = desk.findings.of_same_household(caller.covers, detail.view)
    return page(
        request,
        "finding.html",
        status,
        detail=detail,
        explained=explained,
        watch=watch_of(detail.view, watched),
        wanted=wanted,
        beside=desk.findings.beside(caller.covers, wanted, detail.view.finding_id),
        others=others[:OTHERS_SHOWN],
        more_others=max(len(others) - OTHERS_SHOWN, 0),
        titles={one.id: one for one in desk.catalogue},
        outcomes=OUTCOMES,
        colleagues=may_take_over(desk, detail.view.township),
        names=names_of_staff(desk),
        today=desk.today(),
        latest=desk.today() + LONGEST_CLEARANCE,
        typed={**_NOTHING_TYPED, **typed},
        message=message,
        saved=saved,
        snapshot=snapshot_age(desk),
    )
