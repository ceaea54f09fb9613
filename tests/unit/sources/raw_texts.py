"""Delivered rows as the readers leave them, for tests of what comes after reading."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from sources.contract import Contract
from sources.raw_rows import RawRows
from sources.text_rows import row_table
from store.engines.duckdb import DuckDBEngine

Row = dict[str, str | None]
_BAD_ROW = pa.schema(
    {
        "file_no": pa.int32(),
        "row_no": pa.int32(),
        "reason": pa.string(),
        "raw_text": pa.string(),
    }
)


def put_raw(
    engine: DuckDBEngine,
    contract: Contract,
    rows: Sequence[Row],
    bad: Sequence[tuple[int, int, str, str]] = (),
) -> RawRows:
    """Rows of the first file, by header; ``bad`` are file, row, reason and text of others."""
    columns = {
        header: pa.array([row.get(header) for row in rows], pa.string())
        for header in contract.headers
    }
    raw_rows = RawRows(engine, contract)
    raw_rows.add(0, row_table(contract, np.arange(1, len(rows) + 1), columns))
    raw_rows.flush()
    lists = [list(values) for values in zip(*bad, strict=True)] or [[], [], [], []]
    engine.load_table("raw.bad_rows", pa.table(lists, schema=_BAD_ROW))
    return raw_rows
