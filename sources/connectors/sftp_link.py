"""The connection to an SFTP server: its host key verified, every wait bounded, failures named."""

import asyncio
import errno
import stat
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import asyncssh

from sources.connectors.failure import FetchFailed
from sources.routes import SftpRoute

_KEEPALIVE: Final = 15
_ENTRIES: Final = 20_000  # of one remote folder
_T = TypeVar("_T")
Read = Callable[[int, int], Awaitable[bytes]]


@dataclass(frozen=True, slots=True)
class Link:
    """An open SFTP session."""

    route: SftpRoute
    connection: asyncssh.SSHClientConnection
    client: asyncssh.SFTPClient

    def path(self, *names: str) -> str:
        """A path below the route's folder."""
        return "/".join((self.route.folder.rstrip("/"), *names))

    async def list(self, folder: str) -> list[asyncssh.SFTPName]:
        """The entries of a folder, hidden ones left out.

        FetchFailed where there is none, or where it has more than anybody looks through: in what
        order a server lists them is its own affair, so the newest may be among the rest.
        """
        found: list[asyncssh.SFTPName] = []
        scan: Any = self.client.scandir(folder)  # a generator, declared as an iterator only
        with _named(self.route, folder):
            async with self._in_time(), aclosing(scan) as entries:
                async for entry in entries:
                    if not str(entry.filename).startswith("."):
                        found.append(entry)
                    if len(found) > _ENTRIES:
                        raise FetchFailed(
                            "too_many", place=self.route.shown, folder=folder, limit=_ENTRIES
                        )
        return found

    async def size(self, path: str) -> int | None:
        """The size of a plain file, None for anything else; FetchFailed for what goes wrong."""
        try:
            async with self._in_time():
                attrs = await self.client.lstat(path)
        except (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath):
            return None
        except (OSError, asyncssh.Error) as error:
            raise _reading(error, self.route, path) from None
        is_plain = attrs.permissions is None or stat.S_ISREG(attrs.permissions)
        return (attrs.size or 0) if is_plain else None

    async def small_file(self, path: str, limit: int) -> bytes | None:
        """At most ``limit`` bytes of a plain file; None where there is none."""
        if await self.size(path) is None:
            return None
        async with self.opened(path) as read:
            parts = b""
            while len(parts) < limit and (part := await read(limit - len(parts), len(parts))):
                parts += part
            return parts

    @asynccontextmanager
    async def opened(self, path: str) -> AsyncIterator[Read]:
        """A function ``read(size, offset)`` on a remote file; FetchFailed for what goes wrong."""
        with _named(self.route, path):
            async with self._in_time():
                file = await self.client.open(path, "rb")
        yield lambda size, offset: self._read(file, path, size, offset)
        with _named(self.route, path):
            async with self._in_time():
                await file.close()

    async def _read(self, file: Any, path: str, size: int, offset: int) -> bytes:
        with _named(self.route, path):
            async with self._in_time():
                return bytes(await file.read(size, offset))

    @asynccontextmanager
    async def _in_time(self) -> AsyncIterator[None]:
        """Hang up on a server that does not answer in time, and raise TimeoutError.

        To stop waiting is not enough: what the library does then, such as closing a folder that it
        was listing, asks the server again and waits to no end.
        """
        has_rung = False

        def ring() -> None:
            nonlocal has_rung
            has_rung = True
            self.connection.abort()

        seconds = self.route.patience.timeout_seconds
        timer = asyncio.get_running_loop().call_later(seconds, ring)
        try:
            yield
        except (OSError, asyncssh.Error) as error:
            if has_rung:
                raise TimeoutError from error
            raise
        finally:
            timer.cancel()


@asynccontextmanager
async def linked(route: SftpRoute) -> AsyncIterator[Link]:
    """A session with a server whose key is in ``known_hosts``, and no other.

    Nothing of the user's own SSH set-up is used: no configuration, agent or default keys.
    """
    options = _options(route)
    try:
        async with asyncio.timeout(route.patience.timeout_seconds):
            connection = await asyncssh.connect(route.host, route.port, **options)
    except (OSError, asyncssh.Error) as error:
        raise _not_connected(error, route) from None
    try:
        with _named(route, route.folder):
            async with asyncio.timeout(route.patience.timeout_seconds):
                client = await connection.start_sftp_client()
        yield Link(route, connection, client)
    finally:
        # Not closed in good order: a server that went silent would be waited for to no end.
        connection.abort()


def _options(route: SftpRoute) -> dict[str, Any]:
    return {
        "username": route.user,
        "known_hosts": _known_hosts(route),
        "client_keys": [_key(route)] if route.key else None,
        "password": route.password.read() if route.password else None,
        "config": None,
        "agent_path": None,
        "x509_trusted_certs": None,
        "keepalive_interval": _KEEPALIVE,
    }


def _known_hosts(route: SftpRoute) -> asyncssh.SSHKnownHosts:
    try:
        return asyncssh.read_known_hosts(str(route.known_hosts))
    except (OSError, ValueError) as error:
        cause = getattr(error, "strerror", None) or "format"
        raise FetchFailed(
            "known_hosts_absent", known_hosts=route.known_hosts, cause=cause
        ) from None


def _key(route: SftpRoute) -> asyncssh.SSHKey:
    passphrase = route.passphrase.read() if route.passphrase else None
    try:
        return asyncssh.read_private_key(str(route.key), passphrase)
    except (OSError, asyncssh.KeyImportError, asyncssh.KeyEncryptionError):
        raise FetchFailed("key_unreadable", key=route.key) from None


class _named:  # noqa: N801 - reads as a statement
    """Whatever goes wrong with the server inside the block, as a FetchFailed."""

    def __init__(self, route: SftpRoute, path: str) -> None:
        self.route = route
        self.path = path

    def __enter__(self) -> None:
        return

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, (OSError, asyncssh.Error)):
            raise _reading(error, self.route, self.path) from None


def _not_connected(error: Exception, route: SftpRoute) -> FetchFailed:
    at = {"host": route.host, "port": route.port}
    if isinstance(error, TimeoutError):
        return _timeout(route)
    if isinstance(error, asyncssh.HostKeyNotVerifiable):
        return FetchFailed("host_key", **at, known_hosts=route.known_hosts)
    if isinstance(error, asyncssh.PermissionDenied):
        return FetchFailed("login", **at)
    if isinstance(error, asyncssh.KeyExchangeFailed):
        return FetchFailed("no_common_algorithms", **at)
    cause = getattr(error, "strerror", None) or type(error).__name__
    return FetchFailed("unreachable", **at, cause=cause)


def _reading(error: Exception, route: SftpRoute, path: str) -> FetchFailed:
    if isinstance(error, TimeoutError) and error.errno is None:
        return _timeout(route)
    if isinstance(error, (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath)):
        return FetchFailed("folder_absent", place=route.shown, folder=path)
    if isinstance(error, asyncssh.SFTPPermissionDenied):
        return FetchFailed("folder_forbidden", place=route.shown, folder=path)
    if isinstance(error, _LOST) or getattr(error, "errno", None) == errno.ECONNRESET:
        return FetchFailed("cut", host=route.host, port=route.port)
    return FetchFailed("sftp_error", place=route.shown, folder=path, cause=type(error).__name__)


_LOST: Final = (
    asyncssh.ConnectionLost,
    asyncssh.DisconnectError,
    asyncssh.SFTPConnectionLost,
    asyncssh.SFTPNoConnection,
    asyncssh.ChannelOpenError,
    OSError,
)


def _timeout(route: SftpRoute) -> FetchFailed:
    seconds = f"{route.patience.timeout_seconds:g}"
    return FetchFailed("timeout", host=route.host, port=route.port, seconds=seconds)
