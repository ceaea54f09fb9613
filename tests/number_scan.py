"""After a test run: no full identity number lies where none should, in anything the run wrote.

What is looked at: every file under the run's own temporary folder (workspaces with their logs,
ledgers, reports and leftovers, servers' output, homes of Prefect), Prefect's home in the project,
what every test captured, and what the program and the service answered in tests' hands
(:func:`heard`). Identity numbers of tests lie under division 99, so that a phone number or a
money amount is never taken for one. Places are named, numbers never.
"""

import lzma
import re
import sqlite3
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

NUMBER: Final = re.compile(rb"(?<![0-9])99[0-9]{15}[0-9Xx](?![0-9])")
_STREAM: Final = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
_SQLITE: Final = b"SQLite format 3\x00"
_PARQUET: Final = b"PAR1"
_ZIP: Final = b"PK\x03\x04"
_BROKEN: Final = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, NotImplementedError, RuntimeError, EOFError,
    OSError, ValueError,
)  # fmt: skip
_LARGEST: Final = 64 << 20


@dataclass(frozen=True, slots=True)
class Meant:
    """Files that hold numbers by their purpose.

    ``pattern`` is over the path within the run's folder; ``why`` they may.
    """

    pattern: str
    why: str


EXCEPTIONS: Final = (
    Meant("*/inbox/*", "what departments deliver, as they delivered it"),
    Meant("*/part*.csv", "the same, file by file, in tests of reading"),
    Meant("*/part*.xlsx", "the same"),
    Meant("*/part*.parquet", "the same"),
    Meant("*/remote/outbox/*", "a department's own server, as a test lays it out"),
    *(
        Meant(f"*/test_*/{name}", "a delivery made by hand for a test of reading")
        for name in ("a.xlsx", "a.parquet", "one.csv", "two.csv", "elsewhere.csv")
    ),
    Meant("*truth/*", "a simulation's own answers"),
    Meant("*/deliveries/blobs/*", "the delivered bytes, kept as they came"),
    Meant("*/spool/*", "deliveries on their way in"),
    Meant("*/rows.parquet", "accepted rows: what a snapshot is made of"),
    Meant("*/set_aside.parquet", "rows that are not in force, kept for their sender"),
    Meant("*.duckdb", "a run's snapshot"),
    Meant("*.duckdb.wal", "a snapshot being written"),
    Meant("*.cases.yaml", "cases of a rule, with people made up for them"),
    Meant("*/unmasked*", "exports with full values, made on purpose, for a reason"),
    Meant("*/persons*.json", "people typed in by a test, as an officer would"),
    Meant("*/planted-numbers/*", "numbers that this scan's own test puts there to be found"),
)
EVIDENCE: Final = frozenset({"finding_version"})
"""Tables of the ledger that hold findings with their evidence, and so people's numbers."""


@dataclass(slots=True)
class Scan:
    """What was found so far: a place each, without the number."""

    exceptions: tuple[Meant, ...] = EXCEPTIONS
    places: list[str] = field(default_factory=list)

    def folder(self, root: Path) -> None:
        """Every file under ``root`` but the deliberate exceptions."""
        for path in sorted(root.rglob("*")):
            if path.is_symlink() or not path.is_file():
                continue
            place = f"/{path.relative_to(root)}"
            if not self._is_meant(place):
                self._file(path, place)

    def text(self, place: str, said: str) -> None:
        """Something that was said: captured output, an address, an answer."""
        if NUMBER.search(said.encode("utf-8", "replace")):
            self.places.append(place)

    def _is_meant(self, place: str) -> bool:
        return any(fnmatch(place, one.pattern) for one in self.exceptions)

    def _file(self, path: Path, place: str) -> None:
        if NUMBER.search(str(path.name).encode()):
            self.places.append(f"{path.parent.name}/… (the name of a file)")
        try:
            parts = list(_parts(path))
        except OSError as error:
            if not path.exists():
                return  # gone meanwhile
            self.places.append(f"{place} ({type(error).__name__})")
            return
        self.places += [f"{place}{within}" for within, content in parts if NUMBER.search(content)]


def _parts(path: Path) -> Iterator[tuple[str, bytes]]:
    """A file's content, unpacked where it is an archive, a PDF or a database."""
    with path.open("rb") as stream:
        start = stream.read(16)
        content = start + stream.read(_LARGEST)
    if start == _SQLITE:
        yield from _tables(path)
        return
    yield "", content
    if start.startswith(_PARQUET):
        yield "!rows", _rows(path)
    elif start.startswith(_ZIP):
        yield from _members(path)
    elif start.startswith(b"%PDF"):
        for place, packed in enumerate(_STREAM.findall(content)):
            yield f"!stream {place}", _inflated(packed)


def _members(path: Path) -> Iterator[tuple[str, bytes]]:
    """What an archive holds, as far as it can be read: tests make broken ones and bombs."""
    try:
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                with archive.open(name) as member:
                    yield f"!{name}", member.read(_LARGEST)
    except _BROKEN:
        return


def _rows(path: Path) -> bytes:
    try:
        return repr(pq.read_table(path).to_pylist()).encode("utf-8", "replace")
    except (pa.ArrowException, OSError):
        return b""  # damaged on purpose; its bytes were looked through


def _inflated(packed: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(packed)
    except zlib.error:
        return b""


def _tables(path: Path) -> Iterator[tuple[str, bytes]]:
    """Row by row, so that tables meant to hold evidence can be left out.

    Deleted rows that still lie in the pages of a database are not looked for.
    """
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        names = connection.execute("select name from sqlite_master where type = 'table'")
        for (name,) in names.fetchall():
            if name not in EVIDENCE:
                for row in connection.execute(f'select * from "{name}"'):
                    yield f"!{name}", repr(row).encode("utf-8", "replace")


def told(places: Iterable[str]) -> str:
    """What is said at the end of a run."""
    lines = sorted(set(places))
    return "\n".join([f"a full identity number in {len(lines)} place(s):", *lines])


HEARD: Final = Scan()
"""What tests heard of the program and the service (output, addresses, answers)."""


def heard(place: str, said: str) -> None:
    """Look through something said to a test that nobody asked full values of."""
    HEARD.text(place, said)
