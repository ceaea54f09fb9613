"""The ready answers (`checking.sheet`): made for all households of a night, read for one."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final

from reports.check_answer import (
    FindingAnswer,
    HouseholdAnswer,
    IncomeAnswer,
    PersonAnswer,
    RuleAnswer,
    SourceAnswer,
)
from rules.household import CASE, PERSONS, Household
from store.engines.engine import Engine

_FOLDER: Final = Path(__file__).parent / "household_sql"
_JUDGED: Final = ("judged.finding", "judged.answer")
_OWN: Final = frozenset(
    {"civil_affairs.households", "civil_affairs.members", "civil_affairs.applications"}
)
_DATES: Final = frozenset({"authorised_date", "data_date"})
SourceStates = Sequence[tuple[str, str, date | None]]
_Row = dict[str, Any]


def make_sheets(engine: Engine, as_of: date, *, with_applications: bool = False) -> None:
    """Make ``checking.sheet`` of ``judged`` and ``checking.counted_member``, incomes and lines.

    ``with_applications``: what was found of applications lies in ``checking`` and not in
    ``judged``, as it does in a night.
    """
    sql = _text("sheet")
    for name, table in zip(("findings", "answers"), _JUDGED, strict=True):
        other = table.replace("judged", "checking")
        both = f"(select * from {table} union all by name select * from {other})"  # noqa: S608
        sql = sql.replace(f"{{{name}}}", both if with_applications else table)
    engine.create_table("checking.sheet", sql, {"as_of": as_of})


def source_states(engine: Engine) -> SourceStates:
    """Each register's state and as-of date."""
    return [(row[0], row[1], row[2]) for row in engine.rows(_text("source_states"))]


def read_sheet(
    engine: Engine,
    household: Household,
    states: SourceStates,
    *,
    as_of: date,
    snapshot: str,
    covers: Callable[[str | None], bool] = lambda _: True,
) -> HouseholdAnswer | None:
    """The answer about one household; None where there is none, or ``covers`` denies its township.

    Of a denied one no more is made than of one that is not there.
    """
    book = CASE if household.kind == PERSONS else household.kind
    own = {"case_no": household.case_no, "kind": book}
    written = engine.rows(_text("sheet_of"), own)
    heads = [json.loads(content) for part, content in written if part == "household"]
    if not heads or not covers(heads[0]["township_code"]):
        return None
    parts: dict[str, list[Any]] = {}
    for part, content in written:
        parts.setdefault(part, []).append(json.loads(content))
    people = tuple(_person(row) for row in parts.get("person", ()))
    seen = [row for rows in parts.get("seen", ()) for row in rows]
    income = parts.get("income")
    return HouseholdAnswer(
        **_typed(parts["household"][0]),
        kind=household.kind,
        case_no=household.case_no,
        as_of=as_of,
        snapshot=snapshot,
        people=people,
        sources=tuple(_sources(people, states, seen)),
        rules=tuple(RuleAnswer(**row) for rows in parts.get("rules", ()) for row in rows),
        findings=tuple(FindingAnswer(**_typed(row)) for row in parts.get("finding", ())),
        income=IncomeAnswer(**_typed(income[0])) if income else None,
    )


def _person(row: _Row) -> PersonAnswer:
    # Sheets of an earlier version do not say it: then a key that is a place on paper tells.
    row.setdefault("is_registered", "#" not in (row["person_key"] or "#"))
    return PersonAnswer(**_typed(row))


def _typed(row: _Row) -> _Row:
    """What JSON has no type for: dates, and amounts with their digits."""
    return {name: _value(name, value) for name, value in row.items()}


def _value(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in _DATES:
        return date.fromisoformat(value)
    return Decimal(value) if name.endswith(("_yuan", "_share")) else value


def _sources(
    people: Sequence[PersonAnswer], states: SourceStates, seen: Sequence[_Row]
) -> list[SourceAnswer]:
    found = {(row["subject_id"], row["dataset"]): row for row in seen}
    return [
        SourceAnswer(
            person.seq,
            dataset,
            *_state(person, source_state, found.get((person.subject_id, dataset))),
            data_date,
            *_unsure(person, source_state, found.get((person.subject_id, dataset))),
        )
        for person in people
        for dataset, source_state, data_date in states
        if dataset not in _OWN
    ]


def _state(
    person: PersonAnswer, source_state: str, found: Mapping[str, Any] | None
) -> tuple[str, int]:
    if not person.is_authorised:
        return "not_authorised", 0
    if source_state != "in_force":
        return {"missing": "not_received"}.get(source_state, source_state), 0
    if person.person_id is None:
        return "queried", 0
    if found is None:
        return "nothing_found", 0
    if found["found"]:
        return "found", found["found"]
    if found["is_unread"] or found["to_review"]:
        return "queried", found["to_review"]
    return "nothing_found", 0


def _unsure(
    person: PersonAnswer, source_state: str, found: Mapping[str, Any] | None
) -> tuple[int, str]:
    """How many of the records are the person's probably only, and why the least sure one is."""
    state, _ = _state(person, source_state, found)
    if state != "found" or found is None:
        return 0, ""
    return found["probable"], found["why"] or ""


@cache
def _text(name: str) -> str:
    return (_FOLDER / f"{name}.sql").read_text(encoding="utf-8")
