"""Which queries give no row because of what they read: told from their text, without asking."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

import sqlglot
from sqlglot import exp

IsEmpty = Callable[[str], bool]
_OUTER: Final = frozenset({"RIGHT", "FULL"})
_Ctes = Mapping[str, exp.Expr]


@dataclass(frozen=True, slots=True)
class _Nothing:
    """When a query gives nothing: a table is empty; or all, or any, of its parts give nothing."""

    table: str = ""
    parts: tuple["_Nothing", ...] = ()
    needs_all: bool = False

    def holds(self, is_empty: IsEmpty) -> bool:
        if self.table:
            return is_empty(self.table)
        each = (part.holds(is_empty) for part in self.parts)
        return all(each) if self.needs_all else any(each)


_NEVER: Final = _Nothing()


def yields_nothing(sql: str, is_empty: IsEmpty) -> bool:
    """Whether ``sql`` must give no row, as ``is_empty`` tests its tables (``schema.table``).

    True only where it is certain: every branch joins, from an empty table on, with nothing that
    brings rows of its own. Conditions are not looked at.
    """
    return _read(sql).holds(is_empty)


@cache
def _read(sql: str) -> _Nothing:
    return _nothing(sqlglot.parse_one(sql, dialect="duckdb"), {})


def _nothing(node: exp.Expr, known: _Ctes) -> _Nothing:
    ctes = {**known, **{cte.alias: cte.this for cte in getattr(node, "ctes", ())}}
    if isinstance(node, exp.Subquery):
        return _nothing(node.this, ctes)
    if isinstance(node, exp.Union):
        sides = (_nothing(side, ctes) for side in (node.left, node.right))
        return _Nothing(parts=tuple(sides), needs_all=True)
    if isinstance(node, exp.Select) and not _sums_up_everything(node):
        return _nothing_joined(node, ctes)
    return _NEVER


def _nothing_joined(select: exp.Select, ctes: _Ctes) -> _Nothing:
    source = select.args.get("from_") or select.args.get("from")
    joins = select.args.get("joins") or []
    if source is None or any(join.side in _OUTER for join in joins):
        return _NEVER
    inner = [join.this for join in joins if join.side != "LEFT"]
    return _Nothing(parts=tuple(_nothing_read(table, ctes) for table in (source.this, *inner)))


def _nothing_read(table: exp.Expr, ctes: _Ctes) -> _Nothing:
    if not isinstance(table, exp.Table):
        return _nothing(table, ctes)
    if table.db:
        return _Nothing(table=f"{table.db}.{table.name}")
    return _nothing(ctes[table.name], ctes) if table.name in ctes else _NEVER


def _sums_up_everything(select: exp.Select) -> bool:
    """An aggregate without ``group by`` gives a row even of nothing."""
    if select.args.get("group"):
        return False
    return any(
        not isinstance(found.parent, exp.Window | exp.WithinGroup | exp.Filter)
        for expression in select.expressions
        for found in expression.find_all(exp.AggFunc)
    ) or bool(select.args.get("having"))
