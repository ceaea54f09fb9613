"""An Excel workbook under construction: its formats, and values written as what they are."""

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter

from domain.wording import text

Line = Sequence[tuple[object, str]]
"""One row of a table: each value with the name of its format."""

_SAFE = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": True,  # else its rows lie outside the workspace meanwhile
}
_BIG = {"bold": True, "font_size": 14, "align": "left"}
_CELL_LIMIT = 32_000  # a cell has 32,767 characters


class Book:
    """An open workbook with its formats; every text is written as text, never as a formula."""

    def __init__(self, target: io.BytesIO, title: str, on: date) -> None:
        self.book = xlsxwriter.Workbook(target, _SAFE)
        made = datetime(on.year, on.month, on.day)  # noqa: DTZ001
        self.book.set_properties(
            {
                "title": title,
                "author": text("reports.made_by"),
                "created": made,  # the same run gives the same bytes
            }
        )
        base = {"font_name": "宋体", "font_size": 10, "valign": "top"}
        styles: dict[str, dict[str, Any]] = {
            "plain": {},
            "wrap": {"text_wrap": True},
            "title": {"bold": True, "font_size": 16},
            "heading": {"bold": True, "font_size": 12, "font_color": "#1f4e5f"},
            "note": {"text_wrap": True, "font_color": "#555555"},
            "head": {
                "bold": True,
                "text_wrap": True,
                "bg_color": "#1f4e5f",
                "font_color": "#ffffff",
                "border": 1,
                "valign": "vcenter",
            },
            "yuan": {"num_format": "#,##0.00"},
            "count": {"num_format": "#,##0"},
            "date": {"num_format": "yyyy-mm-dd", "align": "left"},
            "grade": {"bold": True},
            "watched": {"bold": True, "font_color": "#8a5a00"},
            "input": {"bg_color": "#fff8e1", "border": 1, "border_color": "#d9cfae"},
            "input_date": {
                "bg_color": "#fff8e1",
                "border": 1,
                "border_color": "#d9cfae",
                "num_format": "yyyy-mm-dd",
                "align": "left",
            },
            "big": _BIG | {"num_format": "#,##0"},
            "big_yuan": _BIG | {"num_format": "#,##0.00"},
        }
        self.formats = {name: self.book.add_format(base | extra) for name, extra in styles.items()}

    def sheet(self, name: str) -> Any:
        """Another sheet, after those there are."""
        return self.book.add_worksheet(name)

    def write(self, sheet: Any, row: int, column: int, value: object, style: str) -> None:
        """Write one value as what it is."""
        form = self.formats[style]
        if value is None or value == "":
            sheet.write_blank(row, column, None, form)
        elif isinstance(value, str):
            sheet.write_string(row, column, value[:_CELL_LIMIT], form)
        elif isinstance(value, Decimal | int | float):
            sheet.write_number(row, column, float(value), form)
        else:
            sheet.write_datetime(row, column, value, form)

    def head(self, sheet: Any, row: int, headings: Sequence[str]) -> None:
        """Write a heading row."""
        for column, heading in enumerate(headings):
            self.write(sheet, row, column, heading, "head")

    def table(
        self,
        sheet: Any,
        row: int,
        headings: Sequence[str],
        lines: Iterable[Line],
    ) -> int:
        """Write headings and (value, style) lines from ``row``; the row after the last."""
        self.head(sheet, row, headings)
        for line in lines:
            row += 1
            for column, (value, style) in enumerate(line):
                self.write(sheet, row, column, value, style)
        return row + 1


def column_words(*keys: str) -> list[str]:
    """The headings of these columns in the language in use."""
    return [text(f"reports.column.{key}") for key in keys]
