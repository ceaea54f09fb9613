"""The queries that make values of a delivery's text: pure builders over one contract.

Three stages. ``stage_query`` reads every delivered row once and gives typed columns, remarks, and
what sets the row aside; names are still as delivered. ``named_rows`` adds the folded names.
``quarantine`` then finds rows whose key is given twice.
"""

from collections.abc import Iterable
from typing import Final

from sources.contract import Column, Contract, Kind
from sources.conversions import (
    DATED,
    code,
    identifier,
    is_none,
    plausible,
    quoted,
    read,
    reference_text,
    without_blanks,
    words,
    written,
)
from sources.identity_conversion import (
    check_character,
    first_17,
    folded,
    is_born,
    number,
    status,
)

PLACE = ("record_id", "business_date", "file_name", "row_no")
TYPED: Final[tuple[Kind, ...]] = ("date", "month", "yuan", "int", "decimal", "bool")
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


def stage_query(contract: Contract) -> str:
    """All rows of ``raw.rows``, typed. Binds $record_base, $business_date and $file_names.

    Beside the dataset's columns (names unfolded) it gives ``problem_reason`` and
    ``problem_header`` (null for a row that can be used) and ``raw_text`` of rows with a problem.
    """
    return f"""
with delivered as (
    select file_no, row_no, {_list(_delivered(contract))}
    from raw.rows
),
folded as (select *{_more(_folded(contract))}{_more(_written(contract))} from delivered),
digits as (select *{_more(_digits(contract))} from folded),
checked as (select *{_more(_checked(contract))} from digits),
converted as (select *{_more(_converted(contract))} from checked),
valued as (select *{_more(_valued(contract))} from converted),
judged as (select *{_more(_judged(contract))} from valued),
placed as (select *, {_problem(contract)} as problem from judged)
select
    $record_base | (cast(file_no as bigint) << 31) | row_no as record_id,
    cast($business_date as date) as business_date,
    $file_names[file_no + 1] as file_name,
    row_no,
    {_remarks(contract)} as remarks,
    {_list(_stage_columns(contract))},
    {_problem_reason(contract)} as problem_reason,
    {_problem_header(contract)} as problem_header,
    case when problem is not null then {_raw_text(contract)} end as raw_text
from placed"""  # noqa: S608


def raw_text_query(contract: Contract) -> str:
    """``record_id`` and ``raw_text`` of every row of ``raw.rows``. Binds $record_base."""
    return f"""
with delivered as (
    select file_no, row_no, {_list(_delivered(contract))}
    from raw.rows
)
select
    $record_base | (cast(file_no as bigint) << 31) | row_no as record_id,
    {_raw_text(contract)} as raw_text
from delivered"""  # noqa: S608


def named_rows(contract: Contract, staged: str, names: Iterable[Column]) -> str:
    """The staged rows with ``names`` folded, in place of what was delivered.

    A required name of which nothing is left sets its row aside; unreadable characters are a remark.
    """
    columns = list(names)
    joins = "\n".join(
        f"left join work.folded_name as f_{c.name} on f_{c.name}.raw = staged.{c.name}_raw"
        for c in columns
    )
    given = [f"{_name(c)} as {c.name}" for c in columns]
    lost = [f"when staged.{c.name}_raw is not null and {_name(c)} is null" for c in columns]
    needed = [c for c in columns if not c.is_nullable]
    remarks = " || ".join(
        ["staged.remarks"]
        + [
            f"case when f_{c.name}.is_unreadable then [{quoted(f'{c.name}:unreadable')}]"
            f" else {NO_REMARKS} end"
            for c in columns
        ]
    )
    unreadable = " or ".join(f"f_{c.name}.is_unreadable" for c in columns) or "false"
    lost_and_needed = [(w, c) for w, c in zip(lost, columns, strict=True) if c in needed]
    reason = "".join(f" {when} then 'required_blank'" for when, _ in lost_and_needed)
    header = "".join(f" {when} then {quoted(c.header)}" for when, c in lost_and_needed)
    replaced = [
        *given,
        f"case when {unreadable} then {remarks} else staged.remarks end as remarks",
    ]
    if needed:
        replaced += [
            f"coalesce(problem_reason, case{reason} end) as problem_reason",
            f"coalesce(problem_header, case{header} end) as problem_header",
        ]
    return f"select staged.* replace ({_list(replaced)}) from {staged} as staged\n{joins}"  # noqa: S608


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


def _name(column: Column) -> str:
    joined = f"f_{column.name}"
    return f"case when {joined}.raw is null then staged.{column.name}_raw else {joined}.folded end"


def _list(expressions: Iterable[str]) -> str:
    return ",\n    ".join(expressions)


def _more(expressions: Iterable[str]) -> str:
    return "".join(f",\n    {expression}" for expression in expressions)


def _delivered(contract: Contract) -> list[str]:
    return [f"nullif({identifier(c.header)}, '') as r_{c.name}" for c in contract.columns]


def _folded(contract: Contract) -> list[str]:
    return [f"{folded(f'r_{c.name}')} as t_{c.name}" for c in contract.of_kind("id_no")]


def _written(contract: Contract) -> list[str]:
    return [f"{written(f'r_{c.name}', c.kind)} as w_{c.name}" for c in contract.of_kind(*TYPED)]


def _digits(contract: Contract) -> list[str]:
    return [f"{first_17(f't_{c.name}')} as e_{c.name}" for c in contract.of_kind("id_no")]


def _checked(contract: Contract) -> list[str]:
    checked = []
    for name in (column.name for column in contract.of_kind("id_no")):
        checked.append(f"{check_character(f'cast(e_{name} as bigint)')} as c_{name}")
        checked.append(f"{is_born(f'e_{name}', 'cast($business_date as date)')} as b_{name}")
    return checked


def _converted(contract: Contract) -> list[str]:
    converted = []
    for column in contract.columns:
        raw = f"r_{column.name}"
        if column.kind == "id_no":
            parts = (f"{letter}_{column.name}" for letter in "tecb")
            converted.append(f"{status(*parts)} as s_{column.name}")
        elif column.kind == "code":
            converted.append(f"{code(raw, column.codes)} as v_{column.name}")
        elif column.kind == "text":
            is_reference = column.header in contract.key or column.name.endswith(("_no", "_code"))
            tidied = reference_text(raw) if is_reference else words(raw)
            converted.append(f"{tidied} as v_{column.name}")
        elif column.kind in TYPED:
            letter = "d" if column.kind in DATED else "v"
            value = read(raw, f"w_{column.name}", column.kind)
            converted.append(f"{value} as {letter}_{column.name}")
    return converted


def _valued(contract: Contract) -> list[str]:
    valued = []
    for column in contract.columns:
        name = column.name
        if column.kind == "id_no":
            valued.append(
                f"{number(f's_{name}', f't_{name}', f'e_{name}', f'c_{name}')} as v_{name}"
            )
        elif column.kind in DATED:
            valued.append(f"{plausible(f'd_{name}')} as v_{name}")
        elif column.kind == "name":
            seen = f"{without_blanks(f'r_{name}')} <> ''"
            is_plain = f"regexp_full_match(r_{name}, '[\\x{{4e00}}-\\x{{9fff}}]+')"
            valued.append(f"case when {is_plain} or {seen} then r_{name} end as v_{name}")
    return valued


def _judged(contract: Contract) -> list[str]:
    """1 where something was delivered that cannot be read, else 0.

    A number, for SQL would make one conjunction of a truth value's branches and try the dear one on
    every row.
    """
    judged = []
    for column in contract.of_kind("code", *TYPED):
        name = column.name
        text = (
            f"coalesce(w_{name}, r_{name})" if column.kind in TYPED else without_blanks(f"r_{name}")
        )
        judged.append(
            f"case when v_{name} is not null or r_{name} is null then 0"
            f" when {is_none(text, column.kind)} then 0 else 1 end as u_{name}"
        )
    return judged


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
        f"case when problem is null then null when {_is_totals(contract)} then 'totals'"
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
    return f"case problem {' '.join(branches)} end" if branches else "cast(null as varchar)"


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
    if not flags:
        return NO_REMARKS
    return f"case when {' or '.join(flags)} then {' || '.join(tests)} else {NO_REMARKS} end"


def _remarkable(contract: Contract) -> list[Column]:
    return [c for c in contract.of_kind("code", *TYPED) if c.is_nullable]


def _remark(column: Column) -> str:
    return "unknown_code" if column.kind == "code" else "unreadable"


def _stage_columns(contract: Contract) -> list[str]:
    columns = []
    for column in contract.columns:
        name = column.name
        columns.append(f"v_{name} as {name}")
        if column.kind == "name":
            columns.append(f"r_{name} as {name}_raw")
        elif column.kind == "id_no":
            columns.append(f"r_{name} as {name}_raw")
            columns.append(f"case when v_{name} is null then t_{name} end as {name}_text")
            columns.append(f"s_{name} as {name}_status")
    return columns


def _raw_text(contract: Contract) -> str:
    """The row as delivered: a JSON object of the sender's headers and values."""
    pairs = ", ".join(f"{quoted(c.header)}, r_{c.name}" for c in contract.columns)
    return f"cast(json_object({pairs}) as varchar)"
