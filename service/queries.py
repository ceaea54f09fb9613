"""The service's own queries, each a file that reads as SQL."""

from functools import cache
from pathlib import Path
from typing import Any, Final

from store.engines.engine import Engine

_FOLDER: Final = Path(__file__).parent / "sql"


@cache
def query(name: str) -> str:
    """The text of ``sql/<name>.sql``."""
    return (_FOLDER / f"{name}.sql").read_text(encoding="utf-8")


def rows(engine: Engine, name: str, **values: object) -> list[dict[str, Any]]:
    """The rows of a query, by column."""
    return ask(engine, query(name), **values)


def ask(engine: Engine, sql: str, **values: object) -> list[dict[str, Any]]:
    """The rows of ``sql``, by column."""
    return engine.records(sql, values or None)[1]
