"""Parquet files named so that DuckDB reads these very files, and nothing but what is in them."""

import glob
from collections.abc import Iterable
from pathlib import Path


def exactly(file: Path) -> str:
    """The path of one file as ``read_parquet`` takes it.

    There a path is a pattern: of a folder ``night[12]`` it would read ``night1`` where that is.
    """
    return glob.escape(str(file))


def parquet_rows(files: Iterable[Path]) -> str:
    """The rows of these files as a source to select from, for queries that bind nothing.

    No column is made of folders called ``name=value``.
    """
    paths = ", ".join(_quoted(exactly(file)) for file in files)
    return f"read_parquet([{paths}], hive_partitioning = false)"


def _quoted(path: str) -> str:
    return "'" + path.replace("'", "''") + "'"
