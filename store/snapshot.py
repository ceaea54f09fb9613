"""The sealed file of one run: built aside, hashed, switched in, then only ever read."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Final

import duckdb
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.errors import HeduiError
from store.engines.duckdb import DEFAULT_MEMORY, DuckDBEngine
from store.ledger import Ledger
from store.manifest import hash_file
from store.room import cause_of
from store.runs import current_rows
from store.tables import RunRow, SnapshotPointer
from store.workspace import Workspace, sync_folder

KEPT: Final = 3
_POINTER_NO: Final = 1
_BUILDING: Final = ".building-"
_SEALED: Final = "snap-"
# A full disk is an IOException or, at a commit, a TransactionException.
_NO_ROOM: Final = (duckdb.IOException, duckdb.TransactionException, duckdb.OutOfMemoryException)


@dataclass(frozen=True, slots=True)
class SealedSnapshot:
    """A finished snapshot file; not in force before a run is published with it."""

    name: str
    sha256: str
    size_bytes: int


@dataclass(slots=True)
class SnapshotBuild:
    """A snapshot being written. ``engine`` writes it; ``seal`` ends the writing."""

    workspace: Workspace
    run_id: str
    path: Path
    engine: DuckDBEngine
    sealed: SealedSnapshot | None = field(default=None)

    def seal(self) -> SealedSnapshot:
        """Checkpoint, close, hash, put on disk and rename: the file is whole from here on.

        The engine is closed by it. An earlier file of the same run is left to its readers: the
        new one gets a name of its own. Raises HeduiError ``snapshot_not_written``.
        """
        try:
            self.engine.run("checkpoint")
            self.engine.close()
            self.sealed = self._put_in_place()
        except (OSError, duckdb.Error) as error:
            raise _not_written(self.workspace, self.run_id, error) from error
        return self.sealed

    def _put_in_place(self) -> SealedSnapshot:
        handle = os.open(self.path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
        name = _free_name(self.workspace.snapshots, self.run_id)
        sealed = SealedSnapshot(name, hash_file(self.path), self.path.stat().st_size)
        self.path.rename(self.workspace.snapshots / name)
        sync_folder(self.workspace.snapshots)
        return sealed


@contextmanager
def building_snapshot(
    workspace: Workspace, run_id: str, *, memory_limit: str = DEFAULT_MEMORY, threads: int = 2
) -> Iterator[SnapshotBuild]:
    """A new snapshot for ``run_id``, under the run lock; gone again unless it was sealed.

    What killed builds left behind is removed first. Spilled files go to the workspace's ``tmp``.
    Raises HeduiError ``snapshot_not_written`` when there is no room to write.
    """
    remove_leftovers(workspace)
    path = workspace.snapshots / f"{_BUILDING}{run_id}.duckdb"
    try:
        engine = DuckDBEngine(
            path, memory_limit=memory_limit, threads=threads, spill_to=workspace.tmp / "spill"
        )
    except duckdb.IOException as error:
        raise _not_written(workspace, run_id, error) from error
    build = SnapshotBuild(workspace, run_id, path, engine)
    try:
        yield build
    except _NO_ROOM as error:
        raise _not_written(workspace, run_id, error) from error
    finally:
        engine.close()
        if build.sealed is None:
            remove_leftovers(workspace)


def remove_leftovers(workspace: Workspace) -> int:
    """Remove unfinished snapshots, under the run lock; how many files went."""
    leftovers = sorted(workspace.snapshots.glob(f"{_BUILDING}*"))
    for path in leftovers:
        path.unlink()
    return len(leftovers)


def put_in_force(session: Session, run: RunRow, sealed: SealedSnapshot, at: datetime) -> bool:
    """Note ``sealed`` as the snapshot of ``run``; point to it when no later date is published.

    Part of the caller's transaction. Whether the pointer was switched: a replay of an older date
    has its snapshot, and the newer date's stays in force.
    """
    run.snapshot = sealed.name
    session.flush()
    if current_rows(session)[-1].run_no != run.run_no:
        return False
    session.merge(
        SnapshotPointer(
            pointer_no=_POINTER_NO,
            run_no=run.run_no,
            name=sealed.name,
            sha256=sealed.sha256,
            size_bytes=sealed.size_bytes,
            switched_at=at,
        )
    )
    return True


@contextmanager
def made_by_this_version(snapshot: str) -> Iterator[None]:
    """Say plainly that a snapshot of an earlier version lacks a table that is asked for.

    Raises HeduiError ``snapshot_older``.
    """
    try:
        yield
    except duckdb.CatalogException as error:
        raise HeduiError("snapshot_older", snapshot=snapshot) from error


def open_snapshot(workspace: Workspace, ledger: Ledger, as_of: date | None = None) -> DuckDBEngine:
    """The snapshot in force, or that of the run that counts for ``as_of``, read-only.

    Raises HeduiError: ``snapshot_none`` (nothing was published, or not for that date),
    ``snapshot_gone`` (its file is no longer kept), ``snapshot_unreadable``.
    """
    name = snapshot_name(ledger, as_of)
    if name is None:
        raise HeduiError("snapshot_none", workspace=workspace.path, as_of=as_of or "-")
    return open_snapshot_file(workspace, name)


def open_snapshot_file(workspace: Workspace, name: str) -> DuckDBEngine:
    """The sealed file ``name`` of this workspace, read-only."""
    path = workspace.snapshots / name
    if not path.is_file():
        raise HeduiError("snapshot_gone", snapshot=name, workspace=workspace.path)
    try:
        return DuckDBEngine(path, read_only=True, spill_to=workspace.tmp / "spill")
    except duckdb.Error as error:
        raise HeduiError("snapshot_unreadable", snapshot=path) from error


@contextmanager
def scratch_on_snapshot(
    workspace: Workspace,
    ledger: Ledger,
    as_of: date | None = None,
    schemas: Sequence[str] = ("clean", "linked"),
) -> Iterator[DuckDBEngine]:
    """An engine of one's own to try things in, over a published snapshot, which stays untouched.

    Its ``schemas`` can be read under their names, all others can be made anew; what is made is gone
    at the end. Raises HeduiError as :func:`open_snapshot` does.
    """
    name = snapshot_name(ledger, as_of)
    if name is None:
        raise HeduiError("snapshot_none", workspace=workspace.path, as_of=as_of or "-")
    path = workspace.snapshots / name
    if not path.is_file():
        raise HeduiError("snapshot_gone", snapshot=name, workspace=workspace.path)
    folder = workspace.tmp / "spill"
    with DuckDBEngine(spill_to=folder) as engine:
        show_snapshot(engine, path, *schemas)
        yield engine


def show_snapshot(engine: DuckDBEngine, path: Path, *schemas: str) -> None:
    """Let ``engine`` read a sealed file: as database ``shown``, ``schemas`` under their own names.

    Raises HeduiError ``snapshot_unreadable``.
    """
    try:
        engine.show_read_only(path, *schemas)
    except duckdb.Error as error:
        raise HeduiError("snapshot_unreadable", snapshot=path) from error


def snapshot_name(ledger: Ledger, as_of: date | None = None) -> str | None:
    """The file in force, or that of the run that counts for ``as_of``; None when there is none."""
    with ledger.reading() as session:
        if as_of is None:
            pointer = session.get(SnapshotPointer, _POINTER_NO)
            return pointer.name if pointer else None
        rows = [row for row in current_rows(session, as_of) if row.as_of == as_of]
        return rows[-1].snapshot if rows else None


def is_intact(workspace: Workspace, ledger: Ledger) -> bool:
    """Whether the file in force still has the size and hash noted when it was sealed."""
    with ledger.reading() as session:
        pointer = session.get(SnapshotPointer, _POINTER_NO)
    if pointer is None:
        return False
    path = workspace.snapshots / pointer.name
    if not path.is_file() or path.stat().st_size != pointer.size_bytes:
        return False
    return hash_file(path) == pointer.sha256


def drop_old_snapshots(workspace: Workspace, ledger: Ledger) -> list[str]:
    """Remove all but the snapshot in force and the last published, three in all; what went.

    Call it under the run lock, after publishing. Files no run refers to go as well. A reader that
    has one open keeps reading.
    """
    keep = _kept_names(ledger)
    old = sorted(
        path for path in workspace.snapshots.glob(f"{_SEALED}*.duckdb") if path.name not in keep
    )
    for path in old:
        path.unlink()
    return [path.name for path in old]


def _kept_names(ledger: Ledger) -> set[str]:
    with ledger.reading() as session:
        pointer = session.get(SnapshotPointer, _POINTER_NO)
        recent = session.scalars(
            select(RunRow.snapshot)
            .where(RunRow.snapshot.is_not(None), RunRow.publication.is_not(None))
            .order_by(RunRow.publication.desc())
        ).all()
    ordered = [pointer.name if pointer else None, *recent]
    names = list(dict.fromkeys(name for name in ordered if name is not None))
    return set(names[:KEPT])


def _free_name(folder: Path, run_id: str) -> str:
    """A name no process may have open: DuckDB would go on giving it the old content."""
    name, count = f"{_SEALED}{run_id}.duckdb", 1
    while (folder / name).exists():
        count += 1
        name = f"{_SEALED}{run_id}-{count}.duckdb"
    return name


def _not_written(workspace: Workspace, run_id: str, error: Exception) -> HeduiError:
    place = workspace.snapshots
    return HeduiError("snapshot_not_written", run_id=run_id, place=place, cause=cause_of(error))
