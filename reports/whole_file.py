"""A file that appears whole or not at all, whoever reads the folder meanwhile."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from domain.errors import HeduiError


@contextmanager
def whole_file(path: Path, *, with_folder: bool = False) -> Iterator[BinaryIO]:
    """A stream whose content is at ``path`` when the block ends without an error.

    What was there before stays until then. ``with_folder`` makes the folder as well. Raises
    HeduiError ``file_not_written`` where it cannot be written.
    """
    try:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if with_folder:
            path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_name(f".{path.name}.part")
        try:
            with aside.open("wb") as stream:
                yield stream
            aside.replace(path)
        finally:
            aside.unlink(missing_ok=True)
    except OSError as error:
        cause = error.strerror or type(error).__name__
        raise HeduiError("file_not_written", file=path, cause=cause) from error
