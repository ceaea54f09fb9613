"""One run at a time, shown with real processes."""

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from domain.errors import AnotherRunGoing
from store.ledger import Ledger
from store.locking import process_start, run_lock
from store.workspace import Workspace

ROOT = Path(__file__).parents[3]
AT = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
HOLDER = textwrap.dedent(
    """
    import sys
    from datetime import UTC, datetime
    from store.ledger import Ledger
    from store.locking import run_lock
    from store.workspace import open_workspace
    workspace = open_workspace(sys.argv[1])
    with Ledger.open(workspace) as ledger:
        with run_lock(ledger, workspace, at=datetime(2026, 11, 20, 17, 0, tzinfo=UTC)):
            print("held", flush=True)
            sys.stdin.readline()
    """
)


@contextmanager
def holder(workspace: Workspace) -> Iterator["subprocess.Popen[str]"]:
    """Another process that has the lock."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(workspace.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


def takeovers(ledger: Ledger) -> list[tuple[object, ...]]:
    with ledger.reading() as session:
        rows = session.execute(text("select pid, taken_by_pid from run_lock_takeover"))
        return [tuple(row) for row in rows]


def test_a_second_process_is_told_who_runs_and_since_when(
    workspace: Workspace, ledger: Ledger
) -> None:
    with holder(workspace) as other:
        with pytest.raises(AnotherRunGoing) as caught, run_lock(ledger, workspace, at=AT):
            pass
        assert caught.value.exit_status == 75
        assert caught.value.fields["pid"] == other.pid
        assert "2026-11-20 17:00" in str(caught.value)
        other.communicate("\n", timeout=20)
        with run_lock(ledger, workspace, at=AT):
            pass
    assert takeovers(ledger) == []


def test_a_killed_process_does_not_block_the_next_and_its_end_is_recorded(
    workspace: Workspace, ledger: Ledger
) -> None:
    with holder(workspace) as other:
        os.kill(other.pid, signal.SIGKILL)
        while process_start(other.pid) is not None:
            pass
        with run_lock(ledger, workspace, at=AT) as me:  # not yet collected by us: a zombie
            assert me.pid == os.getpid()
        assert takeovers(ledger) == [(other.pid, os.getpid())]


def test_the_same_process_cannot_run_twice_at_once(workspace: Workspace, ledger: Ledger) -> None:
    with run_lock(ledger, workspace, at=AT):
        with pytest.raises(AnotherRunGoing), run_lock(ledger, workspace, at=AT):
            pass
        with pytest.raises(AnotherRunGoing), run_lock(ledger, workspace, at=AT):
            pass
    with run_lock(ledger, workspace, at=AT):
        pass


def test_the_lock_is_let_go_when_the_run_fails(workspace: Workspace, ledger: Ledger) -> None:
    with pytest.raises(RuntimeError), run_lock(ledger, workspace, at=AT):
        raise RuntimeError
    with run_lock(ledger, workspace, at=AT):
        pass


def put_row(ledger: Ledger, host: str, pid: int, start: str) -> None:
    with ledger.writing() as session:
        session.execute(
            text(
                "insert into run_lock (lock_no, host, pid, process_start, since_at)"
                " values (1, :host, :pid, :start, '2026-11-20 16:00:00')"
            ),
            {"host": host, "pid": pid, "start": start},
        )


def test_a_later_process_with_the_same_number_is_not_taken_for_the_dead_one(
    workspace: Workspace, ledger: Ledger
) -> None:
    put_row(ledger, os.uname().nodename, os.getpid(), "an-earlier-boot:1")
    with run_lock(ledger, workspace, at=AT):
        pass
    assert len(takeovers(ledger)) == 1


def test_a_living_process_keeps_its_row_even_without_the_lock_file(
    workspace: Workspace, ledger: Ledger
) -> None:
    put_row(ledger, os.uname().nodename, os.getpid(), process_start(os.getpid()) or "")
    with pytest.raises(AnotherRunGoing), run_lock(ledger, workspace, at=AT):
        pass


def test_a_container_that_is_gone_does_not_block_a_ledger_in_the_workspace(
    workspace: Workspace, ledger: Ledger
) -> None:
    put_row(ledger, "container-of-yesterday", 7, "boot:1")
    with run_lock(ledger, workspace, at=AT):
        pass
    assert len(takeovers(ledger)) == 1
