"""A rule's SQL, checked before any night: that it can be read, and reads only tables there are."""

from functools import cache
from pathlib import Path
from typing import Final

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from domain.errors import HeduiError
from rules.interface import DATASETS

SHARED_FOLDER: Final = Path(__file__).parent / "shared"
_LINKED: Final = (
    "person", "subject", "person_record", "subject_record", "review_pair", "unchecked",
)  # fmt: skip


@cache
def tables_there_are() -> frozenset[str]:
    """Every table that a rule may read, as ``schema.table``."""
    return frozenset(
        {
            *(f"clean.{dataset.table}" for dataset in DATASETS), "clean.set_aside",
            "clean.source_status", *(f"linked.{name}" for name in _LINKED), "policy.in_force",
            "policy.value", *(f"shared.{path.stem}" for path in SHARED_FOLDER.glob("*.sql")),
        }
    )  # fmt: skip


def check_query(sql: str, path: Path) -> None:
    """Raise HeduiError (file, line) for a query that cannot be read, or reads what is not there."""
    try:
        parsed = sqlglot.parse_one(sql, dialect="duckdb")
    except SqlglotError as error:
        details = getattr(error, "errors", None) or [{}]
        line = details[0].get("line") or 1
        raise HeduiError("rules_sql_unreadable", file=path.name, line=line) from error
    if not isinstance(parsed, exp.Query):
        raise HeduiError("rules_sql_not_query", file=path.name, line=1)
    for table in parsed.find_all(exp.Table):
        name = f"{table.db}.{table.name}"
        if table.db and name not in tables_there_are():
            line = _line_of(sql, name)
            raise HeduiError("rules_sql_table_unknown", file=path.name, line=line, table=name)


def _line_of(sql: str, name: str) -> int:
    return next((place for place, line in enumerate(sql.splitlines(), 1) if name in line), 1)
