"""Delivered files to rows of text in the engine: csv, xlsx and parquet give the same relations."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pyarrow as pa

from sources.contract import Contract
from sources.csv_reader import CsvFile
from sources.delivery import DeliveredFile, Delivery
from sources.file_kinds import told_apart
from sources.headers import HeaderMatch
from sources.parquet_reader import ParquetFile
from sources.raw_rows import RawRows
from sources.spreadsheet import Spreadsheet
from sources.text_rows import BadRow, RowSource
from sources.verdict import DeliveryRefused, Reason
from store.engines.engine import Engine

BAD_SHARE: Final = 0.01  # of a delivery's rows; more refuse it
_BAD_TOLD: Final = 3
_BAD_ANYWAY: Final = 10_000  # bad rows kept in memory before the share is looked at

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
    """What was read of a delivery: its rows, and its bad rows by file number.

    ``raw`` are the rows. ``rows_by_file`` counts every record, bad ones included. ``remarks`` say
    which optional columns were absent and which delivered ones the dictionary does not know.
    """

    raw: RawRows
    rows_by_file: list[int] = field(default_factory=list)
    bad: list[tuple[int, BadRow]] = field(default_factory=list)
    remarks: dict[Reason, None] = field(default_factory=dict)
    headers_absent: set[str] = field(default_factory=set)

    @property
    def rows(self) -> int:
        """All records of the delivery."""
        return sum(self.rows_by_file)


def read_delivery(
    engine: Engine,
    delivery: Delivery,
    contract: Contract,
    path_of: Callable[[DeliveredFile], Path],
    counted: Callable[[int], None] = lambda rows: None,
) -> Reading:
    """Read every file of a delivery; what the engine has of it is to be withdrawn after use.

    Bad rows become table ``raw.bad_rows`` as well: ``file_no``, ``row_no``, ``reason``,
    ``raw_text``. ``counted`` hears how many more rows were read. Raises
    DeliveryRefused with what the files' readers found, ``row_count`` where a file has another
    number of records than its manifest says (``row_bad`` for the first that were none), and
    ``set_aside_many`` as soon as too many are bad.
    """
    reading = Reading(RawRows(engine, contract))
    for file_no, file in enumerate(delivery.files):
        source = open_source(delivery, contract, file, path_of(file))
        _note_header(reading, source.header, contract)
        rows = 0
        for batch in source.batches():
            reading.raw.add(file_no, batch.rows)
            reading.bad += [(file_no, bad) for bad in batch.bad]
            rows += len(batch.rows) + len(batch.bad)
            counted(len(batch.rows) + len(batch.bad))
            _stop_when_hopeless(reading, delivery)
        reading.rows_by_file.append(rows)
    reading.raw.flush()
    _check_row_counts(delivery, reading)
    engine.load_table("raw.bad_rows", _bad_rows(reading))
    return reading


def open_source(
    delivery: Delivery, contract: Contract, file: DeliveredFile, path: Path
) -> RowSource:
    """The reader of one file, its header matched; raises DeliveryRefused."""
    try:
        return _opened(delivery, contract, file, path)
    except DeliveryRefused as refused:
        raise told_apart(path, file.name, delivery.format, refused) from None


def _opened(delivery: Delivery, contract: Contract, file: DeliveredFile, path: Path) -> RowSource:
    if delivery.format == "xlsx":
        return Spreadsheet(path, file.name, contract)
    if delivery.format == "parquet":
        return ParquetFile(path, file.name, contract)
    return CsvFile(path, file.name, delivery.encoding, contract)


def withdraw(engine: Engine) -> None:
    """Take schema ``raw`` away again, whether or not reading came to its end."""
    engine.drop_working("raw")


def _bad_rows(reading: Reading) -> pa.Table:
    rows = [(no, bad.row_no, bad.reason, bad.raw_text) for no, bad in reading.bad]
    columns = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in _BAD_SCHEMA]
    return pa.table(columns, schema=_BAD_SCHEMA)


def _note_header(reading: Reading, header: HeaderMatch, contract: Contract) -> None:
    reading.remarks.update(dict.fromkeys(header.remarks))
    reading.headers_absent |= set(contract.headers) - header.positions.keys()


def _stop_when_hopeless(reading: Reading, delivery: Delivery) -> None:
    """Bad rows are held in memory, so do not gather those of a delivery that is lost anyway."""
    if len(reading.bad) > max(_BAD_ANYWAY, BAD_SHARE * delivery.rows):
        raise DeliveryRefused(Reason.of("set_aside_many", len(reading.bad), delivery.rows))


def _check_row_counts(delivery: Delivery, reading: Reading) -> None:
    counted = enumerate(zip(delivery.files, reading.rows_by_file, strict=True))
    wrong = {file_no: (file, rows) for file_no, (file, rows) in counted if file.rows != rows}
    if not wrong:
        return
    # What was no record in good order often is why there are more of them, or fewer.
    odd = [(file_no, bad) for file_no, bad in reading.bad if file_no in wrong][:_BAD_TOLD]
    raise DeliveryRefused(
        *(Reason.of("row_count", file.name, file.rows, rows) for file, rows in wrong.values()),
        *(
            Reason.of("row_bad", bad.reason, delivery.files[file_no].name, bad.row_no)
            for file_no, bad in odd
        ),
    )
