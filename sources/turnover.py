"""How many of the people of the extract before are still in this one, and under their names."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sources.contract import Contract
from sources.conversions import identifier
from sources.verdict import ROWS_FILE
from store.engines.engine import Engine
from store.engines.parquet_files import exactly

# The columns are the contract's own names; what differs from call to call is bound.
_KEPT: Final = """
with before as (
    select distinct {id_no} as id_no from read_parquet($before, hive_partitioning = false)
    where {id_no} is not null
),
now as (
    select distinct {id_no} as id_no from read_parquet($now, hive_partitioning = false)
    where {id_no} is not null
)
select
    (select count(*) from before) as people,
    (select count(*) from now) as people_now,
    (select count(*) from before semi join now using (id_no)) as kept
"""
_SAMPLE: Final = 20_000  # people whose names are compared; a column out of step shows in a few
_NAMED: Final = """
with before as (
    select distinct {id_no} as id_no, {name} as name
    from read_parquet($before, hive_partitioning = false)
    where {id_no} is not null and {name} is not null and hash({id_no}) % $parts = 0
),
now as (
    select distinct {id_no} as id_no, {name} as name
    from read_parquet($now, hive_partitioning = false)
    where {id_no} is not null and {name} is not null and hash({id_no}) % $parts = 0
),
person as (
    select id_no, bool_or(before.name = now.name) as is_same from before join now using (id_no)
    group by id_no
)
select count(*) as named, count(*) filter (is_same) as same_name from person
"""


@dataclass(frozen=True, slots=True)
class Turnover:
    """People with a valid number: ``kept`` of them are in both extracts, ``days`` apart.

    ``people`` are those of the smaller one: that an extract shrank or grew is said elsewhere. Of
    those in both, ``named`` (a sample, where they are many) have a name in both, ``same_name`` the
    same one.
    """

    people: int
    kept: int
    days: int
    named: int = 0
    same_name: int = 0


def turnover(engine: Engine, contract: Contract, now: Path, before: Path, days: int) -> Turnover:
    """Compare two cleaned deliveries (folders) by the numbers of the first person of their rows."""
    person = contract.persons[0]
    columns = {"id_no": identifier(person.id_no), "name": identifier(person.name)}
    files = {"before": exactly(before / ROWS_FILE), "now": exactly(now / ROWS_FILE)}
    counts = engine.rows(_KEPT.format(**columns), files)[0]
    people, people_now, kept = (int(count) for count in counts)
    parts = {"parts": max(1, kept // _SAMPLE)}
    named, same_name = engine.rows(_NAMED.format(**columns), {**files, **parts})[0]
    return Turnover(min(people, people_now), kept, days, int(named), int(same_name))
