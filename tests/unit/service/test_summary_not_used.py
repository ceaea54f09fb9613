"""The end of a night says which deliveries it did not use, and what to do about them."""

from datetime import date
from pathlib import Path

import pytest

from pipelines.run import RunOutcome
from reports.run_report import DeliveryLine, RunReport
from service.terminal import print_summary


def outcome(*lines: DeliveryLine) -> RunOutcome:
    day = date(2026, 11, 21)
    report = RunReport(day, "r", "示范区", 0, 0, (), (), lines, {})
    return RunOutcome(day, "r", report, Path("a"), Path("b"), {})


def line(day: int) -> DeliveryLine:
    return DeliveryLine(
        "civil_affairs.members", "救助家庭成员", date(2026, 11, day), "待放行", "骤减[见清单]。"
    )


@pytest.fixture(autouse=True)
def narrow(monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")


def test_a_delivery_that_was_not_used_is_named_with_its_reason(capsys):
    print_summary(outcome(line(21)))
    said = capsys.readouterr().out
    assert "未采用的交付（1 次）" in said
    assert "救助家庭成员 2026-11-21 待放行：骤减[见清单]。" in said
    assert "hedui deliveries list" in said


def test_of_many_the_newest_are_named(capsys):
    print_summary(outcome(*(line(day) for day in range(1, 21))))
    said = capsys.readouterr().out
    assert "2026-11-20" in said
    assert "2026-11-13" in said
    assert "2026-11-12" not in said
    assert "另有 12 项" in said


def test_where_all_were_used_nothing_is_said(capsys):
    print_summary(outcome())
    assert "未采用" not in capsys.readouterr().out
