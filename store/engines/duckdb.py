"""The DuckDB engine: one file or memory, two threads, a memory limit that spills."""

import re
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from weakref import WeakSet

import duckdb
import pyarrow as pa
from duckdb.func import FunctionNullHandling, PythonUDFType

from store.engines.engine import Choices, Parameters, QueryRefused, VectorisedFunction

DEFAULT_MEMORY = "2GB"
_NEVER = "1TB"

QueryInterrupted = duckdb.InterruptException
"""What a query raises that somebody ended from another thread."""

_open: "WeakSet[DuckDBEngine]" = WeakSet()
_opening = threading.Lock()


def interrupt_queries() -> None:
    """End the queries under way of every engine of the process: they raise QueryInterrupted."""
    with _opening:
        engines = list(_open)
    for engine in engines:
        with suppress(duckdb.ConnectionException):  # closed meanwhile
            engine.interrupt()


class DuckDBEngine:
    """An :class:`~store.engines.engine.Engine` over one DuckDB connection.

    ``path`` is the database file, or None for one in memory. ``spill_to`` is the folder for
    temporary files (made when needed). Queries without an order give rows in no promised order.
    """

    def __init__(
        self,
        path: Path | None = None,
        *,
        read_only: bool = False,
        memory_limit: str = DEFAULT_MEMORY,
        threads: int = 2,
        spill_to: Path | None = None,
    ) -> None:
        config: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": memory_limit,
            "threads": threads,
            "preserve_insertion_order": False,
        }
        if spill_to is not None:
            config["temp_directory"] = str(spill_to)
        self._spill_to = spill_to
        self.connection = duckdb.connect(
            str(path) if path else ":memory:", read_only=read_only, config=config
        )
        self.connection.execute("set timezone = 'Asia/Shanghai'")
        self._functions: set[str] = set()
        self._aside: set[str] = set()
        self._note()

    @classmethod
    def over(cls, connection: duckdb.DuckDBPyConnection) -> Self:
        """An engine over a connection that somebody else opened and set up."""
        engine = cls.__new__(cls)
        engine.connection = connection
        engine.connection.execute("set timezone = 'Asia/Shanghai'")
        engine._functions = set()
        engine._aside = set()
        engine._spill_to = None
        engine._note()
        return engine

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def run(self, sql: str, parameters: Parameters | None = None) -> None:
        """Execute a statement that gives no result."""
        self.connection.execute(sql, dict(parameters) if parameters else None)

    def create_table(
        self,
        name: str,
        query: str,
        parameters: Parameters | None = None,
        choices: Choices | None = None,
    ) -> int:
        """Make (or remake) table ``name`` from a query; the number of rows it has.

        A column of ``choices`` is an ENUM, which DuckDB compares with texts and gives out as text.
        """
        self._make_schema(name)
        if choices:
            query = f"select * replace ({_chosen(choices)})\nfrom (\n{query}\n)"
        self.run(f"create or replace table {name} as\n{query}", parameters)
        return self._count(name)

    def create_view(self, name: str, query: str) -> None:
        """Make (or remake) view ``name``; a view takes no parameters."""
        self._make_schema(name)
        self.run(f"create or replace view {name} as\n{query}")

    def create_function(self, name: str, arguments: Sequence[str], expression: str) -> None:
        """Make (or remake) function ``schema.name`` of an SQL expression over its arguments."""
        self._make_schema(name)
        self.run(f"create or replace macro {name}({', '.join(arguments)}) as\n{expression}")

    def load_table(self, name: str, rows: pa.Table | pa.RecordBatchReader) -> int:
        """Make (or remake) table ``name`` from Arrow data; the number of rows it has."""
        self._make_schema(name)
        self.connection.register("loaded_rows", rows)
        try:
            self.run(f"create or replace table {name} as select * from loaded_rows")  # noqa: S608
        finally:
            self.connection.unregister("loaded_rows")
        return self._count(name)

    def add_rows(self, name: str, rows: pa.Table) -> None:
        """Append Arrow data to table ``name``, which has its columns in the same order."""
        self.connection.register("added_rows", rows)
        try:
            self.run(f"insert into {name} select * from added_rows")  # noqa: S608
        finally:
            self.connection.unregister("added_rows")

    def register_function(
        self, name: str, function: VectorisedFunction, arguments: Sequence[str], returns: str
    ) -> None:
        """Make ``function`` callable in SQL, over Arrow arrays; registering again replaces it."""
        if name in self._functions:
            self.connection.remove_function(name)
        self.connection.create_function(
            name,
            function,
            list(arguments),
            returns,
            type=PythonUDFType.ARROW,
            null_handling=FunctionNullHandling.SPECIAL,
        )
        self._functions.add(name)

    def is_empty(self, name: str) -> bool:
        """Whether a table that is there has no row."""
        return not self.rows(f"select 1 from {name} limit 1")  # noqa: S608 - a table's name

    def empty_table(self, name: str) -> None:
        """Remove all rows of a table that is there."""
        self.run(f"delete from {name}")  # noqa: S608 - a table's name, not a value

    def keep_aside(self, schema: str) -> None:
        """Keep the tables of ``schema`` in memory (or spilled from it), out of the file.

        A database of its own in memory: ``schema.table`` finds its tables as if it were a schema.
        """
        if schema not in self._aside:
            of_old = self.rows(
                "select 1 from information_schema.schemata"
                " where catalog_name = current_database() and schema_name = $schema",
                {"schema": schema},
            )
            if of_old:  # a file that is only read has none, and lets nothing be dropped
                self.run(f"drop schema {schema} cascade")
            self.run(f"attach ':memory:' as {schema} (read_write)")
            # DuckDB checkpoints every so many megabytes: of tables in memory work for nothing.
            self.run(f"set checkpoint_threshold = '{_NEVER}'")
            self._aside.add(schema)

    def drop_working(self, schema: str) -> None:
        """Drop a schema of tables that were only needed on the way."""
        if schema in self._aside:
            self.run(f"detach {schema}")
            self.run("reset checkpoint_threshold")
            self._aside.remove(schema)
        else:
            self.run(f"drop schema if exists {schema} cascade")

    def show_read_only(self, path: Path, *schemas: str) -> None:
        """Show these schemas' tables and views of another database file under their names."""
        quoted = str(path).replace("'", "''")
        self.run(f"attach '{quoted}' as shown (read_only)")
        tables = self.rows(
            "select table_schema, table_name from information_schema.tables"
            " where table_catalog = 'shown'"
            " and table_schema in (select unnest($schemas)) order by all",
            {"schemas": list(schemas)},
        )
        for schema, table in tables:
            self.create_view(f"{schema}.{table}", f"select * from shown.{schema}.{table}")  # noqa: S608

    def has_table(self, name: str) -> bool:
        """Whether table or view ``schema.table`` exists."""
        schema, _, table = name.rpartition(".")
        column = "table_catalog" if schema in self._aside else "table_schema"
        found = self.rows(
            "select 1 from information_schema.tables"  # noqa: S608 - one of two columns' names
            f" where {column} = $schema and table_name = $table",
            {"schema": schema or "main", "table": table},
        )
        return bool(found)

    def rows(self, query: str, parameters: Parameters | None = None) -> list[tuple[Any, ...]]:
        """The result as Python rows."""
        return self.connection.execute(query, dict(parameters) if parameters else None).fetchall()

    def records(
        self, query: str, parameters: Parameters | None = None
    ) -> tuple[list[str], list[dict[str, Any]]]:
        """The result's columns, and its rows as dictionaries."""
        try:
            result = self.connection.execute(query, dict(parameters) if parameters else None)
        except (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException) as error:
            raise _refused(error) from error
        names = [column[0] for column in result.description]
        return names, [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def arrow(self, query: str, parameters: Parameters | None = None) -> pa.Table:
        """The result as an Arrow table; columns of choices are text like any other."""
        relation = self.connection.sql(query, params=dict(parameters) if parameters else None)
        return _as_text(relation.to_arrow_table())

    def arrow_over(
        self, given: pa.Table, query: str, parameters: Parameters | None = None
    ) -> pa.Table:
        """The result of a query over Arrow data, which stands in it as table ``given``."""
        self.connection.register("given", given)
        try:
            return self.arrow(query, parameters)
        finally:
            self.connection.unregister("given")

    def beside(self) -> "DuckDBEngine":
        """An empty engine in memory for work that goes on beside this one's.

        It spills to a folder of its own: two databases in one folder take one another's files.
        """
        return DuckDBEngine(spill_to=self._spill_to / "beside" if self._spill_to else None)

    def companion(self) -> "DuckDBEngine | None":
        """None: over many rows DuckDB shares each question out among its threads."""
        return None

    def strand(self) -> "DuckDBEngine":
        """Another connection to the same tables; DuckDB shares its threads among the two."""
        other = DuckDBEngine.over(self.connection.cursor())
        other._aside, other._spill_to = self._aside, self._spill_to
        return other

    def interrupt(self) -> None:
        """End the query under way, if there is one: it raises in the thread that asked it."""
        self.connection.interrupt()

    def close(self) -> None:
        """Release the connection; left open, DuckDB complains on standard error at exit."""
        self.connection.close()

    def _note(self) -> None:
        with _opening:
            _open.add(self)

    def _make_schema(self, name: str) -> None:
        schema, _, _ = name.rpartition(".")
        if schema and schema not in self._aside:
            self.run(f"create schema if not exists {schema}")

    def _count(self, name: str) -> int:
        return int(self.rows(f"select count(*) from {name}")[0][0])  # noqa: S608


def _chosen(choices: Choices) -> str:
    """The columns of ``choices`` as ENUMs, for a ``replace`` of a select list."""
    return ", ".join(
        f"cast({column} as enum ({', '.join(map(_quoted, values))})) as {column}"
        for column, values in choices.items()
    )


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _as_text(table: pa.Table) -> pa.Table:
    for place, field in enumerate(table.schema):
        if pa.types.is_dictionary(field.type):
            plain = table.column(place).cast(field.type.value_type)
            table = table.set_column(place, field.name, plain)
    return table


def _refused(error: duckdb.Error) -> QueryRefused:
    message = str(error)
    line = re.search(r"^LINE (\d+):", message, re.MULTILINE)
    return QueryRefused(int(line.group(1)) if line else 1, message.splitlines()[0])
