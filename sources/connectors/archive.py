"""A delivery packed as one .zip: checked before a byte is unpacked, and never unpacked to a path.

Members are read by the names the manifest gives, straight into the delivery store, so no name in an
archive ever becomes a place on disk. One that another program would unpack outside its folder, or
in two ways, is refused all the same: nobody sends such a file in good order.
"""

import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import IO, Final

from sources.connectors.plain_file import opened, stamp_of
from sources.delivery import FILES_LIMIT, MANIFEST_FILE, MANIFEST_LIMIT, is_plain_name
from sources.verdict import Reason

ARCHIVE_LIMIT: Final = (1 << 32) - 2  # bytes packed; beyond it a zip needs the zip64 directory
UNPACKED_LIMIT: Final = 16 << 30
RATIO_LIMIT: Final = 200  # unpacked to packed bytes of a member; text packs ten- to fortyfold
_RATIO_FROM: Final = 1 << 20  # a member smaller than this harms nobody
_MEMBERS_LIMIT: Final = FILES_LIMIT + 1  # the files and the manifest
_DIRECTORY_LIMIT: Final = 1 << 20  # bytes of the central directory
_ZIP: Final = b"PK"
_END: Final = struct.Struct("<4s4H2LH")
_END_MARK: Final = b"PK\5\6"
_COMMENT_LIMIT: Final = 1 << 16
_LOCAL_HEADER: Final = 30
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED: Final = 0x2041  # encrypted, strongly encrypted, directory masked
_UNIX: Final = 3
_DEVICES: Final = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³]) *(\..*)?", re.IGNORECASE
)
_PACKED_SUFFIXES: Final = (
    ".zip", ".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".jar", ".cab", ".iso",
)  # fmt: skip
_PACKED_MARKS: Final = (
    b"PK\3\4", b"PK\5\6", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"\x1f\x8b", b"BZh",
    b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd", b"MSCF",
)  # fmt: skip
_DAMAGE: Final = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError,
    OSError, struct.error,
)  # fmt: skip


class ArchiveDamaged(Exception):
    """A member cannot be unpacked to its end."""


@dataclass(frozen=True, slots=True)
class Member:
    """A member being unpacked; no more bytes come of it than the archive's directory promised."""

    stream: IO[bytes]

    def read(self, size: int, /) -> bytes:
        """At most ``size`` more bytes; ArchiveDamaged where they cannot be unpacked."""
        try:
            return self.stream.read(size)
        except _DAMAGE as error:
            raise ArchiveDamaged from error


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found of an archive before it is unpacked: ``faults``, and which file it was."""

    faults: tuple[Reason, ...]
    stamp: tuple[int, int, int, int] | None = None


@dataclass(frozen=True, slots=True)
class Archive:
    """A zip file found within all bounds; its members may still be damaged.

    ``stamp`` is that of the file that was checked: another put in its place since is not unpacked.
    """

    path: Path
    stamp: tuple[int, int, int, int] | None

    def manifest(self) -> bytes:
        """The manifest's bytes, at most just beyond its limit; ArchiveDamaged if unreadable."""
        with self.opened(MANIFEST_FILE) as member:
            return member.read(MANIFEST_LIMIT + 1) if member else b""

    @contextmanager
    def opened(self, name: str) -> Iterator[Member | None]:
        """The member of exactly this name, None where there is none; ArchiveDamaged."""
        with ExitStack() as stack:
            try:
                file = stack.enter_context(BufferedReader(opened(self.path)))
                if stamp_of(file) != self.stamp:
                    raise ArchiveDamaged  # nobody has looked into this one
                archive = stack.enter_context(zipfile.ZipFile(file))
                has_it = name in archive.namelist()
                stream = stack.enter_context(archive.open(name)) if has_it else None
            except _DAMAGE as error:
                raise ArchiveDamaged from error
            yield Member(stream) if stream else None


def is_whole(path: Path) -> bool:
    """Whether the archive's end is there: it is written last, as a folder's manifest is.

    For what begins otherwise than a zip (a .rar renamed) there is no end to wait for. OSError where
    it cannot be read, as where it has gone meanwhile.
    """
    with BufferedReader(opened(path)) as file:
        begin = file.read(len(_ZIP))
        is_other = bool(begin.strip(b"\0")) and not _ZIP.startswith(begin)
        return is_other or _end_of(file) is not None


def check_archive(path: Path) -> Checked:
    """Everything for which the archive is refused before it is unpacked; empty when it may be.

    Reasons: ``archive_no_zip``, ``archive_damaged``, ``archive_too_large``, ``archive_members``
    (too many), ``archive_ratio``, ``archive_name`` (a path, a drive, a device, hidden, or more than
    one reading), ``archive_name_twice`` (also in another case), ``archive_link``,
    ``archive_encrypted``, ``archive_method``, ``archive_nested``, ``archive_overlaps``,
    ``archive_without_manifest``. Raises OSError where it cannot be read at all.
    """
    with BufferedReader(opened(path)) as file:
        stamp = stamp_of(file)
        return Checked(_found_in(file, stamp[2]), stamp)


def _found_in(file: IO[bytes], size: int) -> tuple[Reason, ...]:
    end = _end_of(file)
    if end is None:
        return (Reason.of("archive_no_zip"),)
    members, directory_size, directory_at = end
    if size > ARCHIVE_LIMIT or 0xFFFFFFFF in (directory_size, directory_at):
        return (Reason.of("archive_too_large"),)
    if members > _MEMBERS_LIMIT or directory_size > _DIRECTORY_LIMIT:
        return (Reason.of("archive_members", _MEMBERS_LIMIT),)
    try:
        with zipfile.ZipFile(file) as archive:
            # Members are looked into only where the directory speaks the truth about them.
            faults = tuple(dict.fromkeys(_faults(archive, directory_at)))
            return faults or tuple(_nested(archive))
    except _DAMAGE:
        return (Reason.of("archive_damaged"),)


def _faults(archive: zipfile.ZipFile, directory_at: int) -> Iterator[Reason]:
    members = archive.infolist()
    if len(members) > _MEMBERS_LIMIT:
        yield Reason.of("archive_members", _MEMBERS_LIMIT)
        return
    if sum(member.file_size for member in members) > UNPACKED_LIMIT:
        yield Reason.of("archive_too_large")
    for member in members:
        yield from _member_faults(member)
    yield from _clashes(members)
    if _overlap(members, directory_at):
        yield Reason.of("archive_overlaps")
    if MANIFEST_FILE not in archive.namelist():
        yield Reason.of("archive_without_manifest")


def _member_faults(member: zipfile.ZipInfo) -> Iterator[Reason]:
    # ZipInfo cuts a name at NUL and turns backslashes round; judged is what was written.
    if not _is_safe(member.orig_filename):
        yield Reason.of("archive_name")
    if _is_special(member):
        yield Reason.of("archive_link")
    if member.flag_bits & _ENCRYPTED:
        yield Reason.of("archive_encrypted")
    elif member.compress_type not in _METHODS:
        yield Reason.of("archive_method")
    if member.file_size > max(_RATIO_FROM, RATIO_LIMIT * member.compress_size):
        yield Reason.of("archive_ratio", RATIO_LIMIT)


def _is_safe(name: str) -> bool:
    return (
        is_plain_name(name)
        and unicodedata.normalize("NFC", name) == name
        and not _DEVICES.fullmatch(name.rstrip(". "))
        and name == name.rstrip(". ")
        and name == name.lstrip()
    )


def _is_special(member: zipfile.ZipInfo) -> bool:
    """Whether the member says it is a link, device or pipe."""
    kind = stat.S_IFMT(member.external_attr >> 16) if member.create_system == _UNIX else 0
    return kind not in (0, stat.S_IFREG)


def _clashes(members: list[zipfile.ZipInfo]) -> Iterator[Reason]:
    names = [unicodedata.normalize("NFKC", one.orig_filename).casefold() for one in members]
    if len(set(names)) < len(names):
        yield Reason.of("archive_name_twice")


def _overlap(members: list[zipfile.ZipInfo], directory_at: int) -> bool:
    """Whether two members share packed bytes, or one reaches into the directory."""
    ordered = sorted(members, key=lambda member: member.header_offset)
    ends = [
        member.header_offset + _LOCAL_HEADER + len(member.orig_filename) + member.compress_size
        for member in ordered
    ]
    starts = [member.header_offset for member in ordered[1:]] + [directory_at]
    return any(end > start for end, start in zip(ends, starts, strict=False))


def _nested(archive: zipfile.ZipFile) -> Iterator[Reason]:
    """Archives within; a workbook is a zip as well and is none of them. Reads the manifest too."""
    with archive.open(MANIFEST_FILE) as stream:
        stream.read(MANIFEST_LIMIT + 1)
    for member in archive.infolist():
        name = member.filename.lower()
        with archive.open(member) as stream:
            start = stream.read(8)
        is_packed = start.startswith(_PACKED_MARKS) and not name.endswith(".xlsx")
        if is_packed or name.endswith(_PACKED_SUFFIXES):
            yield Reason.of("archive_nested")
            return


def _end_of(file: IO[bytes]) -> tuple[int, int, int] | None:
    """Members, size and place of the directory as the archive's end says; None without an end."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _COMMENT_LIMIT - _END.size))
    tail = file.read()
    at = tail.rfind(_END_MARK)
    if at < 0 or len(tail) - at < _END.size:
        return None
    _, _, _, _, members, directory_size, directory_at, comment = _END.unpack_from(tail, at)
    return (
        (members, directory_size, directory_at) if len(tail) - at == _END.size + comment else None
    )
