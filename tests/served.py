"""A service over a copy of the simulated district's workspace, with a user of every role."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
from number_scan import heard
from starlette.testclient import TestClient

from service.app import build_app
from service.auth import hash_password
from service.desk import Desk, opened_desk
from service.roles import Role
from service.settings import CheckLimits, Settings
from store.users import User, add_user

PASSWORD = "correct-horse-42"  # noqa: S105 - of users that live as long as a test
STAFF = {
    Role.TOWNSHIP: User(0, "zhao", "赵强", "township", "990102001", None, False),
    Role.COUNTY: User(0, "liu", "刘敏", "county", "990102", None, False),
    Role.AUDITOR: User(0, "shen", "沈洁", "auditor", None, None, False),
    Role.ADMINISTRATOR: User(0, "admin", "管理员", "administrator", None, None, False),
}
BASE = "https://testserver"


@dataclass(frozen=True)
class Served:
    """A running service: its desk, and clients signed in to it."""

    desk: Desk
    client: TestClient
    tokens: dict[Role, str]

    def as_role(self, role: Role) -> dict[str, str]:
        """The header of a user of that role."""
        return {"Authorization": f"Bearer {self.tokens[role]}"}

    def rows(self, sql: str) -> list[tuple]:
        """What the snapshot in force says."""
        with self.desk.snapshots.reading() as reading:
            return reading.engine.rows(sql)


@contextmanager
def served(workspace: Path, to: Path, limits: CheckLimits | None = None) -> Iterator[Served]:
    """The service over a copy of ``workspace`` at ``to``."""
    shutil.copytree(workspace, to)
    settings = Settings(to, limits=limits or CheckLimits())
    with opened_desk(settings) as desk:
        hashed = hash_password(PASSWORD)
        for user in STAFF.values():
            add_user(desk.ledger, user, hashed, at=datetime.now(UTC))
        with TestClient(build_app(desk), base_url=BASE, follow_redirects=False) as client:
            client.event_hooks["response"].append(_hear)
            tokens = {role: token_of(client, user.name) for role, user in STAFF.items()}
            yield Served(desk, client, tokens)


def _hear(reply: httpx.Response) -> None:
    """Addresses, headers, and every answer that nobody asked full values of."""
    place = f"{reply.request.method} {reply.request.url.path}"
    heard(f"{place} (address)", f"{reply.request.url} {reply.headers.get('location', '')}")
    if not reply.request.url.path.endswith("/unmask"):
        reply.read()
        heard(f"{place} (answer)", reply.text)


def token_of(client: TestClient, name: str) -> str:
    """A bearer token."""
    reply = client.post("/api/v1/sessions", json={"name": name, "password": PASSWORD})
    assert reply.status_code == 201, reply.text
    return reply.json()["token"]
