"""What rules stand on: the policy's tables and the shared tables, each made once a run."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path
from threading import RLock
from typing import Final

import pyarrow as pa

from domain.errors import HeduiError
from rules.emptiness import asked_together, yields_nothing
from rules.parameters import DatedValue, Policy, known_parameters
from rules.rule_sql import SHARED_FOLDER
from store.engines.engine import Engine

_SHARED: Final = re.compile(r"\bshared\.(\w+)")
_COMMENT: Final = re.compile(r"--[^\n]*")
_NUMBER: Final = pa.decimal128(18, 6)
Progress = Callable[[str], None]


def bound(sql: str, as_of: date) -> Mapping[str, object] | None:
    """The values that ``sql`` asks for: only ``$as_of`` ever is."""
    return {"as_of": as_of} if _asks_date(sql) else None


@cache
def _asks_date(sql: str) -> bool:
    return "$as_of" in _COMMENT.sub("", sql)


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
    for read in _read_by(queries[name]):
        if read != name:
            _place(read, queries, order, (*above, name))
    order.append(name)


@dataclass(slots=True)
class Foundation:
    """The tables rules read. A shared table is made when something that will be asked reads it.

    Whether a table has rows (or rows of some kind) is looked up once; of a shared table that must
    be empty, because what it is made of is, that is known without making it. ``row_queries``: what
    may be asked of a table's rows, to be asked all at once (where a question costs more than rows).
    """

    engine: Engine
    as_of: date
    progress: Progress | None = None
    queries: Mapping[str, str] = field(default_factory=shared_queries)
    row_queries: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    _empty: dict[str, bool] = field(default_factory=dict)
    _made: set[str] = field(default_factory=set)
    _making: dict[str, RLock] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """A lock for each table, there before two threads ask for it."""
        for name in self.queries:
            self._making.setdefault(name, RLock())

    def over(self, engine: Engine) -> "Foundation":
        """The same tables, asked over another connection to them, in a thread of its own."""
        return replace(self, engine=engine)

    def is_empty(self, table: str, rows: str = "") -> bool:
        """Whether a table (``schema.name``) has no row, or none of those that ``rows`` asks for."""
        if rows and self.is_empty(table):
            return True
        asked = rows or table
        if asked not in self._empty:
            self._empty[asked] = self._look(table, rows)
        return self._empty[asked]

    def gives_nothing(self, sql: str) -> bool:
        """Whether a query need not be asked: what it reads is empty.

        First by what is there already, then by making what could tell.
        """
        return yields_nothing(sql, self._is_known_empty) or yields_nothing(sql, self.is_empty)

    def make(self, wanted: Iterable[str]) -> None:
        """Make these shared tables, and those they read; what was made before stays."""
        for name in shared_order(wanted, self.queries):
            if name not in self._made:
                with self._making[name]:  # tables wait for those they read: never in a ring
                    if name not in self._made:
                        self._make(name)

    def make_for(self, sql: str) -> None:
        """Make the shared tables that a query reads."""
        self.make(_read_by(sql))

    def _is_known_empty(self, table: str, rows: str = "") -> bool:
        schema, _, name = table.rpartition(".")
        if schema != "shared" or name in self._made:
            return self.is_empty(table, rows)
        if table not in self._empty and yields_nothing(self.queries[name], self._is_known_empty):
            self._empty[table] = True
        return self._empty.get(table, False)

    def _look(self, table: str, rows: str) -> bool:
        schema, _, name = table.rpartition(".")
        if schema == "shared" and name not in self._made:
            if not rows and self.gives_nothing(self.queries[name]):
                return True
            self.make([name])
            if not rows:
                return self._empty[table]
        return self._look_for(table, rows) if rows else self.engine.is_empty(table)

    def _look_for(self, table: str, rows: str) -> bool:
        alike = self.row_queries.get(table, ())
        if rows not in alike:
            return not self.engine.rows(rows, bound(rows, self.as_of))
        query = asked_together(alike)
        (given,) = self.engine.rows(query, bound(query, self.as_of))
        self._empty.update((asked, not gives) for asked, gives in zip(alike, given, strict=True))
        return self._empty[rows]

    def _make(self, name: str) -> None:
        """One table; one of an earlier night that would be empty is emptied, which is cheaper."""
        table, query = f"shared.{name}", self.queries[name]
        if self.gives_nothing(query) and self.engine.has_table(table):
            self.engine.empty_table(table)
            self._empty[table] = True
        else:
            rows = self.engine.create_table(table, query, bound(query, self.as_of))
            self._empty[table] = rows == 0
        self._made.add(name)
        if self.progress:
            self.progress(table)


@cache
def _read_by(sql: str) -> tuple[str, ...]:
    return tuple(sorted({*_SHARED.findall(_COMMENT.sub("", sql))}))
