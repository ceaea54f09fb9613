"""Kept rows that can no longer be read: told of the record that is damaged, not of the night."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from domain.errors import HeduiError
from sources.verdict import ROWS_FILE, SET_ASIDE_FILE


@contextmanager
def reading_records(folders: Sequence[Path]) -> Iterator[None]:
    """Around a query over the kept rows of these records.

    Where it fails and one of the records really is damaged, HeduiError ``sources_record_damaged``
    names that one; anything else that failed is left as it is.
    """
    try:
        yield
    except duckdb.Error as error:
        damaged = next((folder for folder in folders if not _is_whole(folder)), None)
        if damaged is None:
            raise
        raise HeduiError("sources_record_damaged", folder=damaged) from error


def _is_whole(folder: Path) -> bool:
    """Whether every page of the record's files can be read."""
    try:
        for name in (ROWS_FILE, SET_ASIDE_FILE):
            with pq.ParquetFile(folder / name) as file:
                for _ in file.iter_batches():
                    pass
    except (OSError, pa.ArrowException):
        return False
    return True
