"""How a rule's answers are shown: by cases, or of the whole district."""

from dataclasses import replace
from decimal import Decimal

import pytest

from reports.run_report import RuleLine

BY_CASE = RuleLine(
    "motor_vehicle", "名下有机动车", "", "over", flags=1, verifies=0, new=1,
    at_risk_yuan=Decimal(0), found=1, clear=7, not_checked=2, reasons=(("车辆未送达", 2),),
)  # fmt: skip
OF_DISTRICT = replace(
    BY_CASE, rule="monitored_unlisted", found=0, clear=0, not_checked=1, is_by_case=False
)


@pytest.fixture(autouse=True)
def _chinese(monkeypatch):
    monkeypatch.setenv("HEDUI_LANG", "zh")


def test_cases_are_counted_where_a_rule_asks_of_cases():
    assert (BY_CASE.of_cases(BY_CASE.clear), BY_CASE.unseen) == (7, 2)
    assert BY_CASE.why_unseen == ("车辆未送达（2）",)


def test_a_rule_on_the_unlisted_speaks_of_the_district_and_never_of_one_case():
    assert (OF_DISTRICT.of_cases(OF_DISTRICT.clear), OF_DISTRICT.unseen) == (None, "全区")
    assert OF_DISTRICT.why_unseen == ("车辆未送达",)
    assert replace(OF_DISTRICT, not_checked=0, found=1).unseen == 0
