"""Which queries give no row because of what they read: told from their text, without asking."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Final

import sqlglot
from sqlglot import exp

IsEmpty = Callable[[str], bool]
_OUTER: Final = frozenset({"RIGHT", "FULL"})
_Ctes = Mapping[str, exp.Expr]


def yields_nothing(sql: str, is_empty: IsEmpty) -> bool:
    """Whether ``sql`` must give no row, as ``is_empty`` tests its tables (``schema.table``).

    True only where it is certain: every branch joins, from an empty table on, with nothing that
    brings rows of its own. Conditions are not looked at.
    """
    return _is_nothing(_parsed(sql), is_empty, {})


@cache
def _parsed(sql: str) -> exp.Expr:
    return sqlglot.parse_one(sql, dialect="duckdb")


def _is_nothing(node: exp.Expr, is_empty: IsEmpty, known: _Ctes) -> bool:
    ctes = {**known, **{cte.alias: cte.this for cte in getattr(node, "ctes", ())}}
    if isinstance(node, exp.Subquery):
        return _is_nothing(node.this, is_empty, ctes)
    if isinstance(node, exp.Union):
        return all(_is_nothing(side, is_empty, ctes) for side in (node.left, node.right))
    if isinstance(node, exp.Select):
        return not _sums_up_everything(node) and _reads_nothing(node, is_empty, ctes)
    return False


def _reads_nothing(select: exp.Select, is_empty: IsEmpty, ctes: _Ctes) -> bool:
    source = select.args.get("from_") or select.args.get("from")
    if source is None:
        return False
    joins = select.args.get("joins") or []
    if any(join.side in _OUTER for join in joins):
        return False
    inner = [join.this for join in joins if join.side != "LEFT"]
    return any(_is_table_empty(table, is_empty, ctes) for table in (source.this, *inner))


def _is_table_empty(table: exp.Expr, is_empty: IsEmpty, ctes: _Ctes) -> bool:
    if isinstance(table, exp.Table):
        if not table.db and table.name in ctes:
            return _is_nothing(ctes[table.name], is_empty, ctes)
        return bool(table.db) and is_empty(f"{table.db}.{table.name}")
    return _is_nothing(table, is_empty, ctes)


def _sums_up_everything(select: exp.Select) -> bool:
    """An aggregate without ``group by`` gives a row even of nothing."""
    if select.args.get("group"):
        return False
    return any(
        not isinstance(found.parent, exp.Window | exp.WithinGroup | exp.Filter)
        for expression in select.expressions
        for found in expression.find_all(exp.AggFunc)
    ) or bool(select.args.get("having"))
