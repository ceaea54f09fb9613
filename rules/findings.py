"""Findings from a rule's rows: grouped, graded, with their evidence and its hash."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from domain.answers import FindingGrade, LinkGrade
from domain.errors import HeduiError
from rules.interface import dataset_of
from rules.named import Named
from rules.rule import OWN_COLUMNS, Rule
from rules.rule_fields import MAIN_SENTENCE

Row = Mapping[str, Any]
RecordKey = tuple[int, str | None, str | None]
Key = tuple[str | None, int | None, str | None, int | None, str]
MEMBERS: Final = "civil_affairs.members"
_HOUSEHOLDS: Final = "civil_affairs.households"
_APPLICATIONS: Final = "civil_affairs.applications"
_OF_RECORD: Final = (
    "dataset", "data_date", "business_date", "file_name", "row_no", "role", "link_grade", "why",
)  # fmt: skip
_WITHOUT_PLACE: Final = ("dataset", "role", "sentence", "facts")


@dataclass(frozen=True, slots=True)
class MemberPlace:
    """Where the member row stands that a record is linked to."""

    seq: int
    business_date: date
    file_name: str
    row_no: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record stands in a delivery, why it is linked, to which member row; whom it names."""

    business_date: date
    file_name: str
    row_no: int
    why: str | None
    listed: MemberPlace | None
    named: tuple[Named, ...] = ()


def place_of(
    business_date: date, file_name: str, row_no: int, why: str | None, seq: int | None, *listed: Any
) -> Place:
    """The place of a record as ``judging/record_place.sql`` gives it."""
    member = None if seq is None else MemberPlace(seq, *listed)
    return Place(business_date, file_name, row_no, why, member)


@dataclass(frozen=True, slots=True)
class Registers:
    """As of when each register speaks: ``states`` by dataset, absent where none is in force.

    ``applications`` are the cases that are applications, with the date of their rows: what a case's
    book would say of a household, the application says of these.
    """

    states: Mapping[str, date]
    applications: Mapping[str, date]

    def state_of(self, dataset: str, row_date: date) -> date:
        """The state of the register that a row is from; of people typed in, the row's own day."""
        return max(self.states.get(dataset, row_date), row_date)

    def named(self, dataset: str, case_no: str | None) -> dict[str, Any]:
        """A register that a sentence names, and its state, for the case the sentence is about."""
        state = self.states.get(dataset)
        applied = self.applications.get(case_no or "")
        if applied is not None and dataset in (_HOUSEHOLDS, MEMBERS):
            dataset, state = _APPLICATIONS, self.state_of(_APPLICATIONS, applied)
        return {"dataset": dataset, "data_date": state.isoformat() if state else None}


@dataclass(frozen=True, slots=True)
class Draft:
    """A finding before it is told who it is about: its rule, its key and its rows in order."""

    rule: Rule
    case_no: str | None
    seq: int | None
    household_no: str | None
    person_id: int | None
    period: str
    rows: tuple[Row, ...]

    @property
    def case_nos(self) -> tuple[str, ...]:
        """The cases concerned; several in duplicate_benefit."""
        return tuple(self.case_no.split(";")) if self.case_no else ()

    @property
    def grade(self) -> FindingGrade:
        """Flag, unless the rule says verify or a link is not certain as the rule asks."""
        if any(row.get("verify_only") for row in self.rows):
            return FindingGrade.VERIFY
        links = [row["link_grade"] for row in self.rows if row.get("link_grade")]
        certain = [grade == LinkGrade.CERTAIN for grade in links]
        is_certain = (any if self.rule.any_certain_link else all)(certain) if certain else True
        return FindingGrade.FLAG if is_certain else FindingGrade.VERIFY

    @property
    def at_risk_yuan(self) -> Decimal | None:
        """The amount at risk in yuan; None where the agreement has none or it is not known."""
        return next(
            (r["at_risk_yuan"] for r in self.rows if r.get("at_risk_yuan") is not None), None
        )

    def evidence(
        self, places: Mapping[RecordKey, Place], registers: Registers
    ) -> list[dict[str, Any]]:
        """The evidence objects, in the rule's order."""
        return [self._object(row, places, registers) for row in self.rows]

    def record_keys(self) -> Iterable[RecordKey]:
        """The records behind the finding, as ``(record_id, role, case_no)``."""
        for row in self.rows:
            if row.get("record_id") is not None:
                yield row["record_id"], row.get("role"), row.get("case_no")

    def _object(
        self, row: Row, places: Mapping[RecordKey, Place], registers: Registers
    ) -> dict[str, Any]:
        record_id = row.get("record_id")
        named: tuple[Named, ...] = ()
        shown: dict[str, Any] = dict.fromkeys(_OF_RECORD)
        if record_id is not None:
            place = places[record_id, row.get("role"), row.get("case_no")]
            dataset = dataset_of(record_id).name
            shown |= {
                "dataset": dataset,
                "data_date": registers.state_of(dataset, place.business_date).isoformat(),
                "business_date": place.business_date.isoformat(),
                "file_name": place.file_name,
                "row_no": place.row_no,
                "role": row.get("role"),
                "link_grade": row.get("link_grade"),
                "why": place.why if row.get("link_grade") else None,
            }
            if place.listed:
                shown["listed"] = _listed(place.listed)
            named = place.named
        if row.get("sentence"):
            shown["sentence"] = row["sentence"]
        shown["facts"] = self._facts(row)
        told = self.rule.registers_named(row.get("sentence") or MAIN_SENTENCE)
        if told:
            case_no = row.get("case_no")
            shown["registers"] = {name: registers.named(name, case_no) for name in told}
        if named:
            shown["named"] = [one.as_evidence() for one in named]
        return shown

    def _facts(self, row: Row) -> dict[str, Any]:
        return {
            name: plain(row[name], self.rule.facts[name])
            for name in row
            if name not in OWN_COLUMNS and row[name] is not None
        }


def _listed(member: MemberPlace) -> dict[str, Any]:
    return {
        "dataset": MEMBERS,
        "seq": member.seq,
        "business_date": member.business_date.isoformat(),
        "file_name": member.file_name,
        "row_no": member.row_no,
    }


def plain(value: Any, kind: str) -> Any:
    """A fact's value as JSON holds it: dates and months ISO, decimals as text, the rest as is."""
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return value.isoformat()[:7] if kind == "month" else value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:.2f}" if kind.split(":")[0] == "yuan" else f"{value.normalize():f}"
    if isinstance(value, float):
        return f"{value:.4f}".rstrip("0").rstrip(".")
    return value


def check_columns(rule: Rule, columns: Iterable[str]) -> None:
    """Raise HeduiError for a column of a rule's rows that is neither agreed nor a fact."""
    for column in columns:
        if column not in OWN_COLUMNS and column not in rule.facts:
            raise HeduiError("rules_fact_undeclared", rule=rule.id, name=column)


def draft_findings(rule: Rule, rows: Sequence[Row]) -> list[Draft]:
    """The findings in ``rows`` (those that say found), in the order of their first rows."""
    grouped: dict[Key, list[Row]] = {}
    for row in rows:
        if row.get("answer") in (None, "found"):
            grouped.setdefault(_key(rule, row), []).append(row)
    return [Draft(rule, *key, rows=tuple(group)) for key, group in grouped.items()]


def _key(rule: Rule, row: Row) -> Key:
    seq = row.get("seq") if rule.per == "person" else None
    has_person = rule.per in ("person", "resident")
    return (
        row.get("case_no") if rule.is_on_cases else None,
        seq,
        None if rule.is_on_cases else row.get("household_no"),
        row.get("person_id") if has_person and seq is None else None,
        row.get("period") or "",
    )


def evidence_json(evidence: Sequence[Mapping[str, Any]]) -> str:
    """The evidence as stored: compact JSON, Chinese as it is."""
    return json.dumps(evidence, ensure_ascii=False, separators=(",", ":"))


def evidence_hash(rule: Rule, evidence: Sequence[Mapping[str, Any]]) -> str:
    """SHA-256 over the facts behind a finding, whatever file or night they came in."""
    facts = [{name: item.get(name) for name in _WITHOUT_PLACE} for item in evidence]
    ordered = sorted(json.dumps(fact, ensure_ascii=False, sort_keys=True) for fact in facts)
    return hashlib.sha256("\n".join((rule.id, *ordered)).encode()).hexdigest()
