"""After an application was approved, the next night shows its household first and says so."""

import shutil
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook
from served import Served, served

from casework.watched import watched_cases
from service.roles import Role
from store.service_tables import WatchedPerson, WatchRow
from tests.conftest import AS_OF, DAY_AFTER, POLICY, District, Hedui

A_CASE = """
    select case_no, direction from judged.finding
    where case_no is not null and not contains(case_no, ';') and direction = 'over'
    order by rule desc, case_no desc
    limit 1
"""


@pytest.fixture(scope="module")
def watched(
    district: District, hedui: Hedui, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Path]:
    """A case with a finding that no list would show first, and the reports of the next night."""
    place = tmp_path_factory.mktemp("watched") / "w"
    with served(district.workspace, place) as service:
        case_no = service.rows(A_CASE)[0][0]
        _watch_as_approved(service, case_no)
    ran = hedui(
        "run", "--inbox", district.inbox, "--policy", POLICY, "--as-of", DAY_AFTER,
        "--workspace", place,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return case_no, place / "reports" / DAY_AFTER


def _watch_as_approved(service: Served, case_no: str) -> None:
    """Watch an application whose people are then those of the case, as after an approval."""
    headers = service.as_role(Role.COUNTY)
    number = service.rows("select application_no from clean.application order by 1")[0][0]
    asked = {"purpose": "受理", "authorisation": "授1号", "application_no": number}
    slip_no = service.client.post("/api/v1/checks", json=asked, headers=headers).json()["slip_no"]
    path = f"/api/v1/checks/{slip_no}/watch"
    assert service.client.post(path, headers=headers).status_code == 204
    keys = service.rows(
        "select person_key from linked.subject join linked.person using (person_id)"
        f" where kind = 'case' and case_no = '{case_no}'"
    )
    with service.desk.ledger.writing() as session:
        watch_no = session.query(WatchRow.watch_no).scalar()
        session.query(WatchedPerson).delete()
        session.add_all(WatchedPerson(watch_no=watch_no, person_key=key) for (key,) in keys)
    with service.desk.snapshots.reading() as reading:
        assert case_no in watched_cases(service.desk.ledger, reading.engine)


def test_the_workbook_has_the_watched_household_first_and_marks_it(watched):
    case_no, reports = watched
    book = CalamineWorkbook.from_path(reports / f"hedui-{DAY_AFTER}.xlsx")
    rows = book.get_sheet_by_name("在享待核").to_python()
    heads = rows[2]
    mark, place = heads.index("跟踪"), heads.index("救助证号／户号")
    lines = rows[3:]
    assert lines[0][place] == case_no
    assert lines[0][mark] == "跟踪"
    marks = [bool(line[mark]) for line in lines]
    assert marks == sorted(marks, reverse=True)
    assert {line[place] for line in lines if line[mark]} == {case_no}
    assert [line[0] for line in lines] == list(range(1, len(lines) + 1))
    summary = {row[0]: row[1] for row in book.get_sheet_by_name("摘要").to_python()}
    assert summary["其中跟踪家庭的发现（申请已批准，排在各表最前）"] >= marks.count(True)


def test_the_morning_page_has_it_first_as_well(watched):
    case_no, reports = watched
    page = (reports / f"hedui-{DAY_AFTER}.html").read_text(encoding="utf-8")
    over = page[page.index('<h2 id="over">') : page.index('<h2 id="under">')]
    first = over[over.index("<tr id=") :].split("</tr>", 1)[0]
    assert case_no in first
    assert '<span class="tag watched">跟踪</span>' in first


def test_nobody_watched_and_nothing_is_marked(district: District, tmp_path: Path):
    copied = tmp_path / "book.xlsx"
    shutil.copy(district.workspace / "reports" / AS_OF / f"hedui-{AS_OF}.xlsx", copied)
    rows = CalamineWorkbook.from_path(copied).get_sheet_by_name("在享待核").to_python()
    assert not any(line[rows[2].index("跟踪")] for line in rows[3:])
