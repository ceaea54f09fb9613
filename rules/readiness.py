"""Whether every rule can be asked: tried on empty tables, before anything is written."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from domain.errors import HeduiError
from rules.emptiness import asked_together, row_queries_by_table
from rules.engine import Scope, evaluate, lay_foundation, plan_judging
from rules.findings import check_columns
from rules.foundation import bound, shared_order, shared_queries
from rules.interface import INTERFACE_SQL
from rules.parameters import Policy
from rules.rule import Catalogue, Rule
from store.engines.duckdb import DuckDBEngine
from store.engines.engine import Engine, QueryRefused

_FIRST_CONDITION: Final = 2  # its line in examined_query


def check_rules(catalogue: Catalogue, policies: Sequence[Policy], as_of: date) -> None:
    """Raise HeduiError (file, line, problem) for the first rule whose SQL cannot be asked.

    What a file's text cannot tell is seen here: a column that is not there, types that do not
    compare, a column that is no declared fact.
    """
    with DuckDBEngine(threads=1) as engine:
        engine.run(INTERFACE_SQL.read_text(encoding="utf-8"))
        shared = frozenset[str]().union(
            *(rule.shared_tables | rule.examined_tables for rule in catalogue)
        )
        lay_foundation(engine, catalogue, policies, as_of, shared)
        for rule in catalogue:
            _try(engine, rule, as_of)


def plan_rules(
    engine: Engine, catalogue: Catalogue, policies: Sequence[Policy], as_of: date
) -> None:
    """Ask every rule, and whether what it reads is empty, of an engine that keeps its plans.

    ``engine`` holds the tables of some household (:func:`rules.household.cut_out`). The next one's
    check then plans nothing any more. Answers about nobody are left in ``judged``.
    """
    shared = shared_queries()
    lay_foundation(engine, catalogue, policies, as_of, shared)
    _ask_of_nobody(engine, catalogue, policies, as_of)
    # now every table is there: plans that were made before the last one came have lapsed
    _plan_on(engine, catalogue, as_of)
    companion = engine.companion()
    if companion is not None:
        _plan_on(companion, catalogue, as_of)
    _ask_of_nobody(engine, catalogue, policies, as_of)


def _plan_on(engine: Engine, catalogue: Catalogue, as_of: date) -> None:
    shared = shared_queries()
    for name in shared_order(shared, shared):
        engine.create_table(f"shared.{name}", shared[name], bound(shared[name], as_of))
    texts = (*shared.values(), *(rule.sql for rule in catalogue))
    for rows in row_queries_by_table(texts).values():
        query = asked_together(rows)
        engine.rows(query, bound(query, as_of))
    for rule in catalogue:
        engine.records(rule.sql, bound(rule.sql, as_of))
    plan_judging(engine)


def _ask_of_nobody(
    engine: Engine, catalogue: Catalogue, policies: Sequence[Policy], as_of: date
) -> None:
    scope = Scope(frozenset())
    evaluate(engine, catalogue=catalogue, policies=policies, as_of=as_of, scope=scope)


def _try(engine: Engine, rule: Rule, as_of: date) -> None:
    try:
        columns, _ = engine.records(rule.sql, bound(rule.sql, as_of))
        check_columns(rule, columns)
    except QueryRefused as error:
        raise _refusal(f"{rule.id}.sql", error.line, error) from error
    try:
        engine.records(rule.examined_query, bound(rule.examined_query, as_of))
    except QueryRefused as error:
        file, line = _place(rule, error.line)
        raise _refusal(file, line, error) from error


def _place(rule: Rule, line: int) -> tuple[str, int]:
    """Where a line of the rule's examined query stands: a condition in the YAML, or its file."""
    begins = _FIRST_CONDITION
    for condition in rule.conditions:
        ends = begins + condition.holds.count("\n") + 1
        if line < ends:
            return f"{rule.id}.yaml", condition.line
        begins = ends
    return f"{rule.id}.examined.sql", line - begins


def _refusal(file: str, line: int, error: QueryRefused) -> HeduiError:
    return HeduiError("rules_sql_refused", file=file, line=line, problem=error.problem)
