"""People typed in at the counter: who of the registers they are, by the linking's own means.

Their rows are put as the night's applications are (``matchers.identify``). Whom no register of
people knows is a person of their own, to whom records under the same number and an agreeing name
are tied. Nobody is looked for by name alone: a namesake's car would hang on a poor man.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from domain.identity import birth_date, read_identity_number
from domain.names import fold_name, names_agree
from domain.record_id import first_record_id
from matchers.identify import Identified
from matchers.identify import identify as identify_people
from rules.household import (
    TYPED_LINK,
    TYPED_MEMBER,
    TYPED_PERSON,
    TYPED_SUBJECT,
    TypedPeople,
)
from rules.interface import number_of
from store.engines.duckdb import DuckDBEngine
from store.snapshot import made_by_this_version, show_snapshot

CASE_NO: Final = "typed-in"
_FOLDER: Final = Path(__file__).parent / "household_sql"
_NEW: Final = 1 << 40  # person and subject ids that no night gives
_APPLICATIONS: Final = "civil_affairs.applications"
_FILE: Final = "typed-in"


@dataclass(frozen=True, slots=True)
class TypedPerson:
    """One person as typed in; ``relation`` and ``member_kind`` are codes of the agreement."""

    name: str
    id_no: str
    relation: str
    member_kind: str = "1"
    declared_income_yuan: Decimal | None = None
    authorised_on: date | None = None


@dataclass(frozen=True, slots=True)
class TypedHousehold:
    """A household typed in: where it lives, what it asks for, who belongs to it."""

    township_code: str
    scheme: str
    people: tuple[TypedPerson, ...]


def identify(
    snapshot: Path, household: TypedHousehold, *, as_of: date, spill_to: Path
) -> TypedPeople:
    """The typed-in people as the world of a household takes them; ``snapshot`` is a sealed file.

    Raises HeduiError ``snapshot_older``, ``snapshot_unreadable``.
    """
    members = [_member(place, one, household, as_of) for place, one in enumerate(household.people)]
    with DuckDBEngine(spill_to=spill_to) as engine, made_by_this_version(snapshot.name):
        show_snapshot(engine, snapshot)
        found = identify_people(engine, _as_applications(members), as_of)
        subjects = [_subject(row, found[row["seq"]]) for row in members]
        alone = _alone(members, found)
        links = [link for row in alone for link in _links_by_number(engine, row)]
    return TypedPeople(
        members=pa.Table.from_pylist(members, TYPED_MEMBER),
        subjects=pa.Table.from_pylist(subjects, TYPED_SUBJECT),
        persons=pa.Table.from_pylist(alone, TYPED_PERSON),
        links=pa.Table.from_pylist(links, TYPED_LINK),
    )


def _as_applications(members: Sequence[Mapping[str, Any]]) -> pa.Table:
    names = [name for name in TYPED_MEMBER.names if name != "case_no"]
    table = pa.Table.from_pylist(list(members), TYPED_MEMBER)
    return table.select(names).append_column("application_no", table.column("case_no"))


def _subject(row: Mapping[str, Any], who: Identified) -> dict[str, Any]:
    return {
        "subject_id": _NEW + row["seq"], "case_no": CASE_NO, "seq": row["seq"],
        "record_id": row["record_id"], "person_id": who.person_id, "person_grade": who.grade,
        "why": who.why,
    }  # fmt: skip


def _alone(
    members: Sequence[Mapping[str, Any]], found: Mapping[int, Identified]
) -> list[dict[str, Any]]:
    """Those whom no register of people knows, each once, from the first row that is theirs."""
    persons: dict[int, dict[str, Any]] = {}
    for row in members:
        who = found[row["seq"]]
        if who.person_id is not None and who.own_number and who.person_id not in persons:
            persons[who.person_id] = _new_person(row, who.person_id, who.own_number)
    return list(persons.values())


def _member(place: int, one: TypedPerson, household: TypedHousehold, as_of: date) -> dict[str, Any]:
    number = read_identity_number(one.id_no, as_of)
    seq = place + 1
    return {
        "record_id": first_record_id(number_of(_APPLICATIONS)) + seq,
        "business_date": as_of,
        "file_name": _FILE,
        "row_no": seq,
        "remarks": [],
        "case_no": CASE_NO,
        "scheme": household.scheme,
        "township_code": household.township_code,
        "seq": seq,
        "name": fold_name(one.name) or None,
        "name_raw": one.name,
        "id_no": number.number,
        "id_no_raw": one.id_no or None,
        "id_no_text": number.text,
        "id_no_status": number.status.value,
        "relation": one.relation,
        "member_kind": one.member_kind,
        "declared_income_yuan": one.declared_income_yuan,
        "authorised_date": one.authorised_on,
    }


def _new_person(row: Mapping[str, Any], person_id: int, number: str) -> dict[str, Any]:
    return {
        "person_id": person_id,
        "person_key": f"{CASE_NO}#{row['seq']}",
        "id_no": number,
        "name": row["name"],
        "birth_date": birth_date(number),
    }


def _links_by_number(engine: DuckDBEngine, person: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Records under the person's number and an agreeing name: certain, as in the night."""
    found = engine.rows(_query("typed_link"), {"id_no": person["id_no"]})
    agreed = [(*record, names_agree(person["name"], name)) for *record, name in found]
    return [
        {
            "record_id": record_id, "dataset": dataset, "role": role,
            "person_id": person["person_id"], "grade": "certain", "score": 99.0,
            "why": f"number:equal name:{agreement.value}",
        }
        for dataset, role, record_id, agreement in agreed
        if agreement.agrees
    ]  # fmt: skip


@cache
def _query(name: str) -> str:
    return (_FOLDER / f"{name}.sql").read_text(encoding="utf-8")
