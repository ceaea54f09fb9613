"""CSV files to rows of text: in blocks, decoded strictly, every record counted."""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np

from sources.contract import Contract
from sources.csv_block import BadRecord, CsvBlock, read_block
from sources.csv_lines import RECORD_LIMIT, scan, without_line_end
from sources.headers import HeaderMatch, header_below, match_headers, parse_header_line
from sources.text_rows import BadRow, TextBatch, hardly_repeat, row_table, shown_text
from sources.verdict import DeliveryRefused, Reason

BLOCK: Final = 4 << 20
_BOM: Final = b"\xef\xbb\xbf"
_OTHER: Final = {"utf-8": "gb18030", "gb18030": "utf-8"}
_HAN_LEADS: Final = frozenset(b"\xe3\xe4\xe5\xe6\xe7\xe8\xe9")  # of Chinese characters in UTF-8
_ENOUGH: Final = 9  # bytes outside ASCII that tell one encoding from the other
_DOS_END: Final = b"\x1a"


class CsvFile:
    """One delivered CSV file; opening it matches the header.

    Raises DeliveryRefused (``header_absent``, ``header_too_long``, ``header_unreadable``,
    ``header_not_first``, ``header_twice``, ``column_absent``, ``delimiter``, ``encoding``)
    on opening, and ``encoding`` from ``batches``.
    """

    def __init__(self, path: Path, name: str, encoding: str, contract: Contract) -> None:
        self.path = path
        self.name = name
        self.encoding = encoding
        self.contract = contract
        with path.open("rb") as file:
            raw = _first_line(file)
            self._header_size = file.tell()
            headers = parse_header_line(self._header_text(raw), contract, name)
            try:
                self.header: HeaderMatch = match_headers(headers, contract, name)
            except DeliveryRefused as refused:
                below = self._lines_below(file)
                raise header_below(headers, below, contract, name) or refused from None

    def batches(self) -> Iterator[TextBatch]:
        """The file's rows, some megabytes at a time; the last record may lack its line end."""
        row_no, carry = 1, b""
        plain: set[str] = set()
        is_probed = self.encoding != "gb18030"
        with self.path.open("rb", buffering=0) as file:
            file.seek(self._header_size)
            for lines, is_last in _blocks(file):
                raw = carry + lines
                is_probed = is_probed or self._is_told_apart(raw)
                scanned = scan(raw, self.header.width, is_last)
                carry = scanned.carry
                block = read_block(scanned, self.header, self.encoding, plain)
                plain |= {name for name, texts in block.columns.items() if hardly_repeat(texts)}
                self._check_encoding(block)
                yield self._batch(block, row_no, is_last)
                row_no += block.records

    def _batch(self, block: CsvBlock, row_no: int, is_last: bool) -> TextBatch:
        bad = tuple(
            BadRow(
                row_no=record.place + row_no,
                reason=self._reason(record, is_last and record.place == block.records - 1),
                raw_text=shown_text(record.raw, self.encoding),
            )
            for record in block.bad
        )
        return TextBatch(row_table(self.contract, block.places + row_no, block.columns), bad)

    def _reason(self, record: BadRecord, is_last: bool) -> str:
        """The last record of a file that ends too early is cut off, whatever else it seems."""
        is_open = not record.raw.endswith(b"\n")
        if is_last and record.reason == "field_count" and record.fields < self.header.width:
            return "cut_off"
        if is_last and is_open and record.reason in ("undecodable", "quote"):
            return "cut_off"
        return record.reason

    def _header_text(self, raw: bytes) -> str:
        line = without_line_end(raw.removeprefix(_BOM))
        if not line.strip():
            raise DeliveryRefused(Reason.of("header_absent", self.name))
        if len(raw) == RECORD_LIMIT and not raw.endswith(b"\n"):
            raise DeliveryRefused(Reason.of("header_too_long", self.name))
        is_utf8 = raw.startswith(_BOM) or _is_chinese_utf8(line)
        if self.encoding == "gb18030" and is_utf8:
            raise self._other_encoding()
        try:
            return line.decode(self.encoding)
        except UnicodeDecodeError as error:
            raise self._other_encoding() from error

    def _lines_below(self, file: BinaryIO) -> Iterator[list[str]]:
        while raw := file.readline(RECORD_LIMIT):
            yield without_line_end(raw).decode(self.encoding, "replace").split(",")

    def _is_told_apart(self, raw: bytes) -> bool:
        """Whether the bytes are enough to say that GB18030 was rightly declared.

        UTF-8 text often decodes as GB18030, into other characters; Chinese text in GB18030 is
        never valid UTF-8 for long.
        """
        if _is_chinese_utf8(raw):
            raise self._other_encoding()
        return not raw.isascii() and _outside_ascii(raw) >= _ENOUGH

    def _check_encoding(self, block: CsvBlock) -> None:
        """Refuse a file most of whose text reads only in the other encoding."""
        undecodable = [record.raw for record in block.bad if record.reason == "undecodable"]
        if not undecodable or 2 * len(undecodable) <= block.records_outside_ascii():
            return
        try:
            b"".join(undecodable).decode(_OTHER[self.encoding])
        except UnicodeDecodeError:
            return
        raise self._other_encoding()

    def _other_encoding(self) -> DeliveryRefused:
        return DeliveryRefused(Reason.of("encoding", self.name, self.encoding))


def _first_line(file: BinaryIO) -> bytes:
    """The first line that is not blank, cut at the record limit; nothing where there is none."""
    raw = file.readline(RECORD_LIMIT)
    while raw and len(raw) < RECORD_LIMIT and not raw.removeprefix(_BOM).strip(b" \t\r\n"):
        raw = file.readline(RECORD_LIMIT)
    return raw


def _blocks(file: BinaryIO) -> Iterator[tuple[bytes, bool]]:
    """Whole lines in blocks, and whether a block is the last, which may end without a line break.

    A line beyond the record limit is given without its middle, so that memory stays bounded.
    """
    pending, chunk = b"", file.read(BLOCK)
    while following := file.read(BLOCK):
        cut = chunk.rfind(b"\n") + 1
        if cut:
            yield b"".join((pending, memoryview(chunk)[:cut])), False
            pending = b""
        pending += chunk[cut:]
        if len(pending) > RECORD_LIMIT:
            pending = pending[: RECORD_LIMIT + 1]
        chunk = following
    yield (pending + chunk).removesuffix(_DOS_END), True


def _is_chinese_utf8(raw: bytes) -> bool:
    if raw.isascii() or _outside_ascii(raw) < _ENOUGH or _HAN_LEADS.isdisjoint(raw):
        return False
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _outside_ascii(raw: bytes) -> int:
    """How many bytes are outside ASCII."""
    return int(np.count_nonzero(np.frombuffer(raw, np.uint8) > 127))
