"""What goes back to a sender: rows set aside or remarked, under their own headers, masked."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import xlsxwriter

from domain.identity import EARLIEST_BIRTH, birth_date
from domain.masking import STAR, mask
from domain.wording import joined, noted, text
from reports.export import FORMULA_STARTS
from reports.quality_facts import remark_words
from reports.whole_file import whole_file
from sources.contract import Column, Contract
from sources.verdict import JudgedDelivery

FORMS: Final = ("csv", "xlsx")
SHEET_ROWS: Final = 1_000_000
_CELL: Final = 32_000
_BATCH: Final = 10_000
_MASK_BY_NAME: Final = {"plate": "plate", "vin": "plate", "address": "address", "phone": "phone"}
_MASK_BY_KIND: Final = {"id_no": "id_no", "name": "person_name"}
_HIDDEN: Final = frozenset({"disease"})  # diagnoses are not shown
_LONG_NUMBER: Final = re.compile(r"(?<![0-9A-Za-z])[0-9]{17}[0-9Xx](?![0-9A-Za-z])")
_LEADING: Final = ("act", "file", "row", "reason")


@dataclass(frozen=True, slots=True)
class Feedback:
    """One delivery's feedback: ``columns`` and ``lines``, whole-delivery reasons first."""

    delivery: JudgedDelivery
    columns: tuple[str, ...]
    lines: tuple[tuple[str | int, ...], ...]


def make_feedback(contract: Contract, delivery: JudgedDelivery, rows: pa.Table | None) -> Feedback:
    """Feedback from :func:`sources.feedback.told_rows`: worded, and masked class by class.

    The sender finds a row by file and row number, so nothing in it need be readable in full.
    """
    columns = (*(text(f"deliveries.column.{name}") for name in _LEADING), *contract.headers)
    whole = text("deliveries.act.delivery")
    lines: list[tuple[str | int, ...]] = [
        (whole, "", "", reason.says(), *("" for _ in contract.headers))
        for reason in delivery.reasons
    ]
    if rows is not None:
        lines += _lines(contract, delivery.business_date, rows)
    return Feedback(delivery, columns, tuple(lines))


def write_feedback(feedback: Feedback, form: str, output: Path | None) -> bytes | None:
    """Write it as ``form`` (one of FORMS) to ``output``, whole or not at all; else its bytes.

    Raises HeduiError ``file_not_written``.
    """
    made = _as_xlsx(feedback) if form == "xlsx" else _as_csv(feedback)
    if output is None:
        return made
    with whole_file(output) as stream:
        stream.write(made)
    return None


def _lines(contract: Contract, day: date, rows: pa.Table) -> Iterator[tuple[str | int, ...]]:
    for batch in rows.to_batches(max_chunksize=_BATCH):
        for row in batch.to_pylist():
            told, faulty = _told(contract, row)
            values = (
                _shown(column, row[column.header], day, is_faulty=column.header in faulty)
                for column in contract.columns
            )
            act = text(f"deliveries.act.{row['act']}")
            yield act, row["file_name"], row["row_no"], told, *values


def _told(contract: Contract, row: dict[str, Any]) -> tuple[str, set[str]]:
    """Why, in words, and the headers concerned."""
    if row["act"] == "set_aside":
        found = [(text(f"deliveries.row.{row['codes'][0]}"), row["header"] or "")]
    else:
        found = [remark_words(contract, code)[1:] for code in row["codes"]]
    said = joined([noted(words, header) for words, header in found], "sentences")
    return said, {header for _, header in found}


def _shown(column: Column, value: str | None, day: date, *, is_faulty: bool) -> str:
    if not value:
        return ""
    if column.name in _HIDDEN:
        return STAR * 3
    kind = _MASK_BY_KIND.get(column.kind) or _MASK_BY_NAME.get(column.name)
    if kind:
        return mask(kind, value)
    if column.name == "birth_date" and not is_faulty:
        return mask("birth_date", value)
    return _LONG_NUMBER.sub(lambda found: _stray_number(found[0], day), value)


def _stray_number(written: str, day: date) -> str:
    """An identity number that stands where none belongs (shifted columns) is masked as well.

    One with a slip in it too: by the birth date within, not by the check digit.
    """
    born = birth_date(written)
    is_number = born is not None and EARLIEST_BIRTH <= born <= day
    return mask("id_no", written) if is_number else written


def _as_csv(feedback: Feedback) -> bytes:
    """UTF-8 with a byte order mark, by which spreadsheets know it."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(feedback.columns)
    writer.writerows([_as_text(value) for value in line] for line in feedback.lines)
    return stream.getvalue().encode("utf-8-sig", errors="backslashreplace")


def _as_text(value: str | int) -> str | int:
    is_formula = isinstance(value, str) and value.startswith(FORMULA_STARTS)
    return f"'{value}" if is_formula else value


def _as_xlsx(feedback: Feedback) -> bytes:
    target = io.BytesIO()
    day = feedback.delivery.business_date
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(target, {**options, "in_memory": True}) as book:
        book.set_properties({"created": datetime(day.year, day.month, day.day)})  # noqa: DTZ001
        head = book.add_format({"bold": True, "bg_color": "#1f4e5f", "font_color": "#ffffff"})
        sheet = book.add_worksheet(text("deliveries.feedback.sheet"))
        for at, name in enumerate(feedback.columns):
            sheet.write_string(0, at, name, head)
        for place, line in enumerate(feedback.lines[:SHEET_ROWS], start=1):
            _write_line(sheet, place, line)
        sheet.freeze_panes(1, len(_LEADING))
        sheet.set_column(0, 2, 12)
        sheet.set_column(3, 3, 48)
        sheet.set_column(4, len(feedback.columns) - 1, 16)
        about = book.add_worksheet(text("deliveries.feedback.about"))
        about.set_column(0, 0, 110)
        for place, said in enumerate(_about(feedback)):
            about.write_string(place, 0, said)
    return target.getvalue()


def _write_line(sheet: Any, place: int, line: Sequence[str | int]) -> None:
    for at, value in enumerate(line):
        if isinstance(value, int):
            sheet.write_number(place, at, value)
        elif value:
            sheet.write_string(place, at, value[:_CELL])


def _about(feedback: Feedback) -> Iterator[str]:
    one = feedback.delivery
    yield f"{one.delivery_id}  {text(f'deliveries.state.{one.state}')}"
    yield text(
        "deliveries.list.balance",
        delivered=one.counts.delivered,
        accepted=one.counts.accepted,
        set_aside=one.counts.set_aside,
        repeated=one.counts.repeated,
    )
    yield text("deliveries.feedback.intro")
    if len(feedback.lines) > SHEET_ROWS:
        yield text("deliveries.feedback.more", total=len(feedback.lines), shown=SHEET_ROWS)
