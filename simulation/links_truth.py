"""The truth beside the inbox: whom every delivered row really speaks of, and what befell it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from simulation import noise_names, noise_numbers
from simulation.draws import row_keys
from simulation.noise import PersonTruth, by_person
from simulation.noise_rows import STATES, FileRows
from sources.contract import Contract, Dictionary

MEMBERS: Final = "civil_affairs.members"
APPLICATIONS: Final = "civil_affairs.applications"
_SUBJECT_HEADERS: Final[Mapping[str, tuple[str, str]]] = {
    MEMBERS: ("救助证号", "序号"),
    APPLICATIONS: ("申请号", "序号"),
}
_DELIVERIES: Final = "deliveries"

LINK_SCHEMA: Final = pa.schema(
    [
        ("dataset", pa.string()),
        ("business_date", pa.date32()),
        ("file", pa.string()),
        ("row", pa.int32()),
        ("role", pa.string()),
        ("person", pa.int64()),
        ("difficulty", pa.string()),
        ("name_type", pa.string()),
        ("number_noise", pa.string()),
        ("name_noise", pa.string()),
    ]
)
"""links.parquet: one entry a person of every row that is in force; person -1 is an outsider."""

DIRT_SCHEMA: Final = pa.schema([*LINK_SCHEMA, pa.field("state", pa.string())])
"""dirt.parquet: the rows that are not in force (set aside, repeated, or superseded) and why."""

SUPERSEDED: Final = "superseded"


def file_truth(
    contract: Contract,
    name: str,
    rows: FileRows,
    facts: npt.NDArray[np.uint64],
    is_resent: npt.NDArray[np.bool_],
) -> pa.Table:
    """The truth about one file: for each row (1-based, as written) and role an entry."""
    return pa.concat_tables(
        [_role_truth(contract, name, rows, facts, is_resent, person) for person in rows.rows.people]
    )


def _role_truth(
    contract: Contract,
    name: str,
    rows: FileRows,
    facts: npt.NDArray[np.uint64],
    is_resent: npt.NDArray[np.bool_],
    person: PersonTruth,
) -> pa.Table:
    count = len(rows)
    columns: dict[str, Any] = {
        "file": _constant(name, count),
        "row": pa.array(np.arange(1, count + 1), pa.int32()),
        "role": _constant(person.role, count),
        "person": person.person,
        "number_noise": _coded(person.number_kinds, noise_numbers.KINDS),
        "name_noise": _coded(person.name_kinds, noise_names.KINDS),
        "state": _coded(rows.states, STATES),
        "is_resent": is_resent,
        "key": rows.rows.keys,
        "fact": facts,
        "shown": person.shown,
        "unnumbered_key": _unnumbered_keys(contract, rows, person),
    }
    subject = _SUBJECT_HEADERS.get(contract.dataset)
    if subject is not None:
        columns["case_no"] = rows.rows.columns[subject[0]]
        columns["seq"] = rows.rows.columns[subject[1]].cast(pa.int32())
    return pa.table(columns)


def _unnumbered_keys(
    contract: Contract, rows: FileRows, person: PersonTruth
) -> npt.NDArray[np.uint64]:
    """The key as delivered of rows whose number, a part of the key, says nothing; else 0.

    Two namesakes without numbers may come under one key, and then neither row can be used.
    """
    keys = np.zeros(len(rows), dtype=np.uint64)
    if contract.by_name(contract.persons[0].id_no).header not in contract.key:
        return keys
    is_lost = noise_numbers.is_kind(person.number_kinds, *noise_numbers.NO_NUMBER)
    places = np.flatnonzero(is_lost & (rows.states == 0))
    delivered = {h: rows.rows.columns[h].take(pa.array(places)) for h in contract.key}
    keys[places] = row_keys(pa.table(delivered), contract.key, "as delivered")
    return keys


def _constant(word: str, count: int) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(count, np.int8)), pa.array([word]))


def _coded(codes: npt.NDArray[np.int8], words: Sequence[str]) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(list(words), pa.string()))


def write_delivery_truth(
    truth: Path, contract: Contract, day: date, files: Sequence[pa.Table]
) -> None:
    """Keep the truth of one delivery; a later evening's truth is put together from these."""
    folder = truth / _DELIVERIES / contract.dataset
    folder.mkdir(parents=True, exist_ok=True)
    table = _without_conflicts(pa.concat_tables(files)).unify_dictionaries()
    pq.write_table(table, folder / f"{day}.parquet", compression="zstd")


def _without_conflicts(table: pa.Table) -> pa.Table:
    """The truth with rows that share an unnumbered key set aside; that key is dropped."""
    keys = table.column("unnumbered_key").to_numpy()
    found, times = np.unique(keys[keys != 0], return_counts=True)
    table = table.drop_columns("unnumbered_key")
    clash = np.isin(keys, found[times > 1])
    if not clash.any():
        return table
    place = table.column_names.index("state")
    states = table.column("state").cast(pa.string()).combine_chunks()
    states = pc.if_else(pa.array(clash), "key_conflict", states)
    return table.set_column(place, "state", states.dictionary_encode())


def delivered_dates(truth: Path, contract: Contract, as_of: date) -> list[date]:
    """The business dates whose truth is kept, up to ``as_of``, oldest first."""
    folder = truth / _DELIVERIES / contract.dataset
    dates = sorted(date.fromisoformat(file.stem) for file in folder.glob("*.parquet"))
    return [day for day in dates if day <= as_of]


def read_delivery_truth(
    truth: Path, contract: Contract, day: date, columns: list[str] | None = None
) -> pa.Table:
    """The truth kept of one delivery."""
    path = truth / _DELIVERIES / contract.dataset / f"{day}.parquet"
    return pq.read_table(path, columns=columns)


class NameTypes:
    """The name type of each true person, by index."""

    def __init__(self, persons: pa.Table) -> None:
        names = by_person(persons, "name").to_pylist()
        words = [noise_names.name_type(name) if name else None for name in names]
        self._types = pa.array(words, pa.string())

    def of(self, person: npt.NDArray[np.int64]) -> pa.Array:
        """The types of these people; blank for outsiders."""
        return self._types.take(pa.array(person, mask=person < 0)).fill_null("")


def write_links(
    truth: Path, folder: Path, contracts: Dictionary, as_of: date, name_types: NameTypes
) -> None:
    """Write links.parquet and dirt.parquet of one evening under ``folder``."""
    with (
        pq.ParquetWriter(folder / "links.parquet", LINK_SCHEMA, compression="zstd") as links,
        pq.ParquetWriter(folder / "dirt.parquet", DIRT_SCHEMA, compression="zstd") as dirt,
    ):
        for contract in contracts:
            for day, table in in_force(truth, contract, as_of):
                entries = _entries(contract, day, table, name_types)
                is_held = pc.equal(entries.column("state"), "in_force")
                links.write_table(entries.filter(is_held).select(LINK_SCHEMA.names))
                dirt.write_table(entries.filter(pc.invert(is_held)))


def in_force(truth: Path, contract: Contract, as_of: date) -> Iterator[tuple[date, pa.Table]]:
    """The truth of the deliveries in force, newest first; superseded rows have that state."""
    resent = np.zeros(0, dtype=np.uint64)
    dates = delivered_dates(truth, contract, as_of)
    for day in reversed(dates[-1:] if contract.mode == "full" else dates):
        table = read_delivery_truth(truth, contract, day)
        keys = table.column("key").to_numpy()
        states = table.column("state").cast(pa.string()).combine_chunks()
        is_old = np.isin(keys, resent) & np.asarray(pc.equal(states, "in_force"))
        states = pc.if_else(pa.array(is_old), SUPERSEDED, states)
        is_resent = table.column("is_resent").to_numpy()
        resent = np.union1d(resent, keys[is_resent])
        place = table.column_names.index("state")
        yield day, table.set_column(place, "state", states)


def _entries(contract: Contract, day: date, table: pa.Table, name_types: NameTypes) -> pa.Table:
    number = table.column("number_noise").cast(pa.string()).combine_chunks()
    name = table.column("name_noise").cast(pa.string()).combine_chunks()
    person = table.column("person").to_numpy()
    count = table.num_rows
    columns = {
        "dataset": pa.repeat(pa.scalar(contract.dataset), count),
        "business_date": pa.repeat(pa.scalar(day, pa.date32()), count),
        "file": table.column("file").cast(pa.string()),
        "row": table.column("row"),
        "role": table.column("role").cast(pa.string()),
        "person": table.column("person"),
        "difficulty": difficulty(number, name),
        "name_type": name_types.of(person),
        "number_noise": number,
        "name_noise": name,
        "state": table.column("state"),
    }
    return pa.table(columns, schema=DIRT_SCHEMA)


def difficulty(number: pa.Array, name: pa.Array) -> pa.Array:
    """How hard a row is to link, from what befell number and name.

    ``clean``, ``damaged_number``, ``no_number``, ``bad_name``, ``both`` (no usable number and a bad
    name) or ``other_persons_number``.
    """
    is_bad_name = _is_one_of(name, noise_names.BAD)
    is_none = _is_one_of(number, noise_numbers.NO_NUMBER)
    is_damaged = _is_one_of(number, noise_numbers.DAMAGED)
    return pc.case_when(
        pc.make_struct(
            pc.equal(number, "other_person"),
            pc.and_(is_bad_name, pc.or_(is_none, is_damaged)),
            is_none,
            is_damaged,
            is_bad_name,
        ),
        *(
            pa.scalar(word)
            for word in (
                "other_persons_number", "both", "no_number", "damaged_number", "bad_name", "clean"
            )
        ),
    )  # fmt: skip


def _is_one_of(texts: pa.Array, words: Sequence[str]) -> pa.Array:
    return pc.is_in(texts, value_set=pa.array(list(words), pa.string()))
