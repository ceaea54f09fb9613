"""Planted on households that are on no scheme: hardship, monitoring, ended benefits."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from simulation import facts
from simulation.cases import settle
from simulation.chance import stream
from simulation.facts import Facts
from simulation.population import People
from simulation.staging import THIS_MONTH, Planted, age_at_horizon, day
from simulation.timeline import NEVER, Ints


@dataclass(frozen=True)
class Neighbour:
    """A register household on no scheme, and the grown-up member concerned."""

    people: People
    facts: Facts
    person: int
    household: int
    number: int

    def bills(self, own: float) -> None:
        """Two stays in hospital within the last year, ``own`` yuan borne in all."""
        self.facts.bills.append(facts.Bill(self.person, day(2026, 4), own * 0.6))
        self.facts.bills.append(facts.Bill(self.person, day(2026, 9), own * 0.4))

    def monitored(self) -> None:
        """Enrolled as monitored or severely disabled."""
        aid = ("4", "5")[self.number % 2]
        self.facts.enrolment[self.person] = facts.Enrolment(aid=aid)

    def benefit(self, last: int) -> None:
        """Unemployment benefit up to a month."""
        self.facts.unemployment.append(facts.UnemploymentBenefit(self.person, last - 7, last))

    def car(self) -> None:
        """A car in force."""
        self.facts.vehicles.append(facts.Vehicle(self.person))

    def job(self) -> None:
        """Employer contributions up to now."""
        self.facts.jobs.append(facts.Job(self.person, THIS_MONTH - 2, wage=4_000.0))


def _taken_back(n: Neighbour) -> None:
    n.bills(26_000.0)
    n.facts.bills.append(facts.Bill(n.person, day(2026, 9), 10_400.0, is_takeback=True))


def _with_car(n: Neighbour) -> None:
    n.bills(30_000.0)
    n.car()


def _with_job(n: Neighbour) -> None:
    n.bills(30_000.0)
    n.job()


def _with_pension(n: Neighbour) -> None:
    n.bills(30_000.0)
    n.facts.pensions.append(facts.Pension(n.person, "110", THIS_MONTH - 20, 2_600.0))


def _with_homes(n: Neighbour) -> None:
    n.bills(30_000.0)
    for area in (140.0, 150.0):
        unit = n.facts.new_unit()
        n.facts.deeds.append(facts.Deed(unit=unit, person=n.person, area=area * 3))


def _helped(n: Neighbour) -> None:
    n.bills(28_000.0)
    n.facts.aids.append(facts.TemporaryAid(n.person, day(2026, 10)))


def _monitored_with_car(n: Neighbour) -> None:
    n.monitored()
    n.car()


def _monitored_gone(n: Neighbour) -> None:
    n.monitored()
    n.people.left[n.person] = day(2025, 5)


def _monitored_lapsed(n: Neighbour) -> None:
    n.facts.enrolment[n.person] = facts.Enrolment(status="2", aid="4")


def _benefit_then_job(n: Neighbour) -> None:
    n.benefit(THIS_MONTH - 2)
    n.facts.jobs.append(facts.Job(n.person, THIS_MONTH - 1, insured_as="2"))


def _benefit_with_shop(n: Neighbour) -> None:
    n.benefit(THIS_MONTH - 2)
    n.facts.deeds.append(facts.Deed(unit=n.facts.new_unit(), person=n.person, use="20"))


_HOUSEHOLD, _PERSON = True, False

_PLANS: Final[tuple[tuple[str, bool, Callable[[Neighbour], None], str], ...]] = (
    ("medical_hardship_unlisted", _HOUSEHOLD, lambda n: n.bills(31_000.0), ""),
    ("medical_hardship_unlisted", _HOUSEHOLD, lambda n: n.bills(22_000.0), "just the limit"),
    ("medical_hardship_unlisted", _HOUSEHOLD, _taken_back, "taken back"),
    ("medical_hardship_unlisted", _HOUSEHOLD, _with_car, "screened: vehicle"),
    ("medical_hardship_unlisted", _HOUSEHOLD, _with_job, "screened: employed"),
    ("medical_hardship_unlisted", _HOUSEHOLD, _with_pension, "screened: pension"),
    ("medical_hardship_unlisted", _HOUSEHOLD, _with_homes, "screened: dwellings"),
    ("medical_hardship_unlisted", _HOUSEHOLD, _helped, "temporary assistance given"),
    ("monitored_unlisted", _PERSON, lambda n: n.monitored(), ""),
    ("monitored_unlisted", _PERSON, _monitored_with_car, "screened: vehicle"),
    ("monitored_unlisted", _PERSON, _monitored_gone, "moved out"),
    ("monitored_unlisted", _PERSON, _monitored_lapsed, "enrolment suspended"),
    ("benefit_ended", _PERSON, lambda n: n.benefit(THIS_MONTH - 1 - n.number % 3), ""),
    ("benefit_ended", _PERSON, lambda n: n.benefit(THIS_MONTH - 4), "ended earlier"),
    ("benefit_ended", _PERSON, lambda n: n.benefit(THIS_MONTH), "still running"),
    ("benefit_ended", _PERSON, _benefit_then_job, "contributions since"),
    ("benefit_ended", _PERSON, _benefit_with_shop, "screened: shop"),
)


def plant_unlisted(
    people: People, single: Facts, taken: set[int], planted: Planted, cases: int, seed: int
) -> None:
    """Plant on households outside every case and application; what else they had is gone."""
    rng = stream(seed, "unlisted")
    order = rng.permutation(len(people.structure.kind))
    starts = _starts(people)
    free = (int(home) for home in order if int(home) not in taken)
    for rule, about_household, act, note in _PLANS:
        repeats = max(1, cases // 900) if note else max(3, cases // 150)
        for number in range(repeats):
            found = _next(people, free, starts)
            if found is None:
                return
            home, person = found
            settle(people, _members(starts, home))
            act(Neighbour(people, single, person, home, number))
            if note:
                about = None if about_household else person
                planted.near.append((rule, None, home, about, note))
            else:
                key = f"990102{home + 1:09d}" if about_household else person
                planted.hits.add((rule, key))


def _starts(people: People) -> Ints:
    homes = np.arange(len(people.structure.kind) + 1)
    return np.searchsorted(people.structure.household, homes)


def _members(starts: Ints, home: int) -> Ints:
    return np.arange(starts[home], starts[home + 1])


def _next(people: People, free: Iterator[int], starts: Ints) -> tuple[int, int] | None:
    """The next free household, and its head between 25 and 58; None when there is none."""
    for home in free:
        person = int(starts[home])
        alive = people.death[person] == NEVER and people.left[person] == NEVER
        if alive and 25 <= age_at_horizon(people, person) < 58:
            return int(home), person
    return None
