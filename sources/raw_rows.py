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
from sources.text_rows import row_schema
from store.engines.engine import Engine

CODED_ROWS: Final = "raw.coded"
_PART_ROWS: Final = 1 << 20
_PART_BYTES: Final = 1 << 28


class RawRows:
    """Makes ``raw.coded`` and one ``raw.text_…`` a column from rows of text.

    ``raw.coded``: ``file_no``, ``row_no``, and ``c_<our name>`` a column. ``raw.text_<our name>``:
    ``code``, ``raw`` (null in one of them at least); a text may have several codes. Rows are kept
    as Arrow tables until they are many, so that memory stays bounded.
    """

    def __init__(self, engine: Engine, contract: Contract) -> None:
        self._engine = engine
        self._contract = contract
        self._parts = 0
        self._codes_used = {column.name: 0 for column in contract.columns}
        numbered = [pa.field("file_no", pa.int32()), *row_schema(contract)]
        self._waiting = [pa.schema(numbered).empty_table()]

    def add(self, file_no: int, rows: pa.Table) -> None:
        """Take rows of a file, with the columns of :func:`sources.text_rows.row_schema`."""
        number = pa.array(np.full(len(rows), file_no, np.int32))
        self._waiting.append(rows.add_column(0, "file_no", number))
        is_much = sum(part.nbytes for part in self._waiting) > _PART_BYTES
        if is_much or sum(map(len, self._waiting)) > _PART_ROWS:
            self.flush()

    def flush(self) -> None:
        """Put what was taken into the engine; to be called after the last rows."""
        part = pa.concat_tables(self._waiting).unify_dictionaries()
        self._waiting = []
        coded = part.select(["file_no", "row_no"])
        for column in self._contract.columns:
            codes = self._put_texts(column, part.column(column.header))
            coded = coded.append_column(f"c_{column.name}", codes)
        self._put(CODED_ROWS, coded)
        self._parts += 1

    def _put_texts(self, column: Column, texts: pa.ChunkedArray) -> pa.ChunkedArray:
        """Store the part's distinct texts; the codes of its rows, the last one for no text."""
        distinct = texts.chunk(0).dictionary
        first = self._codes_used[column.name]
        absent = first + len(distinct)
        self._codes_used[column.name] = absent + 1
        codes = pa.array(np.arange(first, absent + 1, dtype=np.int32))
        raw = pa.concat_arrays([distinct, pa.nulls(1, pa.string())])
        self._put(text_table(column), pa.table({"code": codes, "raw": raw}))
        return pa.chunked_array(
            [pc.fill_null(pc.add(chunk.indices, np.int32(first)), absent) for chunk in texts.chunks]
        )

    def _put(self, table: str, rows: pa.Table) -> None:
        if self._parts:
            self._engine.add_rows(table, rows)
        else:
            self._engine.load_table(table, rows)


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
