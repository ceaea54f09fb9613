"""The same engine for one household, now: what the registers hold of it in the snapshot in force.

Of cases and applications the night has asked every rule already, and its answers stand in the
snapshot: a check reads them. People typed in are cut out into a small world of their own and asked
by the same code. ``ask_again`` puts any household through that second way, so that the two can be
held against each other.
"""

import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from pipelines.applicants import applicant_rules, keep_incomes
from pipelines.typed_people import TypedHousehold, identify
from reports.check_answer import (
    FindingAnswer,
    HouseholdAnswer,
    IncomeAnswer,
    PersonAnswer,
    RuleAnswer,
    SourceAnswer,
)
from rules.engine import Scope, evaluate
from rules.household import APPLICATION, CASE, PERSONS, Household, cut_out
from rules.parameters import Policy, load_policy
from rules.rule import Catalogue
from store.engines.duckdb import DuckDBEngine
from store.engines.small import SmallEngine
from store.snapshot_desk import SNAPSHOT, SnapshotDesk

_FOLDER: Final = Path(__file__).parent / "household_sql"
_OWN: Final = frozenset(
    {"civil_affairs.households", "civil_affairs.members", "civil_affairs.applications"}
)
_POLICIES_KEPT: Final = 4
_THREAD: Final = threading.local()


@dataclass(frozen=True, slots=True)
class _Places:
    """In which catalogues and tables an answer's parts lie."""

    stated: str
    linked: str
    judged: str
    findings: str
    answers: str


_NIGHT: Final = {
    CASE: _Places(SNAPSHOT, SNAPSHOT, SNAPSHOT, "judged.finding", "judged.answer"),
    APPLICATION: _Places(SNAPSHOT, SNAPSHOT, SNAPSHOT, "checking.finding", "checking.answer"),
}
_SMALL: Final = _Places("memory", "memory", "memory", "judged.finding", "judged.answer")


def read_answer(
    engine: DuckDBEngine, household: Household, *, as_of: date, snapshot: str
) -> HouseholdAnswer | None:
    """What the night answered of a case or application; None where the snapshot has no such one.

    ``engine`` is a reader of the snapshot (``SnapshotDesk.reading``).
    """
    return _answer(engine, household, _NIGHT[household.kind], as_of, snapshot)


def ask_again(
    desk: SnapshotDesk,
    household: Household,
    *,
    catalogue: Catalogue,
    as_of: date,
    typed: TypedHousehold | None = None,
) -> HouseholdAnswer | None:
    """Ask the rules anew of one household cut out of the snapshot, by the code of the night.

    ``typed``: the people, where the household was typed in.
    """
    small = _small_engine()
    with desk.reading() as reading:
        people = identify(reading.engine, typed, as_of=as_of) if typed is not None else None
        policies = policies_of(reading.engine, reading.snapshot)
        cut_out(reading.engine, small, [household], typed=people)
        snapshot = reading.snapshot
    rules = catalogue if household.kind == CASE else catalogue.only(*applicant_rules())
    scope = Scope(frozenset({household.case_no}))
    evaluate(small, catalogue=rules, policies=policies, as_of=as_of, scope=scope)
    keep_incomes(small)
    return _answer(small, household, _SMALL, as_of, snapshot)


def _small_engine() -> SmallEngine:
    """This thread's engine for a few rows; it keeps its plans from one household to the next."""
    engine: SmallEngine | None = getattr(_THREAD, "engine", None)
    if engine is None:
        engine = _THREAD.engine = SmallEngine()
    return engine


def policies_of(engine: DuckDBEngine, snapshot: str) -> tuple[Policy, ...]:
    """The policies of the night that made the snapshot."""
    if snapshot not in _POLICIES:
        files = engine.rows(
            f"select file_name, content from {SNAPSHOT}.checking.policy order by file_name"  # noqa: S608
        )
        if len(_POLICIES) >= _POLICIES_KEPT:
            _POLICIES.clear()
        _POLICIES[snapshot] = tuple(_policy(name, content) for name, content in files)
    return _POLICIES[snapshot]


_POLICIES: Final[dict[str, tuple[Policy, ...]]] = {}


def _policy(name: str, content: str) -> Policy:
    with tempfile.TemporaryDirectory(prefix="hedui-policy-") as folder:
        path = Path(folder) / Path(name).name
        path.write_text(content, encoding="utf-8")
        return load_policy(path)


def _answer(
    engine: DuckDBEngine, household: Household, places: _Places, as_of: date, snapshot: str
) -> HouseholdAnswer | None:
    own = {"case_no": household.case_no}
    book = CASE if household.kind == PERSONS else household.kind
    stated = _rows(engine, "answer_household", places, **own, kind=book)
    if not stated:
        return None
    head = stated[0]
    people = tuple(
        PersonAnswer(**row)
        for row in _rows(engine, "answer_people", places, **own, kind=book, as_of=as_of)
    )
    income = _rows(engine, "answer_income", places, **own)
    return HouseholdAnswer(
        kind=household.kind,
        case_no=household.case_no,
        scheme=head["scheme"],
        township_code=head["township_code"],
        benefit_status=head["benefit_status"],
        address=head["address"],
        data_date=head["business_date"],
        as_of=as_of,
        snapshot=snapshot,
        people=people,
        sources=tuple(_sources(engine, places, people)),
        rules=tuple(RuleAnswer(**row) for row in _rows(engine, "answer_rules", places, **own)),
        findings=tuple(
            FindingAnswer(**row) for row in _rows(engine, "answer_findings", places, **own)
        ),
        income=IncomeAnswer(**income[0]) if income else None,
    )


def _sources(
    engine: DuckDBEngine, places: _Places, people: Sequence[PersonAnswer]
) -> list[SourceAnswer]:
    states = _rows(engine, "answer_states", places)
    known = [one for one in people if one.subject_id is not None]
    found = {
        (row["subject_id"], row["dataset"]): row
        for row in _rows(
            engine,
            "answer_sources",
            places,
            first=min((one.subject_id or 0 for one in known), default=0),
            last=max((one.subject_id or 0 for one in known), default=0),
            subject_ids=[one.subject_id for one in known],
            person_ids=[one.person_id for one in known],
        )
    }
    return [
        _source(person, status, found.get((person.subject_id, status["dataset"])))
        for person in people
        for status in states
        if status["dataset"] not in _OWN
    ]


def _source(
    person: PersonAnswer, status: dict[str, Any], found: dict[str, Any] | None
) -> SourceAnswer:
    state, records = _state(person, status["state"], found)
    return SourceAnswer(person.seq, status["dataset"], state, records, status["data_date"])


def _state(
    person: PersonAnswer, source_state: str, found: dict[str, Any] | None
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


@cache
def _text(name: str) -> str:
    return (_FOLDER / f"{name}.sql").read_text(encoding="utf-8")


def _rows(
    engine: DuckDBEngine, name: str, places: _Places, **values: object
) -> list[dict[str, Any]]:
    sql = _text(name)
    for place in ("stated", "linked", "judged", "findings", "answers"):
        sql = sql.replace(f"{{{place}}}", getattr(places, place))
    cursor = engine.connection.execute(sql, values or None)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
