"""The inbox folder: which deliveries lie there; fetches, and judges nothing."""

import hashlib
import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, Protocol

from domain.errors import HeduiError
from sources.connectors.archive import Archive, ArchiveDamaged, check_archive, is_whole
from sources.contract import Dictionary
from sources.delivery import MANIFEST_FILE, MANIFEST_LIMIT
from sources.verdict import DeliveryRefused, Reason
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

    def manifest(self) -> bytes:
        """The manifest's bytes, or what stands for them where there are none to be read."""

    def keep(self, name: str, store: DeliveryStore) -> str | None:
        """Copy the file of that name into the store; its SHA-256, None where there is none."""


@dataclass(frozen=True, slots=True)
class InboxDelivery:
    """One delivery folder with a manifest: ``<inbox>/<agency>/<dataset>/<business_date>``."""

    dataset: str
    business_date: date
    folder: Path

    def manifest(self) -> bytes:
        """The manifest's bytes, at most just beyond its limit."""
        with (self.folder / MANIFEST_FILE).open("rb") as file:
            return file.read(MANIFEST_LIMIT + 1)

    @property
    def shown(self) -> str:
        """``<agency>/<dataset>/<business_date>``."""
        return "/".join(self.folder.parts[-3:])

    @property
    def faults(self) -> tuple[Reason, ...]:
        """A folder needs no opening."""
        return ()

    def file(self, name: str) -> Path | None:
        """The delivered file of that name; None where there is no plain file that can be read."""
        path = self.folder / name
        is_plain = path.is_file() and not path.is_symlink()
        return path if is_plain and os.access(path, os.R_OK) else None

    def keep(self, name: str, store: DeliveryStore) -> str | None:
        """Copy the file into the store; its SHA-256, None where there is no such plain file."""
        file = self.file(name)
        return store.keep(file) if file else None


@dataclass(frozen=True, slots=True)
class ArchivedDelivery:
    """One delivery packed as ``<inbox>/<agency>/<dataset>/<business_date>.zip``."""

    dataset: str
    business_date: date
    path: Path
    faults: tuple[Reason, ...]

    @property
    def shown(self) -> str:
        """``<agency>/<dataset>/<business_date>.zip``."""
        return "/".join(self.path.parts[-3:])

    def manifest(self) -> bytes:
        """The manifest; for an archive that is refused, a text that tells it from every other."""
        try:
            if not self.faults:
                return Archive(self.path).manifest()
        except ArchiveDamaged:
            return self._stand_in()
        return self._stand_in()

    def keep(self, name: str, store: DeliveryStore) -> str | None:
        """Unpack the member into the store. DeliveryRefused (``archive_damaged``) if it cannot."""
        try:
            with Archive(self.path).opened(name) as member:
                return store.keep_stream(member) if member else None
        except ArchiveDamaged as error:
            raise DeliveryRefused(Reason.of("archive_damaged")) from error

    def _stand_in(self) -> bytes:
        with self.path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        return f"archive {digest}".encode()


@dataclass(frozen=True, slots=True)
class Inbox:
    """What lies in an inbox: deliveries by dataset and date, and folders that are none (yet).

    ``arriving`` have no manifest (or, packed, no end) and are left alone; ``misnamed`` are complete
    but have no date for a name.
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


def look_into(inbox: Path, dictionary: Dictionary) -> Inbox:
    """List the deliveries of an inbox.

    Raises HeduiError before anything is read: ``sources_inbox_missing``, ``sources_inbox_empty``,
    ``sources_inbox_arriving`` (only folders without a manifest), ``sources_dataset_unknown`` (a
    delivery of a dataset that the dictionary does not know), ``sources_inbox_unreadable``.
    """
    found = lying_in(inbox, dictionary)
    if not found.deliveries and not found.misnamed:
        key = "sources_inbox_arriving" if found.arriving else "sources_inbox_empty"
        raise HeduiError(key, inbox=inbox, folders=len(found.arriving))
    return found


def lying_in(inbox: Path, dictionary: Dictionary) -> Inbox:
    """The same where it may well be that nothing lies in the inbox."""
    if not inbox.is_dir():
        raise HeduiError("sources_inbox_missing", inbox=inbox)
    try:
        return _sorted_out(list(_packages(inbox)), dictionary, inbox)
    except OSError as error:
        raise HeduiError("sources_inbox_unreadable", inbox=inbox, cause=error.strerror) from error


def _packages(inbox: Path) -> Iterator[tuple[str, Path]]:
    """Every folder and .zip three levels down with its dataset's name; hidden ones left out."""
    for agency in _folders(inbox):
        for dataset in _folders(agency):
            for package in sorted(dataset.iterdir()):
                if _is_folder(package) or _is_archive(package):
                    yield f"{agency.name}.{dataset.name}", package


def _folders(parent: Path) -> list[Path]:
    return sorted(entry for entry in parent.iterdir() if _is_folder(entry))


def _is_folder(entry: Path) -> bool:
    return entry.is_dir() and not entry.name.startswith(".")


def _is_archive(entry: Path) -> bool:
    is_plain = entry.is_file() and not entry.is_symlink() and not entry.name.startswith(".")
    return is_plain and entry.suffix == ARCHIVE_SUFFIX and os.access(entry, os.R_OK)


def _sorted_out(packages: list[tuple[str, Path]], dictionary: Dictionary, inbox: Path) -> Inbox:
    deliveries: list[Place] = []
    arriving, misnamed = [], []
    for dataset, package in packages:
        is_complete = _is_complete(package)
        if dataset not in dictionary:
            if is_complete:
                raise HeduiError(
                    "sources_dataset_unknown", dataset=dataset, folder=package.relative_to(inbox)
                )
            continue
        business_date = delivery_date(package.name)
        if not is_complete:
            arriving.append(package)
        elif business_date is None:
            misnamed.append(package)
        else:
            deliveries.append(_delivery(dataset, business_date, package))
    return Inbox(tuple(deliveries), tuple(arriving), tuple(misnamed))


def _is_complete(package: Path) -> bool:
    """Whether what is written last is there: a folder's manifest, an archive's end."""
    return (package / MANIFEST_FILE).exists() if package.is_dir() else is_whole(package)


def _delivery(dataset: str, business_date: date, package: Path) -> Place:
    if package.is_dir():
        return InboxDelivery(dataset, business_date, package)
    return ArchivedDelivery(dataset, business_date, package, check_archive(package))


def delivery_date(name: str) -> date | None:
    """The business date that a delivery's folder or archive is named after; None for none."""
    return _date(name.removesuffix(ARCHIVE_SUFFIX))


def _date(name: str) -> date | None:
    try:
        found = date.fromisoformat(name)
    except ValueError:
        return None
    return found if found.isoformat() == name else None
