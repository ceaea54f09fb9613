"""Chance without order: every draw is a function of the seed and of the row it is about.

A row that is handed over again next week therefore carries the same dirt as before, whatever
stands around it, and a file can be made in slices of any size.
"""

from collections.abc import Sequence
from hashlib import blake2b
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Keys = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]

_GOLDEN: Final = np.uint64(0x9E3779B97F4A7C15)
_FIRST: Final = np.uint64(0xBF58476D1CE4E5B9)
_SECOND: Final = np.uint64(0x94D049BB133111EB)
_WORD: Final = 8


def salt(*words: object) -> np.uint64:
    """A 64-bit number from words: the same words give the same number on any machine."""
    text = "\x1f".join(str(word) for word in words)
    return np.uint64(int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little"))


def mix(keys: Keys) -> Keys:
    """Spread every bit of each key over all 64 (the finaliser of SplitMix64)."""
    with np.errstate(over="ignore"):
        keys = keys + _GOLDEN
        keys = (keys ^ (keys >> np.uint64(30))) * _FIRST
        keys = (keys ^ (keys >> np.uint64(27))) * _SECOND
        return np.asarray(keys ^ (keys >> np.uint64(31)), dtype=np.uint64)


def whole(keys: Keys, *words: object) -> Keys:
    """A uniform 64-bit number for each key; other words, independent numbers."""
    return mix(keys ^ salt(*words))


def uniform(keys: Keys, *words: object) -> Floats:
    """A uniform number in [0, 1) for each key."""
    return (whole(keys, *words) >> np.uint64(11)).astype(np.float64) * 2.0**-53


def row_keys(table: pa.Table, headers: Sequence[str], *words: object) -> Keys:
    """One key a row from the values under ``headers`` (blank is a value) and from ``words``."""
    keys = np.full(table.num_rows, salt(*words), dtype=np.uint64)
    for header in headers:
        keys = mix(keys ^ _column_keys(table.column(header)))
    return keys


def _column_keys(column: pa.ChunkedArray) -> Keys:
    array = column.combine_chunks()
    if isinstance(array, pa.ChunkedArray):
        array = array.chunk(0) if array.num_chunks else pa.array([], column.type)
    if pa.types.is_string(array.type):
        return _text_keys(array)
    keys = _decimal_words(array) if pa.types.is_decimal(array.type) else _fixed_words(array)
    if array.null_count:
        keys = np.where(np.asarray(array.is_null()), salt("blank"), keys)
    return mix(keys)


def _decimal_words(array: pa.Array) -> Keys:
    """The low 64 bits of each decimal: enough to tell any two amounts of a register apart."""
    words = np.frombuffer(array.buffers()[1], dtype=np.uint64)
    return words[2 * array.offset : 2 * (array.offset + len(array)) : 2].copy()


def _fixed_words(array: pa.Array) -> Keys:
    if pa.types.is_date32(array.type):
        array = array.view(pa.int32())
    if pa.types.is_boolean(array.type):
        array = array.cast(pa.int8())
    if pa.types.is_floating(array.type):
        return np.asarray(array.fill_null(0).to_numpy(zero_copy_only=False)).view(np.uint64)
    return np.asarray(array.cast(pa.int64()).fill_null(0)).view(np.uint64)


def _text_keys(array: pa.StringArray) -> Keys:
    """Fold each text eight bytes at a time; blank and empty text are alike."""
    array = array.fill_null("")
    rows = len(array)
    offsets = np.frombuffer(array.buffers()[1], dtype=np.int32)
    offsets = offsets[array.offset : array.offset + rows + 1]
    lengths = np.diff(offsets)
    width = int(lengths.max(initial=0)) + _WORD - 1
    width -= width % _WORD
    keys = mix(lengths.astype(np.uint64))
    if width == 0:
        return keys
    letters = np.frombuffer(array.buffers()[2], dtype=np.uint8)[offsets[0] : offsets[-1]]
    padded = np.zeros((rows, width), dtype=np.uint8)
    padded[np.arange(width)[None, :] < lengths[:, None]] = letters
    words = padded.view(np.uint64)
    for place in range(words.shape[1]):
        goes_on = lengths > place * _WORD  # what others hold must not change a text's key
        keys = np.where(goes_on, mix(keys ^ words[:, place]), keys)
    return keys
