"""The inbox folder: which deliveries lie there; fetches, and judges nothing."""

import hashlib
import os
import stat
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from io import BufferedReader
from pathlib import Path
from typing import Final, Protocol

from domain.errors import HeduiError
from sources.connectors.archive import (
    Archive,
    ArchiveDamaged,
    Checked,
    check_archive,
    is_whole,
)
from sources.connectors.plain_file import UpTo, opened
from sources.contract import Dictionary
from sources.delivery import DELIVERY_LIMIT, MANIFEST_FILE, MANIFEST_LIMIT
from sources.verdict import DeliveryRefused, Reason, printable
from store.deliveries import DeliveryStore

ARCHIVE_SUFFIX: Final = ".zip"
_HASHED: Final = 4 << 20


class Place(Protocol):
    """Where a delivery lies. ``faults`` refuse it before its manifest is even looked at."""

    @property
    def dataset(self) -> str:
        """The dataset its place names."""

    @property
    def business_date(self) -> date:
        """The date its place names."""

    @property
    def shown(self) -> str:
        """Agency, dataset and name of the delivery as a path, for people."""

    @property
    def faults(self) -> tuple[Reason, ...]:
        """Why its package cannot be opened; empty for one that can."""

    def manifest(self) -> bytes | None:
        """The manifest's bytes, or what stands for them where there are none to be read.

        None where the delivery has gone since it was listed: its sender is still at it.
        """

    def keep(self, name: str, store: DeliveryStore) -> str | None:
        """Copy the file of that name into the store; its SHA-256, None where there is none."""


@dataclass(frozen=True, slots=True)
class InboxDelivery:
    """One delivery folder with a manifest: ``<inbox>/<agency>/<dataset>/<business_date>``."""

    dataset: str
    business_date: date
    folder: Path

    def manifest(self) -> bytes | None:
        """The manifest's bytes, at most just beyond its limit; blank where it is no plain file.

        Of a folder that may not be looked into, a text that is no manifest; None where folder or
        manifest have gone.
        """
        if self.faults:
            return b"folder"
        if not os.path.lexists(self.folder / MANIFEST_FILE):
            return None
        try:
            with opened(self.folder / MANIFEST_FILE) as file:
                return file.read(MANIFEST_LIMIT + 1)
        except OSError:
            return b""

    @property
    def shown(self) -> str:
        """``<agency>/<dataset>/<business_date>``."""
        return "/".join(self.folder.parts[-3:])

    @property
    def faults(self) -> tuple[Reason, ...]:
        """A folder needs no opening, but must let itself be looked into while it is there."""
        is_shut = os.path.lexists(self.folder) and not _is_open(self.folder)
        return (Reason.of("place_forbidden"),) if is_shut else ()

    def keep(self, name: str, store: DeliveryStore) -> str | None:
        """Copy the file into the store; its SHA-256, None where no plain file can be read.

        Copied is what it has when it is opened, however it may go on growing. Raises
        DeliveryRefused (``file_over_limit``).
        """
        try:
            file = opened(self.folder / name)
        except OSError:
            return None
        with file:
            size = os.fstat(file.fileno()).st_size
            if size > DELIVERY_LIMIT:
                raise DeliveryRefused(
                    Reason.of("file_over_limit", name, f"{DELIVERY_LIMIT >> 30} GiB")
                )
            return store.keep_stream(UpTo(file, size))


@dataclass(frozen=True, slots=True)
class ArchivedDelivery:
    """One delivery packed as ``<inbox>/<agency>/<dataset>/<business_date>.zip``."""

    dataset: str
    business_date: date
    path: Path
    checked: Checked

    @property
    def faults(self) -> tuple[Reason, ...]:
        """Why it is not unpacked."""
        return self.checked.faults

    @property
    def shown(self) -> str:
        """``<agency>/<dataset>/<business_date>.zip``."""
        return "/".join(self.path.parts[-3:])

    def manifest(self) -> bytes | None:
        """The manifest; for an archive that is refused, a text that tells it from every other."""
        try:
            if not self.faults:
                return self._archive.manifest()
        except ArchiveDamaged:
            return self._stand_in()
        return self._stand_in()

    def keep(self, name: str, store: DeliveryStore) -> str | None:
        """Unpack the member into the store. DeliveryRefused (``archive_damaged``) if it cannot."""
        try:
            with self._archive.opened(name) as member:
                return store.keep_stream(member) if member else None
        except ArchiveDamaged as error:
            raise DeliveryRefused(Reason.of("archive_damaged")) from error

    @property
    def _archive(self) -> Archive:
        return Archive(self.path, self.checked.stamp)

    def _stand_in(self) -> bytes | None:
        try:
            with BufferedReader(opened(self.path)) as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        except FileNotFoundError:
            return None
        except OSError:
            return b"archive"
        return f"archive {digest}".encode()


@dataclass(frozen=True, slots=True)
class Inbox:
    """What lies in an inbox: deliveries by dataset and date, and folders that are none (yet).

    ``arriving`` have no manifest (or, packed, no end), or were taken away while the inbox was
    looked through, and are left alone; ``misnamed`` are complete but have no date for a name.
    """

    deliveries: tuple[Place, ...]
    arriving: tuple[Path, ...]
    misnamed: tuple[Path, ...]

    def joined(self, other: "Inbox") -> "Inbox":
        """What lies in this one and the other together."""
        return Inbox(
            self.deliveries + other.deliveries,
            self.arriving + other.arriving,
            self.misnamed + other.misnamed,
        )

    def of(self, datasets: Collection[str]) -> "Inbox":
        """What lies here of these datasets alone."""
        names = {tuple(dataset.split(".", 1)) for dataset in datasets}
        return Inbox(
            tuple(one for one in self.deliveries if one.dataset in datasets),
            tuple(one for one in self.arriving if one.parts[-3:-1] in names),
            tuple(one for one in self.misnamed if one.parts[-3:-1] in names),
        )


def look_into(inbox: Path, dictionary: Dictionary, *, has_received: bool = False) -> Inbox:
    """List the deliveries of an inbox.

    A folder without a manifest is still being delivered and is left alone. Where there is nothing
    else, a night can go on from what was received before (``has_received``), and else has nothing
    to check. Raises HeduiError before anything is read: ``sources_inbox_missing``,
    ``sources_inbox_empty``, ``sources_inbox_arriving``, ``sources_inbox_misnamed`` (folders that
    bear no date alone), ``sources_dataset_unknown`` (a delivery of a dataset that the dictionary
    does not know), ``sources_inbox_unreadable``.
    """
    found = lying_in(inbox, dictionary)
    if found.deliveries or (has_received and (found.arriving or found.misnamed)):
        return found
    if found.arriving:
        raise HeduiError("sources_inbox_arriving", inbox=inbox, folders=len(found.arriving))
    if found.misnamed:
        named = printable(str(found.misnamed[0].relative_to(inbox)))
        raise HeduiError("sources_inbox_misnamed", inbox=inbox, folder=named)
    raise HeduiError("sources_inbox_empty", inbox=inbox)


def lying_in(inbox: Path, dictionary: Dictionary) -> Inbox:
    """The same where it may well be that nothing lies in the inbox."""
    if not inbox.is_dir():
        raise HeduiError("sources_inbox_missing", inbox=inbox)
    try:
        return _sorted_out(list(_packages(inbox, dictionary)), dictionary, inbox)
    except OSError as error:
        place = error.filename or inbox
        raise HeduiError("sources_inbox_unreadable", inbox=place, cause=error.strerror) from error


def _packages(inbox: Path, dictionary: Dictionary) -> Iterator[tuple[str, Path]]:
    """Every folder and .zip three levels down with its dataset's name; hidden ones left out.

    A closed folder of nobody who delivers (``lost+found`` of a disk) is not looked into.
    """
    agencies = {contract.agency for contract in dictionary}
    for agency in filter(_is_folder, sorted(inbox.iterdir())):
        if agency.name not in agencies and not _is_open(agency):
            continue
        for dataset in filter(_is_folder, _entries(agency)):
            name = f"{agency.name}.{dataset.name}"
            if name not in dictionary and not _is_open(dataset):
                continue
            for package in _entries(dataset):
                if _is_folder(package) or _is_archive(package):
                    yield name, package


def _entries(folder: Path) -> list[Path]:
    """What lies in a folder; nothing where it was taken away since it was listed itself."""
    try:
        return sorted(folder.iterdir())
    except FileNotFoundError:
        return []


def _is_folder(entry: Path) -> bool:
    return entry.is_dir() and not entry.name.startswith(".")


def _is_archive(entry: Path) -> bool:
    is_plain = entry.is_file() and not entry.is_symlink() and not entry.name.startswith(".")
    return is_plain and entry.suffix == ARCHIVE_SUFFIX


def _is_open(place: Path) -> bool:
    """Whether its permissions let it be read, and a folder be looked into."""
    wanted = os.R_OK | (os.X_OK if place.is_dir() else 0)
    return os.access(place, wanted, effective_ids=True)


def _sorted_out(packages: list[tuple[str, Path]], dictionary: Dictionary, inbox: Path) -> Inbox:
    deliveries: list[Place] = []
    arriving, misnamed = [], []
    for dataset, package in packages:
        try:
            delivery = _looked_at(dataset, package)
        except FileNotFoundError:  # taken away since it was listed: its sender is still at it
            delivery = None
        if dataset not in dictionary:
            if delivery is not None:
                raise HeduiError(
                    "sources_dataset_unknown",
                    dataset=printable(dataset),
                    folder=printable(str(package.relative_to(inbox))),
                )
        elif delivery is None:
            arriving.append(package)
        elif delivery_date(package.name) is None:
            misnamed.append(package)
        else:
            deliveries.append(delivery)
    return Inbox(tuple(deliveries), tuple(arriving), tuple(misnamed))


def _looked_at(dataset: str, package: Path) -> Place | None:
    """The delivery, None where what is written last is not there: manifest, end of an archive.

    Of what may not be looked into nobody can tell: it is judged, so that somebody hears of it.
    FileNotFoundError where it is gone.
    """
    day = delivery_date(package.name) or date.min
    if stat.S_ISDIR(package.stat().st_mode):
        is_complete = not _is_open(package) or os.path.lexists(package / MANIFEST_FILE)
        return InboxDelivery(dataset, day, package) if is_complete else None
    if not _is_open(package):
        checked = Checked((Reason.of("place_forbidden"),))
        return ArchivedDelivery(dataset, day, package, checked)
    try:
        return (
            ArchivedDelivery(dataset, day, package, check_archive(package))
            if is_whole(package)
            else None
        )
    except FileNotFoundError:
        raise
    except OSError as error:
        checked = Checked((Reason.of("place_unreadable", error.strerror),))
        return ArchivedDelivery(dataset, day, package, checked)


def delivery_date(name: str) -> date | None:
    """The business date that a delivery's folder or archive is named after; None for none."""
    return _date(name.removesuffix(ARCHIVE_SUFFIX))


def _date(name: str) -> date | None:
    try:
        found = date.fromisoformat(name)
    except ValueError:
        return None
    return found if found.isoformat() == name else None
