"""The spool: deliveries on their way from a server, whole ones laid out as in an inbox."""

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from sources.connectors.failure import FetchFailed
from sources.contract import Contract
from store.workspace import sync_folder

_HALF: Final = ".half"  # hidden names are no deliveries
_NOTES: Final = ".notes"
_KEPT: Final = timedelta(days=31)
_PRIVATE: Final = 0o700


@dataclass(frozen=True, slots=True)
class Spool:
    """One workspace's spool; used by one run at a time (the workspace's lock).

    ``<agency>/<dataset>/<date>`` (or ``<date>.zip``) are whole deliveries that wait for intake.
    ``.half/`` holds what has arrived of others, to be continued. ``.notes/`` remembers archives
    taken in before, which tell nothing of themselves until they are fetched.
    """

    folder: Path

    def half(self, contract: Contract, name: str, version: str) -> Path:
        """The folder for parts of this version of a delivery; other versions' parts are dropped."""
        place = self.folder / _HALF / contract.agency / contract.folder / name
        mine = place / version
        for other in place.iterdir() if place.is_dir() else ():
            if other != mine:
                shutil.rmtree(other)
        mine.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
        return mine

    def deposit(self, half: Path, contract: Contract, name: str) -> None:
        """Put a whole delivery (a folder or a file) where intake finds it, in one rename."""
        final = self.folder / contract.agency / contract.folder / name
        final.parent.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
        _remove(final)
        half.rename(final)
        sync_folder(final.parent)

    def note(self, contract: Contract, name: str) -> Mapping[str, Any] | None:
        """What was noted of a delivery; None where there is no readable note."""
        try:
            noted = json.loads(self._note(contract, name).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return noted if isinstance(noted, dict) else None

    def write_note(self, contract: Contract, name: str, noted: Mapping[str, Any]) -> None:
        """Remember something of a delivery for other nights."""
        file = self._note(contract, name)
        file.parent.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
        file.write_text(json.dumps(noted), encoding="utf-8")

    def clear(self, as_of: date) -> None:
        """Take away the whole deliveries up to the date: intake has their bytes and verdicts.

        Parts of deliveries a month old go as well: nobody will send the rest of them.
        """
        for delivery in self._whole():
            if delivery.name[:10] <= as_of.isoformat():
                _remove(delivery)
        too_old = (as_of - _KEPT).isoformat()
        for half in list(self.folder.glob(f"{_HALF}/*/*/*")):
            if half.name[:10] < too_old or not any(half.iterdir()):
                _remove(half)

    def _whole(self) -> Iterator[Path]:
        yield from [
            delivery
            for delivery in self.folder.glob("[!.]*/[!.]*/[!.]*")
            if not delivery.name.startswith(".")
        ]

    def _note(self, contract: Contract, name: str) -> Path:
        return self.folder / _NOTES / contract.agency / contract.folder / f"{name}.json"

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Name a full or unwritable disk as such, whatever was being written."""
        try:
            yield
        except OSError as error:
            cause = error.strerror or type(error).__name__
            raise FetchFailed("spool_full", spool=self.folder, cause=cause) from error


def _remove(place: Path) -> None:
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)
    else:
        place.unlink(missing_ok=True)
