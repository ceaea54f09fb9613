"""What each route and each command shows: one line each. Where people are shown, the log is first.

A route or command without a line fails the tests, and so does one that shows people and writes
nothing into the log about them (tests/integration/test_looks_are_noted.py).
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Shows(StrEnum):
    """What may be read off an answer."""

    PEOPLE = "people"  # somebody's facts: noted before the answer, with their pseudonyms
    COUNTS = "counts"  # how many, how well, since when; nobody in particular
    STAFF = "staff"  # accounts, and what the log has of the staff's looking
    NOTHING = "nothing"  # forms, rules, weights, whether a file is genuine


ROUTES: Final[Mapping[tuple[str, str], Shows]] = {
    ("GET", "/healthz"): Shows.NOTHING,
    ("GET", "/static"): Shows.NOTHING,
    ("GET", "/sign-in"): Shows.NOTHING,
    ("POST", "/sign-in"): Shows.NOTHING,
    ("POST", "/sign-out"): Shows.NOTHING,
    ("GET", "/"): Shows.NOTHING,
    ("GET", "/password"): Shows.NOTHING,
    ("POST", "/password"): Shows.NOTHING,
    ("GET", "/findings"): Shows.PEOPLE,
    ("GET", "/findings.xlsx"): Shows.PEOPLE,
    ("GET", "/findings/{finding_id}"): Shows.PEOPLE,
    ("POST", "/findings/{finding_id}/decide"): Shows.PEOPLE,
    ("POST", "/findings/{finding_id}/unmask"): Shows.PEOPLE,
    ("POST", "/findings/{finding_id}/links"): Shows.PEOPLE,
    ("GET", "/checks/new"): Shows.NOTHING,
    ("POST", "/checks"): Shows.PEOPLE,
    ("GET", "/checks"): Shows.PEOPLE,
    ("GET", "/checks/{slip_no}"): Shows.PEOPLE,
    ("GET", "/checks/{slip_no}/slip.pdf"): Shows.PEOPLE,
    ("POST", "/checks/{slip_no}/watch"): Shows.PEOPLE,
    ("GET", "/looks"): Shows.STAFF,
    ("GET", "/looks/unusual"): Shows.STAFF,
    ("GET", "/users"): Shows.STAFF,
    ("POST", "/users/{name}/disable"): Shows.STAFF,
    ("POST", "/users/{name}/enable"): Shows.STAFF,
    ("POST", "/users/{name}/sign-out"): Shows.STAFF,
    ("GET", "/api/openapi.json"): Shows.NOTHING,
    ("POST", "/api/v1/sessions"): Shows.NOTHING,
    ("DELETE", "/api/v1/sessions/current"): Shows.NOTHING,
    ("GET", "/api/v1/findings"): Shows.PEOPLE,
    ("GET", "/api/v1/findings/{finding_id}"): Shows.PEOPLE,
    ("POST", "/api/v1/checks"): Shows.PEOPLE,
    ("GET", "/api/v1/checks"): Shows.PEOPLE,
    ("GET", "/api/v1/checks/{slip_no}"): Shows.PEOPLE,
    ("GET", "/api/v1/checks/{slip_no}/slip.pdf"): Shows.PEOPLE,
    ("POST", "/api/v1/checks/{slip_no}/watch"): Shows.PEOPLE,
}

# `run` writes the night's masked reports into the workspace and shows counts: nobody has asked for
# anybody then, and who opens a file there is for the folder's own permissions.
COMMANDS: Final[Mapping[str, Shows]] = {
    "simulate": Shows.NOTHING,
    "run": Shows.COUNTS,
    "findings": Shows.PEOPLE,
    "links": Shows.PEOPLE,
    "answers": Shows.PEOPLE,
    "evaluate": Shows.PEOPLE,  # with --errors; else counts
    "why": Shows.PEOPLE,
    "whynot": Shows.PEOPLE,
    "review export": Shows.PEOPLE,
    "review import": Shows.COUNTS,
    "trace": Shows.PEOPLE,
    "preview": Shows.PEOPLE,
    "rules list": Shows.NOTHING,
    "rules show": Shows.NOTHING,
    "rules test": Shows.NOTHING,
    "check": Shows.PEOPLE,
    "verify-slip": Shows.NOTHING,
    "serve": Shows.NOTHING,
    "users add": Shows.STAFF,
    "users list": Shows.STAFF,
    "users disable": Shows.STAFF,
    "users enable": Shows.STAFF,
    "users reset": Shows.STAFF,
    "log show": Shows.STAFF,
    "log verify": Shows.COUNTS,
    "log anchor": Shows.NOTHING,
    "log subject": Shows.PEOPLE,  # that somebody was looked at is a fact about them
    "log unusual": Shows.STAFF,
    "model fit": Shows.NOTHING,
    "model show": Shows.NOTHING,
    "sources check": Shows.COUNTS,
    "deliveries list": Shows.COUNTS,
    "deliveries show": Shows.COUNTS,
    "deliveries release": Shows.COUNTS,
    "deliveries feedback": Shows.PEOPLE,
    "deliveries quality": Shows.COUNTS,
    "deliveries scorecard": Shows.COUNTS,
}
