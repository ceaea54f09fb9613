"""The exchange database as a way in, on a real PostgreSQL and a real MariaDB: what is taken in."""

from datetime import timedelta
from decimal import Decimal

import pyarrow.parquet as pq
import pytest
from exchange_nights import DAY, HOUSEHOLDS, PENSIONS, SETTLEMENTS, Evening, but, verdicts
from exchange_proxy import proxy_to
from exchange_tables import Exchange

from sources.connectors import database
from sources.connectors.database_link import connected
from sources.connectors.delivery import Seen
from sources.routes import DatabaseRoute
from tests.unit.sources.delivering import rows_of


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


def test_a_row_produced_in_the_future_does_not_hide_the_one_that_corrects_it(
    exchange: Exchange, route: DatabaseRoute, evening: Evening
) -> None:
    exchange.publish(PENSIONS, DAY, rows_of(PENSIONS, 40))
    exchange.announce(PENSIONS, DAY, 7)
    exchange.server.run("update delivery_manifest set produced_at = '2036-11-20 22:00:00'"
                        " where agency = 'human_resources' and "
                        f"{exchange.quote('rows')} = 7")  # fmt: skip
    routes = {PENSIONS.dataset: route}
    assert verdicts(evening.take_in(routes), PENSIONS) == [(DAY, "accepted", [])]
    assert evening.take_in(routes).newly_read == ()


def test_two_rows_of_the_same_moment_that_say_different_things_are_said_and_cost_their_dataset(
    exchange: Exchange, route: DatabaseRoute, evening: Evening
) -> None:
    exchange.publish(PENSIONS, DAY, rows_of(PENSIONS, 40))
    exchange.announce(PENSIONS, DAY, 7)
    exchange.publish(HOUSEHOLDS, DAY, rows_of(HOUSEHOLDS, 3))
    routes = {PENSIONS.dataset: route, HOUSEHOLDS.dataset: route}
    gathered = evening.gather(routes)
    assert [(one.dataset, one.code) for one in gathered.unfetched] == [
        (PENSIONS.dataset, "manifest_twice")
    ]
    assert "2026-11-20" in gathered.unfetched[0].says()
    assert [one.dataset for one in gathered.found.deliveries] == [HOUSEHOLDS.dataset]


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
