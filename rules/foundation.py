"""What rules stand on: the policy's tables and the shared tables, each made once a run."""

import re
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

import pyarrow as pa

from domain.errors import HeduiError
from rules.emptiness import yields_nothing
from rules.parameters import DatedValue, Policy, known_parameters
from rules.rule_sql import SHARED_FOLDER
from store.engines.engine import Engine

_SHARED: Final = re.compile(r"\bshared\.(\w+)")
_COMMENT: Final = re.compile(r"--[^\n]*")
_NUMBER: Final = pa.decimal128(18, 6)
_KEPT: Final = (
    "select table_name from information_schema.tables"
    " where table_schema = 'shared' and table_catalog = current_catalog()"
)
Progress = Callable[[str], None]


def bound(sql: str, as_of: date) -> Mapping[str, object] | None:
    """The values that ``sql`` asks for: only ``$as_of`` ever is."""
    return {"as_of": as_of} if "$as_of" in _COMMENT.sub("", sql) else None


def make_policy_tables(engine: Engine, policies: Sequence[Policy], as_of: date) -> None:
    """Make ``policy.division``, ``policy.value`` (every dated value) and ``policy.in_force``."""
    engine.load_table("policy.division", _division_table(policies))
    engine.load_table("policy.value", _value_table(policies))
    engine.load_table("policy.in_force", _in_force_table(policies, as_of))


def stored_policies(engine: Engine) -> tuple[Policy, ...]:
    """The policies a run was made with, from its ``policy`` tables: a past night's stay its own."""
    values: dict[str, dict[str, list[DatedValue]]] = {}
    query = """
        select division, name, valid_from, number, list, source
        from policy.value
        order by division, name, valid_from
    """
    for division, name, valid_from, number, codes, source in engine.rows(query):
        value = DatedValue(valid_from, number if codes is None else tuple(codes), source)
        values.setdefault(division, {}).setdefault(name, []).append(value)
    divisions = engine.rows("select division, title, file from policy.division order by division")
    return tuple(
        Policy(division, title, file, {n: tuple(v) for n, v in values.get(division, {}).items()})
        for division, title, file in divisions
    )


def _division_table(policies: Sequence[Policy]) -> pa.Table:
    return pa.table(
        {
            "division": pa.array([policy.division for policy in policies], pa.string()),
            "title": pa.array([policy.title for policy in policies], pa.string()),
            "file": pa.array([policy.file for policy in policies], pa.string()),
        }
    )


def _value_table(policies: Sequence[Policy]) -> pa.Table:
    rows = [
        (policy.division, name, value, following)
        for policy in policies
        for name, values in sorted(policy.parameters.items())
        for value, following in zip(values, (*values[1:], None), strict=True)
    ]
    return pa.table(
        {
            "division": pa.array([row[0] for row in rows], pa.string()),
            "name": pa.array([row[1] for row in rows], pa.string()),
            "valid_from": pa.array([row[2].valid_from for row in rows], pa.date32()),
            "valid_to": pa.array([row[3] and row[3].valid_from for row in rows], pa.date32()),
            "number": pa.array([_number(row[2]) for row in rows], _NUMBER),
            "list": pa.array([_codes(row[2]) for row in rows], pa.list_(pa.string())),
            "source": pa.array([row[2].source for row in rows], pa.string()),
        }
    )


def _in_force_table(policies: Sequence[Policy], as_of: date) -> pa.Table:
    columns = {"division": pa.array([policy.division for policy in policies], pa.string())}
    for name, kind in known_parameters().items():
        values = [_in_force(policy, name, as_of) for policy in policies]
        column = name.replace(".", "_")
        if kind == "codes":
            codes = [value and _codes(value) for value in values]
            columns[column] = pa.array(codes, pa.list_(pa.string()))
        else:
            columns[column] = pa.array([value and _number(value) for value in values], _NUMBER)
    return pa.table(columns)


def _in_force(policy: Policy, name: str, as_of: date) -> DatedValue | None:
    values = [v for v in policy.parameters.get(name, ()) if v.valid_from <= as_of]
    return values[-1] if values else None


def _number(value: DatedValue) -> object:
    return None if isinstance(value.value, tuple) else value.value


def _codes(value: DatedValue) -> list[str] | None:
    return list(value.value) if isinstance(value.value, tuple) else None


@cache
def shared_queries(folder: Path = SHARED_FOLDER) -> Mapping[str, str]:
    """The text of each shared table's query, by name."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.sql"))}


def shared_order(wanted: Iterable[str], queries: Mapping[str, str]) -> list[str]:
    """The shared tables needed to have ``wanted``, each after those it reads.

    Raises HeduiError for a table that is nobody's, and for tables that read one another in a ring.
    """
    order: list[str] = []
    for name in sorted(wanted):
        _place(name, queries, order, ())
    return order


def _place(name: str, queries: Mapping[str, str], order: list[str], above: tuple[str, ...]) -> None:
    if name in order:
        return
    if name not in queries:
        raise HeduiError("rules_shared_unknown", name=name)
    if name in above:
        raise HeduiError("rules_shared_ring", name=" -> ".join((*above, name)))
    text = _COMMENT.sub("", queries[name])
    for read in sorted(set(_SHARED.findall(text)) - {name}):
        _place(read, queries, order, (*above, name))
    order.append(name)


@dataclass(slots=True)
class Foundation:
    """The tables rules read, as they are made; which of them are empty is looked up once."""

    engine: Engine
    as_of: date
    empty: dict[str, bool] = field(default_factory=dict)

    def is_empty(self, table: str) -> bool:
        """Whether a table (``schema.name``) has no row."""
        if table not in self.empty:
            query = f"select count(*) from (select 1 from {table} limit 1)"  # noqa: S608
            self.empty[table] = self.engine.rows(query)[0][0] == 0
        return self.empty[table]

    def gives_nothing(self, sql: str) -> bool:
        """Whether a query need not be asked: what it reads is empty."""
        return yields_nothing(sql, self.is_empty)

    def make(self, name: str, query: str, kept: Container[str]) -> None:
        """Make one shared table; a ``kept`` one of an earlier night is emptied if it would be."""
        table = f"shared.{name}"
        if name in kept and self.gives_nothing(query):
            self.engine.empty_table(table)
            self.empty[table] = True
        else:
            rows = self.engine.create_table(table, query, bound(query, self.as_of))
            self.empty[table] = rows == 0


def make_shared_tables(
    engine: Engine, wanted: Iterable[str], as_of: date, progress: Progress | None = None
) -> Foundation:
    """Make the shared tables ``wanted`` and all that they stand on."""
    queries = shared_queries()
    tables = Foundation(engine, as_of)
    kept = {row[0] for row in engine.rows(_KEPT)}
    for name in shared_order(wanted, queries):
        tables.make(name, queries[name], kept)
        if progress:
            progress(f"shared.{name}")
    return tables
