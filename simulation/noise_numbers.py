"""What happens to identity numbers (公民身份号码) on their way through a department's hands."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from simulation.draws import Keys, uniform, whole

Kinds = npt.NDArray[np.int8]

PLACEHOLDERS: Final = ("无", "不详", "0", "111111111111111111")
_FULL_WIDTH: Final = str.maketrans("0123456789Xx", "０１２３４５６７８９Ｘｘ")
_INVISIBLE: Final = ("\u200b", "\ufeff", "\u200e")
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK: Final = "10X98765432"
_DIVISION_DIGITS: Final = 2
_CENTURY: Final = slice(6, 8)
_LENGTH: Final = 18


@dataclass(frozen=True, slots=True)
class NumberRates:
    """The share of rows for each thing that may befall an identity number.

    The first seven leave no usable number of the person; the rest are ways of writing it.
    ``fifteen_digits`` is a share of people born before 2000, ``lower_x`` of numbers ending in X.
    """

    missing: float = 0.009
    placeholder: float = 0.003
    scientific: float = 0.0025
    slipped: float = 0.008
    transposed: float = 0.004
    lost_digit: float = 0.003
    other_person: float = 0.0005
    fifteen_digits: float = 0.012
    lower_x: float = 0.25
    full_width: float = 0.002
    blanks: float = 0.004
    invisible: float = 0.002
    apostrophe: float = 0.003


KINDS: Final = ("clean", *(field.name for field in fields(NumberRates)))
_CODE: Final = {kind: np.int8(code) for code, kind in enumerate(KINDS)}
NO_NUMBER: Final = ("missing", "placeholder", "scientific")
DAMAGED: Final = ("slipped", "transposed", "lost_digit")
OTHER_PLACE: Final = KINDS.index("other_person")
_LOST: Final = (*NO_NUMBER, *DAMAGED, "other_person")
_WRITTEN: Final = ("full_width", "blanks", "invisible", "apostrophe")


@dataclass(frozen=True, slots=True)
class DirtyNumbers:
    """Numbers as delivered (null where missing), and what befell each (a place in KINDS)."""

    texts: pa.Array
    kinds: Kinds


def is_kind(kinds: Kinds, *names: str) -> npt.NDArray[np.bool_]:
    """Where ``kinds`` is one of the named kinds."""
    return np.isin(kinds, [_CODE[name] for name in names])


def dirty_numbers(
    numbers: pa.Array,
    keys: Keys,
    rates: NumberRates,
    strangers: pa.Array,
    *,
    missing_is_allowed: bool = True,
) -> DirtyNumbers:
    """The numbers as a department would hold them; ``strangers`` are numbers of other people."""
    kinds = _choose_loss(keys, rates, missing_is_allowed=missing_is_allowed)
    kinds[np.asarray(numbers.is_null())] = _CODE["missing"]
    texts = _write_old_form(numbers, keys, kinds, rates)
    texts = _apply(texts, kinds, keys, _losses(strangers))
    kinds[np.asarray(pc.fill_null(pc.equal(texts, numbers), False)) & is_kind(kinds, *_LOST)] = 0
    return _write_oddly(DirtyNumbers(texts, kinds), keys, rates)


def _choose_loss(keys: Keys, rates: NumberRates, *, missing_is_allowed: bool) -> Kinds:
    chance = uniform(keys, "number", "loss")
    kinds = np.zeros(len(keys), dtype=np.int8)
    upto = 0.0
    for name in _LOST:
        rate = getattr(rates, name) if missing_is_allowed or name != "missing" else 0.0
        kinds[(chance >= upto) & (chance < upto + rate)] = _CODE[name]
        upto += rate
    return kinds


def _write_old_form(numbers: pa.Array, keys: Keys, kinds: Kinds, rates: NumberRates) -> pa.Array:
    """Fifteen digits for some of those born before 2000, and small x; sets ``kinds``."""
    century = pc.utf8_slice_codeunits(numbers, _CENTURY.start, _CENTURY.stop)
    born_before_2000 = np.asarray(pc.fill_null(pc.equal(century, "19"), False))
    old = (kinds == 0) & born_before_2000
    old &= uniform(keys, "number", "old") < rates.fifteen_digits
    ends_in_x = np.asarray(pc.fill_null(pc.ends_with(numbers, "X"), False))
    small = (kinds == 0) & ends_in_x & ~old & (uniform(keys, "number", "x") < rates.lower_x)
    kinds[old] = _CODE["fifteen_digits"]
    kinds[small] = _CODE["lower_x"]
    texts = pc.if_else(pa.array(small), pc.utf8_lower(numbers), numbers)
    return _replace(texts, old, lambda number, _: number[:6] + number[8:17], keys)


def _write_oddly(dirty: DirtyNumbers, keys: Keys, rates: NumberRates) -> DirtyNumbers:
    """Full-width digits, blanks, invisible characters, an apostrophe; they lose nothing."""
    texts, kinds = dirty.texts, dirty.kinds
    chance = uniform(keys, "number", "written")
    has_digits = ~is_kind(kinds, *NO_NUMBER, "other_person")
    upto = 0.0
    for name in _WRITTEN:
        rate = getattr(rates, name)
        chosen = has_digits & (chance >= upto) & (chance < upto + rate)
        texts = _replace(texts, chosen, _WRITERS[name], keys)
        kinds[chosen & (kinds == 0)] = _CODE[name]
        upto += rate
    return DirtyNumbers(texts, kinds)


Change = Callable[[str, int], str | None]


def _losses(strangers: pa.Array) -> dict[str, Change]:
    def another(number: str, draw: int) -> str:
        other = strangers[draw % len(strangers)].as_py() if len(strangers) else None
        return str(other) if other else number

    return {
        "missing": lambda *_: None,
        "placeholder": lambda _, draw: PLACEHOLDERS[draw % len(PLACEHOLDERS)],
        "scientific": lambda number, _: _scientific(number),
        "slipped": _slip,
        "transposed": _transpose,
        "lost_digit": _lose_digit,
        "other_person": another,
    }


def _apply(texts: pa.Array, kinds: Kinds, keys: Keys, changes: dict[str, Change]) -> pa.Array:
    for name, change in changes.items():
        texts = _replace(texts, kinds == _CODE[name], change, keys)
    return texts


def _replace(
    texts: pa.Array, chosen: npt.NDArray[np.bool_], change: Change, keys: Keys
) -> pa.Array:
    """The texts, changed where chosen; a blank stays blank."""
    places = np.flatnonzero(chosen)
    if not len(places):
        return texts
    draws = whole(keys[places], "number", "how").tolist()
    before = texts.take(pa.array(places)).to_pylist()
    after = [
        None if text is None else change(text, draw)
        for text, draw in zip(before, draws, strict=True)
    ]
    return pc.replace_with_mask(texts, pa.array(chosen), pa.array(after, pa.string()))


def _scientific(number: str) -> str:
    """As Excel shows a number cell: six digits are left of eighteen."""
    return f"{int(number[:17] + '0'):.5E}"


def _slip(number: str, draw: int) -> str:
    """One digit mistyped; the division's 99 is left, so that no real number can arise."""
    place = _DIVISION_DIGITS + draw % (17 - _DIVISION_DIGITS)
    digit = (int(number[place]) + 1 + draw // 32 % 9) % 10
    return number[:place] + str(digit) + number[place + 1 :]


def _transpose(number: str, draw: int) -> str:
    """Two neighbouring digits exchanged, where two differ; else one digit mistyped."""
    span = 16 - _DIVISION_DIGITS
    for step in range(span):
        place = _DIVISION_DIGITS + (draw + step) % span
        left, right = number[place], number[place + 1]
        if left != right:
            return number[:place] + right + left + number[place + 2 :]
    return _slip(number, draw)


def _lose_digit(number: str, draw: int) -> str:
    place = _DIVISION_DIGITS + draw % (_LENGTH - _DIVISION_DIGITS)
    return number[:place] + number[place + 1 :]


def _with_blanks(number: str, draw: int) -> str:
    blank = (" ", "\t", "\u3000")[draw % 3]
    if draw // 4 % 2:
        return f"{number[:6]}{blank}{number[6:14]}{blank}{number[14:]}"
    return number + blank if draw // 8 % 2 else blank + number


def _with_invisible(number: str, draw: int) -> str:
    place = draw // 4 % (len(number) + 1)
    return number[:place] + _INVISIBLE[draw % len(_INVISIBLE)] + number[place:]


_WRITERS: Final[dict[str, Change]] = {
    "full_width": lambda number, _: number.translate(_FULL_WIDTH),
    "blanks": _with_blanks,
    "invisible": _with_invisible,
    "apostrophe": lambda number, _: "'" + number,
}


def check_digit(first17: str) -> str:
    """The check digit of GB 11643 for the first seventeen digits."""
    total = sum(int(digit) * weight for digit, weight in zip(first17, _WEIGHTS, strict=True))
    return _CHECK[total % 11]
