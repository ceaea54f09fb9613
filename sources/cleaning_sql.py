"""What is asked in SQL of a delivery's odd rows, made from its contract; runs nothing.

Odd are rows that cannot be used and rows whose key another has as well. What was read of them lies
ready (:meth:`sources.delivered_rows.ReadPart.value_rows`); here is what sets each aside.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from sources.contract import Column, Contract
from sources.conversions import quoted, without_blanks
from sources.delivered_rows import required
from store.engines.parquet_files import parquet_rows

FILE_TABLE: Final = "cleaning.delivered_file"
"""``file_no``, ``file_name``, ``business_date`` and ``record_base`` (record id of row 0)."""

_TOTALS: Final = "(?m)^[ \t　]*[合总小共][ \t　]*计[ \t　]*[:：]?[ \t　]*$"
SQL_TYPES = {
    "text": "varchar", "code": "varchar", "date": "date", "month": "date", "yuan": "decimal(14,2)",
    "decimal": "decimal(14,4)", "int": "integer", "bool": "boolean",
}  # fmt: skip


def clean_columns(contract: Contract) -> dict[str, str]:
    """Every column of the dataset's table with its SQL type, in order."""
    columns = {
        "record_id": "bigint", "business_date": "date", "file_name": "varchar", "row_no": "integer",
        "remarks": "varchar[]",
    }  # fmt: skip
    for column in contract.columns:
        for suffix in suffixes(column):
            columns[column.name + suffix] = SQL_TYPES.get(column.kind, "varchar")
    return columns


def kept_rows(contract: Contract, files: Iterable[Path]) -> str:
    """A query of the rows in files of accepted rows, every text as delivered in its place again.

    It is not stored where it is written as its value is.
    """
    raw = [f"coalesce({c.name}_raw, {c.name}) as {c.name}_raw" for c in contract.columns
           if "_raw" in suffixes(c)]  # fmt: skip
    columns = ", ".join(clean_columns(contract))
    replaced = f" replace ({', '.join(raw)})" if raw else ""
    return f"select {columns} from (select *{replaced} from {parquet_rows(files)})"  # noqa: S608


def suffixes(column: Column) -> tuple[str, ...]:
    """The endings of the columns that one column of the contract stands for."""
    if column.kind == "id_no":
        return ("", "_raw", "_text", "_status")
    return ("", "_raw") if column.kind == "name" else ("",)


def row_query(contract: Contract, rows: str) -> str:
    """A table of value rows as rows of the dataset, names folded, without their remarks.

    Beside the dataset's columns it gives ``problem_reason`` and ``problem_header`` (null for a row
    that can be used) and ``raw_text``, the row as delivered. Reads :data:`FILE_TABLE`.
    """
    return f"""
with delivered as (select * from {rows} join {FILE_TABLE} using (file_no)),
judged as (select *, {_problem(contract)} as problem, {_lost_name(contract)} as lost from delivered)
select
    record_base + row_no as record_id,
    business_date,
    file_name,
    row_no,
    {_list(_values(contract.columns))},
    {_problem_reason(contract)} as problem_reason,
    {_problem_header(contract)} as problem_header,
    {_raw_text(contract)} as raw_text
from judged"""  # noqa: S608


def key_values(contract: Contract, alias: str) -> list[str]:
    """The key as compared: cleaned values, identity numbers by number or else by text."""
    return [_compared(contract.by_name(name), alias) for name in contract.key_names]


def key_struct(contract: Contract, alias: str) -> str:
    """The key as one value, by which rows of several deliveries are compared."""
    values = enumerate(key_values(contract, alias), start=1)
    return "struct_pack(" + ", ".join(f"k{place} := {value}" for place, value in values) + ")"


def key_type(contract: Contract) -> str:
    """The SQL type of :func:`key_struct`."""
    kinds = (contract.by_name(name).kind for name in contract.key_names)
    fields = (f"k{place} {SQL_TYPES.get(kind, 'varchar')}" for place, kind in enumerate(kinds, 1))
    return f"struct({', '.join(fields)})"


def content_values(contract: Contract, alias: str) -> list[str]:
    """What makes two rows say the same: every cleaned value."""
    return [_compared(column, alias) for column in contract.columns]


def is_key_readable(contract: Contract, alias: str) -> str:
    """Whether no value of the key is missing that the dictionary requires."""
    needed = [contract.by_name(name) for name in contract.key_names]
    tests = [
        f"{alias}.{c.name} is not null" for c in needed if not c.is_nullable and c.kind != "id_no"
    ]
    return " and ".join(tests) or "true"


def _compared(column: Column, alias: str) -> str:
    if column.kind == "id_no":
        return f"coalesce({alias}.{column.name}, {alias}.{column.name}_text)"
    return f"{alias}.{column.name}"


def _list(expressions: Iterable[str]) -> str:
    return ",\n    ".join(expressions)


def _problem(contract: Contract) -> str:
    """The 1-based place of the first required column without a value, or null."""
    tests = [
        f"when v_{c.name} is null then {place}"
        for place, c in enumerate(required(contract), start=1)
    ]
    return f"case {' '.join(tests)} end" if tests else "cast(null as integer)"


def _lost_name(contract: Contract) -> str:
    """The 1-based place among the required columns of a name of which folding leaves nothing."""
    tests = [
        f"when r_{c.name} is not null and f_{c.name} is null then {place}"
        for place, c in enumerate(required(contract), start=1)
        if c.kind == "name"
    ]
    return f"case {' '.join(tests)} end" if tests else "cast(null as integer)"


def _problem_reason(contract: Contract) -> str:
    branches = []
    for place, column in enumerate(required(contract), start=1):
        if column.kind in ("text", "name"):
            branches.append(f"when {place} then 'required_blank'")
            continue
        unreadable = "unknown_code" if column.kind == "code" else "required_unreadable"
        branches.append(
            f"when {place} then case when u_{column.name}"
            f" then {quoted(unreadable)} else 'required_blank' end"
        )
    if not branches:
        return "cast(null as varchar)"
    return (
        "case when problem is null then case when lost is not null then 'required_blank' end"
        f" when {_is_totals(contract)} then 'totals'"
        f" when {_is_header_again(contract)} then 'second_header'"
        f" else case problem {' '.join(branches)} end end"
    )


def _is_totals(contract: Contract) -> str:
    """Whether a row that cannot be used is a line of totals: a field says so (合计, 总计 …)."""
    fields = ", ".join(f"r_{c.name}" for c in contract.columns)
    return f"regexp_matches(concat_ws('\n', {fields}), {quoted(_TOTALS)})"


def _is_header_again(contract: Contract) -> str:
    """Whether a row that cannot be used names the columns once more, in whatever words.

    Two fields are their own headers, or most are filled and none has a digit.
    """
    fields = [f"r_{c.name}" for c in contract.columns]
    same = " + ".join(
        f"cast({without_blanks(f'r_{c.name}')} is not distinct from {quoted(c.header)} as integer)"
        for c in contract.columns
    )
    filled = " + ".join(f"cast({field} is not null as integer)" for field in fields)
    no_digit = f"not regexp_matches(concat({', '.join(fields)}), '[0-9０-９]')"
    return f"({same} >= 2 or ({no_digit} and ({filled}) * 4 >= {3 * len(fields)}))"


def _problem_header(contract: Contract) -> str:
    branches = [
        f"when {place} then {quoted(column.header)}"
        for place, column in enumerate(required(contract), start=1)
    ]
    if not branches:
        return "cast(null as varchar)"
    return f"case coalesce(problem, lost) {' '.join(branches)} end"


def _values(columns: Iterable[Column]) -> list[str]:
    """The dataset's columns that these stand for, under their names."""
    values = []
    for column in columns:
        name = column.name
        if column.kind == "name":
            values += [f"f_{name} as {name}", f"r_{name} as {name}_raw"]
        elif column.kind == "id_no":
            values += [f"v_{name} as {name}", f"r_{name} as {name}_raw"]
            values += [f"t_{name} as {name}_text", f"s_{name} as {name}_status"]
        else:
            values.append(f"v_{name} as {name}")
    return values


def _raw_text(contract: Contract) -> str:
    """The row as delivered: a JSON object of the sender's headers and values."""
    pairs = ", ".join(f"{quoted(c.header)}, r_{c.name}" for c in contract.columns)
    return f"cast(json_object({pairs}) as varchar)"
