"""Planted on cases: medical bills of the listed, and numbers that are not the member's own."""

from typing import Final

from simulation.facts import TemporaryAid
from simulation.planted_means import adult, anyone, pair
from simulation.population import People
from simulation.staging import Scenario, Stage, age_at_horizon, day
from simulation.timeline import NEVER


def _ill(s: Stage) -> None:
    s.bill(day(2026, 3), 6_200.0, 700.0)
    s.bill(day(2026, 8), 2_400.0, 900.0)


def _bill_taken_back(s: Stage) -> None:
    s.bill(day(2026, 5), 7_800.0, 500.0)
    s.bill(day(2026, 5), 7_800.0, 500.0, back=True)
    s.bill(day(2026, 6), 4_100.0, 500.0)


def _helped(s: Stage) -> None:
    _ill(s)
    s.facts.aids.append(TemporaryAid(s.person, day(2026, 9)))


def _helped_otherwise(s: Stage) -> None:
    _ill(s)
    s.facts.aids.append(TemporaryAid(s.person, day(2026, 9), "3"))


def _ill_before(s: Stage) -> None:
    s.bill(day(2025, 11, 20), 9_500.0)


def _assisted(s: Stage) -> None:
    s.bill(day(2026, 4), 12_000.0, 6_000.0)


def _number_of_a_stranger(s: Stage) -> None:
    place = (s.person * 101 + 17) % s.people.residents
    while not _is_plain(s.people, place, s.person) or place in s.facts.spoken_for:
        place = (place + 1) % s.people.residents
    s.facts.spoken_for.add(place)
    s.member.written = place


def _is_plain(people: People, place: int, person: int) -> bool:
    """A grown-up of the district with another surname who is and stays there."""
    here = people.death[place] == NEVER and people.left[place] == NEVER
    differs = people.names.surname[place] != people.names.surname[person]
    return bool(here and differs and 20 < age_at_horizon(people, place) < 70)


def _no_number(s: Stage) -> None:
    s.member.written = -1


def _number_of_kin(s: Stage) -> None:
    other = next(m for m in s.case.counted if m is not s.member)
    s.member.written = other.person


def _same_person_twice(s: Stage) -> None:
    other = s.another_case(s.member, s.case.scheme, "5")
    other.members[0].is_beneficiary = False


SCENARIOS: Final = (
    Scenario("medical_hardship_listed", adult, _ill),
    Scenario("medical_hardship_listed", adult, _helped_otherwise),
    Scenario("medical_hardship_listed", adult, _bill_taken_back, "taken back"),
    Scenario("medical_hardship_listed", adult, _helped, "temporary assistance given"),
    Scenario("medical_hardship_listed", adult, _ill_before, "twelve months ago"),
    Scenario("medical_hardship_listed", adult, _assisted, "exactly the limit"),
    Scenario("identity_mismatch", anyone, _number_of_a_stranger, about_person=True),
    Scenario("identity_mismatch", anyone, _no_number, about_person=True),
    Scenario("identity_mismatch", pair, _number_of_kin, about_person=True),
    Scenario("identity_mismatch", anyone, _same_person_twice, "one person twice", True),
)
