"""What could not be fetched stands in workbook and page, with its remedy."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from python_calamine import load_workbook

from domain.wording import text
from reports.page import render_page
from reports.run_report import RunReport, UnfetchedLine
from reports.workbook import write_workbook

EMPTY = RunReport(
    as_of=date(2026, 11, 20),
    run_id="2026-11-20-00000000",
    district="示范区",
    cases_checked=0,
    people_checked=0,
    rules=(),
    sources=(),
    deliveries_not_used=(),
    townships={},
)
SAYS = "public_security.vehicles（db）：连接不上 10.0.0.9:5432。请检查主机、端口和网络是否放行。"


def rows_of(report: RunReport, file: Path) -> list[list[object]]:
    write_workbook(report, file)
    return [list(row) for row in load_workbook(file).get_sheet_by_name("数据来源").to_python()]


def test_what_could_not_be_fetched_is_on_the_page_of_sources(tmp_path: Path) -> None:
    report = replace(EMPTY, unfetched=(UnfetchedLine("公安", "机动车登记", SAYS),))
    rows = rows_of(report, tmp_path / "report.xlsx")
    assert ["公安", "机动车登记", SAYS] in [row[:3] for row in rows]
    headings = [row[0] for row in rows]
    assert sum("未能取到" in str(heading) for heading in headings) == 1


def test_a_night_that_fetched_everything_says_nothing_of_it(tmp_path: Path) -> None:
    rows = rows_of(EMPTY, tmp_path / "report.xlsx")
    assert not any("未能取到" in str(row[0]) for row in rows)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_html_page_says_what_could_not_be_fetched(
    monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    monkeypatch.setenv("HEDUI_LANG", lang)
    says = f"{SAYS}<b>"
    page = render_page(replace(EMPTY, unfetched=(UnfetchedLine("公安", "机动车登记", says),)))
    assert text("connectors.unfetched_title", lang) in page
    shown = f"<td>公安</td><td>机动车登记</td><td>{SAYS}&lt;b&gt;</td>"
    assert shown in page.split('<h2 id="sources">')[1]
    assert "unfetched" not in render_page(EMPTY)


def test_nothing_left_out_is_said_and_no_empty_table_shown(tmp_path: Path) -> None:
    rows = rows_of(EMPTY, tmp_path / "report.xlsx")
    headings = ("未采用的交付", "未逐一比较的记录")
    below = {row[0]: rows[at + 1][0] for at, row in enumerate(rows) if row[0] in headings}
    assert below == dict.fromkeys(headings, "无")
