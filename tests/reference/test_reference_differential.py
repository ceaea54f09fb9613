"""Thousands of random small worlds, judged by the rules' SQL and by the plain reading, alike.

``HEDUI_WORLDS`` asks for more worlds, ``HEDUI_SEED`` for others.
"""

import os
from collections import Counter

import pytest
from differential import DOCUMENTS, catalogue, differences, made_night, reading_of
from reading import CASES, DISTRICT, read

WORLDS = int(os.environ.get("HEDUI_WORLDS", "3000"))
SEED = int(os.environ.get("HEDUI_SEED", "1"))
AT_ONCE = 250
BATCHES = range(SEED, SEED + max(1, WORLDS // AT_ONCE))
SHOWN = 10


def test_the_reading_knows_every_rule_of_the_catalogue():
    assert CASES.keys() | DISTRICT.keys() == set(catalogue().rules)


@pytest.mark.parametrize("seed", BATCHES)
def test_sql_and_the_plain_reading_find_and_answer_alike(bench, policies, seed):
    tables, as_of = made_night(seed, AT_ONCE)
    ours = bench.judge(tables, policies, as_of)
    theirs = read(reading_of(tables, DOCUMENTS, as_of))
    assert differences(ours, theirs)[:SHOWN] == []


def test_the_worlds_show_every_rule_found_clear_and_not_checked():
    tables, as_of = made_night(seed=5, worlds=2 * AT_ONCE, away=0)
    findings, answers = read(reading_of(tables, DOCUMENTS, as_of))
    found = Counter(rule for rule, _ in findings)
    assert min(found[rule] for rule in (*CASES, *DISTRICT)) > 0
    said = {(rule, answer) for (_, rule), answer in answers.items()}
    assert {(rule, "clear") for rule in CASES} <= said
    unknown = {rule for rule in CASES if (rule, "not_checked") not in said}
    assert unknown == set()
