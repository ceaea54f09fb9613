"""Many texts of one kind to values in SQL: ``given`` has ``place`` and the text ``r``."""

from typing import Final

from sources.contract import Kind
from sources.conversions import (
    DATED,
    code,
    is_none,
    plausible,
    read,
    reference_text,
    without_blanks,
    words,
    written,
)
from sources.identity_conversion import judged_query

TYPED: Final[tuple[Kind, ...]] = ("date", "month", "yuan", "int", "decimal", "bool")

NUMBERS: Final = f"""
with {judged_query("given", "cast($business_date as date)")}
select place, v, case when v is null then t end as t, s from numbered"""  # noqa: S608
"""Identity numbers: ``v`` the valid number, ``t`` the text of what is none, ``s`` the status."""

REFERENCES: Final = f"select place, {reference_text('r')} as v from given"  # noqa: S608
WORDS: Final = f"select place, {words('r')} as v from given"  # noqa: S608


def typed_query(kind: Kind) -> str:
    """Typed values ``v``, and ``u``: 1 where something delivered cannot be read, else 0."""
    value = plausible("d") if kind in DATED else "d"
    return f"""
with compacted as (select *, {written("r", kind)} as w from given),
converted as (select *, {read("r", "w", kind)} as d from compacted),
judged as (select *, {value} as v from converted)
select place, v, {_is_unreadable("coalesce(w, r)", kind)} as u from judged"""  # noqa: S608


def code_query(codes: tuple[str, ...]) -> str:
    """Codes of a list ``v``, and ``u`` as of typed values."""
    return f"""
with coded as (select *, {code("r", codes)} as v from given)
select place, v, {_is_unreadable(without_blanks("r"), "code")} as u from coded"""  # noqa: S608


def _is_unreadable(text: str, kind: Kind) -> str:
    """1 where something was delivered that cannot be read, else 0.

    A number, for SQL would make one conjunction of a truth value's branches and try the dear one on
    every row.
    """
    return (
        f"case when v is not null or r is null then 0 when {is_none(text, kind)} then 0 else 1 end"
    )
