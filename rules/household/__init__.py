"""A few cases taken out of a whole night, with all that the rules need to judge them alike."""

from collections.abc import Collection
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from rules.engine import Scope
from rules.interface import DATASETS, number_of
from store.engines.engine import Engine

_FOLDER: Final = Path(__file__).parent
_PLACE_BITS: Final = 57


def copy_cases(
    source: Engine,
    target: Engine,
    cases: Collection[str],
    as_of: date,
    households: Collection[str] = (),
) -> Scope:
    """Fill ``clean`` and ``linked`` of ``target`` with what concerns ``cases``; the scope to judge.

    ``source`` holds a whole run (a snapshot, opened to read); nothing is written there. Of other
    people's cases only what the rules look at in passing is copied, so answers are to be asked for
    the scope alone: ``evaluate(target, ..., scope=scope)`` then says of it what the night says.
    The members' register households are of the scope as well, and ``households`` (户号) besides.
    """
    asked = sorted(set(cases))
    people = source.rows(_query("person"), {"cases": asked, "homes": sorted(set(households))})
    persons = [person_id for person_id, _ in people]
    own = [person_id for person_id, is_own in people if is_own]
    homes = [row[0] for row in source.rows(_query("home"), {"persons": own})]
    near = [row[0] for row in source.rows(_query("case_no"), {"cases": asked, "persons": persons})]
    found = source.rows(
        _query("record"), {"cases": asked, "near": near, "persons": persons, "as_of": as_of}
    )
    _copy(source, target, near, [row[0] for row in found if row[0] is not None])
    return Scope(frozenset(asked), frozenset({*homes, *households}))


@cache
def _query(name: str) -> str:
    return (_FOLDER / f"{name}.sql").read_text(encoding="utf-8")


def _copy(source: Engine, target: Engine, cases: list[str], records: list[int]) -> None:
    for dataset in DATASETS:
        number = number_of(dataset.name)
        mine = [record for record in records if record >> _PLACE_BITS == number]
        _take(source, target, f"clean.{dataset.table}", "record_id", mine)
    _take(source, target, "linked.person_record", "record_id", records)
    _take(source, target, "linked.subject", "case_no", cases, "kind = 'case'")
    subjects = [row[0] for row in target.rows("select subject_id from linked.subject")]
    _take(source, target, "linked.review_pair", "subject_id", subjects)
    target.load_table(
        "linked.subject_record",
        source.arrow(
            "select * from linked.subject_record"
            " where subject_id in (select unnest($subjects))"
            " and record_id in (select unnest($records))",
            {"subjects": subjects, "records": records},
        ),
    )
    seen = target.rows(
        "select person_id from linked.person_record union select person_id from linked.subject"
    )
    persons = [row[0] for row in seen if row[0] is not None]
    _take(source, target, "linked.person", "person_id", persons)
    _take(source, target, "linked.unchecked", "person_id", persons)
    target.load_table("clean.source_status", source.arrow("select * from clean.source_status"))
    target.load_table(
        "clean.set_aside",
        source.arrow(
            "select * from clean.set_aside where case_no in (select unnest($cases))"
            " or (case_no is null and dataset = 'civil_affairs.payments')",
            {"cases": cases},
        ),
    )


def _take(
    source: Engine,
    target: Engine,
    table: str,
    column: str,
    keys: Collection[object],
    condition: str = "true",
) -> None:
    query = f"select * from {table} where {column} in (select unnest($keys)) and {condition}"  # noqa: S608
    if not keys:
        target.load_table(table, source.arrow(f"select * from {table} limit 0"))  # noqa: S608
    else:
        target.load_table(table, source.arrow(query, {"keys": list(keys)}))
