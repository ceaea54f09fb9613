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
import pyarrow.compute as pc

Digits = npt.NDArray[np.int8]  # one row a number, one column a place; X is 10, unreadable is -1
Places = npt.NDArray[np.int64]
Firsts = npt.NDArray[np.int64]  # the first 17 places as one number: the check digit follows of them
Mask = npt.NDArray[np.bool_]

LENGTH: Final = 18
LENGTH_15: Final = 15
_WEIGHTS: Final = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2, 1], np.int16)
_INVERSES: Final = np.array([pow(int(w), -1, 11) for w in _WEIGHTS], np.int16)
_POWERS: Final = np.array([10**at for at in range(16, -1, -1)], np.int64)
_MONTH_DAYS: Final = np.array([0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], np.int16)
_CHARACTERS: Final = np.frombuffer(b"0123456789X", np.uint8)
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
    found = _Found(latest_birth)
    groups: dict[int, list[int]] = {}
    for at, text in enumerate(texts):
        if 14 <= len(text) <= 19:
            groups.setdefault(len(text), []).append(at)
    for length, repair in _REPAIRS.items():
        if length in groups:
            places = groups[length]
            found.places = np.array(places, np.int64)
            repair(found, _digits([texts[at] for at in places]))
    _transposed_x(found, texts)
    _wrapped(found, texts)
    return found.table(texts)


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
    """Collects repaired numbers with the texts they come from."""

    def __init__(self, latest_birth: date) -> None:
        self.latest = latest_birth.year * 10_000 + latest_birth.month * 100 + latest_birth.day
        self.places: Places = np.empty(0, np.int64)
        """Of the group at work: each row's place among the texts."""
        self._texts: list[Places] = []
        self._firsts: list[Firsts] = []
        self._patterns: list[str] = []

    def add(self, rows: Places, numbers: Digits, pattern: str) -> None:
        """Keep those of ``numbers`` (18 places) that are valid and whose birth date is a day."""
        wide = numbers.astype(np.int16)
        good = ((wide >= 0) & (wide <= 9))[:, :17].all(axis=1) & (wide[:, 17] >= 0)
        good &= (wide * _WEIGHTS).sum(axis=1) % 11 == 1
        self.add_firsts(rows[good], wide[good, :17] @ _POWERS, pattern)

    def add_firsts(self, rows: Places, firsts: Firsts, pattern: str) -> None:
        """Keep those numbers, valid by their check digit, whose birth date is a day."""
        good = _has_birth_date(firsts // 1000 % 100_000_000, self.latest)
        if good.any():
            self._texts.append(self.places[rows[good]])
            self._firsts.append(firsts[good])
            self._patterns.append(pattern)

    def table(self, texts: Sequence[str]) -> pa.Table:
        """One row a (text, number): the pattern that was added first."""
        if not self._firsts:
            return SCHEMA.empty_table()
        written = pa.array(texts, pa.string())
        order = pc.array_sort_indices(written).to_numpy()
        rank = np.empty(len(order), np.int64)
        rank[order] = np.arange(len(order))
        text, first = np.concatenate(self._texts), np.concatenate(self._firsts)
        counts = [len(part) for part in self._firsts]
        pattern = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
        place = np.lexsort((first, rank[text]))  # stable: of equal ones the first stays first
        text, first, pattern = text[place], first[place], pattern[place]
        is_new = np.ones(len(text), np.bool_)
        is_new[1:] = (text[1:] != text[:-1]) | (first[1:] != first[:-1])
        patterns = pa.DictionaryArray.from_arrays(pa.array(pattern[is_new]), self._patterns)
        columns = [written.take(pa.array(text[is_new])), _written(first[is_new]), patterns]
        return pa.table([columns[0], columns[1], columns[2].cast(pa.string())], schema=SCHEMA)


def _has_birth_date(written: Firsts, latest: int) -> Mask:
    """Whether eight places of a number (YYYYMMDD) are a day somebody may be born on."""
    year, month, day = written // 10_000, written // 100 % 100, written % 100
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    good = (month >= 1) & (month <= 12) & (day >= 1) & (year >= _EARLIEST_YEAR)
    good &= day <= _MONTH_DAYS[np.clip(month, 0, 12)]
    good &= ~((month == 2) & (day == 29) & ~leap)
    born: Mask = good & (written <= latest)
    return born


def _written(firsts: Firsts) -> pa.Array:
    """The numbers as texts of 18 characters, the check digit computed."""
    places = np.empty((LENGTH, len(firsts)), np.uint8)
    total = np.zeros(len(firsts), np.int32)
    high = firsts // 1_000_000_000
    for rest, held in ((high, range(7, -1, -1)), (firsts - high * 1_000_000_000, range(16, 7, -1))):
        left = rest.astype(np.uint32)  # half the places at a time: a third of the time
        for place in held:
            shorter = left // 10
            digit = (left - shorter * 10).astype(np.uint8)
            places[place] = _CHARACTERS[digit]
            total += digit.astype(np.int32) * _WEIGHTS[place]
            left = shorter
    places[LENGTH - 1] = _CHARACTERS[(1 - total) % 11]
    offsets = np.arange(len(firsts) + 1, dtype=np.int32) * LENGTH
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(places.T.tobytes())]
    return pa.Array.from_buffers(pa.string(), len(firsts), buffers)


def _solve(numbers: Digits, place: int) -> Digits:
    """``numbers`` with the digit at ``place`` set to what the check digit demands (or -1)."""
    solved = numbers.copy()
    solved[:, place] = 0
    rest = (solved.astype(np.int16) * _WEIGHTS).sum(axis=1)
    value = ((1 - rest) * _INVERSES[place]) % 11
    solved[:, place] = np.where((value <= 9) | (place == LENGTH - 1), value, _UNREADABLE)
    return solved


def _repair_18(found: _Found, digits: Digits) -> None:
    rows = np.arange(len(digits))
    unreadable = (digits == _UNREADABLE).sum(axis=1)
    found.add(rows[unreadable == 0], digits[unreadable == 0], "lookalike")
    blank = rows[unreadable == 1]
    places = np.argmax(digits == _UNREADABLE, axis=1)
    for place in range(LENGTH):
        here = blank[places[blank] == place]
        found.add(here, _solve(digits[here], place), "unreadable_digit")
    whole = rows[unreadable == 0]
    wide = np.ascontiguousarray(digits[whole].T).astype(np.int64)
    first, total = _POWERS @ wide[:17], _WEIGHTS.astype(np.int64) @ wide
    for place in range(LENGTH - 1):
        left, right = wide[place], wide[place + 1]
        good = (total + (right - left) * (_WEIGHTS[place] - _WEIGHTS[place + 1])) % 11 == 1
        if place < LENGTH - 2:
            swapped = first + (right - left) * (_POWERS[place] - _POWERS[place + 1])
        else:
            swapped = first + right - left
            good &= right <= 9
        found.add_firsts(whole[good], swapped[good], "transposed")
    for place in range(LENGTH):
        own = wide[place]
        value, good = _demanded(total - own * _WEIGHTS[place], place)
        solved = first + (value - own) * _POWERS[place] if place < LENGTH - 1 else first
        found.add_firsts(whole[good], solved[good], "digit")


def _demanded(rest: Firsts, place: int) -> tuple[Firsts, Mask]:
    """The digit at ``place`` that the check digit demands beside the weighted sum of all others."""
    value = ((1 - rest) * int(_INVERSES[place])) % 11
    good: Mask = (value <= 9) | (place == LENGTH - 1)
    return value, good


def _transposed(numbers: Digits, place: int) -> Digits:
    swapped = numbers.copy()
    swapped[:, [place, place + 1]] = numbers[:, [place + 1, place]]
    return swapped


def _repair_17(found: _Found, digits: Digits) -> None:
    rows = np.flatnonzero((digits >= 0).all(axis=1))
    wide = np.ascontiguousarray(digits[rows].T).astype(np.int64)
    before = wide[:16] <= 9  # only the last may be an X
    rows, wide = rows[before.all(axis=0)], wide[:, before.all(axis=0)]
    for place in range(LENGTH):
        longer = np.insert(wide, place, 0, axis=0)
        value, good = _demanded(_WEIGHTS.astype(np.int64) @ longer, place)
        longer[place] = value
        good &= longer[LENGTH - 2] <= 9
        found.add_firsts(rows[good], (_POWERS @ longer[:17])[good], "lost")


def _repair_19(found: _Found, digits: Digits) -> None:
    rows = np.arange(len(digits))
    for place in range(LENGTH + 1):
        shorter = np.delete(digits, place, axis=1)
        doubled = np.zeros(len(digits), np.bool_)
        if place:
            doubled = digits[:, place] == digits[:, place - 1]
        found.add(rows[doubled], shorter[doubled], "doubled")
        found.add(rows[~doubled], shorter[~doubled], "extra")


def _upgraded(digits: Digits) -> Digits:
    """15 places as 18: the century is 19, the check character computed."""
    century = np.insert(np.insert(digits, 6, 9, axis=1), 6, 1, axis=1)
    return _solve(np.insert(century, LENGTH - 1, 0, axis=1), LENGTH - 1)


def _repair_15(found: _Found, digits: Digits) -> None:
    rows = np.arange(len(digits))
    found.add(rows, _upgraded(digits), "lookalike")
    for place in range(LENGTH_15 - 1):
        found.add(rows, _upgraded(_transposed(digits, place)), "transposed_15")
    for place in range(LENGTH_15):
        for value in range(10):
            slipped = digits.copy()
            slipped[:, place] = value
            found.add(rows, _upgraded(slipped), "digit_15")


def _repair_14(found: _Found, digits: Digits) -> None:
    rows = np.arange(len(digits))
    for place in range(LENGTH_15):
        for value in range(10):
            longer = np.insert(digits, place, value, axis=1)
            found.add(rows, _upgraded(longer), "lost_15")


def _repair_16(found: _Found, digits: Digits) -> None:
    rows = np.arange(len(digits))
    for value in range(10):  # 18 places of which the last two were cut off
        longer = np.insert(np.insert(digits, 16, value, axis=1), 17, 0, axis=1)
        found.add(rows, _solve(longer, LENGTH - 1), "cut_off")
    for place in range(LENGTH_15 + 1):
        found.add(rows, _upgraded(np.delete(digits, place, axis=1)), "extra_15")


_REPAIRS: Final = {
    18: _repair_18,
    17: _repair_17,
    19: _repair_19,
    16: _repair_16,
    15: _repair_15,
    14: _repair_14,
}


def _transposed_x(found: _Found, texts: Sequence[str]) -> None:
    """Numbers whose last two places, a digit and an X, have changed places."""
    held = [
        (place, text[:16] + text[17] + "X")
        for place, text in enumerate(texts)
        if len(text) == LENGTH and text[16] == "X" and text[17] in "0123456789"
    ]
    if held:
        found.places = np.array([place for place, _ in held], np.int64)
        found.add(np.arange(len(held)), _digits([number for _, number in held]), "transposed")


def _wrapped(found: _Found, texts: Sequence[str]) -> None:
    """Numbers with other writing around them, as ``证990102…`` or ``990102…(代)``."""
    held = [
        (place, written[0])
        for place, text in enumerate(texts)
        if len(text) > LENGTH and len(written := _WRAPPED.findall(text)) == 1
    ]
    if held:
        found.places = np.array([place for place, _ in held], np.int64)
        found.add(np.arange(len(held)), _digits([number for _, number in held]), "wrapped")
