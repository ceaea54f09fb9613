"""Parquet files to rows of text: every type in the form a CSV would carry it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

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


class ParquetFile:
    """One delivered Parquet file; opening it reads the schema only.

    Raises DeliveryRefused: ``file_unreadable``, ``header_twice``, ``column_absent``,
    ``column_type`` for a known column of nested type.
    """

    def __init__(self, path: Path, name: str, contract: Contract) -> None:
        self.path = path
        self.name = name
        self.contract = contract
        try:
            with pq.ParquetFile(path) as file:
                schema = file.schema_arrow
        except (pa.ArrowException, OSError) as error:
            raise DeliveryRefused(Reason.of("file_unreadable", name)) from error
        self.header: HeaderMatch = match_headers(schema.names, contract, name)
        self._delivered = {
            header: schema.names[place] for header, place in self.header.positions.items()
        }
        for header, place in self.header.positions.items():
            if pa.types.is_nested(schema.field(place).type):
                raise DeliveryRefused(Reason.of("column_type", trim(header), name))

    def batches(self) -> Iterator[TextBatch]:
        """The file's rows, some thousands at a time; ``file_unreadable`` where it is damaged."""
        row_no = 1
        try:
            with pq.ParquetFile(self.path) as file:
                wanted = list(self._delivered.values())
                for batch in file.iter_batches(_ROWS, columns=wanted, use_threads=False):
                    yield self._batch(batch, row_no)
                    row_no += len(batch)
        except (pa.ArrowException, OSError) as error:
            raise DeliveryRefused(Reason.of("file_unreadable", self.name)) from error

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


def _as_text(column: pa.Array, faults: dict[int, str]) -> pa.Array:
    """The column as text; rows whose value cannot be text are added to ``faults``."""
    text = _converted(column, faults)
    lengths = pc.binary_length(text)
    for reason, mask in (
        ("too_long", pc.greater(lengths, FIELD_LIMIT)),
        ("nul", pc.match_substring(text, "\0")),
    ):
        faults.update((row, reason) for row in _true_rows(mask))
    return text


def _converted(column: pa.Array, faults: dict[int, str]) -> pa.Array:
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    kind = column.type
    if pa.types.is_integer(kind) or (pa.types.is_string(kind) and _is_valid(column)):
        return column.cast(pa.string())
    if _is_bytes(kind):
        return _decoded(column, faults)
    return pa.array([cell_text(value) for value in column.to_pylist()], pa.string())


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
