"""Who people typed in at a counter are: the night's own queries, asked of a snapshot.

What a night knows of everybody at once (how often names are met, how the departments keep their
books, its model) is read from the snapshot, so that whoever stands in a delivery and is typed in is
found alike. One thing is asked beyond the night: never by name and township alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import pyarrow as pa

from matchers.agreement import register_names
from matchers.memory import Memory
from matchers.repairs import repairs
from matchers.scoring import Linking, gather, make_weighed, nothing_presumed, score
from matchers.statements import make, statement
from store.engines.duckdb import DuckDBEngine

DATASET: Final = "civil_affairs.applications"
NIGHT: Final = "shown"
"""The catalogue under which the engine has the snapshot."""

_NOBODY: Final = {
    "work.decided": (
        "cast(null as bigint) as record_id, cast(null as varchar) as dataset,"
        " cast(null as varchar) as role, cast(null as bigint) as subject_id,"
        " cast(null as varchar) as verdict"
    ),
    # People typed in have no birth date beside their number that could contradict it.
    "work.contradicted_number": "cast(null as bigint) as subject_id",
    "work.unsettled_subject": "cast(null as bigint) as subject_id",
    "work.decided_subject": "cast(null as bigint) as subject_id, cast(null as bigint) as person_id",
    "work.excluded_pair": (
        "cast(null as bigint) as record_id, cast(null as varchar) as role,"
        " cast(null as bigint) as person_id"
    ),
    "work.unit_size": "cast(null as varchar) as unit, cast(null as double) as share",
}
_PROBABLE: Final = (
    "cast(null as bigint) as record_id, cast(null as varchar) as dataset,"
    " cast(null as bigint) as person_id, cast(null as varchar) as grade,"
    " cast(null as double) as score, cast(null as varchar) as why"
)


@dataclass(frozen=True, slots=True)
class Identified:
    """Who a typed-in person is.

    ``grade``: certain, probable, none. ``why`` is a code for :func:`matchers.explain.explain`.
    ``own_number`` is set where no register of people knows them: by which number they are known.
    """

    person_id: int | None
    grade: str
    why: str
    own_number: str | None


def identify(engine: DuckDBEngine, people: pa.Table, as_of: date) -> dict[int, Identified]:
    """Who they are, by ``seq``.

    ``engine`` is an empty one with the snapshot as catalogue ``shown``; ``people`` rows of one
    household as ``clean.application`` has them. A snapshot of a version that kept too little for
    this lacks tables: DuckDB's CatalogException.
    """
    at = _linking(engine, as_of)
    register_names(engine, {})
    _read_in(engine, people, as_of)
    _by_number(engine, at.values)
    if gather(engine, "told_subject", at):
        _by_the_rest(engine, at)
    else:
        engine.create_table("work.subject_probable", f"select {_PROBABLE} where false")
    make(engine, "work.subject_settled")
    make(engine, "work.own_subject")
    _adopt(engine)
    rows = engine.rows(statement("typed/identified"))
    return {seq: Identified(*found) for seq, *found in rows}


def _read_in(engine: DuckDBEngine, people: pa.Table, as_of: date) -> None:
    """The people as the night reads them, and of the register what may concern them."""
    engine.load_table("clean.application", people)
    for table in ("member", "household", "payment"):
        engine.create_view(f"clean.{table}", f"select * from {NIGHT}.clean.{table} where false")  # noqa: S608
    make(engine, "work.subject_row")
    texts = engine.rows(
        "select distinct id_text from work.subject_row where id_text is not null order by id_text"
    )
    engine.load_table("work.repair", repairs([text for (text,) in texts], as_of))
    make(engine, "work.wanted_number", "typed/wanted_number")
    engine.create_view(
        "linked.person",
        f"select * from {NIGHT}.linked.person where register_record_id is not null",  # noqa: S608
    )
    make(engine, "clean.population", "typed/population")
    engine.create_view(
        "clean.mention",
        f"select * from {NIGHT}.clean.mention"  # noqa: S608
        " where id_no in (select id_no from work.wanted_number)",
    )


def _by_number(engine: DuckDBEngine, values: Mapping[str, object]) -> None:
    for table, columns in _NOBODY.items():
        engine.create_table(table, f"select {columns} where false")
    make(engine, "work.address_key")
    make(engine, "work.shared_number")
    make(engine, "work.shared_register_row")
    make(engine, "work.adopted", "typed/adopted")
    make(engine, "linked.other_person")
    engine.create_view("linked.register_row", statement("register_row"))
    make(engine, "work.subject_by_number", values=values)
    make(engine, "work.district_subject", "typed/district_subject")
    make(engine, "work.disowned_number")


def _by_the_rest(engine: DuckDBEngine, at: Linking) -> None:
    """Those without a usable number: compared, weighed and held against each other as at night."""
    make(engine, "work.paper_person", "subject_paper_person")
    typed = engine.arrow("select * from work.subject_row")
    make(engine, "work.known_subject", "typed/known_subject")
    columns = "subject_id, person_id, name, cast(null as varchar) as address"
    engine.create_table(
        "work.subject_row",
        f"select {columns}, cast(null as varchar) as case_no from work.known_subject",  # noqa: S608
    )
    engine.create_table(
        "work.subject_person", "select subject_id, person_id from work.known_subject"
    )
    for name in ("crowded_household", "unit_record", "slot_holder", "age_fit"):
        make(engine, f"work.{name}", f"no_{name}")
    nothing_presumed(engine)
    engine.create_table("work.level", f"select * from {NIGHT}.linked.subject_level")  # noqa: S608
    engine.create_table("work.coverage", f"select * from {NIGHT}.linked.subject_coverage")  # noqa: S608
    make(engine, "work.learned", "typed/learned")
    make(engine, "work.borne_name")
    score(engine, at, given=("learned", "unit_size"))
    make_weighed(engine)
    make(engine, "work.subject_probable", "typed/probable", at.values)
    engine.load_table("work.subject_row", typed)


def _adopt(engine: DuckDBEngine) -> None:
    """For whom no register of people knows: a number that others have under a name that agrees."""
    lacking = make(engine, "work.lacking", "lacking_own_subject")
    engine.create_table("work.wanting_number", "select name, id_text from work.lacking")
    make(engine, "work.stray_number", "typed/stray_number")
    make(engine, "work.adoptable")
    make(engine, "work.adopted_own", "adopted" if lacking else "no_adopted")


def _linking(engine: DuckDBEngine, as_of: date) -> Linking:
    """What the night's steps go by, as the night that made the snapshot had it."""
    settings = engine.rows(f"select name, value from {NIGHT}.linked.subject_setting")  # noqa: S608
    levels: dict[str, list[str]] = {}
    query = f"select comparison, level from {NIGHT}.linked.subject_level where comparison <> 'slot'"  # noqa: S608
    for comparison, level in engine.rows(query):
        levels.setdefault(f"{comparison}_level", []).append(level)
    choices = {"dataset": [DATASET], "role": ["member"]}
    return Linking(as_of, dict(settings) | {"as_of": as_of}, choices, levels, Memory())
