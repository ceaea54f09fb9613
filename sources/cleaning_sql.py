"""A delivery's rows of codes to typed rows in SQL, made from its contract; runs nothing.

The values of each column's texts lie ready (:mod:`sources.column_sql`); ``row_query`` puts them
together row by row, with the remarks and what sets the row aside.
"""

from collections.abc import Iterable
from typing import Final

from sources.column_sql import TYPED, value_table
from sources.contract import Column, Contract
from sources.conversions import quoted, without_blanks
from sources.raw_rows import CODED_ROWS, coded_columns

FILE_TABLE: Final = "cleaning.delivered_file"
"""``file_no``, ``file_name``, ``business_date`` and ``record_base`` (record id of row 0)."""

_TOTALS: Final = "(?m)^[ \t　]*[合总小共][ \t　]*计[ \t　]*[:：]?[ \t　]*$"
NO_REMARKS = "cast([] as varchar[])"
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


def suffixes(column: Column) -> tuple[str, ...]:
    """The endings of the columns that one column of the contract stands for."""
    if column.kind == "id_no":
        return ("", "_raw", "_text", "_status")
    return ("", "_raw") if column.kind == "name" else ("",)


def row_query(contract: Contract, coded: str = CODED_ROWS) -> str:
    """The rows of ``raw.coded``, or of a table of some of them, with their values, names folded.

    Beside the dataset's columns it gives ``problem_reason`` and ``problem_header`` (null for a row
    that can be used) and ``raw_text``, the row as delivered. Reads :data:`FILE_TABLE`.
    """
    return f"""
with delivered as ({_joined(contract.columns, coded)}),
judged as (select *, {_problem(contract)} as problem, {_lost_name(contract)} as lost from delivered)
select
    record_base + row_no as record_id,
    business_date,
    file_name,
    row_no,
    {_remarks(contract)} as remarks,
    {_list(_values(contract.columns))},
    {_problem_reason(contract)} as problem_reason,
    {_problem_header(contract)} as problem_header,
    {_raw_text(contract)} as raw_text
from judged"""  # noqa: S608


def key_hash_query(contract: Contract) -> str:
    """``file_no``, ``row_no`` and ``key_hash`` of the rows of ``raw.coded`` whose key is readable.

    Rows of different keys may have the same hash, if seldom; rows of the same key always have.
    """
    columns = [contract.by_name(name) for name in contract.key_names]
    hashes = [f"h_{column.name}" for column in columns]
    return f"""
select file_no, row_no, hash({_list(hashes)}) as key_hash from ({_joined(columns, CODED_ROWS)})
where {" and ".join(f"{one} is not null" for one in hashes)}"""  # noqa: S608


def unusable_query(contract: Contract) -> str:
    """The rows of ``raw.coded`` that have a problem, or are among ``cleaning.key_conflict``."""
    return f"""
select {_list(coded_columns(contract))} from ({_joined(_required(contract), CODED_ROWS)})
where {_problem(contract)} is not null
    or {_lost_name(contract)} is not null
    or record_base + row_no in (select record_id from cleaning.key_conflict)"""  # noqa: S608


def _joined(columns: Iterable[Column], coded: str) -> str:
    joins = "\n".join(f"join {value_table(c)} using (c_{c.name})" for c in columns)
    return f"select * from {coded} join {FILE_TABLE} using (file_no)\n{joins}"  # noqa: S608


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


def _required(contract: Contract) -> list[Column]:
    """Columns whose value a row cannot be used without; an identity number is only remarked."""
    return [c for c in contract.columns if not c.is_nullable and c.kind != "id_no"]


def _problem(contract: Contract) -> str:
    """The 1-based place of the first required column without a value, or null."""
    tests = [
        f"when v_{c.name} is null then {place}"
        for place, c in enumerate(_required(contract), start=1)
    ]
    return f"case {' '.join(tests)} end" if tests else "cast(null as integer)"


def _lost_name(contract: Contract) -> str:
    """The 1-based place among the required columns of a name of which folding leaves nothing."""
    tests = [
        f"when r_{c.name} is not null and f_{c.name} is null then {place}"
        for place, c in enumerate(_required(contract), start=1)
        if c.kind == "name"
    ]
    return f"case {' '.join(tests)} end" if tests else "cast(null as integer)"


def _problem_reason(contract: Contract) -> str:
    branches = []
    for place, column in enumerate(_required(contract), start=1):
        if column.kind in ("text", "name"):
            branches.append(f"when {place} then 'required_blank'")
            continue
        unreadable = "unknown_code" if column.kind == "code" else "required_unreadable"
        branches.append(
            f"when {place} then case when u_{column.name} = 1"
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
        for place, column in enumerate(_required(contract), start=1)
    ]
    if not branches:
        return "cast(null as varchar)"
    return f"case coalesce(problem, lost) {' '.join(branches)} end"


def _remarks(contract: Contract) -> str:
    """Codes of remarks; the list is built only for the few rows that have any."""
    flagged = {f"u_{c.name} = 1": f"{c.name}:{_remark(c)}" for c in _remarkable(contract)}
    tests = [
        f"case when {flag} then [{quoted(says)}] else {NO_REMARKS} end"
        for flag, says in flagged.items()
    ]
    flags = list(flagged)
    for name in (column.name for column in contract.of_kind("id_no")):
        usable = f"s_{name} in ('valid', 'valid_15')"
        flags.append(f"not {usable}")
        tests.append(
            f"case when {usable} then {NO_REMARKS} else [{quoted(name + ':')} || s_{name}] end"
        )
    for name in (column.name for column in contract.of_kind("name")):
        flags.append(f"x_{name}")
        tests.append(
            f"case when x_{name} then [{quoted(name + ':unreadable')}] else {NO_REMARKS} end"
        )
    if not flags:
        return NO_REMARKS
    return f"case when {' or '.join(flags)} then {' || '.join(tests)} else {NO_REMARKS} end"


def _remarkable(contract: Contract) -> list[Column]:
    return [c for c in contract.of_kind("code", *TYPED) if c.is_nullable]


def _remark(column: Column) -> str:
    return "unknown_code" if column.kind == "code" else "unreadable"


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
