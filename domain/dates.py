"""Dates and months as departments write them, and the calendar arithmetic of the rules."""

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from domain.characters import Reading, compact

HERE: Final = ZoneInfo("Asia/Shanghai")
"""Where the bureau is: the zone of business dates, and of days in the log."""

EARLIEST: Final = date(1800, 1, 1)
LATEST: Final = date(2200, 12, 31)
"""A date outside these is no date of a register: it is unreadable."""

NONE_WORDS: Final = frozenset({"-", "--", "—", "——", "/", "无", "0", "NULL", "长期"})
"""Words for "no date", compacted. 长期 stands where a certificate has no last day."""

NONE_DATES: Final = ((0, 0, 0), (1900, 1, 1), (9999, 12, 31))
"""Dates that systems write for "none" (the agreement names them), in any form."""

SERIAL_EPOCH: Final = date(1899, 12, 30)
MAX_SERIAL: Final = 80_000
SHIFT_OF_1904: Final = 1_462  # days between the two ways in which workbooks count
_LAST_OF_1904: Final = 2_957_003  # 9999-12-31, "none"
NONE_SERIALS: Final = frozenset({"1", "2958465"})
"""1900-01-01 and 9999-12-31 as spreadsheets count days."""

TIME_OF_DAY: Final = (
    "[ T]+[0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]+)?)?(Z|[+-][0-9]{2}:?[0-9]{2})?[ \\t\\r\\n]*$"
)
DAY_FORMS: Final = (
    "([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})",
    "([0-9]{4})([0-9]{2})([0-9]{2})",
    "([0-9]{4})/([0-9]{1,2})/([0-9]{1,2})",
    "([0-9]{4})\\.([0-9]{1,2})\\.([0-9]{1,2})",
    "([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日?",
)
MONTH_FORMS: Final = (
    "([0-9]{4})([0-9]{2})",
    "([0-9]{4})-([0-9]{1,2})",
    "([0-9]{4})/([0-9]{1,2})",
    "([0-9]{4})\\.([0-9]{1,2})",
    "([0-9]{4})年([0-9]{1,2})月?",
)
SERIAL_FORM: Final = "([1-9][0-9]{0,6})(\\.0+)?"


_TIME: Final = re.compile(TIME_OF_DAY.removeprefix("[ T]+").removesuffix("[ \\t\\r\\n]*$") + "\\Z")
_TIME_WITHIN: Final = 4000  # characters: a time of day is never longer, and search stays quick


def read_date(raw: str | None) -> Reading[date]:
    """The day ``raw`` names: year first in any agreed form, a time behind it dropped, or a serial.

    A spreadsheet serial is a whole number up to 80,000; one of four digits that could as well be a
    year (1800–2200) is unreadable, and so are two-digit years, day-first forms and days that are
    not in the calendar (29 February of a common year).
    """
    written = _without_time(raw)
    if not written or written in NONE_WORDS or set(written) == {"0"}:
        return Reading()
    for form in DAY_FORMS:
        if found := re.fullmatch(form, written):
            return _calendar_day(*map(int, found.groups()))
    return _from_serial(written)


def read_month(raw: str | None) -> Reading[date]:
    """The first day of the month ``raw`` names; also of a whole date written ``YYYY-MM-DD``."""
    written = _without_time(raw)
    if not written or written in NONE_WORDS or set(written) == {"0"}:
        return Reading()
    for form in MONTH_FORMS:
        if found := re.fullmatch(form, written):
            return _first_of(int(found[1]), int(found[2]))
    if found := re.fullmatch(DAY_FORMS[0], written):
        day = _calendar_day(*map(int, found.groups()))
        return Reading(day.value.replace(day=1)) if day.value else day
    return Reading(is_unreadable=True)


def _without_time(raw: str | None) -> str:
    """Compacted, without a time of day; what lies far before the end is not looked at again."""
    given = (raw or "").rstrip(" \t\r\n")
    found = _TIME.search(given, max(0, len(given) - _TIME_WITHIN))
    if found and given[: found.start()].endswith((" ", "T")):
        given = given[: found.start()].rstrip(" T")
    return compact(given)


def _calendar_day(year: int, month: int, day: int) -> Reading[date]:
    if (year, month, day) in NONE_DATES:
        return Reading()
    if not EARLIEST.year <= year <= LATEST.year or not 1 <= month <= 12:
        return Reading(is_unreadable=True)
    if not 1 <= day <= monthrange(year, month)[1]:
        return Reading(is_unreadable=True)
    return Reading(date(year, month, day))


def _first_of(year: int, month: int) -> Reading[date]:
    if (year, month) in {none[:2] for none in NONE_DATES}:
        return Reading()
    return _calendar_day(year, month, 1)


def _from_serial(written: str) -> Reading[date]:
    found = re.fullmatch(SERIAL_FORM, written)
    if not found:
        return Reading(is_unreadable=True)
    if found[1] in NONE_SERIALS:
        return Reading()
    days = int(found[1])
    is_year_like = EARLIEST.year <= days <= LATEST.year
    # Up to 60 spreadsheets count a 29 February 1900 that never was.
    if days <= 60 or days > MAX_SERIAL or is_year_like:
        return Reading(is_unreadable=True)
    return Reading(SERIAL_EPOCH + timedelta(days=days))


def serial_of_1904(written: str) -> str:
    """A serial of a workbook that counts from 1904 as the date it means; other text as it is.

    Such a workbook counts days since 1904-01-01 (0), 1,462 fewer than the usual count. What could
    as well be a year stays as it is, as in :func:`read_date`.
    """
    found = re.fullmatch(SERIAL_FORM, written)
    if not found or EARLIEST.year <= int(found[1]) <= LATEST.year:
        return written
    days = int(found[1])
    if days == _LAST_OF_1904:
        return date.max.isoformat()
    if days > MAX_SERIAL - SHIFT_OF_1904:
        return written
    return (SERIAL_EPOCH + timedelta(days=days + SHIFT_OF_1904)).isoformat()


def first_of_month(day: date) -> date:
    """The first day of the calendar month of ``day``."""
    return day.replace(day=1)


def add_months(day: date, months: int) -> date:
    """``day`` moved by calendar months; past the month's end it is the month's last day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
