"""The workspace: one folder that holds everything a district's runs keep."""

import json
import os
import secrets
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from domain.errors import HeduiError
from store.room import cause_of

MARKER: Final = "workspace.json"
LAYOUT: Final = 1
_KIND: Final = "hedui-workspace"
_FOLDERS: Final = ("deliveries", "spool", "clean", "snapshots", "reports", "tmp")
_PRIVATE: Final = 0o700
_NO_DATABASE: Final = "?\\"


@dataclass(frozen=True, slots=True)
class Workspace:
    """The folders of one workspace; ``workspace_id`` tells it from every other.

    All of it is personal data: the folder is made readable by its owner only.
    """

    path: Path
    workspace_id: str

    @property
    def ledger_file(self) -> Path:
        """The operational database, where it is SQLite."""
        return self.path / "hedui.db"

    @property
    def lock_file(self) -> Path:
        """Held by the process of the run that is going."""
        return self.path / "run.lock"

    @property
    def deliveries(self) -> Path:
        """Received bytes, by content hash, never changed."""
        return self.path / "deliveries"

    @property
    def unfetched_file(self) -> Path:
        """What the last gathering could not fetch."""
        return self.deliveries / "unfetched.json"

    @property
    def spool(self) -> Path:
        """Deliveries on their way from a department's server; laid out as an inbox."""
        return self.path / "spool"

    @property
    def clean(self) -> Path:
        """What is kept of standardising between runs."""
        return self.path / "clean"

    @property
    def snapshots(self) -> Path:
        """One sealed DuckDB file a run."""
        return self.path / "snapshots"

    @property
    def reports(self) -> Path:
        """Workbooks and pages, one folder a run."""
        return self.path / "reports"

    @property
    def tmp(self) -> Path:
        """Spill files and half-written things; empty between runs."""
        return self.path / "tmp"


def open_workspace(path: Path | str, create: bool = True) -> Workspace:
    """The workspace at ``path``; made when absent (or an empty folder) and ``create`` is true.

    A new one is made aside and renamed into place, so a failure leaves nothing half written.
    Raises HeduiError: ``workspace_absent``, ``workspace_not_folder``, ``workspace_foreign`` (a
    folder with other things in it), ``workspace_damaged`` (unreadable marker), ``workspace_newer``
    (made by a later version), ``workspace_not_writable``, ``workspace_name`` (a path that the
    engine cannot take).
    """
    place = Path.cwd() / path
    _check_name(place)
    try:
        if not _is_there(place):
            _make_absent(place, create)
        elif not place.is_dir():
            raise HeduiError("workspace_not_folder", workspace=place)
        elif not (place / MARKER).exists():
            _adopt_empty(place, create)
        marker = _read_marker(place)
        _check_writable(place)
    except OSError as error:
        raise HeduiError(
            "workspace_not_writable", workspace=place, cause=cause_of(error)
        ) from error
    return Workspace(place, marker)


def sync_folder(folder: Path) -> None:
    """Make renames within ``folder`` survive a loss of power."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _check_name(place: Path) -> None:
    """Refuse what DuckDB takes for options of a database (``?``) or the end of a folder's name."""
    name = str(place)
    odd = [sign for sign in name if sign in _NO_DATABASE or "\ud800" <= sign <= "\udfff"]
    if odd:  # half a surrogate pair: a byte of a name that is not UTF-8
        shown = name.encode("utf-8", "backslashreplace").decode()
        raise HeduiError("workspace_name", workspace=shown, odd=ascii(odd[0])[1:-1])


def _is_there(place: Path) -> bool:
    return place.is_symlink() or place.exists()


def _make_absent(place: Path, create: bool) -> None:
    if not create:
        raise HeduiError("workspace_absent", workspace=place)
    place.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=f".{place.name}.", dir=place.parent))
    try:
        _fill(aside)
        aside.rename(place)
    except OSError:
        _unmake(aside)
        raise
    sync_folder(place.parent)


def _adopt_empty(place: Path, create: bool) -> None:
    """Turn an empty folder into a workspace; anything in it that is not ours is a refusal."""
    if any(_foreign(place.iterdir())):
        raise HeduiError("workspace_foreign", workspace=place)
    if not create:
        raise HeduiError("workspace_absent", workspace=place)
    place.chmod(_PRIVATE)
    _fill(place)


def _foreign(entries: Iterable[Path]) -> Iterable[bool]:
    """Leftovers of an earlier attempt (a half-written marker) are ours."""
    return (not entry.name.startswith(f".{MARKER}") for entry in entries)


def _fill(folder: Path) -> None:
    marker = {"kind": _KIND, "layout": LAYOUT, "workspace_id": secrets.token_hex(8)}
    half = folder / f".{MARKER}.half"
    with half.open("w", encoding="utf-8") as stream:
        stream.write(json.dumps(marker) + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    half.replace(folder / MARKER)
    for name in _FOLDERS:
        (folder / name).mkdir(mode=_PRIVATE, exist_ok=True)
    sync_folder(folder)


def _unmake(aside: Path) -> None:
    for entry in sorted(aside.iterdir()):
        entry.rmdir() if entry.is_dir() else entry.unlink()
    aside.rmdir()


def _read_marker(place: Path) -> str:
    try:
        marker = json.loads((place / MARKER).read_text(encoding="utf-8"))
        kind, layout, name = marker["kind"], int(marker["layout"]), str(marker["workspace_id"])
    except (ValueError, KeyError, TypeError) as error:
        raise HeduiError("workspace_damaged", workspace=place, marker=MARKER) from error
    if kind != _KIND:
        raise HeduiError("workspace_foreign", workspace=place)
    if layout > LAYOUT:
        raise HeduiError("workspace_newer", workspace=place, layout=layout, known=LAYOUT)
    return name


def _check_writable(place: Path) -> None:
    """Write and remove a file: permission bits alone do not tell of a read-only or full disk."""
    for name in _FOLDERS:
        (place / name).mkdir(mode=_PRIVATE, exist_ok=True)
    handle, probe = tempfile.mkstemp(prefix=".probe-", dir=place / "tmp")
    try:
        os.write(handle, b"hedui")
    finally:
        os.close(handle)
        Path(probe).unlink()
