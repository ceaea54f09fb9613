"""Parquet files to rows of text: every type in the form a CSV would carry it."""

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sources.contract import Contract
from sources.headers import HeaderMatch, match_headers, trim
from sources.spreadsheet import cell_text
from sources.text_rows import FIELD_LIMIT, BadRow, TextBatch, row_table, shown_text
from sources.verdict import DeliveryRefused, Reason

_ROWS: Final = 50_000
_REPEATING: Final = 0.5  # distinct texts to rows, up to which it is worth telling them apart
_PIECE: Final = 64 << 20  # bytes of text at a time
_TEXT_AT_LEAST: Final = 1 << 30
_TEXT_RATIO: Final = 200  # text to file: real extracts have tenfold, forty at most
# A time zone that nobody knows; a moment before the first or after the last year there is.
_NO_VALUE: Final = (LookupError, OverflowError, ValueError)


class ParquetFile:
    """One delivered Parquet file; opening it reads the schema only.

    Raises DeliveryRefused: ``file_unreadable``, ``header_twice``, ``column_absent``,
    ``column_type`` for a known column of nested type, and ``file_too_large``, also from
    ``batches``, where the texts are more than a file of its size can be meant to hold.
    """

    def __init__(self, path: Path, name: str, contract: Contract) -> None:
        self.path = path
        self.name = name
        self.contract = contract
        self._text_bytes = 0
        try:
            with pq.ParquetFile(path) as file:
                schema, metadata = file.schema_arrow, file.metadata
        except (pa.ArrowException, OSError) as error:
            raise DeliveryRefused(Reason.of("file_unreadable", name)) from error
        self.header: HeaderMatch = match_headers(schema.names, contract, name)
        self._delivered = {
            header: schema.names[place] for header, place in self.header.positions.items()
        }
        for header, place in self.header.positions.items():
            if pa.types.is_nested(schema.field(place).type):
                raise DeliveryRefused(Reason.of("column_type", trim(header), name))
        self._spans = list(_spans(metadata, set(self._delivered.values())))
        self._bound(sum(span.size for span in self._spans))

    def _bound(self, size: int) -> None:
        """Refuse more bytes than a file of its size can be meant to hold."""
        if size > max(_TEXT_AT_LEAST, _TEXT_RATIO * self.path.stat().st_size):
            raise DeliveryRefused(Reason.of("file_too_large", self.name))

    def batches(self) -> Iterator[TextBatch]:
        """The file's rows, some thousands at a time; ``file_unreadable`` where it is damaged."""
        row_no = 1
        try:
            # A text that repeats is kept once until it is known how much it makes with its repeats.
            wanted = list(self._delivered.values())
            with pq.ParquetFile(self.path, read_dictionary=wanted) as file:
                for batch in _batches(file, self._spans, wanted):
                    for piece in self._pieces(batch):
                        yield self._batch(piece, row_no)
                        row_no += len(piece)
        except (pa.ArrowException, OSError) as error:
            raise DeliveryRefused(Reason.of("file_unreadable", self.name)) from error

    def _pieces(self, batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
        """The batch in pieces whose texts, every repeat written out, fit in memory."""
        sizes = np.zeros(len(batch), np.int64)
        for column in batch.columns:
            sizes += _text_sizes(column)
        self._text_bytes += int(sizes.sum())
        self._bound(self._text_bytes)
        first, ends = 0, np.cumsum(sizes)
        while first < len(batch):
            before = int(ends[first - 1]) if first else 0
            after = int(np.searchsorted(ends, before + _PIECE, side="right"))
            after = max(first + 1, after)
            yield batch.slice(first, after - first)
            first = after

    def _batch(self, batch: pa.RecordBatch, first: int) -> TextBatch:
        faults: dict[int, str] = {}
        columns = {
            header: _as_text(batch.column(name), faults) for header, name in self._delivered.items()
        }
        raw = {row: _raw_text(columns, row) for row in faults}
        keep = np.ones(len(batch), dtype=bool)
        keep[list(faults)] = False
        if faults:
            columns = {name: column.filter(pa.array(keep)) for name, column in columns.items()}
        bad = tuple(BadRow(first + row, faults[row], raw[row]) for row in sorted(faults))
        return TextBatch(row_table(self.contract, np.flatnonzero(keep) + first, columns), bad)


class _Span(NamedTuple):
    """Row groups read in one go, how many rows at a time, and the bytes they say they hold."""

    groups: list[int]
    rows: int
    size: int


def _spans(metadata: pq.FileMetaData, wanted: Collection[str]) -> Iterator[_Span]:
    """The row groups, neighbours together while they are small, so read that memory is bounded.

    A text that hardly packs to anything (a million times ``x``) is that long in memory: how long
    the columns are unpacked stands in the file. What is said there too little of is measured when
    it is read.
    """
    span = _Span([], _ROWS, 0)
    held = 0
    for number in range(metadata.num_row_groups):
        group = metadata.row_group(number)
        size = _unpacked(group, wanted)
        rows = max(1, min(_ROWS, _PIECE * group.num_rows // max(size, 1)))
        if span.groups and (held + group.num_rows > _ROWS or span.size + size > _PIECE):
            yield span
            span, held = _Span([], _ROWS, 0), 0
        span = _Span([*span.groups, number], min(span.rows, rows), span.size + size)
        held += group.num_rows
    if span.groups:
        yield span


def _unpacked(group: pq.RowGroupMetaData, wanted: Collection[str]) -> int:
    columns = (group.column(place) for place in range(group.num_columns))
    return sum(
        max(0, column.total_uncompressed_size)
        for column in columns
        if column.path_in_schema in wanted
    )


def _batches(
    file: pq.ParquetFile, spans: Iterable[_Span], wanted: list[str]
) -> Iterator[pa.RecordBatch]:
    for span in spans:
        yield from file.iter_batches(
            span.rows, row_groups=span.groups, columns=wanted, use_threads=False
        )


def _text_sizes(column: pa.Array) -> npt.NDArray[np.int64]:
    """Bytes of each row's text; nought where the type is of one short length."""
    is_coded = pa.types.is_dictionary(column.type)
    texts = column.dictionary if is_coded else column
    if not _is_bytes(texts.type) or not len(column):
        return np.zeros(len(column), np.int64)
    lengths = pc.binary_length(texts)
    each = lengths.take(column.indices) if is_coded else lengths
    found: npt.NDArray[np.int64] = each.fill_null(0).to_numpy(zero_copy_only=False)
    return found.astype(np.int64)


def _as_text(column: pa.Array, faults: dict[int, str]) -> pa.Array:
    """The column as text; rows whose value cannot be text are added to ``faults``.

    Dictionary-encoded where its texts repeat, and all of them are in order.
    """
    if pa.types.is_dictionary(column.type):
        texts = column.dictionary
        is_repeating = len(texts) <= _REPEATING * len(column)
        if is_repeating and pa.types.is_string(texts.type) and _is_in_order(texts):
            return column
        column = column.dictionary_decode()
    text = _converted(column, faults)
    for reason, mask in _odd(text):
        faults.update((row, reason) for row in _true_rows(mask))
    return text


def _is_in_order(texts: pa.Array) -> bool:
    return _is_valid(texts) and not any(_true_rows(mask) for _, mask in _odd(texts))


def _odd(text: pa.Array) -> Iterator[tuple[str, pa.Array]]:
    """What sets a row aside, and where."""
    yield "too_long", pc.greater(pc.binary_length(text), FIELD_LIMIT)
    yield "nul", pc.match_substring(text, "\0")


def _converted(column: pa.Array, faults: dict[int, str]) -> pa.Array:
    kind = column.type
    if pa.types.is_integer(kind) or (pa.types.is_string(kind) and _is_valid(column)):
        return column.cast(pa.string())
    if _is_bytes(kind):
        return _decoded(column, faults)
    return pa.array([cell_text(value) for value in _values(column)], pa.string())


def _values(column: pa.Array) -> list[Any]:
    """Python's values; what has none (the year 300,000) in words, which no column takes for one."""
    try:
        return list(column.to_pylist())
    except _NO_VALUE:
        return [_value(scalar) for scalar in column]


def _value(scalar: pa.Scalar) -> Any:
    try:
        return scalar.as_py()
    except _NO_VALUE:
        return f"{scalar.type} {scalar.value}"


def _is_valid(column: pa.Array) -> bool:
    """Whether text is UTF-8 throughout; a file's word for it is not enough."""
    try:
        column.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _is_bytes(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_binary(kind)
        or pa.types.is_string(kind)
        or pa.types.is_large_binary(kind)
        or pa.types.is_large_string(kind)
        or pa.types.is_fixed_size_binary(kind)
    )


def _decoded(column: pa.Array, faults: dict[int, str]) -> pa.Array:
    """UTF-8 bytes as text; what does not decode is shown escaped and its row is bad."""
    values: list[str | None] = []
    for row, value in enumerate(column.cast(pa.binary()).to_pylist()):
        try:
            values.append(None if value is None else value.decode("utf-8"))
        except UnicodeDecodeError:
            values.append(shown_text(value, "utf-8"))
            faults[row] = "undecodable"
    return pa.array(values, pa.string())


def _true_rows(mask: pa.Array) -> list[int]:
    found: npt.NDArray[np.int64] = np.flatnonzero(
        mask.fill_null(False).to_numpy(zero_copy_only=False)
    )
    return [int(row) for row in found]


def _raw_text(columns: dict[str, pa.Array], row: int) -> str:
    values = (column[row].as_py() or "" for column in columns.values())
    return shown_text(",".join(values).encode(), "utf-8")
