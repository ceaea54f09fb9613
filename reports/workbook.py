"""The auditors' workbook: a summary, a sheet a direction, what was not seen, and the sources."""

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from domain.wording import text
from reports.coverage import cell_text
from reports.run_report import DIRECTIONS, FindingLine, RunReport

_SAFE = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": False,
}
_ROW_LIMIT = 1_048_000  # a worksheet has 1,048,576 rows
_CELL_LIMIT = 32_000  # and a cell 32,767 characters


@dataclass(frozen=True, slots=True)
class _Column:
    """One column of a findings sheet: its heading, width, format and value."""

    key: str
    width: int
    style: str
    value: Callable[[int, FindingLine], object]


def _columns() -> tuple[_Column, ...]:
    return (
        _Column("number", 6, "plain", lambda number, line: number),
        _Column("rule", 18, "wrap", lambda _, line: line.rule),
        _Column("grade", 8, "grade", lambda _, line: text(f"reports.grade.{line.grade}")),
        _Column("watched", 7, "watched", lambda _, line: _watched(line)),
        _Column("place", 20, "wrap", lambda _, line: line.place),
        _Column("applicant", 10, "plain", lambda _, line: line.applicant_name),
        _Column("person", 10, "plain", lambda _, line: line.person_name),
        _Column("person_id_no", 21, "plain", lambda _, line: line.person_id_no),
        _Column("township", 13, "plain", lambda _, line: line.township),
        _Column("at_risk", 14, "yuan", lambda _, line: line.at_risk_yuan),
        _Column("evidence", 70, "wrap", lambda _, line: "\n".join(line.evidence)),
        _Column("clears", 34, "wrap", lambda _, line: line.clears),
        _Column("next_step", 24, "wrap", lambda _, line: line.next_step),
        _Column("status", 9, "plain", lambda _, line: _status(line)),
        _Column("first_seen", 12, "date", lambda _, line: line.first_seen),
        _Column("last_seen", 12, "date", lambda _, line: line.last_seen),
        _Column("outcome", 12, "input", lambda _, line: ""),
        _Column("decided_by", 10, "input", lambda _, line: ""),
        _Column("decided_on", 12, "input", lambda _, line: ""),
        _Column("basis", 34, "wrap", lambda _, line: line.basis),
        _Column("finding_id", 19, "plain", lambda _, line: line.finding_id),
    )


def _watched(line: FindingLine) -> str:
    return text("reports.watched") if line.is_watched else ""


def _status(line: FindingLine) -> str:
    status = text(f"reports.status.{line.status}")
    return status if line.is_confirmed else f"{status}（{text('reports.unconfirmed')}）"


class _Book:
    """An open workbook with its formats; every text is written as text, never as a formula."""

    def __init__(self, target: io.BytesIO, report: RunReport) -> None:
        self.book = xlsxwriter.Workbook(target, _SAFE)
        made = datetime(report.as_of.year, report.as_of.month, report.as_of.day)  # noqa: DTZ001
        self.book.set_properties(
            {
                "title": text("reports.title", district=report.district),
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
            "big": {"bold": True, "font_size": 14, "num_format": "#,##0", "align": "left"},
        }
        self.formats = {name: self.book.add_format(base | extra) for name, extra in styles.items()}

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
        lines: Iterable[Sequence[tuple[object, str]]],
    ) -> int:
        """Write headings and (value, style) lines from ``row``; the row after the last."""
        self.head(sheet, row, headings)
        for line in lines:
            row += 1
            for column, (value, style) in enumerate(line):
                self.write(sheet, row, column, value, style)
        return row + 1


def write_workbook(report: RunReport, path: Path) -> None:
    """Write the report as an Excel workbook at ``path``; the same report gives the same bytes.

    Raises OSError where the folder cannot be written; nothing half written is left at ``path``.
    """
    target = io.BytesIO()
    book = _Book(target, report)
    _summary_sheet(book, report)
    for direction in DIRECTIONS:
        _findings_sheet(book, report, direction)
    _blind_sheet(book, report)
    _coverage_sheet(book, report)
    _sources_sheet(book, report)
    _guide_sheet(book)
    book.book.close()
    aside = path.with_suffix(".part")
    aside.write_bytes(target.getvalue())
    aside.replace(path)


def _words(*keys: str) -> list[str]:
    return [text(f"reports.column.{key}") for key in keys]


def _summary_sheet(book: _Book, report: RunReport) -> None:
    sheet = book.book.add_worksheet(text("reports.sheet.summary"))
    sheet.hide_gridlines(2)
    for column, width in enumerate((34, 12, 12, 12, 12, 20, 14, 14, 14)):
        sheet.set_column(column, column, width)
    book.write(sheet, 0, 0, text("reports.title", district=report.district), "title")
    subtitle = text("reports.subtitle", as_of=report.as_of, run_id=report.run_id)
    book.write(sheet, 1, 0, subtitle, "plain")
    sheet.merge_range(2, 0, 2, 8, text("reports.principle"), book.formats["note"])
    sheet.set_row(2, 44)
    row = _glance(book, sheet, report)
    row = _by_rule(book, sheet, report, row + 1)
    _by_township(book, sheet, report, row + 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _glance(book: _Book, sheet: Any, report: RunReport) -> int:
    facts: list[tuple[str, object]] = [
        ("cases", report.cases_checked),
        ("people", report.people_checked),
        ("findings", sum(report.count(direction) for direction in DIRECTIONS)),
        ("new", sum(rule.new for rule in report.rules)),
        ("watched", report.watched),
        ("at_risk", sum((report.at_risk(d) for d in DIRECTIONS), Decimal(0))),
        ("not_checked", len(report.blind())),
        ("sources_out", sum(source.state != "in_force" for source in report.sources)),
    ]
    book.write(sheet, 4, 0, text("reports.summary.heading"), "heading")
    for row, (key, value) in enumerate(facts, start=5):
        book.write(sheet, row, 0, text(f"reports.summary.{key}"), "plain")
        book.write(sheet, row, 1, value, "big")
    row = 5 + len(facts)
    book.write(sheet, row, 0, text("reports.summary.at_risk_note"), "note")
    return row + 1


def _by_rule(book: _Book, sheet: Any, report: RunReport, row: int) -> int:
    book.write(sheet, row, 0, text("reports.summary.by_rule"), "heading")
    headings = _words(
        "rule", "flags", "verifies", "findings", "new", "at_risk", "found", "clear", "not_checked"
    )
    row += 1
    for direction in DIRECTIONS:
        book.write(sheet, row, 0, text(f"reports.direction.{direction}"), "heading")
        lines = [
            [
                (rule.title, "wrap"),
                (rule.flags, "count"),
                (rule.verifies, "count"),
                (rule.findings, "count"),
                (rule.new, "count"),
                (rule.at_risk_yuan or None, "yuan"),
                (rule.of_cases(rule.found), "count"),
                (rule.of_cases(rule.clear), "count"),
                (rule.unseen, "count"),
            ]
            for rule in report.rules_of(direction)
        ]
        row = book.table(sheet, row + 1, headings, lines)
    return row


def _by_township(book: _Book, sheet: Any, report: RunReport, row: int) -> int:
    book.write(sheet, row, 0, text("reports.summary.by_township"), "heading")
    headings = _words("township") + [text(f"reports.sheet.{d}") for d in DIRECTIONS]
    lines = [
        [(code, "plain"), *((counts.get(d, 0), "count") for d in DIRECTIONS)]
        for code, counts in report.townships.items()
    ]
    return book.table(sheet, row + 1, headings, lines)


def _findings_sheet(book: _Book, report: RunReport, direction: str) -> None:
    sheet = book.book.add_worksheet(text(f"reports.sheet.{direction}"))
    columns = _columns()
    lines = report.findings.get(direction, ())[:_ROW_LIMIT]
    book.write(sheet, 0, 0, text(f"reports.direction.{direction}"), "title")
    book.write(sheet, 1, 0, _note(direction, lines), "plain")
    book.head(sheet, 2, _words(*(column.key for column in columns)))
    sheet.set_row(2, 30)
    titles = {rule.rule: rule.title for rule in report.rules}
    for column, spec in enumerate(columns):
        sheet.set_column(column, column, spec.width)
    for number, line in enumerate(lines, start=1):
        for column, spec in enumerate(columns):
            value = titles[line.rule] if spec.key == "rule" else spec.value(number, line)
            book.write(sheet, number + 2, column, value, spec.style)
        sheet.set_row(number + 2, 15 * _lines_needed(line))
    last = max(len(lines) + 2, 3)
    sheet.autofilter(2, 0, last, len(columns) - 1)
    sheet.freeze_panes(3, 5)
    outcome = next(i for i, spec in enumerate(columns) if spec.key == "outcome")
    sheet.data_validation(3, outcome, last, outcome, {"validate": "list", "source": _outcomes()})
    sheet.set_landscape()
    sheet.set_paper(8)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)


def _note(direction: str, lines: Sequence[FindingLine]) -> str:
    note = text(f"reports.direction_note.{direction}")
    if not any(line.is_watched for line in lines):
        return note
    return f"{note} {text('reports.watched_note')}"


def _outcomes() -> list[str]:
    return [text(f"reports.outcomes.{key}") for key in ("true", "untrue", "changed", "more")]


def _lines_needed(line: FindingLine) -> int:
    """Rows of text that the tallest cell takes; Chinese fills about 34 to a 70-wide column."""
    evidence = sum(1 + len(sentence) // 36 for sentence in line.evidence)
    others = 1 + max(len(line.clears) // 17, len(line.next_step) // 12, len(line.basis) // 17)
    return min(max(evidence, others), 27)


def _blind_sheet(book: _Book, report: RunReport) -> None:
    sheet = book.book.add_worksheet(text("reports.sheet.blind"))
    for column, width in enumerate((30, 16, 14, 14, 14, 90)):
        sheet.set_column(column, column, width)
    lines = [
        [
            (rule.title, "wrap"),
            (text(f"reports.sheet.{rule.direction}"), "plain"),
            (rule.of_cases(rule.found), "count"),
            (rule.of_cases(rule.clear), "count"),
            (rule.unseen, "count"),
            ("\n".join(rule.why_unseen), "wrap"),
        ]
        for rule in report.blind()
    ]
    headings = [
        *_words("rule"),
        text("reports.column.direction"),
        *_words("found", "clear", "not_checked", "reasons"),
    ]
    book.table(sheet, 0, headings, lines)
    sheet.freeze_panes(1, 1)


def _coverage_sheet(book: _Book, report: RunReport) -> None:
    sheet = book.book.add_worksheet(text("reports.coverage.sheet"))
    titles = {source.dataset: source.title for source in report.sources}
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, len(report.coverage.datasets) + 3, 11)
    book.write(sheet, 0, 0, text("reports.coverage.note"), "plain")
    headings = [
        *_words("rule"),
        *(titles[dataset] for dataset in report.coverage.datasets),
        *(text(f"reports.coverage.{key}") for key in ("unauthorised", "unclear", "not_checked")),
    ]
    lines: list[list[tuple[object, str]]] = [
        [
            (line.title, "wrap"),
            *((cell_text(cell), "wrap") for cell in line.cells),
            (line.unauthorised, "count"),
            (line.unclear, "count"),
            (line.not_checked, "count"),
        ]
        for line in report.coverage.lines
    ]
    book.table(sheet, 1, headings, lines)
    sheet.set_row(1, 45)
    sheet.freeze_panes(2, 1)
    sheet.set_landscape()
    sheet.set_paper(8)
    sheet.fit_to_pages(1, 0)


def _sources_sheet(book: _Book, report: RunReport) -> None:
    sheet = book.book.add_worksheet(text("reports.sheet.sources"))
    for column, width in enumerate((12, 26, 14, 14, 14, 14, 12, 12, 40)):
        sheet.set_column(column, column, width)
    keys = ("agency", "title", "state", "data_date", "rows_delivered", "rows_accepted")
    headings = _words(*keys, "rows_set_aside", "rows_repeated", "dataset")
    lines: list[list[tuple[object, str]]] = [
        [
            (source.agency, "plain"),
            (source.title, "plain"),
            (source.state_text, "plain"),
            (source.data_date, "date"),
            (source.rows_delivered, "count"),
            (source.rows_accepted, "count"),
            (source.rows_set_aside, "count"),
            (source.rows_repeated, "count"),
            (source.dataset, "plain"),
        ]
        for source in report.sources
    ]
    row = book.table(sheet, 0, headings, lines) + 1
    if report.unfetched:
        book.write(sheet, row, 0, text("connectors.unfetched_title"), "heading")
        failed: list[list[tuple[object, str]]] = [
            [(line.agency, "plain"), (line.title, "plain"), (line.says, "plain")]
            for line in report.unfetched
        ]
        headings = _words("agency", "title", "delivery_reasons")
        row = book.table(sheet, row + 1, headings, failed) + 1
    book.write(sheet, row, 0, text("reports.summary.not_used"), "heading")
    unused: list[list[tuple[object, str]]] = [
        [
            (line.title, "plain"),
            (line.dataset, "plain"),
            (line.business_date, "date"),
            (line.state_text, "plain"),
            (line.reasons, "plain"),
        ]
        for line in report.deliveries_not_used
    ]
    headings = _words("title", "dataset", "business_date", "delivery_state", "delivery_reasons")
    row = book.table(sheet, row + 1, headings, unused) + 1
    book.write(sheet, row, 0, text("reports.summary.not_compared"), "heading")
    cut: list[list[tuple[object, str]]] = [
        [
            (line.title, "plain"),
            (line.dataset, "plain"),
            (line.rule, "plain"),
            (line.records, "count"),
            (line.largest_block, "count"),
        ]
        for line in report.not_compared
    ]
    headings = _words("title", "dataset", "blocking_rule", "records", "largest_block")
    book.table(sheet, row + 1, headings, cut)


def _guide_sheet(book: _Book) -> None:
    sheet = book.book.add_worksheet(text("reports.sheet.guide"))
    sheet.set_column(0, 0, 110)
    sheet.hide_gridlines(2)
    lines = [text("reports.principle"), *text("reports.guide").splitlines()]
    for row, line in enumerate(lines):
        book.write(sheet, row, 0, line, "wrap")
        sheet.set_row(row, 34)
