"""The check slip (核对报告): what was asked, what each register says, and how it is sealed."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from domain.dates import HERE
from domain.masking import mask
from domain.wording import language, text
from matchers.explain import explain
from reports.check_answer import FindingAnswer, HouseholdAnswer, PersonAnswer, SourceAnswer
from rules.rule import Catalogue, Rule
from rules.sentences import (
    basis_on,
    clears,
    code_label,
    evidence_lines,
    link_note,
    next_entitlement,
    reason_lines,
    source_name,
)

PROBABLE: Final = "probable"
AGREES: Final = "agrees"
DIFFERS: Final = "differs"
TO_VERIFY: Final = "to_verify"
SENTENCES_SHOWN: Final = 8
NAMES_SHOWN: Final = 3
_OWN: Final = frozenset(
    {
        "civil_affairs.households",
        "civil_affairs.members",
        "civil_affairs.applications",
        "civil_affairs.payments",
    }
)
_NOT_OTHERS: Final = _OWN | {""}
_APPLICATIONS: Final = "civil_affairs.applications"
_ABOUT_CASES: Final = "duplicate_benefit"
_NOT_REGISTERED: Final = "register:none"  # certain by nothing but their own number
_SETTLED: Final = frozenset({"found", "nothing_found"})
_INCOMES: Final = {
    "wage": "human_resources.contributions",
    "pension": "human_resources.pensions",
    "unemployment": "human_resources.unemployment_benefits",
}
Slip = dict[str, Any]


@dataclass(frozen=True, slots=True)
class CheckFacts:
    """What is known of a check beside its answer."""

    slip_no: str
    asked_by: str
    asked_at: datetime
    purpose: str
    authorisation: str
    run_id: str
    valid_until: date


def make_slip(facts: CheckFacts, answer: HouseholdAnswer, catalogue: Catalogue) -> Slip:
    """The slip in the language in use, masked as it is printed for the file.

    Of a person without authorisation nothing is said that other registers hold; a finding about the
    household that would rest on that person is left out and said to be not checked.
    """
    unseen = frozenset(one.seq for one in answer.people if not one.is_authorised)
    findings, withheld = _withheld(answer, catalogue, unseen)
    slip: Slip = {
        "slip_no": facts.slip_no,
        "kind": answer.kind,
        "target": answer.case_no if answer.kind != "persons" else None,
        "asked_by": facts.asked_by,
        "asked_at": facts.asked_at.astimezone(HERE).strftime("%Y-%m-%d %H:%M"),
        "purpose": facts.purpose,
        "authorisation": facts.authorisation,
        "scheme": code_label("scheme", answer.scheme, language()) if answer.scheme else None,
        "township_code": answer.township_code,
        "as_of": answer.as_of.isoformat(),
        "run_id": facts.run_id,
        "valid_until": facts.valid_until.isoformat(),
        "people": [_person(one, _unsettled(answer, one.seq)) for one in answer.people],
        "income": _income(answer, unseen),
        "sources": _source_rows(answer),
        "links": _probable_links(answer),
        "findings": [
            _finding(one, catalogue, answer.as_of) for one in findings if one.direction != "under"
        ],
        "entitled": [
            _finding(one, catalogue, answer.as_of) for one in findings if one.direction == "under"
        ],
        "unchecked": _unchecked(answer, catalogue, withheld),
    }
    slip["conclusion"] = conclude(slip)
    slip["because"] = [] if slip["conclusion"] == AGREES else _because(slip)
    slip["content_hash"] = content_hash(slip)
    return slip


def evidence_shown(answer: HouseholdAnswer, catalogue: Catalogue) -> list[dict[str, Any]]:
    """The evidence behind the sentences of a slip, for whoever must know whom it names."""
    unseen = frozenset(one.seq for one in answer.people if not one.is_authorised)
    findings, _ = _withheld(answer, catalogue, unseen)
    return [item for one in findings for item in _of_real_cases(one)[:SENTENCES_SHOWN]]


def conclude(slip: Mapping[str, Any]) -> str:
    """相符, 不符 or 需核实.

    ``differs``: a register certainly says otherwise than was declared: a flag on aid, or one on
    identity that rests on another register's record (a number that cannot be read is to be
    verified: no register says otherwise).
    ``agrees``: nothing to verify, and every person and register could be looked at. What may be due
    besides (``under``) is no difference.
    """
    findings = slip["findings"]
    flags = [one for one in findings if one["grade"] == "flag"]
    if any(
        one["direction"] == "over" or (one["direction"] == "data" and one["rests_on_others"])
        for one in flags
    ):
        return DIFFERS
    cells = [cell["state"] for row in slip["sources"] for cell in row["cells"]]
    is_whole = all(state in _SETTLED for state in cells) and bool(cells)
    identified = all(one["identity"] == "certain" for one in slip["people"])
    if findings or slip["unchecked"] or not is_whole or not identified:
        return TO_VERIFY
    return AGREES


def _because(slip: Mapping[str, Any]) -> list[str]:
    """What the conclusion rests on, a line each, for whoever reads no further."""
    people = slip["people"]
    unknown = [one for one in people if one["identity"] != "certain" and one["is_authorised"]]
    unseen = [one for one in people if not one["is_authorised"]]
    dark = _sources_in(slip, {"not_received", "stale", "held"})
    unsure = _sources_in(slip, {"queried"})
    facts: tuple[tuple[str, int, dict[str, object]], ...] = (
        ("findings", len(slip["findings"]), {"count": len(slip["findings"])}),
        ("identity", len(unknown), {"people": _few(map(_numbered, unknown))}),
        ("authorised", len(unseen), {"people": _few(map(_numbered, unseen))}),
        ("sources", len(dark), {"sources": _few(dark)}),
        ("queried", len(unsure), {"sources": _few(unsure)}),
        (
            "unchecked",
            len(slip["unchecked"]),
            {
                "count": len(slip["unchecked"]),
                "titles": _few(one["title"] for one in slip["unchecked"]),
            },
        ),
    )
    return [text(f"web.slip.because.{key}", **said) for key, count, said in facts if count]


def _few(names: Iterable[str]) -> str:
    """The names, or the first of them and how many there are."""
    every = list(names)
    shown = text("web.slip.because.joiner").join(every[:NAMES_SHOWN])
    if len(every) <= NAMES_SHOWN:
        return shown
    return text("web.slip.because.and_more", shown=shown, count=len(every))


def _numbered(one: Mapping[str, Any]) -> str:
    return f"{one['seq']} {one['name']}"


def _sources_in(slip: Mapping[str, Any], states: set[str]) -> list[str]:
    return [
        row["title"]
        for row in slip["sources"]
        if any(cell["state"] in states for cell in row["cells"])
    ]


def content_hash(slip: Mapping[str, Any]) -> str:
    """SHA-256 over everything on the slip but the hash itself."""
    content = {name: value for name, value in slip.items() if name != "content_hash"}
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def canonical(slip: Mapping[str, Any]) -> str:
    """The slip as JSON in one form only."""
    return json.dumps(slip, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _withheld(
    answer: HouseholdAnswer, catalogue: Catalogue, unseen: frozenset[int]
) -> tuple[list[FindingAnswer], dict[str, str]]:
    """The findings that may be said, and the rules of which something is withheld, with why."""
    said: list[FindingAnswer] = []
    withheld: dict[str, str] = {}
    counted = {one.seq for one in answer.people if one.member_kind == "1"}
    for finding in answer.findings:
        rule = catalogue[finding.rule]
        concerned = {finding.seq} if finding.seq is not None else counted
        missing = sorted(concerned & unseen)
        if missing and _looks_beyond_own(rule) and not rule.needs_authorisation:
            withheld[finding.rule] = ";".join(f"not_authorised:{seq}" for seq in missing)
        else:
            said.append(finding)
    return said, withheld


def _looks_beyond_own(rule: Rule) -> bool:
    return any(dataset not in _OWN for dataset in rule.sources)


def _unsettled(answer: HouseholdAnswer, seq: int) -> frozenset[str]:
    """The registers that cannot say of this person that there is nothing."""
    return frozenset(
        cell.dataset for cell in answer.sources if cell.seq == seq and cell.state not in _SETTLED
    )


def _person(one: PersonAnswer, unsettled: frozenset[str]) -> dict[str, Any]:
    lang = language()
    shows = one.is_authorised and one.person_id is not None
    return {
        "seq": one.seq,
        "name": mask("person_name", one.name_raw or ""),
        "id_no": mask("id_no", one.id_no or ""),
        "relation": code_label("relation", one.relation, lang) if one.relation else "",
        "member_kind": code_label("member_kind", one.member_kind, lang) if one.member_kind else "",
        "identity": _identity(one),
        "identity_reason": _identity_reason(one),
        "is_authorised": one.is_authorised,
        "authorised_date": one.authorised_date.isoformat() if one.authorised_date else None,
        "declared": _yuan(one.declared_income_yuan),
        "wage": "unknown" if shows and one.wage_state == "unknown" else _seen(shows, one.wage_yuan),
        "pension": _looked_up(shows, one.pension_yuan, _INCOMES["pension"] in unsettled),
        "unemployment": _looked_up(
            shows, one.unemployment_yuan, _INCOMES["unemployment"] in unsettled
        ),
        "registered": _seen(shows, one.registered_yuan),
        "counted": _yuan(one.counted_yuan),
    }


def _identity(one: PersonAnswer) -> str:
    """How surely they are who the registers have: certain, probable, none; or unasked."""
    if not one.is_authorised:
        return "unasked"
    return (one.person_grade or "none") if one.person_id is not None else "none"


def _identity_reason(one: PersonAnswer) -> str:
    """By what they were found, where the number alone does not say it."""
    if one.identified_by is None or not one.is_authorised:
        return ""
    if one.person_id is None:
        return text("web.slip.identity_nobody")
    is_plain = one.person_grade != PROBABLE and one.identified_by != _NOT_REGISTERED
    return "" if is_plain else explain(one.identified_by, language())


def _income(answer: HouseholdAnswer, unseen: frozenset[int]) -> dict[str, Any] | None:
    income = answer.income
    if income is None:
        return None
    counted = {one.seq for one in answer.people if one.member_kind == "1"}
    unseen |= {one.seq for one in answer.people if one.person_id is None}
    unseen |= {
        cell.seq
        for cell in answer.sources
        if cell.dataset in _INCOMES.values() and cell.state not in _SETTLED
    }
    state = "over" if income.is_over else "within"
    return {
        "heads": income.heads,
        "total": _yuan(income.total_yuan),
        "per_head": _yuan(income.per_head_yuan),
        "line": _yuan(income.line_yuan),
        "is_lower_bound": bool(income.unknown_wages or counted & unseen),
        "state": state if income.is_judged else "not_judged",
    }


def _source_rows(answer: HouseholdAnswer) -> list[dict[str, Any]]:
    by_dataset: dict[str, list[SourceAnswer]] = {}
    for one in answer.sources:
        by_dataset.setdefault(one.dataset, []).append(one)
    return [
        {
            "dataset": dataset,
            "title": source_name(dataset, language()),
            "data_date": cells[0].data_date.isoformat() if cells[0].data_date else None,
            "cells": [
                {
                    "seq": cell.seq,
                    "state": cell.state,
                    "records": cell.records,
                    "probable": cell.probable,
                }
                for cell in cells
            ],
        }
        for dataset, cells in by_dataset.items()
    ]


def _probable_links(answer: HouseholdAnswer) -> list[str]:
    """A line for each person and register with records that are theirs probably only."""
    names = {one.seq: mask("person_name", one.name_raw or "") for one in answer.people}
    return [
        text(
            "web.slip.link",
            seq=cell.seq,
            name=names[cell.seq],
            title=source_name(cell.dataset, language()),
            records=cell.probable,
            why=explain(cell.why, language()),
        )
        for cell in sorted(answer.sources, key=lambda cell: cell.seq)
        if cell.probable
    ]


def _finding(one: FindingAnswer, catalogue: Catalogue, on: date) -> dict[str, Any]:
    lang = language()
    rule = catalogue[one.rule]
    evidence = _of_real_cases(one)
    shown = evidence[:SENTENCES_SHOWN]
    row = {"rule": one.rule, "evidence": shown}
    return {
        "finding_id": one.finding_id,
        "rule": one.rule,
        "title": rule.title[lang],
        "direction": one.direction,
        "grade": one.grade,
        "seq": one.seq,
        "rests_on_others": any((item.get("dataset") or "") not in _NOT_OTHERS for item in evidence),
        "sentences": [
            said + (link_note(item, lang, explain) if item.get("link_grade") == PROBABLE else "")
            for item, said in zip(shown, evidence_lines(row, catalogue, lang), strict=True)
        ],
        "clears": clears(row, catalogue, lang),
        "next": next_entitlement(row, catalogue, lang),
        "basis": basis_on(rule, on, lang),
    }


def _of_real_cases(one: FindingAnswer) -> list[dict[str, Any]]:
    """The evidence, without an application where the sentence is about cases in receipt."""
    evidence: list[dict[str, Any]] = json.loads(one.evidence)
    if one.rule != _ABOUT_CASES:
        return evidence
    return [item for item in evidence if item.get("dataset") != _APPLICATIONS]


def _unchecked(
    answer: HouseholdAnswer, catalogue: Catalogue, withheld: Mapping[str, str]
) -> list[dict[str, Any]]:
    reasons = {one.rule: one.reason for one in answer.rules if one.answer == "not_checked"}
    reasons |= withheld
    return [
        {
            "rule": rule,
            "title": catalogue[rule].title[language()],
            "reasons": list(_worded(reasons[rule])),
        }
        for rule in sorted(reasons)
    ]


def _worded(reason: str) -> Iterable[str]:
    lines: Sequence[str] = reason_lines(reason, language())
    return dict.fromkeys(lines)


def _seen(shows: bool, value: Decimal | None) -> str | None:
    return _yuan(value) if shows else None


def _looked_up(shows: bool, value: Decimal | None, is_unsettled: bool) -> str | None:
    """An amount of one register; none is none only where the register could be asked."""
    return None if is_unsettled and not value else _seen(shows, value)


def _yuan(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:,.2f}"
