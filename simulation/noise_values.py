"""How dates, months, amounts and yes/no are written: each department its own way, nearly always."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Final, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from simulation.draws import Keys, Places, uniform, whole

DateForm = Literal["dash", "compact", "slash", "han", "serial"]
MonthForm = Literal["compact", "dash", "han"]

DATE_FORMS: Final[tuple[DateForm, ...]] = ("dash", "compact", "slash", "han", "serial")
MONTH_FORMS: Final[tuple[MonthForm, ...]] = ("compact", "dash", "han")
NO_DATES: Final = ("0000-00-00", "1900-01-01", "9999-12-31")
NO_AMOUNTS: Final = ("", "-", "—")
AMOUNT_FORMS: Final = ("plain", "thousands", "with_yuan")
_FIRST_DAY: Final = date(1890, 1, 1)
_LAST_DAY: Final = date(2110, 12, 31)
_SERIAL_EPOCH: Final = date(1899, 12, 30)
_FIRST_SERIAL_DAY: Final = date(1930, 1, 1)
_EPOCH: Final = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class ValueRates:
    """The share of values written otherwise than the rest of their file."""

    mixed_date: float = 0.004
    mixed_month: float = 0.004
    mixed_amount: float = 0.004
    no_date: float = 0.10
    """Of blank dates: written as the department's "none" (0000-00-00, 1900-01-01, 9999-12-31)."""


@dataclass(frozen=True, slots=True)
class Style:
    """How one department's system writes values in one dataset."""

    date_form: DateForm = "dash"
    month_form: MonthForm = "compact"
    amount_form: str = "plain"
    no_date: str = NO_DATES[0]
    no_amount: str = ""
    yes_no: tuple[str, str] = ("1", "0")


def style_of(place: int, seed: int) -> Style:
    """The style of the ``place``-th dataset: over the datasets every form occurs."""
    turn = place + seed
    return Style(
        date_form=DATE_FORMS[turn % len(DATE_FORMS)],
        month_form=MONTH_FORMS[turn % len(MONTH_FORMS)],
        amount_form=("plain", "plain", "thousands", "plain", "with_yuan")[turn * 3 % 5],
        no_date=NO_DATES[turn % len(NO_DATES)],
        no_amount=NO_AMOUNTS[turn % len(NO_AMOUNTS)],
        yes_no=(("1", "0"), ("是", "否"))[turn // 2 % 2],
    )


def written(kind: str, values: pa.Array, keys: Keys, style: Style, rates: ValueRates) -> pa.Array:
    """Values of one column as text, "" for blank. ``kind`` is the dictionary's column type."""
    write = _WRITERS.get(kind)
    texts = values.cast(pa.string()) if write is None else write(values, keys, style, rates)
    return texts.fill_null("")


def _dates(values: pa.Array, keys: Keys, style: Style, rates: ValueRates) -> pa.Array:
    days = _days(values)
    texts = _with_mixture(
        style.date_form,
        DATE_FORMS,
        uniform(keys, "mixed") < rates.mixed_date,
        keys,
        lambda form, places: _date_words(form).take(pa.array(days[places])),
    )
    if not values.null_count:
        return texts
    blank = np.asarray(values.is_null())
    none = np.where(uniform(keys, "none") < rates.no_date, style.no_date, "")
    return pc.if_else(pa.array(blank), pa.array(none, pa.string()), texts)


def _months(values: pa.Array, keys: Keys, style: Style, rates: ValueRates) -> pa.Array:
    days = _days(values) + (_FIRST_DAY - _EPOCH).days
    months = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    months -= (_FIRST_DAY.year - _EPOCH.year) * 12
    texts = _with_mixture(
        style.month_form,
        MONTH_FORMS,
        uniform(keys, "mixed") < rates.mixed_month,
        keys,
        lambda form, places: _month_words(form).take(pa.array(months[places])),
    )
    return pc.if_else(values.is_null(), pa.scalar("", pa.string()), texts)


def _days(values: pa.Array) -> Places:
    """Days since the first day that can be written; blank is that day."""
    days = np.asarray(values.view(pa.int32()).fill_null(0)).astype(np.int64)
    days += (_EPOCH - _FIRST_DAY).days
    if len(days) and (days.min() < 0 or days.max() > (_LAST_DAY - _FIRST_DAY).days):
        message = f"a date outside {_FIRST_DAY} to {_LAST_DAY} cannot be written"
        raise ValueError(message)
    return days


def _amounts(values: pa.Array, keys: Keys, style: Style, rates: ValueRates) -> pa.Array:
    plain = values.cast(pa.string())
    mixed = uniform(keys, "mixed") < rates.mixed_amount
    form = np.full(len(keys), AMOUNT_FORMS.index(style.amount_form))
    form[mixed] = (whole(keys[mixed], "form") % np.uint64(len(AMOUNT_FORMS))).astype(np.int64)
    places = np.flatnonzero((form > 0) & np.asarray(values.is_valid()))
    amounts = plain.take(pa.array(places)).to_pylist()
    after = [
        _thousands(amount) if AMOUNT_FORMS[code] == "thousands" else amount + "元"
        for amount, code in zip(amounts, form[places].tolist(), strict=True)
    ]
    mask = np.zeros(len(keys), dtype=bool)
    mask[places] = True
    texts = pc.replace_with_mask(plain, pa.array(mask), pa.array(after, pa.string()))
    return texts.fill_null(style.no_amount)


def _thousands(amount: str) -> str:
    head, dot, cents = amount.partition(".")
    return f"{int(head):,}{dot}{cents}" if not head.startswith("-0") else amount


def _yes_no(values: pa.Array, _keys: Keys, style: Style, _rates: ValueRates) -> pa.Array:
    return pc.if_else(values, *(pa.scalar(word, pa.string()) for word in style.yes_no))


def _with_mixture(
    form: str,
    forms: tuple[str, ...],
    is_mixed: np.ndarray[tuple[int], np.dtype[np.bool_]],
    keys: Keys,
    write: Callable[[str, Places], pa.Array],
) -> pa.Array:
    """All values in one form, the mixed ones in any; ``write`` takes a form and the places."""
    texts = write(form, np.arange(len(keys)))
    turns = (whole(keys, "form") % np.uint64(len(forms))).astype(np.int64)
    for turn, other in enumerate(forms):
        chosen = is_mixed & (turns == turn)
        if other != form and chosen.any():
            after = write(other, np.flatnonzero(chosen))
            texts = pc.replace_with_mask(texts, pa.array(chosen), after)
    return texts


@cache
def _date_words(form: DateForm) -> pa.Array:
    """Every day from the first to the last in one form."""
    days = (_FIRST_DAY + timedelta(days=n) for n in range((_LAST_DAY - _FIRST_DAY).days + 1))
    return pa.array([_DATE_WRITERS[form](day) for day in days], pa.string())


@cache
def _month_words(form: MonthForm) -> pa.Array:
    """Every month from the first day's to the last day's in one form."""
    span = [(y, m) for y in range(_FIRST_DAY.year, _LAST_DAY.year + 1) for m in range(1, 13)]
    pattern = {"compact": "{:04d}{:02d}", "dash": "{:04d}-{:02d}", "han": "{:04d}年{:02d}月"}[form]
    return pa.array([pattern.format(*month) for month in span], pa.string())


def _serial(day: date) -> str:
    """Excel's day number; days long ago, whose numbers look like years, are written out."""
    if day < _FIRST_SERIAL_DAY:
        return day.isoformat()
    return str((day - _SERIAL_EPOCH).days)


_DATE_WRITERS: Final[dict[DateForm, Callable[[date], str]]] = {
    "dash": date.isoformat,
    "compact": lambda day: day.strftime("%Y%m%d"),
    "slash": lambda day: f"{day.year}/{day.month}/{day.day}",
    "han": lambda day: f"{day.year}年{day.month}月{day.day}日",
    "serial": _serial,
}

_WRITERS: Final[dict[str, Callable[[pa.Array, Keys, Style, ValueRates], pa.Array]]] = {
    "date": _dates,
    "month": _months,
    "yuan": _amounts,
    "bool": _yes_no,
}
