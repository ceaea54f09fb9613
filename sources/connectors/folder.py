"""The inbox folder: which deliveries lie there; fetches, and judges nothing."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from domain.errors import HeduiError
from sources.contract import Dictionary
from sources.delivery import MANIFEST_FILE, MANIFEST_LIMIT


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

    def file(self, name: str) -> Path | None:
        """The delivered file of that name; None where there is no plain file that can be read."""
        path = self.folder / name
        is_plain = path.is_file() and not path.is_symlink()
        return path if is_plain and os.access(path, os.R_OK) else None


@dataclass(frozen=True, slots=True)
class Inbox:
    """What lies in an inbox: deliveries by dataset and date, and folders that are none (yet).

    ``arriving`` have no manifest and are left alone; ``misnamed`` have one, but no date for a name.
    """

    deliveries: tuple[InboxDelivery, ...]
    arriving: tuple[Path, ...]
    misnamed: tuple[Path, ...]


def look_into(inbox: Path, dictionary: Dictionary) -> Inbox:
    """List the deliveries of an inbox.

    Raises HeduiError before anything is read: ``sources_inbox_missing``, ``sources_inbox_empty``,
    ``sources_inbox_arriving`` (only folders without a manifest), ``sources_dataset_unknown`` (a
    delivery of a dataset that the dictionary does not know), ``sources_inbox_unreadable``.
    """
    if not inbox.is_dir():
        raise HeduiError("sources_inbox_missing", inbox=inbox)
    try:
        folders = list(_dated_folders(inbox))
        found = _sorted_out(folders, dictionary, inbox)
    except OSError as error:
        raise HeduiError("sources_inbox_unreadable", inbox=inbox, cause=error.strerror) from error
    if not found.deliveries and not found.misnamed:
        key = "sources_inbox_arriving" if found.arriving else "sources_inbox_empty"
        raise HeduiError(key, inbox=inbox, folders=len(found.arriving))
    return found


def _dated_folders(inbox: Path) -> Iterator[tuple[str, Path]]:
    """Every folder three levels down with its dataset's name; hidden ones are left out."""
    for agency in _folders(inbox):
        for dataset in _folders(agency):
            for dated in _folders(dataset):
                yield f"{agency.name}.{dataset.name}", dated


def _folders(parent: Path) -> list[Path]:
    return sorted(
        entry for entry in parent.iterdir() if entry.is_dir() and not entry.name.startswith(".")
    )


def _sorted_out(folders: list[tuple[str, Path]], dictionary: Dictionary, inbox: Path) -> Inbox:
    deliveries, arriving, misnamed = [], [], []
    for dataset, folder in folders:
        has_manifest = (folder / MANIFEST_FILE).exists()
        if dataset not in dictionary:
            if has_manifest:
                raise HeduiError(
                    "sources_dataset_unknown", dataset=dataset, folder=folder.relative_to(inbox)
                )
            continue
        business_date = _date(folder.name)
        if not has_manifest:
            arriving.append(folder)
        elif business_date is None:
            misnamed.append(folder)
        else:
            deliveries.append(InboxDelivery(dataset, business_date, folder))
    return Inbox(tuple(deliveries), tuple(arriving), tuple(misnamed))


def _date(name: str) -> date | None:
    try:
        found = date.fromisoformat(name)
    except ValueError:
        return None
    return found if found.isoformat() == name else None
