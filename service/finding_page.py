"""One finding as its page shows it: both registers, the arithmetic, the link, what is unknown."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from casework.findings import FindingView, history
from casework.lifecycle import Event, Said
from domain.dates import HERE
from domain.wording import joined, labelled, language, text
from reports.tables import Showing
from rules.interface import DATASETS
from rules.rule import Catalogue, Rule
from rules.sentences import (
    basis_on,
    clears,
    code_label,
    data_date_said,
    evidence_lines,
    next_entitlement,
    reason_lines,
    source_name,
)
from service.queries import ask, query, rows
from service.subjects import cases_of
from store.engines.duckdb import DuckDBEngine
from store.ledger import Ledger

RECORDS_SHOWN: Final = 12
_TABLES: Final = {dataset.name: dataset.table for dataset in DATASETS}
_ANSWER: Final = """
    select reason from judged.answer
    where rule = $rule and (case_no = $case_no or (case_no is null and $case_no is null))
    order by case_no
"""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing both registers may say: what it is, as civil affairs and the other have it."""

    label: str
    ours: str
    theirs: str
    is_different: bool


@dataclass(frozen=True, slots=True)
class Side:
    """One record of another register beside civil affairs' own."""

    source: str
    data_date: str
    place: str
    sentence: str
    link_grade: str
    why_code: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class FindingDetail:
    """What the page of a finding shows, worded and masked.

    ``seen`` is the number of the newest event in ``history``.
    """

    view: FindingView
    title: str
    reason: str
    people: tuple[dict[str, str], ...]
    arithmetic: tuple[str, ...]
    sides: tuple[Side, ...]
    more_records: int
    unknown: tuple[str, ...]
    clears: str
    next_step: str
    basis: tuple[str, ...]
    history: tuple[dict[str, str], ...]
    seen: int
    unmasked: bool

    @property
    def applicant(self) -> str:
        """Who heads the case, as may be shown."""
        return _shown(Showing(self.unmasked), "person_name", self.view.applicant_name)

    @property
    def concerned(self) -> str:
        """Whom the finding is about, as may be shown."""
        name = _shown(Showing(self.unmasked), "person_name", self.view.person_name)
        return name if self.view.seq is None else f"{self.view.seq} {name}"


def finding_detail(
    view: FindingView,
    engine: DuckDBEngine,
    ledger: Ledger,
    catalogue: Catalogue,
    showing: Showing,
    names: Mapping[str, str],
) -> FindingDetail:
    """Read what the snapshot and the ledger have about a finding, and word it.

    ``names``: full names of the staff by account.
    """
    lang = language()
    events = history(ledger, view.finding_id)
    rule = catalogue[view.rule]
    row = {"rule": view.rule, "evidence": view.evidence}
    evidence: list[dict[str, Any]] = json.loads(view.evidence)
    sentences = evidence_lines(row, catalogue, lang, masked=not showing.unmasked)
    case_nos = cases_of(view.case_no)
    stated = rows(engine, "stated_members", case_nos=case_nos) if case_nos else []
    pairs = list(zip(evidence, sentences, strict=True))
    records = [(item, said) for item, said in pairs if item.get("dataset")]
    own = ("civil_affairs.households", "civil_affairs.members")
    foreign = [pair for pair in records if pair[0]["dataset"] not in own]
    shown = foreign[:RECORDS_SHOWN]
    return FindingDetail(
        view=view,
        title=rule.title[lang],
        reason=rule.reason[lang],
        people=tuple(_person(one, showing) for one in stated),
        arithmetic=tuple(said for item, said in pairs if item.get("dataset") in (None, *own)),
        sides=tuple(_side(engine, item, said, stated, view, showing) for item, said in shown),
        more_records=len(foreign) - len(shown),
        unknown=tuple(_unknown(engine, view, rule, lang)),
        clears=clears(row, catalogue, lang),
        next_step=next_entitlement(row, catalogue, lang) or "",
        basis=tuple(basis_on(rule, view.as_of, lang)),
        history=tuple(_event(event, names) for event in events),
        seen=max((event.event_no for event in events[-1:]), default=0),
        unmasked=showing.unmasked,
    )


def _shown(showing: Showing, kind: str, value: object) -> str:
    """A value of the class ``kind`` as it may be shown; a dash where there is none."""
    return showing.of(kind, None if value is None else str(value)) or "—"


def _person(row: Mapping[str, Any], showing: Showing) -> dict[str, str]:
    lang = language()
    income = row["declared_income_yuan"]
    return {
        "seq": str(row["seq"]),
        "name": _shown(showing, "person_name", row["name_raw"]),
        "id_no": _shown(showing, "id_no", row["id_no"]),
        "relation": code_label("relation", row["relation"] or "", lang),
        "kind": code_label("member_kind", row["member_kind"] or "", lang),
        "declared": text("web.slip.not_declared") if income is None else f"{income:,.2f}",
        "authorised": _day(row["authorised_date"]),
    }


def _side(
    engine: DuckDBEngine,
    item: Mapping[str, Any],
    sentence: str,
    stated: Sequence[Mapping[str, Any]],
    view: FindingView,
    showing: Showing,
) -> Side:
    other = _other_record(engine, item)
    ours = _whose(other, stated, view.seq)
    return Side(
        source=source_name(item["dataset"], language()),
        data_date=data_date_said(item, language()),
        place=text(
            "web.finding.place",
            day=item["business_date"],
            file=item["file_name"],
            row=item["row_no"],
        ),
        sentence=sentence,
        link_grade=item.get("link_grade") or "",
        why_code=item.get("why") or "",
        lines=_lines(ours, other, showing),
    )


def _other_record(engine: DuckDBEngine, item: Mapping[str, Any]) -> dict[str, Any]:
    table = _TABLES[item["dataset"]]
    found = ask(
        engine,
        query("other_record").replace("{table}", table),
        business_date=date.fromisoformat(item["business_date"]),
        row_no=item["row_no"],
        file_name=item["file_name"],
    )
    of_role = [row for row in found if item.get("role") in (None, row["role"])]
    return (of_role or found or [{}])[0]


def _whose(
    other: Mapping[str, Any], stated: Sequence[Mapping[str, Any]], seq: int | None
) -> Mapping[str, Any]:
    """The member a record speaks of: the finding's, else the one who carries its number or name."""
    for key in ("id_no", "name_raw"):
        for row in stated:
            is_asked = seq is None or row["seq"] == seq
            if is_asked and other.get(key) and row[key] == other[key]:
                return row
    asked = [row for row in stated if row["seq"] == seq]
    return asked[0] if asked else {}


_COMPARED: Final = (
    ("name_raw", "person_name"),
    ("id_no", "id_no"),
    ("sex", "sex"),
    ("birth_date", "birth_date"),
    ("address", "address"),
)


def _lines(
    ours: Mapping[str, Any], theirs: Mapping[str, Any], showing: Showing
) -> tuple[Line, ...]:
    lines = []
    for key, kind in _COMPARED:
        left, right = ours.get(key), theirs.get(key)
        if left is None and right is None:
            continue
        lines.append(
            Line(
                label=text(f"web.field.{key}"),
                ours=_value(kind, left, showing),
                theirs=_value(kind, right, showing),
                is_different=None not in (left, right) and left != right,
            )
        )
    return tuple(lines)


def _value(kind: str, value: Any, showing: Showing) -> str:
    if value is not None and kind == "sex":
        return code_label("sex", str(value), language())
    return _shown(showing, kind, value)


def _unknown(engine: DuckDBEngine, view: FindingView, rule: Rule, lang: str) -> list[str]:
    """Why the rule could not say more, and which of its registers are not up to date."""
    said = []
    if not view.confirmed:
        reasons = joined(reason_lines(view.reason or "", lang), "sentences", lang)
        said.append(text("web.finding.unconfirmed", day=view.last_seen, reasons=reasons))
    case_no = (view.case_no or "").split(";")[0] or None
    for (reason,) in engine.rows(_ANSWER, {"rule": view.rule, "case_no": case_no}):
        said.extend(reason_lines(reason or "", lang))
    for row in rows(engine, "source_states"):
        if row["dataset"] in rule.sources and row["state"] != "in_force":
            said.append(
                text(
                    f"web.source_state.{row['state']}_of",
                    source=source_name(row["dataset"], lang),
                    day=_day(row["data_date"]),
                )
            )
    return list(dict.fromkeys(said))


def _event(event: Event, names: Mapping[str, str]) -> dict[str, str]:
    if event.by_name:
        return _said(event, names)
    return {
        "day": event.as_of.isoformat(),
        "kind": text(f"web.event.{event.kind.value}"),
        "reason": joined(reason_lines(event.reason or "", language()), "sentences"),
        "by": text("web.event.by_run"),
    }


def _said(event: Event, names: Mapping[str, str]) -> dict[str, str]:
    """What a person said, when they said it (Asia/Shanghai), by their full name."""
    said, at = Said.read(event.reason), event.recorded_at
    outcome = text(f"reports.outcomes.{said.outcome}") if said.outcome else ""
    parts = [
        labelled(text("web.decide.heard"), said.heard) if said.heard else "",
        said.note,
        text("web.decide.until", day=event.expires_on) if event.expires_on else "",
    ]
    kind = text(f"web.event.{event.kind.value}")
    if said.to:
        kind = text("web.event.handed_over_to", name=names.get(said.to, said.to))
    return {
        "day": f"{at.astimezone(HERE):%Y-%m-%d %H:%M}" if at else event.as_of.isoformat(),
        "kind": labelled(kind, outcome) if outcome else kind,
        "reason": joined([part for part in parts if part], "sentences"),
        "by": names.get(event.by_name or "", event.by_name or ""),
    }


def _day(value: date | None) -> str:
    return value.isoformat() if value else "—"
