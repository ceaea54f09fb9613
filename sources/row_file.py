"""The file of a delivery's accepted rows, written straight from codes and values."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from domain.record_id import first_record_id
from sources.column_sql import TYPED
from sources.column_values import Flags
from sources.contract import Column, Contract
from sources.delivered_rows import ReadPart
from sources.profile import Profile

_GROUP_ROWS: Final = 1 << 18
_REPEATED: Final = 4  # rows a text on average, from which on a column is written as numbers
_REMARKS: Final = pa.list_(pa.string())
_PACKED: Final = ("record_id", "row_no")  # written as differences


class RowFile:
    """Writes ``rows.parquet``: the columns of :func:`sources.cleaning_sql.clean_columns`.

    A text as delivered (``…_raw``) is null where it is written as its value is; whoever needs it
    reads :func:`sources.cleaning_sql.kept_rows`.
    Columns whose texts repeat are written as numbers of texts, which costs neither the writer nor
    who reads them a comparison; the others as they are. Leaving the block closes the file.
    """

    def __init__(
        self, path: Path, contract: Contract, business_date: date, file_names: tuple[str, ...]
    ) -> None:
        self._path = path
        self._contract = contract
        self._business_date = business_date
        self._file_names = pa.array(file_names, pa.string())
        self._writer: pq.ParquetWriter | None = None
        self.profile = Profile(contract)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._writer is not None:
            self._writer.close()

    def record_ids(self, read: ReadPart) -> npt.NDArray[np.int64]:
        """The record ids of a part's rows, ascending as files and rows do."""
        base = first_record_id(self._contract.number, self._business_date)
        files = read.part.file_no.astype(np.int64) << 31
        return np.asarray(base + files + read.part.row_no)

    def write(
        self,
        read: ReadPart,
        record_ids: npt.NDArray[np.int64],
        keep: Flags,
        is_repeated: Flags | None,
    ) -> None:
        """Append the rows of a part that are kept, in their order, and count what they hold."""
        rows = np.flatnonzero(keep)
        remarks = _remarks(read, rows, is_repeated, self.profile)
        self.profile.count(read, rows)
        columns = self._columns(read)
        for first in range(0, max(len(rows), 1), _GROUP_ROWS):
            some = slice(first, first + _GROUP_ROWS)
            table = pa.table(
                {"record_id": pa.array(record_ids[rows[some]])}
                | self._places(read, rows[some])
                | {"remarks": remarks[some]}
                | {name: column.taken(rows[some]) for name, column in columns.items()}
            )
            self._append(table)

    def _append(self, table: pa.Table) -> None:
        if self._writer is None:
            coded = [
                field.name
                for field in table.schema
                if field.name not in _PACKED
                and not pa.types.is_string(field.type)
                and not pa.types.is_boolean(field.type)
            ]
            self._writer = pq.ParquetWriter(
                self._path,
                table.schema,
                version="2.6",
                compression="zstd",
                compression_level=1,
                use_dictionary=["remarks.list.element" if n == "remarks" else n for n in coded],
                column_encoding=dict.fromkeys(_PACKED, "DELTA_BINARY_PACKED"),
                write_statistics=["record_id"],
                store_schema=False,
                store_decimal_as_integer=True,
            )
        self._writer.write_table(table.cast(self._writer.schema), row_group_size=_GROUP_ROWS)

    def _places(self, read: ReadPart, rows: npt.NDArray[np.int64]) -> dict[str, pa.Array]:
        files, row_no = read.part.file_no[rows], read.part.row_no[rows]
        return {
            "business_date": pa.repeat(pa.scalar(self._business_date), len(rows)),
            "file_name": pa.DictionaryArray.from_arrays(pa.array(files), self._file_names),
            "row_no": pa.array(row_no),
        }

    def _columns(self, read: ReadPart) -> dict[str, "_Column"]:
        columns: dict[str, _Column] = {}
        for column in self._contract.columns:
            values = read.values[column.name]
            given = {"": values.values}
            if column.kind == "name":
                given = {"": values.folded, "_raw": _unlike(values.texts, values.folded)}
            elif column.kind == "id_no":
                given |= {"_raw": _unlike(values.texts, values.values)}
                given |= {"_text": values.number_texts, "_status": values.statuses}
            for suffix, texts in given.items():
                codes = read.part.columns[column.name].codes
                columns[column.name + suffix] = self._column(column.name + suffix, codes, texts)
        return columns

    def _column(self, name: str, codes: npt.NDArray[np.int32], values: pa.Array) -> "_Column":
        """Numbered where texts repeat; a later part as the first, for a file has one schema."""
        if not pa.types.is_string(values.type):
            return _Column(codes, values)
        filled = len(values) - values.null_count
        is_numbered = filled * _REPEATED <= len(codes)
        if self._writer is not None:
            is_numbered = pa.types.is_dictionary(self._writer.schema.field(name).type)
        if not is_numbered:
            return _Column(codes, values)
        numbered = values.dictionary_encode()
        places = numbered.indices.fill_null(-1).to_numpy()
        return _Column(places[codes], numbered.dictionary, is_numbered=True)


def _unlike(texts: pa.Array, values: pa.Array) -> pa.Array:
    """The texts as delivered where they are not written as their values are, else null."""
    is_alike = pc.fill_null(pc.equal(texts, values), False)
    return pc.if_else(is_alike, None, texts)


class _Column:
    """A column of the file: values and the rows' places among them."""

    def __init__(
        self, codes: npt.NDArray[np.int32], values: pa.Array, is_numbered: bool = False
    ) -> None:
        self._codes = codes
        self._values = values
        self._is_numbered = is_numbered

    def taken(self, rows: npt.NDArray[np.int64]) -> pa.Array:
        codes = self._codes[rows]
        if not self._is_numbered:
            return self._values.take(pa.array(codes))
        return pa.DictionaryArray.from_arrays(pa.array(codes, mask=codes < 0), self._values)


def _remarks(
    read: ReadPart, rows: npt.NDArray[np.int64], is_repeated: Flags | None, profile: Profile
) -> pa.Array:
    """The rows' remarks; each combination that occurs is put together once."""
    combined = np.zeros(len(rows), np.int64)
    choices: list[list[str]] = []
    sizes: list[int] = []
    for says, codes in _sources(read, is_repeated):
        choices.append(says)
        sizes.append(len(says) + 1)
        combined = combined * sizes[-1] + codes[rows]
        profile.count_remarks(says, codes[rows])
    remarked = np.flatnonzero(combined)
    which, places = np.unique(combined[remarked], return_inverse=True)
    lists = pa.array([[], *(_listed(int(one), choices, sizes) for one in which)], _REMARKS)
    taken = np.zeros(len(rows), np.int32)
    taken[remarked] = places + 1
    return lists.take(pa.array(taken))


def _sources(
    read: ReadPart, is_repeated: Flags | None
) -> Iterator[tuple[list[str], npt.NDArray[np.int64]]]:
    """What may be remarked, in the order of the list: its wordings, and each row's (from 1)."""
    contract = read.contract
    for column in contract.of_kind("code", *TYPED):
        if column.is_nullable:
            word = "unknown_code" if column.kind == "code" else "unreadable"
            yield from _simple(read, column, word)
    for column in contract.of_kind("id_no"):
        values = read.values[column.name]
        rows = read.flagged(column.name, values.is_remarked)
        if rows is not None and values.statuses is not None:
            statuses = values.statuses.dictionary_encode()
            says = [f"{column.name}:{status}" for status in statuses.dictionary.to_pylist()]
            codes = statuses.indices.to_numpy()[read.part.columns[column.name].codes] + 1
            yield says, np.where(rows, codes, 0).astype(np.int64)
    for column in contract.of_kind("name"):
        yield from _simple(read, column, "unreadable")
    if is_repeated is not None:
        yield ["repeated"], is_repeated.astype(np.int64)


def _simple(
    read: ReadPart, column: Column, word: str
) -> Iterator[tuple[list[str], npt.NDArray[np.int64]]]:
    rows = read.flagged(column.name, read.values[column.name].is_remarked)
    if rows is not None:
        yield [f"{column.name}:{word}"], rows.astype(np.int64)


def _listed(combined: int, choices: list[list[str]], sizes: list[int]) -> list[str]:
    says: list[str] = []
    for options, size in zip(reversed(choices), reversed(sizes), strict=True):
        combined, code = divmod(combined, size)
        if code:
            says.insert(0, options[code - 1])
    return says
