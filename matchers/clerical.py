"""Clerical review: the pairs worth a person's look, as a snapshot has them."""

from pathlib import Path
from typing import Final

import pyarrow as pa

from store.engines.engine import Engine
from store.link_decisions import Pair

_SHEET: Final = Path(__file__).parent / "sql" / "why" / "clerical_sheet.sql"
_PAIRS: Final = """
    select pair_id, dataset, role, record_name, record_hash, subject_hash
    from linked.clerical_pair
    order by pair_id
"""


def clerical_sheet(engine: Engine, most: int) -> pa.Table:
    """At most ``most`` pairs, those nearest to the threshold first, without score or verdict.

    Columns: pair_id, dataset, and of both record and subject name, number, sex, date of birth and
    where they live, whole.
    """
    return engine.arrow(_SHEET.read_text(encoding="utf-8"), {"most": most})


def clerical_pairs(engine: Engine) -> dict[str, Pair]:
    """Every pair worth a look by its id, bound to what both sides say."""
    return {row[0]: Pair(*row) for row in engine.rows(_PAIRS)}
