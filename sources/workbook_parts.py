"""What is inside an .xlsx before its reader sees it: sizes as they are, and no XML entities.

The reader keeps a workbook in memory and a sheet as a full rectangle, so what it is given is
measured first: a workbook of a few kilobytes can claim more cells than there is memory.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

import numpy as np

from sources.verdict import DeliveryRefused, Reason

UNPACKED_LIMIT: Final = 1 << 30  # bytes of all parts of a workbook, unpacked
CELLS_LIMIT: Final = 1 << 25  # of the rectangle a sheet spans: 1,048,576 rows of 32 columns
_PARTS_LIMIT: Final = 10_000
_BLOCK: Final = 1 << 20
_OVERLAP: Final = 64  # bytes of one block looked at again with the next
_LOCAL: Final = struct.Struct("<4s5H3L2H")
_LOCAL_MARK: Final = b"PK\3\4"
_WORKBOOK: Final = "xl/workbook.xml"
_NEEDED: Final = ("[Content_Types].xml", _WORKBOOK)
_PROPERTIES: Final = re.compile(rb"<(?:[\w.-]+:)?workbookPr\b[^>]*>")
_PROPERTIES_LONG: Final = 1 << 12
_SINCE_1904: Final = re.compile(rb"""\bdate1904\s*=\s*["'](?:1|true|on)["']""")
_OTHER_FORMATS: Final = ("content.xml", "xl/workbook.bin")  # the reader would take these as well
_XML: Final = (".xml", ".rels", ".vml")
_ENTITIES: Final = tuple(
    mark.encode(encoding)
    for mark in ("<!DOCTYPE", "<!ENTITY")
    for encoding in ("utf-8", "utf-16-le", "utf-16-be")
)
_SIXTEEN_BITS: Final = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
_SHARED: Final = "xl/sharedstrings.xml"
_LONG: Final = 1 << 10  # shared texts up to this length do no harm in as many cells as there may be
_ITEM_END: Final = re.compile(rb"</(?:[\w.-]+:)?si\s*>|<(?:[\w.-]+:)?si\s*/>")
_SHARED_CELL: Final = re.compile(
    rb"""<(?:[\w.-]+:)?c\b[^>]*\bt\s*=\s*["']s["'][^>]*>\s*<(?:[\w.-]+:)?v\b[^>]*>\s*([0-9]{1,9})"""
)
_PLACE: Final = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{0,3})([0-9]{1,7})["']""")


def check_workbook(path: Path, name: str) -> None:
    """Refuse a workbook that could harm the reader, or read something else than itself.

    Every part is unpacked once, in pieces, whatever size it claims to have. Raises DeliveryRefused:
    ``file_unreadable`` for what is no whole .xlsx, ``file_too_large``, ``workbook_entities``.
    """
    try:
        with zipfile.ZipFile(path) as archive, path.open("rb") as file:
            parts = archive.infolist()
            _check_parts(parts, name)
            for part in parts:
                _check_part(file, part, name)
            if _shared_text(file, parts) > UNPACKED_LIMIT:
                raise DeliveryRefused(Reason.of("file_too_large", name))
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError) as error:
        raise DeliveryRefused(Reason.of("file_unreadable", name)) from error


def counts_from_1904(path: Path) -> bool:
    """Whether serial dates in a checked workbook are days since 1904 (``date1904``), not 1900.

    It is a property of the workbook that old versions for the Macintosh set. Dates that are
    formatted as dates come from the reader as dates; bare serials are for us to count.
    """
    with zipfile.ZipFile(path) as archive, path.open("rb") as file:
        tail = b""
        for block in _unpacked(file, archive.getinfo(_WORKBOOK)):
            seen = tail + block
            found = _PROPERTIES.search(seen)
            if found:
                return _SINCE_1904.search(found[0]) is not None
            tail = seen[-_PROPERTIES_LONG:]
    return False


def _check_parts(parts: list[zipfile.ZipInfo], name: str) -> None:
    names = [part.filename for part in parts]
    if any(needed not in names for needed in _NEEDED) or any(
        one in names for one in _OTHER_FORMATS
    ):
        raise ValueError
    if len(names) > _PARTS_LIMIT or sum(part.file_size for part in parts) > UNPACKED_LIMIT:
        raise DeliveryRefused(Reason.of("file_too_large", name))


def _check_part(file: IO[bytes], part: zipfile.ZipInfo, name: str) -> None:
    """One part to its end: as long as it says, no entities, and its cells not too far apart."""
    is_xml = part.filename.lower().endswith(_XML)
    is_sheet = _is_sheet(part)
    size, columns, rows, tail = 0, 1, 1, b""
    for block in _unpacked(file, part):
        size += len(block)
        if size > part.file_size:
            raise ValueError
        if is_xml:
            seen = tail + block
            if any(mark in seen for mark in _ENTITIES):
                raise DeliveryRefused(Reason.of("workbook_entities", name))
            if seen.startswith(
                _SIXTEEN_BITS
            ):  # nobody writes such a part; it would not be measured
                raise ValueError
            tail = seen[-_OVERLAP:]
        if is_sheet:
            columns, rows = _reach(seen, columns, rows)
            if columns * rows > CELLS_LIMIT:
                raise DeliveryRefused(Reason.of("file_too_large", name))
    if size != part.file_size:
        raise ValueError


def _is_sheet(part: zipfile.ZipInfo) -> bool:
    name = part.filename.lower()
    return "worksheets/" in name and name.endswith(_XML)


def _shared_text(file: IO[bytes], parts: list[zipfile.ZipInfo]) -> int:
    """Bytes of text in cells that share it: the reader gives every cell a copy of its own.

    Counted only where some shared text is long: nothing else turns kilobytes into gigabytes.
    """
    shared = [part for part in parts if part.filename.lower() == _SHARED]
    lengths = np.array([n for part in shared for n in _item_lengths(file, part)], np.int64)
    if not len(lengths) or lengths.max() <= _LONG:
        return 0
    total = 0
    for part in filter(_is_sheet, parts):
        for block in _in_pieces(_unpacked(file, part)):
            places = np.array([int(place) for place in _SHARED_CELL.findall(block)], np.int64)
            total += int(lengths[places[places < len(lengths)]].sum())
    return total


def _item_lengths(file: IO[bytes], part: zipfile.ZipInfo) -> Iterator[int]:
    """The length of every shared text, its markup counted in."""
    last, begin, tail = 0, 0, b""
    for block in _unpacked(file, part):
        seen = tail + block
        for found in _ITEM_END.finditer(seen):
            end = begin + found.end()
            if end > last:
                yield end - last
                last = end
        tail = seen[-_OVERLAP:]
        begin += len(seen) - len(tail)


def _in_pieces(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """The blocks cut before a closing tag, so that nearly every cell is in one of them."""
    rest = b""
    for block in blocks:
        cut = block.rfind(b"</") + 1
        yield rest + block[:cut]
        rest = block[cut:][-_BLOCK:]
    yield rest


def _reach(xml: bytes, columns: int, rows: int) -> tuple[int, int]:
    """How far to the right and down the cells and rows named in the text go."""
    places = _PLACE.findall(xml)
    if not places:
        return columns, rows
    widest = max(_column(letters) for letters in {letters for letters, _ in places})
    deepest = max(int(digits) for _, digits in places)
    return max(columns, widest), max(rows, deepest)


def _column(letters: bytes) -> int:
    """``A`` is 1, ``XFD`` 16,384; 0 for the number of a row."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _unpacked(file: IO[bytes], part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The bytes as they really are, a block at a time; the size it claims is not believed."""
    file.seek(part.header_offset)
    mark, *_, name_length, extra_length = _LOCAL.unpack(file.read(_LOCAL.size))
    if mark != _LOCAL_MARK or part.flag_bits & 1:
        raise ValueError
    file.seek(name_length + extra_length, 1)
    left = part.compress_size
    if part.compress_type == zipfile.ZIP_STORED:
        while left and (block := file.read(min(_BLOCK, left))):
            left -= len(block)
            yield block
    elif part.compress_type == zipfile.ZIP_DEFLATED:
        yield from _inflated(file, left)
    else:
        raise ValueError


def _inflated(file: IO[bytes], left: int) -> Iterator[bytes]:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    while left and (packed := file.read(min(_BLOCK, left))):
        left -= len(packed)
        while packed:
            yield inflater.decompress(packed, _BLOCK)
            packed = inflater.unconsumed_tail
    yield inflater.flush()
    if not inflater.eof:
        raise EOFError
