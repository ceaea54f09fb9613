"""A sheet of the auditors' workbook: the findings of one direction, and room for outcomes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from domain.wording import noted, text
from reports.book import Book, column_words
from reports.run_report import FindingLine, RunReport

_ROW_LIMIT = 1_048_000  # a worksheet has 1,048,576 rows


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
        _Column("outcome", 12, "input", lambda _, line: line.outcome),
        _Column("decided_by", 10, "input", lambda _, line: line.decided_by),
        _Column("decided_on", 12, "input_date", lambda _, line: line.decided_on),
        _Column("basis", 34, "wrap", lambda _, line: line.basis),
        _Column("finding_id", 19, "plain", lambda _, line: line.finding_id),
    )


def _watched(line: FindingLine) -> str:
    return text("reports.watched") if line.is_watched else ""


def _status(line: FindingLine) -> str:
    status = text(f"reports.status.{line.status}")
    return status if line.is_confirmed else noted(status, text("reports.unconfirmed"))


def findings_sheet(book: Book, report: RunReport, direction: str) -> None:
    """Add the sheet of a direction, those of watched households first as the report has them."""
    sheet = book.sheet(text(f"reports.sheet.{direction}"))
    columns = _columns()
    lines = report.findings.get(direction, ())[:_ROW_LIMIT]
    book.write(sheet, 0, 0, text(f"reports.direction.{direction}"), "title")
    book.write(sheet, 1, 0, _note(direction, lines), "plain")
    book.head(sheet, 2, column_words(*(column.key for column in columns)))
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
