"""Damaged identity numbers: which valid numbers one typing slip could have turned into them.

The patterns are the specific slips the exchange agreement names, and the check digit (GB 11643,
ISO 7064 MOD 11-2) gates every one of them: no similarity between numbers is ever measured. All of
it is arithmetic over arrays, a few dozen numbers a microsecond.
"""

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Digits = npt.NDArray[np.int8]  # one row a number, one column a place; X is 10, unreadable is -1
Places = npt.NDArray[np.int64]

LENGTH: Final = 18
LENGTH_15: Final = 15
_WEIGHTS: Final = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2, 1], np.int16)
_INVERSES: Final = np.array([pow(int(w), -1, 11) for w in _WEIGHTS], np.int16)
_MONTH_DAYS: Final = np.array([0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], np.int16)
_UNREADABLE: Final = -1
_EARLIEST_YEAR: Final = 1850
# Letters typed or read for the digits they look like.
_LOOKALIKES: Final = str.maketrans({"O": "0", "Q": "0", "D": "0", "I": "1", "L": "1", "|": "1",
                                    "Z": "2", "S": "5", "B": "8", "×": "X"})  # fmt: skip
_WRAPPED: Final = re.compile(r"(?<![0-9])[0-9]{17}[0-9X](?![0-9])")

SCHEMA: Final = pa.schema(
    [("id_text", pa.string()), ("id_no", pa.string()), ("pattern", pa.string())]
)


def repairs(texts: Sequence[str], latest_birth: date) -> pa.Table:
    """The valid numbers each damaged one may stand for.

    ``texts`` are distinct normalised texts that are no valid numbers. One row a (text, valid
    number), with the ``pattern`` of the slip; a number reached by several patterns is given once,
    by the first of them. Nobody is born after ``latest_birth``.
    """
    shapes = _by_length(texts)
    found = [
        pa.table(part, schema=SCHEMA)
        for length, repair in _REPAIRS.items()
        if length in shapes
        for part in repair(*shapes[length], latest_birth)
    ]
    found.append(_wrapped(texts, latest_birth))
    together = pa.concat_tables(found)
    return _first_of_each(together)


def _by_length(texts: Sequence[str]) -> dict[int, tuple[pa.Array, Digits]]:
    groups: dict[int, list[str]] = {}
    for text in texts:
        if 14 <= len(text) <= 19:
            groups.setdefault(len(text), []).append(text)
    return {length: (pa.array(group), _digits(group)) for length, group in groups.items()}


def _digits(group: Sequence[str]) -> Digits:
    width = len(group[0])
    joined = "".join(group).translate(_LOOKALIKES)
    points = np.frombuffer(joined.encode("utf-32-le"), np.uint32).reshape(len(group), width)
    digits = np.full(points.shape, _UNREADABLE, np.int8)
    is_digit = (points >= ord("0")) & (points <= ord("9"))
    digits[is_digit] = (points[is_digit] - ord("0")).astype(np.int8)
    digits[:, -1][points[:, -1] == ord("X")] = 10
    return digits


class _Found:
    """Collects repaired numbers with the rows they come from."""

    def __init__(self, texts: pa.Array, latest_birth: date) -> None:
        self.texts = texts
        self.latest = latest_birth
        self.parts: list[dict[str, pa.Array]] = []

    def add(self, rows: Places, numbers: Digits, pattern: str) -> None:
        """Keep those of ``numbers`` (18 places) that are valid and whose birth date is a day."""
        good = _is_valid(numbers, self.latest)
        if good.any():
            kept = int(good.sum())
            self.parts.append(
                {
                    "id_text": self.texts.take(pa.array(rows[good])),
                    "id_no": pa.array(_texts_of(numbers[good])),
                    "pattern": pa.array([pattern] * kept),
                }
            )


def _is_valid(numbers: Digits, latest: date) -> npt.NDArray[np.bool_]:
    wide = numbers.astype(np.int16)
    good = ((wide >= 0) & (wide <= 9))[:, :17].all(axis=1) & (wide[:, 17] >= 0)
    good &= (wide * _WEIGHTS).sum(axis=1) % 11 == 1
    return good & _has_birth_date(wide, latest)


def _has_birth_date(wide: npt.NDArray[np.int16], latest: date) -> npt.NDArray[np.bool_]:
    year = wide[:, 6] * 1000 + wide[:, 7] * 100 + wide[:, 8] * 10 + wide[:, 9]
    month = wide[:, 10] * 10 + wide[:, 11]
    day = wide[:, 12] * 10 + wide[:, 13]
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    good = (month >= 1) & (month <= 12) & (day >= 1) & (year >= _EARLIEST_YEAR)
    good &= day <= _MONTH_DAYS[np.clip(month, 0, 12)]
    good &= ~((month == 2) & (day == 29) & ~leap)
    written = year.astype(np.int64) * 10_000 + month * 100 + day
    born: npt.NDArray[np.bool_] = written <= latest.year * 10_000 + latest.month * 100 + latest.day
    return good & born


def _texts_of(numbers: Digits) -> list[str]:
    characters = np.array(list("0123456789X"), dtype="<U1")[numbers]
    return np.ascontiguousarray(characters).view(f"<U{numbers.shape[1]}").ravel().tolist()


def _solve(numbers: Digits, place: int) -> Digits:
    """``numbers`` with the digit at ``place`` set to what the check digit demands (or -1)."""
    solved = numbers.copy()
    solved[:, place] = 0
    rest = (solved.astype(np.int16) * _WEIGHTS).sum(axis=1)
    value = ((1 - rest) * _INVERSES[place]) % 11
    solved[:, place] = np.where((value <= 9) | (place == LENGTH - 1), value, _UNREADABLE)
    return solved


def _repair_18(texts: pa.Array, digits: Digits, latest: date) -> list[dict[str, pa.Array]]:
    found = _Found(texts, latest)
    rows = np.arange(len(digits))
    unreadable = (digits == _UNREADABLE).sum(axis=1)
    found.add(rows[unreadable == 0], digits[unreadable == 0], "lookalike")
    blank = rows[unreadable == 1]
    places = np.argmax(digits == _UNREADABLE, axis=1)
    for place in range(LENGTH):
        here = blank[places[blank] == place]
        found.add(here, _solve(digits[here], place), "unreadable_digit")
    whole = rows[unreadable == 0]
    for place in range(LENGTH - 1):
        found.add(whole, _transposed(digits[whole], place), "transposed")
    for place in range(LENGTH):
        found.add(whole, _solve(digits[whole], place), "digit")
    return found.parts


def _transposed(numbers: Digits, place: int) -> Digits:
    swapped = numbers.copy()
    swapped[:, [place, place + 1]] = numbers[:, [place + 1, place]]
    return swapped


def _inserted(numbers: Digits, place: int) -> Digits:
    return np.insert(numbers, place, 0, axis=1)


def _repair_17(texts: pa.Array, digits: Digits, latest: date) -> list[dict[str, pa.Array]]:
    found = _Found(texts, latest)
    rows = np.arange(len(digits))
    for place in range(LENGTH):
        found.add(rows, _solve(_inserted(digits, place), place), "lost")
    return found.parts


def _repair_19(texts: pa.Array, digits: Digits, latest: date) -> list[dict[str, pa.Array]]:
    found = _Found(texts, latest)
    rows = np.arange(len(digits))
    for place in range(LENGTH + 1):
        shorter = np.delete(digits, place, axis=1)
        doubled = np.zeros(len(digits), np.bool_)
        if place:
            doubled = digits[:, place] == digits[:, place - 1]
        found.add(rows[doubled], shorter[doubled], "doubled")
        found.add(rows[~doubled], shorter[~doubled], "extra")
    return found.parts


def _upgraded(digits: Digits) -> Digits:
    """15 places as 18: the century is 19, the check character computed."""
    century = np.insert(np.insert(digits, 6, 9, axis=1), 6, 1, axis=1)
    return _solve(np.insert(century, LENGTH - 1, 0, axis=1), LENGTH - 1)


def _repair_15(texts: pa.Array, digits: Digits, latest: date) -> list[dict[str, pa.Array]]:
    found = _Found(texts, latest)
    rows = np.arange(len(digits))
    found.add(rows, _upgraded(digits), "lookalike")
    for place in range(LENGTH_15 - 1):
        found.add(rows, _upgraded(_transposed(digits, place)), "transposed_15")
    for place in range(LENGTH_15):
        for value in range(10):
            slipped = digits.copy()
            slipped[:, place] = value
            found.add(rows, _upgraded(slipped), "digit_15")
    return found.parts


def _repair_14(texts: pa.Array, digits: Digits, latest: date) -> list[dict[str, pa.Array]]:
    found = _Found(texts, latest)
    rows = np.arange(len(digits))
    for place in range(LENGTH_15):
        for value in range(10):
            longer = np.insert(digits, place, value, axis=1)
            found.add(rows, _upgraded(longer), "lost_15")
    return found.parts


def _repair_16(texts: pa.Array, digits: Digits, latest: date) -> list[dict[str, pa.Array]]:
    found = _Found(texts, latest)
    rows = np.arange(len(digits))
    for value in range(10):  # 18 places of which the last two were cut off
        longer = np.insert(np.insert(digits, 16, value, axis=1), 17, 0, axis=1)
        found.add(rows, _solve(longer, LENGTH - 1), "cut_off")
    for place in range(LENGTH_15 + 1):
        found.add(rows, _upgraded(np.delete(digits, place, axis=1)), "extra_15")
    return found.parts


_REPAIRS: Final = {
    18: _repair_18,
    17: _repair_17,
    19: _repair_19,
    16: _repair_16,
    15: _repair_15,
    14: _repair_14,
}


def _wrapped(texts: Sequence[str], latest: date) -> pa.Table:
    """Numbers with other writing around them, as ``证990102…`` or ``990102…(代)``."""
    rows = [(t, found[0]) for t in texts if len(found := _WRAPPED.findall(t)) == 1 and len(t) > 18]
    if not rows:
        return SCHEMA.empty_table()
    collected = _Found(pa.array([text for text, _ in rows]), latest)
    collected.add(np.arange(len(rows)), _digits([number for _, number in rows]), "wrapped")
    return pa.concat_tables([SCHEMA.empty_table(), *(pa.table(p) for p in collected.parts)])


def _first_of_each(found: pa.Table) -> pa.Table:
    """One row a (text, number): the pattern that comes first in this file's order."""
    if not found.num_rows:
        return found
    place = pa.array(np.arange(found.num_rows))
    grouped = found.append_column("place", place).group_by(["id_text", "id_no"])
    first = grouped.aggregate([("place", "min")])
    kept = found.take(first.column("place_min"))
    return kept.sort_by([("id_text", "ascending"), ("id_no", "ascending")])
