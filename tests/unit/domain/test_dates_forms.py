"""Dates and months in every agreed form, the traps beyond them, and the rules' calendar."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.characters import Reading
from domain.dates import add_months, first_of_month, read_date, read_month

UNREADABLE: Reading[date] = Reading(is_unreadable=True)
days = st.dates(date(1901, 1, 1), date(2200, 12, 31))


@given(days)
def test_a_day_reads_back_from_every_agreed_form(day: date) -> None:
    year, month, number = day.year, day.month, day.day
    for written in (
        day.isoformat(),
        f"{day:%Y%m%d}",
        f"{year}/{month}/{number}",
        f"{year}年{month}月{number}日",
        f"{year}年{month:02}月{number:02}日",
        f"{day.isoformat()} 00:00:00",
        f"　{day.isoformat()}\u200b",
    ):
        assert read_date(written) == Reading(day), written


@given(st.dates(date(1927, 5, 19), date(2119, 1, 10)))
def test_a_spreadsheet_serial_is_its_day(day: date) -> None:
    serial = (day - date(1899, 12, 30)).days
    assert read_date(str(serial)) == Reading(day)
    assert read_date(f"{serial}.0") == Reading(day)
    assert read_date(f"{serial}.5") == UNREADABLE


@pytest.mark.parametrize(
    "raw",
    [None, "", " ", "0000-00-00", "00000000", "1900-01-01", "1900/1/1", "1900年1月1日",
     "9999-12-31", "99991231", "9999年12月31日", "-", "—", "0", "1", "2958465", "长期"],
)  # fmt: skip
def test_what_means_none_is_blank_and_not_unreadable(raw: str | None) -> None:
    assert read_date(raw) == Reading()


@pytest.mark.parametrize(
    "raw",
    ["2023-02-29", "1900-02-29", "2024-13-01", "2024-04-31", "24-01-05", "240105", "05/06/2024",
     "13/12/2024", "2024", "1949", "202401", "60", "80001", "1799-12-31", "2201-01-01",
     "0024-01-05",
     "农历二〇二四年正月初五", "today", "infinity", "2024-1/5", "20240-01-05", "45000.25"],
)  # fmt: skip
def test_what_is_no_certain_day_is_unreadable(raw: str) -> None:
    assert read_date(raw) == UNREADABLE


@given(days)
def test_a_month_reads_back_from_every_agreed_form(day: date) -> None:
    year, month = day.year, day.month
    forms = (f"{day:%Y%m}", f"{day:%Y-%m}", f"{year}年{month:02}月", f"{year}年{month}月")
    for written in (*forms, day.isoformat()):
        assert read_month(written) == Reading(first_of_month(day)), written


@pytest.mark.parametrize("raw", ["202413", "202400", "2024-2-30", "20240115", "Jan-24", "45000"])
def test_what_is_no_certain_month_is_unreadable(raw: str) -> None:
    assert read_month(raw) == UNREADABLE


@pytest.mark.parametrize("raw", ["000000", "190001", "999912", "9999-12", "9999年12月", "-", None])
def test_a_month_that_means_none_is_blank(raw: str | None) -> None:
    assert read_month(raw) == Reading()


@given(st.text(max_size=24))
def test_no_text_is_too_much_for_a_date_or_a_month(raw: str) -> None:
    for read in (read_date(raw), read_month(raw)):
        assert read.value is None or not read.is_unreadable


def test_months_move_by_the_calendar_and_stop_at_the_months_end() -> None:
    assert add_months(date(2026, 3, 31), -1) == date(2026, 2, 28)
    assert add_months(date(2024, 3, 31), -1) == date(2024, 2, 29)
    assert add_months(date(2026, 1, 15), -12) == date(2025, 1, 15)
    assert add_months(date(2026, 11, 20), 2) == date(2027, 1, 20)


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(-600, 600))
def test_moving_by_months_lands_in_the_month_meant(day: date, months: int) -> None:
    moved = add_months(day, months)
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months
    assert moved.day == day.day or (moved + timedelta(days=1)).day == 1
