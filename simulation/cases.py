"""Cases of social assistance: households on a scheme, their members, and what they declared."""

from dataclasses import dataclass, field
from datetime import date
from typing import Final

import numpy as np

from simulation import households, policy, timeline
from simulation.chance import stream
from simulation.places import Places
from simulation.population import People
from simulation.timeline import NEVER, Ints

SMALLEST_NUMBER_OF_CASES: Final = 150
"""Every rule has its planted cases, so a very small district has more cases than its share."""

_SHARE_OF_CASES: Final = 0.0172
_KIND_WEIGHTS: Final = np.array([3.0, 1.6, 1.2, 0.5, 0.6, 0.8, 2.4, 1.1, 1.3, 2.0])
_SETTLED: Final = timeline.day(date(2025, 6, 1))
_TEKUN: Final = ("21", "22", "23")


@dataclass
class Member:
    """A person row of a case or application. ``declared`` is yuan a month, None where blank."""

    person: int
    relation: str
    kind: str = "1"
    is_beneficiary: bool = True
    disability_kind: str | None = None
    disability_level: int | None = None
    is_ill: bool = False
    labour: str = "1"
    in_school: bool = False
    declared: int | None = None
    authorised: int = NEVER
    joined: int = 0
    """The day from which the row stands in the case."""
    wage: int | None = None
    """Yuan a month, where the declared income comes from a registered job."""
    pension: int | None = None
    """Yuan a month of the residents' pension (170)."""
    written: int | None = None
    """Whose number the row carries; the person's own unless something is amiss. -1: none."""


@dataclass
class Case:
    """A household on a scheme. Months are month numbers, days day numbers, NEVER for blanks."""

    case_no: str
    household: int
    scheme: str
    is_urban: bool
    township: int
    village: int
    door: int
    approved: int
    start: int
    stop: int = NEVER
    grace_start: int = NEVER
    grace_end: int = NEVER
    published: int = NEVER
    visits: tuple[int, int] = (0, 0)
    """First visit and days between visits (0: none after the first)."""
    checks: tuple[int, int] = (0, 0)
    members: list[Member] = field(default_factory=list)
    fixed_amount: int | None = None
    payments: dict[int, list[float]] = field(default_factory=dict)
    """Paid otherwise than due, by month; an empty list: not paid at all."""
    paid_after_stop: int = 0
    """Months paid after the benefit should have ended."""

    @property
    def counted(self) -> list[Member]:
        """Members who live in the household (成员类别 1)."""
        return [member for member in self.members if member.kind == "1"]

    def status(self, as_of: date) -> str:
        """待遇状态 on an evening."""
        now = timeline.month(as_of)
        if now >= self.stop:
            return "2"
        return "3" if now >= self.grace_start else "1"

    def amount(self, month: int) -> int:
        """月保障金额 in a month, whole yuan."""
        if self.scheme in ("31", "32"):
            return 0
        if self.fixed_amount is not None:
            return self.fixed_amount
        first = timeline.first_of_month(month)
        here = [member for member in self.counted if member.joined <= timeline.day(first)]
        paid = sum(member.is_beneficiary for member in here)
        standard = policy.standard(self.scheme, self.is_urban, first) or 0.0
        if self.scheme in _TEKUN:
            return round(standard * 1.3 * paid)
        income = sum(member.declared or 0 for member in here)
        due = (standard * len(here) - income) * paid / max(len(here), 1)
        return max(round(due), round(standard * 0.15 * paid))

    def due(self, month: int) -> int:
        """What is paid out for a month."""
        is_running = self.start <= month < self.stop
        return self.amount(month) if is_running else 0


@dataclass
class Application:
    """An application under way from ``applied`` until it is ``decided``."""

    application_no: str
    scheme: str
    township: int
    applied: int
    decided: int
    members: list[Member]


@dataclass
class Caseload:
    """All cases, from the first approval to the end of 2027, and the applications."""

    cases: list[Case]
    applications: list[Application]


def draw_caseload(people: People, places: Places, seed: int) -> Caseload:
    """Cases for about four in a hundred residents; deaths and moves leave their members alone."""
    rng = stream(seed, "cases")
    order = _households_by_need(people, rng)
    least = min(SMALLEST_NUMBER_OF_CASES, len(order) // 2)
    count = max(int(len(people.birth) * _SHARE_OF_CASES), least)
    starts = np.searchsorted(people.structure.household, np.arange(len(people.structure.kind) + 1))
    cases = []
    for number, household in enumerate(order[:count]):
        who = np.arange(starts[household], starts[household + 1])
        cases.append(_draw_case(rng, people, places, number, int(household), who))
    applications = _draw_applications(
        stream(seed, "applications"), people, order[count : count + len(order) // 24], starts
    )
    return Caseload(cases, applications)


def _households_by_need(people: People, rng: np.random.Generator) -> Ints:
    """Every household with an adult throughout, the needier kinds sooner."""
    heads = np.flatnonzero(people.structure.role == households.HEAD)
    weights = _KIND_WEIGHTS[people.structure.kind]
    grown = people.age(timeline.day(date(2024, 1, 1)))[heads] >= 20
    rank = rng.exponential(1.0, len(heads)) / np.where(grown, weights, 1e-9)
    order: Ints = np.argsort(rank, kind="stable")
    return order[grown[order]]


def settle(people: People, who: Ints) -> None:
    """Nothing happens to these people but what is planted: no death, no move, no other row."""
    for days in (people.death, people.death_registered, people.cremated, people.left):
        days[who] = NEVER
    for days in (people.emigrated, people.enlisted, people.discharged, people.moved_within):
        days[who] = NEVER
    people.returned[who] = NEVER
    people.prosperity[who] = 0.0


def _draw_case(
    rng: np.random.Generator,
    people: People,
    places: Places,
    number: int,
    household: int,
    who: Ints,
) -> Case:
    first = int(who[0])
    settle(people, who)
    is_urban = bool(places.is_urban[people.township[first]])
    scheme = _draw_scheme(rng, people, who, is_urban)
    approved = _draw_approval(rng, number)
    case = Case(
        case_no=f"{'TK' if scheme in _TEKUN else 'DB'}990102{number + 1:09d}",
        household=household,
        scheme=scheme,
        is_urban=is_urban,
        township=int(people.township[first]),
        village=int(people.village[first]),
        door=int(people.door[first]),
        approved=approved,
        start=timeline.month(timeline.as_date(approved)) + 1,
        published=approved - 7 if rng.random() > 0.008 else NEVER,
        visits=_draw_rounds(rng, approved),
        checks=_draw_rounds(rng, approved),
    )
    case.members = [_draw_member(rng, people, int(person), approved) for person in who]
    case.members[0].relation = "01"
    if scheme == "31" and rng.random() < 0.9:
        _without_severity(case)
    _declare(rng, case, people)
    _add_supporters(rng, case, people)
    _draw_end(rng, case, number)
    return case


def _draw_scheme(rng: np.random.Generator, people: People, who: Ints, is_urban: bool) -> str:
    age = int(people.age(timeline.day(timeline.HORIZON))[who[0]]) if len(who) == 1 else 0
    chance = rng.random()
    if age >= 61 and chance < 0.45:
        return "23" if chance < 0.07 else ("21" if is_urban else "22")
    if chance > 0.96:
        return "32"
    if chance > 0.85:
        return "31"
    return "11" if is_urban else "12"


def _draw_approval(rng: np.random.Generator, number: int) -> int:
    """The first cases have long been running; later ones, one in seven, begin in 2026 and 2027."""
    if number < SMALLEST_NUMBER_OF_CASES or rng.random() < 0.86:
        return _SETTLED - 30 - int(rng.integers(0, 3_000))
    return int(rng.integers(timeline.day(date(2026, 1, 5)), timeline.day(date(2027, 12, 20))))


def _draw_rounds(rng: np.random.Generator, approved: int) -> tuple[int, int]:
    """Rounds each five to eleven months; one in a hundred households was never seen again."""
    every = int(rng.integers(150, 330))
    return approved - int(rng.integers(3, 20)), 0 if rng.random() < 0.01 else every


def _draw_member(rng: np.random.Generator, people: People, person: int, approved: int) -> Member:
    birth = int(people.birth[person])
    age = (timeline.day(timeline.HORIZON) - birth) / 365.25
    disability = rng.random()
    is_disabled = disability < 0.22
    level = 1 + int(rng.integers(0, 4)) if is_disabled else None
    member = Member(
        person=person,
        relation=str(people.relation[person]),
        disability_kind="124456"[int(rng.integers(0, 6))] if is_disabled else None,
        disability_level=level,
        is_ill=bool(rng.random() < 0.09),
        labour=_labour(age, level),
        in_school=6 < age < 22 and bool(rng.random() < 0.95 if age < 18 else rng.random() < 0.4),
        joined=max(approved, birth + 60 if birth > approved else 0),
        written=person,
    )
    if age >= 16 and rng.random() > 0.01:
        member.authorised = max(approved - int(rng.integers(1, 15)), birth + 16 * 366)
    return member


def _without_severity(case: Case) -> None:
    """Most edge families have nobody ill or disabled: who is, is on assistance alone."""
    for member in case.members:
        member.is_ill = False
        member.disability_kind = member.disability_level = None


def _labour(age: float, level: int | None) -> str:
    if age < 16 or age >= 60:
        return "4"
    if level is None:
        return "1"
    return "3" if level <= 2 else "2"


def _declare(rng: np.random.Generator, case: Case, people: People) -> None:
    """Incomes that stay under the line at every date; pensions of the old are declared net."""
    line = policy.standard(case.scheme, case.is_urban, date(2025, 7, 1)) or 900.0
    left = line * len(case.members) * 0.92
    ages = [
        (timeline.day(timeline.HORIZON) - people.birth[m.person]) / 365.25 for m in case.members
    ]
    for member, age in zip(case.members, ages, strict=True):
        if age >= 61:
            member.pension = 175 + int(rng.integers(0, 150))
            member.declared = member.pension - 170
            left -= 170
    able = [m for m, age in zip(case.members, ages, strict=True) if 20 <= age < 60]
    for member in able:
        if member.labour != "3" and rng.random() < 0.5:
            member.declared = int(left / len(able) * (0.2 + 0.75 * rng.random())) // 10 * 10
            if rng.random() < 0.25:
                member.wage = round(member.declared / 0.8)


def _add_supporters(rng: np.random.Generator, case: Case, people: People) -> None:
    """The old who live alone mostly have a grown child elsewhere (成员类别 2)."""
    birth = people.birth[case.members[0].person]
    lonely = len(case.members) == 1 and birth < timeline.day(date(1969, 1, 1))
    if case.scheme in _TEKUN or not lonely or rng.random() < 0.02:
        return
    adults = rng.integers(0, people.residents, 40)
    fitting = (people.birth[adults] > birth + 8_000) & (people.birth[adults] < birth + 13_000)
    for person in adults[fitting][:1]:
        relation = "20" if people.sex[person] == 1 else "30"
        case.members.append(Member(int(person), relation, "2", False, written=int(person)))
    if not fitting.any():
        case.scheme = "21" if case.is_urban else "22"


def _draw_end(rng: np.random.Generator, case: Case, number: int) -> None:
    """One case in ten ends between 2025 and 2027, every third of these through a grace period."""
    if number < SMALLEST_NUMBER_OF_CASES or case.approved > _SETTLED or rng.random() > 0.12:
        return
    end = timeline.month(date(2025, 9, 1)) + int(rng.integers(0, 28))
    case.stop = end
    if rng.random() < 0.35 and case.scheme in ("11", "12"):
        case.grace_start = end - int(rng.integers(3, 7))
        case.grace_end = end - 1


def _draw_applications(
    rng: np.random.Generator, people: People, chosen: Ints, starts: Ints
) -> list[Application]:
    """Applications from the end of 2025 on, each decided after some forty days."""
    applications = []
    for number, household in enumerate(chosen):
        applied = timeline.day(date(2025, 11, 15)) + int(rng.integers(0, 775))
        who = range(int(starts[household]), int(starts[household + 1]))
        members = [_draw_member(rng, people, person, applied) for person in who]
        members[0].relation = "01"
        applications.append(
            Application(
                application_no=f"SQ990102{number + 1:09d}",
                scheme=("11", "12", "31", "21")[int(rng.integers(0, 4))],
                township=int(people.township[who[0]]),
                applied=applied,
                decided=applied + int(rng.integers(20, 60)),
                members=members,
            )
        )
    return applications
