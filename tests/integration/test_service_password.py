"""One's own password is changed by whoever knows the old one, noted, and ends every session."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from served import PASSWORD, Served, served, token_of
from test_service_access import sign_in

from domain.wording import text
from service.auth import hash_password
from service.roles import Role
from store.access_log import looks
from store.users import set_password
from tests.conftest import District

NEW = "battery-staple-43"


@pytest.fixture(scope="module")
def running(district: District, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(district.workspace, tmp_path_factory.mktemp("password") / "w") as service:
        yield service


@pytest.fixture
def service(running: Served) -> Iterator[Served]:
    yield running
    hashed = hash_password(PASSWORD)
    set_password(running.desk.ledger, "liu", hashed, at=datetime.now(UTC))  # unlocks as well


def change(service: Served, token: str, old: str, new: str, again: str):
    form = {"old": old, "new": new, "again": again, "csrf_token": token}
    return service.client.post("/password", data=form)


def test_a_changed_password_counts_from_then_on_and_the_old_sessions_are_over(service):
    api = token_of(service.client, "liu")
    token = sign_in(service.client, Role.COUNTY)
    reply = change(service, token, PASSWORD, NEW, NEW)
    assert (reply.status_code, reply.headers["location"]) == (303, "/sign-in")
    look = looks(service.desk.ledger)[-1].look
    assert (look.who, look.action, look.target) == ("liu", "password_changed", "liu")
    service.client.cookies.clear()
    old = service.client.get("/api/v1/findings", headers={"Authorization": f"Bearer {api}"})
    assert old.status_code == 401
    for password, status in ((PASSWORD, 401), (NEW, 201)):
        asked = {"name": "liu", "password": password}
        assert service.client.post("/api/v1/sessions", json=asked).status_code == status


@pytest.mark.parametrize(
    ("old", "new", "again", "key"),
    [
        ("wrong-password-1", NEW, NEW, "password_wrong"),
        (PASSWORD, NEW, NEW + "x", "password_differs"),
        (PASSWORD, PASSWORD, PASSWORD, "password_same"),
        (PASSWORD, "short", "short", "password_weak"),
    ],
)
def test_what_will_not_do_is_said_and_changes_nothing(service, old, new, again, key):
    token = sign_in(service.client, Role.COUNTY)
    reply = change(service, token, old, new, again)
    assert reply.status_code == 400
    assert text(f"errors.{key}", least=12) in reply.text
    assert new not in reply.text
    asked = {"name": "liu", "password": PASSWORD}
    assert service.client.post("/api/v1/sessions", json=asked).status_code == 201


def test_trying_passwords_there_locks_the_account_as_at_the_door(service):
    token = sign_in(service.client, Role.COUNTY)
    for _ in range(5):
        change(service, token, "wrong-password-1", NEW, NEW)
    reply = change(service, token, PASSWORD, NEW, NEW)
    assert reply.status_code == 400
    assert text("errors.password_wrong") in reply.text


def test_a_form_that_is_not_ours_changes_nothing(service):
    sign_in(service.client, Role.COUNTY)
    assert change(service, "somebody-elses", PASSWORD, NEW, NEW).status_code == 403
