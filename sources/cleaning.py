"""One delivery's text to values: typed rows, rows set aside, and the balance of both."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, Protocol

from domain.errors import HeduiError
from sources.cleaning_sql import clean_columns, named_rows, stage_query
from sources.contract import Contract
from sources.conversions import quoted
from sources.name_folding import fold_new_names
from sources.profile import make_profile
from sources.quarantine import (
    count_by_reason,
    find_duplicates,
    has_conflicts,
    nothing_set_aside_query,
    set_aside_query,
)
from sources.verdict import ROWS_FILE, SET_ASIDE_FILE, Counts
from store.engines.engine import Engine, Parameters

_STAGED: Final = "work.staged"
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
    """Clean ``raw.rows`` and ``raw.bad_rows`` into ``rows.parquet`` and ``set_aside.parquet``.

    Both files are made in the folder ``target``; their columns are those of ``clean.<table>`` and
    ``clean.set_aside``. Every delivered row is in one of them, or is an exact repeat of one that
    is: HeduiError (``sources_rows_lost``) otherwise. ``raw.rows`` is read once, and once more where
    rows share a key and disagree.
    """
    stage_file = target / "staged.parquet"
    bound = _bound(contract, delivery)
    _write(engine, stage_query(contract), stage_file, _without(bound, "dataset"), "lz4_raw")
    engine.create_view(_STAGED, f"select * from read_parquet({quoted(str(stage_file))})")  # noqa: S608
    fold_new_names(engine, _STAGED, contract.of_kind("name"))
    find_duplicates(engine, contract, _STAGED)
    _write(engine, _accepted(contract), target / ROWS_FILE, {}, "zstd")
    counts = _count(engine, target)
    if counts.accepted + counts.repeated < counts.delivered:
        aside = set_aside_query(contract, _STAGED, with_conflicts=has_conflicts(engine))
        _write(engine, aside, target / SET_ASIDE_FILE, bound, "zstd")
    else:
        _write(engine, nothing_set_aside_query(contract), target / SET_ASIDE_FILE, {}, "zstd")
    report = _report(engine, contract, target, counts)
    engine.run(f"drop view {_STAGED}")
    for table in ("shared_key", "duplicate"):
        engine.run(f"drop table work.{table}")
    stage_file.unlink()
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


def _without(bound: Mapping[str, object], name: str) -> dict[str, object]:
    return {key: value for key, value in bound.items() if key != name}


def _accepted(contract: Contract) -> str:
    """The rows that are used, each once, in no promised order."""
    named = named_rows(contract, _STAGED, contract.of_kind("name"))
    columns = ", ".join(name for name in clean_columns(contract) if name != "remarks")
    return f"""
select {columns.replace("row_no,", "row_no, remarks_of_row as remarks,", 1)}
from (
    select named.* exclude (remarks),
        case when outcome = 'kept' then remarks || ['repeated'] else remarks end as remarks_of_row
    from ({named}) as named left join work.duplicate using (record_id)
    where problem_reason is null and coalesce(outcome, 'kept') = 'kept'
)"""  # noqa: S608


def _write(engine: Engine, query: str, file: Path, bound: Parameters, compression: str) -> None:
    engine.run(
        f"copy ({query}) to {quoted(str(file))} (format parquet, compression {compression})", bound
    )


def _count(engine: Engine, target: Path) -> Counts:
    """Rows delivered, accepted and repeated; those set aside are still to be written."""
    delivered, accepted, repeated = engine.rows(
        "select (select count(*) from work.staged) + (select count(*) from raw.bad_rows),"
        " (select count(*) from read_parquet($rows)),"
        " (select count(*) from work.duplicate where outcome = 'repeat')",
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
