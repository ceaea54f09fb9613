"""A register and its records by hand, linked as a night links them."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pyarrow as pa

from domain.identity import CHECK_CHARACTERS, WEIGHTS, read_identity_number
from domain.names import fold_name
from matchers.link import link
from sources.assembly import assemble
from sources.contract import load_dictionary
from store.engines.duckdb import DuckDBEngine

AS_OF = date(2026, 11, 20)
DICTIONARY = load_dictionary()
POPULATION = "public_security.population"
MEMBERS = "civil_affairs.members"


def number(birth: str = "19700101", serial: int = 1, division: str = "990102") -> str:
    """A valid made-up identity number; an odd serial is a man's."""
    first = f"{division}{birth}{serial:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(first, WEIGHTS, strict=True))
    return first + CHECK_CHARACTERS[total % 11]


def slipped(valid: str, place: int = 12) -> str:
    """The number with one digit mistyped."""
    digit = str((int(valid[place]) + 3) % 10)
    return valid[:place] + digit + valid[place + 1 :]


OPENED: list[DuckDBEngine] = []
"""Engines of the test that is running; each test closes its own (conftest.py)."""


@dataclass(frozen=True)
class Link:
    grade: str
    score: float
    why: str


@dataclass
class World:
    """Rows by dataset, as delivered; ``link`` gives what the matcher makes of them."""

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    decisions: pa.Table | None = None
    engine: DuckDBEngine = field(default_factory=DuckDBEngine)

    def __post_init__(self) -> None:
        OPENED.append(self.engine)

    def add(self, dataset: str, **values: Any) -> int:
        """A row of a dataset, by our column names; its record_id."""
        contract = DICTIONARY[dataset]
        rows = self.rows.setdefault(dataset, [])
        place = [one.dataset for one in DICTIONARY].index(dataset) + 1
        record_id = (place << 57) | (20_000 << 41) | (len(rows) + 1)
        row: dict[str, Any] = {
            "record_id": record_id,
            "business_date": AS_OF,
            "file_name": "part-000.csv",
            "row_no": len(rows) + 1,
            "remarks": [],
        }
        for column in contract.columns:
            row |= _cell(column.kind, column.name, values.pop(column.name, None))
        assert not values, f"{dataset} has no {sorted(values)}"
        rows.append(row)
        return record_id

    def resident(self, name: str, id_no: str | None, **values: Any) -> int:
        """A row of the population register; birth date and sex follow the number."""
        given: dict[str, Any] = {"register_no": f"R{len(self.rows.get(POPULATION, ())):06d}"}
        if id_no and len(id_no) == 18:
            born = f"{id_no[6:10]}-{id_no[10:12]}-{id_no[12:14]}"
            given |= {"birth_date": date.fromisoformat(born)}
            given |= {"sex": "1" if int(id_no[16]) % 2 else "2"}
        given |= {"person_status": "0", "household_no": given["register_no"]} | values
        return self.add(POPULATION, name=name, id_no=id_no, **given)

    def member(self, case_no: str, seq: int, name: str, id_no: str | None, **values: Any) -> int:
        """A counted member of a case in receipt; the first makes the case."""
        cases = self.rows.setdefault("civil_affairs.households", [])
        if all(row["case_no"] != case_no for row in cases):
            known = {"township_code": "990102001", "benefit_status": "1", "scheme": "11"}
            household = {key: values.pop(key) for key in ("address",) if key in values}
            self.add("civil_affairs.households", case_no=case_no, **known, **household)
        return self.add(MEMBERS, case_no=case_no, seq=seq, name=name, id_no=id_no, **values)

    def crowd(self, count: int, names: str = "甲乙丙丁戊己庚辛") -> None:
        """Other residents, so that a name or a date says something."""
        for at in range(count):
            name = "周" + names[at % len(names)] + names[at // len(names) % len(names)]
            self.resident(f"{name}{chr(0x4E00 + at % 900)}", number("19601231", at % 999 + 1))

    def link(self, *, keep_work: bool = False) -> "World":
        """Clean tables as intake makes them, then the matcher."""
        self.fill()
        link(self.engine, as_of=AS_OF, decisions=self.decisions, keep_work=keep_work)
        return self

    def fill(self) -> None:
        """Make schema ``clean`` of the rows."""
        assemble(self.engine, DICTIONARY, [], [])
        for dataset, rows in self.rows.items():
            if rows:
                table = f"clean.{DICTIONARY[dataset].table}"
                self.engine.load_table("given.rows", pa.Table.from_pylist(rows))
                self.engine.run(f"insert into {table} by name select * from given.rows")

    def of(self, record_id: int, role: str | None = None) -> dict[str, Link]:
        """The subjects a record is linked to, as ``case#seq``."""
        rows = self.engine.rows(
            "select subject.case_no || '#' || subject.seq, record.grade, record.score, record.why"
            " from linked.subject_record as record"
            " join linked.subject as subject using (subject_id)"
            " where record.record_id = $id and coalesce(record.role = $role, true)",
            {"id": record_id, "role": role},
        )
        return {subject: Link(grade, score, why) for subject, grade, score, why in rows}

    def possible(self, record_id: int) -> dict[str, str]:
        """The subjects a person should compare with a record, and why."""
        rows = self.engine.rows(
            "select subject.case_no || '#' || subject.seq, pair.why"
            " from linked.review_pair as pair join linked.subject as subject using (subject_id)"
            " where pair.record_id = $id",
            {"id": record_id},
        )
        return dict(rows)


def _cell(kind: str, name: str, value: Any) -> dict[str, Any]:
    if kind == "id_no":
        read = read_identity_number(value, AS_OF)
        return {
            name: read.number,
            f"{name}_raw": value,
            f"{name}_text": read.text,
            f"{name}_status": str(read.status),
        }
    if kind == "name":
        return {name: fold_name(value) or None if value else None, f"{name}_raw": value}
    if kind in ("date", "month") and isinstance(value, str):
        value = date.fromisoformat(value)
    return {name: value}
