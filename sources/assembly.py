"""The rows in force on the as-of date, from the cleaned deliveries: schema ``clean``."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from domain.errors import HeduiError
from sources.cleaning_sql import clean_columns, kept_rows, key_struct, key_values
from sources.contract import Contract, Dictionary, Person
from sources.conversions import quoted
from sources.quarantine import COLUMNS as SET_ASIDE_COLUMNS
from sources.quarantine import PERSON_FIELDS, person_values
from sources.record_damage import reading_records
from sources.verdict import (
    ROWS_FILE,
    SET_ASIDE_FILE,
    DatasetState,
    JudgedDelivery,
    SourceState,
)
from store.engines.engine import Engine
from store.engines.parquet_files import parquet_rows

_COUNTS: Final = ("delivered", "accepted", "set_aside", "repeated")
_COUNT_FIELDS: Final = [(f"rows_{count}", pa.int64()) for count in _COUNTS]
_STATUS: Final = pa.schema(
    [
        *((name, pa.string()) for name in ("dataset", "agency", "agency_zh", "title", "state")),
        ("data_date", pa.date32()),
        ("reason", pa.string()),
        *_COUNT_FIELDS,
    ]
)
_DELIVERY: Final = pa.schema(
    [
        ("dataset", pa.string()),
        ("business_date", pa.date32()),
        ("delivery_id", pa.string()),
        ("state", pa.string()),
        ("reasons", pa.list_(pa.string())),
        *_COUNT_FIELDS,
        ("is_in_force", pa.bool_()),
    ]
)


def assemble(
    engine: Engine,
    dictionary: Dictionary,
    states: Iterable[DatasetState],
    seen: Iterable[JudgedDelivery],
) -> None:
    """Make every table and view of schema ``clean`` for the date that ``states`` speak of.

    ``states`` has each dataset as it stands (one not named is missing), ``seen`` every delivery up
    to the date. A dataset that is not in force has an empty table. Of an incremental dataset the
    newest row of each key is taken; where that one was set aside, the fact is unknown: no earlier
    row of the key stands in for it. A set-aside row is gone once its key is delivered again.
    """
    by_dataset = {state.dataset: state for state in states}
    engine.create_table("clean.set_aside", _empty(SET_ASIDE_COLUMNS))
    for contract in dictionary:
        state = by_dataset.get(contract.dataset)
        folders = _folders_in_force(state)
        with reading_records(folders):
            _assemble_dataset(engine, contract, folders)
    _make_mention_views(engine, dictionary)
    engine.load_table("clean.source_status", _status_table(dictionary, by_dataset))
    engine.load_table("clean.delivery", _delivery_table(seen, by_dataset))


def _folders_in_force(state: DatasetState | None) -> list[Path]:
    if state is None or state.state is not SourceState.IN_FORCE:
        return []
    for delivery in state.in_force:
        _check_balance(delivery)
    return [delivery.folder for delivery in state.in_force]


def _check_balance(delivery: JudgedDelivery) -> None:
    """In every run: the rows on disk are those on record, and all that were delivered.

    Raises HeduiError (``sources_record_damaged``): a record is whole or is read again.
    """
    counts = delivery.counts
    try:
        lying = [
            pq.read_metadata(delivery.folder / name).num_rows
            for name in (ROWS_FILE, SET_ASIDE_FILE)
        ]
    except (OSError, pa.ArrowException) as error:
        raise HeduiError("sources_record_damaged", folder=delivery.folder) from error
    if not counts.is_balanced or lying != [counts.accepted, counts.set_aside]:
        raise HeduiError("sources_record_damaged", folder=delivery.folder)


def _assemble_dataset(engine: Engine, contract: Contract, folders: Sequence[Path]) -> None:
    table = f"clean.{contract.table}"
    if not folders:
        engine.create_table(table, _empty(clean_columns(contract)))
        return
    files = [folder / ROWS_FILE for folder in folders]
    kept, rows = kept_rows(contract, files), parquet_rows(files)
    aside = parquet_rows(folder / SET_ASIDE_FILE for folder in folders)
    if len(folders) == 1:
        engine.create_table(table, kept)
        _add_set_aside(engine, f"select * from {aside}")  # noqa: S608
        return
    engine.create_table("work.superseded", superseded_query(contract, rows, aside))
    engine.create_table(
        table,
        f"select * from ({kept}) anti join work.superseded using (record_id)",  # noqa: S608
    )
    _add_set_aside(
        engine,
        f"select * from {aside} anti join work.superseded using (record_id)",  # noqa: S608
    )
    engine.run("drop table work.superseded")


def superseded_query(contract: Contract, rows: str, aside: str) -> str:
    """Record ids whose key a later delivery has as well, among rows and set-aside rows.

    Record ids of one dataset ascend with the business date. Rows of one delivery share a key only
    when all of them are set aside, and those fall or stand together.
    """
    key = ", ".join(key_values(contract, "given"))
    aside_key = ", ".join(f"key_fields.k{place}" for place in range(1, len(contract.key) + 1))
    return f"""
with row_key as (
    select record_id, business_date, hash({key}) as key_hash from {rows} as given
),
aside_key as (
    select record_id, business_date, key_fields, hash({aside_key}) as key_hash
    from {aside} where key_fields is not null
),
every_key as (select key_hash from row_key union all select key_hash from aside_key),
shared as (select key_hash from every_key group by key_hash having count(*) > 1),
candidate as (
    select record_id, business_date, {key_struct(contract, "given")} as key_fields
    from {rows} as given where hash({key}) in (select key_hash from shared)
    union all
    select record_id, business_date, key_fields from aside_key
    where key_hash in (select key_hash from shared)
),
newest as (
    select key_fields, max(business_date) as newest_date from candidate group by key_fields
)
select candidate.record_id
from candidate join newest on candidate.key_fields is not distinct from newest.key_fields
where candidate.business_date < newest.newest_date"""  # noqa: S608


def _add_set_aside(engine: Engine, query: str) -> None:
    columns = ", ".join(SET_ASIDE_COLUMNS)
    engine.run(f"insert into clean.set_aside select {columns} from ({query}) as given")  # noqa: S608


def _empty(columns: Mapping[str, str]) -> str:
    typed = ", ".join(f"cast(null as {type_}) as {name}" for name, type_ in columns.items())
    return f"select {typed} where false"


def _make_mention_views(engine: Engine, dictionary: Dictionary) -> None:
    """``clean.mention_<table>`` for each dataset, and ``clean.mention`` over all of them."""
    for contract in dictionary:
        engine.create_view(f"clean.mention_{contract.table}", mention_query(contract))
    every = (f"select * from clean.mention_{contract.table}" for contract in dictionary)  # noqa: S608
    engine.create_view("clean.mention", "\nunion all\n".join(every))


def mention_query(contract: Contract) -> str:
    """One row for each person that a row of the dataset names, set-aside rows included."""
    fields = ", ".join(f"person.{field}" for field in PERSON_FIELDS if field != "role")
    rows = [_mentioned(contract, person) for person in contract.persons]
    aside = f"""
select dataset, person.role, record_id, true as is_set_aside, {fields}
from (
    select dataset, record_id, unnest(persons) as person
    from clean.set_aside where dataset = {quoted(contract.dataset)}
)"""  # noqa: S608
    return "\nunion all\n".join([*rows, aside])


def _mentioned(contract: Contract, person: Person) -> str:
    values = person_values(person)
    role = values.pop("role")
    columns = ", ".join(
        f"{value} as {name}" if value else f"cast(null as {PERSON_FIELDS[name]}) as {name}"
        for name, value in values.items()
    )
    return f"""
select {quoted(contract.dataset)} as dataset, {role} as role, record_id,
    false as is_set_aside, {columns}
from clean.{contract.table}"""  # noqa: S608


def _status_table(dictionary: Dictionary, states: Mapping[str, DatasetState]) -> pa.Table:
    return pa.Table.from_pylist(
        [_status(contract, states.get(contract.dataset)) for contract in dictionary], _STATUS
    )


def _status(contract: Contract, state: DatasetState | None) -> dict[str, object]:
    in_force = state.in_force if state and state.state is SourceState.IN_FORCE else ()
    return {
        "dataset": contract.dataset,
        "agency": contract.agency,
        "agency_zh": contract.agency_zh,
        "title": contract.title,
        "state": (state.state if state else SourceState.MISSING).value,
        "data_date": state.data_date if state else None,
        "reason": str(state.reason) if state and state.reason else None,
        **{
            f"rows_{count}": sum(getattr(delivery.counts, count) for delivery in in_force)
            for count in _COUNTS
        },
    }


def _delivery_table(seen: Iterable[JudgedDelivery], states: Mapping[str, DatasetState]) -> pa.Table:
    in_force = {
        delivery.delivery_id
        for state in states.values()
        if state.state is SourceState.IN_FORCE
        for delivery in state.in_force
    }
    ordered = sorted(seen, key=lambda d: (d.dataset, d.business_date, d.delivery_id))
    return pa.Table.from_pylist(
        [_delivery(each, each.delivery_id in in_force) for each in ordered], _DELIVERY
    )


def _delivery(delivery: JudgedDelivery, is_in_force: bool) -> dict[str, object]:
    return {
        "dataset": delivery.dataset,
        "business_date": delivery.business_date,
        "delivery_id": delivery.delivery_id,
        "state": delivery.state.value,
        "reasons": [str(reason) for reason in delivery.reasons],
        **{f"rows_{count}": getattr(delivery.counts, count) for count in _COUNTS},
        "is_in_force": is_in_force,
    }
