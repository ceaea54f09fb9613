"""The queries of this folder: read from ``sql/``, with the values they ask for bound by name."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from store.engines.engine import Choices, Engine

_FOLDER: Final = Path(__file__).parent / "sql"


@cache
def statement(name: str) -> str:
    """The text of ``sql/<name>.sql``."""
    return (_FOLDER / f"{name}.sql").read_text(encoding="utf-8")


def make(
    engine: Engine,
    table: str,
    name: str | None = None,
    values: Mapping[str, object] | None = None,
    choices: Choices | None = None,
) -> int:
    """Make ``table`` from the query of its name (or ``name``); the number of its rows.

    ``choices`` as :meth:`Engine.create_table` has them.
    """
    query = statement(name or table.partition(".")[2])
    return engine.create_table(table, query, _asked(query, values or {}), choices)


def add(engine: Engine, table: str, name: str, values: Mapping[str, object] | None = None) -> None:
    """Add the rows of a query to ``table``, whose columns it gives in their order."""
    query = statement(name)
    engine.run(f"insert into {table}\n{query}", _asked(query, values or {}))


def _asked(query: str, values: Mapping[str, object]) -> Mapping[str, object] | None:
    """Of the values those that the query names: an engine refuses others."""
    return {key: value for key, value in values.items() if f"${key}" in query} or None
