"""From a published run to its report: what is found, worded, masked and counted."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final

from casework.findings import FindingView
from casework.watched import is_of_watched
from domain.wording import joined, language, noted, text
from matchers.explain import explain
from reports.coverage import coverage
from reports.names import agency_name, dataset_title
from reports.run_report import (
    DIRECTIONS,
    DeliveryLine,
    FindingLine,
    NotCompared,
    RuleLine,
    RunReport,
    SourceLine,
    UnfetchedLine,
)
from reports.tables import Showing
from rules.rule import Catalogue, Rule
from rules.sentences import (
    basis_on,
    clears,
    evidence_lines,
    next_entitlement,
    reason_lines,
)
from sources.connectors.failure import Unfetched
from sources.verdict import Reason
from store.engines.engine import Engine

EVIDENCE_SHOWN: Final = 8
_ANSWERS: Final = """
    select rule, answer, coalesce(reason, '') as reason, count(*) as cases
    from judged.answer
    group by all
    order by rule, answer, reason
"""
_OF_DISTRICT: Final = "select distinct rule from judged.answer where case_no is null"
_SOURCES: Final = """
    select dataset, agency, agency_zh, title, state, data_date, coalesce(reason, '') as reason,
        rows_delivered, rows_accepted, rows_set_aside, rows_repeated
    from clean.source_status
    order by dataset
"""
_STATES: Final = "select dataset, state from clean.source_status order by dataset"
_NOT_USED: Final = """
    select delivery.dataset, status.title, delivery.business_date, delivery.state, delivery.reasons
    from clean.delivery as delivery
    join clean.source_status as status using (dataset)
    where delivery.state not in ('accepted', 'released')
    order by delivery.dataset, delivery.business_date
"""
_NOT_COMPARED: Final = """
    select block.dataset, status.title, block.block, block.records, block.largest_block
    from linked.cut_block as block
    join clean.source_status as status using (dataset)
    order by block.dataset, block.block
"""
_CHECKED: Final = """
    select
        (select count(*) from clean.household where benefit_status in ('1', '3')) as cases,
        (
            select count(*)
            from clean.member as member
            join clean.household as household using (case_no)
            where household.benefit_status in ('1', '3') and member.member_kind = '1'
        ) as people
"""


@dataclass(frozen=True, slots=True)
class RunFacts:
    """Which run a report is about. ``district`` is the policies' titles joined.

    ``unfetched`` are the datasets that its routes could not give.
    """

    as_of: date
    run_id: str
    district: str
    unfetched: tuple[Unfetched, ...] = ()


def build_report(
    facts: RunFacts,
    engine: Engine,
    findings: Sequence[FindingView],
    catalogue: Catalogue,
    watched: Collection[str] = frozenset(),
) -> RunReport:
    """The report of one run; reads ``clean`` and ``judged`` of its snapshot, masks all names.

    ``findings`` are those open on the run's date (closed ones are left out of a report); those of
    the ``watched`` cases come first.
    """
    lines = [
        finding_line(view, catalogue, facts.as_of, is_watched=is_of_watched(view, watched))
        for view in findings
    ]
    lines.sort(key=lambda line: not line.is_watched)
    cases, people = engine.rows(_CHECKED)[0]
    sources = _source_lines(engine)
    return RunReport(
        as_of=facts.as_of,
        run_id=facts.run_id,
        district=facts.district,
        cases_checked=cases,
        people_checked=people,
        rules=_rule_lines(engine, lines, catalogue),
        sources=sources,
        unfetched=_unfetched_lines(facts.unfetched, sources),
        deliveries_not_used=_deliveries_not_used(engine),
        not_compared=_not_compared(engine),
        townships=_townships(lines),
        findings={
            direction: tuple(line for line in lines if line.direction == direction)
            for direction in DIRECTIONS
        },
        coverage=coverage(
            _in_order(catalogue),
            dict(engine.rows(_STATES)),
            engine.rows(_ANSWERS),
            _of_district(engine),
            language(),
        ),
    )


def _unfetched_lines(
    unfetched: Sequence[Unfetched], sources: Sequence[SourceLine]
) -> tuple[UnfetchedLine, ...]:
    known = {source.dataset: source for source in sources}
    return tuple(
        UnfetchedLine(known[one.dataset].agency, known[one.dataset].title, one.says())
        for one in unfetched
    )


def finding_line(
    view: FindingView, catalogue: Catalogue, on: date, *, is_watched: bool = False
) -> FindingLine:
    """A finding worded and masked; a long evidence is cut and says so."""
    lang = language()
    masked = Showing()
    row = {"rule": view.rule, "evidence": view.evidence}
    sentences = evidence_lines(row, catalogue, lang, masked=True, explain=explain)
    if len(sentences) > EVIDENCE_SHOWN:
        more = text("rules.and_more", count=len(sentences))
        sentences = [*sentences[:EVIDENCE_SHOWN], more]
    return FindingLine(
        finding_id=view.finding_id,
        rule=view.rule,
        direction=view.direction,
        grade=view.grade,
        place=view.case_no or view.household_no or "",
        applicant_name=masked.of("person_name", view.applicant_name),
        person_name=masked.of("person_name", view.person_name),
        person_id_no=masked.of("id_no", view.person_id_no),
        township=view.township or "",
        period=view.period,
        at_risk_yuan=view.at_risk_yuan,
        status=str(view.status),
        first_seen=view.first_seen,
        last_seen=view.last_seen,
        is_confirmed=view.confirmed,
        evidence=tuple(sentences),
        clears=clears(row, catalogue, lang),
        next_step=next_entitlement(row, catalogue, lang) or "",
        basis=joined(basis_on(catalogue[view.rule], on, lang), "sentences", lang),
        is_watched=is_watched,
        outcome=text(f"reports.outcomes.{view.outcome}") if view.outcome else "",
        decided_by=view.decided_by or "",
        decided_on=view.decided_on,
    )


def _rule_lines(
    engine: Engine, lines: Iterable[FindingLine], catalogue: Catalogue
) -> tuple[RuleLine, ...]:
    by_rule: dict[str, list[FindingLine]] = {}
    for line in lines:
        by_rule.setdefault(line.rule, []).append(line)
    answers: dict[str, list[tuple[str, str, int]]] = {}
    for rule, answer, reason, cases in engine.rows(_ANSWERS):
        answers.setdefault(rule, []).append((answer, reason, cases))
    of_district = _of_district(engine)
    return tuple(
        replace(
            _rule_line(rule, by_rule.get(rule.id, []), answers.get(rule.id, [])),
            is_by_case=rule.id not in of_district,
        )
        for rule in _in_order(catalogue)
    )


def _in_order(catalogue: Catalogue) -> list[Rule]:
    """The rules by direction, then by their ids."""
    return sorted(catalogue, key=lambda rule: DIRECTIONS.index(rule.direction))


def _of_district(engine: Engine) -> set[str]:
    """The rules that answer once for the whole district."""
    return {rule for (rule,) in engine.rows(_OF_DISTRICT)}


def _rule_line(
    rule: Rule, lines: Sequence[FindingLine], answers: Sequence[tuple[str, str, int]]
) -> RuleLine:
    lang = language()
    counts: Counter[str] = Counter()
    for answer, _, cases in answers:
        counts[answer] += cases
    return RuleLine(
        rule=rule.id,
        title=rule.title[lang],
        reason=rule.reason[lang],
        direction=rule.direction,
        flags=sum(line.grade == "flag" for line in lines),
        verifies=sum(line.grade == "verify" for line in lines),
        new=sum(line.status == "new" for line in lines),
        at_risk_yuan=sum((line.at_risk_yuan or Decimal(0) for line in lines), Decimal(0)),
        found=counts["found"],
        clear=counts["clear"],
        not_checked=counts["not_checked"],
        reasons=_reasons(answers),
    )


def _reasons(answers: Iterable[tuple[str, str, int]]) -> tuple[tuple[str, int], ...]:
    """Why cases were not checked, without telling members apart, most cases first."""
    counts: Counter[str] = Counter()
    for answer, reason, cases in answers:
        if answer != "not_checked":
            continue
        kinds = {_kind(code) for code in reason.split(";") if code}
        for kind in sorted(kinds):
            counts[kind] += cases
    worded = {joined(reason_lines(kind, language()), "sentences"): n for kind, n in counts.items()}
    return tuple(sorted(worded.items(), key=lambda entry: (-entry[1], entry[0])))


def _kind(code: str) -> str:
    """``not_authorised:2`` and ``wage_unknown:1`` are of one kind whoever the member is."""
    name, _, argument = code.partition(":")
    dataset, _, _ = argument.partition("#")
    return f"{name}:{dataset}" if "." in dataset or not dataset.isdigit() else f"{name}_any"


def _source_lines(engine: Engine) -> tuple[SourceLine, ...]:
    return tuple(
        SourceLine(
            dataset=dataset,
            agency=agency_name(agency, agency_zh),
            title=dataset_title(dataset, title),
            state=state,
            state_text=_worded(f"reports.state.{state}", [reason] if reason else []),
            data_date=data_date,
            rows_delivered=delivered or 0,
            rows_accepted=accepted or 0,
            rows_set_aside=set_aside or 0,
            rows_repeated=repeated or 0,
        )
        for (
            dataset, agency, agency_zh, title, state, data_date, reason, delivered, accepted,
            set_aside, repeated,
        ) in engine.rows(_SOURCES)
    )  # fmt: skip


def _deliveries_not_used(engine: Engine) -> tuple[DeliveryLine, ...]:
    return tuple(
        DeliveryLine(
            dataset=dataset,
            title=dataset_title(dataset, title),
            business_date=business_date,
            state_text=text(f"reports.state.{state}"),
            reasons=joined([Reason.parse(code).says() for code in reasons or []], "sentences"),
        )
        for dataset, title, business_date, state, reasons in engine.rows(_NOT_USED)
    )


def _not_compared(engine: Engine) -> tuple[NotCompared, ...]:
    return tuple(
        NotCompared(
            dataset=dataset,
            title=dataset_title(dataset, title),
            rule=text(f"links.blocks.{block}"),
            records=records,
            largest_block=largest_block,
        )
        for dataset, title, block, records, largest_block in engine.rows(_NOT_COMPARED)
    )


def _worded(key: str, reasons: Iterable[str]) -> str:
    said = joined([Reason.parse(code).says() for code in reasons], "sentences")
    return noted(text(key), said)


def _townships(lines: Iterable[FindingLine]) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    for line in lines:
        by_direction = counts.setdefault(line.township, {})
        by_direction[line.direction] = by_direction.get(line.direction, 0) + 1
    return dict(sorted(counts.items()))
