"""One scanned block of CSV to columns of text; records of a wrong width or encoding apart."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow_csv

from sources.csv_lines import Flags, Positions, ScannedBlock, record_ends, split_fields
from sources.headers import HeaderMatch

_ASCII: Final = 128
_BOM: Final = b"\xef\xbb\xbf"
_NEAR: Final = 64  # records decoded together where one of the block does not decode


class BadRecord(NamedTuple):
    """A record that gives no row; ``place`` counts all records of the block from 0."""

    place: int
    reason: str
    raw: bytes
    fields: int


@dataclass(slots=True)
class CsvBlock:
    """The rows of one block: ``columns`` of text by header, ``places`` of the rows in the block."""

    columns: dict[str, pa.Array]
    places: Positions
    bad: list[BadRecord] = field(default_factory=list)
    body: bytes = b""

    @property
    def records(self) -> int:
        """All records of the block: rows and bad ones."""
        return len(self.places) + len(self.bad)

    def records_outside_ascii(self) -> int:
        """How many records hold anything beyond ASCII, among those of the right width."""
        starts = _Records(self.body).starts
        if not len(starts):
            return 0
        is_outside = np.frombuffer(self.body, np.uint8) >= _ASCII
        narrow = sum(
            not record.raw.isascii() for record in self.bad if record.reason == "field_count"
        )
        return int(np.count_nonzero(np.logical_or.reduceat(is_outside, starts))) - narrow


def read_block(scanned: ScannedBlock, header: HeaderMatch, encoding: str) -> CsvBlock:
    """Decode the well-formed records of a block, as a whole, and parse the known columns."""
    bad = [BadRecord(place, reason, raw, 0) for place, reason, raw in scanned.bad]
    records = _Records(scanned.body)
    text, garbled = _decoded(records, header, encoding)
    columns, rows, wrong = _parse(text, header)
    count = rows + len(wrong) + len(garbled)
    places = np.arange(count) if scanned.places is None else scanned.places
    if wrong or garbled:
        is_row: Flags = np.ones(count, dtype=bool)
        is_row[list(garbled)] = False
        wrong_width = np.flatnonzero(is_row)[[place for place, _ in wrong]]
        is_row[wrong_width] = False
        found = {int(at): fields for at, (_, fields) in zip(wrong_width, wrong, strict=True)}
        for at, fields in (garbled | found).items():
            reason = "undecodable" if fields == header.width else "field_count"
            told = 0 if reason == "undecodable" else fields
            bad.append(BadRecord(int(places[at]), reason, records.one(at), told))
        places = places[is_row]
    return CsvBlock(columns, places, sorted(bad), scanned.body)


class _Records:
    """Well-formed records, and where each stands, which is looked for when it is asked."""

    def __init__(self, body: bytes) -> None:
        self.body = body

    def one(self, place: int) -> bytes:
        """The bytes of a record, its line end among them."""
        return self.some(place, place + 1)

    def some(self, first: int, after: int) -> bytes:
        """The bytes of records that follow on one another."""
        return self.body[self.starts[first] : self.ends[after - 1]]

    @cached_property
    def ends(self) -> Positions:
        """Where each record ends (exclusive)."""
        return record_ends(self.body)

    @cached_property
    def starts(self) -> Positions:
        """Where each record begins."""
        return np.concatenate((np.zeros(1, np.int64), self.ends))[:-1]


def _parse(
    text: bytes, header: HeaderMatch
) -> tuple[dict[str, pa.Array], int, list[tuple[int, int]]]:
    """The known columns, the number of rows, and records (place, fields) of a wrong width."""
    names = [str(place) for place in range(header.width)]
    wanted = [str(place) for place in header.positions.values()]
    if not text:
        return {name: pa.array([], pa.string()) for name in header.positions}, 0, []
    if text.startswith(_BOM):  # the parser drops one, which here belongs to a value
        text = _BOM + text
    wrong: list[tuple[int, int]] = []

    def skip(row: arrow_csv.InvalidRow) -> str:
        wrong.append((row.number - 1, row.actual_columns))
        return "skip"

    parsed = arrow_csv.read_csv(
        pa.py_buffer(text),
        read_options=arrow_csv.ReadOptions(
            column_names=names, use_threads=False, block_size=len(text) + 1
        ),
        parse_options=arrow_csv.ParseOptions(
            newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=skip
        ),
        convert_options=arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            include_columns=wanted,
            strings_can_be_null=False,
            check_utf8=False,  # it was decoded before
        ),
    )
    columns = {
        name: parsed.column(at).chunk(0) if len(parsed) else pa.array([], pa.string())
        for name, at in zip(header.positions, wanted, strict=True)
    }
    return columns, len(parsed), wrong


def _decoded(records: _Records, header: HeaderMatch, encoding: str) -> tuple[bytes, dict[int, int]]:
    """The records in UTF-8 without those that do not decode; of these place and width."""
    try:
        return _utf8(records.body, encoding), {}
    except UnicodeDecodeError:
        garbled: dict[int, int] = {}
        return b"".join(_decoded_around_faults(records, header, encoding, garbled)), garbled


def _utf8(raw: bytes, encoding: str) -> bytes:
    text = str(raw, encoding)
    return raw if encoding == "utf-8" else text.encode()


def _decoded_around_faults(
    records: _Records, header: HeaderMatch, encoding: str, garbled: dict[int, int]
) -> Iterator[bytes]:
    for first in range(0, len(records.ends), _NEAR):
        near = range(first, min(first + _NEAR, len(records.ends)))
        try:
            yield _utf8(records.some(first, near.stop), encoding)
        except UnicodeDecodeError:
            for at in near:
                text = _decoded_record(records.one(at), header, encoding)
                if text is None:
                    garbled[at] = len(split_fields(records.one(at)))
                else:
                    yield text


def _decoded_record(raw: bytes, header: HeaderMatch, encoding: str) -> bytes | None:
    """The record in UTF-8; None where a known column does not decode, or its width is wrong too.

    What a column holds that the dictionary does not know spoils nothing.
    """
    try:
        return _utf8(raw, encoding)
    except UnicodeDecodeError:
        fields, known = split_fields(raw), set(header.positions.values())
    decoded = []
    for place, cell in enumerate(fields):
        try:
            decoded.append(cell.decode(encoding))
        except UnicodeDecodeError:
            if place in known or len(fields) != header.width:
                return None
            decoded.append("")
    cells = (f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in decoded)
    return (",".join(cells) + "\n").encode()
