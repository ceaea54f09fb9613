"""The servers of the exchange, each started once and only where a test asks for it."""

from collections.abc import Iterator

import pytest
from exchange_servers import DatabaseServer, mariadb, postgresql


@pytest.fixture(scope="session")
def exchange_postgresql() -> Iterator[DatabaseServer]:
    with postgresql() as server:
        yield server


@pytest.fixture(scope="session")
def exchange_mariadb() -> Iterator[DatabaseServer]:
    with mariadb() as server:
        yield server
