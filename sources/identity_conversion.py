"""Identity numbers in SQL: the four columns of an ``id_no``, as the plain reading in ``domain``."""

from typing import Final

from domain import identity
from sources.conversions import compact, one_of, quoted

_FORM_18: Final = "[0-9]{17}[0-9X]"
_FORM_15: Final = "[0-9]{15}"


def folded(raw: str) -> str:
    """As :func:`domain.identity.normalise`; null when nothing is left."""
    quotes = quoted(identity.APOSTROPHES + '"')
    return (
        f"case when regexp_full_match({raw}, {quoted(_FORM_18)}) then {raw}"
        f" else nullif(trim({compact(raw)}, {quotes}), '') end"
    )


def first_17(text: str) -> str:
    """The 17 digits before the check character, a 15-digit number with its century; else null."""
    return (
        f"case when regexp_full_match({text}, {quoted(_FORM_18)}) then substring({text}, 1, 17)"
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


def status(text: str, first17: str, check: str, born: str) -> str:
    """The status code, given the folded text, its 17 digits, their check character and birth."""
    is_18 = f"regexp_full_match({text}, {quoted(_FORM_18)})"
    agrees = f"{check} = substring({text}, 18, 1)"
    shapes = "|".join(identity.OTHER_DOCUMENT_SHAPES)
    return (
        f"case when {text} is null then 'absent'"
        f" when {is_18} and {agrees} and {born} then 'valid'"
        f" when {is_placeholder(text)} then 'placeholder'"
        f" when {is_18} and not ({agrees}) then 'check_digit'"
        f" when {is_18} then 'date'"
        f" when {first17} is not null and {born} then 'valid_15'"
        f" when {first17} is not null then 'date'"
        f" when regexp_full_match({text}, {quoted(identity.SCIENTIFIC_FORM)}) then 'scientific'"
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
