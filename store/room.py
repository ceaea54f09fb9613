"""Whether something failed for want of room on a disk, whoever it was that wrote."""

import errno
import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from domain.wording import labelled, text

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
# What engines say that keep the number of the error to themselves: DuckDB, SQLite, PostgreSQL.
_SAID: Final = (
    "No space left on device",
    "Disk quota exceeded",
    "File too large",
    "database or disk is full",
    "SQLITE_FULL",
    "DiskFull",
)
_LITTLE: Final = 16 << 20  # bytes free; whoever failed may have given back a little


def is_for_room(error: BaseException) -> bool:
    """Whether the error, or what it came of, is a full disk, a used-up quota or a file too long."""
    return any(_is_full(one) for one in _chain(error))


def cause_of(error: BaseException) -> str:
    """Why something could not be written, for people; never a value out of a row."""
    full = next((one for one in _chain(error) if _is_full(one)), None)
    if full is not None:
        number = getattr(full, "errno", None)
        words = text("wording.disk_full")
        return labelled(words, os.strerror(number)) if number else words
    return getattr(error, "strerror", None) or type(error).__name__


def full_places(paths: Iterable[Path]) -> list[Path]:
    """Those of the paths that lie on a disk with next to no room left."""
    return [path for path in paths if _free(path) < _LITTLE]


def _is_full(error: BaseException) -> bool:
    if isinstance(error, OSError) and error.errno is not None:
        return error.errno in _FULL
    said = (type(error).__name__, str(getattr(error, "sqlite_errorname", "")), str(error))
    return any(mark in one for mark in _SAID for one in said)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error, the driver's own where it wraps one, and what both came of; each once."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop()
        if isinstance(one, BaseException) and id(one) not in seen:
            seen.add(id(one))
            yield one
            waiting += [getattr(one, "orig", None), one.__cause__, one.__context__]


def _free(path: Path) -> int:
    there = next((one for one in (path, *path.parents) if os.path.exists(one)), None)  # noqa: PTH110 - never raises
    return shutil.disk_usage(there).free if there else _LITTLE
