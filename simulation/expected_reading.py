"""The registers as the truth reads them: rows by true person, cases with their members.

A plain second reading of the agreed rules, apart from the product's: nothing here comes from the
rules, the matchers or the readers of deliveries. Only rows of the people concerned are looked at.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from simulation import policy, timeline

Row = dict[str, Any]
Rows = dict[int, list[Row]]
_ACTIVE: Final = ("1", "3")


@dataclass(frozen=True)
class Finding:
    """An expected finding; the amount is None where the agreement has none or it is unknown."""

    rule: str
    direction: str
    case_no: str | None = None
    seq: int | None = None
    household_no: str | None = None
    person: int | None = None
    period: str = ""
    at_risk: Decimal | None = None


@dataclass
class CaseRead:
    """A case with its member rows."""

    row: Row
    members: list[Row] = field(default_factory=list)

    @property
    def case_no(self) -> str:
        """救助证号."""
        return str(self.row["救助证号"])

    @property
    def scheme(self) -> str:
        """救助类型."""
        return str(self.row["救助类型"])

    @property
    def counted(self) -> list[Row]:
        """Members who live in the household."""
        return [member for member in self.members if member["成员类别"] == "1"]

    @property
    def beneficiaries(self) -> list[Row]:
        """Counted members for whom the benefit is paid."""
        return [member for member in self.counted if member["是否保障对象"]]


class Reading:
    """The tables of one evening, looked up by person and case."""

    def __init__(self, tables: dict[str, pa.Table], as_of: date) -> None:
        self.tables = tables
        self.as_of = as_of
        self.month = as_of.replace(day=1)

    def value(self, name: str) -> Any:
        """A parameter as in force on the evening."""
        return policy.value(name, self.as_of)

    @cached_property
    def cases(self) -> dict[str, CaseRead]:
        """Every case with its members."""
        read = {
            row["救助证号"]: CaseRead(row)
            for row in self.tables["civil_affairs.households"].to_pylist()
        }
        for row in self.tables["civil_affairs.members"].to_pylist():
            read[row["救助证号"]].members.append(row)
        return read

    @cached_property
    def active(self) -> list[CaseRead]:
        """Cases 在享 or 渐退."""
        return [case for case in self.cases.values() if case.row["待遇状态"] in _ACTIVE]

    @cached_property
    def listed(self) -> set[int]:
        """Counted members of active cases."""
        return {member["_person"] for case in self.active for member in case.counted}

    @cached_property
    def members(self) -> set[int]:
        """Everybody on any case, supporters included."""
        return {m["_person"] for case in self.cases.values() for m in case.members}

    @cached_property
    def death(self) -> dict[int, date]:
        """Date of death of those who died by the evening, as the registers tell it."""
        told: dict[int, date] = {}
        register = self.tables["public_security.population"]
        dead = register.filter(pc.equal(register.column("RYZT"), "1"))
        for row in dead.select(["_person", "ZTRQ"]).to_pylist():
            told[row["_person"]] = row["ZTRQ"]
        cremations = self.tables["civil_affairs.cremations"]
        for row in cremations.select(["_person", "死亡日期", "火化日期"]).to_pylist():
            told[row["_person"]] = row["死亡日期"] or row["火化日期"]
        return {person: on for person, on in told.items() if on is not None and on <= self.as_of}

    def is_dead(self, person: int) -> bool:
        """Whether the registers tell a death by the evening."""
        return person in self.death

    def living(self, case: CaseRead) -> list[Row]:
        """Counted members who are not dead: the heads."""
        return [member for member in case.counted if not self.is_dead(member["_person"])]

    def authorised(self, case: CaseRead) -> list[Row]:
        """Living counted members whose means may be looked at."""
        applicant = case.row["_person"]
        own = {m["_person"]: m["授权书签署日期"] for m in case.counted}
        signed = own.get(applicant)
        by_applicant = signed is not None and signed <= self.as_of
        allowed = []
        for member in self.living(case):
            on = member["授权书签署日期"]
            is_minor = age(member["出生日期"], self.as_of) < 18
            if (on is not None and on <= self.as_of) or (is_minor and by_applicant):
                allowed.append(member)
        return allowed

    def rows(self, dataset: str, people: set[int], column: str = "_person") -> Rows:
        """The rows of a dataset that speak of these people, by person."""
        table = self.tables[dataset]
        persons = table.column(column).to_numpy()
        wanted = np.zeros(max(int(persons.max(initial=0)), *people, 0) + 2, dtype=bool)
        wanted[list(people)] = True
        found: Rows = defaultdict(list)
        hits = np.flatnonzero((persons >= 0) & wanted[np.maximum(persons, 0)])
        for row in table.take(pa.array(hits)).to_pylist():
            found[row[column]].append(row)
        return found

    @cached_property
    def register(self) -> Rows:
        """Population rows of everybody on a case."""
        return self.rows("public_security.population", self.members)

    def line(self, case: CaseRead) -> Decimal | None:
        """Income line a head a month; None for scheme 32."""
        present = [r for r in self.register.get(case.row["_person"], []) if r["RYZT"] == "0"]
        rural = bool(present) and present[0]["HKLX"] == "2"
        line = policy.standard(case.scheme, not rural, self.as_of)
        return None if line is None else Decimal(str(line))

    @cached_property
    def paid(self) -> dict[str, dict[date, Decimal]]:
        """What was paid, by case and month."""
        paid: dict[str, dict[date, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
        payments = self.tables["civil_affairs.payments"]
        for row in payments.select(["救助证号", "发放月份", "发放金额"]).to_pylist():
            paid[row["救助证号"]][row["发放月份"]] += row["发放金额"]
        return paid

    @cached_property
    def newest_paid(self) -> date | None:
        """P: the newest month with payments."""
        newest: date | None = pc.max(
            self.tables["civil_affairs.payments"].column("发放月份")
        ).as_py()
        return newest

    def paid_after(self, case: CaseRead, month: date) -> Decimal:
        """Paid for months after ``month``."""
        months = self.paid.get(case.case_no, {})
        return sum((amount for paid, amount in months.items() if paid > month), Decimal(0))

    def since(self, months: int) -> date:
        """A look-back of so many months is the time after this day."""
        return timeline.months_before(self.as_of, months)


def age(birth: date, on: date) -> int:
    """Whole years."""
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))
