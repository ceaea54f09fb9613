"""Delivered rows in the engine: each distinct text of a column once, and rows of codes for them.

Most texts of a delivery stand in many rows (a month, a code, a name, an amount), and reading a text
is dear while looking up a number is cheap: so each is read once, however many rows have it.
"""

from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sources.contract import Column, Contract
from sources.conversions import identifier
from store.engines.engine import Engine

CODED_ROWS: Final = "raw.coded"
_PART_ROWS: Final = 1 << 20
_PART_BYTES: Final = 1 << 28
_FEW: Final = 1000
_SELDOM: Final = 0.98  # with more distinct texts a row than this, looking for repeats is in vain
_NO_PLACES: Final = pa.schema({"file_no": pa.int32(), "row_no": pa.int32()}).empty_table()


class RawRows:
    """Makes ``raw.coded`` and one ``raw.text_…`` a column from rows of text.

    ``raw.coded``: ``file_no``, ``row_no``, and ``c_<our name>`` a column. ``raw.text_<our name>``:
    ``code``, ``raw`` (null in one of them at least); a text may have several codes. Rows are kept
    as Arrow arrays until they are many, so that memory stays bounded.
    """

    def __init__(self, engine: Engine, contract: Contract) -> None:
        self._engine = engine
        self._contract = contract
        self._parts = 0
        self._places: list[pa.Table] = [_NO_PLACES]
        self._texts = {column.name: _Texts() for column in contract.columns}

    def add(self, file_no: int, rows: pa.Table) -> None:
        """Take rows of a file, as :func:`sources.text_rows.row_table` makes them."""
        number = pa.array(np.full(len(rows), file_no, np.int32))
        self._places.append(pa.table([number, rows.column("row_no")], schema=_NO_PLACES.schema))
        for column in self._contract.columns:
            for chunk in rows.column(column.header).chunks:
                self._texts[column.name].add(chunk)
        is_much = sum(texts.size for texts in self._texts.values()) > _PART_BYTES
        if is_much or sum(map(len, self._places)) >= _PART_ROWS:
            self.flush()

    def flush(self) -> None:
        """Put what was taken into the engine; to be called after the last rows."""
        coded = pa.concat_tables(self._places)
        self._places = [_NO_PLACES]
        for column in self._contract.columns:
            codes, distinct = self._texts[column.name].take()
            self._put(text_table(column), distinct)
            coded = coded.append_column(f"c_{column.name}", codes)
        self._put(CODED_ROWS, coded)
        self._parts += 1

    def _put(self, table: str, rows: pa.Table) -> None:
        if self._parts:
            self._engine.add_rows(table, rows)
        else:
            self._engine.load_table(table, rows)


class _Texts:
    """A column's texts on their way to codes, encoded as long as they repeat."""

    def __init__(self) -> None:
        self._chunks: list[pa.Array] = []
        self._are_repeating = True
        self._codes_used = 0
        self.size = 0

    def add(self, texts: pa.Array) -> None:
        if self._are_repeating and not pa.types.is_dictionary(texts.type):
            coded = texts.dictionary_encode()
            self._are_repeating = len(coded.dictionary) <= max(_FEW, _SELDOM * len(texts))
            texts = coded if self._are_repeating else texts
        self._chunks.append(texts)
        self.size += texts.nbytes

    def take(self) -> tuple[pa.ChunkedArray, pa.Table]:
        """The rows' codes, and the texts by code; the last code is for no text."""
        chunks, self._chunks, self.size = self._chunks, [], 0
        if self._are_repeating and chunks:
            chunks = [pa.chunked_array(chunks).unify_dictionaries().combine_chunks()]
        codes, texts, first = [], [pa.nulls(0, pa.string())], self._codes_used
        absent = first + sum(len(_distinct(chunk)) for chunk in chunks)
        for chunk in chunks:
            distinct = _distinct(chunk)
            own = np.arange(len(chunk), dtype=np.int32)
            places = chunk.indices if pa.types.is_dictionary(chunk.type) else pa.array(own)
            codes.append(pc.fill_null(pc.add(places, np.int32(first)), absent))
            texts.append(distinct)
            first += len(distinct)
        numbers = np.arange(self._codes_used, absent + 1, dtype=np.int32)
        self._codes_used = absent + 1
        raw = pa.concat_arrays([*texts, pa.nulls(1, pa.string())])
        return pa.chunked_array(codes, pa.int32()), pa.table({"code": numbers, "raw": raw})


def _distinct(chunk: pa.Array) -> pa.Array:
    return chunk.dictionary if pa.types.is_dictionary(chunk.type) else chunk


def show_texts(engine: Engine, contract: Contract) -> None:
    """Make view ``raw.rows`` of what lies in schema ``raw``.

    ``file_no``, ``row_no``, then each of the contract's headers as text (null where the file lacks
    it).
    """
    columns = contract.columns
    shown = ", ".join(f"t_{c.name}.raw as {identifier(c.header)}" for c in columns)
    joins = "\n".join(
        f"join {text_table(c)} as t_{c.name} on t_{c.name}.code = coded.c_{c.name}" for c in columns
    )
    engine.create_view(
        "raw.rows",
        f"select file_no, row_no, {shown} from {CODED_ROWS} as coded\n{joins}",  # noqa: S608
    )


def text_table(column: Column) -> str:
    """Where the distinct texts of a column are."""
    return f"raw.text_{column.name}"


def coded_columns(contract: Contract) -> list[str]:
    """The columns of ``raw.coded``."""
    return ["file_no", "row_no", *(f"c_{column.name}" for column in contract.columns)]
