"""The service's own queries, each a file that reads as SQL."""

from functools import cache
from pathlib import Path
from typing import Any, Final

from service.look_book import Subject
from store.engines.duckdb import DuckDBEngine

_FOLDER: Final = Path(__file__).parent / "sql"


@cache
def query(name: str) -> str:
    """The text of ``sql/<name>.sql``."""
    return (_FOLDER / f"{name}.sql").read_text(encoding="utf-8")


def rows(engine: DuckDBEngine, name: str, **values: object) -> list[dict[str, Any]]:
    """The rows of a query, by column."""
    return ask(engine, query(name), **values)


def ask(engine: DuckDBEngine, sql: str, **values: object) -> list[dict[str, Any]]:
    """The rows of ``sql``, by column."""
    cursor = engine.connection.execute(sql, values or None)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def all_subjects(engine: DuckDBEngine) -> list[Subject]:
    """Everybody of every case and application."""
    numbers = engine.rows("select distinct case_no from linked.subject order by case_no")
    return subjects_of(engine, *(row[0] for row in numbers))


def subjects_of(engine: DuckDBEngine, *case_nos: str) -> list[Subject]:
    """The people of cases or applications, as the log needs to know them."""
    if not case_nos:
        return []
    return [
        Subject(row["case_no"], row["seq"], row["id_no"], row["name_raw"], row["address"])
        for row in rows(engine, "members_of_cases", case_nos=list(case_nos))
    ]
