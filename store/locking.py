"""The run lock: one run at a time, and a dead one does not block the next."""

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Self

from domain.errors import AnotherRunGoing
from store.ledger import Ledger
from store.tables import RunLock, RunLockTakeover
from store.workspace import Workspace

_LOCK_NO: Final = 1
_START_FIELD: Final = 19  # of /proc/<pid>/stat after the command name: starttime (proc(5), 22)
_STATE_FIELD: Final = 0


@dataclass(frozen=True, slots=True)
class Holder:
    """A process, told from a later one with the same number by when it started."""

    host: str
    pid: int
    process_start: str

    @classmethod
    def this_process(cls) -> Self:
        """The process that asks."""
        pid = os.getpid()
        return cls(socket.gethostname(), pid, process_start(pid) or "")

    def is_alive_here(self) -> bool:
        """Whether that very process still runs on this host."""
        return process_start(self.pid) == self.process_start


@contextmanager
def run_lock(ledger: Ledger, workspace: Workspace, *, at: datetime) -> Iterator[Holder]:
    """Hold the one right to run, from ``at`` (UTC) until the end of the block.

    A row in the ledger says who runs; beside it the process holds the workspace's lock file, which
    the system lets go when the process dies, however it dies. Raises AnotherRunGoing (exit status
    75) while a living process has either. A lock left by a dead process is taken over, and the
    takeover is recorded.
    """
    me = Holder.this_process()
    with _lock_file(ledger, workspace):
        _take(ledger, workspace, me, at)
        try:
            yield me
        finally:
            _release(ledger, me)


def process_start(pid: int) -> str | None:
    """When process ``pid`` started: boot and clock ticks since; None when it is no longer there."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except (FileNotFoundError, ProcessLookupError):
        return None
    fields = stat.rpartition(")")[2].split()
    if fields[_STATE_FIELD] in "ZX":  # ended, only not yet collected by its parent
        return None
    return f"{boot}:{fields[_START_FIELD]}"


@contextmanager
def _lock_file(ledger: Ledger, workspace: Workspace) -> Iterator[None]:
    handle = os.open(workspace.lock_file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise _going(ledger, workspace) from error
        yield
    finally:
        os.close(handle)


def _take(ledger: Ledger, workspace: Workspace, me: Holder, at: datetime) -> None:
    with ledger.writing() as session:
        row = session.get(RunLock, _LOCK_NO, with_for_update=True)
        if row is not None:
            if _may_be_alive(ledger, row):
                raise AnotherRunGoing(
                    "workspace_locked", workspace=workspace.path, pid=row.pid, since=row.since_at
                )
            session.add(_takeover(row, me, at))
            session.delete(row)
            session.flush()
        session.add(
            RunLock(
                lock_no=_LOCK_NO,
                host=me.host,
                pid=me.pid,
                process_start=me.process_start,
                since_at=at,
            )
        )


def _may_be_alive(ledger: Ledger, row: RunLock) -> bool:
    """Whether the row's process may still run; called while we hold the lock file.

    From another host's process we hear nothing, so it counts as alive, unless the ledger is SQLite:
    that is used on one machine only, where another host name means a container that is gone
    (were it alive, the lock file would be held).
    """
    if row.host == socket.gethostname():
        return Holder(row.host, row.pid, row.process_start).is_alive_here()
    return not ledger.is_sqlite


def _takeover(row: RunLock, me: Holder, at: datetime) -> RunLockTakeover:
    return RunLockTakeover(
        host=row.host,
        pid=row.pid,
        since_at=row.since_at,
        taken_by_host=me.host,
        taken_by_pid=me.pid,
        taken_at=at,
    )


def _release(ledger: Ledger, me: Holder) -> None:
    with ledger.writing() as session:
        row = session.get(RunLock, _LOCK_NO)
        if row is not None and (row.host, row.pid) == (me.host, me.pid):
            session.delete(row)


def _going(ledger: Ledger, workspace: Workspace) -> AnotherRunGoing:
    """Who holds the lock file, as far as the ledger knows: its row may not be written yet."""
    with ledger.reading() as session:
        row = session.get(RunLock, _LOCK_NO)
    return AnotherRunGoing(
        "workspace_locked",
        workspace=workspace.path,
        pid=row.pid if row else "?",
        since=row.since_at if row else "?",
    )
