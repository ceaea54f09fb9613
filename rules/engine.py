"""Answers and findings: every rule asked over one run's tables, its rows weighed and written."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Final

import pyarrow as pa

from rules.emptiness import row_queries_by_table
from rules.finding_rows import SAID, load_drafts
from rules.findings import (
    Draft,
    Row,
    check_columns,
    draft_findings,
)
from rules.foundation import (
    Foundation,
    Progress,
    bound,
    make_policy_tables,
    shared_queries,
)
from rules.interface import DATASETS
from rules.judging_sql import judging_query
from rules.parameters import Policy, check_divisions
from rules.rule import Catalogue, Rule
from rules.side_by_side import side_by_side
from store.engines.engine import Engine

# What says why nothing can be said, and what a check shows whatever was found.
_ALWAYS: Final = ("active_case", "case_income", "counted_member", "member_income")
_IN_FORCE: Final = "in_force"


@dataclass(frozen=True, slots=True)
class Scope:
    """Of whom alone it is asked: some cases, and the register households of their members."""

    cases: frozenset[str]
    households: frozenset[str] = frozenset()

    def concerns(self, rule: Rule) -> bool:
        """Whether the rule can find anything of them: one about people not listed, by household."""
        return rule.is_on_cases or bool(self.households)

    def holds(self, draft: Draft) -> bool:
        """Whether a finding is about one of them."""
        return draft.household_no in self.households or not self.cases.isdisjoint(draft.case_nos)


def evaluate(
    engine: Engine,
    *,
    catalogue: Catalogue,
    policies: Sequence[Policy],
    as_of: date,
    scope: Scope | None = None,
    progress: Progress | None = None,
) -> None:
    """Ask every rule; write ``judged.finding`` and ``judged.answer`` (docs/reference/tables.md).

    Reads ``clean`` and ``linked``; makes ``policy``, the ``shared`` tables the rules read, and
    ``judging`` (working tables, dropped at the end). With a ``scope``, only what concerns it is
    answered and found (of the district nothing is said), by the same questions: see
    :func:`rules.household.cut_out`. Raises HeduiError where a policy lacks a parameter that a
    rule needs, or a rule gives a column that is no declared fact.
    """
    tables = _begin(engine, catalogue, policies, as_of, progress)
    unavailable = sources_not_in_force(engine)
    _load_rules(engine, catalogue, unavailable)
    _load_asked_cases(engine, scope)
    drafts = _ask_every_rule(tables, catalogue, unavailable, scope, progress)
    load_drafts(engine, drafts)
    is_district = {"is_district": scope is None}
    side_by_side(
        tables,
        [
            lambda one: _make_findings(one, drafts),
            lambda one: one.engine.create_table(
                "judged.answer", judging_query("answer"), is_district
            ),
        ],
    )
    engine.drop_working("judging")


def _make_findings(tables: Foundation, drafts: Sequence[Draft]) -> None:
    if drafts or not tables.engine.has_table("judged.finding"):
        tables.engine.create_table("judged.finding", judging_query("finding"))
    else:  # of the household before
        tables.engine.empty_table("judged.finding")


def lay_foundation(
    engine: Engine,
    catalogue: Catalogue,
    policies: Sequence[Policy],
    as_of: date,
    shared: Collection[str] = (),
    progress: Progress | None = None,
) -> Foundation:
    """Check that the policies serve; make the ``policy`` tables and the ``shared`` ones named.

    Those which are always wanted are made besides; what rules read is made when they are asked.
    """
    tables = _begin(engine, catalogue, policies, as_of, progress)
    tables.make({*_ALWAYS, *shared})
    return tables


def _begin(
    engine: Engine,
    catalogue: Catalogue,
    policies: Sequence[Policy],
    as_of: date,
    progress: Progress | None,
) -> Foundation:
    check_divisions(policies)
    for policy in policies:
        policy.require(catalogue.parameters, as_of)
    make_policy_tables(engine, policies, as_of)
    return Foundation(engine, as_of, progress, row_queries=_asked_at_once(engine, catalogue))


def _asked_at_once(engine: Engine, catalogue: Catalogue) -> Mapping[str, tuple[str, ...]]:
    """Of few rows all is asked at once; a night's tables are not to be read whole."""
    if engine.companion() is None:
        return {}
    return row_queries_by_table((*shared_queries().values(), *(rule.sql for rule in catalogue)))


def plan_judging(engine: Engine) -> None:
    """Ask what is asked when the rules have answered, of an engine that keeps its plans."""
    _make_reasons(engine)
    engine.create_table("judged.finding", judging_query("finding"))
    engine.create_table("judged.answer", judging_query("answer"), {"is_district": False})


def load_reasons(engine: Engine, catalogue: Catalogue, unavailable: Mapping[str, str]) -> None:
    """Make ``judging.rule`` and ``judging.reason``: why rules cannot say clear of cases."""
    _load_rules(engine, catalogue, unavailable)
    _make_reasons(engine)


def _make_reasons(engine: Engine) -> None:
    engine.create_table("judging.reason", judging_query("reason"))


def _load_asked_cases(engine: Engine, scope: Scope | None) -> None:
    if scope is None:
        engine.create_table("judging.asked_case", "select case_no from clean.household")
    else:
        cases = pa.array(sorted(scope.cases), pa.string())
        engine.load_table("judging.asked_case", pa.table({"case_no": cases}))


def sources_not_in_force(engine: Engine) -> dict[str, str]:
    """Reason codes by dataset for those that are missing, stale or held."""
    states = dict(engine.rows("select dataset, state from clean.source_status"))
    return {
        dataset.name: f"source_{states.get(dataset.name, 'missing')}:{dataset.name}"
        for dataset in DATASETS
        if states.get(dataset.name) != _IN_FORCE
    }


def can_find(rule: Rule, unavailable: Collection[str]) -> bool:
    """Whether a rule may find anything while the ``unavailable`` datasets are not in force."""
    has_needed = not any(dataset in unavailable for dataset in rule.needs)
    has_any = not rule.needs_any or any(d not in unavailable for d in rule.needs_any)
    return has_needed and has_any


def _load_rules(engine: Engine, catalogue: Catalogue, unavailable: Mapping[str, str]) -> None:
    rules = list(catalogue)
    reasons = [
        ";".join(unavailable[name] for name in rule.sources if name in unavailable) or None
        for rule in rules
    ]
    codes = pa.list_(pa.string())
    engine.load_table(
        "judging.rule",
        pa.table(
            {
                "rule": pa.array([rule.id for rule in rules], pa.string()),
                "is_on_cases": pa.array([rule.is_on_cases for rule in rules]),
                "about": pa.array([rule.about for rule in rules], pa.string()),
                "needs_authorisation": pa.array([rule.needs_authorisation for rule in rules]),
                "absence_finds": pa.array([rule.absence_finds for rule in rules]),
                "whole_household": pa.array([rule.whole_household for rule in rules]),
                "uses_policy": pa.array([bool(rule.parameters) for rule in rules]),
                "schemes": pa.array([list(rule.schemes) for rule in rules], codes),
                "statuses": pa.array([list(rule.statuses) for rule in rules], codes),
                "source_reason": pa.array(reasons, pa.string()),
            }
        ),
    )
    pairs = [(rule.id, dataset) for rule in rules for dataset in rule.sources]
    engine.load_table(
        "judging.rule_source",
        pa.table(
            {
                "rule": pa.array([pair[0] for pair in pairs], pa.string()),
                "dataset": pa.array([pair[1] for pair in pairs], pa.string()),
            }
        ),
    )


def _ask_every_rule(
    tables: Foundation,
    catalogue: Catalogue,
    unavailable: Collection[str],
    scope: Scope | None,
    progress: Progress | None,
) -> list[Draft]:
    asked = [
        rule
        for rule in catalogue
        if can_find(rule, unavailable) and (scope is None or scope.concerns(rule))
    ]
    tasks: list[Callable[[Foundation], Sequence[Row]]] = [_make_always, _say_reasons]
    tasks += [partial(_ask, rule=rule, progress=progress) for rule in asked]
    answers = side_by_side(tables, tasks)[len(tasks) - len(asked) :]
    standing = _standing(tables.engine)
    blocked = _blocked(tables.engine)
    drafts: list[Draft] = []
    said: list[dict[str, Any]] = []
    for rule, rows in zip(asked, answers, strict=True):
        drafts.extend(
            draft
            for draft in draft_findings(rule, rows)
            if (scope is None or scope.holds(draft))
            and _applies(draft, standing)
            and not _is_blocked(draft, blocked)
        )
        said.extend(
            {**{name: row.get(name) for name in SAID.names}, "rule": rule.id}
            for row in rows
            if row.get("answer") not in (None, "found")
        )
    tables.engine.load_table("judging.said", pa.Table.from_pylist(said, SAID))
    return drafts


def _make_always(tables: Foundation) -> Sequence[Row]:
    tables.make(_ALWAYS)
    return ()


def _say_reasons(tables: Foundation) -> Sequence[Row]:
    tables.make_for(judging_query("reason"))
    _make_reasons(tables.engine)
    return ()


def _ask(tables: Foundation, rule: Rule, progress: Progress | None) -> Sequence[Row]:
    rows: Sequence[Row] = ()
    if not tables.gives_nothing(rule.sql):
        tables.make_for(rule.sql)
        columns, rows = tables.engine.records(rule.sql, bound(rule.sql, tables.as_of))
        check_columns(rule, columns)
    if progress:
        progress(rule.id)
    return rows


def _standing(engine: Engine) -> dict[str, tuple[str, str]]:
    query = "select case_no, scheme, benefit_status from clean.household"
    return {case_no: (scheme, status) for case_no, scheme, status in engine.rows(query)}


def _applies(draft: Draft, standing: Mapping[str, tuple[str, str]]) -> bool:
    """Whether the rule is about (one of) the finding's cases; one about nobody listed always is."""
    cases = [standing[case_no] for case_no in draft.case_nos if case_no in standing]
    rule = draft.rule
    return not draft.case_nos or any(
        scheme in rule.schemes and status in rule.statuses for scheme, status in cases
    )


def _blocked(engine: Engine) -> Mapping[tuple[str, str], frozenset[int | None]]:
    """By rule and case, the members (None: the whole case) of whom nothing can be found."""
    query = "select rule, case_no, seq from judging.reason where is_blocking"
    blocked: dict[tuple[str, str], frozenset[int | None]] = {}
    for rule, case_no, seq in engine.rows(query):
        blocked[rule, case_no] = blocked.get((rule, case_no), frozenset()) | {seq}
    return blocked


def _is_blocked(draft: Draft, blocked: Mapping[tuple[str, str], frozenset[int | None]]) -> bool:
    """Whether what was set aside forbids the finding: of its case, or of its person."""
    seqs = blocked.get((draft.rule.id, draft.case_no or ""), frozenset())
    return bool(seqs) and (draft.rule.per == "case" or None in seqs or draft.seq in seqs)
