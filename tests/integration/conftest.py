"""The servers of the exchange, each started once and only where a test asks for it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from exchange_nights import HASTY, Evening
from exchange_servers import PASSWORD, DatabaseServer, mariadb, postgresql
from exchange_tables import VARIABLE, Exchange, route_to

from sources import acceptance
from sources.routes import DatabaseRoute


@pytest.fixture(scope="session")
def exchange_postgresql() -> Iterator[DatabaseServer]:
    with postgresql() as server:
        yield server


@pytest.fixture(scope="session")
def exchange_mariadb() -> Iterator[DatabaseServer]:
    with mariadb() as server:
        yield server


@pytest.fixture(params=["postgresql", "mariadb"])
def exchange(request: pytest.FixtureRequest) -> Exchange:
    """The published tables of a department, none yet, on either kind of server."""
    return Exchange(request.getfixturevalue(f"exchange_{request.param}"))


@pytest.fixture
def route(exchange: Exchange, monkeypatch: pytest.MonkeyPatch) -> DatabaseRoute:
    """The way to those tables."""
    monkeypatch.setenv(VARIABLE, PASSWORD)
    return route_to(exchange.server, HASTY)


@pytest.fixture
def evening(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Evening:
    """A workspace of the test's own, without the suite that is slow to load."""
    monkeypatch.setattr(acceptance, "validate", lambda *_: [])
    return Evening(tmp_path)
