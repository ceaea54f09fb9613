"""Whether every rule can be asked: tried on empty tables, before anything is written."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from domain.errors import HeduiError
from rules.engine import lay_foundation
from rules.findings import check_columns
from rules.foundation import bound
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
