"""A file that appears whole or not at all, and that its owner alone may read."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedWriter, FileIO
from pathlib import Path
from typing import BinaryIO, Final

from domain.errors import HeduiError
from store.room import cause_of

_OWNER_ONLY: Final = 0o600


class _Written(FileIO):
    """A file being written that remembers why it could not be."""

    failure: OSError | None = None

    def write(self, data: object, /) -> int:
        """As many bytes as went in."""
        try:
            return super().write(data)  # type: ignore[arg-type]
        except OSError as error:
            self.failure = error
            raise


@contextmanager
def whole_file(path: Path, *, with_folder: bool = False) -> Iterator[BinaryIO]:
    """A stream whose content is at ``path`` when the block ends without an error.

    What was there before stays until then. The file is readable and writable by its owner alone,
    whatever the umask and whatever stood there before: masked or not, it is about people.
    ``with_folder`` makes the folder as well. Raises HeduiError ``file_not_written`` where it cannot
    be written, ``file_unusable`` where the block failed over another file; an OSError that names no
    file is left as it is.
    """
    try:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if with_folder:
            path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_name(f".{path.name}.part")
        try:
            file = _Written(_owned(aside), "wb")
            with BufferedWriter(file) as stream, _apart(file):
                yield stream
            aside.replace(path)
        finally:
            aside.unlink(missing_ok=True)
    except _OfAnother as other:
        raise other.failure from None
    except OSError as error:
        raise HeduiError("file_not_written", file=path, cause=cause_of(error)) from error


class _OfAnother(Exception):
    """Carries what failed in the block and is not for want of this file."""

    def __init__(self, failure: Exception) -> None:
        super().__init__()
        self.failure = failure


@contextmanager
def _apart(file: _Written) -> Iterator[None]:
    """Tell a failure of the block over something else from one to write this file."""
    try:
        yield
    except OSError as error:
        if file.failure is not None:
            raise
        if error.filename is None:
            raise _OfAnother(error) from error
        unusable = HeduiError("file_unusable", file=error.filename, cause=cause_of(error))
        raise _OfAnother(unusable) from error


def _owned(path: Path) -> int:
    """Open for the owner alone; what an earlier try left there is made so before it is written."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _OWNER_ONLY)
    os.fchmod(handle, _OWNER_ONLY)
    return handle
