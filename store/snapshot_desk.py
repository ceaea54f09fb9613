"""The snapshot in force, open for many readers at once, changed over when the pointer moves."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import duckdb

from domain.errors import HeduiError
from store.engines.duckdb import DEFAULT_MEMORY, DuckDBEngine
from store.ledger import Ledger
from store.snapshot import snapshot_name
from store.workspace import Workspace

SNAPSHOT: Final = "snapshot"  # the catalogue under which a reader finds the sealed file


@dataclass(slots=True)
class _Opened:
    """One sealed file, attached read-only to a database in memory."""

    name: str
    root: duckdb.DuckDBPyConnection
    readers: int = 0
    is_left: bool = False
    idle: list[DuckDBEngine] = field(default_factory=list)

    def engine(self) -> DuckDBEngine:
        """A reader's connection: one that is idle, else a new one."""
        try:
            return self.idle.pop()
        except IndexError:
            cursor = self.root.cursor()
            cursor.execute(f"use {SNAPSHOT}")
            return DuckDBEngine.over(cursor)

    def close(self) -> None:
        """Close the file and every connection to it."""
        for engine in self.idle:
            engine.close()
        self.root.close()


@dataclass(slots=True)
class Reading:
    """A reader's connection. ``engine`` sees the snapshot's schemas by their own names."""

    snapshot: str
    engine: DuckDBEngine


@dataclass(slots=True)
class SnapshotDesk:
    """Hands out readers of the snapshot in force.

    A reader keeps the file it began with; the next one has the new file as soon as the pointer
    says so. A file is closed when it is no longer in force and its last reader is gone.
    """

    workspace: Workspace
    ledger: Ledger
    memory_limit: str = DEFAULT_MEMORY
    threads: int = 2
    _current: _Opened | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """A reader of the snapshot in force, for one question.

        Raises HeduiError ``snapshot_none``, ``snapshot_gone`` or ``snapshot_unreadable``.
        """
        opened = self._enter()
        engine = opened.engine()
        try:
            yield Reading(opened.name, engine)
        finally:
            opened.idle.append(engine)
            self._leave(opened)

    def name(self) -> str | None:
        """The file in force; None before the first run."""
        return snapshot_name(self.ledger)

    def close(self) -> None:
        """Let go of the file in force, once its readers are gone."""
        with self._lock:
            left, self._current = self._current, None
            if left is not None:
                self._put_away(left)

    def _enter(self) -> _Opened:
        name = self.name()
        if name is None:
            raise HeduiError("snapshot_none", workspace=self.workspace.path, as_of="-")
        with self._lock:
            if self._current is None or self._current.name != name:
                opened = self._open(name)
                if self._current is not None:
                    self._put_away(self._current)
                self._current = opened
            self._current.readers += 1
            return self._current

    def _leave(self, opened: _Opened) -> None:
        with self._lock:
            opened.readers -= 1
            if opened.is_left and opened.readers == 0:
                opened.close()

    def _put_away(self, opened: _Opened) -> None:
        opened.is_left = True
        if opened.readers == 0:
            opened.close()

    def _open(self, name: str) -> _Opened:
        path = self.workspace.snapshots / name
        if not path.is_file():
            raise HeduiError("snapshot_gone", snapshot=name, workspace=self.workspace.path)
        root = duckdb.connect(
            ":memory:",
            config={
                "memory_limit": self.memory_limit,
                "threads": self.threads,
                "temp_directory": str(self.workspace.tmp / "spill"),
            },
        )
        try:
            root.execute(f"attach '{_quoted(path)}' as {SNAPSHOT} (read_only)")
        except duckdb.Error as error:
            root.close()
            raise HeduiError("snapshot_unreadable", snapshot=path) from error
        return _Opened(name, root)


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
