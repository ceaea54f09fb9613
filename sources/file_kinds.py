"""What a file seems to be by its first bytes, for whoever was sent another thing than declared."""

import re
from pathlib import Path
from typing import Final

from sources.verdict import DeliveryRefused, Reason

_BEGIN: Final = 512
_MARKS: Final = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_or_locked"),  # OLE: an .xls, or a workbook encrypted
    (b"PK\3\4", "xlsx_or_zip"),
    (b"PAR1", "parquet"),
    (b"\x1f\x8b", "packed"),
    (b"7z\xbc\xaf\x27\x1c", "packed"),
    (b"Rar!\x1a\x07", "packed"),
    (b"%PDF-", "pdf"),
)
_HTML: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|table|meta|\?xml)", re.IGNORECASE
)
_AS_DECLARED: Final = {"xlsx": ("xlsx_or_zip",), "parquet": ("parquet",), "csv": ()}


def told_apart(path: Path, name: str, declared: str, refused: DeliveryRefused) -> DeliveryRefused:
    """The refusal of a file that could not be read as ``declared``, by what it is where that shows.

    ``format_differs`` in the place of the reader's own reason, which would mislead: a workbook read
    as text has "another encoding".
    """
    kind = _kind(path)
    if kind is None or kind in _AS_DECLARED[declared]:
        return refused
    return DeliveryRefused(Reason.of("format_differs", kind, name, declared))


def _kind(path: Path) -> str | None:
    with path.open("rb") as file:
        begin = file.read(_BEGIN)
    for mark, kind in _MARKS:
        if begin.startswith(mark):
            return kind
    return "html" if _HTML.match(begin) else None
