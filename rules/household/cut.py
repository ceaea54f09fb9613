"""What bears on a few households, looked up step by step in a night and copied."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, Final
from weakref import WeakKeyDictionary

import pyarrow as pa

from domain.record_id import dataset_number
from rules.engine import Scope
from rules.household.asked import APPLICATION, CASE, Household, TypedPeople
from rules.household.ways_back import query
from rules.interface import DATASETS, dataset_of, number_of
from store.engines.engine import Engine

_NUMBER_DIGITS: Final = 17
_FEW: Final = 40
_BY_SET: Final = frozenset(
    {
        "clean.household", "clean.member", "clean.application", "clean.payment",
        "linked.person_record", "linked.review_pair", "linked.unchecked", "linked.subject_record",
    }
)  # fmt: skip
_MARRIAGES: Final = "civil_affairs.marriages"
_POPULATION: Final = "public_security.population"
_PROPERTIES: Final = "housing.properties"
_CREMATIONS: Final = "civil_affairs.cremations"
_COLUMNS: Final = WeakKeyDictionary[Engine, dict[str, pa.Schema]]()
_APPLICANTS: Final = ("household", "member", "application")


def cut_out(
    night: Engine,
    world: Engine,
    households: Iterable[Household],
    *,
    typed: TypedPeople | None = None,
    homes: Collection[str] = (),
) -> Scope:
    """Fill ``clean`` and ``linked`` of ``world`` with what concerns these; the scope to judge.

    ``night`` holds a whole run with its ``checking`` tables (a snapshot, opened to read); nothing
    is written there. An application, and people typed in, stand in the world as a case in receipt
    from the as-of date. ``homes`` are register households (户号) asked for besides; those of the
    cases' members are of the scope too. Of other people's cases only what the rules look at in
    passing is copied, so answers are to be asked for the scope alone:
    ``evaluate(world, ..., scope=scope)`` then says of it what the night says.
    """
    typed = typed or TypedPeople()
    asked = list(households)
    found = _Found(
        night,
        typed,
        cases=sorted({one.case_no for one in asked if one.kind == CASE}),
        applications=sorted({one.case_no for one in asked if one.kind == APPLICATION}),
        homes={*homes},
    )
    found.look_up()
    _copy_clean(night, world, found)
    _copy_linked(night, world, found)
    return Scope(frozenset(one.case_no for one in asked), frozenset(found.homes))


@dataclass(slots=True)
class _Found:
    """What of the night bears on the households, by ids; each step looks up from those before."""

    night: Engine
    typed: TypedPeople
    cases: list[str]
    applications: list[str]
    homes: set[str]
    related: list[str] = field(default_factory=list)
    persons: set[int] = field(default_factory=set)
    records: set[int] = field(default_factory=set)

    def look_up(self) -> None:
        """The people, the cases and the records."""
        members, applicants = self._own_people()
        carried = self.night.rows(
            query("carried"), {"cases": self.cases, "applications": self.applications}
        )
        typed = self.typed.members.select(["id_no", "name"]).to_pylist()
        numbers = {row[0] for row in carried} | {row["id_no"] for row in typed}
        names = {row[1] for row in carried} | {row["name"] for row in typed}

        self._add(members)
        residents = self._residents()
        self._add(applicants)
        near = residents | self._ids("person_by_record", self._of(_MARRIAGES))
        self.related = sorted({*self.cases, *self._related(self.persons | near, numbers - {None})})
        self._add(near | self._people_of(self.related))
        self._add_rows(numbers - {None}, names - {None})

    def _own_people(self) -> tuple[set[int], set[int]]:
        asked = {"cases": self.cases, "applications": self.applications}
        own = self.night.rows(query("own_subject"), asked)
        members = {person for kind, _, person in own if kind == CASE}
        if self.cases:
            named = self.night.rows(query("applicant"), {"cases": self.cases})
            members |= {row[0] for row in named}
        applicants = {person for kind, _, person in own if kind == APPLICATION}
        applicants |= {*self.typed.subjects.column("person_id").to_pylist()}
        return members - {None}, applicants - {None}

    def _add(self, persons: set[int]) -> None:
        """These people and the records that speak of them."""
        self.records |= self._ids("record_by_person", persons - self.persons)
        self.persons |= persons

    def _residents(self) -> set[int]:
        """Who is registered with the people so far, or in the register households asked for."""
        registered = self._of(_POPULATION)
        self.homes |= self._ids("home", registered)
        if not self.homes:
            return set()
        found = self.night.rows(query("resident"), {"homes": sorted(self.homes)})
        return self._ids("person_by_record", {row[0] for row in found} - registered)

    def _related(self, persons: set[int], numbers: set[str]) -> set[str]:
        asked = {"persons": sorted(persons), "numbers": sorted(numbers)}
        return {row[0] for row in self.night.rows(query("related_case"), asked)}

    def _people_of(self, cases: Collection[str]) -> set[int]:
        if not set(cases) - {*self.cases}:
            return set()
        asked = {"cases": list(cases), "applications": []}
        own = self.night.rows(query("own_subject"), asked)
        return {person for _, _, person in own if person is not None}

    def _add_rows(self, numbers: set[str], names: set[str]) -> None:
        """The records that bear on them without speaking of one of them."""
        married = self._of(_MARRIAGES)
        spouses: set[str] = set()
        if married:
            rows = self.night.rows(query("married_number"), {"records": sorted(married)})
            spouses = {number for row in rows for number in row if number is not None}
        self.records |= self._under(numbers, spouses)
        self.records |= self._ids("co_owned", self._of(_PROPERTIES))
        if names:
            untied = self.night.rows(query("enrolment_by_name"), {"names": sorted(names)})
            self.records |= {row[0] for row in untied}
        kept = self.night.rows(query("case_record"), {"cases": self.related})
        self.records |= {row[0] for row in kept}
        self.records |= {*self.typed.links.column("record_id").to_pylist()}

    def _under(self, numbers: set[str], spouses: set[str]) -> set[int]:
        """Register rows and enrolments under these numbers, and cremations under the spouses'."""
        own, other = _keys(numbers), _keys(spouses)
        if not own | other:
            return set()
        rows = self.night.rows(query("record_by_number"), {"numbers": sorted(own | other)})
        cremations = number_of(_CREMATIONS)
        return {
            record
            for number, record in rows
            if number in (other if dataset_number(record) == cremations else own)
        }

    def _of(self, dataset: str) -> set[int]:
        place = number_of(dataset)
        return {record for record in self.records if dataset_number(record) == place}

    def _ids(self, name: str, keys: Collection[int]) -> set[Any]:
        """The one column of a query that is asked by ids of one kind."""
        if not keys:
            return set()
        parameter = "persons" if name == "record_by_person" else "records"
        return {row[0] for row in self.night.rows(query(name), {parameter: sorted(keys)})}


def _keys(numbers: Iterable[str]) -> set[int]:
    return {
        int(number[:_NUMBER_DIGITS]) if number[:_NUMBER_DIGITS].isdecimal() else -1
        for number in numbers
    }


def _copy_clean(night: Engine, world: Engine, found: _Found) -> None:
    by_dataset: dict[str, list[int]] = {}
    for record in sorted(found.records):
        by_dataset.setdefault(dataset_of(record).table, []).append(record)
    applicants = _applicants(night, found)
    for dataset in DATASETS:
        records = by_dataset.get(dataset.table, [])
        rows = _rows_of(night, f"clean.{dataset.table}", "record_id", records)
        if dataset.table in _APPLICANTS and applicants.num_rows:
            rows = _joined(rows, _as_written(world, dataset.table, applicants))
        world.load_table(f"clean.{dataset.table}", rows)
    aside = {"cases": found.related, "applications": found.applications}
    world.load_table("clean.set_aside", night.arrow(query("set_aside"), aside))
    world.load_table(
        "clean.source_status", night.arrow("select * from clean.source_status order by dataset")
    )


def _applicants(night: Engine, found: _Found) -> pa.Table:
    """The people of applications, and those typed in as the people of one more."""
    rows = _rows_of(night, "clean.application", "application_no", found.applications)
    typed = found.typed.members
    if not typed.num_rows:
        return rows
    named = ["application_no" if name == "case_no" else name for name in typed.column_names]
    typed = typed.rename_columns(named)
    return _joined(rows, typed.append_column("applied_date", typed.column("business_date")))


def _as_written(world: Engine, table: str, applicants: pa.Table) -> pa.Table:
    """Applicants as rows of the case's book: of its household, its members, or their own rows."""
    if table == "application":
        return applicants
    if table == "household":
        world.load_table("asked.applicant", applicants)
    return world.arrow(query(f"as_{table}"))


def _copy_linked(night: Engine, world: Engine, found: _Found) -> None:
    typed = found.typed
    asked = {"cases": found.related, "applications": found.applications}
    subjects = _joined(night.arrow(query("subject"), asked), _typed_subjects(typed))
    subject_ids = subjects.column("subject_id").to_pylist()
    links = _joined(
        _rows_of(night, "linked.person_record", "record_id", found.records), typed.links
    )
    seen = {*links.column("person_id").to_pylist(), *subjects.column("person_id").to_pylist()}
    persons = sorted((seen | found.persons) - {None})
    world.load_table("linked.subject", subjects)
    world.load_table("linked.person_record", links)
    world.load_table(
        "linked.person",
        _joined(_rows_of(night, "linked.person", "person_id", persons), typed.persons),
    )
    for table, column, keys in (
        ("unchecked", "person_id", persons),
        ("review_pair", "subject_id", subject_ids),
    ):
        world.load_table(f"linked.{table}", _rows_of(night, f"linked.{table}", column, keys))
    spoken = _rows_of(night, "linked.subject_record", "subject_id", subject_ids)
    if typed.subjects.num_rows:
        world.load_table("asked.typed_subject", typed.subjects)
        spoken = _joined(spoken, world.arrow(query("typed_record")))
    world.load_table("linked.subject_record", spoken)


def _typed_subjects(typed: TypedPeople) -> pa.Table:
    kind = pa.array([CASE] * typed.subjects.num_rows, pa.string())
    return typed.subjects.append_column("kind", kind)


def _rows_of(night: Engine, table: str, column: str, keys: Collection[object]) -> pa.Table:
    """The rows of a table under these keys, as it has them; of nothing, only its columns."""
    if table in _BY_SET or len(keys) > _FEW:
        return night.arrow(
            f"select * from {table} where {column} in (select unnest($keys))",  # noqa: S608 - our own names
            {"keys": list(keys)},
        )
    if keys:
        # Of a set DuckDB reads all rows between its ends; an equality skips what lies between. In
        # the big tables that pays.
        named = {f"key_{place}": key for place, key in enumerate(keys)}
        each = (f"select * from {table} where {column} = ${name}" for name in named)  # noqa: S608
        return night.arrow(" union all ".join(each), named)
    known = _COLUMNS.setdefault(night, {})
    if table not in known:
        known[table] = night.arrow(f"select * from {table} limit 0").schema  # noqa: S608 - our own names
    return known[table].empty_table()


def _joined(rows: pa.Table, more: pa.Table) -> pa.Table:
    """Both one after the other, in the columns of the first; what the second lacks is null."""
    if not more.num_rows:
        return rows
    return pa.concat_tables([rows, more], promote_options="default").select(rows.column_names)
