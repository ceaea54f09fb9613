"""Delivered files to rows of text in the engine: csv, xlsx and parquet give the same relation."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sources.contract import Contract
from sources.csv_reader import CsvFile
from sources.delivery import DeliveredFile, Delivery
from sources.headers import HeaderMatch
from sources.parquet_reader import ParquetFile
from sources.spreadsheet import Spreadsheet
from sources.text_rows import BadRow, RowSource, row_schema
from sources.verdict import DeliveryRefused, Reason
from store.engines.engine import Engine

RAW_FILE: Final = "raw.parquet"
BAD_SHARE: Final = 0.01  # of a delivery's rows; more refuse it
_BAD_ANYWAY: Final = 10_000  # bad rows kept in memory before the share is looked at
_GROUP: Final = 122_880  # rows of a row group: what DuckDB reads as one piece
_PENDING: Final = 2

_BAD_SCHEMA: Final = pa.schema(
    [
        ("file_no", pa.int32()),
        ("row_no", pa.int32()),
        ("reason", pa.string()),
        ("raw_text", pa.string()),
    ]
)


@dataclass(slots=True)
class Reading:
    """What was read of a delivery: rows lie in ``file``, bad rows here, by file number.

    ``rows_by_file`` counts every record, bad ones included. ``remarks`` say which optional columns
    were absent and which delivered ones the dictionary does not know.
    """

    file: Path
    rows_by_file: list[int] = field(default_factory=list)
    bad: list[tuple[int, BadRow]] = field(default_factory=list)
    remarks: dict[Reason, None] = field(default_factory=dict)
    headers_absent: set[str] = field(default_factory=set)

    @property
    def rows(self) -> int:
        """All records of the delivery."""
        return sum(self.rows_by_file)


def read_delivery(
    delivery: Delivery,
    contract: Contract,
    path_of: Callable[[DeliveredFile], Path],
    target: Path,
    counted: Callable[[int], None] = lambda rows: None,
) -> Reading:
    """Read every file of a delivery into ``raw.parquet`` in the folder ``target``.

    ``counted`` hears how many more rows were read. Raises DeliveryRefused with what the files'
    readers found, ``row_count`` where a file has another number of records than its manifest says,
    and ``set_aside`` as soon as too many records are bad.
    """
    reading = Reading(target / RAW_FILE)
    with _RawWriter(reading.file, contract) as writer:
        for file_no, file in enumerate(delivery.files):
            source = open_source(delivery, contract, file, path_of(file))
            _note_header(reading, source.header, contract)
            rows = 0
            for batch in source.batches():
                writer.add(file_no, batch.rows)
                reading.bad += [(file_no, bad) for bad in batch.bad]
                rows += len(batch.rows) + len(batch.bad)
                counted(len(batch.rows) + len(batch.bad))
                _stop_when_hopeless(reading, delivery)
            reading.rows_by_file.append(rows)
    _check_row_counts(delivery, reading)
    return reading


def open_source(
    delivery: Delivery, contract: Contract, file: DeliveredFile, path: Path
) -> RowSource:
    """The reader of one file, its header matched; raises DeliveryRefused."""
    if delivery.format == "xlsx":
        return Spreadsheet(path, file.name, contract)
    if delivery.format == "parquet":
        return ParquetFile(path, file.name, contract)
    return CsvFile(path, file.name, delivery.encoding, contract)


def expose(engine: Engine, reading: Reading) -> None:
    """Make ``raw.rows`` and ``raw.bad_rows`` in the engine from what was read.

    ``raw.rows``: ``file_no``, ``row_no``, then each of the contract's headers as text (null where
    the file lacks it). ``raw.bad_rows``: ``file_no``, ``row_no``, ``reason``, ``raw_text``.
    """
    quoted = str(reading.file).replace("'", "''")
    engine.create_view("raw.rows", f"select * from read_parquet('{quoted}')")  # noqa: S608
    columns = zip(
        *((no, bad.row_no, bad.reason, bad.raw_text) for no, bad in reading.bad), strict=True
    )
    arrays = [list(column) for column in columns] or [[] for _ in _BAD_SCHEMA]
    engine.load_table("raw.bad_rows", pa.table(arrays, schema=_BAD_SCHEMA))


def withdraw(engine: Engine, reading: Reading) -> None:
    """Take the relations and the file away again."""
    engine.run("drop view if exists raw.rows")
    engine.run("drop table if exists raw.bad_rows")
    reading.file.unlink(missing_ok=True)


def _note_header(reading: Reading, header: HeaderMatch, contract: Contract) -> None:
    reading.remarks.update(dict.fromkeys(header.remarks))
    reading.headers_absent |= set(contract.headers) - header.positions.keys()


def _stop_when_hopeless(reading: Reading, delivery: Delivery) -> None:
    """Bad rows are held in memory, so do not gather those of a delivery that is lost anyway."""
    if len(reading.bad) > max(_BAD_ANYWAY, BAD_SHARE * delivery.rows):
        raise DeliveryRefused(Reason.of("set_aside_many", len(reading.bad), delivery.rows))


def _check_row_counts(delivery: Delivery, reading: Reading) -> None:
    counted = zip(delivery.files, reading.rows_by_file, strict=True)
    wrong = [
        Reason.of("row_count", file.name, file.rows, rows)
        for file, rows in counted
        if file.rows != rows
    ]
    if wrong:
        raise DeliveryRefused(*wrong)


class _RawWriter:
    """Writes rows to Parquet in a thread of its own, a few row groups behind the reader."""

    def __init__(self, file: Path, contract: Contract) -> None:
        self.schema = pa.schema([pa.field("file_no", pa.int32()), *row_schema(contract)])
        self.writer = pq.ParquetWriter(file, self.schema, compression="snappy")
        self.pool = ThreadPoolExecutor(1)
        self.pending: list[Future[None]] = []
        self.waiting: list[pa.Table] = []
        self.rows_waiting = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if error is None:
                self._flush()
                self._settle(0)
        finally:
            self.pool.shutdown(cancel_futures=True)
            self.writer.close()

    def add(self, file_no: int, rows: pa.Table) -> None:
        """Take rows of a file; they are written once a row group is full."""
        if len(rows):
            number = pa.array(np.full(len(rows), file_no, np.int32))
            self.waiting.append(rows.add_column(0, self.schema.field(0), number))
            self.rows_waiting += len(rows)
        if self.rows_waiting >= _GROUP:
            self._flush()

    def _flush(self) -> None:
        if self.waiting:
            table = pa.concat_tables(self.waiting)
            self.pending.append(self.pool.submit(self.writer.write_table, table, _GROUP))
            self.waiting, self.rows_waiting = [], 0
        self._settle(_PENDING)

    def _settle(self, allowed: int) -> None:
        while len(self.pending) > allowed:
            self.pending.pop(0).result()
