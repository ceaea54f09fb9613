"""Received bytes by content hash, and beside them what was made of each delivery; never changed."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import Final, Protocol

import duckdb

from domain.errors import HeduiError
from store.room import cause_of
from store.workspace import sync_folder

MANIFEST_COPY: Final = "manifest.json"
_BLOCK: Final = 4 << 20
_HALF: Final = ".half-"
_BUILDING: Final = ".building-"
_DISCARDED: Final = ".discarded-"
_PRIVATE: Final = 0o700
_NO_ROOM: Final = (OSError, duckdb.IOException, duckdb.OutOfMemoryException)


class SupportsRead(Protocol):
    """A stream of bytes."""

    def read(self, size: int, /) -> bytes | None:
        """At most ``size`` more bytes; nothing at the end."""


@dataclass(frozen=True, slots=True)
class DeliveryStore:
    """The delivery folders of one workspace.

    ``deliveries/blobs/aa/<sha256>`` holds received bytes. ``clean/<dataset>/<date>-<hash12>/`` is
    the record of one delivery: made aside, synced, and renamed into place as a whole, so what is
    there is complete. One writer at a time (the workspace's lock).
    """

    workspace: Path

    @property
    def blobs(self) -> Path:
        """Received bytes."""
        return self.workspace / "deliveries" / "blobs"

    @property
    def records(self) -> Path:
        """What was made of each delivery."""
        return self.workspace / "clean"

    def blob(self, sha256: str) -> Path:
        """Where the bytes with this hash lie, whether or not they are there."""
        return self.blobs / sha256[:2] / sha256

    def keep(self, source: Path) -> str:
        """Copy a file's bytes into the store, hashing them on the way; their SHA-256.

        Bytes already there are not stored twice. Never links: the sender may go on writing. Raises
        HeduiError ``deliveries_not_written`` where the workspace has no room.
        """
        with FileIO(source) as file:
            return self.keep_stream(file)

    def keep_stream(self, file: SupportsRead) -> str:
        """Copy what is left of a stream into the store, as :meth:`keep` does; its SHA-256."""
        with self._writing():
            self.blobs.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
            handle, half = tempfile.mkstemp(prefix=_HALF, dir=self.blobs)
        try:
            with FileIO(handle, "wb") as copy:
                sha256 = self._copy(file, copy)
            with self._writing():
                return self._file_away(Path(half), sha256)
        finally:
            Path(half).unlink(missing_ok=True)

    def record(self, delivery_id: str) -> Path:
        """Where the record of a delivery lies, whether or not it is there."""
        return self.records / delivery_id

    def has_record(self, delivery_id: str) -> bool:
        """Whether a complete record of the delivery is there."""
        return self.record(delivery_id).is_dir()

    def has_records(self) -> bool:
        """Whether any delivery was ever received, of whatever dataset."""
        return any(self.records_of(folder.name) for folder in self.records.glob("*"))

    def records_of(self, dataset: str) -> list[Path]:
        """The records of a dataset's deliveries, by name: oldest business date first."""
        folder = self.records / dataset
        if not folder.is_dir():
            return []
        return sorted(entry for entry in folder.iterdir() if not entry.name.startswith("."))

    def clear_leftovers(self) -> None:
        """Remove what a killed run left half copied or half made; only where no other run goes."""
        for half in self.blobs.glob(f"{_HALF}*"):
            half.unlink()
        for kind in (_BUILDING, _DISCARDED):
            for folder in self.records.glob(f"*/{kind}*"):
                _remove(folder)

    @contextmanager
    def building(self, delivery_id: str) -> Iterator[Path]:
        """A folder that becomes the delivery's record when the block ends without an error.

        A record already there is replaced. What an interrupted run left half made is removed first.
        Raises HeduiError ``deliveries_not_written`` where disk or memory do not suffice.
        """
        final = self.record(delivery_id)
        aside = final.with_name(_BUILDING + final.name)
        try:
            with self._writing():
                final.parent.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
                _remove(aside)
                aside.mkdir(mode=_PRIVATE)
                yield aside
                _sync_files(aside)
                _replace(aside, final)
        finally:
            _remove(aside)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except _NO_ROOM as error:
            raise HeduiError(
                "deliveries_not_written", workspace=self.workspace, cause=cause_of(error)
            ) from error

    def _copy(self, file: SupportsRead, copy: FileIO) -> str:
        """Copy to the end, on to the disk; the SHA-256 of what was copied."""
        digest = hashlib.sha256()
        while block := file.read(_BLOCK):
            digest.update(block)
            left = memoryview(block)
            with self._writing():
                while left:
                    left = left[copy.write(left) or 0 :]
        with self._writing():
            os.fsync(copy.fileno())
        return digest.hexdigest()

    def _file_away(self, half: Path, sha256: str) -> str:
        final = self.blob(sha256)
        if not final.exists():
            final.parent.mkdir(mode=_PRIVATE, exist_ok=True)
            half.replace(final)
            sync_folder(final.parent)
        return sha256


def _replace(aside: Path, final: Path) -> None:
    """Put ``aside`` in the place of ``final``; a reader sees the one or the other."""
    discarded = final.with_name(_DISCARDED + final.name)
    _remove(discarded)
    if final.exists():
        final.rename(discarded)
    aside.rename(final)
    sync_folder(final.parent)
    _remove(discarded)


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)


def _sync_files(folder: Path) -> None:
    """Sync a folder's files side by side: the disk then waits once, not once a file."""
    files = list(folder.iterdir())
    with ThreadPoolExecutor(max(1, len(files))) as pool:
        list(pool.map(_sync_file, files))
    sync_folder(folder)


def _sync_file(file: Path) -> None:
    with file.open("rb") as handle:
        os.fsync(handle.fileno())
