"""Incomes by SQL against a plain reading of the agreement in Decimal, over random families."""

from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rules.casetest import load_world, prepare
from rules.caseworld import build_world
from rules.engine import evaluate
from rules.parameters import POLICY_FOLDER, load_policy
from rules.rule import load_catalogue
from store.engines.duckdb import DuckDBEngine

AS_OF = date(2026, 11, 20)
MONTHS = ("2026-08", "2026-09", "2026-10")
FEN = Decimal("0.01")
CATALOGUE = load_catalogue().only("income_over_line")
POLICY = load_policy(POLICY_FOLDER / "990102.yaml")

amounts = st.integers(0, 400_000).map(lambda fen: Decimal(fen) / 100)
wages = st.lists(
    st.tuples(
        st.sampled_from(MONTHS),
        st.sampled_from(["E1", "E2"]),
        st.one_of(st.none(), st.integers(1, 400_000).map(lambda fen: Decimal(fen) / 100)),
        st.booleans(),
    ),
    max_size=6,
    unique_by=lambda row: row[:2],
)
members = st.fixed_dictionaries(
    {
        "declared": st.one_of(st.none(), amounts),
        "wages": wages,
        "pension": st.one_of(st.none(), st.tuples(st.sampled_from(["110", "170"]), amounts)),
    }
)


@pytest.fixture(scope="module")
def engine():
    with DuckDBEngine(threads=1) as engine:
        prepare(engine)
        yield engine


def world(family):
    given_rows = {"household": [{"case_no": "DB01"}], "member": [], "contribution": []}
    given_rows["contribution"].append({"person": "X1", "month": "2026-10", "wage_yuan": 1})
    given_rows["pension"] = []
    for place, one in enumerate(family):
        person = f"P{place}"
        given_rows["member"].append(
            {"case_no": "DB01", "person": person, "declared_income_yuan": one["declared"]}
        )
        for month, employer, wage, is_paid in one["wages"]:
            given_rows["contribution"].append(
                {
                    "person": person,
                    "month": month,
                    "employer_no": employer,
                    "wage_yuan": wage,
                    "is_paid": is_paid,
                }
            )
        if one["pension"]:
            kind, yuan = one["pension"]
            given_rows["pension"].append(
                {
                    "person": person,
                    "insurance": kind,
                    "start_month": "2020-01",
                    "pension_yuan": yuan,
                }
            )
    return build_world(given_rows, {}, AS_OF)


def wage_of(rows):
    """Zero without rows, None where unknown, else the mean of three months less a fifth."""
    if not rows:
        return Decimal(0)
    total = Decimal(0)
    for month in MONTHS:
        paid = [wage for m, _, wage, is_paid in rows if m == month and is_paid]
        if not paid or None in paid:
            return None
        total += sum(paid)
    return (total * (1 - Decimal("0.20")) / 3).quantize(FEN, ROUND_HALF_UP)


def counted(one):
    kind, yuan = one["pension"] or ("110", Decimal(0))
    pension = max(yuan - 170, Decimal(0)) if kind == "170" else yuan
    return max(one["declared"] or Decimal(0), (wage_of(one["wages"]) or Decimal(0)) + pension)


def judge(engine, family, policy=POLICY):
    load_world(engine, world(family))
    evaluate(engine, catalogue=CATALOGUE, policies=[policy], as_of=AS_OF)
    return engine.rows("select answer from judged.answer")[0][0]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(family=st.lists(members, min_size=1, max_size=3))
def test_the_sql_answers_as_the_agreement_reads(engine, family):
    total = sum(counted(one) for one in family)
    is_over = total / len(family) > Decimal(1010) * (1 + Decimal("0.05"))
    is_open = any(wage_of(one["wages"]) is None for one in family)
    expected = "found" if is_over else "not_checked" if is_open else "clear"
    assert judge(engine, family) == expected
    income = engine.rows("select total_yuan from shared.case_income")[0][0]
    assert income == total


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(family=st.lists(members, min_size=1, max_size=2), more=st.integers(1, 900))
def test_raising_the_standard_never_adds_a_finding(engine, family, more):
    name = "dibao.standard.urban"
    raised = [replace(v, value=v.value + more) for v in POLICY.parameters[name]]
    generous = replace(POLICY, parameters={**POLICY.parameters, name: tuple(raised)})
    if judge(engine, family) != "found":
        assert judge(engine, family, generous) != "found"
