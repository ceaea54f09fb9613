"""Snapshots: built aside, sealed, pointed to, kept three at a time, never written again."""

from datetime import date

import duckdb
import pytest
from nights import Night, finding, run_night

from domain.errors import HeduiError
from store.ledger import Ledger
from store.manifest import hash_file
from store.snapshot import (
    building_snapshot,
    is_intact,
    open_snapshot,
    snapshot_name,
)
from store.workspace import Workspace


def night(day: int, late: str = "", case_no: str = "DB1") -> Night:
    rows = [finding("F1", case_no)]
    return Night(date(2026, 11, day), rows, [(case_no, "motor_vehicle", "found", "")], late=late)


def files(workspace: Workspace) -> list[str]:
    return sorted(path.name for path in workspace.snapshots.iterdir())


def test_a_sealed_snapshot_is_whole_hashed_and_alone(workspace: Workspace) -> None:
    with building_snapshot(workspace, "r1") as build:
        build.engine.create_table("judged.x", "select 1 as a")
        sealed = build.seal()
    assert files(workspace) == [sealed.name] == ["snap-r1.duckdb"]
    assert hash_file(workspace.snapshots / sealed.name) == sealed.sha256
    assert (workspace.snapshots / sealed.name).stat().st_size == sealed.size_bytes


def test_a_build_that_fails_leaves_nothing(workspace: Workspace) -> None:
    with pytest.raises(duckdb.Error), building_snapshot(workspace, "r1") as build:
        build.engine.create_table("judged.x", "select no_such_column")
    assert files(workspace) == []


def test_what_a_killed_build_left_is_removed_by_the_next(workspace: Workspace) -> None:
    for name in (".building-r0.duckdb", ".building-r0.duckdb.wal"):
        (workspace.snapshots / name).write_bytes(b"torn")
    with building_snapshot(workspace, "r1") as build:
        build.seal()
    assert files(workspace) == ["snap-r1.duckdb"]


def test_a_sealed_snapshot_that_was_not_published_is_not_in_force(
    workspace: Workspace, ledger: Ledger
) -> None:
    with building_snapshot(workspace, "r1") as build:
        build.seal()
    with pytest.raises(HeduiError) as caught:
        open_snapshot(workspace, ledger)
    assert caught.value.key == "snapshot_none"


def test_the_snapshot_in_force_opens_read_only(workspace: Workspace, ledger: Ledger) -> None:
    run_night(ledger, workspace, night(20))
    with open_snapshot(workspace, ledger) as engine:
        assert engine.rows("select finding_id from judged.finding") == [("F1",)]
        with pytest.raises(duckdb.InvalidInputException):
            engine.run("create table t as select 1")
    assert is_intact(workspace, ledger)


def test_a_snapshot_touched_since_is_noticed(workspace: Workspace, ledger: Ledger) -> None:
    run_night(ledger, workspace, night(20))
    path = workspace.snapshots / files(workspace)[0]
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    assert not is_intact(workspace, ledger)


def test_three_are_kept_and_the_one_in_force_always(workspace: Workspace, ledger: Ledger) -> None:
    for day in (20, 25, 21, 22, 23):
        run_night(ledger, workspace, night(day))
    kept = [snapshot_name(ledger, date(2026, 11, day)) for day in (22, 23, 25)]
    assert files(workspace) == sorted(str(name) for name in kept)
    assert snapshot_name(ledger) == kept[-1]
    with pytest.raises(HeduiError) as caught:
        open_snapshot(workspace, ledger, date(2026, 11, 20))
    assert caught.value.key == "snapshot_gone"


def test_a_replay_of_an_older_date_does_not_take_the_pointer_back(
    workspace: Workspace, ledger: Ledger
) -> None:
    newest = run_night(ledger, workspace, night(25))
    run_night(ledger, workspace, night(20))
    assert snapshot_name(ledger) == f"snap-{newest}.duckdb"
    with open_snapshot(workspace, ledger, date(2026, 11, 20)) as engine:
        assert engine.rows("select count(*) from judged.finding") == [(1,)]


def test_a_reader_keeps_what_it_opened_while_the_run_is_made_again(
    workspace: Workspace, ledger: Ledger
) -> None:
    run_id = run_night(ledger, workspace, night(20))
    with open_snapshot(workspace, ledger) as reader:
        run_night(ledger, workspace, night(20, case_no="DB2"), full=True)
        assert reader.rows("select case_no from judged.finding") == [("DB1",)]
    assert snapshot_name(ledger) == f"snap-{run_id}-2.duckdb"
    with open_snapshot(workspace, ledger) as engine:
        assert engine.rows("select case_no from judged.finding") == [("DB2",)]


def test_an_unreadable_snapshot_is_said_to_be_so(workspace: Workspace, ledger: Ledger) -> None:
    run_night(ledger, workspace, night(20))
    (workspace.snapshots / files(workspace)[0]).write_bytes(b"not a database" * 1000)
    with pytest.raises(HeduiError) as caught:
        open_snapshot(workspace, ledger)
    assert caught.value.key == "snapshot_unreadable"
