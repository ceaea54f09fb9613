"""Whatever is sent, the API answers as described: generated requests for each role."""

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from served import served

from service.roles import Role
from service.settings import CheckLimits
from store.access_log import first_bad_entry

BOUNDED = settings(
    max_examples=5, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
NEVER_REACHED = (404, 405, 422)  # a path that is no route, a value that is none
HELD_TO = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@pytest.fixture(scope="module")
def open_service(district, tmp_path_factory):
    limits = CheckLimits(a_day=100_000, at_once=4, waiting=100)
    to = tmp_path_factory.mktemp("openapi") / "workspace"
    with served(district.workspace, to, limits) as running:
        yield running
        assert first_bad_entry(running.desk.ledger) is None


@pytest.fixture(scope="module")
def described(open_service):
    return schemathesis.openapi.from_asgi("/api/openapi.json", open_service.client.app)


@pytest.mark.parametrize("role", [*Role, None], ids=[*Role, "nobody"])
def test_every_answer_is_one_that_is_described(role, open_service, described):
    headers = open_service.as_role(role) if role else {}
    tried = set()

    def hold(case) -> None:
        response = case.call(headers=headers)
        case.validate_response(response, checks=HELD_TO)
        tried.add((case.operation.path, response.status_code))
        if role is None:
            assert response.status_code in (401, *NEVER_REACHED)
        if role is Role.ADMINISTRATOR:
            assert response.status_code in (403, *NEVER_REACHED)

    for found in described.get_all_operations():
        operation = found.ok()
        if "sessions" in operation.path:  # it would end the session in use
            continue
        for mode in _modes(operation):
            generated = given(case=operation.as_strategy(generation_mode=mode))(hold)
            BOUNDED(generated)()
    assert len({path for path, _ in tried}) == 6


def _modes(operation) -> list[GenerationMode]:
    """Bad values as well, where there is a value that can be bad: any text may be a number."""
    has_values = any(True for part in (operation.query, operation.body) for _ in part)
    return list(GenerationMode) if has_values else [GenerationMode.POSITIVE]


def test_the_description_names_every_route_of_the_api(open_service):
    described = open_service.client.get("/api/openapi.json").json()["paths"]
    assert sorted(described) == [
        "/api/v1/checks",
        "/api/v1/checks/{slip_no}",
        "/api/v1/checks/{slip_no}/slip.pdf",
        "/api/v1/checks/{slip_no}/watch",
        "/api/v1/findings",
        "/api/v1/findings/{finding_id}",
        "/api/v1/sessions",
        "/api/v1/sessions/current",
    ]
