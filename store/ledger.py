"""The operational database: opened, migrated and handed out in transactions."""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import Any, Final, Self

from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError
from sqlalchemy.orm import Session

from domain.errors import HeduiError
from store.migrations import HEAD
from store.room import is_for_room
from store.tables import LedgerOwner
from store.workspace import Workspace

DATABASE_URL: Final = "HEDUI_DATABASE_URL"
BUSY_TIMEOUT_MS: Final = 30_000
_MIGRATION_LOCK: Final = 990_102_001  # PostgreSQL advisory lock: one migration at a time
_WRITES: Final = "hedui_writes"


@dataclass(frozen=True)
class Ledger:
    """The operational store of one workspace. Close it, or use it as a context.

    SQLite (WAL, synchronous FULL) in the workspace, or PostgreSQL by URL: the same code. Statements
    that fail do not name their parameters, which may be personal data.
    """

    engine: Engine
    workspace: Workspace
    _turn: AbstractContextManager[Any] = field(default_factory=RLock, repr=False, compare=False)

    @classmethod
    def open(cls, workspace: Workspace, url: str | None = None) -> Self:
        """The ledger of ``workspace``, its tables made or brought up to date.

        ``url`` is a SQLAlchemy URL; without one ``HEDUI_DATABASE_URL``, else the workspace's own
        file. Raises HeduiError: ``ledger_url``, ``ledger_unavailable``, ``ledger_newer`` (tables of
        a later version), ``ledger_foreign`` (the database belongs to another workspace).
        """
        ledger = cls(_engine(_address(workspace, url)), workspace)
        try:
            ledger._prepare()
        except DBAPIError as error:
            ledger.close()
            raise ledger._unavailable(error) from error
        except HeduiError:
            ledger.close()
            raise
        return ledger

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def where(self) -> str:
        """The database's address, without its password."""
        return self.engine.url.render_as_string(hide_password=True)

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is the file in the workspace: one host alone can use it."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that sees one state of the store throughout, and writes nothing.

        Raises HeduiError ``ledger_unavailable`` when the database fails, here and in ``writing``.
        """
        with self._session(writes=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session whose work is committed as a whole at the end, or not at all.

        On SQLite the writers of this process take turns: left to itself SQLite lets who waits look
        again after a pause, and the pauses grow.
        """
        turn = self._turn if self.is_sqlite else nullcontext()
        with turn, self._session(writes=True) as session, session.begin():
            yield session

    def close(self) -> None:
        """Release every connection."""
        self.engine.dispose()

    @contextmanager
    def _session(self, *, writes: bool) -> Iterator[Session]:
        try:
            with (
                self.engine.connect().execution_options(**{_WRITES: writes}) as connection,
                Session(bind=connection, expire_on_commit=False) as session,
            ):
                yield session
        except OperationalError as error:
            raise self._unavailable(error) from error

    def _unavailable(self, error: DBAPIError) -> HeduiError:
        """What the database calls its failure (``SQLITE_FULL``, an SQLSTATE): never its values."""
        named = getattr(error.orig, "sqlite_errorname", None) or getattr(
            error.orig, "sqlstate", None
        )
        cause = named or type(error.orig).__name__
        key = "ledger_full" if is_for_room(error) else "ledger_unavailable"
        return HeduiError(key, ledger=self.where, cause=cause)

    def _prepare(self) -> None:
        with self.engine.connect() as connection:
            revision = _revision(connection)
            owner = _owner(connection) if revision == HEAD else None
        if revision != HEAD:
            self._migrate()
        if owner is None:
            owner = self._claim()
        if owner != self.workspace.workspace_id:
            raise HeduiError("ledger_foreign", ledger=self.where, workspace=self.workspace.path)

    def _migrate(self) -> None:
        from alembic import command  # slow to load, and wanted once in a version's life
        from alembic.script.revision import ResolutionError
        from alembic.util import CommandError

        try:
            with (
                self.engine.connect().execution_options(**{_WRITES: True}) as connection,
                connection.begin(),
            ):
                if not self.is_sqlite:
                    connection.execute(
                        text("select pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK}
                    )
                command.upgrade(alembic_config(connection), "head")
        except (CommandError, ResolutionError) as error:
            raise HeduiError("ledger_newer", ledger=self.where) from error

    def _claim(self) -> str:
        """Note whose database this is, unless another opener has just done so."""
        with self.writing() as session:
            owner = _owner(session.connection())
            if owner is None:
                owner = self.workspace.workspace_id
                session.add(LedgerOwner(owner_no=1, workspace_id=owner))
        return owner


def alembic_config(connection: Connection) -> Any:
    """Alembic's configuration (a ``Config``) over the migrations in this package."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


def _address(workspace: Workspace, url: str | None) -> URL:
    wanted = url or os.environ.get(DATABASE_URL)
    if not wanted:
        return URL.create("sqlite", database=str(workspace.ledger_file))
    try:
        address = make_url(wanted)
    except ArgumentError as error:
        raise HeduiError("ledger_url", setting=DATABASE_URL) from error
    if address.drivername in ("postgres", "postgresql"):
        address = address.set(drivername="postgresql+psycopg")
    if address.get_backend_name() not in ("sqlite", "postgresql"):
        raise HeduiError("ledger_url", setting=DATABASE_URL)
    return address


def _engine(address: URL) -> Engine:
    try:
        engine = create_engine(address, hide_parameters=True)
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        raise HeduiError("ledger_driver", ledger=address.render_as_string()) from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: Any, record: object) -> None:
    connection.isolation_level = None  # we begin transactions ourselves: see _begin_sqlite
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
    ):
        cursor.execute(f"pragma {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    """A writer takes the write lock at once: a reader that turned writer could not wait for it."""
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("begin immediate" if writes else "begin")


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("select version_num from alembic_version")).scalar()


def _owner(connection: Connection) -> str | None:
    return connection.execute(text("select workspace_id from ledger_owner")).scalar()
