"""People typed in at the counter: who of the registers they are, by the linking's own means.

Certain where the number is valid and the register (or civil affairs' own rows) has it under a name
that agrees; probable where the number is damaged, exactly one person bears a number it may stand
for, and the names agree. Nobody is looked for by name alone: a namesake's car would hang on a poor
man.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from domain.identity import read_identity_number
from domain.names import fold_name, names_agree
from matchers.repairs import repairs
from rules.household import (
    TYPED_LINK,
    TYPED_MEMBER,
    TYPED_PERSON,
    TYPED_SUBJECT,
    TypedPeople,
)
from rules.interface import DATASETS, number_of
from store.engines.duckdb import DuckDBEngine

CASE_NO: Final = "typed-in"
_FOLDER: Final = Path(__file__).parent / "household_sql"
_NEW: Final = 1 << 40  # person and subject ids that no night gives
_APPLICATIONS: Final = "civil_affairs.applications"
_FILE: Final = "typed-in"
_ELSEWHERE: Final = frozenset(
    {
        "civil_affairs.households", "civil_affairs.members", "civil_affairs.applications",
        "public_security.population",
    }
)  # fmt: skip


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


@dataclass(frozen=True, slots=True)
class _Identified:
    person_id: int | None
    grade: str
    is_new: bool = False


def identify(engine: DuckDBEngine, household: TypedHousehold, *, as_of: date) -> TypedPeople:
    """The typed-in people as the world of a household takes them.

    ``engine`` reads the snapshot. Who is nowhere in the registers of people is a person of their
    own, to whom records under the same number and an agreeing name are tied.
    """
    members = [_member(place, one, household, as_of) for place, one in enumerate(household.people)]
    subjects, persons, links = [], [], []
    for row in members:
        who = _identify(engine, row, as_of)
        subjects.append(
            {
                "subject_id": _NEW + row["seq"], "case_no": CASE_NO, "seq": row["seq"],
                "record_id": row["record_id"], "person_id": who.person_id,
                "person_grade": who.grade,
            }
        )  # fmt: skip
        if who.is_new and who.person_id is not None:
            persons.append(_new_person(row, who.person_id))
            links.extend(_links_by_number(engine, row, who.person_id))
    return TypedPeople(
        members=pa.Table.from_pylist(members, TYPED_MEMBER),
        subjects=pa.Table.from_pylist(subjects, TYPED_SUBJECT),
        persons=pa.Table.from_pylist(persons, TYPED_PERSON),
        links=pa.Table.from_pylist(links, TYPED_LINK),
    )


def _member(place: int, one: TypedPerson, household: TypedHousehold, as_of: date) -> dict[str, Any]:
    number = read_identity_number(one.id_no, as_of)
    seq = place + 1
    return {
        "record_id": (number_of(_APPLICATIONS) << 57) + seq,
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


def _identify(engine: DuckDBEngine, row: Mapping[str, Any], as_of: date) -> _Identified:
    if row["id_no"] is not None:
        agreeing = _bearers(engine, [row["id_no"]], row["name"])
        if len(agreeing) == 1:
            return _Identified(agreeing[0], "certain")
        return _Identified(_NEW + row["seq"], "certain", is_new=True)
    if row["id_no_text"] is not None:
        numbers = repairs([row["id_no_text"]], as_of).column("id_no").to_pylist()
        agreeing = _bearers(engine, numbers, row["name"])
        if len(agreeing) == 1:
            return _Identified(agreeing[0], "probable")
    return _Identified(None, "none")


def _bearers(engine: DuckDBEngine, numbers: Sequence[str], name: str | None) -> list[int]:
    """The persons who bear one of the numbers under a name, present or former, that agrees."""
    if not numbers or not name:
        return []
    found = engine.rows(_query("typed_bearer"), {"numbers": list(numbers)})
    return sorted(
        {person_id for person_id, known, former in found if names_agree(name, known, former).agrees}
    )


def _new_person(row: Mapping[str, Any], person_id: int) -> dict[str, Any]:
    number = row["id_no"]
    return {
        "person_id": person_id,
        "person_key": f"{CASE_NO}#{row['seq']}",
        "id_no": number,
        "name": row["name"],
        "birth_date": date(int(number[6:10]), int(number[10:12]), int(number[12:14])),
    }


def _links_by_number(
    engine: DuckDBEngine, row: Mapping[str, Any], person_id: int
) -> list[dict[str, Any]]:
    """Records under the person's own number and an agreeing name: certain, as in the night."""
    links = []
    for dataset in DATASETS:
        if dataset.name in _ELSEWHERE:
            continue
        for role, prefix in _roles(dataset.name, dataset.roles):
            query = _query("typed_link").replace("{table}", dataset.table)
            query = query.replace("{prefix}", prefix)
            for record_id, name in engine.rows(query, {"id_no": row["id_no"]}):
                if names_agree(row["name"], name).agrees:
                    links.append(
                        {
                            "record_id": record_id, "dataset": dataset.name, "role": role,
                            "person_id": person_id, "grade": "certain", "score": 99.0,
                            "why": "number:equal name:same",
                        }
                    )  # fmt: skip
    return links


def _roles(dataset: str, roles: Sequence[str]) -> list[tuple[str, str]]:
    """Roles with the prefix of their columns: a marriage has two people, all others one."""
    if len(roles) > 1:
        return [(role, f"{role}_") for role in roles]
    return [(roles[0], "")]


@cache
def _query(name: str) -> str:
    return (_FOLDER / f"{name}.sql").read_text(encoding="utf-8")
