"""A plain file opened as what it is at that moment: no link, no pipe, and never a wait."""

import errno
import os
import stat
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import IO


def opened(path: Path) -> FileIO:
    """The plain file at ``path``, opened; OSError for anything else, and never a wait.

    What was found out about a path beforehand may be true no longer: the open file is asked. A pipe
    put in a file's place would be waited on for ever, a link leads out of the delivery.
    """
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), str(path))
    except OSError:
        os.close(handle)
        raise
    return FileIO(handle, "rb")


@dataclass(slots=True)
class UpTo:
    """A stream up to so many bytes: a file that somebody writes to without end has an end here."""

    file: FileIO
    left: int

    def read(self, size: int, /) -> bytes:
        """At most ``size`` more bytes; nothing at the end."""
        block = self.file.read(min(size, self.left)) or b""
        self.left -= len(block)
        return block


def stamp_of(file: IO[bytes]) -> tuple[int, int, int, int]:
    """What tells the open file from another put in its place, or from itself written to since."""
    now = os.fstat(file.fileno())
    return (now.st_dev, now.st_ino, now.st_size, now.st_mtime_ns)
