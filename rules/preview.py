"""What another policy or rule would change: findings that come or go, and the monthly cost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from rules.engine import evaluate
from rules.parameters import DatedValue, Policy
from rules.rule import Catalogue
from store.engines.engine import Engine

_STANDARDS: Final = {"11": "dibao.standard.urban", "12": "dibao.standard.rural"}
_FINDINGS: Final = """
    select
        finding_id, rule, direction, grade, case_no, seq, household_no, person_name, person_id_no,
        applicant_name, township_code, period, at_risk_yuan, evidence
    from judged.finding
    order by rule, case_no, seq, household_no, finding_id
"""
_AIDED: Final = """
    select
        substr(township_code, 1, 6) as division, scheme, count(*) as cases,
        sum(beneficiary_count) as people, sum(monthly_amount_yuan) as monthly_yuan,
        list(struct_pack(people := beneficiary_count, yuan := monthly_amount_yuan)) as each_case
    from clean.household
    where benefit_status = '1' and scheme in ('11', '12')
    group by division, scheme
    order by division, scheme
"""
Finding = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ParameterChange:
    """A parameter whose value differs; None where a policy has none in force."""

    division: str
    name: str
    before: DatedValue | None
    after: DatedValue | None


@dataclass(frozen=True, slots=True)
class CostLine:
    """The yuan a month of one scheme in one division, now and under the new standard.

    Each case in receipt (待遇状态 1) gets 保障人口数 × (new standard − old standard) more, and
    never less than nothing in all; incomes, people and cases are taken as they are.
    """

    division: str
    scheme: str
    cases: int
    people: int
    standard_before: Decimal
    standard_after: Decimal
    monthly_before: Decimal
    monthly_after: Decimal

    @property
    def more(self) -> Decimal:
        """Yuan a month more (or, below 0, less)."""
        return self.monthly_after - self.monthly_before


@dataclass(frozen=True, slots=True)
class Preview:
    """What would change: rows of ``judged.finding`` that come, go, or change their grade."""

    changes: tuple[ParameterChange, ...]
    appearing: tuple[Finding, ...]
    disappearing: tuple[Finding, ...]
    regraded: tuple[Finding, ...]
    before: Mapping[str, int]
    after: Mapping[str, int]
    costs: tuple[CostLine, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison: rules and policies."""

    catalogue: Catalogue
    policies: tuple[Policy, ...]


def preview(engine: Engine, now: Side, then: Side, as_of: date) -> Preview:
    """Judge the same night twice, as it is and as it would be; ``judged`` is made in ``engine``."""
    before = _judge(engine, now, as_of)
    after = _judge(engine, then, as_of)
    return Preview(
        changes=parameter_changes(now.policies, then.policies, as_of),
        appearing=tuple(after[key] for key in after if key not in before),
        disappearing=tuple(before[key] for key in before if key not in after),
        regraded=tuple(
            after[key]
            for key in after
            if key in before and after[key]["grade"] != before[key]["grade"]
        ),
        before=_by_rule(before),
        after=_by_rule(after),
        costs=_costs(engine, now.policies, then.policies, as_of),
    )


def _judge(engine: Engine, side: Side, as_of: date) -> dict[str, Finding]:
    evaluate(engine, catalogue=side.catalogue, policies=side.policies, as_of=as_of)
    _, rows = engine.records(_FINDINGS)
    return {row["finding_id"]: row for row in rows}


def _by_rule(findings: Mapping[str, Finding]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for finding in findings.values():
        counts[finding["rule"]] = counts.get(finding["rule"], 0) + 1
    return counts


def parameter_changes(
    now: Sequence[Policy], then: Sequence[Policy], on: date
) -> tuple[ParameterChange, ...]:
    """The parameters whose values in force on a date differ, by division and name."""
    before = {policy.division: policy for policy in now}
    return tuple(
        ParameterChange(policy.division, name, old, new)
        for policy in then
        for name in sorted({*policy.parameters, *before[policy.division].parameters})
        if _value(old := _at(before[policy.division], name, on))
        != _value(new := _at(policy, name, on))
    )


def _at(policy: Policy, name: str, on: date) -> DatedValue | None:
    begun = [value for value in policy.parameters.get(name, ()) if value.valid_from <= on]
    return begun[-1] if begun else None


def _value(value: DatedValue | None) -> object:
    return value and value.value


def _costs(
    engine: Engine, now: Sequence[Policy], then: Sequence[Policy], on: date
) -> tuple[CostLine, ...]:
    before = {policy.division: policy for policy in now}
    after = {policy.division: policy for policy in then}
    lines = []
    for division, scheme, cases, people, monthly, each_case in engine.rows(_AIDED):
        if division not in after:
            continue
        old, new = (_standard(side[division], scheme, on) for side in (before, after))
        raised = new - old
        amounts = (max(one["yuan"] + one["people"] * raised, Decimal(0)) for one in each_case)
        total = sum(amounts, Decimal(0)) if raised else monthly
        lines.append(CostLine(division, scheme, cases, people, old, new, monthly, total))
    return tuple(lines)


def _standard(policy: Policy, scheme: str, on: date) -> Decimal:
    value = policy.at(_STANDARDS[scheme], on).value
    return value if isinstance(value, Decimal) else Decimal(0)
