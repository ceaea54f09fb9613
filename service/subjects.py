"""Whom an answer shows: what the log needs to know of them, read before anything is shown."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from casework.findings import FindingView
from domain.identity import read_identity_number
from matchers.why import Considered, NamedPerson
from service.look_book import Subject
from service.queries import rows
from store.engines.engine import Engine

_CASES: Final = "select distinct case_no from linked.subject order by case_no"


def all_subjects(engine: Engine) -> list[Subject]:
    """Everybody of every case and application."""
    return subjects_of(engine, *(row[0] for row in engine.rows(_CASES)))


def subjects_of(engine: Engine, *case_nos: str) -> list[Subject]:
    """The people of cases or applications."""
    if not case_nos:
        return []
    return [
        Subject(row["case_no"], row["seq"], row["id_no"], row["name_raw"], row["address"])
        for row in rows(engine, "members_of_cases", case_nos=list(case_nos))
    ]


def subjects_at(engine: Engine, places: Iterable[str]) -> list[Subject]:
    """The people who stand at ``places``, each ``case#seq``."""
    wanted = set(places)
    people = subjects_of(engine, *sorted({place.rpartition("#")[0] for place in wanted}))
    return [one for one in people if f"{one.case_no}#{one.seq}" in wanted]


def residents_of(engine: Engine, *household_nos: str) -> list[Subject]:
    """The people of households of the population register."""
    if not household_nos:
        return []
    return [
        Subject(row["household_no"], row["seq"], row["id_no"], row["name"], row["address"])
        for row in rows(engine, "residents", household_nos=list(household_nos))
    ]


def subjects_of_findings(engine: Engine, views: Iterable[FindingView]) -> list[Subject]:
    """The people of the findings' cases, and those of findings about somebody not listed."""
    found = [(view.case_no, view.household_no, view.person_id_no, view.person_name)
             for view in views]  # fmt: skip
    return _concerned(engine, found)


def subjects_of_rows(engine: Engine, found: Iterable[Mapping[str, Any]]) -> list[Subject]:
    """The same of rows of ``judged.finding``."""
    keys = ("case_no", "household_no", "person_id_no", "person_name")
    return _concerned(engine, [tuple(row[key] for key in keys) for row in found])


def subjects_weighed(
    engine: Engine, named: Iterable[NamedPerson], considered: Iterable[Considered]
) -> list[Subject]:
    """Whom a record names, and everybody who was weighed against it."""
    weighed = list(considered)
    by_number: list[tuple[str | None, str | None]] = [(one.id_no, one.name) for one in weighed]
    by_number += [(one.id_no, one.name_raw) for one in named]
    return [
        *(Subject("", 0, id_no, name) for id_no, name in by_number if id_no),
        *subjects_at(engine, (place for one in weighed for place in one.subjects)),
    ]


def subject_by_number(written: str | None, name: str | None, on: date) -> list[Subject]:
    """The person of a number as it is written; nobody where it is no valid one."""
    number = read_identity_number(written, on).number
    return [Subject("", 0, number, name)] if number else []


def cases_of(case_no: str | None) -> list[str]:
    """The cases of a finding, which may be about several."""
    return [no for no in (case_no or "").split(";") if no]


def _concerned(
    engine: Engine, found: Sequence[tuple[str | None, str | None, str | None, str | None]]
) -> list[Subject]:
    """Of findings (case, household, number, name): whom a person reading them reads of."""
    cases = sorted({no for case_no, *_ in found for no in cases_of(case_no)})
    alone = [(id_no, name) for case_no, _, id_no, name in found if not case_no and id_no]
    homes = {home for case_no, home, id_no, _ in found if not case_no and not id_no and home}
    return [
        *subjects_of(engine, *cases),
        *(Subject("", 0, id_no, name) for id_no, name in alone),
        *residents_of(engine, *sorted(homes)),
    ]
