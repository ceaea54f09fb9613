"""Random small worlds: tables of one night in which every rule's boundaries are drawn often.

A batch holds many worlds side by side, with people and cases of their own, under one set of source
states; so thousands of households are judged in one run. Everything follows from the seed.
"""

import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from domain.record_id import first_record_id
from rules.interface import DATASETS

Row = dict[str, Any]
AS_OF_DAYS = (
    date(2026, 11, 20),
    date(2026, 3, 31),
    date(2025, 12, 31),
    date(2026, 2, 28),
    date(2028, 2, 29),
)
STATES = ("missing", "stale", "held")
_TABLE = {dataset.name: dataset.table for dataset in DATASETS}
_PLACE = {dataset.name: place for place, dataset in enumerate(DATASETS, 1)}
_SERIAL = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"


@dataclass
class Person:
    """A human being of a world, who may stand in the register, in cases, or in neither."""

    person_id: int
    name: str
    birth_date: date
    id_no: str | None
    register_rows: list[Row] = field(default_factory=list)


def made_up_number(birth: date, serial: int) -> str:
    """Eighteen characters that begin with 99 and hold the birth date; unlike any other's."""
    tail = ""
    for _ in range(4):
        serial, place = divmod(serial, len(_SERIAL))
        tail = _SERIAL[place] + tail
    return f"990102{birth:%Y%m%d}{tail}"


class Batch:
    """The tables of one night as they grow, world by world."""

    def __init__(self, rng: random.Random, as_of: date, division: str = "990102") -> None:
        self.rng = rng
        self.as_of = as_of
        self.division = division
        self.tables: dict[str, list[Row]] = defaultdict(list)
        self.people: list[Person] = []
        self.world = 0

    # --- drawing ---

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def pick(self, *values: Any) -> Any:
        return self.rng.choice(values)

    def weighted(self, **weights: float) -> str:
        """A name drawn by weight; an underscore before a digit makes a code a name (_1: '1')."""
        names, shares = list(weights), list(weights.values())
        return self.rng.choices(names, shares)[0].lstrip("_")

    # --- adding ---

    def person(self, birth_date: date) -> Person:
        """A new person; one in twenty has no usable number."""
        person_id = len(self.people) + 1
        number = made_up_number(birth_date, person_id) if self.chance(0.95) else None
        person = Person(person_id, f"测{person_id}", birth_date, number)
        self.people.append(person)
        return person

    def record(self, dataset: str, row: Row) -> Row:
        """Add a row of a dataset; it gets its record id, place and remarks."""
        table = self.tables[f"clean.{_TABLE[dataset]}"]
        place = len(table) + 1
        row = {
            "record_id": first_record_id(_PLACE[dataset]) + place,
            "business_date": self.as_of,
            "file_name": "part-000.csv",
            "row_no": place,
            "remarks": [],
            **row,
        }
        table.append(row)
        return row

    def of(self, person: Person | None, dataset: str, role: str, row: Row, **also: Row) -> Row:
        """Add a row naming a person, linked to that person (now and then only probably)."""
        names = {"name": f"外{self.rng.randrange(10**6)}", "id_no": None}
        if person:
            names = {"name": person.name, "id_no": person.id_no}
        row = self.record(dataset, {**names, "name_raw": names["name"], **row})
        if person:
            self.link(row, dataset, role, person, "certain" if self.chance(0.9) else "probable")
        return row

    def link(self, row: Row, dataset: str, role: str, person: Person, grade: str) -> None:
        self.tables["linked.person_record"].append(
            {
                "record_id": row["record_id"],
                "dataset": dataset,
                "role": role,
                "person_id": person.person_id,
                "grade": grade,
                "score": 99.0 if grade == "certain" else 20.0,
                "why": "number_and_name" if grade == "certain" else "name_and_birth_date",
            }
        )

    def subject(self, row: Row, person: Person) -> None:
        """The subject that a member row is; its link to the person is now and then probable."""
        subjects = self.tables["linked.subject"]
        subjects.append(
            {
                "subject_id": len(subjects) + 1,
                "kind": "case",
                "case_no": row["case_no"],
                "seq": row["seq"],
                "record_id": row["record_id"],
                "person_id": person.person_id,
                "person_grade": "certain" if self.chance(0.92) else "probable",
            }
        )

    def set_aside(self, dataset: str, person: Person | None = None, case_no: str = "") -> None:
        """A row that could not be read, of a person or of a case."""
        if person:
            self.tables["linked.unchecked"].append(
                {"dataset": dataset, "person_id": person.person_id, "reason": "required_blank"}
            )
        if case_no:
            place = len(self.tables["clean.set_aside"]) + 1
            self.tables["clean.set_aside"].append(
                {"dataset": dataset, "record_id": place, "row_no": place, "case_no": case_no}
            )

    # --- finishing ---

    def finish(self, states: dict[str, str]) -> dict[str, list[Row]]:
        """The tables with the links of subjects, the people, and the sources in their states.

        What is not in force leaves no row and no link.
        """
        gone = {dataset for dataset, state in states.items() if state != "in_force"}
        for dataset in gone:
            self.tables[f"clean.{_TABLE[dataset]}"] = []
        self._keep("linked.person_record", lambda row: row["dataset"] not in gone)
        self._keep("linked.unchecked", lambda row: row["dataset"] not in gone)
        self._keep("clean.set_aside", lambda row: row["dataset"] not in gone)
        if "civil_affairs.members" in gone:
            self.tables["linked.subject"] = []
        self._add_subject_records()
        self._add_people("public_security.population" in gone)
        self.tables["clean.source_status"] = [
            {"dataset": d.name, "state": states[d.name], "data_date": self.as_of} for d in DATASETS
        ]
        return dict(self.tables)

    def _keep(self, table: str, keep: Any) -> None:
        self.tables[table] = [row for row in self.tables[table] if keep(row)]

    def _add_subject_records(self) -> None:
        subjects: dict[int, list[Row]] = defaultdict(list)
        for subject in self.tables["linked.subject"]:
            subjects[subject["person_id"]].append(subject)
        for link in self.tables["linked.person_record"]:
            for subject in subjects[link["person_id"]]:
                is_sure = {link["grade"], subject["person_grade"]} == {"certain"}
                row = {name: link[name] for name in link if name != "person_id"}
                row |= {"subject_id": subject["subject_id"]}
                row |= {"grade": "certain" if is_sure else "probable"}
                self.tables["linked.subject_record"].append(row)

    def _add_people(self, is_register_gone: bool) -> None:
        for person in self.people:
            row = None if is_register_gone else present_row(person.register_rows)
            self.tables["linked.person"].append(
                {
                    "person_id": person.person_id,
                    "person_key": f"K{person.person_id}",
                    "id_no": person.id_no,
                    "name": person.name,
                    "birth_date": row["birth_date"] if row else person.birth_date,
                    "register_record_id": row["record_id"] if row else None,
                    "household_no": row["household_no"] if row else None,
                    "relation": row["relation"] if row else None,
                    "residence_kind": row["residence_kind"] if row else None,
                    "township_code": row["township_code"] if row else None,
                    "person_status": row["person_status"] if row else None,
                    "status_date": row["status_date"] if row else None,
                }
            )


def present_row(rows: Iterable[Row]) -> Row | None:
    """The register row that speaks of now: RYZT 0 before others, then the newest date."""

    def place(row: Row) -> tuple[object, ...]:
        day = row["status_date"] or date.min
        return (row["person_status"] != "0", -day.toordinal(), row["record_id"])

    return min(rows, key=place, default=None)


def shuffled(tables: dict[str, list[Row]], rng: random.Random) -> dict[str, list[Row]]:
    """The same rows in another order."""
    return {name: rng.sample(rows, len(rows)) for name, rows in tables.items()}


def source_states(rng: random.Random, datasets: Sequence[str], share: float) -> dict[str, str]:
    """A state for each dataset; a ``share`` of them is not in force."""
    return {name: rng.choice(STATES) if rng.random() < share else "in_force" for name in datasets}
