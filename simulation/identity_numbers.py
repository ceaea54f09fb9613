"""Citizen identity numbers (GB 11643) under divisions that the national standard gives nobody."""

from typing import Final

import numpy as np
import pyarrow as pa

from simulation.columns import digit_bytes, fixed_text
from simulation.timeline import Ints

_WEIGHTS: Final = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2], dtype=np.int64)
_CHECK: Final = np.frombuffer(b"10X98765432", dtype=np.uint8)
_SEQUENCES: Final = 1000


def make_numbers(division: Ints, birth: Ints, sex: Ints, seed: int) -> pa.Array:
    """An 18-character number each: division of birth, date of birth, sequence, check digit.

    Sequences are unique within a division and day, odd for men; people next to each other (twins)
    get neighbouring ones. Raises ValueError when a day of one division has more than 300 people.
    """
    order = np.lexsort((np.arange(len(birth)), birth, division))
    key = division[order] * 1_000_000 + birth[order]
    starts = np.flatnonzero(np.r_[True, key[1:] != key[:-1]])
    rank = np.empty(len(birth), dtype=np.int64)
    rank[order] = np.arange(len(birth)) - np.repeat(starts, np.diff(np.r_[starts, len(birth)]))
    offset = (birth * 7919 + division * 104_729 + seed * 31) % 190
    sequence = 2 * (rank + offset) + (sex == 1)
    if len(sequence) and int(sequence.max()) >= _SEQUENCES:
        message = "too many people born on one day in one division for three sequence digits"
        raise ValueError(message)
    return _written(division, birth, sequence)


def _written(division: Ints, birth: Ints, sequence: Ints) -> pa.Array:
    days = birth.astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    years = days.astype("datetime64[Y]")
    year = years.astype(np.int64) + 1970
    month = (months - years.astype("datetime64[M]")).astype(np.int64) + 1
    day = (days - months.astype("datetime64[D]")).astype(np.int64) + 1
    dated = year * 10_000 + month * 100 + day
    letters = np.hstack([digit_bytes(division, 6), digit_bytes(dated, 8), digit_bytes(sequence, 3)])
    total = (letters.astype(np.int64) - ord("0")) @ _WEIGHTS
    return fixed_text(np.hstack([letters, _CHECK[total % 11][:, None]]))
