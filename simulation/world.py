"""The fictional district (示范区, division 990102) as it truly is on one evening."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

import pyarrow as pa

from simulation import timeline
from simulation.columns import dictionary, schema

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
    """rule, case_no, household_no, person, note: planted, and not to be found."""


def build_world(residents: int, as_of: date, seed: int, progress: Progress | None = None) -> World:
    """The district of about ``residents`` living people on the evening of ``as_of``."""
    datasets = [name for name in dictionary() if name != "codes"]
    return World(
        as_of=as_of,
        seed=seed,
        residents=residents,
        division=DIVISION,
        townships={},
        tables={name: schema(name).empty_table() for name in datasets},
        business_dates={name: timeline.business_dates(name, as_of) for name in datasets},
        persons=pa.table({}),
        subjects=pa.table({}),
        expected=pa.table({}),
        near_misses=pa.table({}),
    )
