"""A real PostgreSQL, MariaDB and SFTP server.

Each is started by the tests on a loopback port and leaves nothing behind. `make test-servers`
installs the programs.
"""

import asyncio
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import IO

import asyncssh
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from sqlalchemy import URL, Engine, create_engine, text
from sqlalchemy.pool import NullPool

USER = "hedui_reader"
PASSWORD = "geheim-Nr-7"  # noqa: S105 - of a server that lives as long as a test
ADMIN = "postgres"


@dataclass(frozen=True)
class DatabaseServer:
    """A server with the database ``exchange``; ``admin`` may do all, USER read what is granted."""

    engine: str
    port: int
    admin: Engine
    ca: Path

    def run(self, *statements: str, **values: object) -> None:
        with self.admin.begin() as connection:
            for statement in statements:
                connection.execute(text(statement), values or None)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def postgresql() -> Iterator[DatabaseServer]:
    """PostgreSQL with passwords required over TCP."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    if not found:
        pytest.fail("PostgreSQL is not installed: make test-servers")
    home = _home("postgres")
    port = free_port()

    def run(program: str, *arguments: str) -> None:
        command = [*_as("postgres"), str(found[-1].parent / program), "-D", str(home / "data")]
        subprocess.run(
            [*command, *arguments], check=True, capture_output=True, cwd="/", timeout=120
        )

    try:
        run("initdb", "-U", ADMIN, "--auth-local=trust", "--auth-host=scram-sha-256", "-E", "UTF8",
            "--locale=C", "--no-sync")  # fmt: skip
        ca, certificate, key = _owned(certificates(home), "postgres")
        tls = f"-c ssl=on -c ssl_cert_file={certificate} -c ssl_key_file={key}"
        options = f"-k {home} -p {port} -c listen_addresses=127.0.0.1 -c fsync=off {tls}"
        run("pg_ctl", "-w", "-l", str(home / "log"), "-o", options, "start")
        try:
            yield _postgresql(home, port, ca)
        finally:
            run("pg_ctl", "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(home)


def _postgresql(home: Path, port: int, ca: Path) -> DatabaseServer:
    def admin(database: str, **options: str) -> Engine:
        url = f"postgresql+psycopg://{ADMIN}@/{database}?host={home}&port={port}"
        return create_engine(url, poolclass=NullPool, **options)

    with admin("postgres", isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("create database exchange"))
    server = DatabaseServer("postgresql", port, admin("exchange"), ca)
    server.run(
        f"create role {USER} login password '{PASSWORD}'",
        f"alter default privileges grant select on tables to {USER}",
    )
    return server


def certificates(folder: Path) -> tuple[Path, Path, Path]:
    """A certificate authority, and a certificate with its key that it gave to 127.0.0.1."""
    now = datetime.now(UTC)
    signer, own = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))

    def made(name: str, key: ec.EllipticCurvePrivateKey, is_ca: bool) -> x509.Certificate:
        address = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
        return (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
            .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test ca")]))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=2))
            .add_extension(x509.BasicConstraints(is_ca, None), critical=True)
            .add_extension(address, critical=False)
            .sign(signer, hashes.SHA256())
        )

    pem = serialization.Encoding.PEM
    files = folder / "ca.pem", folder / "server.pem", folder / "server.key"
    files[0].write_bytes(made("test ca", signer, True).public_bytes(pem))
    files[1].write_bytes(made("127.0.0.1", own, False).public_bytes(pem))
    plain = serialization.NoEncryption()
    files[2].write_bytes(own.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
    files[2].chmod(0o600)
    return files


@contextmanager
def mariadb() -> Iterator[DatabaseServer]:
    """MariaDB, which speaks the MySQL protocol."""
    server, installer = shutil.which("mariadbd", path=_PATH), shutil.which("mariadb-install-db")
    if not server or not installer:
        pytest.fail("MariaDB is not installed: make test-servers")
    home = _home("mysql")
    port = free_port()
    prefix = _as("mysql")
    subprocess.run(
        [*prefix, installer, "--no-defaults", f"--datadir={home}/data", "--skip-test-db",
         "--auth-root-authentication-method=normal"],
        check=True, capture_output=True, cwd="/", timeout=120,
    )  # fmt: skip
    ca, certificate, key = _owned(certificates(home), "mysql")
    process = subprocess.Popen(
        [*prefix, server, "--no-defaults", f"--datadir={home}/data", f"--socket={home}/socket",
         f"--port={port}", "--bind-address=127.0.0.1", f"--pid-file={home}/pid",
         "--innodb-flush-log-at-trx-commit=0", "--skip-name-resolve",
         f"--ssl-cert={certificate}", f"--ssl-key={key}", f"--ssl-ca={ca}"],
        cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield _mariadb(home, port, ca)
    finally:
        pid = home / "pid"
        os.kill(int(pid.read_text()) if pid.exists() else process.pid, 15)
        process.wait(60)
        shutil.rmtree(home)


def _mariadb(home: Path, port: int, ca: Path) -> DatabaseServer:
    def admin(database: str) -> Engine:
        url = URL.create(
            "mysql+pymysql", username="root", database=database,
            query={"unix_socket": f"{home}/socket", "charset": "utf8mb4"},
        )  # fmt: skip
        return create_engine(url, poolclass=NullPool)

    _wait_for(port)
    with admin("").begin() as connection:
        connection.execute(text("create database exchange character set utf8mb4"))
        connection.execute(text(f"create user {USER}@'127.0.0.1' identified by '{PASSWORD}'"))
        connection.execute(text(f"grant select on exchange.* to {USER}@'127.0.0.1'"))
    return DatabaseServer("mysql", port, admin("exchange"), ca)


_PATH = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"))


def _home(user: str) -> Path:
    home = Path(tempfile.mkdtemp(prefix=f"hedui-{user}-"))
    if os.geteuid() == 0:
        shutil.chown(home, user)
    return home


def _owned(files: tuple[Path, Path, Path], user: str) -> tuple[Path, Path, Path]:
    for file in files if os.geteuid() == 0 else ():
        shutil.chown(file, user)
    return files


def _as(user: str) -> list[str]:
    """Database servers refuse to run as root."""
    if os.geteuid() != 0:
        return []
    pwd.getpwnam(user)
    return ["runuser", "-u", user, "--"]


def _wait_for(port: int, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


@dataclass
class SftpServer:
    """An SFTP server in a thread: ``root`` is what it shows, ``folder`` where its keys lie.

    ``cut_after`` ends the connection, once, when that many bytes of data files were read;
    ``on_read`` is called with a path before each read; ``reads`` are (path, offset, size) served.
    ``stalled`` leaves reads without an answer, ``stalled_sizes`` the question what a thing is: of
    ``all`` (also those of a folder being listed) or of ``files`` alone.
    """

    root: Path
    folder: Path
    port: int = 0
    cut_after: int | None = None
    stalled: bool = False
    stalled_sizes: str = ""
    reads: list[tuple[str, int, int]] = field(default_factory=list)
    on_read: object = None
    served: int = 0
    opened: list[IO[bytes]] = field(default_factory=list)

    @property
    def known_hosts(self) -> Path:
        return self.folder / "known_hosts"

    @property
    def key(self) -> Path:
        return self.folder / "id_ed25519"

    def reads_of(self, name: str) -> list[int]:
        """The offsets at which the file of that name was read."""
        return [offset for path, offset, _ in self.reads if path.endswith(name)]


@contextmanager
def sftp_server(root: Path, folder: Path) -> Iterator[SftpServer]:
    folder.mkdir(parents=True, exist_ok=True)
    server = SftpServer(root, folder)
    host_key = asyncssh.generate_private_key("ssh-ed25519")
    user_key = asyncssh.generate_private_key("ssh-ed25519")
    user_key.write_private_key(str(server.key))
    authorized = folder / "authorized"
    user_key.write_public_key(str(authorized))
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def listen() -> asyncssh.SSHAcceptor:
        return await asyncssh.listen(
            "127.0.0.1", 0, server_host_keys=[host_key], sftp_factory=_factory(server),
            server_factory=_Door, authorized_client_keys=str(authorized),
        )  # fmt: skip

    acceptor = asyncio.run_coroutine_threadsafe(listen(), loop).result(30)
    server.port = acceptor.get_port()
    public = host_key.export_public_key().decode().strip()
    server.known_hosts.write_text(f"[127.0.0.1]:{server.port} {public}\n")
    try:
        yield server
    finally:
        asyncio.run_coroutine_threadsafe(_ended(acceptor), loop).result(30)
        for file in server.opened:
            file.close()
        loop.call_soon_threadsafe(loop.stop)
        thread.join(30)
        loop.close()


async def _ended(acceptor: asyncssh.SSHAcceptor) -> None:
    """Close the door and see every conversation end, also one that was made to stall."""
    acceptor.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


class _Door(asyncssh.SSHServer):
    """Lets USER in, by PASSWORD or the authorized key."""

    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return username == USER and password == PASSWORD


def _factory(server: SftpServer) -> object:
    class Files(asyncssh.SFTPServer):
        def __init__(self, channel: asyncssh.SSHServerChannel) -> None:
            super().__init__(channel, chroot=str(server.root))
            self.names: dict[object, str] = {}

        def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> IO[bytes]:
            opened = super().open(path, pflags, attrs)
            self.names[id(opened)] = path.decode()
            server.opened.append(opened)
            return opened

        async def lstat(self, path: bytes) -> object:
            is_file = path.endswith((b".json", b".csv"))
            while server.stalled_sizes == "all" or (server.stalled_sizes and is_file):
                await asyncio.sleep(0.05)
            return super().lstat(path)

        async def read(self, file_obj: object, offset: int, size: int) -> bytes:
            name = self.names[id(file_obj)]
            if callable(server.on_read):
                server.on_read(name)
            while server.stalled:
                await asyncio.sleep(0.05)
            data = super().read(file_obj, offset, size)
            if not name.endswith("manifest.json"):
                server.reads.append((name, offset, len(data)))
                server.served += len(data)
                if server.cut_after is not None and server.served > server.cut_after:
                    server.cut_after = None
                    self.channel.get_connection().abort()
            return data

    return Files
