from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.noise_values import (
    DATE_FORMS,
    MONTH_FORMS,
    DateForm,
    MonthForm,
    Style,
    ValueRates,
    style_of,
    written,
)

UNMIXED = ValueRates(0.0, 0.0, 0.0, 0.0)
PATTERNS = {"dash": "%Y-%m-%d", "compact": "%Y%m%d", "slash": "%Y/%m/%d", "han": "%Y年%m月%d日"}


def write(kind: str, values: pa.Array, style: Style, rates: ValueRates = UNMIXED) -> list[str]:
    keys = np.arange(len(values), dtype=np.uint64)
    return list(written(kind, values, keys, style, rates).to_pylist())


def read_date(text: str) -> date:
    if text.isdigit() and len(text) == 5:
        return date(1899, 12, 30) + timedelta(days=int(text))
    pattern = next(p for name, p in PATTERNS.items() if _fits(text, p) and name)
    return datetime.strptime(text, pattern).date()  # noqa: DTZ007


def _fits(text: str, pattern: str) -> bool:
    try:
        datetime.strptime(text, pattern)  # noqa: DTZ007
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("form", DATE_FORMS)
@settings(deadline=None)
@given(days=st.lists(st.dates(date(1905, 1, 1), date(2090, 1, 1)), min_size=1))
def test_every_form_of_a_date_says_the_same_day(form: DateForm, days: list[date]) -> None:
    texts = write("date", pa.array(days), Style(date_form=form))
    assert [read_date(text) for text in texts] == days


def test_dates_of_long_ago_are_never_excel_serials() -> None:
    assert write("date", pa.array([date(1921, 7, 1)]), Style(date_form="serial")) == ["1921-07-01"]


@pytest.mark.parametrize(
    ("form", "text"), [("compact", "202609"), ("dash", "2026-09"), ("han", "2026年09月")]
)
def test_months_in_their_forms(form: MonthForm, text: str) -> None:
    months = pa.array([date(2026, 9, 1), None])
    assert write("month", months, Style(month_form=form)) == [text, ""]


def test_a_blank_date_may_be_written_as_the_departments_none() -> None:
    dates = pa.array([None, date(2020, 1, 2)], pa.date32())
    style = Style(no_date="9999-12-31")
    assert write("date", dates, style, replace(UNMIXED, no_date=1.0)) == [
        "9999-12-31",
        "2020-01-02",
    ]
    assert write("date", dates, style) == ["", "2020-01-02"]


@pytest.mark.parametrize(
    ("form", "texts"),
    [
        ("plain", ["1234567.50", "-1200.00", "-0.50", "—"]),
        ("thousands", ["1,234,567.50", "-1,200.00", "-0.50", "—"]),
        ("with_yuan", ["1234567.50元", "-1200.00元", "-0.50元", "—"]),
    ],
)
def test_amounts_in_their_forms(form: str, texts: list[str]) -> None:
    amounts = [Decimal("1234567.50"), Decimal("-1200.00"), Decimal("-0.50"), None]
    array = pa.array(amounts, pa.decimal128(14, 2))
    assert write("yuan", array, Style(amount_form=form, no_amount="—")) == texts


def test_yes_and_no_are_words_or_digits() -> None:
    values = pa.array([True, False, None])
    assert write("bool", values, Style(yes_no=("是", "否"))) == ["是", "否", ""]
    assert write("bool", values, Style()) == ["1", "0", ""]


def test_a_file_is_mostly_in_one_form_with_a_few_values_in_others() -> None:
    days = pa.array([date(2020, 12, 3)] * 4000)
    texts = write("date", days, Style(date_form="dash"), replace(UNMIXED, mixed_date=0.02))
    assert 0.97 < texts.count("2020-12-03") / len(texts) < 0.995
    assert set(texts) == {"2020-12-03", "20201203", "2020/12/3", "2020年12月3日", "44168"}


@settings(deadline=None)
@given(st.integers(0, 1000))
def test_over_sixteen_datasets_every_form_occurs(seed: int) -> None:
    styles = [style_of(place, seed) for place in range(1, 17)]
    assert {style.date_form for style in styles} == set(DATE_FORMS)
    assert {style.month_form for style in styles} == set(MONTH_FORMS)
    assert {style.amount_form for style in styles} == {"plain", "thousands", "with_yuan"}
    assert len({style.no_date for style in styles}) == 3
    assert len({style.yes_no for style in styles}) == 2


def test_a_date_beyond_what_can_be_written_is_an_error() -> None:
    with pytest.raises(ValueError, match="cannot be written"):
        write("date", pa.array([date(1800, 1, 1)]), Style())
