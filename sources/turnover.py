"""How many of the people of the extract before are still in this one."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sources.contract import Contract
from sources.conversions import quoted
from sources.verdict import ROWS_FILE
from store.engines.engine import Engine

_KEPT: Final = """
with before as (select distinct {id_no} as id_no from read_parquet({before})
    where {id_no} is not null),
now as (select distinct {id_no} as id_no from read_parquet({now}) where {id_no} is not null)
select
    (select count(*) from before) as people,
    (select count(*) from now) as people_now,
    (select count(*) from before semi join now using (id_no)) as kept
"""


@dataclass(frozen=True, slots=True)
class Turnover:
    """People with a valid number: ``kept`` of them are in both extracts, ``days`` apart.

    ``people`` are those of the smaller one: that an extract shrank or grew is said elsewhere.
    """

    people: int
    kept: int
    days: int


def turnover(engine: Engine, contract: Contract, now: Path, before: Path, days: int) -> Turnover:
    """Compare two cleaned deliveries (folders) by the numbers of the first person of their rows."""
    query = _KEPT.format(
        id_no=contract.persons[0].id_no,
        before=quoted(str(before / ROWS_FILE)),
        now=quoted(str(now / ROWS_FILE)),
    )
    people, people_now, kept = engine.rows(query)[0]
    return Turnover(min(int(people), int(people_now)), int(kept), days)
