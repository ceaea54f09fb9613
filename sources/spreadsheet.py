"""The first sheet of an .xlsx workbook to rows of text."""

import io
import math
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa

from domain.dates import serial_of_1904
from sources.contract import Contract
from sources.headers import HeaderMatch, header_below, match_headers
from sources.text_rows import FIELD_LIMIT, RAW_TEXT_LIMIT, BadRow, TextBatch, row_table
from sources.verdict import DeliveryRefused, Reason
from sources.workbook_parts import check_workbook, counts_from_1904

_EXACT: Final = 1e15  # a spreadsheet keeps fifteen digits; a longer number has lost some
_ROWS: Final = 20_000


class Spreadsheet:
    """One delivered workbook; opening it reads the header row, the first that is not blank.

    Raises DeliveryRefused: ``file_unreadable``, ``file_too_large`` (unpacked),
    ``workbook_entities``, ``header_absent``, ``header_not_first``, ``header_twice``,
    ``column_absent``.
    """

    def __init__(self, path: Path, name: str, contract: Contract) -> None:
        self.contract = contract
        self.name = name
        check_workbook(path, name)
        self._is_since_1904 = counts_from_1904(path)
        self._rows = (row for row in _first_sheet(path, name) if any(row))
        header = next(self._rows, None)
        if header is None:
            raise DeliveryRefused(Reason.of("header_absent", name))
        while header and not header[-1]:
            header.pop()
        names = [cell or "" for cell in header]
        try:
            self.header: HeaderMatch = match_headers(names, contract, name)
        except DeliveryRefused as refused:
            below = ([cell or "" for cell in row] for row in self._rows)
            raise header_below(names, below, contract, name) or refused from None
        self._dates = {column.header for column in contract.columns if column.kind == "date"}

    def batches(self) -> Iterator[TextBatch]:
        """The sheet's rows; blank ones are no records. May be called once."""
        row_no = 1
        while rows := list(islice(self._rows, _ROWS)):
            yield self._batch(rows, row_no)
            row_no += len(rows)

    def _batch(self, rows: list[list[str | None]], first: int) -> TextBatch:
        bad = [
            BadRow(first + place, reason, _shown(row))
            for place, row in enumerate(rows)
            if (reason := self._fault(row))
        ]
        skipped = {row.row_no - first for row in bad}
        places = [place for place in range(len(rows)) if place not in skipped]
        columns = {
            header: pa.array(self._read(header, [rows[place][at] for place in places]), pa.string())
            for header, at in self.header.positions.items()
        }
        return TextBatch(
            row_table(self.contract, np.array(places, np.int64) + first, columns), tuple(bad)
        )

    def _read(self, header: str, cells: list[str | None]) -> list[str | None]:
        """The cells of a column; serials of a workbook that counts from 1904 as dates."""
        if not self._is_since_1904 or header not in self._dates:
            return cells
        return [serial_of_1904(cell.strip()) if cell else cell for cell in cells]

    def _fault(self, row: list[str | None]) -> str | None:
        if any(row[self.header.width :]):
            return "field_count"
        if sum(len(cell) for cell in row if cell) > FIELD_LIMIT:
            return "too_long"
        return "nul" if any(cell and "\0" in cell for cell in row) else None


def cell_text(value: Any) -> str | None:
    """A cell's value in the form a CSV would carry it; None for an empty cell.

    A whole number has no ``.0``. One of sixteen digits or more has lost digits in the spreadsheet,
    so it is given in scientific notation, which is no identity number. A date is ISO, a date and
    time too when the time is not midnight; true and false are 1 and 0.
    """
    if value is None or isinstance(value, str):
        return value or None
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, (int, float)):
        return _number_text(value)
    if isinstance(value, datetime):
        at_midnight = value.time() == time()
        return value.date().isoformat() if at_midnight else value.isoformat(" ", "seconds")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return str(value) if not isinstance(value, timedelta) else str(value.total_seconds())


def _number_text(value: float) -> str:
    if not math.isfinite(value):
        return str(value)
    if abs(value) >= _EXACT:
        return f"{value:.5E}"
    if value == int(value):
        return str(int(value))
    return f"{Decimal(repr(value)):f}"


def _first_sheet(path: Path, name: str) -> Iterator[list[str | None]]:
    # The library is slow to load and only spreadsheets need it.
    from python_calamine import CalamineError, load_workbook

    try:
        workbook = load_workbook(io.BytesIO(path.read_bytes()))
        sheet = workbook.get_sheet_by_index(0)
        rows = sheet.iter_rows()
    except (CalamineError, ValueError, IndexError, OSError) as error:
        raise DeliveryRefused(Reason.of("file_unreadable", name)) from error
    return ([cell_text(cell) for cell in row] for row in rows)


def _shown(row: list[str | None]) -> str:
    text = ",".join((cell or "").replace("\0", "\\x00") for cell in row)
    return text if len(text) <= FIELD_LIMIT else text[:RAW_TEXT_LIMIT] + "…"
