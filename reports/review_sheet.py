"""The sheet for clerical review: written for people to fill in, and read back."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from domain.errors import HeduiError
from domain.wording import joined, language, text
from reports.export import write_table
from reports.tables import Showing
from reports.whole_file import whole_file

_TEXTS: Final = ("pair_id", "dataset", "subject")
_PLACES: Final = {"record_place": "address", "subject_place": "address"}
_WIDTHS: Final = {"pair_id": 19, "dataset": 18, "subject": 24, "verdict": 12, "reason": 30}
_LANGUAGES: Final = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Filled:
    """A row that a person filled in; ``row`` is its line in the sheet (the header is 1)."""

    row: int
    pair_id: str
    verdict: str
    reason: str


def review_table(sheet: pa.Table, showing: Showing, source_name: dict[str, str]) -> pa.Table:
    """The pairs in words and masked, with blank columns for verdict and reason."""
    rows = [_row(row, showing, source_name) for row in sheet.to_pylist()]
    names = [_column(name) for name in (*sheet.column_names, "verdict", "reason")]
    return pa.Table.from_pylist(rows, pa.schema([(name, pa.string()) for name in names]))


def _row(row: dict[str, Any], showing: Showing, source_name: dict[str, str]) -> dict[str, str]:
    shown = {}
    for name, value in row.items():
        written = "" if value is None else str(value)
        if name == "dataset":
            written = source_name.get(written, written)
        elif name.endswith("_name"):
            written = showing.of("person_name", written)
        elif name.endswith("_id_no"):
            written = showing.of("id_no", written)
        elif name in _PLACES:
            written = showing.of(_PLACES[name], written)
        elif name.endswith("_sex") and written:
            written = text(f"rules.codes.sex.{written}")
        elif name.endswith("_birth"):
            written = showing.of("birth_date", written)
        shown[_column(name)] = written
    return shown | {_column("verdict"): "", _column("reason"): ""}


def write_review(table: pa.Table, path: Path) -> None:
    """Write the sheet as xlsx or csv, by the file's name; HeduiError ``review_form`` otherwise.

    Raises HeduiError ``file_not_written`` as well.
    """
    if path.suffix.lower() == ".csv":
        write_table(table, "csv", path)
    elif path.suffix.lower() == ".xlsx":
        _write_workbook(table, path)
    else:
        raise HeduiError("review_form", file=path)


def _write_workbook(table: pa.Table, path: Path) -> None:
    import xlsxwriter  # slow to load

    made = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(made, options) as book:
        sheet = book.add_worksheet(text("links.review.sheet"))
        head = book.add_format({"bold": True, "bg_color": "#dfe7ee", "text_wrap": True})
        fill = book.add_format({"bg_color": "#fff7dd", "border": 1})
        for at, name in enumerate(table.column_names):
            key = next(key for key in _columns() if _column(key) == name)
            sheet.set_column(at, at, _WIDTHS.get(key, 14))
            sheet.write_string(0, at, name, head)
        for line, row in enumerate(table.to_pylist(), 1):
            for at, (name, value) in enumerate(row.items()):
                is_blank = name in (_column("verdict"), _column("reason"))
                sheet.write_string(line, at, value, fill if is_blank else None)
        verdict = table.column_names.index(_column("verdict"))
        words = [text(f"links.review.verdicts.{key}") for key in ("same", "different", "unsure")]
        sheet.data_validation(
            1, verdict, max(table.num_rows, 1), verdict, {"validate": "list", "source": words}
        )
        sheet.freeze_panes(1, 2)
    with whole_file(path) as stream:
        stream.write(made.getvalue())


def read_review(path: Path) -> list[Filled]:
    """The rows that say ``same`` or ``different``, in order.

    Raises HeduiError: ``review_unreadable``, ``review_columns`` (not an exported sheet),
    ``review_verdict`` (a word that is none of those offered).
    """
    rows = _rows(path)
    header = [str(cell).strip() for cell in rows[0]] if rows else []
    places = {key: _place(header, key, path) for key in ("pair_id", "verdict", "reason")}
    filled = []
    for number, row in enumerate(rows[1:], 2):
        cells = {key: str(row[at]).strip() if at < len(row) else "" for key, at in places.items()}
        verdict = _verdict(cells["verdict"], path, number)
        if verdict in ("same", "different"):
            filled.append(Filled(number, cells["pair_id"], verdict, cells["reason"]))
    return filled


def _rows(path: Path) -> Sequence[Sequence[Any]]:
    try:
        if path.suffix.lower() == ".csv":
            with path.open(encoding="utf-8-sig", newline="") as stream:
                return list(csv.reader(stream))
        return _first_sheet(path)
    except (OSError, ValueError, IndexError, csv.Error) as error:
        raise HeduiError("review_unreadable", file=path, cause=type(error).__name__) from error


def _first_sheet(path: Path) -> Sequence[Sequence[Any]]:
    from python_calamine import CalamineError, CalamineWorkbook  # slow to load

    try:
        return CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    except CalamineError as error:
        raise HeduiError("review_unreadable", file=path, cause=type(error).__name__) from error


def _place(header: Sequence[str], key: str, path: Path) -> int:
    for lang in _LANGUAGES:
        name = text(f"links.review.columns.{key}", lang)
        if name in header:
            return header.index(name)
    raise HeduiError("review_columns", file=path, missing=_column(key))


def _verdict(word: str, path: Path, row: int) -> str:
    if not word:
        return "unsure"
    for lang in _LANGUAGES:
        for key in ("same", "different", "unsure"):
            if word.lower() in (key, text(f"links.review.verdicts.{key}", lang).lower()):
                return key
    allowed = joined(
        text(f"links.review.verdicts.{key}") for key in ("same", "different", "unsure")
    )
    raise HeduiError("review_verdict", file=path, row=row, verdict=word, allowed=allowed)


def _columns() -> list[str]:
    sides = ("name", "id_no", "sex", "birth", "place")
    return [
        "pair_id", "dataset", *(f"record_{side}" for side in sides),
        "subject", *(f"subject_{side}" for side in sides), "verdict", "reason",
    ]  # fmt: skip


def _column(key: str) -> str:
    return text(f"links.review.columns.{key}", language())
