"""What a delivery looks like in counts: to compare it with the ones before, and for its sender."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sources.contract import Contract
from sources.delivered_rows import ReadPart
from sources.verdict import SET_ASIDE_FILE
from store.engines.engine import Engine
from store.engines.parquet_files import exactly

_TOWNSHIP: Final = "township_code"


class Profile:
    """Counts over a delivery's accepted rows, taken part by part; no person's values."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._rows = 0
        self._blank = {column.name: 0 for column in contract.columns}
        self._codes = {c.name: Counter[str]() for c in contract.of_kind("code", "bool")}
        self._statuses = {c.name: Counter[str]() for c in contract.of_kind("id_no")}
        self._townships = Counter[str]()
        self._remarks = Counter[str]()

    def count(self, read: ReadPart, rows: npt.NDArray[np.int64]) -> None:
        """Take the accepted rows of a part."""
        self._rows += len(rows)
        for column in self._contract.columns:
            name, values = column.name, read.values[column.name]
            kept = values.values if values.folded is None else values.folded
            is_blank = read.flagged(name, kept.is_null().to_numpy(zero_copy_only=False))
            if is_blank is not None:
                self._blank[name] += int(np.count_nonzero(is_blank[rows]))
            codes = read.part.columns[name].codes[rows]
            if name in self._codes:
                self._codes[name].update(_distribution(codes, kept))
            if name == _TOWNSHIP:
                self._townships.update(_distribution(codes, kept))
            if name in self._statuses:
                self._statuses[name].update(_distribution(codes, values.statuses))

    def count_remarks(self, says: Iterable[str], codes: npt.NDArray[np.int64]) -> None:
        """Take one source of remarks: its wordings, and for each row which it has (from 1)."""
        found = np.bincount(codes)
        self._remarks.update(
            {word: int(rows) for word, rows in zip(says, found[1:], strict=False) if rows}
        )

    def content(self, engine: Engine, folder: Path) -> dict[str, Any]:
        """The counts as plain data, those of ``set_aside.parquet`` in ``folder`` among them.

        ``rows``; ``blank``: column → rows without a value (an identity number: without a valid
        one); ``codes``: code column → code → rows; ``id_status``: identity column → status → rows;
        ``townships``: township code → rows; ``remarks``: code of remark → rows; ``set_aside``:
        reason → header ('' for the whole row) → rows. Columns are in our names, headers in the
        sender's.
        """
        return {
            "rows": self._rows,
            "blank": dict(self._blank),
            "codes": {name: dict(found) for name, found in self._codes.items()},
            "id_status": {name: dict(found) for name, found in self._statuses.items()},
            "townships": dict(self._townships),
            "remarks": dict(self._remarks),
            "set_aside": _set_aside(engine, folder),
        }


def _distribution(codes: npt.NDArray[np.int32], values: pa.Array) -> dict[str, int]:
    """Value → rows, nulls left out."""
    by_text = np.bincount(codes, minlength=len(values))
    numbered = values.cast(pa.string()).dictionary_encode()
    places = numbered.indices.fill_null(len(numbered.dictionary)).to_numpy()
    by_value = np.bincount(places, weights=by_text, minlength=len(numbered.dictionary) + 1)
    shown = zip(numbered.dictionary.to_pylist(), by_value[:-1], strict=True)
    return {value: int(rows) for value, rows in shown if rows}


def _set_aside(engine: Engine, folder: Path) -> dict[str, dict[str, int]]:
    found = engine.rows(
        "select reason, coalesce(header, '') as header, count(*)"
        " from read_parquet($file, hive_partitioning = false) group by all order by all",
        {"file": exactly(folder / SET_ASIDE_FILE)},
    )
    profile: dict[str, dict[str, int]] = {}
    for reason, header, rows in found:
        profile.setdefault(str(reason), {})[str(header)] = int(rows)
    return profile
