"""The absolute calendar of the simulated district, and when each dataset is handed over.

Every fact lies on a fixed calendar and is cut at the as-of date; no draw depends on that date. So
a later evening of the same district shows the same people and facts, and what happened since.
Days are int64 counts since 1970-01-01, months are year * 12 + month - 1.
"""

from datetime import date, timedelta
from typing import Final

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

NEVER: Final = np.iinfo(np.int64).max // 4
"""A day or month that does not come: later than every as-of date, and written as a blank."""

EPOCH: Final = date(1970, 1, 1)
FIRST_AS_OF: Final = date(2026, 1, 1)
LAST_AS_OF: Final = date(2027, 12, 31)
HORIZON: Final = date(2026, 11, 20)
"""The evening at whose edges the planted near misses lie (twelve months before, and so on)."""

MONTHS_OF_HISTORY: Final = 14
MONTHS_OF_CONTRIBUTIONS: Final = 7
MONTHS_OF_CONTRACTS: Final = 30

WEEKLY: Final = {"public_security.vehicles": 2, "housing.properties": 3}
"""Full extracts of one evening a week: the weekday (Monday is 0)."""

MONTHLY_FULL: Final = {
    "public_security.population": 5,
    "human_resources.pensions": 8,
    "human_resources.unemployment_benefits": 8,
    "medical_insurance.enrolment": 3,
}
"""Full extracts of one evening a month: the day of the month."""

MONTHLY_INCREMENTAL: Final = {
    "civil_affairs.payments": (12, 0),
    "human_resources.contributions": (15, 1),
}
"""Month by month: the day of the month, and how many months after the month they speak of."""

DAILY_FULL: Final = (
    "civil_affairs.households",
    "civil_affairs.members",
    "civil_affairs.applications",
)
DAILY_INCREMENTAL: Final = (
    "civil_affairs.temporary_assistance",
    "civil_affairs.cremations",
    "civil_affairs.marriages",
    "housing.presales",
    "medical_insurance.settlements",
)


def day(value: date) -> int:
    """Days since 1970-01-01."""
    return (value - EPOCH).days


def as_date(number: int) -> date:
    """The date of a day number."""
    return EPOCH + timedelta(days=int(number))


def month(value: date) -> int:
    """The calendar month of a date, as a count."""
    return value.year * 12 + value.month - 1


def first_of_month(number: int) -> date:
    """The first day of a month number."""
    return date(int(number) // 12, int(number) % 12 + 1, 1)


def month_label(number: int) -> str:
    """``YYYY-MM``."""
    return f"{int(number) // 12:04d}-{int(number) % 12 + 1:02d}"


def days_of_months(months: Ints) -> Ints:
    """The day number of the first of each month; NEVER stays NEVER."""
    known = np.where(months >= NEVER, 0, months)
    first = (known - 1970 * 12).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    return np.where(months >= NEVER, NEVER, first)


def months_of_days(days: Ints) -> Ints:
    """The month number of each day; NEVER stays NEVER."""
    known = np.where(days >= NEVER, 0, days)
    months = known.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) + 1970 * 12
    return np.where(days >= NEVER, NEVER, months)


def months_before(value: date, months: int) -> date:
    """The same day ``months`` calendar months earlier, or that month's last day."""
    first = first_of_month(month(value) - months)
    following = first_of_month(month(value) - months + 1)
    return first.replace(day=min(value.day, (following - timedelta(days=1)).day))


def newest_month(dataset: str, as_of: date) -> int:
    """The newest month a month-by-month dataset has handed over by ``as_of``."""
    on_day, lag = MONTHLY_INCREMENTAL[dataset]
    return month(as_of) - lag - (0 if as_of.day >= on_day else 1)


def handed_over(dataset: str, months: Ints) -> Ints:
    """The day on which each month of a month-by-month dataset is handed over."""
    on_day, lag = MONTHLY_INCREMENTAL[dataset]
    return days_of_months(months + lag) + on_day - 1


def extract_date(dataset: str, as_of: date) -> date:
    """The business date of the newest full extract on or before ``as_of``."""
    if dataset in WEEKLY:
        return as_of - timedelta(days=(as_of.weekday() - WEEKLY[dataset]) % 7)
    if dataset in MONTHLY_FULL:
        on_day = MONTHLY_FULL[dataset]
        first = first_of_month(month(as_of) - (0 if as_of.day >= on_day else 1))
        return first.replace(day=on_day)
    return as_of


def history_date(as_of: date) -> date:
    """The Sunday, three days back or more, on which a daily dataset's history is handed over."""
    back = as_of - timedelta(days=3)
    return back - timedelta(days=(back.weekday() + 1) % 7)


def evening_of(events: Ints, as_of: date) -> Ints:
    """When daily events are handed over: with the history, or on their own evening."""
    return np.maximum(events, day(history_date(as_of)))


def business_dates(dataset: str, as_of: date) -> tuple[date, ...]:
    """Every evening on which the dataset is handed over in a first delivery, empty ones included.

    A daily incremental dataset comes with its history and then every evening; a day on which
    nothing happened still has its (empty) delivery, so that the dataset is not taken for stale.
    """
    if dataset in DAILY_INCREMENTAL:
        history = history_date(as_of)
        return tuple(history + timedelta(days=n) for n in range((as_of - history).days + 1))
    if dataset in MONTHLY_INCREMENTAL:
        newest = newest_month(dataset, as_of)
        months = MONTHS_OF_HISTORY
        if dataset == "human_resources.contributions":
            months = MONTHS_OF_CONTRIBUTIONS
        span = np.arange(newest - months + 1, newest + 1, dtype=np.int64)
        return tuple(as_date(int(number)) for number in handed_over(dataset, span))
    return (extract_date(dataset, as_of),)
