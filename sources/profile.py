"""What a delivery looks like in counts: to compare it with the ones before, and for its sender."""

from pathlib import Path
from typing import Any

from sources.contract import Contract
from sources.conversions import quoted
from sources.verdict import ROWS_FILE, SET_ASIDE_FILE
from store.engines.engine import Engine


def make_profile(engine: Engine, contract: Contract, folder: Path) -> dict[str, Any]:
    """Counts over ``rows.parquet`` and ``set_aside.parquet`` in ``folder``; no person's values.

    ``rows``; ``blank``: column → rows without a value (an identity number: without a valid one);
    ``codes``: code column → code → rows; ``id_status``: identity column → status → rows;
    ``townships``: township code → rows; ``remarks``: code of remark → rows; ``set_aside``: reason
    → header ('' for the whole row) → rows. Columns are in our names, headers in the sender's.
    """
    rows = f"read_parquet({quoted(str(folder / ROWS_FILE))})"
    blanks = [column.name for column in contract.columns]
    counts = ", ".join(f"count({name})" for name in blanks)
    total, *present = engine.rows(f"select count(*), {counts} from {rows}")[0]  # noqa: S608
    return {
        "rows": int(total),
        "blank": {n: int(total - filled) for n, filled in zip(blanks, present, strict=True)},
        "codes": {
            column.name: _distribution(engine, rows, column.name)
            for column in contract.of_kind("code", "bool")
        },
        "id_status": {
            column.name: _distribution(engine, rows, f"{column.name}_status")
            for column in contract.of_kind("id_no")
        },
        "townships": _townships(engine, contract, rows),
        "remarks": _distribution(
            engine,
            f"(select unnest(remarks) as remark from {rows} where len(remarks) > 0)",  # noqa: S608
            "remark",
        ),
        "set_aside": _set_aside(engine, folder),
    }


def _distribution(engine: Engine, source: str, column: str) -> dict[str, int]:
    """Value → rows, nulls left out, in the order of the values."""
    found = engine.rows(
        f"select cast({column} as varchar) as value, count(*) from {source}"  # noqa: S608
        f" where {column} is not null group by {column} order by value"
    )
    return {str(value): int(rows) for value, rows in found}


def _townships(engine: Engine, contract: Contract, rows: str) -> dict[str, int]:
    has_township = any(column.name == "township_code" for column in contract.columns)
    return _distribution(engine, rows, "township_code") if has_township else {}


def _set_aside(engine: Engine, folder: Path) -> dict[str, dict[str, int]]:
    found = engine.rows(
        "select reason, coalesce(header, '') as header, count(*) from read_parquet($file)"
        " group by all order by all",
        {"file": str(folder / SET_ASIDE_FILE)},
    )
    profile: dict[str, dict[str, int]] = {}
    for reason, header, rows in found:
        profile.setdefault(str(reason), {})[str(header)] = int(rows)
    return profile
