"""One scanned block of CSV to columns of text; records of a wrong width or encoding apart."""

from dataclasses import dataclass, field
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from sources.csv_lines import Flags, Positions, ScannedBlock, field_counts, record_ends
from sources.headers import HeaderMatch

_ASCII: Final = 128
_SEPARATOR: Final = "\0"  # in no value: records with a NUL never come here


class BadRecord(NamedTuple):
    """A record that gives no row; ``place`` counts all records of the block from 0."""

    place: int
    reason: str
    raw: bytes
    fields: int


@dataclass(slots=True)
class CsvBlock:
    """The rows of one block: ``columns`` of text by header, ``places`` of the rows in the block.

    Texts are dictionary-encoded where they had to be decoded.
    """

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
        starts, _ = _spans(self.body)
        if not len(starts):
            return 0
        is_outside = np.frombuffer(self.body, np.uint8) >= _ASCII
        return int(np.count_nonzero(np.logical_or.reduceat(is_outside, starts)))


def read_block(scanned: ScannedBlock, header: HeaderMatch, encoding: str) -> CsvBlock:
    """Parse the well-formed records of a block and decode the known columns."""
    bad = [BadRecord(place, reason, raw, 0) for place, reason, raw in scanned.bad]
    body, places = scanned.body, scanned.places
    try:
        parsed = _parse(body, header)
    except pa.ArrowInvalid:  # some record has another number of fields
        body, places, narrow = _without_wrong_widths(body, places, header.width)
        bad += narrow
        parsed = _parse(body, header)
    if places is None:
        places = np.arange(len(parsed))
    columns, undecodable = _decode(parsed, encoding)
    if undecodable.any():
        bad += _records(body, places, np.flatnonzero(undecodable))
        good = pa.array(~undecodable)
        columns = {name: column.filter(good) for name, column in columns.items()}
        places = places[~undecodable]
    return CsvBlock(columns, places, sorted(bad), body)


def _parse(body: bytes, header: HeaderMatch) -> pa.Table:
    """The known columns as bytes; ArrowInvalid when a record has another number of fields."""
    names = [str(place) for place in range(header.width)]
    wanted = [str(place) for place in header.positions.values()]
    if not body:
        return pa.table({name: pa.array([], pa.binary()) for name in wanted}).rename_columns(
            list(header.positions)
        )
    parsed = arrow_csv.read_csv(
        pa.py_buffer(body),
        read_options=arrow_csv.ReadOptions(
            column_names=names, use_threads=False, block_size=len(body) + 1
        ),
        parse_options=arrow_csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
        convert_options=arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.binary()),
            include_columns=wanted,
            strings_can_be_null=False,
        ),
    )
    return parsed.rename_columns(list(header.positions))


def _without_wrong_widths(
    body: bytes, places: Positions | None, width: int
) -> tuple[bytes, Positions, list[BadRecord]]:
    """The records of the right width in one piece, their places, and the others."""
    starts, ends = _spans(body)
    if places is None:
        places = np.arange(len(ends))
    counts = field_counts(body, ends)
    is_right = counts == width
    wrong = [
        BadRecord(int(places[at]), "field_count", body[starts[at] : ends[at]], int(counts[at]))
        for at in np.flatnonzero(~is_right)
    ]
    return _joined(body, starts, ends, is_right), places[is_right], wrong


def _joined(body: bytes, starts: Positions, ends: Positions, keep: Flags) -> bytes:
    """The kept records, neighbours copied together."""
    steps = np.diff(keep.astype(np.int8), prepend=0, append=0)
    firsts, afters = np.flatnonzero(steps == 1), np.flatnonzero(steps == -1)
    return b"".join(
        body[starts[first] : ends[after - 1]] for first, after in zip(firsts, afters, strict=True)
    )


def _records(body: bytes, places: Positions, rows: Positions) -> list[BadRecord]:
    starts, ends = _spans(body)
    return [
        BadRecord(int(places[row]), "undecodable", body[starts[row] : ends[row]], 0) for row in rows
    ]


def _spans(body: bytes) -> tuple[Positions, Positions]:
    ends = record_ends(body)
    return np.concatenate((np.zeros(1, np.int64), ends))[:-1], ends


def _decode(parsed: pa.Table, encoding: str) -> tuple[dict[str, pa.Array], Flags]:
    """The columns as text, and which rows hold bytes that do not decode."""
    undecodable = np.zeros(len(parsed), dtype=bool)
    columns = {}
    for name in parsed.column_names:
        column = parsed.column(name).combine_chunks()
        try:
            columns[name] = _decoded(column, encoding)
        except (UnicodeError, pa.ArrowInvalid):
            columns[name] = _decoded_around_faults(column, encoding, undecodable)
    return columns, undecodable


def _decoded(column: pa.Array, encoding: str) -> pa.Array:
    """Text from bytes, each distinct one decoded once; raises for a byte that does not decode."""
    if encoding == "utf-8" or _is_ascii(column):
        return column.cast(pa.string())
    coded = column.dictionary_encode()
    return pa.DictionaryArray.from_arrays(coded.indices, _text(coded.dictionary, encoding))


def _text(distinct: pa.Array, encoding: str) -> pa.Array:
    whole = pa.ListArray.from_arrays(pa.array([0, len(distinct)], pa.int32()), distinct)
    joined = pc.binary_join(whole, _SEPARATOR.encode())[0].as_buffer()
    text = pa.array([str(joined, encoding)], pa.string())
    return pc.split_pattern(text, _SEPARATOR).values


def _is_ascii(column: pa.Array) -> bool:
    data = column.buffers()[2]
    return data is None or int(np.frombuffer(data, np.uint8).max(initial=0)) < _ASCII


def _decoded_around_faults(column: pa.Array, encoding: str, undecodable: Flags) -> pa.Array:
    """Text from bytes; the rows whose bytes do not decode are marked, and of no use."""
    coded = column.dictionary_encode()
    texts: list[str | None] = []
    for raw in coded.dictionary.to_pylist():
        try:
            texts.append(raw.decode(encoding))
        except UnicodeDecodeError:
            texts.append(None)
    is_bad = np.array([text is None for text in texts])
    undecodable |= is_bad[coded.indices.to_numpy()]
    readable = pa.array(["" if text is None else text for text in texts], pa.string())
    return pa.DictionaryArray.from_arrays(coded.indices, readable)
