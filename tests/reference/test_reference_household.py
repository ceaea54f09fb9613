"""A household judged alone, in the engine kept for it, is answered as in the whole night."""

import pytest
from differential import Bench, catalogue, made_night

from rules.engine import Scope, evaluate
from rules.household import CASE, Household, cut_out, keep_ways_back
from rules.readiness import plan_rules
from store.engines.duckdb import DuckDBEngine
from store.engines.small import SmallEngine

FINDINGS = """
    select rule, case_no, seq, household_no, person_key, grade, at_risk_yuan, period, evidence,
        evidence_hash, finding_id
    from judged.finding order by all
"""
ANSWERS = "select case_no, rule, answer, reason from judged.answer order by all"


def concerns(finding, scope):
    cases = set((finding[1] or "").split(";"))
    return bool(cases & scope.cases) or finding[3] in scope.households


@pytest.mark.parametrize(("seed", "away"), [(31, 0), (32, 0.1)])
def test_a_household_alone_is_answered_as_in_the_night(policies, seed, away):
    tables, as_of = made_night(seed, 60, away)
    with DuckDBEngine(threads=1) as night, SmallEngine() as small:
        bench = Bench.of(night)
        bench.judge(tables, policies, as_of)
        keep_ways_back(night, as_of)
        findings, answers = night.rows(FINDINGS), night.rows(ANSWERS)
        cut_out(night, small, [])
        plan_rules(small, catalogue(), policies, as_of)
        for case_no in sorted({row[0] for row in answers if row[0]})[:12]:
            scope = cut_out(night, small, [Household(case_no, CASE)])
            evaluate(small, catalogue=catalogue(), policies=policies, as_of=as_of, scope=scope)
            assert small.rows(ANSWERS) == [row for row in answers if row[0] == case_no]
            assert small.rows(FINDINGS) == [f for f in findings if concerns(f, scope)]
            alone = Scope(frozenset({case_no}))
            evaluate(small, catalogue=catalogue(), policies=policies, as_of=as_of, scope=alone)
            assert small.rows(ANSWERS) == [row for row in answers if row[0] == case_no]
            assert small.rows(FINDINGS) == [f for f in findings if concerns(f, alone)]


def test_several_cases_are_judged_together(policies):
    tables, as_of = made_night(33, 60, 0)
    with DuckDBEngine(threads=1) as night, SmallEngine() as small:
        bench = Bench.of(night)
        bench.judge(tables, policies, as_of)
        keep_ways_back(night, as_of)
        answers = night.rows(ANSWERS)
        cases = sorted({row[0] for row in answers if row[0]})[10:40]
        scope = cut_out(night, small, [Household(case_no, CASE) for case_no in cases])
        evaluate(small, catalogue=catalogue(), policies=policies, as_of=as_of, scope=scope)
        assert small.rows(ANSWERS) == [row for row in answers if row[0] in scope.cases]
