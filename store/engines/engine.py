"""What a set-based step may ask of an engine: tables from queries, functions, results."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

import pyarrow as pa

Parameters = Mapping[str, object]
Choices = Mapping[str, Sequence[str]]
VectorisedFunction = Callable[..., pa.Array]


class QueryRefused(Exception):
    """A query the engine does not understand: an unknown column, a wrong type. ``line`` in it.

    ``problem`` is the engine's first line, which speaks of the query, never of data.
    """

    def __init__(self, line: int, problem: str) -> None:
        self.line = line
        self.problem = problem
        super().__init__(problem)


class Engine(Protocol):
    """DuckDB today, Spark where a province needs it; SQL within what sqlglot carries to both.

    Tables are named ``schema.table``; a schema is made when first used. Values are bound by name
    (``$as_of``), never pasted.
    """

    def run(self, sql: str, parameters: Parameters | None = None) -> None:
        """Execute a statement that gives no result."""
        ...

    def create_table(
        self,
        name: str,
        query: str,
        parameters: Parameters | None = None,
        choices: Choices | None = None,
    ) -> int:
        """Make (or remake) table ``name`` from a query; the number of rows it has.

        ``choices`` gives for a column every text that may ever stand in it, in their order: an
        engine may keep such a column as small numbers. To whoever reads it, it is text.
        """
        ...

    def create_view(self, name: str, query: str) -> None:
        """Make (or remake) view ``name``; a view takes no parameters."""
        ...

    def load_table(self, name: str, rows: pa.Table | pa.RecordBatchReader) -> int:
        """Make (or remake) table ``name`` from Arrow data; the number of rows it has."""
        ...

    def add_rows(self, name: str, rows: pa.Table) -> None:
        """Append Arrow data to table ``name``, which has its columns in the same order."""
        ...

    def register_function(
        self, name: str, function: VectorisedFunction, arguments: Sequence[str], returns: str
    ) -> None:
        """Make ``function`` (Arrow arrays in, Arrow array of the same length out) callable in SQL.

        Nulls are passed to the function. Types are SQL type names: ``VARCHAR``, ``FLOAT``.
        """
        ...

    def create_function(self, name: str, arguments: Sequence[str], expression: str) -> None:
        """Make (or remake) function ``schema.name`` of an SQL expression over its arguments."""
        ...

    def is_empty(self, name: str) -> bool:
        """Whether a table that is there has no row."""
        ...

    def empty_table(self, name: str) -> None:
        """Remove all rows of a table that is there."""
        ...

    def keep_aside(self, schema: str) -> None:
        """Keep the tables of ``schema`` that are made from now on out of the engine's file.

        They are needed only on the way, also beside a file that is only read: nothing of them is
        to be written to disk or found by who opens the file later.
        """
        ...

    def drop_working(self, schema: str) -> None:
        """Drop a schema of tables that were only needed on the way."""
        ...

    def has_table(self, name: str) -> bool:
        """Whether table or view ``schema.table`` exists."""
        ...

    def rows(self, query: str, parameters: Parameters | None = None) -> list[tuple[Any, ...]]:
        """The result as Python rows."""
        ...

    def records(
        self, query: str, parameters: Parameters | None = None
    ) -> tuple[list[str], list[dict[str, Any]]]:
        """The result's columns, and its rows as dictionaries."""
        ...

    def arrow(self, query: str, parameters: Parameters | None = None) -> pa.Table:
        """The result as an Arrow table."""
        ...

    def arrow_over(
        self, given: pa.Table, query: str, parameters: Parameters | None = None
    ) -> pa.Table:
        """The result of a query over Arrow data, which stands in it as table ``given``."""
        ...

    def beside(self) -> AbstractContextManager["Engine"]:
        """An empty engine of the same kind for work that goes on beside this one's."""
        ...

    def companion(self) -> "Engine | None":
        """Another connection to the same tables, for asking in a thread of its own meanwhile.

        None where one question keeps every processor busy. It is closed with this one.
        """
        ...

    def strand(self) -> AbstractContextManager["Engine"]:
        """Another connection to the same tables, for long statements in a thread of its own.

        Unlike :meth:`companion` always there, and closed by whoever asked for it.
        """
        ...

    def interrupt(self) -> None:
        """End the query under way, if there is one: it raises in the thread that asked it."""
        ...

    def close(self) -> None:
        """Release the engine's memory and files."""
        ...
