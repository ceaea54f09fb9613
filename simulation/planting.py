"""What is laid into the district on purpose, and what people on assistance hold by chance."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from simulation import (
    facts,
    planted_books,
    planted_identity,
    planted_incomes,
    planted_means,
    timeline,
)
from simulation.cases import Case, Caseload, Member
from simulation.chance import stream
from simulation.facts import Facts
from simulation.planted_unlisted import plant_unlisted
from simulation.population import People
from simulation.staging import Key, Planted, Scenario, Stage, age_at_horizon, calm, day
from simulation.timeline import NEVER

_SCENARIOS: Final = (
    *planted_means.SCENARIOS,
    *planted_incomes.SCENARIOS,
    *planted_books.SCENARIOS,
    *planted_identity.SCENARIOS,
)
_TOGETHER: Final = (
    "motor_vehicle",
    "second_dwelling",
    "non_residential",
    "recent_purchase",
)
"""On cases of these rules one of the next ones can be planted as well."""

_LIGHT: Final = (
    "visit_overdue",
    "check_overdue",
    "not_published",
    "overpaid_month",
    "underpaid_month",
    "unpaid_month",
    "medical_hardship_listed",
    "premium_aid_missing",
)
_SMALL_DISTRICT: Final = 1_900


@dataclass
class _Pools:
    """Cases on which nothing is planted yet, and those on which something light still can be."""

    free: list[Case]
    again: list[Case] = field(default_factory=list)


def plant(people: People, caseload: Caseload, seed: int) -> tuple[Facts, Planted]:
    """Put hits and near misses of every rule into the district, then what chance brings.

    At least three hits of a rule and one near miss of each kind, more in a larger district; below
    two thousand residents what finds no fitting case is left out. The facts lie around 2026-11-20
    and stay as they are on later evenings.
    """
    single, planted = Facts(), Planted()
    count = len(caseload.cases)
    single.spoken_for.update(m.person for case in caseload.cases for m in case.members)
    single.spoken_for.update(m.person for one in caseload.applications for m in one.members)
    pools = _Pools([case for case in caseload.cases if _is_steady(case)])
    least = 3 if people.residents >= _SMALL_DISTRICT else 1
    room = {id(one): _room(one, pools.free, people) for one in _SCENARIOS}
    for scenario in sorted(_SCENARIOS, key=lambda one: (one.rule in _LIGHT, room[id(one)])):
        for number in range(_repeats(scenario, count, least)):
            stage = _stage(scenario, number, pools, people, caseload, single)
            if stage is not None:
                _note(scenario, stage, planted)
    for case in pools.free:
        _bring_chance(stream(seed, "chance", int(case.case_no[-9:])), people, single, case)
    taken = {int(people.household[person]) for person in single.spoken_for}
    plant_unlisted(people, single, taken, planted, count, seed)
    _add_small_incomes(caseload, single)
    return single, planted


def _is_steady(case: Case) -> bool:
    return case.stop == NEVER and case.approved < day(2025, 6, 1)


def _room(scenario: Scenario, pool: list[Case], people: People) -> int:
    return sum(scenario.fits(case, people) is not None for case in pool[:300])


def _repeats(scenario: Scenario, cases: int, least: int) -> int:
    if scenario.note:
        return max(1, cases // 900)
    kinds = sum(one.rule == scenario.rule and not one.note for one in _SCENARIOS)
    return max(-(-least // kinds), cases // 250 // kinds)


def _stage(
    scenario: Scenario,
    number: int,
    pools: _Pools,
    people: People,
    caseload: Caseload,
    single: Facts,
) -> Stage | None:
    """Plant a scenario on the first case that fits; None where there is none."""
    pool = pools.again if scenario.rule in _LIGHT else pools.free
    found = next(_fitting(scenario, pool, people), None)
    if found is None:
        pool = pools.free
        found = next(_fitting(scenario, pool, people), None)
    if found is None:
        return None
    place, case, member = found
    del pool[place]
    if pool is pools.free:
        calm(people, single, case)
    stage = Stage(people, caseload, single, case, member, number)
    scenario.act(stage)
    if scenario.rule in _TOGETHER and "dead" not in scenario.note:
        pools.again.append(case)
    return stage


def _fitting(
    scenario: Scenario, pool: list[Case], people: People
) -> Iterator[tuple[int, Case, Member]]:
    for place, case in enumerate(pool):
        member = scenario.fits(case, people)
        if member is not None:
            yield place, case, member


def _note(scenario: Scenario, stage: Stage, planted: Planted) -> None:
    case, person = stage.case.case_no, stage.person
    if scenario.note:
        about = person if scenario.about_person else None
        planted.near.append((scenario.rule, case, None, about, scenario.note))
        return
    key: Key = person if scenario.about_person else case
    planted.hits.add((scenario.rule, key))


def _bring_chance(rng: np.random.Generator, people: People, single: Facts, case: Case) -> None:
    """A home for most; rarely a car, a job, a death, a move that nobody reported."""
    first = case.members[0].person
    if rng.random() < 0.7:
        area = float(rng.integers(45, 110))
        single.deeds.append(facts.Deed(unit=single.new_unit(), person=first, area=area))
    for member in case.counted:
        if age_at_horizon(people, member.person) >= 20:
            _bring_to_adult(rng, people, single, member)


def _bring_to_adult(
    rng: np.random.Generator, people: People, single: Facts, member: Member
) -> None:
    person = member.person
    chance = rng.random(8)
    month = timeline.month(timeline.HORIZON)
    if chance[0] < 0.012:
        status = ("A", "A", "Q", "E", "M", "A")[int(rng.integers(0, 6))]
        kind = ("02", "07", "07", "13", "52")[int(rng.integers(0, 5))]
        single.vehicles.append(facts.Vehicle(person, kind, status=status))
    if chance[1] < 0.004:
        unit = single.new_unit()
        area = float(rng.integers(40, 130))
        single.deeds.append(facts.Deed(unit=unit, person=person, area=area))
    if chance[2] < 0.006 and member.labour in ("1", "2") and member.wage is None:
        first = month - int(rng.integers(2, 20))
        wage = float(rng.integers(1_500, 4_500)) if rng.random() < 0.7 else None
        single.jobs.append(facts.Job(person, first, wage=wage, employer=int(rng.integers(0, 999))))
    if chance[3] < 0.003 and member.pension is not None:
        member.pension = None
        amount = float(rng.integers(900, 2_900))
        single.pensions.append(facts.Pension(person, "110", month - 30, amount))
    if chance[4] < 0.006:
        died = day(2026, 3) + int(rng.integers(0, 650))
        people.death[person] = died
        people.cremated[person] = died + 2 if rng.random() < 0.85 else NEVER
        people.death_registered[person] = died + 12 if rng.random() < 0.8 else NEVER
    if chance[5] < 0.004:
        people.left[person] = day(2025, 8) + int(rng.integers(0, 800))
    if chance[6] < 0.0015:
        shop = facts.Deed(unit=single.new_unit(), person=person, use="20", area=35.0)
        single.deeds.append(shop)
    if chance[7] < 0.0015:
        signed = day(2023, 6) + int(rng.integers(0, 1_600))
        single.contracts.append(facts.Contract(person, signed))


def _add_small_incomes(caseload: Caseload, single: Facts) -> None:
    """The registered incomes behind what is declared: small pensions and wages."""
    done: set[int] = set()
    for case in caseload.cases:
        for member in case.counted:
            person = member.person
            if person in done:
                continue
            if member.pension is not None:
                start = timeline.month(timeline.HORIZON) - 14 - person % 120
                single.pensions.append(facts.Pension(person, "170", start, float(member.pension)))
            if member.wage is not None:
                start = timeline.month(timeline.HORIZON) - 12 - person % 50
                kind = "3" if person % 3 == 0 else "1"
                job = facts.Job(person, start, insured_as=kind, wage=float(member.wage))
                single.jobs.append(job)
            done.add(person)
