"""What goes wrong with an exchange database: named, costing its datasets alone, never a hang."""

import os
import shutil
import signal
from pathlib import Path

import pytest
from exchange_nights import DAY, HASTY, HOUSEHOLDS, PENSIONS, Evening, but, reasons, verdicts
from exchange_proxy import proxy_to
from exchange_servers import PASSWORD, USER, DatabaseServer, certificates, free_port
from exchange_tables import VARIABLE, Exchange, route_to
from sqlalchemy import text

from domain.errors import HeduiError
from sources.connectors import database
from sources.connectors.delivery import Seen
from sources.connectors.failure import FetchFailed
from sources.routes import DatabaseRoute, Secret
from tests.unit.sources.delivering import rows_of


def test_a_connection_cut_in_the_middle_of_a_table_is_made_again(
    exchange: Exchange, route: DatabaseRoute, evening: Evening
) -> None:
    exchange.publish(PENSIONS, DAY, rows_of(PENSIONS, 3000))
    with proxy_to(exchange.server.port) as proxy:
        proxy.limit = 60_000
        taken = evening.take_in({PENSIONS.dataset: but(route, port=proxy.port)})
    assert (proxy.cuts, proxy.connections) == (1, 2)
    assert verdicts(taken, PENSIONS) == [(DAY, "accepted", [])]
    assert taken.deliveries[0].counts.accepted == 3000


@pytest.mark.parametrize(("silent", "code"), [(False, "cut"), (True, "timeout")])
def test_a_connection_that_stays_broken_costs_its_dataset_alone(
    exchange: Exchange,
    route: DatabaseRoute,
    evening: Evening,
    silent: bool,
    code: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    exchange.publish(PENSIONS, DAY, rows_of(PENSIONS, 3000))
    exchange.publish(HOUSEHOLDS, DAY, rows_of(HOUSEHOLDS, 3))
    with proxy_to(exchange.server.port) as proxy:
        proxy.limit, proxy.is_silent_then, proxy.times = 60_000, silent, 9
        patience = HASTY.__class__(timeout_seconds=1, attempts=2, wait_seconds=0.01)
        bad = but(route, name="bad", port=proxy.port, patience=patience)
        gathered = evening.gather({PENSIONS.dataset: bad, HOUSEHOLDS.dataset: route})
    assert reasons(gathered) == {PENSIONS.dataset: code}
    assert proxy.connections == 2
    assert [one.dataset for one in gathered.found.deliveries] == [HOUSEHOLDS.dataset]
    (unfetched,) = gathered.unfetched
    said = unfetched.says("en")
    assert said.startswith("human_resources.pensions (bad): ")
    assert caplog.records == []
    assert "\n" not in said


def test_every_fault_of_a_route_is_named_with_its_remedy_and_no_secret(
    exchange: Exchange, route: DatabaseRoute, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEDUI_WRONG", "hunter2")
    monkeypatch.delenv("HEDUI_UNSET", raising=False)
    exchange.make(HOUSEHOLDS)
    exchange.server.run(
        f"revoke select on civil_affairs_households from {USER}"
        if route.engine == "postgresql"
        else "select 1"
    )
    faults = [
        (but(route, password=Secret(env="HEDUI_WRONG")), PENSIONS, "login"),
        (but(route, user="somebody"), PENSIONS, "login"),
        (but(route, password=None), PENSIONS, "login"),
        (but(route, password=Secret(env="HEDUI_UNSET")), PENSIONS, "secret_unset"),
        (but(route, database="nowhere"), PENSIONS, "database_absent"),
        (but(route, port=free_port()), PENSIONS, "unreachable"),
        (but(route, host="no-such-host.invalid"), PENSIONS, "unreachable"),
        (but(route, tls_ca=Path("/nowhere/ca.pem")), PENSIONS, "tls"),
        (
            but(route, schema="nowhere"),
            PENSIONS,
            "table_absent" if route.engine == "postgresql" else "table_forbidden",
        ),
        (route, PENSIONS, "table_absent"),
    ]
    if route.engine == "postgresql":
        faults.append((route, HOUSEHOLDS, "table_forbidden"))
    for bad, contract, code in faults:
        with pytest.raises(FetchFailed) as caught:
            database.look(bad, contract)
        assert caught.value.code == code, caught.value.says("en")
        for language in ("zh", "en"):
            said = caught.value.says(language)
            assert PASSWORD not in said
            assert "hunter2" not in said
            assert USER not in said


def test_a_manifest_table_without_its_columns_or_with_no_date_is_named(
    exchange: Exchange, route: DatabaseRoute
) -> None:
    exchange.make(PENSIONS)
    exchange.announce(PENSIONS, DAY, 0)
    exchange.server.run("alter table delivery_manifest drop column mode")
    with pytest.raises(FetchFailed) as caught:
        database.look(route, PENSIONS)
    assert (caught.value.code, caught.value.fields["columns"]) == ("manifest_columns", "mode")
    exchange.server.run(
        "alter table delivery_manifest add column mode varchar(20)",
        "update delivery_manifest set business_date = null",
    )
    with pytest.raises(FetchFailed) as caught:
        database.look(route, PENSIONS)
    assert caught.value.code == "manifest_date"


def test_a_certificate_is_verified_where_tls_is_asked_for(
    exchange: Exchange, route: DatabaseRoute, tmp_path: Path
) -> None:
    exchange.publish(PENSIONS, DAY, rows_of(PENSIONS, 3))
    ca = tmp_path / "ca.pem"
    shutil.copy(exchange.server.ca, ca)
    assert database.look(but(route, tls_ca=ca), PENSIONS) == Seen(1, DAY, 3)
    with proxy_to(exchange.server.port) as proxy:
        by_name = but(route, tls_ca=ca, host="localhost", port=proxy.port)
        (tmp_path / "other").mkdir()
        stranger, _, _ = certificates(tmp_path / "other")
        for bad in (by_name, but(route, tls_ca=stranger)):
            with pytest.raises(FetchFailed) as caught:
                database.look(bad, PENSIONS)
            assert caught.value.code == "tls"


def test_nothing_fetched_at_all_ends_the_night_and_an_inbox_saves_it(
    exchange: Exchange, route: DatabaseRoute, evening: Evening
) -> None:
    bad = {
        PENSIONS.dataset: but(route, port=free_port()),
        HOUSEHOLDS.dataset: but(route, database="no"),
    }
    with pytest.raises(HeduiError) as caught:
        evening.gather(bad)
    assert caught.value.key == "sources_nothing_fetched"
    assert "127.0.0.1" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert set(reasons(evening.gather(bad, has_inbox=True))) == set(bad)


def test_a_server_that_stops_answering_is_given_up(
    exchange_postgresql: DatabaseServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A backend that is stopped keeps its connection open and says nothing, for ever."""
    monkeypatch.setenv(VARIABLE, PASSWORD)
    exchange = Exchange(exchange_postgresql)
    exchange.publish(PENSIONS, DAY, rows_of(PENSIONS, 5))
    patience = HASTY.__class__(timeout_seconds=1, attempts=1, wait_seconds=0.01)
    route = route_to(exchange_postgresql, patience)
    stopped: list[int] = []
    describe = database._describe

    def stop_first(connection: object, *arguments: object) -> object:
        pid = connection.execute(text("select pg_backend_pid()")).scalar_one()  # type: ignore[attr-defined]
        os.kill(pid, signal.SIGSTOP)
        stopped.append(pid)
        return describe(connection, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(database, "_describe", stop_first)
    try:
        with pytest.raises(FetchFailed) as caught:
            database.look(route, PENSIONS)
        assert caught.value.code == "timeout"
    finally:
        for pid in stopped:
            os.kill(pid, signal.SIGCONT)
