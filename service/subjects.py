"""Whom an answer shows: what the log needs to know of them, read before anything is shown.

The people of a case or a register household are one part; whom the records behind a sentence name
besides (a spouse, a registered owner, whoever else has the number) is the other: evidence says it
of itself (``named``, docs/reference/tables.md), so nothing is ever read out of a text.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from casework.findings import FindingView
from domain.errors import HeduiError
from domain.record_id import business_date_of
from domain.wording import joined
from matchers.why import Considered, NamedPerson, RecordPlace, named_persons
from rules.interface import DATASETS, number_of, place_of_named
from rules.named import Named, named_in
from service.look_book import Subject
from service.queries import rows
from store.engines.engine import Engine

_CASES: Final = "select distinct case_no from linked.subject order by case_no"
_KEYS: Final = """
    select person_key, name from linked.person
    where person_id in (select unnest($persons))
    order by person_key
"""


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
    """The people of the findings' cases, and those of findings about somebody not listed.

    Whom their sentences name is said by :func:`named_by_evidence`.
    """
    found = [(view.case_no, view.household_no, view.person_id_no, view.person_name)
             for view in views]  # fmt: skip
    return _concerned(engine, found)


def subjects_of_rows(engine: Engine, found: Iterable[Mapping[str, Any]]) -> list[Subject]:
    """The same of rows of ``judged.finding``."""
    keys = ("case_no", "household_no", "person_id_no", "person_name")
    return _concerned(engine, [tuple(row[key] for key in keys) for row in found])


def named_by_evidence(evidence: str | Iterable[Mapping[str, Any]]) -> list[Subject]:
    """Whom the records behind a finding's sentences name; ``evidence`` as in judged.finding.

    Evidence kept from before it said so leads to those whom its records name by the records.
    """
    items = json.loads(evidence) if isinstance(evidence, str) else evidence
    return [
        person
        for item in items
        for person in (
            [one for named in item["named"] for one in _as_subjects(Named(**named))]
            if "named" in item
            else _in_record_of(item)
        )
    ]


def _in_record_of(item: Mapping[str, Any]) -> list[Subject]:
    """Whoever the record of an evidence object names, by where it stands."""
    if not item.get("dataset"):
        return []
    dataset = DATASETS[number_of(item["dataset"]) - 1]
    day = date.fromisoformat(item["business_date"])
    return [
        named_at(
            None,
            None,
            place_of_named(dataset.name, day, item["file_name"], item["row_no"], role),
        )
        for role in dataset.roles
    ]


def named_by_records(engine: Engine, record_ids: Collection[int]) -> list[Subject]:
    """Whom these records name."""
    found = named_in(engine, record_ids)
    return [person for named in found.values() for one in named for person in _as_subjects(one)]


def subjects_weighed(
    engine: Engine,
    place: RecordPlace,
    named: Iterable[NamedPerson],
    considered: Iterable[Considered],
) -> list[Subject]:
    """Whom the record at ``place`` names, and everybody who was weighed against it."""
    weighed = list(considered)
    without = [one.person_id for one in weighed if not one.id_no]
    return [
        *subjects_in_record(engine, place, named),
        *(Subject("", 0, one.id_no, one.name) for one in weighed if one.id_no),
        *(_at(key, name) for key, name in engine.rows(_KEYS, {"persons": without})),
        *subjects_at(engine, (where for one in weighed for where in one.subjects)),
    ]


def persons_at(engine: Engine, place: RecordPlace) -> list[NamedPerson]:
    """The persons the record at ``place`` names.

    Raises HeduiError ``why_no_dataset``, ``why_no_record``, ``why_several_dates``.
    """
    tables = {dataset.name: dataset.table for dataset in DATASETS}
    if place.dataset not in tables:
        raise HeduiError("why_no_dataset", dataset=place.dataset, known=joined(tables))
    return named_persons(engine, place, tables[place.dataset])


def subjects_in_record(
    engine: Engine, place: RecordPlace, named: Iterable[NamedPerson]
) -> list[Subject]:
    """Whom the record at ``place`` names, one that was set aside as well."""
    asked = list(named)
    return [
        *named_by_records(engine, {one.record_id for one in asked}),
        *(
            named_at(
                one.id_no,
                one.name_raw,
                place_of_named(
                    place.dataset, business_date_of(one.record_id), place.file, place.row, one.role
                ),
            )
            for one in asked
            if one.is_set_aside
        ),
    ]


def named_at(id_no: str | None, name: str | None, place: str) -> Subject:
    """Who is named by a row as it was delivered, where it stands."""
    return Subject("" if id_no else place, 0, id_no, name)


def _as_subjects(named: Named) -> list[Subject]:
    """By each number that is known of a person; by place where there is none."""
    numbers = [number for number in (named.id_no, named.known_id_no) if number]
    if not numbers and named.place:
        return [_at(named.place, named.name)]
    return [Subject("", 0, number, named.name) for number in numbers]


def _at(place: str, name: str | None) -> Subject:
    """A person known by a place: ``case#seq``, or a place of another kind as it is."""
    case_no, _, seq = place.rpartition("#")
    if case_no and seq.isdecimal():
        return Subject(case_no, int(seq), None, name)
    return Subject(place, 0, None, name)


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
