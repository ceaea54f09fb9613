"""Hourly copies of the log's end in a file outside the store, so that a cut-off end shows."""

import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from domain.errors import HeduiError
from store.access_log import first_bad_entry, hash_of_entry, last_entry
from store.ledger import Ledger

ANCHORS_FILE: Final = "HEDUI_ANCHORS"
EVERY: Final = timedelta(hours=1)
_NAME: Final = "access-log.jsonl"


@dataclass(frozen=True, slots=True)
class Anchor:
    """At ``at`` the log ended with entry ``entry_no``, whose hash was ``entry_hash``."""

    at: datetime
    entry_no: int
    entry_hash: str


@dataclass(frozen=True, slots=True)
class Anchors:
    """One line an hour, appended and synced; keep the file where the store's keeper cannot write.

    Without a path of its own (``HEDUI_ANCHORS``) it lies in the workspace's folder ``anchors``,
    beside the database and not in it.
    """

    path: Path

    @classmethod
    def of(cls, ledger: Ledger) -> "Anchors":
        """The anchors of a ledger's log."""
        named = os.environ.get(ANCHORS_FILE)
        return cls(Path(named) if named else ledger.workspace.path / "anchors" / _NAME)

    def all(self) -> list[Anchor]:
        """Every anchor, oldest first; none before the first.

        Raises HeduiError ``anchors_unreadable``.
        """
        if not self.path.is_file():
            return []
        try:
            lines = self.path.read_text(encoding="utf-8").splitlines()
            return [_parse(line) for line in lines if line.strip()]
        except (OSError, ValueError, KeyError) as error:
            raise HeduiError("anchors_unreadable", path=self.path) from error

    def is_due(self, at: datetime) -> bool:
        """Whether the newest anchor is an hour old."""
        known = self.all()
        return not known or at - known[-1].at >= EVERY

    def drop(self, ledger: Ledger, at: datetime) -> Anchor:
        """Append an anchor for the log's present end. Raises HeduiError ``anchors_unwritable``."""
        entry_no, entry_hash = last_entry(ledger)
        anchor = Anchor(at.astimezone(UTC), entry_no, entry_hash)
        line = json.dumps(
            {"at": anchor.at.isoformat(), "entry_no": entry_no, "entry_hash": entry_hash}
        )
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                os.write(handle, line.encode() + b"\n")
                os.fsync(handle)
            finally:
                os.close(handle)
        except OSError as error:
            raise HeduiError("anchors_unwritable", path=self.path, cause=error.strerror) from error
        return anchor


def first_bad(ledger: Ledger, anchors: Anchors) -> int | None:
    """The first entry that the chain or an anchor shows to be changed, missing or cut off.

    An anchor whose entry is gone, or has another hash, names that entry, unless the chain breaks
    before it.
    """
    in_chain = first_bad_entry(ledger)
    by_anchor = next(
        (
            anchor.entry_no
            for anchor in anchors.all()
            if anchor.entry_no and hash_of_entry(ledger, anchor.entry_no) != anchor.entry_hash
        ),
        None,
    )
    if by_anchor is not None and in_chain is None:
        end, _ = last_entry(ledger)
        return min(by_anchor, end + 1)
    return min((bad for bad in (in_chain, by_anchor) if bad is not None), default=None)


def _parse(line: str) -> Anchor:
    read = json.loads(line)
    return Anchor(datetime.fromisoformat(read["at"]), int(read["entry_no"]), read["entry_hash"])
