"""Two districts in one run, each by its own policy; and a past date by the values of its time."""

from datetime import date

import pytest
import yaml

from rules.casetest import load_world, prepare
from rules.caseworld import build_world
from rules.engine import evaluate
from rules.foundation import make_policy_tables, stored_policies
from rules.parameters import POLICY_FOLDER, as_at, load_policy
from rules.rule import load_catalogue
from store.engines.duckdb import DuckDBEngine

CATALOGUE = load_catalogue()
POLICY = load_policy(POLICY_FOLDER / "990102.yaml")
AS_OF = date(2026, 11, 20)
ANSWERS = "select case_no, answer from judged.answer where rule = $rule order by case_no"


@pytest.fixture
def engine():
    with DuckDBEngine(threads=1) as engine:
        prepare(engine)
        yield engine


@pytest.fixture
def other_policy(tmp_path):
    """A second district: its standard is higher, and motorcycles are no obstacle there."""
    document = yaml.safe_load((POLICY_FOLDER / "990102.yaml").read_text(encoding="utf-8"))
    document |= {"division": "990103", "title": "示范二区"}
    for name, value in (("dibao.standard.urban", 1500), ("vehicle.exempt_plate_kinds", ["02"])):
        document["parameters"][name] = [{"from": date(2024, 1, 1), "value": value, "source": "试"}]
    path = tmp_path / "990103.yaml"
    path.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
    return load_policy(path)


def answers(engine, given, policies, as_of, rule):
    load_world(engine, build_world(given, {}, as_of))
    evaluate(engine, catalogue=CATALOGUE, policies=policies, as_of=as_of)
    return dict(engine.rows(ANSWERS, {"rule": rule}))


def test_two_districts_are_judged_in_one_run_each_by_its_own_policy(engine, other_policy):
    given = {
        "household": [
            {"case_no": "DB01", "township_code": "990102001"},
            {"case_no": "DB02", "township_code": "990103001"},
        ],
        "member": [
            {"case_no": "DB01", "person": "P1", "declared_income_yuan": 1200},
            {"case_no": "DB02", "person": "P2", "declared_income_yuan": 1200},
        ],
        "vehicle": [{"person": "P1"}, {"person": "P2"}],
    }
    policies = [POLICY, other_policy]
    both = {"DB01": "found", "DB02": "clear"}
    assert answers(engine, given, policies, AS_OF, "income_over_line") == both
    assert answers(engine, given, policies, AS_OF, "motor_vehicle") == both
    swapped = [other_policy, POLICY]
    assert answers(engine, given, swapped, AS_OF, "motor_vehicle") == both
    alone = answers(engine, given, [POLICY], AS_OF, "motor_vehicle")
    assert alone == {"DB01": "found", "DB02": "not_checked"}


@pytest.mark.parametrize(
    ("as_of", "answer"),
    [(date(2025, 6, 30), "found"), (date(2025, 7, 1), "clear"), (date(2026, 11, 20), "clear")],
)
def test_a_past_date_is_judged_by_the_values_of_that_date(engine, as_of, answer):
    given = {
        "household": [{"case_no": "DB01"}],
        "member": [{"case_no": "DB01", "person": "P1", "declared_income_yuan": 1000}],
    }
    assert answers(engine, given, [POLICY], as_of, "income_over_line") == {"DB01": answer}


def test_a_night_keeps_its_policies_to_the_last_value(engine, other_policy):
    make_policy_tables(engine, [POLICY, other_policy], AS_OF)
    kept = {policy.division: policy for policy in stored_policies(engine)}
    for policy in (POLICY, other_policy):
        assert kept[policy.division].title == policy.title
        assert kept[policy.division].parameters.keys() == policy.parameters.keys()
        for name in policy.parameters:
            assert kept[policy.division].at(name, AS_OF) == policy.at(name, AS_OF)
            assert len(kept[policy.division].parameters[name]) == len(policy.parameters[name])


def test_a_policy_as_at_a_date_has_that_date_s_values_for_ever():
    early = as_at(POLICY, date(2024, 12, 31))
    assert early.at("dibao.standard.urban", AS_OF).value == 940
    assert early.at("income.basic_pension_exempt", date(2020, 1, 1)).value == 150
