"""Which queries give no row because of what they read: told from their text, without asking."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

import sqlglot
from sqlglot import exp

IsEmpty = Callable[[str, str], bool]
_OUTER: Final = frozenset({"RIGHT", "FULL"})
_Ctes = Mapping[str, exp.Expr]


@dataclass(frozen=True, slots=True)
class _Nothing:
    """When a query gives nothing: a table is empty; or all, or any, of its parts give nothing.

    ``rows``: of a table only those that its query wants, as one more query that gives them.
    """

    table: str = ""
    rows: str = ""
    parts: tuple["_Nothing", ...] = ()
    needs_all: bool = False

    def holds(self, is_empty: IsEmpty) -> bool:
        if self.table:
            return is_empty(self.table, self.rows)
        each = (part.holds(is_empty) for part in self.parts)
        return all(each) if self.needs_all else any(each)

    def asked(self) -> Iterator[str]:
        """Every query for rows that ``holds`` may ask."""
        if self.rows:
            yield self.rows
        for part in self.parts:
            yield from part.asked()


_NEVER: Final = _Nothing()


def yields_nothing(sql: str, is_empty: IsEmpty) -> bool:
    """Whether ``sql`` must give no row, as ``is_empty`` tests its tables (``schema.table``).

    True only where it is certain: every branch joins, from an empty table on, with nothing that
    brings rows of its own. ``is_empty`` is given a table and "", or a table and a query for those
    of its rows that meet the conditions which ``sql`` sets to it alone; the first of a table are
    always asked for whole.
    """
    return _read(sql).holds(is_empty)


def row_queries(sql: str) -> list[str]:
    """The queries that :func:`yields_nothing` may want answered of ``sql``, each once."""
    return list(dict.fromkeys(_read(sql).asked()))


@cache
def row_queries_by_table(queries: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
    """The row queries of all these, by the table (``schema.table``) each asks of."""
    found: dict[str, dict[str, None]] = {}
    for sql in queries:
        for rows in row_queries(sql):
            for table in sqlglot.parse_one(rows, dialect="duckdb").find_all(exp.Table):
                found.setdefault(f"{table.db}.{table.name}", {})[rows] = None
    return {table: tuple(asked) for table, asked in found.items()}


@cache
def asked_together(rows: tuple[str, ...]) -> str:
    """One query for what several row queries ask of one table.

    Its one row says of each, in order, whether it would give any.
    """
    selects = [sqlglot.parse_one(one, dialect="duckdb") for one in rows]
    (table,) = {f"{one.db}.{one.name}" for select in selects for one in select.find_all(exp.Table)}
    gives = (
        exp.func("coalesce", exp.Max(this=one.transform(_unnamed)), exp.false())
        for select in selects
        for one in (where.this for where in select.find_all(exp.Where))
    )
    return exp.select(*gives).from_(table).sql(dialect="duckdb")


def _unnamed(node: exp.Expr) -> exp.Expr:
    """A column without its table's name: row queries know one table by several."""
    return exp.column(node.this.copy()) if isinstance(node, exp.Column) else node


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
    inner = [join for join in joins if join.side != "LEFT" and join.kind != "ANTI"]
    read = [source.this, *(join.this for join in inner)]
    whole = tuple(_nothing_read(table, ctes) for table in read)
    wanted = tuple(_nothing_wanted(select, inner, read, is_alone=not joins))
    return _Nothing(parts=(*whole, *wanted))


def _nothing_wanted(
    select: exp.Select, inner: list[exp.Join], read: list[exp.Expr], *, is_alone: bool
) -> Iterator[_Nothing]:
    """Of each table that is joined, the rows that meet the conditions on it alone."""
    conditions = [select.args["where"].this] if select.args.get("where") else []
    conditions += [join.args["on"] for join in inner if join.args.get("on")]
    each = [one for condition in conditions for one in _conjuncts(condition)]
    for table in read:
        if not isinstance(table, exp.Table) or not table.db:
            continue
        own = [one for one in each if _is_about(one, table.alias_or_name, is_alone=is_alone)]
        if own:
            rows = exp.select("1").from_(table.copy()).where(*(one.copy() for one in own))
            name = f"{table.db}.{table.name}"
            yield _Nothing(table=name, rows=rows.limit(1).sql(dialect="duckdb"))


def _conjuncts(condition: exp.Expr) -> Iterator[exp.Expr]:
    bare = condition.unnest()
    if isinstance(bare, exp.And):
        yield from _conjuncts(bare.left)
        yield from _conjuncts(bare.right)
    else:
        yield bare


def _is_about(condition: exp.Expr, name: str, *, is_alone: bool) -> bool:
    """Whether a condition speaks of this table's columns and of nothing else."""
    columns = list(condition.find_all(exp.Column))
    if not columns or condition.find(exp.Query, exp.AggFunc, exp.Window):
        return False
    return all(one.table == name or (is_alone and not one.table) for one in columns)


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
