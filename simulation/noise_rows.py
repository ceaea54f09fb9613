"""What befalls whole rows: unreadable required values, a page sent twice, a row cut off."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from simulation.draws import Bools, Places, uniform, whole
from simulation.noise import DirtyRows, RowRates
from sources.contract import Column, Contract

STATES: Final = (
    "in_force",
    "repeat",
    "required_unreadable",
    "required_blank",
    "key_conflict",
    "field_count",
    "undecodable",
    "cut_off",
)
"""What becomes of a row; all but the first two are set aside."""
_CODE: Final = {state: np.int8(code) for code, state in enumerate(STATES)}

UNDECODABLE: Final = "\uffff"
"""Stands in a text for a byte that no decoder reads; the file's writer puts that byte there."""
MOST_SET_ASIDE: Final = 0.004
_PAGE: Final = 50
_UNREADABLE: Final = {
    "date": ("2025-13-45", "不详", "20250230", "2025-"),
    "month": ("202513", "上月", "2025"),
    "yuan": ("约三千", "1.234.5", "12,34.5.6", "见附件"),
    "decimal": ("约九十", "8o.5"),
    "int": ("两人", "3.5人"),
    "code": ("ZZ", "其他?"),
    "bool": ("Y?", "未知"),
}
_OTHER_CONTENT: Final = {
    "yuan": "8888.88",
    "date": "2020-02-02",
    "decimal": "88.88",
    "text": "另一内容",
    "name": "另一人",
}


@dataclass(frozen=True, slots=True)
class FileRows:
    """The rows of one file in the order written, and what becomes of each (places in STATES).

    ``order`` holds the place each row had before faults: copies have the place of their original.
    ``extra_field`` are places of rows with a field too many; ``is_cut_off`` says that the last row
    breaks off in the middle.
    """

    rows: DirtyRows
    states: npt.NDArray[np.int8]
    order: Places
    extra_field: Places
    is_cut_off: bool

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What decides which faults a file can have: only csv can break off or miscount fields.

    ``written`` are the headers delivered as text (a typed Parquet column takes no unreadable word).
    """

    name: str
    is_csv: bool
    written: frozenset[str]


def spoil_rows(
    contract: Contract, rows: DirtyRows, is_protected: Bools, rates: RowRates, facts: FileFacts
) -> FileRows:
    """The rows of one file with their faults; protected rows are left alone."""
    count = len(rows)
    states = np.zeros(count, dtype=np.int8)
    allowed = int(count * MOST_SET_ASIDE)
    is_cut = _breaks_off(rows, rates, facts) and allowed > 0 and not is_protected[-1:].any()
    if is_cut:
        states[-1] = _CODE["cut_off"]
    _choose_faults(states, rows, is_protected, rates, facts, allowed - is_cut)
    columns = dict(rows.columns)
    _spoil_required(contract, columns, states, rows, facts)
    _spoil_bytes(contract, columns, states)
    order, is_copy = _order(rows, states, rates, facts)
    spoilt = _taken(replace(rows, columns=columns), order)
    states = np.where(is_copy & (states[order] == 0), _CODE["repeat"], states[order])
    _contradict(contract, spoilt.columns, is_copy & (states == _CODE["key_conflict"]))
    extra = np.flatnonzero(states == _CODE["field_count"])
    return FileRows(spoilt, states.astype(np.int8), order, extra, bool(is_cut))


def _breaks_off(rows: DirtyRows, rates: RowRates, facts: FileFacts) -> bool:
    return facts.is_csv and len(rows) > 0 and _file_chance(rows, facts, "cut") < rates.cut_off


def _file_chance(rows: DirtyRows, facts: FileFacts, word: str) -> float:
    """A draw for the file as a whole, from its name and its last row."""
    return float(uniform(rows.keys[-1:], facts.name, word)[0])


def _choose_faults(
    states: npt.NDArray[np.int8],
    rows: DirtyRows,
    is_protected: Bools,
    rates: RowRates,
    facts: FileFacts,
    allowed: int,
) -> None:
    """Set the state of rows with a fault of their own, at most ``allowed`` of them."""
    shares = {
        "required_unreadable": rates.unreadable * 0.7,
        "required_blank": rates.unreadable * 0.3,
        "key_conflict": rates.key_conflict,
        "field_count": rates.field_count * facts.is_csv,
        "undecodable": rates.undecodable * facts.is_csv,
    }
    chance = uniform(rows.keys, "fault")
    chance[is_protected | (states != 0)] = np.inf
    chosen = np.flatnonzero(chance < sum(shares.values()))
    for place in chosen[: max(allowed, 0)]:
        upto = 0.0
        for state, share in shares.items():
            if upto <= chance[place] < upto + share:
                states[place] = _CODE[state]
            upto += share


def _spoil_required(
    contract: Contract,
    columns: dict[str, pa.Array],
    states: npt.NDArray[np.int8],
    rows: DirtyRows,
    facts: FileFacts,
) -> None:
    """Put words that cannot be read, or nothing, where a value is required."""
    open_to = [c for c in contract.columns if not c.is_nullable and c.header in facts.written]
    readable = [c for c in open_to if c.kind in _UNREADABLE and c.header not in contract.key]
    blankable = [
        c for c in open_to if c.kind not in ("text", "id_no") and c.header not in contract.key
    ]
    for state, choices in (("required_unreadable", readable), ("required_blank", blankable)):
        places = np.flatnonzero(states == _CODE[state])
        if not choices:
            states[places] = 0
            continue
        draws = whole(rows.keys[places], "spoilt").tolist()
        for place, draw in zip(places.tolist(), draws, strict=True):
            column = choices[draw % len(choices)]
            word = _unreadable(column, draw // 64) if state == "required_unreadable" else ""
            columns[column.header] = _with(columns[column.header], place, word)


def _unreadable(column: Column, draw: int) -> str:
    words = _UNREADABLE[column.kind]
    return words[draw % len(words)]


def _spoil_bytes(
    contract: Contract, columns: dict[str, pa.Array], states: npt.NDArray[np.int8]
) -> None:
    header = contract.by_name(contract.persons[0].name).header
    for place in np.flatnonzero(states == _CODE["undecodable"]).tolist():
        text = str(columns[header][place].as_py())
        columns[header] = _with(columns[header], place, text[:1] + UNDECODABLE + text[1:])


def _contradict(contract: Contract, columns: dict[str, pa.Array], is_second: Bools) -> None:
    """Give the second row of a key other content than the first."""
    if not is_second.any():
        return
    for kind in ("yuan", "date", "decimal", "text", "name"):
        for column in contract.columns:
            if column.kind == kind and column.header not in contract.key:
                word = pa.scalar(_OTHER_CONTENT[kind], pa.string())
                columns[column.header] = pc.if_else(
                    pa.array(is_second), word, columns[column.header]
                )
                return


def _with(texts: pa.Array, place: int, word: str) -> pa.Array:
    """The texts with another word at one place."""
    mask = np.zeros(len(texts), dtype=bool)
    mask[place] = True
    return pc.replace_with_mask(texts, pa.array(mask), pa.array([word]))


def _order(
    rows: DirtyRows, states: npt.NDArray[np.int8], rates: RowRates, facts: FileFacts
) -> tuple[Places, Bools]:
    """The order written: each contradicted row followed by its second, a page followed by itself.

    Returns the places of the rows, and which of them are copies.
    """
    order = np.arange(len(states), dtype=np.int64)
    twice = np.flatnonzero(states == _CODE["key_conflict"])
    page = _page(rows, states, rates, facts)
    after = np.concatenate([twice + 1, np.full(len(page), page[-1] + 1 if len(page) else 0)])
    copies = np.concatenate([twice, page])
    is_copy = np.insert(np.zeros(len(order), dtype=bool), after, True)
    return np.insert(order, after, copies), is_copy


def _page(
    rows: DirtyRows, states: npt.NDArray[np.int8], rates: RowRates, facts: FileFacts
) -> Places:
    """The sound rows of the page that is sent twice; mostly there is none."""
    count = len(states)
    length = min(_PAGE, count // 20)
    if not length or _file_chance(rows, facts, "page") >= rates.repeated_page:
        return np.zeros(0, dtype=np.int64)
    start = int(_file_chance(rows, facts, "place") * (count - length - 1))
    page = np.arange(start, start + length, dtype=np.int64)
    sound: Places = page[states[page] == 0]
    return sound


def _taken(rows: DirtyRows, order: Places) -> DirtyRows:
    if len(order) == len(rows):
        return rows
    places = pa.array(order)
    return DirtyRows(
        {header: texts.take(places) for header, texts in rows.columns.items()},
        rows.keys[order],
        tuple(person.take(order) for person in rows.people),
    )
