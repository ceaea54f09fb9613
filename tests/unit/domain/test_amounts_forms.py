"""Amounts, numbers and truth values as departments write them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.amounts import read_bool, read_decimal, read_int, read_yuan
from domain.characters import Reading


@given(st.decimals(Decimal("-999999999999.99"), Decimal("999999999999.99"), places=2))
def test_yuan_reads_back_from_every_agreed_form(yuan: Decimal) -> None:
    for written in (f"{yuan}", f"{yuan:,}", f"{yuan}元", f"{yuan:,}元", f" {yuan} ", f"¥{yuan}"):
        assert read_yuan(written) == Reading(yuan), written


@pytest.mark.parametrize("raw", [None, "", " ", "-", "—", "--", "－", "无"])
def test_a_dash_is_no_amount(raw: str | None) -> None:
    assert read_yuan(raw) == Reading()


@pytest.mark.parametrize(
    "raw",
    ["1.2万元", "3万", "nan", "inf", "1e3", "1E+05", "1,2345.00", "1,23", "(500)", "五百", "12.5.1",
     "9999999999999", "元", "1 2x", "9" * 80],
)  # fmt: skip
def test_an_amount_in_doubt_is_unreadable_and_never_guessed(raw: str) -> None:
    assert read_yuan(raw) == Reading(is_unreadable=True)


def test_fractions_of_a_fen_are_rounded_half_up() -> None:
    assert read_yuan("12.345").value == Decimal("12.35")
    assert read_yuan("-12.345").value == Decimal("-12.35")
    assert read_decimal("0.33335").value == Decimal("0.3334")


def test_a_plain_number_bears_no_unit() -> None:
    assert read_decimal("1,234.5").value == Decimal("1234.5000")
    assert read_decimal("80㎡").is_unreadable
    assert read_decimal("50%").is_unreadable


@pytest.mark.parametrize(
    ("raw", "value"), [("3", 3), ("３", 3), ("3.0", 3), ("-1", -1), (" 12 ", 12), ("007", 7)]
)
def test_whole_numbers(raw: str, value: int) -> None:
    assert read_int(raw) == Reading(value)


@pytest.mark.parametrize("raw", ["3.5", "3人", "三", "2147483648", "1e1"])
def test_what_is_no_whole_number_is_unreadable(raw: str) -> None:
    assert read_int(raw) == Reading(is_unreadable=True)


@pytest.mark.parametrize(
    ("raw", "value"),
    [("是", True), ("否", False), ("1", True), ("0", False), ("１", True), ("true", True)],
)
def test_yes_and_no(raw: str, value: bool) -> None:
    assert read_bool(raw) == Reading(value)


@pytest.mark.parametrize("raw", ["2", "Y", "是的", "-1"])
def test_what_is_neither_yes_nor_no_is_unreadable(raw: str) -> None:
    assert read_bool(raw).is_unreadable


@given(st.text(max_size=24))
def test_no_text_is_too_much(raw: str) -> None:
    for read in (read_yuan(raw), read_decimal(raw), read_int(raw), read_bool(raw)):
        assert read.value is None or not read.is_unreadable
