"""What was decided about a delivery, why, and what that makes of its dataset tonight."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, Self

from domain.errors import HeduiError
from domain.normaliser import NORMALISER_VERSION
from domain.wording import text

VERDICT_FILE: Final = "verdict.json"
ROWS_FILE: Final = "rows.parquet"
SET_ASIDE_FILE: Final = "set_aside.parquet"
PROFILE_FILE: Final = "profile.json"
CHECKS_FILE: Final = "checks.json"
REMARKS: Final = frozenset(
    {
        "column_left_out",
        "column_unknown",
        "column_unnamed",
        "columns_unknown_more",
        "late",
        "produced_ahead",
        "replaces",
        "released",
        "totals_line",
    }
)
"""Reasons that only remark something: they neither refuse nor hold."""
AHEAD: Final = "produced_ahead"

Order = tuple[float, int, str]

_WORDED: Final = {
    "set_aside_rows": (1, "row"),
    "set_aside_column": (1, "row"),
    "set_aside_whole": (1, "row"),
    "row_bad": (0, "row"),
    "checks_failed": (0, "check"),
    "delimiter": (0, "delimiter"),
    "format_differs": (0, "file_kind"),
}
"""Reasons of which one argument is itself a code: its place, and where its words stand."""


class DeliveryState(StrEnum):
    """Nothing of a refused delivery is used; a held one waits until people release it."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    HELD = "held"
    RELEASED = "released"  # held, and signed for: never recorded as a verdict


class SourceState(StrEnum):
    """What a rule may make of a dataset: only ``IN_FORCE`` can ever give a clear answer."""

    IN_FORCE = "in_force"
    STALE = "stale"
    HELD = "held"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Reason:
    """A code with arguments, e.g. ``column_absent:SFZMHM``; its sentence is in the catalogue.

    Arguments never hold a person's values. A colon inside an argument is written full-width, what
    does not print (a line break, a terminal's escape, a change of direction) as its number.
    """

    code: str
    arguments: tuple[str, ...] = ()

    @classmethod
    def of(cls, code: str, *arguments: object) -> Self:
        """The reason with its arguments as text."""
        written = (printable(str(value)) for value in arguments)
        return cls(code, tuple(value.replace(":", "：") for value in written))

    @classmethod
    def parse(cls, written: str) -> Self:
        """The reason that ``str(reason)`` was written from."""
        code, *arguments = written.split(":")
        return cls(code, tuple(arguments))

    def __str__(self) -> str:
        return ":".join((self.code, *self.arguments))

    def says(self, lang: str | None = None) -> str:
        """One sentence the sender can act on."""
        template = text(f"sources.reason.{self.code}", lang)
        arguments = list(self.arguments)
        if self.code in _WORDED:
            place, area = _WORDED[self.code]
            arguments[place] = text(f"deliveries.{area}.{arguments[place]}", lang)
        return template.format(*arguments)


def printable(value: str) -> str:
    """The text, what does not print in it (a line break, an escape) as its number."""
    return "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in value
    )


class DeliveryRefused(Exception):
    """A delivery turned out unusable while it was read; it never leaves intake."""

    def __init__(self, *reasons: Reason) -> None:
        super().__init__("; ".join(map(str, reasons)))
        self.reasons = reasons


@dataclass(frozen=True, slots=True)
class Counts:
    """The balance of a delivery's rows: delivered = accepted + set aside + repeated."""

    delivered: int = 0
    accepted: int = 0
    set_aside: int = 0
    repeated: int = 0

    @property
    def is_balanced(self) -> bool:
        """Whether every delivered row is accounted for."""
        return self.delivered == self.accepted + self.set_aside + self.repeated


@dataclass(frozen=True, slots=True)
class JudgedDelivery:
    """One delivery with its verdict, as recorded in ``folder`` beside what was cleaned of it.

    ``folder`` holds ``rows.parquet``, ``set_aside.parquet`` and ``profile.json`` where the delivery
    was read to its end (accepted and held ones always), and ``verdict.json``. ``reasons`` of an
    accepted delivery are remarks (an optional column absent, one the dictionary does not know).
    ``content_hash`` says which bytes it was: manifest and files; ``normaliser`` which version of
    our reading of text they were read with. ``receipt_no`` counts the deliveries of its date in the
    order they were first received, from 1; 0 where that was not kept yet.
    """

    delivery_id: str
    dataset: str
    business_date: date
    produced_at: datetime | None
    content_hash: str
    data_hash: str
    file_names: tuple[str, ...]
    state: DeliveryState
    reasons: tuple[Reason, ...]
    counts: Counts
    folder: Path
    normaliser: str = ""
    receipt_no: int = 0

    @property
    def is_accepted(self) -> bool:
        """Whether its rows may be used."""
        return self.state in (DeliveryState.ACCEPTED, DeliveryState.RELEASED)

    @property
    def produced_order(self) -> float:
        """When it was produced, in seconds since 1970.

        Nought, before all others, where that is not known or had not come yet when it was received
        (``produced_ahead``).
        """
        is_ahead = any(reason.code == AHEAD for reason in self.reasons)
        return self.produced_at.timestamp() if self.produced_at and not is_ahead else 0.0

    @property
    def order(self) -> Order:
        """Where it stands among the deliveries of its date: the last counts.

        By when it was produced, at the very same moment by which was received first.
        """
        return (self.produced_order, self.receipt_no, self.content_hash)

    @property
    def held_for(self) -> tuple[Reason, ...]:
        """The reasons of a held or released delivery without its remarks."""
        return tuple(reason for reason in self.reasons if reason.code not in REMARKS)

    @property
    def is_read_as_now(self) -> bool:
        """Whether its rows were read by the normaliser in use; else it is read again."""
        return self.normaliser == NORMALISER_VERSION

    def to_json(self) -> str:
        """The record, without its folder (which is where it lies)."""
        return json.dumps(
            {
                "delivery_id": self.delivery_id,
                "dataset": self.dataset,
                "business_date": self.business_date.isoformat(),
                "produced_at": self.produced_at.isoformat() if self.produced_at else None,
                "content_hash": self.content_hash,
                "data_hash": self.data_hash,
                "normaliser": self.normaliser,
                "receipt_no": self.receipt_no,
                "file_names": list(self.file_names),
                "state": self.state.value,
                "reasons": [str(reason) for reason in self.reasons],
                "rows_delivered": self.counts.delivered,
                "rows_accepted": self.counts.accepted,
                "rows_set_aside": self.counts.set_aside,
                "rows_repeated": self.counts.repeated,
            },
            ensure_ascii=False,
            indent=1,
        )

    @classmethod
    def read(cls, folder: Path) -> Self:
        """The record kept in ``folder``; HeduiError (``sources_record_damaged``) if unreadable."""
        try:
            kept = json.loads((folder / VERDICT_FILE).read_text(encoding="utf-8"))
            return cls._of(kept, folder)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise HeduiError("sources_record_damaged", folder=folder) from error

    @classmethod
    def _of(cls, kept: Mapping[str, Any], folder: Path) -> Self:
        produced_at = kept["produced_at"]
        return cls(
            delivery_id=kept["delivery_id"],
            dataset=kept["dataset"],
            business_date=date.fromisoformat(kept["business_date"]),
            produced_at=datetime.fromisoformat(produced_at) if produced_at else None,
            content_hash=kept["content_hash"],
            data_hash=kept["data_hash"],
            file_names=tuple(kept["file_names"]),
            state=DeliveryState(kept["state"]),
            reasons=tuple(Reason.parse(written) for written in kept["reasons"]),
            counts=Counts(
                kept["rows_delivered"],
                kept["rows_accepted"],
                kept["rows_set_aside"],
                kept["rows_repeated"],
            ),
            folder=folder,
            normaliser=str(kept.get("normaliser", "")),
            receipt_no=int(kept.get("receipt_no", 0)),
        )


@dataclass(frozen=True, slots=True)
class DatasetState:
    """A dataset as it stands on the as-of date.

    ``in_force`` are the accepted deliveries its rows come from, oldest business date first: one for
    a ``full`` dataset, all for an ``incremental`` one, none unless ``state`` is in force.
    ``data_date`` is the newest accepted business date, also of a stale or held one; None when there
    is none. ``reason`` says why a dataset is not in force.
    """

    dataset: str
    state: SourceState
    data_date: date | None
    reason: Reason | None
    in_force: tuple[JudgedDelivery, ...]
