"""Every refusal, set-aside and hold of the agreement, through the whole of intake."""

import shutil
from dataclasses import dataclass
from datetime import timedelta

import pytest
from delivering import csv_bytes, hand_over, hand_over_rows, parquet_bytes, rows_of, xlsx_bytes
from intake_world import DAY, HOUSEHOLDS, PENSIONS, SETTLEMENTS, World

from sources import acceptance
from sources.intake import assemble_intake, receive
from store.deliveries import DeliveryStore
from store.engines.duckdb import DuckDBEngine

pytestmark = pytest.mark.usefixtures("without_the_slow_library")


def refused(world, contract=PENSIONS):
    ((_, state, reasons),) = world.verdicts(contract)
    assert state == "refused"
    assert world.counts[contract.dataset] == 0
    return reasons


def test_a_good_delivery_is_accepted_and_in_force(world):
    hand_over_rows(world.inbox, PENSIONS, DAY, rows_of(PENSIONS, 40), encoding="gb18030")
    assert world.verdicts(PENSIONS) == [(DAY, "accepted", [])]
    assert world.counts[PENSIONS.dataset] == 40
    assert world.rows_told == 43


@pytest.mark.parametrize("format_", ["xlsx", "parquet"])
def test_every_format_gives_the_same_rows(world, format_):
    import pyarrow as pa

    rows = rows_of(PENSIONS, 40)
    raw = (
        xlsx_bytes(PENSIONS.headers, rows)
        if format_ == "xlsx"
        else parquet_bytes(pa.Table.from_pylist(rows))
    )
    name = f"part-000.{format_}"
    hand_over(world.inbox, PENSIONS, DAY, {name: (raw, 40)}, format=format_, encoding=None)
    hand_over_rows(world.inbox, PENSIONS, DAY - timedelta(days=31), rows)
    assert [state for _, state, _ in world.verdicts(PENSIONS)] == ["accepted", "accepted"]
    folders = DeliveryStore(world.workspace).records_of(PENSIONS.dataset)
    with DuckDBEngine() as engine:
        texts = [
            engine.rows(
                f"select * exclude (record_id, business_date, file_name)"
                f" from read_parquet('{folder}/rows.parquet') order by row_no"
            )
            for folder in folders
        ]
    assert len(texts) == 2
    assert texts[0] == texts[1]


def test_a_hash_that_disagrees_refuses_and_a_whole_arrival_later_is_read(world):
    folder = hand_over_rows(world.inbox, PENSIONS, DAY, rows_of(PENSIONS, 40))
    file = folder / "part-000.csv"
    whole = file.read_bytes()
    file.write_bytes(whole[:-20])
    assert refused(world) == ["hash_differs:part-000.csv"]
    assert refused(world) == ["hash_differs:part-000.csv"]
    file.write_bytes(whole)
    assert {state for _, state, _ in world.verdicts(PENSIONS)} == {"refused", "accepted"}
    assert world.counts[PENSIONS.dataset] == 40


def test_a_file_that_is_not_there_or_no_plain_file_refuses(world, tmp_path):
    folder = hand_over_rows(world.inbox, PENSIONS, DAY, rows_of(PENSIONS, 40))
    file = folder / "part-000.csv"
    file.rename(tmp_path / "elsewhere.csv")
    assert refused(world) == ["file_missing:part-000.csv"]
    file.symlink_to(tmp_path / "elsewhere.csv")
    assert refused(world) == ["file_missing:part-000.csv"]


def test_a_row_count_that_disagrees_refuses(world):
    raw = csv_bytes(PENSIONS.headers, rows_of(PENSIONS, 40))
    hand_over(world.inbox, PENSIONS, DAY, {"part-000.csv": (raw, 41)})
    assert refused(world) == ["row_count:part-000.csv:41:40"]


def test_a_required_column_absent_or_a_header_twice_refuses(world):
    rows = rows_of(PENSIONS, 40)
    raw = csv_bytes([h for h in PENSIONS.headers if h != "AAE019"], rows)
    hand_over(world.inbox, PENSIONS, DAY, {"part-000.csv": (raw, 40)})
    assert refused(world) == ["column_absent:AAE019:part-000.csv"]
    raw = csv_bytes([*PENSIONS.headers, "AAE019"], rows)
    hand_over(world.inbox, PENSIONS, DAY, {"part-000.csv": (raw, 40)})
    assert world.verdicts(PENSIONS)[-1][1] == "refused"


def test_an_encoding_that_is_not_the_declared_one_refuses(world):
    raw = csv_bytes(PENSIONS.headers, rows_of(PENSIONS, 40), "gb18030")
    hand_over(world.inbox, PENSIONS, DAY, {"part-000.csv": (raw, 40)}, encoding="utf-8")
    assert refused(world) == ["encoding:part-000.csv:utf-8"]


def test_a_business_date_after_its_own_production_refuses(world):
    produced_at = f"{DAY - timedelta(days=1)}T22:00:00+08:00"
    hand_over_rows(world.inbox, PENSIONS, DAY, rows_of(PENSIONS, 40), produced_at=produced_at)
    assert refused(world) == [f"future:{DAY}"]


def test_a_delivery_after_the_as_of_date_is_not_used_this_time_and_is_later(world):
    later = DAY + timedelta(days=1)
    hand_over_rows(world.inbox, PENSIONS, later, rows_of(PENSIONS, 40))
    intake = world.take_in()
    assert intake.later == 1
    assert all(one.dataset != PENSIONS.dataset for one in intake.deliveries)
    assert world.verdicts(PENSIONS, later) == [(later, "accepted", [])]
    assert world.verdicts(PENSIONS, DAY) == []


def test_the_same_bytes_under_another_date_refuse(world):
    rows = rows_of(PENSIONS, 40)
    earlier = DAY - timedelta(days=30)
    hand_over_rows(world.inbox, PENSIONS, earlier, rows)
    hand_over_rows(world.inbox, PENSIONS, DAY, rows)
    assert world.verdicts(PENSIONS) == [
        (earlier, "accepted", []),
        (DAY, "refused", [f"same_bytes:{earlier}"]),
    ]
    assert world.counts[PENSIONS.dataset] == 40


def test_what_was_refused_under_a_wrong_date_may_come_under_the_right_one(world):
    rows = rows_of(PENSIONS, 40)
    wrong = DAY - timedelta(days=30)
    before = f"{wrong - timedelta(days=1)}T22:00:00+08:00"
    hand_over_rows(world.inbox, PENSIONS, wrong, rows, produced_at=before)
    hand_over_rows(world.inbox, PENSIONS, DAY, rows)
    assert world.verdicts(PENSIONS) == [
        (wrong, "refused", [f"future:{wrong}"]),
        (DAY, "accepted", []),
    ]


def test_evenings_on_which_nothing_happened_look_alike_and_are_accepted(world):
    for days in (2, 1, 0):
        hand_over_rows(world.inbox, SETTLEMENTS, DAY - timedelta(days=days), [])
    assert [state for _, state, _ in world.verdicts(SETTLEMENTS)] == ["accepted"] * 3


def test_more_than_one_row_in_a_hundred_set_aside_refuses(world):
    rows = rows_of(PENSIONS, 200)
    for row in rows[:2]:
        row["AAE019"] = ""
    hand_over_rows(world.inbox, PENSIONS, DAY, rows)
    assert world.verdicts(PENSIONS) == [(DAY, "accepted", [])]
    rows[2]["AAE019"] = "许多"
    hand_over_rows(world.inbox, PENSIONS, DAY - timedelta(days=30), rows)
    ((_, state, reasons), (_, other, _)) = world.verdicts(PENSIONS)
    assert (state, other) == ("refused", "accepted")
    assert reasons[0] == "set_aside_many:3:200"
    assert reasons[1] == "set_aside_column:2:required_blank:AAE019:part-000.csv:1"
    assert world.counts[PENSIONS.dataset] == 198


def test_a_refused_delivery_leaves_the_one_before_in_force(world):
    earlier = DAY - timedelta(days=30)
    hand_over_rows(world.inbox, PENSIONS, earlier, rows_of(PENSIONS, 40))
    hand_over_rows(world.inbox, PENSIONS, DAY, rows_of(PENSIONS, 41), mode="incremental")
    state = world.state(PENSIONS)
    assert (state.state, state.data_date) == ("in_force", earlier)
    assert world.counts[PENSIONS.dataset] == 40


def test_a_full_extract_a_tenth_of_its_size_is_held_and_the_one_before_stays(world):
    earlier = DAY - timedelta(days=30)
    hand_over_rows(world.inbox, PENSIONS, earlier, rows_of(PENSIONS, 300))
    hand_over_rows(world.inbox, PENSIONS, DAY, rows_of(PENSIONS, 30))
    assert world.verdicts(PENSIONS)[1] == (DAY, "held", ["size_fell:30:300"])
    assert world.counts[PENSIONS.dataset] == 300
    much_later = DAY + timedelta(days=40)
    state = world.state(PENSIONS, much_later)
    assert (state.state, str(state.reason)) == ("held", f"held:{DAY}")
    assert world.counts[PENSIONS.dataset] == 0


def test_an_optional_column_left_out_is_held_where_it_used_to_be_filled(world):
    earlier = DAY - timedelta(days=1)
    rows = rows_of(HOUSEHOLDS, 60)
    hand_over_rows(world.inbox, HOUSEHOLDS, earlier, rows)
    raw = csv_bytes([h for h in HOUSEHOLDS.headers if h != "公示日期"], rows)
    hand_over(world.inbox, HOUSEHOLDS, DAY, {"part-000.csv": (raw, 60)})
    assert world.verdicts(HOUSEHOLDS)[1][1:] == (
        "held",
        ["column_blank:公示日期:100%:0%", "column_left_out:公示日期"],
    )


def test_of_one_date_delivered_again_the_newest_accepted_counts(world):
    hand_over_rows(world.inbox, PENSIONS, DAY, rows_of(PENSIONS, 40))
    assert world.state(PENSIONS).in_force[0].counts.accepted == 40
    hand_over_rows(
        world.inbox, PENSIONS, DAY, rows_of(PENSIONS, 50), produced_at=f"{DAY}T23:30:00+08:00"
    )
    assert world.state(PENSIONS).in_force[0].counts.accepted == 50
    hand_over_rows(
        world.inbox, PENSIONS, DAY, rows_of(PENSIONS, 60), produced_at=f"{DAY}T20:00:00+08:00"
    )
    assert world.state(PENSIONS).in_force[0].counts.accepted == 50
    assert len(world.verdicts(PENSIONS)) == 3
    assert world.counts[PENSIONS.dataset] == 50


def test_increments_add_up_and_the_newest_row_of_a_key_counts(world):
    hand_over_rows(world.inbox, SETTLEMENTS, DAY - timedelta(days=1), rows_of(SETTLEMENTS, 40))
    corrected = [{**row, "psn_part_amt": "1.00"} for row in rows_of(SETTLEMENTS, 5, first=38)]
    hand_over_rows(world.inbox, SETTLEMENTS, DAY, corrected)
    assert len(world.state(SETTLEMENTS).in_force) == 2
    assert world.counts[SETTLEMENTS.dataset] == 43


def test_an_increment_refused_is_said_of_a_dataset_in_force(world):
    hand_over_rows(world.inbox, SETTLEMENTS, DAY, rows_of(SETTLEMENTS, 40))
    hand_over_rows(
        world.inbox, SETTLEMENTS, DAY - timedelta(days=1), rows_of(SETTLEMENTS, 5), mode="full"
    )
    state = world.state(SETTLEMENTS)
    assert (state.state, str(state.reason)) == (
        "in_force",
        f"increments_lacking:1:{DAY - timedelta(days=1)}",
    )


def test_a_dataset_grows_stale_and_one_never_delivered_is_missing(world):
    hand_over_rows(world.inbox, PENSIONS, DAY, rows_of(PENSIONS, 40))
    last_day = DAY + timedelta(days=PENSIONS.max_age_days)
    assert world.state(PENSIONS, last_day).state == "in_force"
    state = world.state(PENSIONS, last_day + timedelta(days=1))
    assert (state.state, state.data_date) == ("stale", DAY)
    assert str(state.reason) == f"stale:{DAY}:46:45"
    assert world.counts[PENSIONS.dataset] == 0
    assert world.state(SETTLEMENTS).state == "missing"


def test_a_delivery_is_read_once_and_the_same_again_in_full(world, monkeypatch):
    hand_over_rows(world.inbox, PENSIONS, DAY, rows_of(PENSIONS, 40))
    first = world.take_in()
    assert len(first.newly_read) == 2
    shutil.rmtree(world.inbox / "human_resources")
    again = world.take_in()
    assert again.newly_read == ()
    assert again.deliveries == first.deliveries
    assert world.counts[PENSIONS.dataset] == 40
    in_full = world.take_in(full=True)
    assert len(in_full.newly_read) == 2
    assert in_full.deliveries == first.deliveries
    assert world.counts[PENSIONS.dataset] == 40


def test_the_order_of_arrival_of_good_deliveries_changes_nothing(tmp_path):
    days = [DAY - timedelta(days=2), DAY - timedelta(days=1), DAY]
    outcomes = []
    for order in (days, days[::-1]):
        place = World(tmp_path / str(order[0]))
        for day in order:
            rows = rows_of(SETTLEMENTS, 30, first=10 * days.index(day))
            hand_over_rows(place.inbox, SETTLEMENTS, day, rows)
            state = place.state(SETTLEMENTS)
        outcomes.append(([one.delivery_id for one in state.in_force], place.counts))
    assert outcomes[0] == outcomes[1]


def test_an_interrupted_reading_leaves_nothing_and_is_done_again(world, monkeypatch):
    hand_over_rows(world.inbox, PENSIONS, DAY, rows_of(PENSIONS, 40))
    real = acceptance.clean_delivery

    def killed(*arguments):
        real(*arguments)
        raise KeyboardInterrupt

    monkeypatch.setattr(acceptance, "clean_delivery", killed)
    with pytest.raises(KeyboardInterrupt):
        world.take_in()
    assert list((world.workspace / "clean").rglob("*.parquet")) == []
    monkeypatch.setattr(acceptance, "clean_delivery", real)
    assert world.verdicts(PENSIONS) == [(DAY, "accepted", [])]


def test_receiving_and_assembling_may_use_two_engines(world):
    with DuckDBEngine() as scratch:
        intake = receive(scratch, inbox=world.inbox, workspace=world.workspace, as_of=DAY)
    with DuckDBEngine() as engine:
        assemble_intake(engine, intake)
        assert engine.rows("select count(*) from clean.household") == [(3,)]


@dataclass
class Unmet:
    """What intake reads of an expectation's result."""

    code: str
    header: str
    is_critical: bool = True


def test_a_critical_check_unmet_holds_the_delivery(world, monkeypatch):
    failed = Unmet("names_look_like_names", "AAC003")
    monkeypatch.setattr(acceptance, "validate", lambda *_: [failed])
    hand_over_rows(world.inbox, PENSIONS, DAY, rows_of(PENSIONS, 40))
    assert world.verdicts(PENSIONS) == [
        (DAY, "held", ["checks_failed:names_look_like_names:AAC003"])
    ]


def test_every_row_delivered_is_accounted_for(world):
    rows = rows_of(PENSIONS, 400)
    rows[5]["AAE019"] = "不详"
    rows[7] = rows[8]
    raw = csv_bytes(PENSIONS.headers, rows) + b"one,field"
    hand_over(world.inbox, PENSIONS, DAY, {"part-000.csv": (raw, 401)})
    (judged,) = (d for d in world.take_in().deliveries if d.dataset == PENSIONS.dataset)
    counts = judged.counts
    assert (counts.delivered, counts.accepted, counts.set_aside, counts.repeated) == (
        401, 398, 2, 1
    )  # fmt: skip
