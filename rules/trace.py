"""Why a rule answers as it does: each of its conditions, for each thing it examined in a case."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from domain.answers import Answer
from rules.engine import can_find, lay_foundation, load_reasons, sources_not_in_force
from rules.findings import plain
from rules.foundation import bound
from rules.parameters import Policy
from rules.rule import EXAMINED_KEYS, Catalogue, Rule
from store.engines.engine import Engine

PASS: Final = "pass"  # noqa: S105 - a state, not a secret
FAIL: Final = "fail"
UNKNOWN: Final = "unknown"
_STATES: Final[Mapping[bool | None, str]] = {True: PASS, False: FAIL, None: UNKNOWN}
Place = str | None
Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Examined:
    """One thing a rule examined: a member, a vehicle, a case; and how each condition came out.

    ``facts`` are those of its columns that the rule declares, as evidence holds them (not masked).
    ``record_id``: the record that names somebody else in them, where one does.
    """

    case_no: Place
    seq: int | None
    household_no: Place
    person_id: int | None
    facts: Facts
    states: tuple[str, ...]
    record_id: int | None = None

    @property
    def outcome(self) -> str:
        """Pass where every condition passes; fail where one fails; else unknown."""
        if FAIL in self.states:
            return FAIL
        return UNKNOWN if UNKNOWN in self.states else PASS


@dataclass(frozen=True, slots=True)
class Trace:
    """What a rule says of one case (of a household, of people not listed), step by step.

    ``sources`` has each source's state (``in_force`` or why not, as a code); ``applies`` whether
    scheme and status are the rule's; ``gaps`` what was not authorised or was set aside, as codes.
    """

    rule: Rule
    case_no: Place
    sources: Mapping[str, str]
    applies: bool
    gaps: tuple[str, ...]
    examined: tuple[Examined, ...]
    answer: Answer


@dataclass(frozen=True, slots=True)
class _Standing:
    """What the night knows beside the rules: the cases, the sources, and the gaps by case."""

    cases: Mapping[str, tuple[str, str]]
    unavailable: Mapping[str, str]
    gaps: Mapping[tuple[str, str], list[tuple[int | None, str, bool]]]


def trace_cases(
    engine: Engine,
    catalogue: Catalogue,
    policies: Sequence[Policy],
    as_of: date,
    cases: Collection[str] | None = None,
) -> list[Trace]:
    """The trace of each rule on cases for each case it answers for (``cases``: for those alone).

    Reads ``clean`` and ``linked``; nothing of ``judged``, so that it can be held against it.
    """
    asked = Catalogue({rule.id: rule for rule in catalogue if rule.is_on_cases})
    standing = _stand(engine, asked, policies, as_of)
    traces: list[Trace] = []
    for rule in asked:
        by_case: dict[Place, list[Examined]] = {}
        for item in examine(engine, rule, as_of):
            by_case.setdefault(item.case_no, []).append(item)
        traces.extend(
            _case_trace(rule, case_no, by_case.get(case_no, []), standing)
            for case_no, (_, status) in standing.cases.items()
            if (status in ("1", "3") or status in rule.statuses)
            and (cases is None or case_no in cases)
        )
    return traces


def trace_residents(
    engine: Engine, catalogue: Catalogue, policies: Sequence[Policy], as_of: date
) -> list[Trace]:
    """The trace of each rule about people not listed: one for each household or person examined."""
    asked = Catalogue({rule.id: rule for rule in catalogue if not rule.is_on_cases})
    standing = _stand(engine, asked, policies, as_of)
    return [
        _resident_trace(rule, item, standing)
        for rule in asked
        for item in examine(engine, rule, as_of)
    ]


def examine(engine: Engine, rule: Rule, as_of: date) -> list[Examined]:
    """What a rule examines over the whole night, each with the state of each condition."""
    _, rows = engine.records(rule.examined_query, bound(rule.examined_query, as_of))
    return sorted((_examined(rule, row) for row in rows), key=_order)


def _examined(rule: Rule, row: Facts) -> Examined:
    places = range(len(rule.conditions))
    case_no, seq, household_no, person_id = (row.get(name) for name in EXAMINED_KEYS)
    return Examined(
        case_no=case_no,
        seq=seq,
        household_no=household_no,
        person_id=person_id,
        facts={
            name: plain(value, rule.facts[name])
            for name, value in row.items()
            if name in rule.facts and value is not None
        },
        states=tuple(_STATES[row[f"holds_{place}"]] for place in places),
        record_id=row.get("record_id"),
    )


def _order(item: Examined) -> tuple[str, ...]:
    keys = (item.case_no, item.seq, item.household_no, item.person_id)
    return (*(f"{key or 0:>20}" for key in keys), str(item.facts))


def _stand(
    engine: Engine, catalogue: Catalogue, policies: Sequence[Policy], as_of: date
) -> _Standing:
    shared = frozenset[str]().union(*(rule.examined_tables for rule in catalogue))
    lay_foundation(engine, catalogue, policies, as_of, shared)
    unavailable = sources_not_in_force(engine)
    load_reasons(engine, catalogue, unavailable)
    gaps: dict[tuple[str, str], list[tuple[int | None, str, bool]]] = {}
    query = "select rule, case_no, seq, reason, is_blocking from judging.reason order by all"
    for rule, case_no, seq, reason, is_blocking in engine.rows(query):
        gaps.setdefault((rule, case_no), []).append((seq, reason, is_blocking))
    query = "select case_no, scheme, benefit_status from clean.household order by case_no"
    cases = {case_no: (scheme, status) for case_no, scheme, status in engine.rows(query)}
    engine.drop_working("judging")
    return _Standing(cases, unavailable, gaps)


def _case_trace(rule: Rule, case_no: str, items: Sequence[Examined], standing: _Standing) -> Trace:
    scheme, status = standing.cases[case_no]
    gaps = standing.gaps.get((rule.id, case_no), [])
    is_concerned = scheme in rule.schemes and status in rule.statuses
    is_excepted = any(_is_excepted(rule, item) for item in items)
    blocked = {seq for seq, _, is_blocking in gaps if is_blocking}
    found = is_concerned and any(
        item.outcome == PASS and not _is_blocked(rule, item, blocked) for item in items
    )
    is_unknown = bool(gaps) or any(item.outcome == UNKNOWN for item in items)
    return Trace(
        rule=rule,
        case_no=case_no,
        sources=_sources(rule, standing.unavailable),
        applies=is_concerned and not is_excepted,
        gaps=tuple(reason for _, reason, _ in gaps),
        examined=tuple(items),
        answer=_conclude(
            rule,
            standing.unavailable,
            is_found=found,
            applies=is_concerned and not is_excepted,
            is_unknown=is_unknown,
        ),
    )


def _resident_trace(rule: Rule, item: Examined, standing: _Standing) -> Trace:
    """Of people not listed what nobody can tell is left alone: nothing is found."""
    return Trace(
        rule=rule,
        case_no=None,
        sources=_sources(rule, standing.unavailable),
        applies=True,
        gaps=(),
        examined=(item,),
        answer=_conclude(
            rule,
            standing.unavailable,
            is_found=item.outcome == PASS,
            applies=True,
            is_unknown=item.outcome == UNKNOWN,
        ),
    )


def _conclude(
    rule: Rule, unavailable: Mapping[str, str], *, is_found: bool, applies: bool, is_unknown: bool
) -> Answer:
    """The answer, as ``judging/answer.sql`` weighs it."""
    if is_found and can_find(rule, unavailable):
        return Answer.FOUND
    if any(name in unavailable for name in rule.sources):
        return Answer.NOT_CHECKED
    return Answer.NOT_CHECKED if applies and is_unknown else Answer.CLEAR


def _is_excepted(rule: Rule, item: Examined) -> bool:
    states = zip(rule.conditions, item.states, strict=True)
    return any(condition.decides_application and state == FAIL for condition, state in states)


def _is_blocked(rule: Rule, item: Examined, blocked: Collection[int | None]) -> bool:
    """Whether what was set aside forbids the finding: of the case, or of its person."""
    return bool(blocked) and (rule.per == "case" or None in blocked or item.seq in blocked)


def _sources(rule: Rule, unavailable: Mapping[str, str]) -> dict[str, str]:
    return {name: unavailable.get(name, "in_force") for name in rule.sources}
