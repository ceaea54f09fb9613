"""What a finding says to people: its evidence in sentences, what would clear it, on what basis."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from domain.masking import mask
from domain.wording import joined, text
from rules.rule import PLACEHOLDER, Catalogue, Rule
from rules.rule_fields import MAIN_SENTENCE, Basis

FindingRow = Mapping[str, Any]
Explain = Callable[[str, str], str]
SHOWN_IN_A_LINE: Final = 4


def evidence_line(
    finding_row: FindingRow, catalogue: Catalogue, lang: str = "zh", masked: bool = True
) -> str:
    """One readable line: the first sentences of the evidence, and how many there are in all.

    ``finding_row`` has ``rule`` and ``evidence`` as judged.finding has them (JSON or a list).
    """
    lines = evidence_lines(finding_row, catalogue, lang, masked)
    joiner = "" if lang == "zh" else " "
    shown = joiner.join(lines[:SHOWN_IN_A_LINE])
    if len(lines) <= SHOWN_IN_A_LINE:
        return shown
    return shown + joiner + text("rules.and_more", lang, count=len(lines))


def evidence_lines(
    finding_row: FindingRow,
    catalogue: Catalogue,
    lang: str = "zh",
    masked: bool = True,
    explain: Explain | None = None,
) -> list[str]:
    """One sentence for each evidence object, in the rule's order.

    With ``explain`` (the matchers' words for why a record is linked) each record linked to a member
    also says to whom and how surely.
    """
    rule = catalogue[str(finding_row["rule"])]
    return [
        _sentence(rule, item, lang, masked) + (link_note(item, lang, explain) if explain else "")
        for item in _evidence(finding_row)
    ]


def link_note(item: Mapping[str, Any], lang: str, explain: Explain) -> str:
    """How surely an evidence record is the member's, and why; nothing where there is no link."""
    if not item.get("link_grade"):
        return ""
    seq = (item.get("listed") or {}).get("seq")
    grade = text(f"rules.link.{item['link_grade']}", lang)
    why = explain(item.get("why") or "", lang)
    member = text("rules.link.member", lang, seq=seq) if seq is not None else ""
    return text(
        "rules.link.note" if why else "rules.link.plain", lang, member=member, grade=grade, why=why
    )


def clears(finding_row: FindingRow, catalogue: Catalogue, lang: str = "zh") -> str:
    """What would clear the finding."""
    return catalogue[str(finding_row["rule"])].clears[lang]


def next_entitlement(finding_row: FindingRow, catalogue: Catalogue, lang: str = "zh") -> str | None:
    """The entitlement to consider where aid may change; None where the rule names none."""
    return catalogue[str(finding_row["rule"])].next.get(lang)


def basis_on(rule: Rule, on: date, lang: str = "zh") -> list[str]:
    """The articles in force on a date, to be printed beside a finding."""
    return [basis_line(item, lang) for item in rule.basis if item.is_in_force(on)]


def basis_line(basis: Basis, lang: str = "zh") -> str:
    """One source of law with its articles."""
    if not basis.articles:
        return basis.cite
    articles = _articles(basis.articles, lang)
    return text("rules.basis_articles", lang, cite=basis.cite, articles=articles)


def reason_lines(reason: str, lang: str = "zh") -> list[str]:
    """The reasons of an answer in words: ``source_stale:public_security.vehicles`` and so on.

    A code nobody has worded is given as it is.
    """
    return [_reason(code, lang) for code in reason.split(";") if code]


def _articles(articles: Sequence[str], lang: str) -> str:
    return joined([text("rules.article", lang, number=number) for number in articles], lang=lang)


def _reason(code: str, lang: str) -> str:
    name, _, argument = code.partition(":")
    dataset, _, seq = argument.partition("#")
    try:
        return text(
            f"rules.reasons.{name}_member" if seq else f"rules.reasons.{name}",
            lang,
            argument=argument,
            source=source_name(dataset, lang),
            seq=seq,
        )
    except KeyError:
        return code


def source_name(dataset: str, lang: str = "zh") -> str:
    """The register's name for people (公安机动车登记); the code itself where nobody named it."""
    try:
        return text(f"rules.sources.{dataset}", lang)
    except (KeyError, TypeError):
        return dataset


def _evidence(finding_row: FindingRow) -> list[dict[str, Any]]:
    evidence = finding_row["evidence"]
    return list(json.loads(evidence) if isinstance(evidence, str) else evidence)


def _sentence(rule: Rule, item: Mapping[str, Any], lang: str, masked: bool) -> str:
    sentence = rule.says[lang][item.get("sentence") or MAIN_SENTENCE]
    given = {
        "data_date": data_date_said(item, lang),
        "source": source_name(item.get("dataset") or "", lang),
    }

    def fill(found: re.Match[str]) -> str:
        name, dataset = found.groups()
        if dataset:
            return _register(item, dataset, lang)
        if name in given:
            return given[name]
        return shown(item["facts"].get(name), rule.facts[name], lang, masked)

    return PLACEHOLDER.sub(fill, sentence)


def data_date_said(item: Mapping[str, Any], lang: str = "zh") -> str:
    """As of when the register speaks and, where it differs, which delivery the row came in.

    Evidence kept from before the register's state was has the delivery alone.
    """
    row = item.get("business_date")
    state = item.get("data_date") or row
    if not state:
        return text("rules.not_stated", lang)
    return str(state) if state == row else text("rules.row_date", lang, state=state, row=row)


def _register(item: Mapping[str, Any], dataset: str, lang: str) -> str:
    """A register that the sentence names besides, and its state."""
    kept = (item.get("registers") or {}).get(dataset) or {"dataset": dataset}
    return text(
        "rules.register",
        lang,
        source=source_name(kept["dataset"], lang),
        data_date=kept.get("data_date") or text("rules.not_stated", lang),
    )


def shown(value: Any, kind: str, lang: str = "zh", masked: bool = True) -> str:
    """A fact as people read it, by its class: amounts with separators, shares in per cent.

    One that is not there is said not to be stated, or what ``yuan:<why>`` says of its absence; an
    amount of that class bears its unit, so that either can stand in the sentence.
    """
    kind, _, argument = kind.partition(":")
    if value is None or value == "":
        return text(f"rules.{argument if kind == 'yuan' and argument else 'not_stated'}", lang)
    if kind == "yuan":
        amount = f"{Decimal(str(value)):,.2f}"
        return text("rules.yuan", lang, amount=amount) if argument else amount
    if kind == "area":
        return _plain(Decimal(str(value)))
    if kind == "share":
        return f"{_plain((Decimal(str(value)) * 100).quantize(Decimal('0.01')))}%"
    if kind == "letters":
        return joined([code_label(argument, one, lang) for one in str(value)], lang=lang)
    if kind == "code":
        return code_label(argument, str(value), lang)
    return mask(kind, str(value)) if masked else str(value)


def code_label(code_list: str, code: str, lang: str = "zh") -> str:
    """The meaning of a code; the code itself where the list does not have it."""
    try:
        return text(f"rules.codes.{code_list}.{code}", lang)
    except KeyError:
        return code


def fact_label(name: str, lang: str = "zh") -> str:
    """What a fact is called for people; its own name where nobody named it."""
    try:
        return text(f"facts.{name}", lang)
    except KeyError:
        return name


def _plain(number: Decimal) -> str:
    return f"{number:f}".rstrip("0").rstrip(".") if "." in f"{number:f}" else f"{number:f}"
