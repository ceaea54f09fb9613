"""When somebody died by a register, and what speaks of a life after it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Death:
    """A recorded death: its date, and whether it is certain (nothing later is recorded)."""

    day: date
    has_certain_link: bool
    has_later_activity: bool

    @property
    def is_certain(self) -> bool:
        return self.has_certain_link and not self.has_later_activity


def date_of_death(cremation: Row, as_of: date) -> date:
    """死亡日期; without one, or where it is a slip (after the as-of date), 火化日期."""
    died: date | None = cremation.get("death_date")
    cremated: date = cremation["cremation_date"]
    return cremated if died is None or (died > as_of >= cremated) else died


def takes_back(bill: Row) -> bool:
    """Whether a settlement takes one back: it says so, or is negative."""
    return bool(bill.get("is_takeback")) or bill["total_yuan"] < 0
