"""What a rule's conditions say, one by one, is what its SQL answers, of every case."""

import pytest
from differential import catalogue, made_night

from rules.trace import PASS, trace_cases, trace_residents

SEEDS = ((41, 0), (42, 0.03), (43, 0.15))
WORLDS = 120


@pytest.mark.parametrize(("seed", "away"), SEEDS)
def test_a_trace_concludes_what_the_rule_answers(bench, policies, seed, away):
    tables, as_of = made_night(seed, WORLDS, away)
    findings, answers = bench.judge(tables, policies, as_of)
    traces = trace_cases(bench.engine, catalogue(), policies, as_of)
    concluded = {(trace.case_no, trace.rule.id): str(trace.answer) for trace in traces}
    asked = {place: answer for place, answer in answers.items() if place[0]}
    wrong = {place: (concluded.get(place), said) for place, said in asked.items()}
    assert {p: pair for p, pair in wrong.items() if pair[0] != pair[1]} == {}
    assert concluded.keys() == asked.keys()
    unlisted = trace_residents(bench.engine, catalogue(), policies, as_of)
    found = {
        (trace.rule.id, trace.examined[0].household_no, trace.examined[0].person_id)
        for trace in unlisted
        if trace.answer == "found"
    }
    expected = {(rule, k.household_no, k.person_id) for rule, k in findings if not k.case_no}
    assert found == expected


def test_every_condition_of_every_rule_passes_and_fails_somewhere(bench, policies):
    seen = {}
    for seed in (45, 46):
        tables, as_of = made_night(seed, 4 * WORLDS, 0)
        bench.judge(tables, policies, as_of, "visit_overdue")
        for trace in (
            *trace_cases(bench.engine, catalogue(), policies, as_of),
            *trace_residents(bench.engine, catalogue(), policies, as_of),
        ):
            for item in trace.examined:
                for place, state in enumerate(item.states):
                    seen.setdefault((trace.rule.id, place), set()).add(state)
    rules = [(rule.id, place) for rule in catalogue() for place in range(len(rule.conditions))]
    assert [key for key in rules if PASS not in seen.get(key, ())] == []
    assert [key for key in rules if not seen[key] - {PASS}] == []
