"""Clerical review: the pairs worth a look, gathered from a snapshot when they are asked for."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pyarrow as pa

from matchers.statements import make
from store.engines.engine import Engine
from store.link_decisions import Pair

_SCRATCH: Final = "work"
_SHEET: Final = Path(__file__).parent / "sql" / "why" / "clerical_sheet.sql"
_PAIRS: Final = """
    select pair_id, dataset, role, record_name, record_hash, subject_hash
    from work.clerical_pair
    order by pair_id
"""
_RECORDS: Final = """
    select distinct record_id
    from work.clerical_pair
    where pair_id in (select unnest($pairs))
"""
_PROBABLE: Final = "select value as probable from linked.subject_setting where name = 'probable'"


def clerical_sheet(engine: Engine, most: int) -> pa.Table:
    """At most ``most`` pairs, those nearest to the threshold first, without score or verdict.

    Columns: pair_id, dataset, and of both record and subject name, number, sex, date of birth and
    where they live, whole.
    """
    gather_clerical(engine)
    return engine.arrow(_SHEET.read_text(encoding="utf-8"), {"most": most})


def clerical_pairs(engine: Engine) -> dict[str, Pair]:
    """Every pair worth a look by its id, bound to what both sides say."""
    gather_clerical(engine)
    return {row[0]: Pair(*row) for row in engine.rows(_PAIRS)}


def clerical_records(engine: Engine, pair_ids: Sequence[str]) -> set[int]:
    """The records of pairs that :func:`clerical_sheet` gave from the same engine."""
    return {row[0] for row in engine.rows(_RECORDS, {"pairs": list(pair_ids)})}


def gather_clerical(engine: Engine) -> None:
    """Make ``work.clerical_pair`` beside a linked night, which is only read.

    Pairs that are possible, and probable links of subjects: ``pair_id``, ``record_id``,
    ``dataset``, ``role``, ``subject_id``, ``record_name``, ``record_hash``, ``subject_hash`` (over
    what each says: a decision holds while both do), ``nearness`` (bits between the pair and the
    threshold). A night makes none of them: what a record says is read for the few that a person is
    shown.
    """
    engine.keep_aside(_SCRATCH)
    make(engine, "work.subject_row")
    make(engine, "work.subject_value")
    make(engine, "work.value_wanted", "clerical_record")
    make(engine, "work.record_value")
    ((probable,),) = engine.rows(_PROBABLE)
    make(engine, "work.clerical_pair", values={"probable": probable})
