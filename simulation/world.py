"""The fictional district (示范区, division 990102) as it truly is on one evening."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pyarrow as pa

from simulation import (
    benefits,
    casebook,
    cases,
    civil_registers,
    columns,
    employment,
    expected,
    housing,
    medical,
    places,
    planting,
    population,
    register_of_people,
    timeline,
    vehicles,
)
from simulation.facts import Facts

DIVISION: Final = "990102"

Progress = Callable[[str], None]


@dataclass(frozen=True)
class World:
    """The district's registers without any noise, and the truth about them.

    ``tables`` holds every dataset of the dictionary under its id: the delivered headers with true,
    clean, typed values (nulls where blank), then hidden columns: ``_person``, the true person a row
    speaks of (marriages: ``_person_1`` husband, ``_person_2`` wife), -1 for nobody of the district;
    ``_delivered``, the business date of the delivery in which the row is handed over.
    ``business_dates`` lists every evening on which a dataset is handed over, empty ones included.
    """

    as_of: date
    seed: int
    residents: int
    division: str
    townships: dict[str, str]
    tables: dict[str, pa.Table]
    business_dates: dict[str, tuple[date, ...]]
    persons: pa.Table
    """The people of the district who are born: number, names, register household, death."""
    subjects: pa.Table
    """case_no (or application number), seq, person."""
    expected: pa.Table
    """The findings the agreed rules ask for, from the true persons."""
    near_misses: pa.Table
    """rule, case_no, household_no, person, note: planted, and not to be found.

    What must not be found is about the person where one is named, else the case or household.
    """


def build_world(residents: int, as_of: date, seed: int, progress: Progress | None = None) -> World:
    """The district of about ``residents`` living people on the evening of ``as_of``.

    The same seed with a later evening gives the same people and the same facts, and what has
    happened since. Evenings lie from 2026-01-01 to 2027-12-31; the planted near misses lie at the
    edges of 2026-11-20. Raises ValueError for an evening outside.
    """
    if not timeline.FIRST_AS_OF <= as_of <= timeline.LAST_AS_OF:
        message = f"as of {as_of}: the district's calendar covers {timeline.FIRST_AS_OF} to "
        raise ValueError(message + str(timeline.LAST_AS_OF))
    tell = progress or _say_nothing
    tell("people")
    where = places.draw_places(residents, seed)
    people = population.draw_people(residents, where, seed)
    caseload = cases.draw_caseload(people, where, seed)
    single, planted = planting.plant(people, caseload, seed)
    tables = _build_tables(_District(people, where, caseload, single, as_of, seed), tell)
    persons = _persons(people, where, as_of)
    tell("expected findings")
    return World(
        as_of=as_of,
        seed=seed,
        residents=residents,
        division=DIVISION,
        townships=dict(zip(where.codes, where.names, strict=True)),
        tables=tables,
        business_dates={name: timeline.business_dates(name, as_of) for name in tables},
        persons=persons,
        subjects=_subjects(tables),
        expected=expected.expected_findings(tables, persons, planted, as_of),
        near_misses=expected.near_misses(planted),
    )


@dataclass(frozen=True)
class _District:
    """What the tables are made of."""

    people: population.People
    where: places.Places
    caseload: cases.Caseload
    single: Facts
    as_of: date
    seed: int


def _say_nothing(_: str) -> None:
    return None


def _build_tables(of: _District, tell: Progress) -> dict[str, pa.Table]:
    """Every dataset, in the order of the dictionary."""
    people, where, single, as_of, seed = of.people, of.where, of.single, of.as_of, of.seed
    poor = {member.person for case in of.caseload.cases for member in case.counted}
    jobs = employment.draw_jobs(people, single.jobs, seed)
    shown = casebook.visible_cases(of.caseload, as_of)
    applications = casebook.visible_applications(of.caseload, as_of)
    makers: dict[str, Callable[[], pa.Table]] = {
        "civil_affairs.households": lambda: casebook.households_table(people, where, shown, as_of),
        "civil_affairs.members": lambda: casebook.members_table(people, shown, as_of),
        "civil_affairs.applications": lambda: casebook.applications_table(
            people, where, applications, as_of
        ),
        "civil_affairs.payments": lambda: casebook.payments_table(people, of.caseload, as_of),
        "civil_affairs.temporary_assistance": lambda: civil_registers.aids_table(
            people, where, poor - single.without_bills, single.aids, as_of, seed
        ),
        "civil_affairs.cremations": lambda: civil_registers.cremations_table(
            people, single.stated_deaths, as_of
        ),
        "civil_affairs.marriages": lambda: civil_registers.marriages_table(
            people, single.marriages, as_of, seed
        ),
        "public_security.population": lambda: register_of_people.population_table(
            people, where, as_of, seed
        ),
        "public_security.vehicles": lambda: vehicles.vehicles_table(
            people, single.vehicles, as_of, seed
        ),
        "housing.properties": lambda: housing.properties_table(
            people, where, single.deeds, as_of, seed
        ),
        "housing.presales": lambda: housing.presales_table(
            people, where, single.contracts, as_of, seed
        ),
        "human_resources.contributions": lambda: employment.contributions_table(
            people, jobs, as_of, seed
        ),
        "human_resources.pensions": lambda: benefits.pensions_table(
            people, single.pensions, as_of, seed
        ),
        "human_resources.unemployment_benefits": lambda: benefits.unemployment_table(
            people, jobs, single.unemployment, as_of, seed
        ),
        "medical_insurance.enrolment": lambda: medical.enrolment_table(
            people, of.caseload, jobs, single.enrolment, as_of, seed
        ),
        "medical_insurance.settlements": lambda: medical.settlements_table(
            people, poor - single.without_bills, single.bills, as_of, seed
        ),
    }
    tables = {}
    for name, make in makers.items():
        tell(name)
        tables[name] = make()
    return tables


def _persons(people: population.People, where: places.Places, as_of: date) -> pa.Table:
    """The people of the district who are born, one row each."""
    on_day = timeline.day(as_of)
    rows = np.flatnonzero(people.birth[: people.residents] <= on_day)
    who = pa.array(rows)
    death = people.death[rows]
    return pa.table(
        {
            "person": who,
            "id_no": people.id_no.take(who),
            "name": people.name.take(who),
            "former_name": people.former_name.take(who),
            "sex": columns.coded(["1", "2"], people.sex[rows] - 1),
            "birth_date": columns.dates(people.birth[rows]),
            "household_no": register_of_people.household_numbers(people, rows),
            "township_code": places.township_codes(where, people.township[rows]),
            "is_dotted": pa.array(people.is_dotted[rows]),
            "death_date": columns.dates(np.where(death <= on_day, death, timeline.NEVER)),
        }
    )


def _subjects(tables: dict[str, pa.Table]) -> pa.Table:
    """Person rows of cases and applications."""
    parts = [
        tables[dataset]
        .select([number, "序号", "_person"])
        .rename_columns(["case_no", "seq", "person"])
        for dataset, number in (
            ("civil_affairs.members", "救助证号"),
            ("civil_affairs.applications", "申请号"),
        )
    ]
    return pa.concat_tables(parts)
