"""A world of a few households: what bears on them, cut out of a snapshot for the same engine.

The night asks its rules of a hundred thousand rows; a check asks the same rules, by the same code,
of the rows that can bear on one household. Applications are put as if they were cases.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

import pyarrow as pa

from rules.engine import Scope, evaluate
from rules.interface import DATASETS
from rules.parameters import Policy
from rules.rule import Catalogue
from store.engines.duckdb import DuckDBEngine

CASE: Final = "case"
APPLICATION: Final = "application"
PERSONS: Final = "persons"
_FOLDER: Final = Path(__file__).parent / "household_sql"
_OWN: Final = ("household", "member", "application")
_ASKED: Final = (
    "subject", "number", "member_name", "person", "spouse", "related_case", "everyone", "unit",
    "record",
)  # fmt: skip
_WORLD: Final = (
    *(f"clean.{dataset.table}" for dataset in DATASETS),
    *("clean.set_aside", "clean.source_status"),
    *(
        f"linked.{table}"
        for table in (
            "person", "subject", "person_record", "subject_record", "review_pair", "unchecked",
        )
    ),
)  # fmt: skip
_HOUSEHOLD: Final = pa.schema([("case_no", pa.string()), ("kind", pa.string())])
TYPED_MEMBER: Final = pa.schema(
    [
        ("record_id", pa.int64()), ("business_date", pa.date32()), ("file_name", pa.string()),
        ("row_no", pa.int32()), ("remarks", pa.list_(pa.string())), ("case_no", pa.string()),
        ("scheme", pa.string()), ("township_code", pa.string()), ("seq", pa.int32()),
        ("name", pa.string()), ("name_raw", pa.string()), ("id_no", pa.string()),
        ("id_no_raw", pa.string()), ("id_no_text", pa.string()), ("id_no_status", pa.string()),
        ("relation", pa.string()), ("member_kind", pa.string()),
        ("declared_income_yuan", pa.decimal128(14, 2)), ("authorised_date", pa.date32()),
    ]
)  # fmt: skip
TYPED_SUBJECT: Final = pa.schema(
    [
        ("subject_id", pa.int64()), ("case_no", pa.string()), ("seq", pa.int32()),
        ("record_id", pa.int64()), ("person_id", pa.int64()), ("person_grade", pa.string()),
    ]
)  # fmt: skip
TYPED_PERSON: Final = pa.schema(
    [
        ("person_id", pa.int64()), ("person_key", pa.string()), ("id_no", pa.string()),
        ("name", pa.string()), ("birth_date", pa.date32()),
    ]
)  # fmt: skip
TYPED_LINK: Final = pa.schema(
    [
        ("record_id", pa.int64()), ("dataset", pa.string()), ("role", pa.string()),
        ("person_id", pa.int64()), ("grade", pa.string()), ("score", pa.float64()),
        ("why", pa.string()),
    ]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Household:
    """A household asked for: a case, an application, or people typed in under a made-up number."""

    case_no: str
    kind: str


@dataclass(frozen=True, slots=True)
class TypedPeople:
    """People typed in: their rows, and who of the register they are (as the linking has it).

    ``persons`` and ``links``: those of them whom no register of people knows, and their records;
    ``reasons`` why each is who they are, as a code, by ``seq``.
    """

    members: pa.Table = field(default_factory=TYPED_MEMBER.empty_table)
    subjects: pa.Table = field(default_factory=TYPED_SUBJECT.empty_table)
    persons: pa.Table = field(default_factory=TYPED_PERSON.empty_table)
    links: pa.Table = field(default_factory=TYPED_LINK.empty_table)
    reasons: Mapping[int, str] = field(default_factory=dict)


def make_world(
    engine: DuckDBEngine,
    source: str,
    households: Iterable[Household],
    typed: TypedPeople | None = None,
) -> None:
    """Make ``clean`` and ``linked`` of the households in the engine's own catalogue.

    ``source`` is the catalogue of a snapshot (with schema ``checking``). Tables have the columns of
    docs/reference/tables.md; an application stands in ``clean.household`` and ``clean.member``.
    """
    typed = typed or TypedPeople()
    rows = [{"case_no": one.case_no, "kind": one.kind} for one in households]
    engine.load_table("asked.household", pa.Table.from_pylist(rows, _HOUSEHOLD))
    engine.load_table("asked.typed_member", typed.members)
    engine.load_table("asked.typed_subject", typed.subjects)
    engine.load_table("asked.typed_person", typed.persons)
    engine.load_table("asked.typed_link", typed.links)
    for name in _ASKED:
        engine.create_table(f"asked.{name}", _query(name, source))
    _make_clean(engine, source)
    _make_linked(engine, source)


def judge_world(
    engine: DuckDBEngine,
    *,
    catalogue: Catalogue,
    policies: Sequence[Policy],
    as_of: date,
    scope: Scope | None = None,
) -> None:
    """Ask the rules of the world, by the code of the night; keep what a check slip wants.

    With a ``scope``, of those cases alone.
    """
    evaluate(engine, catalogue=catalogue, policies=policies, as_of=as_of, scope=scope)
    keep_for_checks(engine)


def copy_world(world: DuckDBEngine, to: DuckDBEngine) -> None:
    """Copy ``clean`` and ``linked`` of a world to an engine made for few rows."""
    for table in _WORLD:
        to.load_table(table, world.arrow(f"select * from {table}"))  # noqa: S608 - our own names


def keep_for_checks(engine: DuckDBEngine) -> None:
    """Keep heads, incomes and lines, which the rules' working tables hold, as ``checking``."""
    for name, order in (
        ("counted_member", "case_no, seq"),
        ("member_income", "case_no, seq"),
        ("case_income", "case_no"),
    ):
        engine.create_table(
            f"checking.{name}",
            f"select * from shared.{name} order by {order}",  # noqa: S608 - our own names
        )


def keep_newest_rows(engine: DuckDBEngine, as_of: date) -> None:
    """Keep which rows say the district's newest months, as ``checking.newest_row``."""
    engine.create_table("checking.newest_row", _query("newest_row", ""), {"as_of": as_of})


def _make_clean(engine: DuckDBEngine, source: str) -> None:
    engine.create_table("clean.household", _query("household", source))
    engine.create_table("clean.member", _query("member", source))
    engine.create_table("clean.application", _query("application", source))
    for place, dataset in enumerate(DATASETS, start=1):
        if dataset.table not in _OWN:
            engine.create_table(
                f"clean.{dataset.table}",
                f"select record.* from {source}.clean.{dataset.table} as record"  # noqa: S608
                " where record.record_id in"
                f" (select record_id from asked.record where record_id >> 57 = {place})",
            )
    engine.create_table("clean.set_aside", _query("set_aside", source))
    engine.create_table(
        "clean.source_status",
        f"select * from {source}.clean.source_status order by dataset",  # noqa: S608
    )


def _make_linked(engine: DuckDBEngine, source: str) -> None:
    everyone = "person_id in (select person_id from asked.everyone)"
    by_record = "record_id in (select record_id from asked.record)"
    by_subject = "subject_id in (select subject_id from linked.subject)"
    engine.create_table("linked.subject", _query("case_subject", source))
    for table, wanted, typed, order in (
        ("person", everyone, "typed_person", "person_id"),
        ("unchecked", everyone, None, "dataset, person_id"),
        ("person_record", by_record, "typed_link", "record_id, role"),
        ("review_pair", by_subject, None, "record_id, role"),
    ):
        added = f" union all by name select * from asked.{typed}" if typed else ""  # noqa: S608
        engine.create_table(
            f"linked.{table}",
            f"select * from {source}.linked.{table} where {wanted}{added} order by {order}",  # noqa: S608
        )
    engine.create_table(
        "linked.subject_record",
        f"select * from {source}.linked.subject_record where {by_subject}"  # noqa: S608
        f" union all by name {_query('typed_record', source)}"
        " order by record_id, role, subject_id",
    )


@cache
def _text(name: str) -> str:
    return (_FOLDER / f"{name}.sql").read_text(encoding="utf-8")


def _query(name: str, source: str) -> str:
    return _text(name).replace("{source}", source)
