"""Who may use which route: one line a route. A route without a line keeps the service shut."""

from collections.abc import Iterable, Mapping
from typing import Final

from domain.errors import HeduiError
from service.roles import Role

Roles = frozenset[Role]
PUBLIC: Final = None  # no session wanted
ALL: Final[Roles] = frozenset(Role)
OFFICERS: Final[Roles] = frozenset({Role.TOWNSHIP, Role.COUNTY})
READERS: Final[Roles] = OFFICERS | {Role.AUDITOR}
SUPERVISORS: Final[Roles] = frozenset({Role.COUNTY, Role.AUDITOR})
AUDITORS: Final[Roles] = frozenset({Role.AUDITOR})
ADMINISTRATORS: Final[Roles] = frozenset({Role.ADMINISTRATOR})

RULES: Final[Mapping[tuple[str, str], Roles | None]] = {
    ("GET", "/healthz"): PUBLIC,
    ("GET", "/static"): PUBLIC,
    ("GET", "/sign-in"): PUBLIC,
    ("POST", "/sign-in"): PUBLIC,
    ("POST", "/sign-out"): ALL,
    ("GET", "/"): ALL,
    ("GET", "/password"): ALL,
    ("POST", "/password"): ALL,
    ("GET", "/findings"): READERS,
    ("GET", "/findings.xlsx"): READERS,
    ("GET", "/findings/{finding_id}"): READERS,
    ("POST", "/findings/{finding_id}/decide"): READERS,
    ("POST", "/findings/{finding_id}/unmask"): OFFICERS,
    ("POST", "/findings/{finding_id}/links"): READERS,
    ("GET", "/checks/new"): OFFICERS,
    ("POST", "/checks"): OFFICERS,
    ("GET", "/checks"): OFFICERS,
    ("GET", "/checks/{slip_no}"): READERS,
    ("GET", "/checks/{slip_no}/slip.pdf"): READERS,
    ("POST", "/checks/{slip_no}/watch"): OFFICERS,
    ("GET", "/looks"): AUDITORS,
    ("GET", "/looks/unusual"): SUPERVISORS,
    ("GET", "/users"): ADMINISTRATORS,
    ("POST", "/users/{name}/disable"): ADMINISTRATORS,
    ("POST", "/users/{name}/enable"): ADMINISTRATORS,
    ("POST", "/users/{name}/sign-out"): ADMINISTRATORS,
    ("GET", "/api/openapi.json"): PUBLIC,
    ("POST", "/api/v1/sessions"): PUBLIC,
    ("DELETE", "/api/v1/sessions/current"): ALL,
    ("GET", "/api/v1/findings"): READERS,
    ("GET", "/api/v1/findings/{finding_id}"): READERS,
    ("POST", "/api/v1/checks"): OFFICERS,
    ("GET", "/api/v1/checks"): OFFICERS,
    ("GET", "/api/v1/checks/{slip_no}"): READERS,
    ("GET", "/api/v1/checks/{slip_no}/slip.pdf"): READERS,
    ("POST", "/api/v1/checks/{slip_no}/watch"): OFFICERS,
}


def hold_to_rules(routes: Iterable[tuple[str, str]]) -> None:
    """Raise HeduiError ``route_without_rule`` or ``rule_without_route`` where the two differ."""
    known = set(routes)
    for method, path in sorted(known - RULES.keys()):
        raise HeduiError("route_without_rule", route=f"{method} {path}")
    for method, path in sorted(RULES.keys() - known):
        raise HeduiError("rule_without_route", route=f"{method} {path}")
