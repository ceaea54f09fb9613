"""One night's tables as lists of dicts, and the words of the agreement read over them, row by row.

Nothing here is taken from the rules' SQL: it is `rules.md` ("Words") in plain Python, slow, so
that the two can be held against each other. Tables are those of docs/reference/tables.md.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from reading_calendar import age_on, month_of, to_fen
from reading_deaths import Death, Row, date_of_death, takes_back

Tables = Mapping[str, Sequence[Row]]

TABLE_OF = {
    "civil_affairs.households": "household",
    "civil_affairs.members": "member",
    "civil_affairs.payments": "payment",
    "civil_affairs.temporary_assistance": "temporary_assistance",
    "civil_affairs.cremations": "cremation",
    "civil_affairs.marriages": "marriage",
    "public_security.population": "population",
    "public_security.vehicles": "vehicle",
    "housing.properties": "property",
    "housing.presales": "presale",
    "human_resources.contributions": "contribution",
    "human_resources.pensions": "pension",
    "human_resources.unemployment_benefits": "unemployment_benefit",
    "medical_insurance.enrolment": "enrolment",
    "medical_insurance.settlements": "settlement",
}


@dataclass(frozen=True)
class Linked:
    """A record linked to somebody: its row, how surely, and in which role."""

    row: Row
    grade: str
    role: str


@dataclass(frozen=True)
class Member:
    """A counted member of an active case."""

    row: Row
    case: Row
    subject_id: int
    person_id: int
    person_grade: str
    birth_date: date | None
    age: int | None
    is_dead: bool
    is_authorised: bool

    @property
    def seq(self) -> int:
        return int(self.row["seq"])

    @property
    def is_beneficiary(self) -> bool:
        return bool(self.row["is_beneficiary"])

    @property
    def declared(self) -> Decimal:
        return self.row.get("declared_income_yuan") or Decimal(0)

    def is_unread(self, column: str) -> bool:
        """Whether a value of the row was there and could not be read."""
        remarks = self.row.get("remarks") or ()
        return f"{column}:unreadable" in remarks or f"{column}:unknown_code" in remarks


class Night:
    """The tables of one run, its policies (by division) and its as-of date."""

    def __init__(self, tables: Tables, policies: Mapping[str, Row], as_of: date) -> None:
        self.tables = tables
        self.policies = policies
        self.as_of = as_of
        self.month = month_of(as_of)

    def rows(self, table: str) -> Sequence[Row]:
        return self.tables.get(table, ())

    def _by(self, table: str, *columns: str) -> dict[Any, list[Row]]:
        index: dict[Any, list[Row]] = defaultdict(list)
        for row in self.rows(table):
            key = tuple(row.get(column) for column in columns)
            index[key if len(columns) > 1 else key[0]].append(row)
        return index

    # --- sources, rows set aside -----------------------------------------------------------------

    @cached_property
    def in_force(self) -> frozenset[str]:
        return frozenset(
            row["dataset"] for row in self.rows("clean.source_status") if row["state"] == "in_force"
        )

    @cached_property
    def _unchecked(self) -> frozenset[tuple[int, str]]:
        return frozenset((r["person_id"], r["dataset"]) for r in self.rows("linked.unchecked"))

    def is_unchecked(self, person_id: int, dataset: str) -> bool:
        """Whether a row of this person's is set aside in the dataset."""
        return (person_id, dataset) in self._unchecked

    @cached_property
    def cases_set_aside(self) -> frozenset[tuple[str, str]]:
        """Cases with a set-aside row of civil affairs' own: (case_no, dataset)."""
        return frozenset(
            (row["case_no"], row["dataset"])
            for row in self.rows("clean.set_aside")
            if row.get("case_no")
        )

    # --- records and people ----------------------------------------------------------------------

    @cached_property
    def records(self) -> dict[int, Row]:
        return {
            row["record_id"]: row
            for table in TABLE_OF.values()
            for row in self.rows(f"clean.{table}")
        }

    @cached_property
    def _subject_records(self) -> dict[Any, list[Row]]:
        return self._by("linked.subject_record", "subject_id", "dataset")

    @cached_property
    def _person_records(self) -> dict[Any, list[Row]]:
        return self._by("linked.person_record", "person_id", "dataset")

    def of_member(self, member: Member, dataset: str) -> list[Linked]:
        """The records linked to a member, in force."""
        return self._linked(self._subject_records.get((member.subject_id, dataset), ()))

    def of_person(self, person_id: int, dataset: str) -> list[Linked]:
        """The records linked to a person, in force."""
        return self._linked(self._person_records.get((person_id, dataset), ()))

    def _linked(self, links: Sequence[Row]) -> list[Linked]:
        return [
            Linked(self.records[link["record_id"]], link["grade"], link["role"])
            for link in links
            if link["record_id"] in self.records
        ]

    @cached_property
    def person_of_record(self) -> dict[tuple[int, str], Row]:
        return {(r["record_id"], r["role"]): r for r in self.rows("linked.person_record")}

    @cached_property
    def persons(self) -> dict[int, Row]:
        return {row["person_id"]: row for row in self.rows("linked.person")}

    @cached_property
    def subjects(self) -> dict[int, Row]:
        """Subjects of cases by the record of their member row."""
        return {r["record_id"]: r for r in self.rows("linked.subject") if r["kind"] == "case"}

    # --- cases and members -----------------------------------------------------------------------

    @cached_property
    def households(self) -> dict[str, Row]:
        return {row["case_no"]: row for row in self.rows("clean.household")}

    def is_active(self, case: Row) -> bool:
        return case["benefit_status"] in ("1", "3")

    @cached_property
    def member_rows(self) -> dict[Any, list[Row]]:
        return self._by("clean.member", "case_no")

    @cached_property
    def members(self) -> dict[str, list[Member]]:
        """Counted members of active cases."""
        return {
            case_no: self._members_of(case)
            for case_no, case in self.households.items()
            if self.is_active(case)
        }

    def _members_of(self, case: Row) -> list[Member]:
        rows = self._rows_of(case)
        applicant = self._applicant_row(case, rows)
        signed = bool(applicant) and self._has_signed(applicant)
        return [self._member(case, row, applicant_signed=signed) for row in self._once_each(rows)]

    def _once_each(self, rows: Sequence[Row]) -> list[Row]:
        """Counted rows, one for a person who is certain: a beneficiary's, then the first."""
        counted = [row for row in rows if row["member_kind"] == "1"]
        first: dict[int, Row] = {}
        for row in sorted(counted, key=lambda row: (not row["is_beneficiary"], row["seq"])):
            subject = self.subjects[row["record_id"]]
            if subject["person_grade"] == "certain":
                first.setdefault(subject["person_id"], row)
        return [
            row
            for row in counted
            if self.subjects[row["record_id"]]["person_grade"] != "certain"
            or first[self.subjects[row["record_id"]]["person_id"]] is row
        ]

    def applicant(self, case: Row) -> int | None:
        """Who applied: a member row's person, else whom the household row names for certain."""
        row = self._applicant_row(case, self._rows_of(case))
        if row is not None:
            return int(self.subjects[row["record_id"]]["person_id"])
        named = self.person_of_record.get((case["record_id"], "applicant"))
        return named["person_id"] if named and named["grade"] == "certain" else None

    def _rows_of(self, case: Row) -> list[Row]:
        return sorted(self.member_rows.get(case["case_no"], ()), key=lambda row: row["seq"])

    def _applicant_row(self, case: Row, rows: Sequence[Row]) -> Row | None:
        """本人 (01); without one, who bears the applicant's number, then the applicant's name."""
        number = case.get("applicant_id_no")
        tests = (
            lambda row: row["relation"] == "01",
            lambda row: bool(number) and row.get("id_no") == number,
            lambda row: row.get("name") == case.get("applicant_name"),
        )
        for test in tests:
            for row in rows:
                if test(row):
                    return row
        return None

    def _has_signed(self, row: Row) -> bool:
        return row.get("authorised_date") is not None and row["authorised_date"] <= self.as_of

    def _member(self, case: Row, row: Row, *, applicant_signed: bool) -> Member:
        subject = self.subjects[row["record_id"]]
        born = self.birth_date(row, subject["person_id"])
        age = age_on(born, self.as_of) if born else None
        death = self.death(subject["person_id"])
        is_minor = age is not None and age < 18
        return Member(
            row=row,
            case=case,
            subject_id=subject["subject_id"],
            person_id=subject["person_id"],
            person_grade=subject["person_grade"],
            birth_date=born,
            age=age,
            is_dead=bool(death and death.is_certain and subject["person_grade"] == "certain"),
            is_authorised=self._has_signed(row) or (is_minor and applicant_signed),
        )

    def birth_date(self, row: Row, person_id: int) -> date | None:
        """From the member's number, else the register's, else as declared."""
        number = row.get("id_no")
        if number:
            return date.fromisoformat(f"{number[6:10]}-{number[10:12]}-{number[12:14]}")
        return self.persons[person_id].get("birth_date") or row.get("birth_date")

    def living(self, case: Row) -> list[Member]:
        return [m for m in self.members[case["case_no"]] if not m.is_dead]

    def policy(self, case: Row) -> Row:
        return self.policies[case["township_code"][:6]]

    @cached_property
    def listed(self) -> frozenset[int]:
        """People who are counted members of an active case, or may be: a row was set aside."""
        known = {m.person_id for members in self.members.values() for m in members}
        own = ("civil_affairs.members", "civil_affairs.households")
        known |= {person for person, dataset in self._unchecked if dataset in own}
        unread = {c for c, dataset in self.cases_set_aside if dataset == own[1]}
        return frozenset(
            known | {s["person_id"] for s in self.subjects.values() if s["case_no"] in unread}
        )

    # --- deaths ----------------------------------------------------------------------------------

    def death(self, person_id: int) -> Death | None:
        """The person's death by the registers, dated on or before the as-of date."""
        cremated = [
            (date_of_death(linked.row, self.as_of), linked.grade)
            for linked in self.of_person(person_id, "civil_affairs.cremations")
        ]
        registered = [
            (linked.row["status_date"], linked.grade)
            for linked in self.of_person(person_id, "public_security.population")
            if linked.row["person_status"] == "1"
        ]
        cremated = [one for one in cremated if one[0] <= self.as_of]
        registered = [one for one in registered if one[0] <= self.as_of]
        if not cremated and not registered:
            return None
        best = cremated or registered
        day = max(best, key=lambda one: (one[1] == "certain", one[0]))[0]
        certain = any(grade == "certain" for _, grade in cremated + registered)
        return Death(day, certain, self._is_active_after(person_id, day))

    def _is_active_after(self, person_id: int, day: date) -> bool:
        """Whether a bill (not taken back) or a contribution is dated more than 30 days later."""
        bills = [x.row for x in self.of_person(person_id, "medical_insurance.settlements")]
        standing = [
            bill["settled_date"]
            for bill in bills
            if not takes_back(bill)
            and not any(
                takes_back(back)
                and back["total_yuan"] == -bill["total_yuan"]
                and back["settled_date"] >= bill["settled_date"]
                for back in bills
            )
        ]
        months = [
            x.row["month"] for x in self.of_person(person_id, "human_resources.contributions")
        ]
        late = day + timedelta(days=30)
        return any(late < activity <= self.as_of for activity in standing + months)

    # --- payments --------------------------------------------------------------------------------

    @cached_property
    def paid(self) -> dict[str, dict[date, Decimal]]:
        """What each case was paid, by month, net."""
        paid: dict[str, dict[date, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
        for row in self.rows("clean.payment"):
            paid[row["case_no"]][row["paid_month"]] += row["paid_yuan"]
        return paid

    @cached_property
    def newest_paid_month(self) -> date | None:
        """P: the newest month that has payments (none later than the as-of date's)."""
        months = {m for of_case in self.paid.values() for m in of_case if m <= self.as_of}
        return max(months, default=None)

    def share_of_amount(self, member: Member) -> Decimal:
        """The member's equal share of 月保障金额, to the fen."""
        members = self.members[member.case["case_no"]]
        parts = sum(1 for m in members if m.is_beneficiary)
        if (member.case["case_no"], "civil_affairs.members") in self.cases_set_aside:
            parts = max(parts, member.case.get("beneficiary_count") or 0)
        return to_fen(member.case["monthly_amount_yuan"] / parts)

    @cached_property
    def newest_contribution_month(self) -> date | None:
        """The newest month of the contributions dataset (none later than the as-of date's)."""
        months = {row["month"] for row in self.rows("clean.contribution")}
        return max((month for month in months if month <= self.as_of), default=None)

    @cached_property
    def insured_numbers(self) -> frozenset[str]:
        """The identity numbers that enrolments in force bear, under whatever name."""
        rows = self.rows("clean.enrolment")
        numbers = (row.get("id_no") for row in rows if row["enrolment_status"] == "1")
        return frozenset(number for number in numbers if number)

    @cached_property
    def unlinked_insured(self) -> frozenset[tuple[str, date]]:
        """Name and birth date of enrolments in force that could be tied to nobody."""
        return frozenset(
            (row["name"], row["birth_date"])
            for row in self.rows("clean.enrolment")
            if row["enrolment_status"] == "1"
            and row.get("name")
            and row.get("birth_date")
            and (row["record_id"], "insured") not in self.person_of_record
        )

    @cached_property
    def titles_of_unit(self) -> dict[Any, list[Row]]:
        return self._by("clean.property", "unit_no")

    # --- the population register -----------------------------------------------------------------

    @cached_property
    def register_households(self) -> dict[str, list[tuple[Row, int]]]:
        """Rows with RYZT 0 by HH, each with its person."""
        households: dict[str, list[tuple[Row, int]]] = defaultdict(list)
        for row in self.rows("clean.population"):
            link = self.person_of_record.get((row["record_id"], "resident"))
            if row["person_status"] == "0" and link:
                households[row["household_no"]].append((row, link["person_id"]))
        return households

    def residence(self, person_id: int) -> Row | None:
        """The person's present register row where it is RYZT 0."""
        row = self.records.get(self.persons[person_id].get("register_record_id") or 0)
        return row if row and row["person_status"] == "0" else None
