"""A list of findings as a workbook, as somebody filtered it: masked, with what became of each."""

import io
from collections.abc import Mapping, Sequence
from datetime import date

from casework.findings import FindingView
from casework.watched import WatchedCases, is_of_watched
from domain.wording import language, text
from reports.book import Book, Line, column_words
from reports.build import finding_line
from rules.rule import Catalogue

_COLUMNS = (
    ("number", 6), ("rule", 18), ("direction", 11), ("grade", 8), ("watched", 7), ("place", 20),
    ("applicant", 10), ("person", 10), ("person_id_no", 21), ("township", 13), ("at_risk", 14),
    ("evidence", 70), ("clears", 34), ("status", 9), ("first_seen", 12), ("last_seen", 12),
    ("handler", 12), ("outcome", 12), ("decided_by", 12), ("decided_on", 12), ("finding_id", 19),
)  # fmt: skip


def findings_workbook(
    views: Sequence[FindingView],
    catalogue: Catalogue,
    watched: WatchedCases,
    names: Mapping[str, str],
    on: date,
) -> bytes:
    """The workbook: one sheet, one row a finding, in the order given.

    ``names``: full names of the staff by account. ``on``: the day it is made.
    """
    target = io.BytesIO()
    book = Book(target, text("reports.list_title"), on)
    sheet = book.sheet(text("reports.list_title"))
    as_of = max((view.as_of for view in views), default=None)
    book.write(sheet, 0, 0, text("reports.list_title"), "title")
    note = text("reports.list_note", on=on, as_of=as_of or "—", count=len(views))
    book.write(sheet, 1, 0, note, "plain")
    lines = [
        _line(number, view, catalogue, watched, names) for number, view in enumerate(views, start=1)
    ]
    for column, (_, width) in enumerate(_COLUMNS):
        sheet.set_column(column, column, width)
    last = book.table(sheet, 2, column_words(*(key for key, _ in _COLUMNS)), lines) - 1
    sheet.set_row(2, 30)
    sheet.autofilter(2, 0, max(last, 3), len(_COLUMNS) - 1)
    sheet.freeze_panes(3, 2)
    sheet.set_landscape()
    sheet.set_paper(8)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)
    book.book.close()
    return target.getvalue()


def _line(
    number: int,
    view: FindingView,
    catalogue: Catalogue,
    watched: WatchedCases,
    names: Mapping[str, str],
) -> Line:
    line = finding_line(view, catalogue, view.as_of)
    return [
        (number, "plain"),
        (catalogue[view.rule].title[language()], "wrap"),
        (text(f"reports.sheet.{view.direction}"), "plain"),
        (text(f"reports.grade.{view.grade}"), "grade"),
        (text("reports.watched") if is_of_watched(view, watched) else "", "watched"),
        (line.place, "wrap"),
        (line.applicant_name, "plain"),
        (line.person_name, "plain"),
        (line.person_id_no, "plain"),
        (line.township, "plain"),
        (line.at_risk_yuan, "yuan"),
        ("\n".join(line.evidence), "wrap"),
        (line.clears, "wrap"),
        (text(f"reports.status.{view.status}"), "plain"),
        (line.first_seen, "date"),
        (line.last_seen, "date"),
        (names.get(view.handler or "", view.handler), "plain"),
        (line.outcome, "plain"),
        (names.get(view.decided_by or "", view.decided_by), "plain"),
        (line.decided_on, "date"),
        (view.finding_id, "plain"),
    ]
