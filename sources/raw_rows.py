"""Delivered rows: each distinct text of a column once, and rows of codes for them.

Most texts of a delivery stand in many rows (a month, a code, a name, an amount), and reading a text
is dear while looking up a number is cheap: so each is read once, however many rows have it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sources.contract import Contract
from sources.text_rows import hardly_repeat
from store.engines.engine import Engine

Codes = npt.NDArray[np.int32]

_PART_ROWS: Final = 1 << 21
_PART_BYTES: Final = 1 << 29


@dataclass(frozen=True, slots=True)
class CodedTexts:
    """A column of a part: ``texts``, and for each row the place of its text among them.

    The last text is null. A text has one place where ``is_distinct``, else there may be several.
    """

    codes: Codes
    texts: pa.Array
    is_distinct: bool


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of a delivery in the order they came: where each stands, and its columns by our name."""

    file_no: npt.NDArray[np.int32]
    row_no: npt.NDArray[np.int32]
    columns: Mapping[str, CodedTexts]

    def __len__(self) -> int:
        return len(self.row_no)


class RawRows:
    """A delivery's rows as they are read, in parts of some hundred megabytes.

    The last part stays in memory; those before it are put by in schema ``raw`` of the engine, which
    may spill them, so that memory stays bounded.
    """

    def __init__(self, engine: Engine, contract: Contract) -> None:
        self._engine = engine
        self._contract = contract
        self._places: list[tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]] = []
        self._texts = {column.name: _Texts() for column in contract.columns}
        self._rows = 0
        self._put_by: list[list[str]] = []
        self._last: Part | None = None
        self.rows = 0

    def add(self, file_no: int, rows: pa.Table) -> None:
        """Take rows of a file, as :func:`sources.text_rows.row_table` makes them."""
        row_no = rows.column("row_no").to_numpy()
        self._places.append((np.full(len(rows), file_no, np.int32), row_no))
        for column in self._contract.columns:
            for chunk in rows.column(column.header).chunks:
                self._texts[column.name].add(chunk)
        self._rows += len(rows)
        self.rows += len(rows)
        size = sum(texts.size for texts in self._texts.values())
        if size > _PART_BYTES or self._rows >= _PART_ROWS:
            self._close_part()

    def flush(self) -> None:
        """To be called after the last rows."""
        if self._rows or self._last is None:
            self._close_part()

    def parts(self) -> Iterator[Part]:
        """The rows' parts in their order; at least one."""
        for number, distinct in enumerate(self._put_by):
            yield self._fetched(number, distinct)
        if self._last is not None:
            yield self._last

    @property
    def is_one_part(self) -> bool:
        """Whether all rows are in memory at once."""
        return not self._put_by

    def _close_part(self) -> None:
        if self._last is not None:
            self._put_by.append(self._put(len(self._put_by), self._last))
        nothing = np.empty(0, np.int32)
        self._last = Part(
            file_no=np.concatenate([nothing, *(files for files, _ in self._places)]),
            row_no=np.concatenate([nothing, *(rows for _, rows in self._places)]),
            columns={name: texts.take() for name, texts in self._texts.items()},
        )
        self._places, self._rows = [], 0

    def _put(self, number: int, part: Part) -> list[str]:
        """Put a part into the engine; the columns whose texts are distinct."""
        codes = {f"c_{name}": coded.codes for name, coded in part.columns.items()}
        place = np.arange(len(part))
        rows = {"place": place, "file_no": part.file_no, "row_no": part.row_no, **codes}
        self._engine.load_table(f"raw.part_{number}", pa.table(rows))
        for name, coded in part.columns.items():
            texts = {"place": np.arange(len(coded.texts)), "text": coded.texts}
            self._engine.load_table(f"raw.part_{number}_{name}", pa.table(texts))
        return [name for name, coded in part.columns.items() if coded.is_distinct]

    def _fetched(self, number: int, distinct: list[str]) -> Part:
        rows = self._engine.arrow(f"select * from raw.part_{number} order by place")  # noqa: S608
        columns = {}
        for column in self._contract.columns:
            query = f"select text from raw.part_{number}_{column.name} order by place"  # noqa: S608
            texts = self._engine.arrow(query).column("text").combine_chunks()
            codes = rows.column(f"c_{column.name}").to_numpy()
            columns[column.name] = CodedTexts(codes, texts, column.name in distinct)
        return Part(rows.column("file_no").to_numpy(), rows.column("row_no").to_numpy(), columns)


class _Texts:
    """A column's texts on their way to codes, encoded as long as they repeat."""

    def __init__(self) -> None:
        self._chunks: list[pa.Array] = []
        self._are_repeating = True
        self.size = 0

    def add(self, texts: pa.Array) -> None:
        if self._are_repeating:
            coded = texts if pa.types.is_dictionary(texts.type) else texts.dictionary_encode()
            self._are_repeating = not hardly_repeat(coded)
            texts = coded if self._are_repeating else texts
        self._chunks.append(texts)
        self.size += texts.nbytes

    def take(self) -> CodedTexts:
        """The rows' codes, and the texts by code; the last code is for no text."""
        chunks, self._chunks, self.size = self._chunks, [], 0
        is_distinct = self._are_repeating
        if is_distinct and chunks:
            chunks = [pa.chunked_array(chunks).unify_dictionaries().combine_chunks()]
        codes, texts, first = [np.empty(0, np.int32)], [pa.nulls(0, pa.string())], 0
        absent = sum(len(_distinct(chunk)) for chunk in chunks)
        for chunk in chunks:
            distinct = _distinct(chunk)
            codes.append(_places(chunk, first, absent))
            texts.append(distinct)
            first += len(distinct)
        whole = pa.concat_arrays([*texts, pa.nulls(1, pa.string())])
        return CodedTexts(np.concatenate(codes), whole, is_distinct)


def _distinct(chunk: pa.Array) -> pa.Array:
    return chunk.dictionary if pa.types.is_dictionary(chunk.type) else chunk


def _places(chunk: pa.Array, first: int, absent: int) -> Codes:
    if not pa.types.is_dictionary(chunk.type):
        return np.arange(first, first + len(chunk), dtype=np.int32)
    if not chunk.indices.null_count:
        return np.asarray(chunk.indices.to_numpy() + np.int32(first), np.int32)
    places = chunk.indices.fill_null(absent - first).to_numpy()
    return np.asarray(places + np.int32(first), np.int32)


def show_texts(engine: Engine, contract: Contract, rows: RawRows) -> None:
    """Make table ``raw.rows`` of the rows as delivered.

    ``file_no``, ``row_no``, then each of the contract's headers as text (null where the file lacks
    it).
    """
    for number, part in enumerate(rows.parts()):
        texts = {
            column.header: part.columns[column.name].texts.take(
                pa.array(part.columns[column.name].codes)
            )
            for column in contract.columns
        }
        table = pa.table({"file_no": part.file_no, "row_no": part.row_no, **texts})
        if number:
            engine.add_rows("raw.rows", table)
        else:
            engine.load_table("raw.rows", table)
