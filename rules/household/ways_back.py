"""The ways from people and numbers back to records, by which households are cut out quickly."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from store.engines.engine import Engine

_FOLDER: Final = Path(__file__).parent


def keep_ways_back(engine: Engine, as_of: date) -> None:
    """Make the tables of ``checking`` that :func:`rules.household.cut_out` looks up in, of a night.

    Reads ``clean`` and ``linked``. Sorted by what they are asked by: a look-up reads a few blocks
    of them where it would read ten million links of a district of a million.
    """
    for name in ("record_of_person", "record_of_number", "untied_enrolment"):
        engine.create_table(f"checking.{name}", query(name))
    engine.create_table("checking.newest_row", query("newest_row"), {"as_of": as_of})


@cache
def query(name: str) -> str:
    """The text of one of this folder's queries."""
    return (_FOLDER / f"{name}.sql").read_text(encoding="utf-8")
