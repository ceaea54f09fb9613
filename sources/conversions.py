"""Delivered text to typed values in SQL: one function a column kind, each a pure text builder.

Every function takes an SQL expression and gives one. The plain readings in ``domain`` (characters,
identity, dates, amounts) say what must come out; here each kind's common form is tried first.
"""

import re
from collections.abc import Iterable
from typing import Final

from domain import amounts, dates
from domain.characters import (
    FULL_WIDTH,
    FULL_WIDTH_ALPHANUMERIC,
    HALF_WIDTH,
    HALF_WIDTH_ALPHANUMERIC,
    LOWER,
    RE2_BLANK,
    RE2_DOUBLED,
    RE2_INVISIBLE,
    RE2_SPACE,
    SAME_IDEOGRAPH,
    UPPER,
)

_PLAIN_REFERENCE: Final = "[!-~\\x{4e00}-\\x{9fff}]+"
_PLAIN_WORDS: Final = "[!-~\\x{4e00}-\\x{9fff}（）·，、]+"
DATED: Final = frozenset({"date", "month"})
_TYPES: Final = {"yuan": "decimal(14,2)", "decimal": "decimal(14,4)", "int": "integer"}

# The form nearly all values of a kind have, which SQL reads without more ado.
_COMMON: Final = {
    "date": "[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{8}",
    "month": "[0-9]{6}",
    "yuan": "-?[0-9]+(\\.[0-9]+)?",
    "decimal": "-?[0-9]+(\\.[0-9]+)?",
    "int": "-?[0-9]{1,10}",
    "bool": "[01]",
}
# Texts that compacting would not change; of dates, those that no time of day can stand behind.
_COMPACT_DATE: Final = "[0-9/.—–-]+|[0-9/.\\x{4e00}-\\x{9fff}-]+"
_COMPACT_OTHER: Final = "[!-`{-~¥—–\\x{4e00}-\\x{9fff}]+"


def quoted(text: str) -> str:
    """A text of the program's own (a code of the dictionary, a pattern) as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """A column name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def one_of(expression: str, words: Iterable[str]) -> str:
    """Whether the expression is one of the program's own words.

    An expression, not ``in (…)``: of a list the engine makes a join, for which the left side is
    computed on every row, whatever branch of a ``case`` it stands in.
    """
    listed = "|".join(re.escape(word) for word in sorted(words))
    return f"regexp_full_match({expression}, {quoted(listed)})"


def without_blanks(raw: str) -> str:
    """As :func:`domain.characters.strip_blanks`."""
    return f"regexp_replace({raw}, {quoted(RE2_BLANK)}, '', 'g')"


def proper(raw: str) -> str:
    """As :func:`domain.characters.proper`; the long table is looked at where it is needed."""
    doubled, own = quoted("".join(SAME_IDEOGRAPH)), quoted("".join(SAME_IDEOGRAPH.values()))
    is_doubled = f"regexp_matches({raw}, {quoted(RE2_DOUBLED)})"
    return f"case when {is_doubled} then translate({raw}, {doubled}, {own}) else {raw} end"


def compact(raw: str) -> str:
    """As :func:`domain.characters.compact`."""
    wide = quoted(FULL_WIDTH + LOWER)
    narrow = quoted(HALF_WIDTH.upper() + UPPER)
    return f"translate({without_blanks(proper(raw))}, {wide}, {narrow})"


def reference_text(raw: str) -> str:
    """A number or mark of theirs (case number, plate): half-width, no blanks; null when empty."""
    seen = without_blanks(proper(raw))
    folded = f"translate({seen}, {quoted(FULL_WIDTH)}, {quoted(HALF_WIDTH)})"
    is_plain = f"regexp_full_match({raw}, {quoted(_PLAIN_REFERENCE)})"
    return f"case when {is_plain} then {raw} else nullif({folded}, '') end"


def words(raw: str) -> str:
    """As :func:`domain.characters.tidy` (an address, a disease); null when empty."""
    seen = f"regexp_replace({proper(raw)}, {quoted(RE2_INVISIBLE)}, '', 'g')"
    spaced = f"trim(regexp_replace({seen}, {quoted(RE2_SPACE + '+')}, ' ', 'g'))"
    wide, narrow = quoted(FULL_WIDTH_ALPHANUMERIC), quoted(HALF_WIDTH_ALPHANUMERIC)
    tidied = f"nullif(translate({spaced}, {wide}, {narrow}), '')"
    return (
        f"case when regexp_full_match({raw}, {quoted(_PLAIN_WORDS)}) then {raw} else {tidied} end"
    )


def code(raw: str, codes: Iterable[str]) -> str:
    """The code when it is in its list, blanks and full-width forms forgiven; else null."""
    listed = list(codes)
    folded = f"translate({without_blanks(raw)}, {quoted(FULL_WIDTH)}, {quoted(HALF_WIDTH)})"
    return (
        f"case when {one_of(raw, listed)} then {raw}"
        f" when {raw} is not null and {one_of(folded, listed)} then {folded} end"
    )


def written(raw: str, kind: str) -> str:
    """The text a typed value is read from; null for a blank and where the common form stands.

    Compacting is dear and few values need it: those in the kind's common form go straight to
    :func:`read`. What is blank beyond SQL's null becomes ''.
    """
    timeless = raw
    if kind in DATED:
        timeless = f"regexp_replace({raw}, {quoted(dates.TIME_OF_DAY)}, '')"
    compacted = _COMPACT_DATE if kind in DATED else _COMPACT_OTHER
    return (
        f"case when {raw} is null or regexp_full_match({raw}, {quoted(_COMMON[kind])}) then null"
        f" when regexp_full_match({raw}, {quoted(compacted)}) then {raw}"
        f" else replace({compact(timeless)}, '\u2212', '-') end"
    )


def read(raw: str, written: str, kind: str) -> str:
    """The value of a kind from the delivered text and :func:`written`'s; null where unreadable.

    Dates and months are still to be checked by :func:`plausible`.
    """
    return f"case when {written} is null then {_common(raw, kind)} else {_rare(written, kind)} end"


def _common(raw: str, kind: str) -> str:
    match kind:
        case "date":
            return (
                f"case when strlen({raw}) = 10 then try_cast({raw} as date)"
                f" else cast(try_strptime({raw}, '%Y%m%d') as date) end"
            )
        case "month":
            return f"cast(try_strptime({raw} || '01', '%Y%m%d') as date)"
        case "bool":
            return f"({raw} = '1')"
        case _:
            return f"try_cast({raw} as {_TYPES[kind]})"


def _rare(written: str, kind: str) -> str:
    match kind:
        case "date":
            return day(written)
        case "month":
            return month(written)
        case "int":
            return whole(written)
        case "bool":
            return truth(written)
        case _:
            return amount(written, kind)


def day(written: str) -> str:
    """As :func:`domain.dates.read_date`, before :func:`plausible`."""
    serial = f"try_cast(regexp_replace({written}, '\\.0+$', '') as integer)"
    # Up to 60 spreadsheets count a 29 February 1900 that never was; four digits may be a year.
    is_serial = (
        f"regexp_full_match({written}, {quoted(dates.SERIAL_FORM)})"
        f" and {serial} between 61 and {dates.MAX_SERIAL}"
        f" and {serial} not between {dates.EARLIEST.year} and {dates.LATEST.year}"
    )
    forms = " ".join(_dashed(written, form, 3) for form in dates.DAY_FORMS)
    return f"case {forms} when {is_serial} then date '{dates.SERIAL_EPOCH}' + {serial} end"


def month(written: str) -> str:
    """As :func:`domain.dates.read_month`, before :func:`plausible`."""
    forms = " ".join(_dashed(written, form, 2) for form in dates.MONTH_FORMS)
    is_day = f"regexp_full_match({written}, {quoted(dates.DAY_FORMS[0])})"
    first = f"cast(date_trunc('month', try_cast({written} as date)) as date)"
    return f"case {forms} when {is_day} then {first} end"


def plausible(read: str) -> str:
    """The date as read, null where it means "none" or no register can hold it."""
    return (
        f"case when {read} between date '{dates.EARLIEST}' and date '{dates.LATEST}'"
        f" and {read} <> date '1900-01-01' then {read} end"
    )


def amount(written: str, kind: str) -> str:
    """As :func:`domain.amounts.read_yuan` (kind ``yuan``) or ``read_decimal`` (``decimal``)."""
    before, behind = amounts.YUAN_MARKS if kind == "yuan" else ("", "")
    form = f"{before}(({amounts.PLAIN})|({amounts.GROUPED})){behind}"
    bare = f"regexp_replace({written}, '[,¥￥元]', '', 'g')"
    cast = f"try_cast({bare} as {_TYPES[kind]})"
    return f"case when regexp_full_match({written}, {quoted(form)}) then {cast} end"


def whole(written: str) -> str:
    """As :func:`domain.amounts.read_int`."""
    bare = f"regexp_replace({written}, '\\.0*$', '')"
    is_whole = f"regexp_full_match({written}, {quoted(amounts.WHOLE)})"
    return f"case when {is_whole} then try_cast({bare} as integer) end"


def truth(written: str) -> str:
    """As :func:`domain.amounts.read_bool`."""
    yes, no = one_of(written, amounts.TRUE_WORDS), one_of(written, amounts.FALSE_WORDS)
    return f"case when {yes} then true when {no} then false end"


def is_none(text: str, kind: str) -> str:
    """Whether compacted text is empty or a word, a date or a serial for "none" of the kind."""
    if kind in DATED:
        words = f"{one_of(text, dates.NONE_WORDS)} or replace({text}, '0', '') = ''"
        return f"({words} or {_is_none_date(text, kind)})"
    if kind == "code":
        return f"({text} = '')"
    return f"({text} = '' or {one_of(text, amounts.NONE_WORDS)})"


def _is_none_date(written: str, kind: str) -> str:
    """0000-00-00, 1900-01-01 and 9999-12-31 in every form that is read."""
    if kind == "date":
        forms = [_form_of(form, none) for form in dates.DAY_FORMS for none in dates.NONE_DATES]
        forms += [f"{serial}(\\.0+)?" for serial in sorted(dates.NONE_SERIALS)]
    else:
        forms = [
            _form_of(form, none[:2]) for form in dates.MONTH_FORMS for none in dates.NONE_DATES
        ]
        forms += [_form_of(dates.DAY_FORMS[0], none) for none in dates.NONE_DATES]
    return f"regexp_full_match({written}, {quoted('|'.join(forms))})"


def _form_of(form: str, parts: tuple[int, ...]) -> str:
    """The form with its year, month and day fixed."""
    for part in parts:
        group = re.search("\\(\\[0-9\\]\\{([0-9,]+)\\}\\)", form)
        digits = group[1] if group else ""
        fixed = f"0?{part}" if "," in digits else f"{part:0{digits or 1}}"
        form = form.replace(group[0], fixed, 1) if group else form
    return form


def _dashed(written: str, form: str, parts: int) -> str:
    """A ``when`` branch: the form's year, month and day (the first where it has none) as a date."""
    ending = "" if parts == 3 else "-01"
    pieces = "-".join(f"\\{part}" for part in range(1, parts + 1)) + ending
    dashed = f"regexp_replace({written}, {quoted(f'^{form}$')}, {quoted(pieces)})"
    return f"when regexp_full_match({written}, {quoted(form)}) then try_cast({dashed} as date)"
