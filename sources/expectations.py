"""Great Expectations' door: a dataset's suite run as SQL over a cleaned delivery's Parquet."""

import atexit
import os
import warnings
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import duckdb

from sources.contract import Contract
from sources.conversions import quoted
from sources.suite import BATCH, Expectation, Severity, suite_of

_ROUNDING: Final = 1e-9
# No values: neither a query for each expectation nor a person's name in a result.
_COUNTS_ONLY: Final = {"result_format": "BASIC", "partial_unexpected_count": 0}
FEW_ROWS: Final = 30
"""Under this many rows a share says nothing: what would be critical is only a warning."""


@dataclass(frozen=True, slots=True)
class ExpectationResult:
    """How one expectation came out; counts only, no values.

    ``unexpected`` of ``rows`` did not meet it: fewer than a share of ``wanted_share``, where it is
    not ``is_met``; fewer than ``least_share``, where that is critical. ``header`` is the sender's
    ('' for the whole).
    """

    code: str
    header: str
    severity: Severity
    is_met: bool
    rows: int
    unexpected: int
    least_share: float
    wanted_share: float

    @property
    def is_critical(self) -> bool:
        """Whether the delivery must be held for it."""
        return not self.is_met and self.severity == "critical"


def validate(
    contract: Contract, parquet: Path, work: Path, business_date: date
) -> list[ExpectationResult]:
    """Run the dataset's suite over a cleaned delivery (``rows.parquet``); results in its order.

    ``work`` is a folder for a database that holds only a view, gone afterwards. The first call in a
    process takes seconds: the library is slow to load.
    """
    suite = suite_of(contract, business_date)
    database = work / "expectations.duckdb"
    view = f"select * from read_parquet({quoted(str(parquet))})"  # noqa: S608
    with duckdb.connect(str(database)) as connection:
        connection.execute(f"create or replace view {BATCH} as {view}")
        rows = int(connection.execute(f"select count(*) from {BATCH}").fetchall()[0][0])  # noqa: S608
    try:
        results = _run(suite, database)
    finally:
        database.unlink()
    return [
        _result(contract, expected, rows, result)
        for expected, result in zip(suite, results, strict=True)
    ]


def _result(
    contract: Contract, expected: Expectation, rows: int, result: dict[str, Any]
) -> ExpectationResult:
    """``result`` is the library's; what it leaves out concerns every row."""
    judged = int(result.get("element_count", rows)) - int(result.get("missing_count") or 0)
    if expected.kind == "row_count":
        judged, unexpected = rows, int(rows < expected.arguments["min_value"])
    elif expected.kind == "no_rows":
        unexpected = int(result["observed_value"])
    else:
        unexpected = int(result["unexpected_count"] or 0)  # None of no rows at all
    is_by_chance = expected.least_share < 1 and rows < FEW_ROWS
    is_tolerable = unexpected <= (1 - expected.least_share) * judged + _ROUNDING
    return ExpectationResult(
        code=expected.code,
        header=contract.by_name(expected.column).header if expected.column else "",
        severity="warning" if is_by_chance or is_tolerable else "critical",
        is_met=unexpected <= (1 - expected.wanted_share) * judged + _ROUNDING,
        rows=judged,
        unexpected=unexpected,
        least_share=expected.least_share,
        wanted_share=expected.wanted_share,
    )


def _run(suite: tuple[Expectation, ...], database: Path) -> list[dict[str, Any]]:
    """The library's result of each expectation, in the suite's order."""
    with warnings.catch_warnings():
        # Its deprecations are between the library and its own dependencies.
        warnings.simplefilter("ignore")
        context, classes = _library()
        source = context.data_sources.add_sql("delivery", connection_string=f"duckdb:///{database}")
        engine = source.get_execution_engine().engine
        try:
            _keep_results(engine)
            batch = (
                source.add_table_asset(BATCH, table_name=BATCH)
                .add_batch_definition_whole_table("whole")
                .get_batch()
            )
            return _in_order(batch.validate(_suite(suite, classes), result_format=_COUNTS_ONLY))
        finally:
            # The data source and its execution have a pool of connections each.
            engine.dispose()
            source.get_engine().dispose()
            context.data_sources.delete("delivery")


def _suite(suite: tuple[Expectation, ...], classes: dict[str, Any]) -> Any:
    expectations = []
    for place, expected in enumerate(suite):
        arguments = dict(expected.arguments) | {"meta": {"place": place}}
        if expected.kind == "no_rows":
            arguments["unexpected_rows_query"] = arguments.pop("query")
        elif expected.kind != "row_count":
            arguments |= {"column": expected.column, "mostly": expected.wanted_share}
        expectations.append(classes[expected.kind](severity=expected.severity, **arguments))
    return classes["suite"](name="suite", expectations=expectations)


def _in_order(validated: Any) -> list[dict[str, Any]]:
    by_place = {result.expectation_config.meta["place"]: result for result in validated.results}
    for result in by_place.values():
        if not result.result:
            # The library's own message is left out: it may quote values.
            raise RuntimeError(f"not evaluated: {result.expectation_config.type}")
    return [dict(by_place[place].result) for place in sorted(by_place)]


def _keep_results(engine: Any) -> None:
    """Fetch each result at once: the dialect loses it when the connection closes (GX #10738)."""
    from sqlalchemy import event
    from sqlalchemy.engine.cursor import FullyBufferedCursorFetchStrategy

    @event.listens_for(engine, "after_cursor_execute")
    def buffer(
        connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool
    ) -> None:
        if not many and cursor.description:
            context.cursor_fetch_strategy = FullyBufferedCursorFetchStrategy(
                cursor, initial_buffer=cursor.fetchall()
            )


def _mute_exit() -> None:
    """Drop what is written to standard error while the interpreter shuts down.

    Once the library has been loaded, the engine's binding lists "leaked" objects there, dozens of
    harmless lines. Whatever the program itself had to say has been written before.
    """
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


@cache
def _library() -> tuple[Any, dict[str, Any]]:
    """An ephemeral context, and the library's class for each kind of expectation."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    atexit.register(_mute_exit)
    gx: Any = import_module("great_expectations")
    gxe: Any = import_module("great_expectations.expectations")
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    return context, {
        "suite": gx.ExpectationSuite,
        "row_count": gxe.ExpectTableRowCountToBeBetween,
        "not_null": gxe.ExpectColumnValuesToNotBeNull,
        "in_set": gxe.ExpectColumnValuesToBeInSet,
        "between": gxe.ExpectColumnValuesToBeBetween,
        "no_rows": gxe.UnexpectedRowsExpectation,
        "matches": _regex_expectation(),
    }


def _regex_expectation() -> Any:
    """The library has no regular expressions for this dialect: the engine's own, as a metric."""
    sa: Any = import_module("sqlalchemy")
    execution: Any = import_module("great_expectations.execution_engine")
    metrics: Any = import_module("great_expectations.expectations.metrics")
    expectation: Any = import_module("great_expectations.expectations.expectation")
    partial = metrics.column_condition_partial(engine=execution.SqlAlchemyExecutionEngine)

    class EngineRegex(metrics.ColumnMapMetricProvider):  # type: ignore[misc]
        condition_metric_name = "column_values.engine_regex"
        condition_value_keys = ("regex",)

        @partial  # type: ignore[untyped-decorator]
        def _matches(self, column: Any, regex: str, _dialect: Any, **_: Any) -> Any:
            return sa.func.regexp_matches(column, regex)

    class ExpectColumnValuesToMatchEngineRegex(expectation.ColumnMapExpectation):  # type: ignore[misc]
        regex: str
        map_metric = EngineRegex.condition_metric_name
        success_keys = ("regex", "mostly")

    return ExpectColumnValuesToMatchEngineRegex
