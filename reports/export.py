"""Tables for other programs: csv, json or parquet, to a file or to standard output."""

import csv
import io
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO, Final

import pyarrow as pa
import pyarrow.parquet as pq

from reports.whole_file import whole_file

FORMATS: Final = ("csv", "json", "parquet")
_BATCH: Final = 20_000
FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")
"""With what a text begins that a spreadsheet would take for a formula."""


def write_table(table: pa.Table, form: str, output: Path | None) -> None:
    """Write ``table`` as ``form`` (one of FORMATS) to ``output``, or to standard output.

    csv is UTF-8 with a header line; a text that a spreadsheet would take for a formula gets an
    apostrophe in front. json is one list of objects, amounts as text so that no digit is lost.
    A file appears whole or not at all. parquet goes to a file only. Raises HeduiError
    ``file_not_written``.
    """
    with _target(output) as stream:
        if form == "parquet":
            pq.write_table(table, stream)
        elif form == "json":
            _write_json(table, stream)
        else:
            _write_csv(table, stream)


@contextmanager
def _target(output: Path | None) -> Iterator[BinaryIO]:
    if output is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    with whole_file(output) as stream:
        yield stream


def _rows(table: pa.Table) -> Iterator[dict[str, Any]]:
    for batch in table.to_batches(max_chunksize=_BATCH):
        yield from batch.to_pylist()


def _write_csv(table: pa.Table, stream: BinaryIO) -> None:
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table.column_names)
    for row in _rows(table):
        writer.writerow([_csv_value(value) for value in row.values()])
    text.detach()


def _csv_value(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return "'" + value
    return value


def _write_json(table: pa.Table, stream: BinaryIO) -> None:
    stream.write(b"[")
    for number, row in enumerate(_rows(table)):
        stream.write(b",\n" if number else b"\n")
        stream.write(json.dumps(row, ensure_ascii=False, default=_json_value).encode())
    stream.write(b"\n]\n")


def _json_value(value: object) -> object:
    if isinstance(value, date | Decimal):
        return str(value)
    msg = f"no JSON form for {type(value).__name__}"
    raise TypeError(msg)
