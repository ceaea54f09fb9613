"""The queries of this folder: read from ``sql/``, with the values they ask for bound by name."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from functools import cache
from pathlib import Path
from typing import Final

from store.engines.engine import Choices, Engine

_FOLDER: Final = Path(__file__).parent / "sql"
_AGAIN: Final = 0.1
"""Seconds after which a strand is interrupted again: an interruption between statements is lost."""


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


def side_by_side(
    engine: Engine, one: Callable[[Engine], object], other: Callable[[Engine], object]
) -> None:
    """Two strands of statements at once, of which neither reads or changes what the other makes.

    Many statements keep one processor busy only: rows of one block, a function in Python, a sort.
    What is made does not depend on which strand is ahead. Raises what either raised, when both
    have ended.
    """
    with engine.strand() as second, ThreadPoolExecutor(1) as pool:
        under_way = pool.submit(other, second)
        try:
            one(engine)
            under_way.result()
        except BaseException:  # an interrupt too: the second strand must not outlive the first
            while wait([under_way], timeout=_AGAIN).not_done:
                second.interrupt()
            raise


def _asked(query: str, values: Mapping[str, object]) -> Mapping[str, object] | None:
    """Of the values those that the query names: an engine refuses others."""
    return {key: value for key, value in values.items() if f"${key}" in query} or None
