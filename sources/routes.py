"""``sources.yaml``: by which route each dataset comes, and where its secrets are kept."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, Literal, TypeVar

from domain.errors import HeduiError
from domain.marked_yaml import Marked, read_marked
from sources.connectors.failure import FetchFailed
from sources.contract import Dictionary

Engine = Literal["postgresql", "mysql"]
_PORTS: Final[Mapping[str, int]] = {"postgresql": 5432, "mysql": 3306}
_SFTP_PORT: Final = 22
_SECRET_LIMIT: Final = 1 << 16
_COMMON: Final = ("way", "since", "timeout_seconds", "attempts", "wait_seconds")
_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "folder": ("way", "folder"),
    "database": (
        *_COMMON, "engine", "host", "port", "database", "schema", "user", "password", "tls_ca",
    ),
    "sftp": (
        *_COMMON, "host", "port", "user", "folder", "known_hosts", "key", "passphrase", "password",
    ),
}  # fmt: skip
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Secret:
    """Where a secret is kept: an environment variable or a file; never the secret itself."""

    env: str | None = None
    file: Path | None = None

    def read(self) -> str:
        """The secret, without the line end a file has. Raises FetchFailed where there is none."""
        if self.env is not None:
            value = os.environ.get(self.env)
            if not value:
                raise FetchFailed("secret_unset", variable=self.env)
            return value
        return self._from_file(self.file or Path())

    @staticmethod
    def _from_file(file: Path) -> str:
        try:
            with file.open(encoding="utf-8") as stream:
                value = stream.read(_SECRET_LIMIT).rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            cause = getattr(error, "strerror", None) or "utf-8"
            raise FetchFailed("secret_unreadable", file=file, cause=cause) from None
        if not value:
            raise FetchFailed("secret_blank", file=file)
        return value


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a server may keep us waiting for its next answer, and how often we ask again.

    The wait between attempts doubles from ``wait_seconds``, up to a minute.
    """

    timeout_seconds: float = 60
    attempts: int = 4
    wait_seconds: float = 2


@dataclass(frozen=True, slots=True)
class FolderRoute:
    """A folder laid out as an inbox; read where it lies."""

    name: str
    folder: Path

    @property
    def shown(self) -> str:
        """The place, for people."""
        return str(self.folder)


@dataclass(frozen=True, slots=True)
class DatabaseRoute:
    """An exchange database (前置库). ``since`` leaves out deliveries dated before it."""

    name: str
    engine: Engine
    host: str
    port: int
    database: str
    user: str
    schema: str | None
    password: Secret | None
    tls_ca: Path | None
    since: date | None
    patience: Patience

    @property
    def shown(self) -> str:
        """The place, for people; without user and secrets."""
        return f"{self.engine}://{self.host}:{self.port}/{self.database}"


@dataclass(frozen=True, slots=True)
class SftpRoute:
    """A folder laid out as an inbox on an SFTP server whose key stands in ``known_hosts``."""

    name: str
    host: str
    port: int
    user: str
    folder: str
    known_hosts: Path
    key: Path | None
    passphrase: Secret | None
    password: Secret | None
    since: date | None
    patience: Patience

    @property
    def shown(self) -> str:
        """The place, for people; without user and secrets."""
        return f"sftp://{self.host}:{self.port}/{self.folder.lstrip('/')}"


Route = FolderRoute | DatabaseRoute | SftpRoute


@dataclass(frozen=True, slots=True)
class Routes:
    """The route of each dataset that ``sources.yaml`` names; others have none."""

    path: Path
    by_dataset: Mapping[str, Route]


def load_routes(path: Path, dictionary: Dictionary) -> Routes:
    """Read and check ``sources.yaml``; nothing is connected to and no secret is read.

    Raises HeduiError: ``routes_absent`` for no file, ``routes_…`` or ``rules_…`` with file and line
    for what is wrong in it: among others a dataset that the dictionary does not know, a route that
    is not described, a field that is not known, a secret written into the file.
    """
    if not path.is_file():
        raise HeduiError("routes_absent", file=path)
    root = read_marked(path)
    document = root.mapping("sources.yaml")
    for name, value in document.items():
        if name not in ("routes", "datasets"):
            raise _refuse(value, "field_unknown", what=name)
    described = _needed(document, "routes", root).mapping("routes")
    routes = {name: _route(name, value) for name, value in described.items()}
    chosen = _needed(document, "datasets", root).mapping("datasets")
    by_dataset = {name: _chosen(name, value, routes, dictionary) for name, value in chosen.items()}
    if not by_dataset:
        raise HeduiError("routes_empty", file=path.name)
    return Routes(path, by_dataset)


def _chosen(
    dataset: str, value: Marked, routes: Mapping[str, Route], dictionary: Dictionary
) -> Route:
    if dataset not in dictionary:
        raise _refuse(value, "dataset_unknown", dataset=dataset)
    name = value.text(dataset)
    if name not in routes:
        known = ", ".join(routes)
        raise _refuse(value, "route_unknown", route=name, dataset=dataset, known=known)
    return routes[name]


def _route(name: str, value: Marked) -> Route:
    fields = value.mapping(name)
    way = _needed(fields, "way", value)
    if way.value not in _FIELDS:
        raise _refuse(way, "way_unknown", route=name, known=", ".join(_FIELDS))
    for field, given in fields.items():
        if field not in _FIELDS[way.value]:
            raise _refuse(given, "field_unknown", what=f"{name}.{field}")
    if way.value == "folder":
        return FolderRoute(name, _path(_needed(fields, "folder", value)))
    return _database(name, value) if way.value == "database" else _sftp(name, value)


def _database(name: str, value: Marked) -> DatabaseRoute:
    fields = value.mapping(name)
    engine = _needed(fields, "engine", value)
    if engine.value not in _PORTS:
        raise _refuse(engine, "engine_unknown", route=name, known=", ".join(_PORTS))
    return DatabaseRoute(
        name=name,
        engine=engine.value,
        host=_host(_needed(fields, "host", value)),
        port=_given(fields, "port", _port, _PORTS[engine.value]),
        database=_needed(fields, "database", value).text("database"),
        user=_needed(fields, "user", value).text("user"),
        schema=_given(fields, "schema", lambda one: one.text("schema"), None),
        password=_given(fields, "password", _secret, None),
        tls_ca=_given(fields, "tls_ca", _path, None),
        since=_given(fields, "since", _date, None),
        patience=_patience(fields),
    )


def _sftp(name: str, value: Marked) -> SftpRoute:
    fields = value.mapping(name)
    if "key" not in fields and "password" not in fields:
        raise _refuse(value, "login_absent", route=name)
    return SftpRoute(
        name=name,
        host=_host(_needed(fields, "host", value)),
        port=_given(fields, "port", _port, _SFTP_PORT),
        user=_needed(fields, "user", value).text("user"),
        folder=_needed(fields, "folder", value).text("folder"),
        known_hosts=_path(_needed(fields, "known_hosts", value)),
        key=_given(fields, "key", _path, None),
        passphrase=_given(fields, "passphrase", _secret, None),
        password=_given(fields, "password", _secret, None),
        since=_given(fields, "since", _date, None),
        patience=_patience(fields),
    )


def _patience(fields: Mapping[str, Marked]) -> Patience:
    usual = Patience()
    return Patience(
        _given(fields, "timeout_seconds", _seconds, usual.timeout_seconds),
        _given(fields, "attempts", _attempts, usual.attempts),
        _given(fields, "wait_seconds", _seconds, usual.wait_seconds),
    )


def _secret(value: Marked) -> Secret:
    """Where the secret is; one written into the file is refused without being repeated."""
    if not isinstance(value.value, dict):
        raise _refuse(value, "secret_inline")
    if set(value.value) == {"env"}:
        return Secret(env=value.value["env"].text("env"))
    if set(value.value) == {"file"}:
        return Secret(file=_path(value.value["file"]))
    raise _refuse(value, "secret_form")


def _path(value: Marked) -> Path:
    """A path; a relative one begins at the folder of ``sources.yaml``."""
    return value.path.absolute().parent / value.text("path")


def _host(value: Marked) -> str:
    """A bare host name or address: it is shown in errors, so nothing else may hide in it."""
    host = value.text("host")
    if not set(host).isdisjoint("@/ ?"):
        raise _refuse(value, "host")
    return host


def _port(value: Marked) -> int:
    return _whole(value, 1, 65535)


def _attempts(value: Marked) -> int:
    return _whole(value, 1, 100)


def _whole(value: Marked, least: int, most: int) -> int:
    written = value.text("number")
    if not written.isascii() or not written.isdecimal() or not least <= int(written) <= most:
        raise _refuse(value, "number", least=least, most=most)
    return int(written)


def _seconds(value: Marked) -> float:
    try:
        seconds = float(value.text("seconds"))
    except ValueError:
        seconds = -1
    if not 0 < seconds <= 86_400:
        raise _refuse(value, "number", least=0, most=86_400)
    return seconds


def _date(value: Marked) -> date:
    try:
        return date.fromisoformat(value.text("since"))
    except ValueError:
        raise _refuse(value, "date") from None


def _given(fields: Mapping[str, Marked], name: str, read: Callable[[Marked], _T], absent: _T) -> _T:
    return read(fields[name]) if name in fields else absent


def _needed(fields: Mapping[str, Marked], name: str, parent: Marked) -> Marked:
    if name not in fields:
        raise _refuse(parent, "field_missing", what=name)
    return fields[name]


def _refuse(value: Marked, key: str, **fields: object) -> HeduiError:
    return HeduiError(f"routes_{key}", file=value.path.name, line=value.line, **fields)
