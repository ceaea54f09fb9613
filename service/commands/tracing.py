"""`hedui trace`: why a case has the answer it has, condition by condition."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console

from domain.errors import HeduiError
from domain.wording import joined, language, noted, text
from matchers.explain import explain
from rules.foundation import stored_policies
from rules.household import CASE, Household, cut_out
from rules.rule import Catalogue, Rule, load_catalogue
from rules.sentences import (
    basis_on,
    clears,
    evidence_lines,
    fact_label,
    next_entitlement,
    reason_lines,
    shown,
    source_name,
)
from rules.trace import Examined, Trace, trace_cases, trace_residents
from service.commands.options import as_of_option, workspace_option
from service.commands.unmasking import note_export
from service.look_book import Subject
from service.subjects import named_by_evidence, named_by_records, residents_of, subjects_of
from store.engines.duckdb import DuckDBEngine
from store.engines.engine import Engine
from store.ledger import Ledger
from store.runs import newest_run
from store.snapshot import made_by_this_version, open_snapshot
from store.workspace import open_workspace

_STYLES: Final = {"pass": "green", "fail": "red", "unknown": "yellow"}
_ANSWERS: Final = """
    select rule, answer, coalesce(reason, '') as reason
    from judged.answer
    where case_no is not distinct from $case_no
    order by rule
"""
_FINDINGS: Final = """
    select rule, case_no, household_no, grade, at_risk_yuan, evidence
    from judged.finding
    where $place in (case_no, household_no) or list_contains(string_split(case_no, ';'), $place)
    order by rule, case_no, seq, finding_id
"""


@dataclass(frozen=True, slots=True)
class _Night:
    """What the snapshot has of one case or household: traces, and what that night concluded."""

    as_of: date
    place: str
    traces: Sequence[Trace]
    answers: Mapping[str, tuple[str, str]]
    findings: Sequence[Mapping[str, Any]]
    data_dates: Mapping[str, date | None]


def command() -> Callable[..., None]:
    """The command, its options worded in the language in use."""

    def trace(
        workspace: Annotated[Path, workspace_option()],
        case: Annotated[
            str | None, typer.Option("--case", metavar="NO", help=text("rulebook.trace.case"))
        ] = None,
        rule: Annotated[
            str | None, typer.Option("--rule", metavar="RULE", help=text("rulebook.trace.rule"))
        ] = None,
        household: Annotated[
            str | None,
            typer.Option("--household", metavar="HH", help=text("rulebook.trace.household")),
        ] = None,
        as_of: Annotated[date | None, as_of_option("cli.findings.as_of")] = None,
    ) -> None:
        place = case or household
        if place is None or (case and household):
            raise typer.BadParameter(text("rulebook.trace.one_place"), param_hint="--case")
        catalogue = _asked(load_catalogue(), rule, is_on_cases=case is not None)
        night = _look(workspace, catalogue, as_of, case, household)
        if not night.traces:
            named = catalogue[rule].title[language()] if rule else ""
            raise typer.BadParameter(text("rulebook.trace.none", place=place, rule=named))
        for one in night.traces:
            _print_trace(one, night, catalogue)

    return trace


def _asked(catalogue: Catalogue, rule_id: str | None, *, is_on_cases: bool) -> Catalogue:
    if rule_id is None:
        return Catalogue({rule.id: rule for rule in catalogue if rule.is_on_cases == is_on_cases})
    if catalogue[rule_id].is_on_cases != is_on_cases:
        what = text("rulebook.trace.cases" if is_on_cases else "rulebook.trace.households")
        raise typer.BadParameter(text("rulebook.trace.not_about", rule=rule_id, what=what))
    return catalogue.only(rule_id)


def _look(
    workspace: Path,
    catalogue: Catalogue,
    as_of: date | None,
    case: str | None,
    household: str | None,
) -> _Night:
    opened = open_workspace(workspace, create=False)
    with Ledger.open(opened) as ledger:
        run = newest_run(ledger, as_of)
        if run is None:
            raise HeduiError("snapshot_none", workspace=workspace, as_of=as_of or "-")
        with open_snapshot(opened, ledger, run.as_of) as night, DuckDBEngine() as small:
            policies = stored_policies(night)
            asked = [Household(case, CASE)] if case else []
            with made_by_this_version(run.snapshot or ""):
                cut_out(night, small, asked, homes=[household] if household else [])
            traces = (
                trace_cases(small, catalogue, policies, run.as_of, [case])
                if case
                else [
                    one
                    for one in trace_residents(small, catalogue, policies, run.as_of)
                    if one.examined[0].household_no == household
                ]
            )
            seen = _Night(
                run.as_of, case or household or "", traces, *_said(night, case, household)
            )
            people = subjects_of(night, case) if case else residents_of(night, household or "")
            people += _named_beside(night, seen)
            note_export(ledger, "trace", people=people, target=case or household)
            return seen


def _named_beside(night: Engine, seen: _Night) -> list[Subject]:
    """Whom the things examined and the findings shown name beside the household's own."""
    rules = {trace.rule.id for trace in seen.traces}
    examined = (item.record_id for trace in seen.traces for item in trace.examined)
    return [
        *named_by_records(night, {record_id for record_id in examined if record_id is not None}),
        *(
            one
            for finding in seen.findings
            if finding["rule"] in rules
            for one in named_by_evidence(finding["evidence"])
        ),
    ]


def _said(
    night: Engine, case: str | None, household: str | None
) -> tuple[dict[str, tuple[str, str]], list[dict[str, Any]], dict[str, date | None]]:
    answers = {
        rule: (answer, reason) for rule, answer, reason in night.rows(_ANSWERS, {"case_no": case})
    }
    _, findings = night.records(_FINDINGS, {"place": case or household})
    sources = night.rows("select dataset, data_date from clean.source_status order by dataset")
    return answers, findings, dict(sources)


def _print_trace(trace: Trace, night: _Night, catalogue: Catalogue) -> None:
    console = Console(highlight=False, markup=False, soft_wrap=True)
    lang, rule = language(), trace.rule
    title = text("rulebook.trace.title", title=rule.title[lang], rule=rule.id)
    console.print(title, style="bold")
    console.print(text("rulebook.trace.subtitle", place=night.place, as_of=night.as_of))
    answer, reason = night.answers.get(rule.id, (str(trace.answer), ""))
    if trace.case_no is None:  # the district's answer is about more than this household
        answer, reason = str(trace.answer), ""
    worded = text(f"rulebook.trace.answers.{trace.answer}")
    why = joined(reason_lines(reason, lang), "sentences", lang) if trace.answer != "found" else ""
    console.print(text("rulebook.trace.answer", answer=noted(worded, why)), style="bold")
    if answer != trace.answer:
        recorded = text(f"rulebook.trace.answers.{answer}")
        console.print(text("rulebook.trace.not_asked", answer=recorded), style="yellow")
    _print_general(console, trace, night)
    for number, item in enumerate(trace.examined, 1):
        _print_examined(console, rule, number, item)
    if not trace.examined:
        console.print("  " + text("rulebook.trace.nothing"))
    for finding in night.findings:
        if finding["rule"] == rule.id and trace.answer == "found":
            _print_finding(console, finding, catalogue, night.as_of)
    console.print()


def _print_general(console: Console, trace: Trace, night: _Night) -> None:
    lang = language()
    for dataset, state in trace.sources.items():
        if state == "in_force":
            line = text(
                "rulebook.trace.source_ok",
                source=source_name(dataset, lang),
                data_date=night.data_dates.get(dataset),
            )
            _print_state(console, "pass", line)
        else:
            _print_state(console, "unknown", joined(reason_lines(state, lang), "sentences", lang))
    _print_state(console, "pass" if trace.applies else "fail", text("rulebook.trace.applies"))
    for gap in trace.gaps:
        _print_state(console, "unknown", joined(reason_lines(gap, lang), "sentences", lang))


def _print_examined(console: Console, rule: Rule, number: int, item: Examined) -> None:
    lang = language()
    member = text("rulebook.trace.member", seq=item.seq) if item.seq is not None else ""
    facts = joined(
        [
            f"{fact_label(name, lang)} {shown(value, rule.facts[name], lang)}"
            for name, value in item.facts.items()
        ],
        "clauses",
    )
    heading = text("rulebook.trace.examined", number=number, member=member)
    console.print(f"  {noted(heading, facts)}", style="cyan")
    for condition, state in zip(rule.conditions, item.states, strict=True):
        _print_state(console, state, condition.says[lang], indent=4)


def _print_state(console: Console, state: str, line: str, indent: int = 2) -> None:
    mark = text(f"rulebook.trace.mark.{state}")
    word = text(f"rulebook.trace.state.{state}")
    console.print(f"{' ' * indent}{mark} {word}  {line}", style=_STYLES[state])


def _print_finding(
    console: Console, finding: Mapping[str, Any], catalogue: Catalogue, as_of: date
) -> None:
    lang = language()
    grade = text(f"rulebook.trace.grade.{finding['grade']}")
    console.print("  " + text("rulebook.trace.finding", grade=grade), style="bold")
    for line in evidence_lines(finding, catalogue, lang, explain=explain):
        console.print(f"    · {line}")
    if finding["at_risk_yuan"] is not None:
        amount = f"{finding['at_risk_yuan']:,.2f}"
        console.print("    " + text("rulebook.trace.at_risk", amount=amount))
    console.print("    " + text("rulebook.trace.clears", text=clears(finding, catalogue, lang)))
    following = next_entitlement(finding, catalogue, lang)
    if following:
        console.print("    " + text("rulebook.trace.next", text=following))
    basis = joined(basis_on(catalogue[finding["rule"]], as_of, lang), "sentences", lang)
    console.print("    " + text("rulebook.trace.basis", text=basis))
