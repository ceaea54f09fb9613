"""Folded names of a delivery: most fold to themselves, which is seen without folding them."""

from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from domain.names import fold_name

_PLAIN: Final = range(0x4E00, 0xA000)
_SEPARATOR: Final = "\0"  # in no value: rows with a NUL are set aside by the readers
_CODE_POINTS: Final = 0x110000


def are_folded(names: pa.Array) -> npt.NDArray[np.bool_]:
    """Whether each text is Chinese characters throughout that folding leaves as they are.

    False says nothing: a name in other characters may be its own folded form too. A null is false.
    """
    if not len(names):
        return np.zeros(0, dtype=bool)
    given = names.fill_null("")
    whole = pa.ListArray.from_arrays(pa.array([0, len(given)], pa.int32()), given)
    joined = pc.binary_join(whole, _SEPARATOR)[0].as_py() + _SEPARATOR
    points = np.frombuffer(joined.encode("utf-32-le"), np.uint32)
    ends = np.flatnonzero(points == ord(_SEPARATOR))
    if len(ends) != len(names):
        return np.zeros(len(names), dtype=bool)
    is_same = _same_when_folded()[points]
    is_same[ends] = True
    starts = np.concatenate((np.zeros(1, np.int64), ends[:-1] + 1))
    return np.asarray(np.logical_and.reduceat(is_same, starts) & (ends > starts))


@cache
def _same_when_folded() -> npt.NDArray[np.bool_]:
    """By code point, whether it is a Chinese character that folding leaves as it is."""
    is_same = np.zeros(_CODE_POINTS, dtype=bool)
    is_same[[point for point in _PLAIN if fold_name(chr(point)) == chr(point)]] = True
    return is_same
