"""Every case beside every rule of the catalogue, in one engine in memory."""

import pytest

from rules.casetest import RuleCase, load_cases, prepare, run_case
from rules.parameters import POLICY_FOLDER, load_policy
from rules.rule import load_catalogue
from store.engines.duckdb import DuckDBEngine

CATALOGUE = load_catalogue()
CASES = [case for rule in CATALOGUE for case in load_cases(rule)]


@pytest.fixture(scope="module")
def engine():
    with DuckDBEngine(threads=1) as engine:
        prepare(engine)
        yield engine


@pytest.fixture(scope="module")
def policies():
    return [load_policy(POLICY_FOLDER / "990102.yaml")]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule_id}: {case.name}")
def test_the_case_comes_out_as_expected(engine, policies, case: RuleCase):
    assert run_case(engine, CATALOGUE, policies, case) == []


@pytest.mark.parametrize("rule", list(CATALOGUE), ids=lambda rule: rule.id)
def test_a_rule_shows_a_hit_a_near_miss_and_what_it_does_not_check(rule):
    answers = {e.get("answer") for case in load_cases(rule) for e in case.expect}
    assert answers >= {"found", "clear", "not_checked"}
