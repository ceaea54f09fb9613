"""Which of many texts are valid identity numbers as they stand, found by arithmetic on their bytes.

Nearly all are; the few others are read one by one (:mod:`domain.identity` says how).
"""

from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from domain import identity

_LENGTH: Final = 18
_ZERO: Final = ord("0")
_AT_ONCE: Final = 1 << 17  # texts looked at together: their bytes stay in the processor's cache
_CHECKS: Final = np.frombuffer(identity.CHECK_CHARACTERS.encode(), np.uint8)
_WEIGHTS: Final = np.array(identity.WEIGHTS, np.int16)


def are_plainly_valid(texts: pa.Array, latest_birth: date) -> npt.NDArray[np.bool_]:
    """Whether each text is, as delivered, a valid number of 18 characters.

    False says nothing: a text in another form may be valid too. ``texts`` are of type string. No
    placeholder has a birth date that could be one.
    """
    offsets = np.frombuffer(texts.buffers()[1], np.int32)[texts.offset :][: len(texts) + 1]
    data = texts.buffers()[2]
    is_valid = np.diff(offsets) == _LENGTH
    if data is None or not is_valid.any():
        return np.zeros(len(texts), dtype=bool)
    letters = np.frombuffer(data, np.uint8)
    candidates = np.flatnonzero(is_valid)
    for first in range(0, len(candidates), _AT_ONCE):
        some = candidates[first : first + _AT_ONCE]
        places = offsets[some].astype(np.int64)[:, None] + np.arange(_LENGTH)
        is_valid[some] = _judged(letters[places], latest_birth)
    return np.asarray(is_valid)


def _judged(letters: npt.NDArray[np.uint8], latest_birth: date) -> npt.NDArray[np.bool_]:
    digits = letters[:, :17] - np.uint8(_ZERO)  # what is no digit becomes more than nine
    is_good = (digits <= 9).all(axis=1)
    sums = (digits * _WEIGHTS).sum(axis=1)
    is_good &= _CHECKS[sums % len(_CHECKS)] == letters[:, 17]
    is_good &= _are_born(digits.astype(np.int32), latest_birth)
    return np.asarray(is_good)


def _are_born(digits: npt.NDArray[np.int32], latest_birth: date) -> npt.NDArray[np.bool_]:
    """Whether the birth dates inside are real days from 1850 to ``latest_birth``."""
    year = digits[:, 6:10] @ np.array([1000, 100, 10, 1], np.int32)
    month = digits[:, 10] * 10 + digits[:, 11]
    day = digits[:, 12] * 10 + digits[:, 13]
    is_leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    lengths = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], np.int32)
    is_month = (month >= 1) & (month <= 12)
    last = lengths[np.where(is_month, month, 0)] + (is_leap & (month == 2))
    born = (year * 100 + month) * 100 + day
    return np.asarray(
        is_month
        & (day >= 1)
        & (day <= last)
        & (born >= _as_number(identity.EARLIEST_BIRTH))
        & (born <= _as_number(latest_birth))
    )


def _as_number(day: date) -> int:
    return (day.year * 100 + day.month) * 100 + day.day
