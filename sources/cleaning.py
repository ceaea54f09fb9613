"""One delivery's text to values: typed rows, rows set aside, and the balance of both."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, Protocol

import pyarrow as pa

from domain.errors import HeduiError
from sources.cleaning_sql import FILE_TABLE, clean_columns, row_query
from sources.column_sql import value_query, value_table
from sources.contract import Contract
from sources.conversions import quoted
from sources.name_folding import fold_new_names
from sources.profile import make_profile
from sources.quarantine import (
    count_by_reason,
    find_duplicates,
    gather_unusable,
    nothing_set_aside_query,
    set_aside_query,
)
from sources.raw_rows import CODED_ROWS, text_table
from sources.verdict import ROWS_FILE, SET_ASIDE_FILE, Counts
from store.engines.engine import Engine, Parameters

_EPOCH: Final = date(1970, 1, 1)


class DeliveredFiles(Protocol):
    """What cleaning must know of a delivery."""

    @property
    def business_date(self) -> date:
        """The evening it shows."""

    @property
    def file_names(self) -> tuple[str, ...]:
        """The names in the manifest, by ``file_no``."""


@dataclass(frozen=True, slots=True)
class CleanReport:
    """The balance of one delivery: delivered = accepted + set aside + repeated.

    ``set_aside_by_reason`` sums to ``rows_set_aside``; ``profile`` is plain data, as
    :func:`sources.profile.make_profile` describes it.
    """

    rows_delivered: int
    rows_accepted: int
    rows_set_aside: int
    rows_repeated: int
    set_aside_by_reason: Mapping[str, int]
    profile: Mapping[str, Any]


def clean_delivery(
    engine: Engine, contract: Contract, delivery: DeliveredFiles, target: Path
) -> CleanReport:
    """Clean what was read into ``rows.parquet`` and ``set_aside.parquet`` in the folder ``target``.

    Reads what :class:`sources.raw_rows.RawRows` made, of which only ``raw.coded`` remains, and
    ``raw.bad_rows``. The files' columns are those of ``clean.<table>`` and ``clean.set_aside``.
    Every delivered row is in one of them, or is an exact repeat of one that is: HeduiError
    (``sources_rows_lost``) otherwise.
    """
    engine.load_table(FILE_TABLE, _files(contract, delivery))
    _read_texts(engine, contract, delivery.business_date)
    find_duplicates(engine, contract)
    _write(engine, _accepted(contract), target / ROWS_FILE)
    counts = _count(engine, target)
    if counts.accepted + counts.repeated < counts.delivered:
        gather_unusable(engine, contract)
        _write(
            engine, set_aside_query(contract), target / SET_ASIDE_FILE, _bound(contract, delivery)
        )
    else:
        _write(engine, nothing_set_aside_query(contract), target / SET_ASIDE_FILE)
    report = _report(engine, contract, target, counts)
    engine.drop_working("cleaning")
    _check_balance(contract, delivery, report)
    return report


def record_base(contract: Contract, business_date: date) -> int:
    """The record id of row 0 of file 0 of a delivery: dataset and date in its upper bits."""
    return contract.number << 57 | (business_date - _EPOCH).days << 41


def _bound(contract: Contract, delivery: DeliveredFiles) -> dict[str, object]:
    return {
        "dataset": contract.dataset,
        "record_base": record_base(contract, delivery.business_date),
        "business_date": delivery.business_date,
        "file_names": list(delivery.file_names),
    }


def _files(contract: Contract, delivery: DeliveredFiles) -> pa.Table:
    base = record_base(contract, delivery.business_date)
    names = delivery.file_names
    return pa.table(
        {
            "file_no": pa.array(range(len(names)), pa.int32()),
            "file_name": pa.array(names, pa.string()),
            "business_date": pa.array([delivery.business_date] * len(names), pa.date32()),
            "record_base": pa.array([base | no << 31 for no in range(len(names))], pa.int64()),
        }
    )


def _read_texts(engine: Engine, contract: Contract, business_date: date) -> None:
    """Make every column's table of values; its table of texts is no longer needed then."""
    fold_new_names(engine, contract.of_kind("name"))
    for column in contract.columns:
        bound = {"business_date": business_date} if column.kind == "id_no" else {}
        engine.create_table(value_table(column), value_query(contract, column), bound)
    for column in contract.columns:
        engine.run(f"drop table {text_table(column)}")


def _accepted(contract: Contract) -> str:
    """The rows that are used, each once, in no promised order."""
    columns = ", ".join(name for name in clean_columns(contract) if name != "remarks")
    return f"""
select {columns.replace("row_no,", "row_no, remarks_of_row as remarks,", 1)}
from (
    select read.* exclude (remarks),
        case when outcome = 'kept' then remarks || ['repeated'] else remarks end as remarks_of_row
    from ({row_query(contract)}) as read left join cleaning.duplicate using (record_id)
    where problem_reason is null and coalesce(outcome, 'kept') = 'kept'
)"""  # noqa: S608


def _write(engine: Engine, query: str, file: Path, bound: Parameters | None = None) -> None:
    """Write a query's rows; the lowest level packs nearly as well as the usual one, and faster."""
    packing = "format parquet, parquet_version v2, compression zstd, compression_level 1"
    engine.run(f"copy ({query}) to {quoted(str(file))} ({packing})", bound)


def _count(engine: Engine, target: Path) -> Counts:
    """Rows delivered, accepted and repeated; those set aside are still to be written."""
    delivered, accepted, repeated = engine.rows(
        f"select (select count(*) from {CODED_ROWS}) + (select count(*) from raw.bad_rows),"  # noqa: S608
        " (select count(*) from read_parquet($rows)),"
        " (select count(*) from cleaning.duplicate where outcome = 'repeat')",
        {"rows": str(target / ROWS_FILE)},
    )[0]
    return Counts(delivered=int(delivered), accepted=int(accepted), repeated=int(repeated))


def _report(engine: Engine, contract: Contract, target: Path, counts: Counts) -> CleanReport:
    by_reason = count_by_reason(engine, str(target / SET_ASIDE_FILE))
    return CleanReport(
        rows_delivered=counts.delivered,
        rows_accepted=counts.accepted,
        rows_set_aside=sum(by_reason.values()),
        rows_repeated=counts.repeated,
        set_aside_by_reason=by_reason,
        profile=make_profile(engine, contract, target),
    )


def _check_balance(contract: Contract, delivery: DeliveredFiles, report: CleanReport) -> None:
    accounted = report.rows_accepted + report.rows_set_aside + report.rows_repeated
    if accounted != report.rows_delivered:
        raise HeduiError(
            "sources_rows_lost",
            dataset=contract.dataset,
            business_date=delivery.business_date,
            delivered=report.rows_delivered,
            accounted=accounted,
        )
