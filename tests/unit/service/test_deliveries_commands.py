"""`hedui deliveries`: state, releases, feedback, quality page and scorecard, as users have them."""

import csv
import io
import json
import re
import shutil
from datetime import date, timedelta

import pyarrow.parquet as pq
import pytest
from python_calamine import load_workbook
from typer.testing import CliRunner

from domain.errors import HeduiError
from service.commands.deliveries import deliveries_app
from sources.contract import load_dictionary
from sources.intake import take_in
from store.access_log import first_bad_entry, looks
from store.engines.duckdb import DuckDBEngine
from store.ledger import Ledger
from store.releases import releases
from store.workspace import open_workspace
from tests.unit.sources.delivering import csv_bytes, hand_over, hand_over_rows, id_no, rows_of

DICTIONARY = load_dictionary()
HOUSEHOLDS = DICTIONARY["civil_affairs.households"]
VEHICLES = DICTIONARY["public_security.vehicles"]
PENSIONS = DICTIONARY["human_resources.pensions"]
DAY = date(2026, 11, 20)
FULL_NUMBER = re.compile(r"99\d{4}(18|19|20)\d{9}[\dX]")


@pytest.fixture(scope="module")
def district(tmp_path_factory):
    """A workspace: one dataset accepted with rows set aside and remarked, one held, one refused."""
    home = tmp_path_factory.mktemp("district")
    inbox, workspace = home / "inbox", home / "workspace"
    households = rows_of(HOUSEHOLDS, 300)
    households[3]["月保障金额"] = "许多"
    households[5]["申请人身份证号"] = id_no(5)[:17] + "?"
    households[7]["申请人姓名"] = "王□"
    households[9] = dict(households[8])
    households[11]["最近入户日期"] = "2026年13月40日"
    households[11]["村居代码"] = id_no(11)
    hand_over_rows(inbox, HOUSEHOLDS, DAY, households, encoding="gb18030")
    hand_over_rows(inbox, VEHICLES, DAY - timedelta(days=7), rows_of(VEHICLES, 300))
    vehicles = [{**row, "备注[/旧]": "", "[red]说明": ""} for row in rows_of(VEHICLES, 30)]
    raw = csv_bytes(list(vehicles[0]), vehicles)
    hand_over(inbox, VEHICLES, DAY, {"part-000.csv": (raw, len(vehicles))})
    late = f"{DAY + timedelta(days=3)}T09:00:00+08:00"
    hand_over_rows(
        inbox, PENSIONS, DAY, rows_of(PENSIONS, 30), mode="incremental", produced_at=late
    )
    place = open_workspace(workspace)
    with DuckDBEngine() as engine:
        intake = take_in(engine, inbox=inbox, workspace=place.path, as_of=DAY)
    ids = {one.dataset: one.delivery_id for one in intake.deliveries}
    return workspace, ids


def ask(*arguments, fails=0):
    done = CliRunner().invoke(deliveries_app(), [str(each) for each in arguments])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == fails, done.output
    return done.output


def test_the_list_says_what_is_in_force_held_refused_and_missing(district):
    workspace, ids = district
    said = ask("list", "--workspace", workspace)
    assert ids[HOUSEHOLDS.dataset] in said
    assert re.search("公安 +机动车登记 +有效 +2026-11-13 +300", said)
    assert re.search("人社 +养老保险待遇 +未送达", said)
    assert "全量 30 行，以往约 300 行，骤减" in said
    listed = list(
        csv.DictReader(io.StringIO(ask("list", "--workspace", workspace, "--format", "csv")))
    )
    states = {row["delivery_id"]: (row["state"], row["is_in_force"]) for row in listed}
    assert states[ids[HOUSEHOLDS.dataset]] == ("accepted", "true")
    assert states[ids[VEHICLES.dataset]] == ("held", "false")
    assert states[ids[PENSIONS.dataset]] == ("refused", "false")


def test_show_gives_balance_reasons_rows_and_checks(district):
    workspace, ids = district
    said = ask("show", ids[HOUSEHOLDS.dataset][:-4], "--workspace", workspace)
    assert "交来 300 行 = 采用 298 + 搁置 1 + 重复 1" in said
    assert "搁置 1  必填值无法读取（月保障金额）" in said
    assert "附注 1  证件号码格式不对，不用于比对（申请人身份证号）" in said
    assert "姓名中有无法识别的字（申请人姓名）" in said
    assert "值无法读取，按未知处理（最近入户日期）" in said
    assert "项符合" in said
    held = ask("show", ids[VEHICLES.dataset], "--workspace", workspace)
    assert "放行签名（0/2）" in held
    assert "两个不同的人" in held


def test_headers_are_named_as_they_were_written_brackets_too(district):
    workspace, ids = district
    said = ask("show", ids[VEHICLES.dataset], "--workspace", workspace)
    assert "备注[/旧]" in said
    assert "[red]说明" in said


def test_an_unknown_or_ambiguous_id_is_said(district):
    workspace, _ = district
    for written, key in (("nobody/2026", "delivery_unknown"), ("public_", "delivery_ambiguous")):
        with pytest.raises(HeduiError) as fault:
            ask("show", written, "--workspace", workspace)
        assert fault.value.key == key
        assert str(fault.value)


def test_feedback_lists_rows_in_the_senders_headers_with_place_and_reason(district):
    workspace, ids = district
    said = ask("feedback", ids[HOUSEHOLDS.dataset], "--workspace", workspace)
    rows = list(csv.DictReader(io.StringIO(said.removeprefix("\ufeff"))))
    assert set(HOUSEHOLDS.headers) <= rows[0].keys()
    assert {row["文件"] for row in rows} == {"part-000.csv"}
    by_row = {int(row["行号"]): row for row in rows}
    assert set(by_row) == {4, 6, 8, 9, 12}
    assert (by_row[4]["处理"], by_row[4]["原因"]) == ("搁置", "必填值无法读取（月保障金额）")
    assert by_row[4]["月保障金额"] == "许多"
    assert by_row[9]["原因"] == "同一行重复出现，只计一次"
    assert by_row[12]["最近入户日期"] == "2026年13月40日"
    assert by_row[6]["救助证号"] == rows_of(HOUSEHOLDS, 6)[5]["救助证号"]


def test_feedback_reads_the_very_files_in_a_folder_whose_name_is_a_pattern(district, tmp_path):
    workspace, ids = district
    named = shutil.copytree(workspace, tmp_path / "night[12]")
    other = shutil.copytree(workspace, tmp_path / "night1")
    for file in (other / "clean").rglob("*.parquet"):
        pq.write_table(pq.read_table(file).slice(0, 0), file)
    asked = ("feedback", ids[HOUSEHOLDS.dataset], "--workspace")
    assert ask(*asked, named) == ask(*asked, workspace)


def test_feedback_shows_no_number_name_address_or_telephone_in_full(district):
    workspace, ids = district
    said = ask("feedback", ids[HOUSEHOLDS.dataset], "--workspace", workspace)
    assert not FULL_NUMBER.search(said)
    rows = list(csv.DictReader(io.StringIO(said.removeprefix("\ufeff"))))
    delivered = rows_of(HOUSEHOLDS, 12)[11]
    for header in ("申请人姓名", "家庭住址", "联系电话", "申请人身份证号"):
        assert "*" in rows[-1][header]
        assert rows[-1][header] != delivered[header]
    assert rows[-1]["村居代码"] == "990102********" + id_no(11)[-4:]


def test_feedback_as_a_workbook_says_the_same(district, tmp_path):
    workspace, ids = district
    target = tmp_path / "feedback.xlsx"
    ask(
        "feedback",
        ids[HOUSEHOLDS.dataset],
        "--workspace",
        workspace,
        "--format",
        "xlsx",
        "-o",
        target,
    )
    book = load_workbook(target)
    sheet = book.get_sheet_by_index(0).to_python()
    assert sheet[0][:4] == ["处理", "文件", "行号", "原因"]
    assert [row[2] for row in sheet[1:]] == [4, 6, 8, 9, 12]
    assert "交来 300 行" in book.get_sheet_by_index(1).to_python()[1][0]


def test_feedback_of_a_refused_delivery_says_why(district):
    workspace, ids = district
    said = ask("feedback", ids[PENSIONS.dataset], "--workspace", workspace)
    (row,) = csv.DictReader(io.StringIO(said.removeprefix("\ufeff")))
    assert row["处理"] == "整批"
    assert "mode" in row["原因"]


def test_the_quality_page_stands_alone_and_names_nobody(district, tmp_path):
    workspace, _ = district
    page = tmp_path / "quality.html"
    ask("quality", "--workspace", workspace, "-o", page)
    said = page.read_text(encoding="utf-8")
    assert not re.search(r"(src|href)=\"(?!#)", said)
    assert "交来 300 行 = 采用 298 + 搁置 1 + 重复 1" in said
    for words in ("必填值无法读取", "待放行", "未送达", "骤减", "月保障金额", "格式不对"):
        assert words in said
    assert not FULL_NUMBER.search(said)
    assert "王伟" not in said


def test_the_scorecard_counts_the_month_by_department_with_its_trend(district, tmp_path):
    workspace, _ = district
    told = json.loads(
        ask(
            "scorecard",
            "--workspace",
            workspace,
            "--month",
            "2026-11",
            "--months",
            2,
            "--format",
            "json",
        )
    )
    november = {row["dataset"]: row for row in told if row["month"] == "2026-11"}
    assert len(told) == 2 * len(DICTIONARY)
    vehicles = november[VEHICLES.dataset]
    assert (vehicles["deliveries"], vehicles["held"], vehicles["on_time"]) == (2, 1, 2)
    assert (vehicles["days_covered"], vehicles["days"]) == (8, 20)
    pensions = november[PENSIONS.dataset]
    assert (pensions["refused"], pensions["late"], pensions["days_covered"]) == (1, 1, 0)
    households = november[HOUSEHOLDS.dataset]
    assert households["set_aside_by_reason"] == "required_unreadable:1"
    assert (households["numbers"], households["numbers_unusable"]) == (298, 1)
    page = tmp_path / "card.html"
    ask("scorecard", "--workspace", workspace, "-o", page)
    said = page.read_text(encoding="utf-8")
    assert "2026-11" in said
    assert "▲" in said or "▼" in said
    ask("scorecard", "--workspace", workspace, "--month", "November", fails=2)


def test_two_people_release_a_held_delivery_and_both_are_on_record(district):
    workspace, ids = district
    one = ids[VEHICLES.dataset]
    ask("release", one, "--by", "李明", "--reason", " ", "--workspace", workspace, fails=2)
    first = ask("release", one, "--by", "李明", "--reason", "已电话确认", "--workspace", workspace)
    assert "（1/2）" in first
    with pytest.raises(HeduiError) as twice:
        ask("release", one, "--by", "李 明", "--reason", "再签", "--workspace", workspace)
    assert twice.value.key == "delivery_signed_already"
    why = "核对无误，如 990102198003070015"
    second = ask("release", one, "--by", "王芳", "--reason", why, "--workspace", workspace)
    assert "已放行（2/2）" in second
    with Ledger.open(open_workspace(workspace)) as ledger:
        assert [(given.by_name, given.reason) for given in releases(ledger)] == [
            ("李明", "已电话确认"),
            ("王芳", "核对无误，如 990102********0015"),
        ]
        noted = [
            entry.look
            for entry in looks(ledger)
            if entry.look.action.startswith("release_delivery")
        ]
        assert first_bad_entry(ledger) is None
    assert [(look.action, look.reason) for look in noted] == [
        (f"release_delivery:{one}", "已电话确认"),
        (f"release_delivery:{one}", "核对无误，如 990102********0015"),
    ]
    assert "经 2 人签名放行" in ask("show", one, "--workspace", workspace)
    said = ask("list", "--workspace", workspace)
    assert re.search("公安 +机动车登记 +有效 +2026-11-20 +30", said)
    with pytest.raises(HeduiError) as done:
        ask("release", one, "--by", "赵强", "--reason", "也签", "--workspace", workspace)
    assert done.value.key == "delivery_not_held_released"


def test_a_workspace_that_received_nothing_says_so(tmp_path):
    open_workspace(tmp_path / "empty")
    with pytest.raises(HeduiError) as fault:
        ask("list", "--workspace", tmp_path / "empty")
    assert fault.value.key == "deliveries_none"
