"""One column's distinct texts to values in SQL: what every row that has the text then says."""

from typing import Final

from sources.contract import Column, Contract, Kind
from sources.conversions import (
    DATED,
    code,
    is_none,
    plausible,
    quoted,
    read,
    reference_text,
    without_blanks,
    words,
    written,
)
from sources.identity_conversion import judged_query
from sources.raw_rows import text_table

TYPED: Final[tuple[Kind, ...]] = ("date", "month", "yuan", "int", "decimal", "bool")
_PLAIN_NAME: Final = "[\\x{4e00}-\\x{9fff}]+"


def value_table(column: Column) -> str:
    """Where the values of a column's texts are."""
    return f"cleaning.value_{column.name}"


def value_query(contract: Contract, column: Column) -> str:
    """The column's texts with their values. Binds $business_date for an identity number only.

    ``c_<our name>`` is the code, ``r_…`` the delivered text (null for a blank) and ``v_…`` the
    value. Codes and typed values: ``u_…`` is 1 where something was delivered that cannot be read,
    else 0. Identity numbers: ``t_…`` the text of what is no valid number, ``s_…`` the status.
    Names: ``f_…`` is the folded name and ``x_…`` whether characters of it cannot be read;
    ``work.folded_name`` must have what :mod:`sources.name_folding` puts there. Columns of the key:
    ``h_…`` is a hash of what keys are compared by, null where a value is missing that is required.
    """
    if column.kind == "id_no":
        query, given = _NUMBERS, {"v": "v", "t": "case when v is null then t end", "s": "s"}
    elif column.kind == "name":
        query, given = _NAMES, {name: name for name in "vfx"}
    elif column.kind == "text":
        query, given = _texts(_is_reference(contract, column)), {"v": "v"}
    else:
        query = _codes(column) if column.kind == "code" else _typed(column.kind)
        given = {"v": "v", "u": "u"}
    if column.header in contract.key:
        given["h"] = _key_hash(column)
    named = ", ".join(f"{value} as {letter}_{column.name}" for letter, value in given.items())
    return f"""
with delivered as (select code, nullif(raw, '') as r from {text_table(column)}),
{query}
select code as c_{column.name}, r as r_{column.name}, {named} from valued"""  # noqa: S608


def _key_hash(column: Column) -> str:
    """An identity number is compared by its text where it is no valid one, a name as folded."""
    compared = {"id_no": "coalesce(v, t)", "name": "f"}.get(column.kind, "v")
    if column.is_nullable or column.kind == "id_no":
        return f"hash({compared})"
    return f"case when {compared} is not null then hash({compared}) end"


_SEEN: Final = f"{without_blanks('r')} <> ''"
_NAMES: Final = f"""
valued as (
    select code, r,
        case when regexp_full_match(r, {quoted(_PLAIN_NAME)}) or {_SEEN} then r end as v,
        case when known.raw is null then r else known.folded end as f,
        coalesce(known.is_unreadable, false) as x
    from delivered left join work.folded_name as known on known.raw = delivered.r
)"""  # noqa: S608

_NUMBERS: Final = f"""
{judged_query("delivered", "cast($business_date as date)")},
valued as (select * from numbered)"""  # noqa: S608


def _is_reference(contract: Contract, column: Column) -> bool:
    """Whether a text is a number or mark of theirs, in which blanks mean nothing."""
    return column.header in contract.key or column.name.endswith(("_no", "_code"))


def _texts(is_reference: bool) -> str:
    tidied = reference_text("r") if is_reference else words("r")
    return f"valued as (select *, {tidied} as v from delivered)"  # noqa: S608


def _codes(column: Column) -> str:
    return f"""
coded as (select *, {code("r", column.codes)} as v from delivered),
valued as (select *, {_is_unreadable(without_blanks("r"), "code")} as u from coded)"""  # noqa: S608


def _typed(kind: Kind) -> str:
    value = plausible("d") if kind in DATED else "d"
    return f"""
compacted as (select *, {written("r", kind)} as w from delivered),
converted as (select *, {read("r", "w", kind)} as d from compacted),
judged as (select *, {value} as v from converted),
valued as (select *, {_is_unreadable("coalesce(w, r)", kind)} as u from judged)"""  # noqa: S608


def _is_unreadable(text: str, kind: Kind) -> str:
    """1 where something was delivered that cannot be read, else 0.

    A number, for SQL would make one conjunction of a truth value's branches and try the dear one on
    every row.
    """
    return (
        f"case when v is not null or r is null then 0 when {is_none(text, kind)} then 0 else 1 end"
    )
