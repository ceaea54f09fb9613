"""The exchange database as a way in, on a real PostgreSQL and a real MariaDB."""

import os
import shutil
import signal
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from exchange_nights import (
    DAY,
    HASTY,
    HOUSEHOLDS,
    PENSIONS,
    SETTLEMENTS,
    Evening,
    but,
    reasons,
    verdicts,
)
from exchange_servers import (
    PASSWORD,
    USER,
    DatabaseServer,
    certificates,
    free_port,
    proxy_to,
)
from sqlalchemy import text

from domain.errors import HeduiError
from sources import acceptance
from sources.connectors import database
from sources.connectors.database_link import connected
from sources.connectors.delivery import Seen
from sources.connectors.failure import FetchFailed
from sources.contract import Contract
from sources.routes import DatabaseRoute, Secret
from tests.unit.sources.delivering import rows_of

MANIFEST = """
create table delivery_manifest (
    agency varchar(40), dataset varchar(40), business_date date, mode varchar(20),
    {rows} bigint, produced_at timestamp null
)
"""


class Exchange:
    """The published tables of one department."""

    def __init__(self, server: DatabaseServer) -> None:
        self.server = server
        self.quote = server.admin.dialect.identifier_preparer.quote_identifier
        for table in (self.tables(), "delivery_manifest"):
            for one in [table] if isinstance(table, str) else table:
                server.run(f"drop table if exists {one}")
        server.run(MANIFEST.format(rows=self.quote("rows")))

    @staticmethod
    def tables() -> list[str]:
        return [f"{one.agency}_{one.folder}" for one in (PENSIONS, HOUSEHOLDS, SETTLEMENTS)]

    def make(self, contract: Contract, types: Mapping[str, str] = {}, extra: str = "") -> None:
        columns = ", ".join(
            f"{self.quote(one)} {types.get(one, 'varchar(200)')}" for one in contract.headers
        )
        self.server.run(f"create table {contract.agency}_{contract.folder} ({columns}{extra})")

    def fill(self, contract: Contract, rows: Sequence[Mapping[str, object]]) -> None:
        name = f"{contract.agency}_{contract.folder}"
        with self.server.admin.begin() as connection:
            for row in rows:
                names = ", ".join(map(self.quote, row))
                marks = ", ".join(f":v{place}" for place in range(len(row)))
                connection.execute(
                    text(f"insert into {name} ({names}) values ({marks})"),
                    {f"v{place}": value for place, value in enumerate(row.values())},
                )

    def announce(
        self, contract: Contract, day: date, rows: int, mode: str = "", hour: int = 22
    ) -> None:
        columns = f"agency, dataset, business_date, mode, {self.quote('rows')}, produced_at"
        self.server.run(
            f"insert into delivery_manifest ({columns}) values (:a, :d, :day, :m, :r, :at)",
            a=contract.agency, d=contract.folder, day=day, m=mode or contract.mode, r=rows,
            at=f"{day} {hour:02}:41:03",
        )  # fmt: skip

    def publish(self, contract: Contract, day: date, rows: Sequence[Mapping[str, object]]) -> None:
        self.make(contract)
        self.fill(contract, rows)
        self.announce(contract, day, len(rows))


@pytest.fixture(params=["postgresql", "mariadb"])
def exchange(request: pytest.FixtureRequest) -> Exchange:
    return Exchange(request.getfixturevalue(f"exchange_{request.param}"))


@pytest.fixture
def route(exchange: Exchange, monkeypatch: pytest.MonkeyPatch) -> DatabaseRoute:
    monkeypatch.setenv("HEDUI_TEST_PASSWORD", PASSWORD)
    return DatabaseRoute(
        name="exchange", engine=exchange.server.engine, host="127.0.0.1",
        port=exchange.server.port, database="exchange", user=USER, schema=None,
        password=Secret(env="HEDUI_TEST_PASSWORD"), tls_ca=None, since=None, patience=HASTY,
    )  # fmt: skip


@pytest.fixture
def evening(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Evening:
    monkeypatch.setattr(acceptance, "validate", lambda *_: [])
    return Evening(tmp_path)


def test_a_published_table_is_taken_in_once_and_again_only_when_published_anew(
    exchange: Exchange, route: DatabaseRoute, evening: Evening
) -> None:
    exchange.publish(PENSIONS, DAY, rows_of(PENSIONS, 40))
    routes = {PENSIONS.dataset: route}
    first = evening.take_in(routes)
    assert verdicts(first, PENSIONS) == [(DAY, "accepted", [])]
    assert [one.counts.accepted for one in first.deliveries] == [40]
    assert evening.waiting() == []
    assert evening.gather(routes).found.deliveries == ()
    exchange.fill(PENSIONS, rows_of(PENSIONS, 1, first=40))
    exchange.announce(PENSIONS, DAY, 41, hour=23)
    again = evening.take_in(routes)
    assert [one.counts.accepted for one in again.deliveries] == [40, 41]
    assert evening.take_in(routes).newly_read == ()


def test_values_keep_every_digit_whatever_type_their_column_has(
    exchange: Exchange, route: DatabaseRoute, evening: Evening
) -> None:
    types = {"AAC002": "bigint", "AAE019": "numeric(12,2)", "AAC003": "text"}
    assert set(types) <= set(PENSIONS.headers)
    exchange.make(PENSIONS, types)
    row: dict[str, object] = dict(rows_of(PENSIONS, 1)[0])
    exchange.fill(
        PENSIONS,
        [{**row, "AAC002": 990102198001011234, "AAE019": Decimal("1234.50"), "AAC003": "𠮷王㐂"}],
    )
    exchange.announce(PENSIONS, DAY, 1)
    evening.gather({PENSIONS.dataset: route})
    (file,) = evening.spool.folder.rglob("part-000.parquet")
    (kept,) = pq.read_table(file).to_pylist()
    assert kept["AAC002"] == "990102198001011234"
    assert kept["AAE019"] == "1234.50"
    assert kept["AAC003"] == "𠮷王㐂"
    assert {type(value) for value in kept.values()} == {str}


def test_a_date_that_no_calendar_has_is_one_rows_fault_and_not_the_tables(
    exchange: Exchange, route: DatabaseRoute, evening: Evening
) -> None:
    """PostgreSQL knows infinity and years before Christ, MySQL a day zero."""
    exchange.make(HOUSEHOLDS, {"批准日期": "date"})
    exchange.fill(HOUSEHOLDS, rows_of(HOUSEHOLDS, 300))
    strange = ("infinity", "0044-03-15 BC") if route.engine == "postgresql" else ("0000-00-00",)
    keys = [row["救助证号"] for row in rows_of(HOUSEHOLDS, len(strange))]
    for day, key in zip(strange, keys, strict=True):
        exchange.server.run(
            "set sql_mode = ''" if route.engine == "mysql" else "select 1",
            f"update civil_affairs_households set {exchange.quote('批准日期')} = '{day}'"
            f" where {exchange.quote('救助证号')} = '{key}'",
        )
    exchange.announce(HOUSEHOLDS, DAY, 300)
    taken = evening.take_in({HOUSEHOLDS.dataset: route})
    assert verdicts(taken, HOUSEHOLDS) == [(DAY, "accepted", [])]
    assert taken.deliveries[0].counts.set_aside == len(strange)


def test_the_same_rows_in_another_order_have_the_same_bytes(
    exchange: Exchange, route: DatabaseRoute, evening: Evening
) -> None:
    rows = rows_of(PENSIONS, 60)
    exchange.publish(PENSIONS, DAY - timedelta(days=1), rows)
    routes = {PENSIONS.dataset: route}
    evening.take_in(routes)
    exchange.server.run("delete from human_resources_pensions")
    exchange.fill(PENSIONS, rows[::-1])
    exchange.announce(PENSIONS, DAY, len(rows))
    assert verdicts(evening.take_in(routes), PENSIONS)[-1] == (
        DAY, "refused", [f"same_bytes:{DAY - timedelta(days=1)}"],
    )  # fmt: skip


def test_a_row_count_that_disagrees_refuses_and_is_read_again_once_it_is_right(
    exchange: Exchange, route: DatabaseRoute, evening: Evening
) -> None:
    exchange.make(PENSIONS)
    exchange.fill(PENSIONS, rows_of(PENSIONS, 39))
    exchange.announce(PENSIONS, DAY, 40)
    exchange.publish(HOUSEHOLDS, DAY, rows_of(HOUSEHOLDS, 3))
    routes = {PENSIONS.dataset: route, HOUSEHOLDS.dataset: route}
    refused = [(DAY, "refused", ["row_count:part-000.parquet:40:39"])]
    assert verdicts(evening.take_in(routes), PENSIONS) == refused
    assert verdicts(evening.take_in(routes), PENSIONS) == refused
    exchange.fill(PENSIONS, rows_of(PENSIONS, 1, first=39))
    assert (DAY, "accepted", []) in verdicts(evening.take_in(routes), PENSIONS)


def test_a_required_column_absent_refuses_and_an_unknown_one_comes_without_values(
    exchange: Exchange, route: DatabaseRoute, evening: Evening
) -> None:
    exchange.make(PENSIONS, extra=", salary_of_spouse varchar(20)")
    exchange.fill(PENSIONS, [{**row, "salary_of_spouse": "8000"} for row in rows_of(PENSIONS, 3)])
    exchange.announce(PENSIONS, DAY, 3)
    routes = {PENSIONS.dataset: route}
    evening.gather(routes)
    (file,) = evening.spool.folder.rglob("part-000.parquet")
    assert set(pq.read_table(file)["salary_of_spouse"].to_pylist()) == {None}
    unknown = [(DAY, "accepted", ["column_unknown:salary_of_spouse"])]
    assert verdicts(evening.take_in(routes), PENSIONS) == unknown
    later = DAY + timedelta(days=1)
    exchange.server.run(
        f"alter table human_resources_pensions drop column {exchange.quote('AAE019')}"
    )
    exchange.announce(PENSIONS, later, 3)
    expected = ["column_absent:AAE019:part-000.parquet", "column_unknown:salary_of_spouse"]
    taken = evening.take_in(routes, later)
    assert verdicts(taken, PENSIONS)[-1] == (later, "refused", expected)


def test_column_names_folded_to_lower_case_by_the_database_are_found(
    exchange: Exchange, route: DatabaseRoute, evening: Evening
) -> None:
    columns = ", ".join(f"{one.lower()} varchar(200)" for one in PENSIONS.headers)
    exchange.server.run(f"create table human_resources_pensions ({columns})")
    rows = [{name.lower(): value for name, value in row.items()} for row in rows_of(PENSIONS, 5)]
    exchange.fill(PENSIONS, rows)
    exchange.announce(PENSIONS, DAY, 5)
    taken = evening.take_in({PENSIONS.dataset: route})
    assert verdicts(taken, PENSIONS) == [(DAY, "accepted", [])]


def test_a_table_with_business_dates_gives_every_day_that_is_wanting(
    exchange: Exchange, route: DatabaseRoute, evening: Evening
) -> None:
    exchange.make(SETTLEMENTS, extra=", business_date date")
    days = [DAY - timedelta(days=back) for back in (2, 1, 0, -1)]
    for place, day in enumerate(days):
        rows = rows_of(SETTLEMENTS, 4, first=10 * place)
        exchange.fill(SETTLEMENTS, [{**row, "business_date": day} for row in rows])
        exchange.announce(SETTLEMENTS, day, 4)
    routes = {SETTLEMENTS.dataset: but(route, since=days[1])}
    taken = evening.take_in(routes)
    assert [day for day, state, _ in verdicts(taken, SETTLEMENTS) if state == "accepted"] == days[
        1:3
    ]
    assert taken.later == 1
    everything = evening.take_in({SETTLEMENTS.dataset: route}, days[3])
    assert [one.counts.accepted for one in everything.deliveries] == [4, 4, 4, 4]


def test_a_table_that_shows_a_later_evening_is_left_for_that_evening(
    exchange: Exchange, route: DatabaseRoute, evening: Evening
) -> None:
    exchange.publish(PENSIONS, DAY, rows_of(PENSIONS, 5))
    exchange.announce(PENSIONS, DAY - timedelta(days=1), 5)
    gathered = evening.gather({PENSIONS.dataset: route}, DAY - timedelta(days=1))
    assert (gathered.found.deliveries, gathered.later) == ((), 1)


def test_what_a_department_writes_meanwhile_is_not_seen_in_part(
    exchange: Exchange, route: DatabaseRoute, evening: Evening, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Manifest row and table are of one state, though the table is replaced in between."""
    exchange.publish(PENSIONS, DAY, rows_of(PENSIONS, 20))
    describe = database._describe

    def disturbed(*arguments: object) -> object:
        exchange.fill(PENSIONS, rows_of(PENSIONS, 7, first=20))
        return describe(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(database, "_describe", disturbed)
    taken = evening.take_in({PENSIONS.dataset: route})
    assert verdicts(taken, PENSIONS) == [(DAY, "accepted", [])]
    assert taken.deliveries[0].counts.accepted == 20


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


def test_what_is_published_is_seen_without_fetching_it(
    exchange: Exchange, route: DatabaseRoute
) -> None:
    exchange.make(PENSIONS)
    assert database.look(route, PENSIONS) == Seen()
    exchange.announce(PENSIONS, DAY - timedelta(days=1), 7)
    exchange.announce(PENSIONS, DAY, 8)
    assert database.look(route, PENSIONS) == Seen(2, DAY, 8)


def test_a_large_table_is_read_in_pieces_and_not_held_in_memory(
    exchange: Exchange, route: DatabaseRoute
) -> None:
    """When the first piece is there, most of thirty megabytes has not left the server."""
    many = 60_000
    exchange.make(PENSIONS, {"AAC003": "varchar(600)"})
    numbers = (
        f"generate_series(1, {many}) as seq" if route.engine == "postgresql" else f"seq_1_to_{many}"
    )
    exchange.server.run(
        f"insert into human_resources_pensions ({exchange.quote('AAC002')},"
        f" {exchange.quote('AAC003')}) select seq, repeat('x', 500) from {numbers}"
    )
    exchange.announce(PENSIONS, DAY, many)
    with proxy_to(exchange.server.port) as proxy:
        behind = but(route, port=proxy.port)
        with connected(behind) as connection:
            source = database._describe(connection, behind, PENSIONS)
            (published,) = database._publications(connection, behind, PENSIONS)
            batches = database._batches(connection, behind, PENSIONS, source, published)
            assert len(next(batches)) == 5_000
            assert proxy.passed < 15_000_000
            assert 5_000 + sum(len(batch) for batch in batches) == many
        assert proxy.passed > 30_000_000


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
    monkeypatch.setenv("HEDUI_TEST_PASSWORD", PASSWORD)
    exchange = Exchange(exchange_postgresql)
    exchange.publish(PENSIONS, DAY, rows_of(PENSIONS, 5))
    patience = HASTY.__class__(timeout_seconds=1, attempts=1, wait_seconds=0.01)
    route = DatabaseRoute(
        "exchange", "postgresql", "127.0.0.1", exchange_postgresql.port, "exchange", USER, None,
        Secret(env="HEDUI_TEST_PASSWORD"), None, None, patience,
    )  # fmt: skip
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
