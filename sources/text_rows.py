"""Rows of text as every reader gives them, whatever the file's format."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sources.contract import Contract
from sources.headers import HeaderMatch

RAW_TEXT_LIMIT: Final = 10_000  # characters kept of a record that is beyond the record limit
FIELD_LIMIT: Final = 1 << 20  # bytes of one record, and so of one field
_FEW: Final = 1000
_SELDOM: Final = 0.98  # with more distinct texts a row than this, looking for repeats is in vain


@dataclass(frozen=True, slots=True)
class BadRow:
    """A record that gives no row: its place in the file (1-based), why, and its text.

    ``reason``: ``field_count``, ``undecodable``, ``cut_off``, ``quote``, ``nul``, ``too_long``.
    """

    row_no: int
    reason: str
    raw_text: str


@dataclass(frozen=True, slots=True)
class TextBatch:
    """Some rows of one file: ``rows`` has ``row_no`` and the contract's headers; and bad rows."""

    rows: pa.Table
    bad: tuple[BadRow, ...] = ()


class RowSource(Protocol):
    """One delivered file, opened and its header matched."""

    @property
    def header(self) -> HeaderMatch:
        """Which of the contract's columns the file has."""

    def batches(self) -> Iterator[TextBatch]:
        """Its rows in order; every record is in one batch, as a row or as a bad row."""


def row_table(
    contract: Contract, row_nos: npt.NDArray[np.int64], columns: Mapping[str, pa.Array]
) -> pa.Table:
    """``row_no`` and the contract's headers in dictionary order, from columns of text.

    Texts may be dictionary-encoded; headers without a column are null.
    """
    absent = pa.nulls(len(row_nos), pa.string())
    texts = {header: columns.get(header, absent) for header in contract.headers}
    return pa.table({"row_no": pa.array(row_nos, pa.int32()), **texts})


def hardly_repeat(texts: pa.Array) -> bool:
    """Whether dictionary-encoded texts are so many that telling them apart is in vain."""
    if not pa.types.is_dictionary(texts.type):
        return False
    return len(texts.dictionary) > max(_FEW, _SELDOM * len(texts))


def shown_text(raw: bytes, encoding: str) -> str:
    r"""A record's bytes as text for the sender: what does not decode, and NUL, as ``\xNN``."""
    decoded = raw.decode(encoding, errors="backslashreplace").replace("\0", "\\x00")
    decoded = decoded.rstrip("\r\n")
    return decoded if len(raw) <= FIELD_LIMIT else decoded[:RAW_TEXT_LIMIT] + "…"
