"""What identity numbers are in their common form, found by arithmetic on the bytes of many at once.

Nearly all are of eighteen characters. The few others are read one by one, as :mod:`domain.identity`
says.
"""

from datetime import date
from enum import IntEnum
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from domain import identity

Digits = npt.NDArray[np.uint8]

_LENGTH: Final = 18
_ZERO: Final = ord("0")
_AT_ONCE: Final = 1 << 16  # texts looked at together: their bytes stay in the processor's cache
_CHECKS: Final = np.frombuffer(identity.CHECK_CHARACTERS.encode(), np.uint8)
_WEIGHTS: Final = np.array(identity.WEIGHTS, np.uint16)  # sums of all bytes there are stay below it
_COUNTING: Final = [
    np.frombuffer(run[:_LENGTH].encode(), np.uint8) - _ZERO for run in identity.COUNTING
]


class Form(IntEnum):
    """What is seen of a text: nothing yet, a valid number, one whose check character is wrong."""

    OTHER = 0
    VALID = 1
    CHECK_DIGIT = 2


def with_capital_x(texts: pa.Array) -> pa.Array:
    """The texts, those of eighteen bytes that end in a small x in capitals."""
    offsets, letters = _bytes_of(texts)
    ends = offsets[1:]
    has_length = np.diff(offsets) == _LENGTH
    is_small = np.zeros(len(texts), dtype=bool)
    is_small[has_length] = letters[ends[has_length] - 1] == ord("x")
    if not is_small.any():
        return texts
    mask = pa.array(is_small)
    return pc.replace_with_mask(texts, mask, pc.utf8_upper(texts.filter(mask)))


def forms(texts: pa.Array, latest_birth: date) -> npt.NDArray[np.int8]:
    """The :class:`Form` of each text, as it stands; ``texts`` are of type string."""
    offsets, _ = _bytes_of(texts)
    has_length = np.diff(offsets) == _LENGTH
    found = np.zeros(len(texts), np.int8)
    if not has_length.any():
        return found
    some = texts if has_length.all() else texts.filter(pa.array(has_length))
    offsets, letters = _bytes_of(some)
    lines = letters[offsets[0] : offsets[-1]].reshape(-1, _LENGTH)
    judged = [
        _judged(np.ascontiguousarray(lines[first : first + _AT_ONCE].T), latest_birth)
        for first in range(0, len(lines), _AT_ONCE)
    ]
    found[has_length] = np.concatenate(judged)
    return found


def _bytes_of(texts: pa.Array) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.uint8]]:
    _, offsets, data = texts.buffers()
    letters = np.empty(0, np.uint8) if data is None else np.frombuffer(data, np.uint8)
    return np.frombuffer(offsets, np.int32)[texts.offset :][: len(texts) + 1], letters


def _judged(letters: npt.NDArray[np.uint8], latest_birth: date) -> npt.NDArray[np.int8]:
    """The forms of numbers whose first characters are the first row, and so on."""
    digits = letters - np.uint8(_ZERO)  # what is no digit becomes more than nine
    numbers, last = digits[:17], letters[17]
    is_formed = (numbers <= 9).all(axis=0) & ((digits[17] <= 9) | (last == ord("X")))
    sums = np.zeros(numbers.shape[1], np.uint16)
    for weight, ones in zip(_WEIGHTS, numbers, strict=True):
        sums += ones * weight  # a matrix product would wake threads of its own, which wait busily
    agrees = _CHECKS[sums % len(_CHECKS)] == last
    form = np.where(agrees, np.int8(Form.VALID), np.int8(Form.CHECK_DIGIT))
    form[agrees & ~_are_born(numbers, latest_birth)] = Form.OTHER
    # One digit throughout, or counting: a placeholder, and never born on a possible day.
    form[(numbers == numbers[0]).all(axis=0)] = Form.OTHER
    for run in _COUNTING:
        form[(digits == run[:, None]).all(axis=0)] = Form.OTHER
    return np.where(is_formed, form, np.int8(Form.OTHER))


def _are_born(numbers: Digits, latest_birth: date) -> npt.NDArray[np.bool_]:
    """Whether the birth dates inside are real days from 1850 to ``latest_birth``."""
    digits = numbers[6:14].astype(np.int32)
    year = ((digits[0] * 10 + digits[1]) * 10 + digits[2]) * 10 + digits[3]
    month = digits[4] * 10 + digits[5]
    day = digits[6] * 10 + digits[7]
    is_leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    lengths = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], np.int32)
    is_month = (month >= 1) & (month <= 12)
    last = lengths[np.where(is_month, month, 0)] + (is_leap & (month == 2))
    born = (year * 100 + month) * 100 + day
    is_possible = (born >= _as_number(identity.EARLIEST_BIRTH)) & (born <= _as_number(latest_birth))
    return np.asarray(is_month & (day >= 1) & (day <= last) & is_possible)


def _as_number(day: date) -> int:
    return (day.year * 100 + day.month) * 100 + day.day
