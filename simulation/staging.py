"""How a case or a household is set up for what is planted on it: nothing else happens there."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

import numpy as np

from simulation import facts, timeline
from simulation.cases import Case, Caseload, Member, settle
from simulation.facts import Facts
from simulation.population import People
from simulation.timeline import NEVER

HORIZON: Final = timeline.day(timeline.HORIZON)
THIS_MONTH: Final = timeline.month(timeline.HORIZON)
"""November 2026: planted months are counted from it."""

Key = str | int
"""What a finding is about: a case number or a 户号 (text), or a person (number)."""


def day(year: int, month: int, on: int = 15) -> int:
    """Day number of a date."""
    return timeline.day(date(year, month, on))


@dataclass
class Stage:
    """A case, the member concerned, and the registers into which facts are put."""

    people: People
    caseload: Caseload
    facts: Facts
    case: Case
    member: Member
    number: int
    """Counts the uses of a scenario, so that they can vary."""

    @property
    def person(self) -> int:
        """The person of the member concerned."""
        return self.member.person

    @property
    def heads(self) -> int:
        """Counted members of the case who have joined by 2026-11-20."""
        return sum(member.joined <= HORIZON for member in self.case.counted)

    def vehicle(self, **what: Any) -> None:
        """A vehicle of the person."""
        registered = day(2021, 3) + 11 * self.number
        given = {"person": self.person, "registered": registered, "status_day": registered}
        self.facts.vehicles.append(facts.Vehicle(**(given | what)))

    def deed(self, *persons: int, **what: Any) -> None:
        """A unit owned by the person, or by several together."""
        unit = self.facts.new_unit()
        for person in persons or (self.person,):
            self.facts.deeds.append(facts.Deed(unit=unit, person=person, **what))

    def contract(self, signed: int, **what: Any) -> None:
        """A purchase contract of the person."""
        self.facts.contracts.append(facts.Contract(self.person, signed, **what))

    def job(self, **what: Any) -> None:
        """A job of the person, from the spring of 2026 unless said otherwise."""
        given = {"person": self.person, "first": THIS_MONTH - 8, "employer": self.number * 7}
        self.facts.jobs.append(facts.Job(**(given | what)))

    def pension(self, insurance: str, amount: float, start: int = THIS_MONTH - 6) -> None:
        """A pension instead of what the person had."""
        self.member.pension = None
        self.facts.pensions.append(facts.Pension(self.person, insurance, start, amount))

    def bill(self, on: int, own: float, assisted: float = 0.0, *, back: bool = False) -> None:
        """A settlement of the person."""
        self.facts.bills.append(facts.Bill(self.person, on, own, assisted, back))

    def marriage(self, event: str, on: int, spouse: int) -> None:
        """An entry of the marriage register between the person and a spouse."""
        pair = (self.person, spouse) if self.people.sex[self.person] == 1 else (spouse, self.person)
        self.facts.marriages.append(facts.MarriageEvent(event, on, *pair))

    def dies(self, on: int, *, cremated: bool = True, registered: bool = True) -> None:
        """The person's death, told by either register or both."""
        self.people.death[self.person] = on
        self.people.cremated[self.person] = on + 2 if cremated else NEVER
        self.people.death_registered[self.person] = on + 9 if registered else NEVER
        self.people.is_death_stated[self.person] = self.number % 3 != 1

    def only_income(self, declared: int | None) -> None:
        """The member declares this, everybody else nothing."""
        for member in self.case.counted:
            member.pension = member.wage = None
            member.declared = None
        self.member.declared = declared

    def outsider(self) -> int:
        """Somebody from elsewhere of the other sex."""
        people = self.people
        place = people.residents + self.number * 13 % (len(people.birth) - people.residents)
        while people.sex[place] == people.sex[self.person]:
            place = people.residents + (place + 1 - people.residents) % (
                len(people.birth) - people.residents
            )
        return int(place)

    def another_case(self, member: Member, scheme: str, letter: str = "9") -> Case:
        """A case of its own for one person, running since the summer of 2025."""
        number = f"DB990102{letter}{len(self.caseload.cases):08d}"
        case = replace(
            self.case,
            case_no=number,
            scheme=scheme,
            stop=NEVER,
            grace_start=NEVER,
            grace_end=NEVER,
            members=[replace(member, relation="01", kind="1", is_beneficiary=True)],
            payments={},
            paid_after_stop=0,
            fixed_amount=None,
        )
        self.caseload.cases.append(case)
        return case


Fits = Callable[[Case, People], Member | None]
Act = Callable[[Stage], None]


@dataclass(frozen=True)
class Scenario:
    """Something planted: a hit when ``note`` is empty, else a near miss and why it is one.

    ``fits`` gives the member of a case on whom it can be planted, or None. ``about_person``: the
    rule's finding is about the member, not the case.
    """

    rule: str
    fits: Fits
    act: Act
    note: str = ""
    about_person: bool = False


@dataclass
class Planted:
    """What was planted: hits as (rule, key), near misses with their notes."""

    hits: set[tuple[str, Key]] = field(default_factory=set)
    near: list[tuple[str, str | None, int | None, int | None, str]] = field(default_factory=list)
    """rule, case_no, household (its place), person, note."""


def age_at_horizon(people: People, person: int) -> float:
    """Years on 2026-11-20."""
    return float((HORIZON - people.birth[person]) / 365.25)


def calm(people: People, single: Facts, case: Case) -> None:
    """Leave nothing to chance in a case: in order, authorised, enrolled, without other means."""
    for member in case.counted:
        person = member.person
        settle(people, np.array([person]))
        people.is_doubled[person] = False
        single.without_bills.add(person)
        member.wage = None
        member.is_ill = False
        member.disability_kind = member.disability_level = None
        if age_at_horizon(people, person) >= 16:
            member.authorised = max(case.approved - 3, int(people.birth[person]) + 16 * 366)
        aid = {"11": "2", "12": "2", "31": "3"}.get(case.scheme, "1")
        single.enrolment[person] = facts.Enrolment(aid="0" if case.scheme == "32" else aid)
    case.published = case.approved - 7
    case.visits = (case.visits[0], case.visits[1] or 200)
    case.checks = (case.checks[0], case.checks[1] or 210)
