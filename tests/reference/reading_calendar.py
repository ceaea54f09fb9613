"""Months, ages and cents as the agreement counts them."""

import calendar
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

FEN = Decimal("0.01")


def month_of(day: date) -> date:
    """The first of a day's month."""
    return day.replace(day=1)


def months_before(day: date, months: int) -> date:
    """The day so many calendar months earlier; the month's last day where that day is not."""
    place = day.year * 12 + day.month - 1 - months
    year, month = divmod(place, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def months_between(earlier: date, later: date) -> int:
    """Calendar months from one month to another."""
    return (later.year - earlier.year) * 12 + later.month - earlier.month


def to_fen(amount: Decimal) -> Decimal:
    """An amount in whole fen, halves up."""
    return amount.quantize(FEN, ROUND_HALF_UP)


def age_on(born: date, day: date) -> int:
    """Full years of age."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
