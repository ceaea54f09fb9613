"""Identity numbers in SQL: the four columns of an ``id_no``, as the plain reading in ``domain``."""

from typing import Final

from domain import identity
from sources.conversions import compact, one_of, quoted

_FORM_18: Final = "[0-9]{17}[0-9X]"
_FORM_15: Final = "[0-9]{15}"


def is_18(text: str) -> str:
    """Whether the text has the form of an 18-character number; null for a null."""
    return f"regexp_full_match({text}, {quoted(_FORM_18)})"


def folded(raw: str, is_plain: str) -> str:
    """As :func:`domain.identity.normalise`; null when nothing is left.

    ``is_plain`` is :func:`is_18` of the text as delivered, true of nearly all.
    """
    quotes = quoted(identity.APOSTROPHES + '"')
    return f"case when {is_plain} then {raw} else nullif(trim({compact(raw)}, {quotes}), '') end"


def first_17(text: str, has_18: str) -> str:
    """The 17 digits before the check character, a 15-digit number with its century; else null."""
    return (
        f"case when {has_18} then substring({text}, 1, 17)"
        f" when regexp_full_match({text}, {quoted(_FORM_15)})"
        f" then substring({text}, 1, 6) || '19' || substring({text}, 7, 9) end"
    )


def check_character(digits: str) -> str:
    """As :func:`domain.identity.check_character`, of 17 digits as a number (BIGINT)."""
    terms = " + ".join(
        f"(({digits} // {10 ** (16 - place)}) % 10) * {weight}"
        for place, weight in enumerate(identity.WEIGHTS)
    )
    return f"substring({quoted(identity.CHECK_CHARACTERS)}, cast(({terms}) % 11 as integer) + 1, 1)"


def is_born(first17: str, latest_birth: str) -> str:
    """Whether the birth date inside is a real day from 1850 to ``latest_birth`` (a DATE)."""
    birth = f"cast(try_strptime(substring({first17}, 7, 8), '%Y%m%d') as date)"
    earliest = f"date '{identity.EARLIEST_BIRTH}'"
    return f"coalesce({birth} between {earliest} and {latest_birth}, false)"


def status(text: str, has_18: str, first17: str, check: str, born: str) -> str:
    """The status code, given the folded text, its form, its 17 digits, their check and birth."""
    agrees = f"{check} = substring({text}, 18, 1)"
    shapes = "|".join(identity.OTHER_DOCUMENT_SHAPES)
    return (
        f"case when {text} is null then 'absent'"
        f" when {has_18} and {agrees} and {born} then 'valid'"
        f" when {is_placeholder(text)} then 'placeholder'"
        f" when {has_18} and not ({agrees}) then 'check_digit'"
        f" when {has_18} then 'date'"
        f" when {first17} is not null and {born} then 'valid_15'"
        f" when {first17} is not null then 'date'"
        f" when regexp_full_match({text}, {quoted(identity.SCIENTIFIC_FORM)}) then 'scientific'"
        f" when regexp_full_match({text}, {quoted(identity.SLIPPED_LETTER_FORM)}) then 'malformed'"
        f" when regexp_full_match({text}, {quoted(shapes)}) then 'other_document'"
        f" else 'malformed' end"
    )


def is_placeholder(text: str) -> str:
    """As :func:`domain.identity.is_placeholder`."""
    first = f"substring({text}, 1, 1)"
    one_character = f"replace({text}, {first}, '') = ''"
    one_but_x = f"(length({text}) = 18 and replace({text}, {first}, '') = 'X' and {text} like '%X')"
    counts = " or ".join(f"starts_with({quoted(run)}, {text})" for run in identity.COUNTING)
    return (
        f"({one_of(text, identity.PLACEHOLDERS)} or {one_character} or {one_but_x}"
        f" or (length({text}) >= 4 and ({counts})))"
    )


def number(status: str, text: str, first17: str, check: str) -> str:
    """The valid 18-character number, or null."""
    return f"case {status} when 'valid' then {text} when 'valid_15' then {first17} || {check} end"


def judged_query(given: str, latest_birth: str) -> str:
    """Common table expressions from ``given``, which has the text ``r``, to ``numbered``.

    ``numbered`` has in addition ``t`` (folded text), ``s`` (status) and ``v`` (valid number or
    null). Each step is a query of its own, so that nothing is computed twice.
    """
    return f"""
seen as (select *, {is_18("r")} as is_plain from {given}),
folded as (select *, {folded("r", "is_plain")} as t from seen),
formed as (select *, case when is_plain then true else {is_18("t")} end as has_18 from folded),
digits as (select *, {first_17("t", "has_18")} as e from formed),
checked as (
    select *, {check_character("cast(e as bigint)")} as c, {is_born("e", latest_birth)} as b
    from digits
),
judged as (select *, {status("t", "has_18", "e", "c", "b")} as s from checked),
numbered as (select *, {number("s", "t", "e", "c")} as v from judged)"""  # noqa: S608
