"""DuckDB in memory for a few rows, asked the same questions again and again: plans are kept."""

from dataclasses import dataclass, field
from datetime import date
from threading import RLock
from typing import Any, Final

import pyarrow as pa

from store.engines.duckdb import DuckDBEngine
from store.engines.engine import Choices, Parameters

_LITERALS: Final = (bool, int, date)
_REMOVED_KEPT: Final = 10_000


@dataclass(slots=True)
class _Tables:
    """What is known of the tables; ``generation`` grows when plans made before have lapsed."""

    making: RLock = field(default_factory=RLock)  # DuckDB refuses two at once that make a schema
    generation: int = 0
    removed: int = 0  # rows whose space is not given back yet
    counts: dict[str, int] = field(default_factory=dict)
    schemas: dict[str, pa.Schema] = field(default_factory=dict)
    queries: dict[str, str] = field(default_factory=dict)
    loaded: dict[str, pa.Table] = field(default_factory=dict)


class SmallEngine(DuckDBEngine):
    """The same engine for one household: a query is planned once, and plainly.

    Planning a rule well takes longer than answering it of four people. So nothing is optimised,
    tables are emptied and filled again instead of made anew, and what was asked before is executed
    from its kept plan. Answers are those of :class:`DuckDBEngine`. One engine serves one thread;
    its companion, a second connection with plans of its own, another.
    """

    def __init__(self, *, memory_limit: str = "512MB") -> None:
        super().__init__(memory_limit=memory_limit, threads=1)
        self._tables = _Tables()
        self._companion: SmallEngine | None = None
        self._begin_plans()

    def _begin_plans(self) -> None:
        self.connection.execute("pragma disable_optimizer")
        self._plans: dict[str, str] = {}
        self._prepared = 0
        self._planned_for = self._tables.generation

    def create_table(
        self,
        name: str,
        query: str,
        parameters: Parameters | None = None,
        choices: Choices | None = None,
    ) -> int:
        """Make table ``name``, or fill it anew where it was made of the same query before.

        Of a few rows ``choices`` save nothing: such columns are plain text.
        """
        if self._tables.queries.get(name) != query:
            with self._tables.making:
                self._forget(name)
                rows = super().create_table(name, query, parameters)
                self._tables.generation += 1
            self._tables.queries[name] = query
            return self._filled(name, rows)
        self.empty_table(name)
        inserted = self._execute(f"insert into {name}\n{query}", parameters).fetchone()
        return self._filled(name, int(inserted[0]) if inserted else 0)

    def load_table(self, name: str, rows: pa.Table | pa.RecordBatchReader) -> int:
        """Make table ``name``, or fill it anew where it had the same columns before.

        What is loaded as it was the last time (a night's policy, its rules) stays as it is.
        """
        if isinstance(rows, pa.RecordBatchReader):
            rows = rows.read_all()
        if self._tables.schemas.get(name) != rows.schema:
            with self._tables.making:
                self._forget(name)
                super().load_table(name, rows)
                self._tables.generation += 1
            self._tables.schemas[name] = rows.schema
        elif name not in self._tables.loaded or not self._tables.loaded[name].equals(rows):
            self.empty_table(name)
            if rows.num_rows:
                # `rows` is found by its name here: registering it would make every kept plan stale
                self.connection.execute(f"insert into {name} select * from rows")  # noqa: S608
        self._tables.loaded[name] = rows
        return self._filled(name, rows.num_rows)

    def companion(self) -> "SmallEngine":
        """A second connection to the same tables, always the same one."""
        if self._companion is None:
            other = SmallEngine.over(self.connection.cursor())
            other._tables, other._companion = self._tables, None
            other._begin_plans()
            self._companion = other
        return self._companion

    def close(self) -> None:
        """Release both connections."""
        if self._companion is not None:
            self._companion.connection.close()
        super().close()

    def add_rows(self, name: str, rows: pa.Table) -> None:
        """Append Arrow data to a table; how many rows it then has nobody has counted."""
        super().add_rows(name, rows)
        self._tables.counts.pop(name, None)

    def rows(self, query: str, parameters: Parameters | None = None) -> list[tuple[Any, ...]]:
        """The result as Python rows."""
        return list(self._execute(query, parameters).fetchall())

    def records(
        self, query: str, parameters: Parameters | None = None
    ) -> tuple[list[str], list[dict[str, Any]]]:
        """The result's columns, and its rows as dictionaries."""
        result = self._execute(query, parameters)
        names = [column[0] for column in result.description]
        return names, [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def empty_table(self, name: str) -> None:
        """Remove all rows of a table that is there; nothing to do where it has none."""
        self._tables.loaded.pop(name, None)
        if self._tables.counts.get(name) != 0:
            gone = self._execute(f"delete from {name}", None).fetchone()  # noqa: S608 - its name
            self._tables.counts[name] = 0
            self._tables.removed += gone[0]

    def is_empty(self, name: str) -> bool:
        """Whether a table has no row: known of those filled here."""
        rows = self._tables.counts.get(name)
        return super().is_empty(name) if rows is None else rows == 0

    def has_table(self, name: str) -> bool:
        """Whether table or view ``schema.table`` exists."""
        return name in self._tables.counts or super().has_table(name)

    def drop_working(self, schema: str) -> None:
        """Working tables stay for the next household; they are filled anew each time."""

    def reclaim(self) -> None:
        """Give back what removed rows take, where that is much. Nothing may be under way.

        In memory DuckDB does so at a checkpoint alone: without one, an engine that is lent from
        check to check grows by each household it was ever asked of.
        """
        if self._tables.removed >= _REMOVED_KEPT:
            self.connection.execute("checkpoint")
            self._tables.removed = 0

    def _filled(self, name: str, rows: int) -> int:
        self._tables.counts[name] = rows
        return rows

    def _forget(self, name: str) -> None:
        """A table is about to be made: plans from before would be planned anew at each call."""
        self._tables.queries.pop(name, None)
        self._tables.schemas.pop(name, None)
        self._tables.loaded.pop(name, None)

    def _execute(self, query: str, parameters: Parameters | None) -> Any:
        values = dict(parameters or {})
        if not all(isinstance(value, _LITERALS) for value in values.values()):
            return self.connection.execute(query, values)
        # A kept plan with parameters is planned anew at each call; the date of a night is not.
        for name in sorted(values, key=len, reverse=True):  # no name is cut by a shorter one
            query = query.replace(f"${name}", _literal(values[name]))
        if self._planned_for != self._tables.generation:
            self._plans.clear()
            self._planned_for = self._tables.generation
        if query not in self._plans:
            self._prepared += 1
            plan = f"plan_{self._prepared}"
            self.connection.execute(f"prepare {plan} as\n{query}")
            self._plans[query] = plan
        return self.connection.execute(f"execute {self._plans[query]}")


def _literal(value: object) -> str:
    return f"date '{value.isoformat()}'" if isinstance(value, date) else str(value).lower()
