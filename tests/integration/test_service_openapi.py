"""Whatever is sent, the API answers as described: generated requests for each role."""

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import CHECKS
from served import served

from service.roles import Role
from service.settings import CheckLimits
from store.access_log import first_bad_entry

TRIED = 6
HELD_TO = CHECKS.get_by_names(
    [
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_schema_conformance",
    ]
)


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


api = schemathesis.pytest.from_fixture("described")


@pytest.mark.parametrize("role", [*Role, None], ids=[*Role, "nobody"])
@api.exclude(path_regex="sessions").parametrize()
@settings(
    max_examples=TRIED,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_one_that_is_described(case, role, open_service):
    headers = open_service.as_role(role) if role else {}
    response = case.call(headers=headers)
    case.validate_response(response, checks=list(HELD_TO))
    if role is None:
        assert response.status_code in (401, 422)
    if role is Role.ADMINISTRATOR:
        assert response.status_code in (403, 422)


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
