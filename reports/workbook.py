"""The auditors' workbook: a summary, a sheet a direction, what was not seen, and the sources."""

import io
from decimal import Decimal
from pathlib import Path
from typing import Any

from domain.wording import text
from reports.book import Book, Line, column_words
from reports.coverage import cell_text
from reports.findings_sheet import findings_sheet
from reports.run_report import DIRECTIONS, RunReport
from reports.whole_file import whole_file


def write_workbook(report: RunReport, path: Path) -> None:
    """Write the report as an Excel workbook at ``path``; the same report gives the same bytes.

    Raises HeduiError ``file_not_written``; nothing half written is left at ``path``.
    """
    target = io.BytesIO()
    book = Book(target, text("reports.title", district=report.district), report.as_of)
    _summary_sheet(book, report)
    for direction in DIRECTIONS:
        findings_sheet(book, report, direction)
    _blind_sheet(book, report)
    _coverage_sheet(book, report)
    _sources_sheet(book, report)
    _guide_sheet(book)
    book.book.close()
    with whole_file(path) as stream:
        stream.write(target.getvalue())


def _summary_sheet(book: Book, report: RunReport) -> None:
    sheet = book.sheet(text("reports.sheet.summary"))
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


def _glance(book: Book, sheet: Any, report: RunReport) -> int:
    facts = report.glance()
    book.write(sheet, 4, 0, text("reports.summary.heading"), "heading")
    for row, (key, value) in enumerate(facts, start=5):
        book.write(sheet, row, 0, text(f"reports.summary.{key}"), "plain")
        book.write(sheet, row, 1, value, "big_yuan" if isinstance(value, Decimal) else "big")
    row = 5 + len(facts)
    book.write(sheet, row, 0, text("reports.summary.at_risk_note"), "note")
    return row + 1


def _by_rule(book: Book, sheet: Any, report: RunReport, row: int) -> int:
    book.write(sheet, row, 0, text("reports.summary.by_rule"), "heading")
    headings = column_words(
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


def _by_township(book: Book, sheet: Any, report: RunReport, row: int) -> int:
    book.write(sheet, row, 0, text("reports.summary.by_township"), "heading")
    headings = column_words("township") + [text(f"reports.sheet.{d}") for d in DIRECTIONS]
    lines = [
        [(code, "plain"), *((counts.get(d, 0), "count") for d in DIRECTIONS)]
        for code, counts in report.townships.items()
    ]
    return book.table(sheet, row + 1, headings, lines)


def _blind_sheet(book: Book, report: RunReport) -> None:
    sheet = book.sheet(text("reports.sheet.blind"))
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
        *column_words("rule"),
        text("reports.column.direction"),
        *column_words("found", "clear", "not_checked", "reasons"),
    ]
    book.table(sheet, 0, headings, lines)
    sheet.freeze_panes(1, 1)


def _coverage_sheet(book: Book, report: RunReport) -> None:
    sheet = book.sheet(text("reports.coverage.sheet"))
    titles = {source.dataset: source.title for source in report.sources}
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, len(report.coverage.datasets) + 3, 11)
    book.write(sheet, 0, 0, text("reports.coverage.note"), "plain")
    headings = [
        *column_words("rule"),
        *(titles[dataset] for dataset in report.coverage.datasets),
        *(text(f"reports.coverage.{key}") for key in ("unauthorised", "unclear", "not_checked")),
    ]
    lines: list[Line] = [
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


def _sources_sheet(book: Book, report: RunReport) -> None:
    sheet = book.sheet(text("reports.sheet.sources"))
    for column, width in enumerate((12, 26, 14, 14, 14, 14, 12, 12, 40)):
        sheet.set_column(column, column, width)
    keys = ("agency", "title", "state", "data_date", "rows_delivered", "rows_accepted")
    headings = column_words(*keys, "rows_set_aside", "rows_repeated", "dataset")
    lines: list[Line] = [
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
        row = _unfetched_part(book, sheet, row, report)
    row = _unused_part(book, sheet, row, report)
    _cut_part(book, sheet, row, report)


def _unfetched_part(book: Book, sheet: Any, row: int, report: RunReport) -> int:
    lines: list[Line] = [
        [(line.agency, "plain"), (line.title, "plain"), (line.says, "plain")]
        for line in report.unfetched
    ]
    headings = column_words("agency", "title", "delivery_reasons")
    return _part(book, sheet, row, text("connectors.unfetched_title"), headings, lines)


def _unused_part(book: Book, sheet: Any, row: int, report: RunReport) -> int:
    lines: list[Line] = [
        [
            (line.title, "plain"),
            (line.dataset, "plain"),
            (line.business_date, "date"),
            (line.state_text, "plain"),
            (line.reasons, "plain"),
        ]
        for line in report.deliveries_not_used
    ]
    headings = column_words(
        "title", "dataset", "business_date", "delivery_state", "delivery_reasons"
    )
    return _part(book, sheet, row, text("reports.summary.not_used"), headings, lines)


def _cut_part(book: Book, sheet: Any, row: int, report: RunReport) -> int:
    lines: list[Line] = [
        [
            (line.title, "plain"),
            (line.dataset, "plain"),
            (line.rule, "plain"),
            (line.records, "count"),
            (line.largest_block, "count"),
        ]
        for line in report.not_compared
    ]
    headings = column_words("title", "dataset", "blocking_rule", "records", "largest_block")
    return _part(book, sheet, row, text("reports.summary.not_compared"), headings, lines)


def _part(
    book: Book, sheet: Any, row: int, title: str, headings: list[str], lines: list[Line]
) -> int:
    """A heading with its table, or the word for nothing; the row where the next part begins."""
    book.write(sheet, row, 0, title, "heading")
    if lines:
        return book.table(sheet, row + 1, headings, lines) + 1
    book.write(sheet, row + 1, 0, text("reports.summary.none"), "plain")
    return row + 3


def _guide_sheet(book: Book) -> None:
    sheet = book.sheet(text("reports.sheet.guide"))
    sheet.set_column(0, 0, 110)
    sheet.hide_gridlines(2)
    lines = [text("reports.principle"), *text("reports.guide").splitlines()]
    for row, line in enumerate(lines):
        book.write(sheet, row, 0, line, "wrap")
        sheet.set_row(row, 34)
