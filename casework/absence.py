"""Why an open finding was not seen tonight: checked and not there, or not checked."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from casework.lifecycle import Absence
from domain.answers import Answer
from store.engines.engine import Engine

CASE_REGISTERS: Final = ("civil_affairs.households", "civil_affairs.members")
ACTIVE: Final = frozenset({"1", "3"})  # codes.benefit_status: 在享, 渐退

# Reasons of an absence, beside those that judged.answer gives.
CLEAR: Final = "clear"
CASE_ENDED: Final = "case_ended"
PERIOD_PASSED: Final = "period_passed"
RULE_NOT_ASKED: Final = "rule_not_asked"
NO_ANSWER: Final = "no_answer"

_MEMBER: Final = re.compile(r"[:#](\d{1,3})$")  # `not_authorised:2`, `row_set_aside:x.y#1`
_SOURCE: Final = re.compile(r"^source_")


@dataclass(frozen=True, slots=True)
class OpenFinding:
    """Whom an open finding is about, as far as its absence depends on it."""

    finding_no: int
    rule: str
    case_no: str | None
    seq: int | None
    household_no: str | None
    person_key: str | None
    period: str

    @property
    def case_nos(self) -> tuple[str, ...]:
        """Its cases: several where one person is in several, none for people not listed."""
        return tuple(self.case_no.split(";")) if self.case_no else ()


@dataclass(frozen=True, slots=True)
class Night:
    """What tonight's run says that bears on findings it did not see.

    ``answers`` by rule and case (None: the district); ``source_reasons`` the sources a rule wanted
    and did not have; ``benefit_status`` of the cases asked about, absent where the register has
    them no longer; ``set_aside_cases`` household rows nobody could read (``has_nameless``: one
    whose case cannot be told); ``unchecked`` datasets by person key or register household.
    """

    answers: Mapping[tuple[str, str | None], tuple[Answer, tuple[str, ...]]]
    rules: Collection[str] = frozenset()
    source_reasons: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    register_reasons: tuple[str, ...] = ()
    benefit_status: Mapping[str, str] = field(default_factory=dict)
    set_aside_cases: Collection[str] = frozenset()
    has_nameless: bool = False
    unchecked: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def explain_absences(engine: Engine, findings: Sequence[OpenFinding]) -> dict[int, Absence]:
    """Why each of ``findings`` (not seen by this run) was not seen, by ``finding_no``."""
    if not findings:
        return {}
    night = read_night(engine, findings)
    return {finding.finding_no: explain(finding, night) for finding in findings}


def explain(finding: OpenFinding, night: Night) -> Absence:
    """One finding's absence. Clear only where the rule's answer tonight allows no other reading."""
    if night.rules and finding.rule not in night.rules:
        return Absence(False, RULE_NOT_ASKED)
    if not finding.case_nos:
        return _explain_unlisted(finding, night)
    parts = [_explain_case(finding, case_no, night) for case_no in finding.case_nos]
    unsure = [part.reason for part in parts if not part.is_clear]
    if unsure:
        return Absence(False, _joined(unsure))
    reasons = [part.reason for part in parts]
    return Absence(True, CLEAR if CLEAR in reasons else reasons[0])


def _explain_case(finding: OpenFinding, case_no: str, night: Night) -> Absence:
    answered = night.answers.get((finding.rule, case_no))
    if answered is None:
        return _explain_unanswered(finding, case_no, night)
    answer, reasons = answered
    if answer is Answer.NOT_CHECKED:
        return Absence(False, _joined(reasons) or NO_ANSWER)
    if answer is Answer.CLEAR:
        return Absence(True, CLEAR)
    # Found, but not this: of another member or month. Is anything unknown of this one?
    mine = [reason for reason in reasons if _concerns(reason, finding.seq)]
    if mine:
        return Absence(False, _joined(mine))
    return Absence(True, PERIOD_PASSED if finding.period else CLEAR)


def _explain_unanswered(finding: OpenFinding, case_no: str, night: Night) -> Absence:
    """No answer for the case: it has ended, if the registers that would say so were read whole."""
    missing = night.register_reasons + night.source_reasons.get(finding.rule, ())
    if missing:
        return Absence(False, _joined(missing))
    status = night.benefit_status.get(case_no)
    if status in ACTIVE:
        return Absence(False, NO_ANSWER)
    lost = case_no in night.set_aside_cases or (status is None and night.has_nameless)
    if lost:
        return Absence(False, f"row_set_aside:{CASE_REGISTERS[0]}")
    return Absence(True, CASE_ENDED)


def _explain_unlisted(finding: OpenFinding, night: Night) -> Absence:
    answered = night.answers.get((finding.rule, None))
    if answered is None:
        return Absence(False, NO_ANSWER)
    answer, reasons = answered
    if answer is Answer.NOT_CHECKED or reasons:
        return Absence(False, _joined(reasons) or NO_ANSWER)
    set_aside = [
        f"row_set_aside:{dataset}"
        for key in (finding.person_key, finding.household_no)
        if key is not None
        for dataset in night.unchecked.get(key, ())
    ]
    if set_aside:
        return Absence(False, _joined(set_aside))
    return Absence(True, CLEAR)


def _concerns(reason: str, seq: int | None) -> bool:
    """Whether a reason of the case's answer may be about this member: it names no other."""
    named = _MEMBER.search(reason)
    return named is None or seq is None or int(named.group(1)) == seq


def _joined(reasons: Iterable[str]) -> str:
    return ";".join(sorted(set(reasons)))


def read_night(engine: Engine, findings: Sequence[OpenFinding]) -> Night:
    """What this run's tables say that bears on ``findings``."""
    cases = sorted({case_no for finding in findings for case_no in finding.case_nos})
    set_aside = _set_aside_cases(engine)
    return Night(
        answers=_answers(engine, findings, cases),
        rules=frozenset(rule for (rule,) in engine.rows("select distinct rule from judged.answer")),
        source_reasons=_source_reasons(engine),
        register_reasons=_register_reasons(engine),
        benefit_status=_benefit_status(engine, cases),
        set_aside_cases=frozenset(case_no for case_no in set_aside if case_no),
        has_nameless=None in set_aside,
        unchecked=_unchecked(engine, findings),
    )


def _answers(
    engine: Engine, findings: Sequence[OpenFinding], cases: Sequence[str]
) -> dict[tuple[str, str | None], tuple[Answer, tuple[str, ...]]]:
    rows = engine.rows(
        """
        select rule, case_no, answer, coalesce(reason, '') as reason
        from judged.answer
        where rule in (select unnest($rules))
            and (case_no is null or case_no in (select unnest($cases)))
        order by rule, case_no
        """,
        {"rules": sorted({finding.rule for finding in findings}), "cases": list(cases) or [""]},
    )
    return {
        (rule, case_no): (Answer(answer), tuple(part for part in reason.split(";") if part))
        for rule, case_no, answer, reason in rows
    }


def _source_reasons(engine: Engine) -> dict[str, tuple[str, ...]]:
    rows = engine.rows(
        "select distinct rule, reason from judged.answer where reason like '%source%'"
        " order by rule, reason"
    )
    found: dict[str, set[str]] = {}
    for rule, reason in rows:
        parts = {part for part in reason.split(";") if _SOURCE.match(part)}
        found.setdefault(rule, set()).update(parts)
    return {rule: tuple(sorted(parts)) for rule, parts in found.items() if parts}


def _register_reasons(engine: Engine) -> tuple[str, ...]:
    states = dict(engine.rows("select dataset, state from clean.source_status order by dataset"))
    return tuple(
        f"source_{states.get(dataset, 'missing')}:{dataset}"
        for dataset in CASE_REGISTERS
        if states.get(dataset, "missing") != "in_force"
    )


def _benefit_status(engine: Engine, cases: Sequence[str]) -> dict[str, str]:
    return dict(
        engine.rows(
            "select case_no, benefit_status from clean.household"
            " where case_no in (select unnest($cases)) order by case_no",
            {"cases": list(cases) or [""]},
        )
    )


def _set_aside_cases(engine: Engine) -> set[str | None]:
    rows = engine.rows(
        "select distinct case_no from clean.set_aside where dataset = $dataset order by case_no",
        {"dataset": CASE_REGISTERS[0]},
    )
    return {case_no for (case_no,) in rows}


def _unchecked(engine: Engine, findings: Sequence[OpenFinding]) -> dict[str, tuple[str, ...]]:
    """Datasets in which a person, or somebody of a register household, has a row set aside."""
    unlisted = [finding for finding in findings if not finding.case_nos]
    keys = {finding.person_key for finding in unlisted} | {f.household_no for f in unlisted}
    wanted = sorted(key for key in keys if key is not None)
    if not wanted:
        return {}
    rows = engine.rows(
        """
        with concerned as (
            select person_id, person_key as known_as from linked.person
            where person_key in (select unnest($wanted))
            union all
            select person_id, household_no as known_as from linked.person
            where household_no in (select unnest($wanted))
        )
        select distinct concerned.known_as, unchecked.dataset
        from linked.unchecked as unchecked
        join concerned on concerned.person_id = unchecked.person_id
        order by concerned.known_as, unchecked.dataset
        """,
        {"wanted": wanted},
    )
    found: dict[str, tuple[str, ...]] = {}
    for known_as, dataset in rows:
        found[known_as] = (*found.get(known_as, ()), dataset)
    return found
