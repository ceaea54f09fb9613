"""Great Expectations' door: a dataset's suite run as SQL over a cleaned delivery's Parquet."""

import atexit
import gc
import os
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from sources.contract import Contract
from sources.suite import Expectation, Severity, suite_of
from store.engines.parquet_files import parquet_rows

_DATABASE: Final = "duckdb:///:memory:expectations"
_ROUNDING: Final = 1e-9
# No values: neither a query for each expectation nor a person's name in a result.
_COUNTS_ONLY: Final = {"result_format": "BASIC", "partial_unexpected_count": 0}
_ONE_AT_A_TIME: Final = threading.Lock()
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


def validate(contract: Contract, parquet: Path, business_date: date) -> list[ExpectationResult]:
    """Run the dataset's suite over a cleaned delivery (``rows.parquet``); results in its order.

    The first call in a process takes seconds: the library is slow to load.
    """
    suite = suite_of(contract, business_date)
    rows, results = _run(contract, suite, parquet)
    return [
        _result(contract, expected, rows, result)
        for expected, result in zip(suite, results, strict=True)
    ]


@contextmanager
def loading_ahead() -> Iterator[None]:
    """Load the library beside what is done in the block, so that no delivery need wait for it.

    Whatever is wrong with the library is raised where it is used.
    """

    def load() -> None:
        # What fails here fails again where the library is used, and is raised there.
        with suppress(Exception), _alone_with_library():
            pass

    thread = threading.Thread(target=load, name="expectations")
    thread.start()
    try:
        yield
    finally:
        thread.join()


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


def _run(
    contract: Contract, suite: tuple[Expectation, ...], parquet: Path
) -> tuple[int, list[dict[str, Any]]]:
    """How many rows there are, and the library's result of each expectation in the suite's order.

    Data source and assets are kept from delivery to delivery, for making them is dear: a dataset's
    asset is a view under its table's name, which is made to show the delivery in question. One
    delivery after the other: neither the library nor the filter of warnings is made for threads.
    """
    with _alone_with_library() as library:
        shown = f"select * from {parquet_rows([parquet])}"  # noqa: S608
        library.execute(f"create or replace view {contract.table} as {shown}")
        try:
            rows = library.execute(f"select count(*) from {contract.table}")[0][0]  # noqa: S608
            validated = library.batch(contract.table).validate(
                _suite(suite, library.classes), result_format=_COUNTS_ONLY
            )
        finally:
            library.configurations.forget()
            library.execute(f"drop view {contract.table}")
    return int(rows), _in_order(validated)


@contextmanager
def _alone_with_library() -> Iterator["_Library"]:
    with _ONE_AT_A_TIME, warnings.catch_warnings():
        # Its deprecations are between the library and its own dependencies.
        warnings.simplefilter("ignore")
        yield _library()


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


def _keep_columns(engine: Any) -> None:
    """Ask once for the columns of a table, which are always those of its dataset, and for no key.

    The library asks before every validation, and the dialect takes as long as for all the checks of
    a small delivery. What is shown to it are views, which have no primary key.
    """
    ask = engine.dialect.get_columns
    known: dict[str, list[dict[str, Any]]] = {}

    def get_columns(connection: Any, table_name: str, schema: str | None = None, **kw: Any) -> Any:
        if table_name not in known:
            known[table_name] = ask(connection, table_name, schema, **kw)
        return [dict(column) for column in known[table_name]]

    engine.dialect.get_columns = get_columns
    engine.dialect.get_pk_constraint = lambda *_, **__: {"constrained_columns": [], "name": None}


class _Configurations:
    """What an expectation is, and which one is described, made once while a delivery is validated.

    The library goes from an expectation to its description and back hundreds of times in one
    validation, and makes either anew whenever it is asked: half of all its time. Nothing alters
    them meanwhile.
    """

    def __init__(self, expectation: Any, configuration: Any) -> None:
        # What is asked cannot be a key, so its identity is, as long as it is held here.
        self._known: dict[int, tuple[Any, Any]] = {}
        describe, make = expectation.configuration.fget, configuration.to_domain_obj
        expectation.configuration = property(lambda of: self._once(of, describe))
        configuration.to_domain_obj = lambda of: self._once(of, make)

    def forget(self) -> None:
        """To be called after each validation."""
        self._known.clear()

    def _once(self, of: Any, make: Callable[[Any], Any]) -> Any:
        if id(of) not in self._known:
            self._known[id(of)] = of, make(of)
        return self._known[id(of)][1]


def _keep_plain_ids(ids: Any) -> None:
    """Leave what is plain as it is where the library makes names of it for its metrics.

    It looks at every value for two dozen types first, thousands of times in one validation.
    """
    convert = ids.convert_to_json_serializable

    def converted(data: Any) -> Any:
        is_plain = all(value is None or type(value) in (str, bool, int) for value in data.values())
        return data if is_plain else convert(data=data)

    ids.convert_to_json_serializable = converted


def _mute_exit() -> None:
    """Drop what is written to standard error while the interpreter shuts down.

    Once the library has been loaded, the engine's binding lists "leaked" objects there, dozens of
    harmless lines. Whatever the program itself had to say has been written before.
    """
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


@contextmanager
def _collecting_no_garbage() -> Iterator[None]:
    """What is loaded meanwhile stays, so it is not looked through for garbage, then or ever after.

    The library is a quarter of a million objects: a fifth of the time of loading it went into that.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        if was_enabled:
            gc.enable()


class _Library:
    """The library with a data source over a database in memory, and its class for each kind."""

    def __init__(self) -> None:
        os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
        atexit.register(_mute_exit)
        with _collecting_no_garbage():
            gx: Any = import_module("great_expectations")
            gxe: Any = import_module("great_expectations.expectations")
        self.classes: dict[str, Any] = {
            "suite": gx.ExpectationSuite,
            "row_count": gxe.ExpectTableRowCountToBeBetween,
            "not_null": _counting(gxe.ExpectColumnValuesToNotBeNull),
            "in_set": _counting(gxe.ExpectColumnValuesToBeInSet),
            "between": _counting(gxe.ExpectColumnValuesToBeBetween),
            "no_rows": _no_rows_expectation(gxe.UnexpectedRowsExpectation),
            "matches": _counting(_regex_expectation()),
        }
        expectations = "great_expectations.expectations.expectation"
        self.configurations = _Configurations(
            import_module(expectations).Expectation,
            import_module(f"{expectations}_configuration").ExpectationConfiguration,
        )
        _keep_plain_ids(import_module("great_expectations.core.id_dict"))
        context = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = {"globally": False}
        self._source = context.data_sources.add_sql("deliveries", connection_string=_DATABASE)
        engine = self._source.get_execution_engine().engine
        _keep_results(engine)
        _keep_columns(engine)
        # The database is there as long as a connection to it is.
        self._connection = self._source.get_engine().connect()
        self._batches: dict[str, Any] = {}

    def execute(self, statement: str) -> list[Any]:
        """Run SQL in the data source's database; its rows, if it gives any."""
        result = self._connection.exec_driver_sql(statement)
        rows = list(result.fetchall()) if result.returns_rows else []
        self._connection.commit()
        return rows

    def batch(self, table: str) -> Any:
        """What is validated: the whole of a table or view, which must be there."""
        if table not in self._batches:
            asset = self._source.add_table_asset(table, table_name=table)
            self._batches[table] = asset.add_batch_definition_whole_table("whole").get_batch()
        return self._batches[table]


@cache
def _library() -> _Library:
    return _Library()


def _counting(of_library: Any) -> Any:
    """The library's expectation of a column's values, but only counting.

    It would ask for the values that do not meet it too, a query for each expectation, also where
    none are to be shown. The counts of all expectations come out of one.
    """
    shown = ".unexpected_values"

    def get_validation_dependencies(self: Any, *arguments: Any, **named: Any) -> Any:
        needed = of_library.get_validation_dependencies(self, *arguments, **named)
        for name in [one for one in needed.metric_configurations if one.endswith(shown)]:
            needed.remove_metric_configuration(name)
        return needed

    return type(of_library)(
        f"{of_library.__name__}Counted",
        (of_library,),
        {
            "__module__": __name__,
            "get_validation_dependencies": get_validation_dependencies,
        },
    )


def _no_rows_expectation(of_library: Any) -> Any:
    """The library's expectation by a query, but counting: it would run it again for the rows."""
    count = "unexpected_rows_query.row_count"

    class ExpectQueryToFindNoRows(of_library):  # type: ignore[misc]
        metric_dependencies = (count,)

        def _validate(self, metrics: dict[str, Any], *_: Any, **__: Any) -> dict[str, Any]:
            found = metrics[count]
            return {"success": found == 0, "result": {"observed_value": found}}

    return ExpectQueryToFindNoRows


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
