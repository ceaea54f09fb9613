"""One scanned block of CSV to columns of text; records of a wrong width or encoding apart."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from sources.csv_lines import (
    COMMA,
    QUOTE,
    Flags,
    Positions,
    ScannedBlock,
    record_ends,
    split_fields,
)
from sources.headers import HeaderMatch

_ASCII: Final = 128
_BOM: Final = b"\xef\xbb\xbf"
_FEW_QUOTES: Final = 2000  # in a block; records with more of them are dear to look at one by one
_SEPARATOR: Final = b"\0"  # in no record: those with a NUL are bad


class BadRecord(NamedTuple):
    """A record that gives no row; ``place`` counts all records of the block from 0."""

    place: int
    reason: str
    raw: bytes
    fields: int


class _Records:
    """Well-formed records, and where each stands, which is looked for when it is asked."""

    def __init__(self, scanned: ScannedBlock) -> None:
        self.body = scanned.body
        self._ends = scanned.ends

    def one(self, place: int) -> bytes:
        """The bytes of a record, its line end among them."""
        return self.body[self.starts[place] : self.ends[place]]

    def without(self, places: Iterable[int]) -> bytes:
        """The bytes of all records but some, which ascend."""
        pieces, first = [], 0
        for place in places:
            pieces.append(self.body[first : self.starts[place]])
            first = int(self.ends[place])
        return b"".join((*pieces, self.body[first:]))

    @cached_property
    def ends(self) -> Positions:
        """Where each record ends (exclusive)."""
        return record_ends(self.body) if self._ends is None else self._ends

    @cached_property
    def starts(self) -> Positions:
        """Where each record begins."""
        return np.concatenate((np.zeros(1, np.int64), self.ends))[:-1]


@dataclass(slots=True)
class CsvBlock:
    """The rows of one block: ``columns`` of text by header, ``places`` of the rows in the block."""

    columns: dict[str, pa.Array]
    places: Positions
    bad: list[BadRecord]
    _records: _Records

    @property
    def records(self) -> int:
        """All records of the block: rows and bad ones."""
        return len(self.places) + len(self.bad)

    def records_outside_ascii(self) -> int:
        """How many records hold anything beyond ASCII, among those of the right width."""
        starts = self._records.starts
        if not len(starts):
            return 0
        is_outside = np.frombuffer(self._records.body, np.uint8) >= _ASCII
        narrow = sum(
            not record.raw.isascii() for record in self.bad if record.reason == "field_count"
        )
        return int(np.count_nonzero(np.logical_or.reduceat(is_outside, starts))) - narrow


def read_block(
    scanned: ScannedBlock, header: HeaderMatch, encoding: str, plain: Collection[str] = ()
) -> CsvBlock:
    """Parse the known columns of a block's well-formed records, and decode them.

    Texts that repeat are told apart while they are parsed, and decoded once; those of the ``plain``
    headers, which hardly do, are left as they come.
    """
    bad = [BadRecord(place, reason, raw, 0) for place, reason, raw in scanned.bad]
    records = _Records(scanned)
    if encoding == "utf-8" and _are_utf8(_whole(scanned.body)):
        columns, rows, wrong = _parse(scanned.body, header, _Texts(pa.string(), plain))
        garbled: Flags | None = None
    else:
        given, rows, wrong = _parse_bytes(records, header, plain)
        columns, garbled = _decoded(given, encoding)
    count = rows + len(wrong)
    places = np.arange(count) if scanned.places is None else scanned.places
    if wrong or garbled is not None:
        is_row: Flags = np.ones(count, dtype=bool)
        for at, fields in wrong:
            is_row[at] = False
            bad.append(BadRecord(int(places[at]), "field_count", records.one(at), fields))
        if garbled is not None:
            for at in np.flatnonzero(is_row)[garbled]:
                is_row[at] = False
                bad.append(BadRecord(int(places[at]), "undecodable", records.one(at), 0))
            kept = pa.array(~garbled)
            columns = {name: texts.filter(kept) for name, texts in columns.items()}
        places = places[is_row]
    return CsvBlock(columns, places, sorted(bad), records)


class _Texts(NamedTuple):
    """What columns are parsed to: text or bytes, told apart but for those of some headers."""

    kind: pa.DataType
    plain: Collection[str] = ()

    def type_of(self, header: str) -> pa.DataType:
        """The type of a column."""
        return self.kind if header in self.plain else pa.dictionary(pa.int32(), self.kind)


def _parse(
    raw: bytes, header: HeaderMatch, texts: _Texts
) -> tuple[dict[str, pa.Array], int, list[tuple[int, int]]]:
    """The known columns, the number of rows, and records (place, fields) of a wrong width.

    Such a record raises ArrowInvalid where bytes are parsed: the parser would show it as text.
    """
    if not raw:
        return {name: pa.array([], texts.kind) for name in header.positions}, 0, []
    if raw.startswith(_BOM):  # the parser drops one, which here belongs to a value
        raw = _BOM + raw
    types = {place: texts.type_of(name) for name, place in header.positions.items()}
    are_bytes = pa.types.is_binary(texts.kind)
    parsed, wrong = _table(pa.py_buffer(raw), b'"' in raw, header.width, types, are_bytes)
    columns = {
        name: parsed.column(str(place)).chunk(0) if len(parsed) else pa.array([], texts.kind)
        for name, place in header.positions.items()
    }
    return columns, len(parsed), wrong


def _table(
    raw: pa.Buffer,
    has_quotes: bool,
    width: int,
    types: Mapping[int, pa.DataType],
    are_bytes: bool = False,
) -> tuple[pa.Table, list[tuple[int, int]]]:
    """The columns at some places, named after them, and records of a wrong width."""
    wrong: list[tuple[int, int]] = []

    def skip(row: arrow_csv.InvalidRow) -> str:
        wrong.append((row.number - 1, row.actual_columns))
        return "skip"

    kinds = {str(place): kind for place, kind in types.items()}
    parsed = arrow_csv.read_csv(
        raw,
        read_options=arrow_csv.ReadOptions(
            column_names=[str(place) for place in range(width)],
            use_threads=False,
            block_size=raw.size + 1,
        ),
        parse_options=arrow_csv.ParseOptions(
            quote_char='"' if has_quotes else False,
            newlines_in_values=has_quotes,
            ignore_empty_lines=False,
            invalid_row_handler=None if are_bytes else skip,
        ),
        convert_options=arrow_csv.ConvertOptions(
            column_types=kinds,
            include_columns=list(kinds),
            strings_can_be_null=False,
            check_utf8=False,  # it is known, or looked at afterwards
        ),
    )
    return parsed, wrong


def _parse_bytes(
    records: _Records, header: HeaderMatch, plain: Collection[str]
) -> tuple[dict[str, pa.Array], int, list[tuple[int, int]]]:
    """As :func:`_parse`, but the columns are of bytes, whatever they say."""
    texts = _Texts(pa.binary(), plain)
    wrong = _wrong_widths(records, header)
    sound = records.without(at for at, _ in wrong) if wrong else records.body
    columns, rows, _ = _parse(sound, header, texts)
    return columns, rows, wrong


def _wrong_widths(records: _Records, header: HeaderMatch) -> list[tuple[int, int]]:
    """Records (place, fields) of a wrong width, found by their commas where few have quotes."""
    data = np.frombuffer(records.body, np.uint8)
    if not len(data):
        return []
    quotes = np.flatnonzero(data == QUOTE) if b'"' in records.body else np.empty(0, np.int64)
    if len(quotes) > _FEW_QUOTES:
        return _wrong_when_parsed(records, header)
    fields = 1 + np.add.reduceat(data == COMMA, records.starts, dtype=np.int32)
    for at in np.unique(np.searchsorted(records.ends, quotes, side="right")):
        fields[at] = len(split_fields(records.one(int(at))))
    wrong = np.flatnonzero(fields != header.width)
    return [(int(at), int(fields[at])) for at in wrong]


def _wrong_when_parsed(records: _Records, header: HeaderMatch) -> list[tuple[int, int]]:
    """The same as the parser finds it, every byte outside ASCII taken for a letter."""
    letters = np.minimum(np.frombuffer(records.body, np.uint8), np.uint8(_ASCII - 1))
    _, wrong = _table(pa.py_buffer(letters), True, header.width, {0: pa.string()})
    return wrong


def _decoded(
    columns: Mapping[str, pa.Array], encoding: str
) -> tuple[dict[str, pa.Array], Flags | None]:
    """Columns of bytes as text, and the rows of which something does not decode, if there are."""
    texts: dict[str, pa.Array] = {}
    garbled: Flags | None = None
    for name, given in columns.items():
        is_coded = pa.types.is_dictionary(given.type)
        decoded, odd = _decoded_texts(given.dictionary if is_coded else given, encoding)
        if is_coded:
            decoded = pa.DictionaryArray.from_arrays(given.indices, decoded)
        texts[name] = decoded
        if odd.any():
            rows = odd[given.indices.to_numpy()] if is_coded else odd
            garbled = rows if garbled is None else garbled | rows
    return texts, garbled


def _decoded_texts(given: pa.Array, encoding: str) -> tuple[pa.Array, Flags]:
    """Bytes, none of them null, as text, and which of them do not decode."""
    odd: Flags = np.zeros(len(given), dtype=bool)
    offsets = np.frombuffer(given.buffers()[1], np.int32)[given.offset :][: len(given) + 1]
    data = np.frombuffer(given.buffers()[2] or b"", np.uint8)[offsets[0] : offsets[-1]]
    texts = given.view(pa.string())
    if not len(data) or data.max() < _ASCII or (encoding == "utf-8" and _are_utf8(texts)):
        return texts, odd
    together = pa.ListArray.from_arrays(np.array([0, len(given)], np.int32), given)
    joined = pc.binary_join(together, _SEPARATOR)[0].as_py()
    decoded = "".join(_without_odd(joined, encoding, odd)).encode()
    return pc.split_pattern(_whole(decoded), _SEPARATOR.decode()).flatten(), odd


def _without_odd(joined: bytes, encoding: str, odd: Flags) -> Iterator[str]:
    """Joined texts decoded, nothing in the place of those that do not, which are marked odd."""
    first, place = 0, 0
    while True:
        try:
            yield str(memoryview(joined)[first:], encoding)
        except UnicodeDecodeError as error:
            fault = first + error.start
            start = joined.rfind(_SEPARATOR, first, fault) + 1 or first
            yield joined[first:start].decode(encoding)
            place += joined.count(_SEPARATOR, first, start)
            odd[place] = True
            first = joined.find(_SEPARATOR, fault)
            if first < 0:
                return
        else:
            return


def _are_utf8(texts: pa.Array) -> bool:
    try:
        texts.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _whole(text: bytes) -> pa.Array:
    """One text of all bytes, which are not looked at."""
    ends = pa.py_buffer(np.array([0, len(text)], np.int32))
    return pa.Array.from_buffers(pa.string(), 1, [None, ends, pa.py_buffer(text)])
