"""Which rule could see what of which source; what nobody could see is never a number of nothing."""

import pytest

from reports.coverage import cell_text, coverage
from rules.rule import load_catalogue

CATALOGUE = load_catalogue()
VEHICLES, SETTLEMENTS = "public_security.vehicles", "medical_insurance.settlements"
RULES = [CATALOGUE["motor_vehicle"], CATALOGUE["medical_hardship_unlisted"]]
STATES = dict.fromkeys(
    sorted({dataset for rule in RULES for dataset in rule.sources}), "in_force"
) | {SETTLEMENTS: "missing"}
ANSWERS = [
    ("motor_vehicle", "found", "", 3),
    ("motor_vehicle", "not_checked", f"row_set_aside:{VEHICLES}#1", 2),
    ("motor_vehicle", "not_checked", "not_authorised:1", 4),
    ("medical_hardship_unlisted", "not_checked", f"source_missing:{SETTLEMENTS}", 1),
]


@pytest.fixture
def seen(monkeypatch):
    monkeypatch.setenv("HEDUI_LANG", "zh")
    return coverage(RULES, STATES, ANSWERS, {"medical_hardship_unlisted"}, "zh")


def test_rules_stand_in_the_order_given_each_with_every_source_that_any_reads(seen):
    assert [line.rule for line in seen.lines] == [rule.id for rule in RULES]
    assert set(seen.datasets) == set(STATES)
    assert all(len(line.cells) == len(seen.datasets) for line in seen.lines)


def test_cases_unseen_are_told_apart_by_what_was_in_the_way(seen):
    vehicles = seen.lines[0]
    cells = dict(zip(seen.datasets, map(cell_text, vehicles.cells), strict=True))
    assert (cells[VEHICLES], cells[SETTLEMENTS]) == ("缺2户", "")
    assert (vehicles.unauthorised, vehicles.unclear, vehicles.not_checked) == (4, 0, 6)


def test_a_rule_on_the_unlisted_misses_the_district_not_one_case(seen):
    bills = seen.lines[1]
    assert cell_text(bills.cells[seen.datasets.index(SETTLEMENTS)]) == "未送达"
    assert (bills.unauthorised, bills.unclear, bills.not_checked) == (0, 0, "全区")
