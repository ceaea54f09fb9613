"""A file that appears whole or not at all, and that its owner alone may read."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from domain.errors import HeduiError

_OWNER_ONLY: Final = 0o600


@contextmanager
def whole_file(path: Path, *, with_folder: bool = False) -> Iterator[BinaryIO]:
    """A stream whose content is at ``path`` when the block ends without an error.

    What was there before stays until then. The file is readable and writable by its owner alone,
    whatever the umask and whatever stood there before: masked or not, it is about people.
    ``with_folder`` makes the folder as well. Raises HeduiError ``file_not_written`` where it cannot
    be written.
    """
    try:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if with_folder:
            path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_name(f".{path.name}.part")
        try:
            with os.fdopen(_owned(aside), "wb") as stream:
                yield stream
            aside.replace(path)
        finally:
            aside.unlink(missing_ok=True)
    except OSError as error:
        cause = error.strerror or type(error).__name__
        raise HeduiError("file_not_written", file=path, cause=cause) from error


def _owned(path: Path) -> int:
    """Open for the owner alone; what an earlier try left there is made so before it is written."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _OWNER_ONLY)
    os.fchmod(handle, _OWNER_ONLY)
    return handle
