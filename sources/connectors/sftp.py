"""A folder laid out as an inbox on an SFTP server: fetched file by file, and continued when cut."""

import asyncio
import hashlib
import stat
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, TypeVar

import asyncssh

from sources.connectors.delivery import Fetched, Known, Seen
from sources.connectors.failure import FetchFailed
from sources.connectors.folder import ARCHIVE_SUFFIX, delivery_date
from sources.connectors.sftp_link import Link, linked
from sources.connectors.spool import Spool
from sources.contract import Contract
from sources.delivery import (
    DELIVERY_LIMIT,
    MANIFEST_FILE,
    MANIFEST_LIMIT,
    DeliveredFile,
    read_manifest,
)
from sources.routes import SftpRoute

_BLOCK: Final = 1 << 20
_HASHED: Final = 4 << 20
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class _Offered:
    """A delivery on the server: a dated folder with a manifest, or a dated archive."""

    name: str
    business_date: date
    manifest: bytes | None = None
    size: int = 0
    changed_at: int = 0

    @property
    def is_archive(self) -> bool:
        return self.manifest is None

    @property
    def version(self) -> str:
        """Tells what is offered now from what was offered under the same name before."""
        if self.manifest is None:
            return f"{self.size}-{self.changed_at}"
        return hashlib.sha256(self.manifest).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class _Offer:
    deliveries: tuple[_Offered, ...]
    arriving: int


def look(route: SftpRoute, contract: Contract) -> Seen:
    """What lies on the server for the dataset; nothing but manifests is fetched."""
    offer = _run(_looked(route, contract))
    newest = offer.deliveries[-1] if offer.deliveries else None
    rows = None
    if newest and newest.manifest is not None:
        delivery, _ = read_manifest(newest.manifest, contract, newest.business_date)
        rows = delivery.rows if delivery else None
    date_seen = newest.business_date if newest else None
    return Seen(len(offer.deliveries), date_seen, rows, offer.arriving)


def fetch(route: SftpRoute, contract: Contract, spool: Spool, known: Known, as_of: date) -> Fetched:
    """Bring deliveries up to ``as_of`` that are not known into the spool.

    A file is complete when its SHA-256 is the manifest's. What arrived of one before a cut is
    continued, here and on other nights. Where a file stays unlike its manifest although that has
    not changed, the delivery is brought as it is: intake refuses it and says why. Of a manifest
    that cannot be right no file is fetched. Raises FetchFailed.
    """
    return _run(_fetched(route, contract, spool, known, as_of))


def _run(work: Coroutine[Any, Any, _T]) -> _T:
    return asyncio.run(work)


async def _looked(route: SftpRoute, contract: Contract) -> _Offer:
    async with linked(route) as link:
        return await _offer(link, contract)


async def _fetched(
    route: SftpRoute, contract: Contract, spool: Spool, known: Known, as_of: date
) -> Fetched:
    async with linked(route) as link:
        offer = await _offer(link, contract)
        due = [
            one
            for one in offer.deliveries
            if (route.since or date.min) <= one.business_date <= as_of
            and not _is_known(one, contract, spool, known)
        ]
        for one in due:
            await (_bring_archive if one.is_archive else _bring)(link, contract, spool, one)
    later = sum(one.business_date > as_of for one in offer.deliveries)
    return Fetched(len(due), offer.arriving, later)


def _is_known(one: _Offered, contract: Contract, spool: Spool, known: Known) -> bool:
    if one.manifest is not None:
        return known.has_files_of(one.business_date, one.manifest)
    return spool.note(contract, one.name) == {"version": one.version}


async def _offer(link: Link, contract: Contract) -> _Offer:
    """The dataset's dated folders and archives, oldest first; the hidden and misnamed left out."""
    folder = link.path(contract.agency, contract.folder)
    deliveries, arriving = [], 0
    for entry in await link.list(folder):
        name = str(entry.filename)
        day = delivery_date(name)
        if day is None:
            continue
        if name.endswith(ARCHIVE_SUFFIX):
            if _is_plain(entry.attrs):
                size, changed = entry.attrs.size or 0, int(entry.attrs.mtime or 0)
                deliveries.append(_Offered(name, day, None, size, changed))
            continue
        manifest = await link.small_file(f"{folder}/{name}/{MANIFEST_FILE}", MANIFEST_LIMIT + 1)
        if manifest is None:
            arriving += 1
        else:
            deliveries.append(_Offered(name, day, manifest))
    return _Offer(tuple(sorted(deliveries, key=lambda one: one.name)), arriving)


async def _bring(link: Link, contract: Contract, spool: Spool, offered: _Offered) -> None:
    """Fetch a folder; begins again with the new manifest where that was replaced meanwhile."""
    remote = f"{link.path(contract.agency, contract.folder)}/{offered.name}"
    manifest = offered.manifest or b""
    for _ in range(link.route.patience.attempts):
        current = _Offered(offered.name, offered.business_date, manifest)
        with spool.writing():
            half = spool.half(contract, offered.name, current.version)
        is_right = await _bring_files(link, contract, spool, remote, half, current)
        again = await link.small_file(f"{remote}/{MANIFEST_FILE}", MANIFEST_LIMIT + 1)
        if again == manifest or (again is None and is_right):
            break
        if again is None:
            return  # taken away to be delivered anew: still arriving
        manifest = again
    with spool.writing():
        (half / MANIFEST_FILE).write_bytes(manifest)
        spool.deposit(half, contract, offered.name)


async def _bring_files(
    link: Link, contract: Contract, spool: Spool, remote: str, half: Path, offered: _Offered
) -> bool:
    """Fetch what the manifest names; whether every file is what it says."""
    delivery, faults = read_manifest(offered.manifest or b"", contract, offered.business_date)
    if delivery is None or faults:
        return False
    sizes = {file.name: await link.size(f"{remote}/{file.name}") for file in delivery.files}
    if sum(size or 0 for size in sizes.values()) > DELIVERY_LIMIT:
        limit = f"{DELIVERY_LIMIT >> 30} GiB"
        raise FetchFailed("too_large", folder=offered.name, limit=limit)
    right = [
        await _bring_file(link, spool, f"{remote}/{file.name}", half / file.name, file)
        for file in delivery.files
        if sizes[file.name] is not None
    ]
    return all(right) and len(right) == len(delivery.files)


async def _bring_file(
    link: Link, spool: Spool, remote: str, local: Path, file: DeliveredFile
) -> bool:
    """Fetch or continue one file; one that is wrong after continuing is fetched once more."""
    was_begun = local.exists()
    if was_begun and _hash(local) == file.sha256:
        return True
    await _download(link, spool, remote, local)
    if _hash(local) == file.sha256:
        return True
    if was_begun:
        local.unlink()
        await _download(link, spool, remote, local)
    return _hash(local) == file.sha256


async def _bring_archive(link: Link, contract: Contract, spool: Spool, offered: _Offered) -> None:
    """Fetch or continue an archive that has not changed since; one that changes is arriving."""
    remote = f"{link.path(contract.agency, contract.folder)}/{offered.name}"
    if offered.size > DELIVERY_LIMIT:
        limit = f"{DELIVERY_LIMIT >> 30} GiB"
        raise FetchFailed("too_large", folder=offered.name, limit=limit)
    with spool.writing():
        local = spool.half(contract, offered.name, offered.version) / offered.name
    await _download(link, spool, remote, local)
    if await link.size(remote) != offered.size or local.stat().st_size != offered.size:
        return
    with spool.writing():
        spool.deposit(local, contract, offered.name)
        spool.write_note(contract, offered.name, {"version": offered.version})


async def _download(link: Link, spool: Spool, remote: str, local: Path) -> None:
    """Append what is wanting of the remote file to the local one, to the remote one's end."""
    with spool.writing():
        output = local.open("ab")
    with output:
        offset = output.tell()
        async with link.opened(remote) as read:
            while block := await _block(read, offset):
                with spool.writing():
                    output.write(block)
                offset += len(block)
                if offset > DELIVERY_LIMIT:
                    limit = f"{DELIVERY_LIMIT >> 30} GiB"
                    raise FetchFailed("too_large", folder=Path(remote).name, limit=limit)


def _block(read: Callable[[int, int], Awaitable[bytes]], offset: int) -> Awaitable[bytes]:
    return read(_BLOCK, offset)


def _hash(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while block := stream.read(_HASHED):
            digest.update(block)
    return digest.hexdigest()


def _is_plain(attrs: asyncssh.SFTPAttrs) -> bool:
    return attrs.permissions is None or stat.S_ISREG(attrs.permissions)
