"""The connection to an exchange database: read-only, one state of it, and every failure named."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

import psycopg
from psycopg.types.datetime import DateLoader, TimestampLoader, TimestamptzLoader
from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.pool import NullPool

from sources.connectors.failure import FetchFailed
from sources.routes import DatabaseRoute

_DRIVERS: Final = {"postgresql": "postgresql+psycopg", "mysql": "mysql+pymysql"}
_POSTGRESQL: Final = {"42P01": "table_absent", "3F000": "table_absent", "42501": "table_forbidden"}
_MYSQL: Final = {
    1044: "database_absent", 1049: "database_absent",
    1045: "login", 1698: "login", 1251: "login",
    1146: "table_absent", 1142: "table_forbidden",
}  # fmt: skip
_MYSQL_CUT: Final = frozenset({0, 1053, 1927, 2006, 2013, 2014, 2055, 4031})


@contextmanager
def connected(route: DatabaseRoute) -> Iterator[Connection]:
    """A connection in one read-only transaction that sees one state of the database.

    Raises FetchFailed for whatever keeps it from being made or ends it.
    """
    url = URL.create(
        _DRIVERS[route.engine],
        username=route.user,
        password=route.password.read() if route.password else None,
        host=route.host,
        port=route.port,
        database=route.database,
    )
    engine = create_engine(
        url,
        poolclass=NullPool,
        isolation_level="REPEATABLE READ",
        execution_options={"postgresql_readonly": True},
        connect_args=_arguments(route),
    )
    if route.engine == "mysql":
        event.listen(engine, "handle_error", _leave_unread)
    else:
        event.listen(engine, "connect", _keep_strange_dates)
    try:
        with _opened(engine, route) as connection:
            yield connection
    finally:
        engine.dispose()


@contextmanager
def _opened(engine: Engine, route: DatabaseRoute) -> Iterator[Connection]:
    try:
        connection = engine.connect()
    except DBAPIError as error:
        raise _not_connected(error, route) from None
    except (OSError, ssl.SSLError):
        raise FetchFailed("tls", host=route.host, port=route.port) from None
    try:
        yield connection
    except BaseException:  # whatever it was: dropped as it is, broken or with rows unread
        connection.invalidate()
        raise
    finally:
        connection.close()


def _leave_unread(context: ExceptionContext) -> None:
    """Let PyMySQL not read the rest of a stream, as it would to close it, where that cannot come.

    Without this it fails on the socket that is gone, in a destructor that nobody can catch.
    """
    connection = context.connection
    if connection is not None and not connection.invalidated:
        driver: Any = connection.connection.driver_connection
        result = getattr(driver, "_result", None)
        if result is not None:
            result.unbuffered_active = False


class _Date(DateLoader):
    """A date, or its text where Python has none (``infinity``): a row's fault, not the table's."""

    def load(self, data: Any) -> Any:
        """The date or its text."""
        return _or_text(super().load, data)


class _Timestamp(TimestampLoader):
    """A point in time, or its text."""

    def load(self, data: Any) -> Any:
        """The point in time or its text."""
        return _or_text(super().load, data)


class _Timestamptz(TimestamptzLoader):
    """A point in time with its zone, or its text."""

    def load(self, data: Any) -> Any:
        """The point in time or its text."""
        return _or_text(super().load, data)


def _or_text(load: Callable[[Any], Any], data: Any) -> Any:
    try:
        return load(data)
    except psycopg.DataError:
        return bytes(data).decode("ascii", "backslashreplace")


def _keep_strange_dates(driver: Any, record: object) -> None:
    for kind, loader in (("date", _Date), ("timestamp", _Timestamp), ("timestamptz", _Timestamptz)):
        driver.adapters.register_loader(kind, loader)


@contextmanager
def in_time(connection: Connection, route: DatabaseRoute, table: str) -> Iterator[None]:
    """Give up on a server that does not answer in time; name what goes wrong meanwhile."""
    watch = _Watch(connection, route)
    try:
        with watch:
            yield
    except DBAPIError as error:
        if watch.has_rung:
            raise _timeout(route) from None
        raise _while_reading(error, route, table) from None


class _Watch:
    """Hangs up when its time is over: the driver's own waits for PostgreSQL have no end.

    PyMySQL has a time limit of its own (``read_timeout``).
    """

    def __init__(self, connection: Connection, route: DatabaseRoute) -> None:
        self.has_rung = False
        self._driver: Any = None
        if route.engine == "postgresql":
            self._driver = connection.connection.driver_connection
        self._timer = threading.Timer(route.patience.timeout_seconds, self._ring)

    def __enter__(self) -> None:
        if self._driver is not None:
            self._timer.daemon = True
            self._timer.start()

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        if self._timer.ident is not None:
            self._timer.join()  # nothing of a later wait is hung up on

    def _ring(self) -> None:
        self.has_rung = True
        try:
            handle = socket.socket(fileno=socket.dup(self._driver.fileno()))
        except (OSError, psycopg.Error):  # closed meanwhile: whoever waited knows already
            return
        with handle, suppress(OSError):  # cut by the other side at the same moment
            handle.shutdown(socket.SHUT_RDWR)


def _arguments(route: DatabaseRoute) -> dict[str, Any]:
    seconds = max(1, round(route.patience.timeout_seconds))
    if route.engine == "mysql":
        tls = {"ssl_ca": str(route.tls_ca), "ssl_verify_identity": True} if route.tls_ca else {}
        return {
            "connect_timeout": seconds,
            "read_timeout": seconds,
            "write_timeout": seconds,
            "charset": "utf8mb4",
            **tls,
        }
    tls = {"sslmode": "verify-full", "sslrootcert": str(route.tls_ca)} if route.tls_ca else {}
    return {
        "connect_timeout": seconds,
        "keepalives_idle": 15,
        "client_encoding": "utf8",
        "application_name": "hedui",
        **tls,
    }


def _not_connected(error: DBAPIError, route: DatabaseRoute) -> FetchFailed:
    """Why no connection came about. What the server says is read, never shown: it names users."""
    said = str(error.orig)
    at = {"host": route.host, "port": route.port}
    if route.tls_ca and ("SSL" in said or "certificate" in said):
        return FetchFailed("tls", **at)
    if route.engine == "mysql":
        code = _MYSQL.get(_mysql_code(error))
        if code:
            return FetchFailed(code, **at, database=route.database)
        return _unreachable(route)
    if type(error.orig).__name__ == "ConnectionTimeout":
        return _timeout(route)
    if f'"{route.user}"' in said or "password" in said:
        return FetchFailed("login", **at)
    if f'"{route.database}"' in said:
        return FetchFailed("database_absent", **at, database=route.database)
    return _unreachable(route)


def _unreachable(route: DatabaseRoute) -> FetchFailed:
    """Ask the network itself why: its answer holds no more than a host and an errno."""
    cause = "-"
    try:
        with socket.create_connection((route.host, route.port), route.patience.timeout_seconds):
            cause = "connection refused by the database server"
    except OSError as error:
        cause = error.strerror or type(error).__name__
    return FetchFailed("unreachable", host=route.host, port=route.port, cause=cause)


def _while_reading(error: DBAPIError, route: DatabaseRoute, table: str) -> FetchFailed:
    place = {"place": route.shown, "table": table}
    if route.engine == "mysql":
        number = _mysql_code(error)
        if number in _MYSQL_CUT:
            return _cut(route, "timed out" in str(error.orig))
        return FetchFailed(_MYSQL.get(number, "database_error"), **place, cause=number)
    state = getattr(error.orig, "sqlstate", None)
    is_lost = state is None and isinstance(error, (OperationalError, InterfaceError))
    if is_lost or (state or "").startswith(("08", "57P")):
        return _cut(route)
    cause = state or type(error.orig).__name__
    return FetchFailed(_POSTGRESQL.get(cause, "database_error"), **place, cause=cause)


def _mysql_code(error: DBAPIError) -> int:
    arguments = getattr(error.orig, "args", ())
    return arguments[0] if arguments and isinstance(arguments[0], int) else 0


def _cut(route: DatabaseRoute, has_timed_out: bool = False) -> FetchFailed:
    if has_timed_out:
        return _timeout(route)
    return FetchFailed("cut", host=route.host, port=route.port)


def _timeout(route: DatabaseRoute) -> FetchFailed:
    seconds = f"{route.patience.timeout_seconds:g}"
    return FetchFailed("timeout", host=route.host, port=route.port, seconds=seconds)
