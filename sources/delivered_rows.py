"""A delivery's rows with what their texts say: values, which can be used, which have one key."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sources.column_values import ColumnValues, Flags, read_part
from sources.contract import Column, Contract
from sources.raw_rows import Part, RawRows
from store.engines.engine import Engine

Places = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]

_HASHED: Final = "select place, hash(compared) as hashed from given"
_SPREAD: Final = np.uint64(0x9E3779B97F4A7C15)  # 2^64 over the golden ratio, to mix hashes by


@dataclass(frozen=True, slots=True)
class ReadPart:
    """Rows and the values of their columns. ``values`` are in the order of the columns' codes."""

    contract: Contract
    part: Part
    values: dict[str, ColumnValues]

    def __len__(self) -> int:
        return len(self.part)

    def flagged(self, column: str, texts: Flags) -> Flags | None:
        """The rows whose text is among the marked ones; None where there is none at all."""
        if not texts[:-1].any() and not (texts[-1] and self._has_blank(column)):
            return None
        return np.asarray(texts[self.part.columns[column].codes])

    def unusable(self) -> Flags:
        """Rows without a value that is required, or with a name of which folding leaves nothing."""
        rows = np.zeros(len(self), dtype=bool)
        for column in required(self.contract):
            read = self.values[column.name]
            lacking = _are_null(read.values)
            if read.folded is not None:
                lacking = lacking | (_are_null(read.folded) & ~_are_null(read.texts))
            found = self.flagged(column.name, lacking)
            if found is not None:
                rows |= found
        return rows

    def key_hashes(self, engine: Engine) -> tuple[Hashes, Flags]:
        """A hash of each row's key, and whether its key can be read.

        Rows of different keys may have the same hash, if seldom; rows of the same key always have.
        """
        hashes = np.zeros(len(self), np.uint64)
        is_keyed = np.ones(len(self), dtype=bool)
        for column, hashed in zip(self._key(), self._hashed_keys(engine), strict=True):
            codes = self.part.columns[column.name].codes
            hashes = (hashes ^ hashed[codes]) * _SPREAD
            if not column.is_nullable and column.kind != "id_no":
                lacking = _are_null(self.values[column.name].compared)
                found = self.flagged(column.name, lacking)
                if found is not None:
                    is_keyed &= ~found
        return hashes, is_keyed

    def value_rows(self, rows: Places) -> pa.Table:
        """Some rows with all that was read of them, as :mod:`sources.cleaning_sql` takes them.

        ``file_no``, ``row_no``, and of each column: ``r_…`` the text delivered (null for a blank),
        ``v_…`` the value; of names ``f_…`` the folded name, of numbers ``t_…`` the text of what is
        none and ``s_…`` the status, of others ``u_…``, whether it cannot be read.
        """
        taken = {"file_no": self.part.file_no[rows], "row_no": self.part.row_no[rows]}
        columns: dict[str, Any] = {name: pa.array(numbers) for name, numbers in taken.items()}
        for name, read in self.values.items():
            codes = pa.array(self.part.columns[name].codes[rows])
            given = {"r": read.texts, "v": read.values, "f": read.folded, "s": read.statuses}
            given |= {"t": read.number_texts, "u": pa.array(read.is_remarked)}
            columns |= {
                f"{letter}_{name}": texts.take(codes)
                for letter, texts in given.items()
                if texts is not None
            }
        return pa.table(columns)

    def _has_blank(self, column: str) -> bool:
        coded = self.part.columns[column]
        return bool((coded.codes == len(coded.texts) - 1).any())

    def _key(self) -> list[Column]:
        return [self.contract.by_name(name) for name in self.contract.key_names]

    def _hashed_keys(self, engine: Engine) -> list[Hashes]:
        """For each column of the key the hashes of what its texts are compared by."""
        compared = [self.values[column.name].compared.cast(pa.string()) for column in self._key()]
        given = pa.table(
            {
                "place": np.arange(sum(map(len, compared)), dtype=np.int32),
                "compared": pa.concat_arrays(compared),
            }
        )
        found = engine.arrow_over(given, _HASHED)
        hashes = np.empty(len(given), np.uint64)
        hashes[found.column("place").to_numpy()] = found.column("hashed").to_numpy()
        ends = np.cumsum([len(one) for one in compared])
        return np.split(hashes, ends[:-1])


@dataclass(slots=True)
class DeliveredRows:
    """The parts of a delivery, read; those of a delivery of one part are read once only."""

    engine: Engine
    contract: Contract
    business_date: date
    raw: RawRows
    _only: ReadPart | None = field(default=None, init=False)

    def __iter__(self) -> Iterator[ReadPart]:
        for part in self.raw.parts():
            read = self._only or self._read(part)
            if self.raw.is_one_part:
                self._only = read
            yield read

    def _read(self, part: Part) -> ReadPart:
        values = read_part(self.engine, self.contract, part, self.business_date)
        return ReadPart(self.contract, part, values)


def required(contract: Contract) -> list[Column]:
    """Columns whose value a row cannot be used without; an identity number is only remarked."""
    return [c for c in contract.columns if not c.is_nullable and c.kind != "id_no"]


def shared_hashes(parts: Sequence[tuple[Hashes, Flags]]) -> Hashes:
    """The hashes that several rows have, ascending."""
    ordered = np.sort(np.concatenate([hashes[is_keyed] for hashes, is_keyed in parts]))
    return np.unique(ordered[1:][ordered[1:] == ordered[:-1]])


def are_among(hashes: Hashes, few: Hashes) -> Flags:
    """Whether each hash is one of ``few``, which ascend and of which there is one at least."""
    places = np.minimum(np.searchsorted(few, hashes), len(few) - 1)
    return np.asarray(few[places] == hashes)


def _are_null(values: pa.Array) -> Flags:
    return np.asarray(values.is_null().to_numpy(zero_copy_only=False))
