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
    RE2_INVISIBLE,
    RE2_SPACE,
    UPPER,
)

_PLAIN_WORDS: Final = "[!-~\\x{4e00}-\\x{9fff}（）·，、]+"
DATED: Final = frozenset({"date", "month"})
_DECIMAL_TYPES: Final = {"yuan": "decimal(14,2)", "decimal": "decimal(14,4)"}


def quoted(text: str) -> str:
    """A text of the program's own (a code of the dictionary, a pattern) as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """A column name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def one_of(expression: str, words: Iterable[str]) -> str:
    """Whether the expression is one of the program's own words."""
    listed = ", ".join(quoted(word) for word in sorted(words))
    return f"{expression} in ({listed})"


def compact(raw: str) -> str:
    """As :func:`domain.characters.compact`."""
    wide = quoted(FULL_WIDTH + LOWER)
    narrow = quoted(HALF_WIDTH.upper() + UPPER)
    return f"translate({_without_blanks(raw)}, {wide}, {narrow})"


def reference_text(raw: str) -> str:
    """A number or mark of theirs (case number, plate): half-width, no blanks; null when empty."""
    folded = f"translate({_without_blanks(raw)}, {quoted(FULL_WIDTH)}, {quoted(HALF_WIDTH)})"
    return f"case when regexp_full_match({raw}, '[!-~]+') then {raw} else nullif({folded}, '') end"


def words(raw: str) -> str:
    """As :func:`domain.characters.tidy` (an address, a disease); null when empty."""
    seen = f"regexp_replace({raw}, {quoted(RE2_INVISIBLE)}, '', 'g')"
    spaced = f"trim(regexp_replace({seen}, {quoted(RE2_SPACE + '+')}, ' ', 'g'))"
    wide, narrow = quoted(FULL_WIDTH_ALPHANUMERIC), quoted(HALF_WIDTH_ALPHANUMERIC)
    tidied = f"nullif(translate({spaced}, {wide}, {narrow}), '')"
    return (
        f"case when regexp_full_match({raw}, {quoted(_PLAIN_WORDS)}) then {raw} else {tidied} end"
    )


def code(raw: str, codes: Iterable[str]) -> str:
    """The code when it is in its list, blanks and full-width forms forgiven; else null."""
    listed = list(codes)
    folded = f"translate({_without_blanks(raw)}, {quoted(FULL_WIDTH)}, {quoted(HALF_WIDTH)})"
    return (
        f"case when {one_of(raw, listed)} then {raw}"
        f" when {raw} is not null and {one_of(folded, listed)} then {folded} end"
    )


def day(raw: str) -> str:
    """As :func:`domain.dates.read_date`, before :func:`plausible`."""
    written = _without_time(raw)
    serial = f"try_cast(regexp_replace({written}, '\\.0+$', '') as integer)"
    # Up to 60 spreadsheets count a 29 February 1900 that never was; four digits may be a year.
    is_serial = (
        f"regexp_full_match({written}, {quoted(dates.SERIAL_FORM)})"
        f" and {serial} between 61 and {dates.MAX_SERIAL}"
        f" and {serial} not between {dates.EARLIEST.year} and {dates.LATEST.year}"
    )
    return (
        f"case when regexp_full_match({raw}, '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}')"
        f" then try_cast({raw} as date)"
        f" when regexp_full_match({raw}, '[0-9]{{8}}')"
        f" then cast(try_strptime({raw}, '%Y%m%d') as date)"
        f" when {raw} is null then null"
        + "".join(f" {_dashed(written, form, 3)}" for form in dates.DAY_FORMS)
        + f" when {is_serial} then date '{dates.SERIAL_EPOCH}' + {serial} end"
    )


def month(raw: str) -> str:
    """As :func:`domain.dates.read_month`, before :func:`plausible`."""
    written = _without_time(raw)
    return (
        f"case when regexp_full_match({raw}, '[0-9]{{6}}')"
        f" then cast(try_strptime({raw} || '01', '%Y%m%d') as date)"
        f" when {raw} is null then null"
        + "".join(f" {_dashed(written, form, 2)}" for form in dates.MONTH_FORMS)
        + f" when regexp_full_match({written}, {quoted(dates.DAY_FORMS[0])})"
        f" then cast(date_trunc('month', {day(raw)}) as date) end"
    )


def plausible(read: str) -> str:
    """The date as read, null where it means "none" or no register can hold it."""
    return (
        f"case when {read} between date '{dates.EARLIEST}' and date '{dates.LATEST}'"
        f" and {read} <> date '1900-01-01' then {read} end"
    )


def amount(raw: str, kind: str) -> str:
    """As :func:`domain.amounts.read_yuan` (kind ``yuan``) or ``read_decimal`` (``decimal``)."""
    written = f"replace({compact(raw)}, '\u2212', '-')"
    before, behind = amounts.YUAN_MARKS if kind == "yuan" else ("", "")
    form = f"{before}(({amounts.PLAIN})|({amounts.GROUPED})){behind}"
    bare = f"regexp_replace({written}, '[,¥￥元]', '', 'g')"
    target = _DECIMAL_TYPES[kind]
    return (
        f"case when regexp_full_match({raw}, '-?[0-9]+(\\.[0-9]+)?')"
        f" then try_cast({raw} as {target})"
        f" when {raw} is null then null"
        f" when regexp_full_match({written}, {quoted(form)}) then try_cast({bare} as {target}) end"
    )


def whole(raw: str) -> str:
    """As :func:`domain.amounts.read_int`."""
    written = f"replace({compact(raw)}, '\u2212', '-')"
    bare = f"regexp_replace({written}, '\\.0*$', '')"
    return (
        f"case when regexp_full_match({raw}, '[0-9]{{1,9}}') then try_cast({raw} as integer)"
        f" when {raw} is null then null"
        f" when regexp_full_match({written}, {quoted(amounts.WHOLE)})"
        f" then try_cast({bare} as integer) end"
    )


def truth(raw: str) -> str:
    """As :func:`domain.amounts.read_bool`."""
    written = compact(raw)
    return (
        f"case when {raw} = '1' then true when {raw} = '0' then false"
        f" when {raw} is null then null"
        f" when {one_of(written, amounts.TRUE_WORDS)} then true"
        f" when {one_of(written, amounts.FALSE_WORDS)} then false end"
    )


def is_blank(raw: str, kind: str) -> str:
    """Whether nothing was delivered, or a word for "none" of the kind; never null."""
    written = compact(raw)
    if kind in {"date", "month"}:
        written = _without_time(raw)
        none = f"{one_of(written, dates.NONE_WORDS)} or replace({written}, '0', '') = ''"
        none += f" or {_is_none_date(written, kind)}"
    elif kind in {"yuan", "decimal", "int", "bool"}:
        none = one_of(f"replace({written}, '\u2212', '-')", amounts.NONE_WORDS)
    else:
        none = "false"
    return f"({raw} is null or {written} = '' or {none})"


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


def _without_blanks(raw: str) -> str:
    return f"regexp_replace({raw}, {quoted(RE2_BLANK)}, '', 'g')"


def _without_time(raw: str) -> str:
    return compact(f"regexp_replace({raw}, {quoted(dates.TIME_OF_DAY)}, '')")


def _dashed(written: str, form: str, parts: int) -> str:
    """A ``when`` branch: the form's year, month and day (the first where it has none) as a date."""
    ending = "" if parts == 3 else "-01"
    pieces = "-".join(f"\\{part}" for part in range(1, parts + 1)) + ending
    dashed = f"regexp_replace({written}, {quoted(f'^{form}$')}, {quoted(pieces)})"
    return f"when regexp_full_match({written}, {quoted(form)}) then try_cast({dashed} as date)"


def read(raw: str, kind: str) -> str:
    """The conversion of a kind; dates and months are still to be checked by :func:`plausible`."""
    match kind:
        case "date":
            return day(raw)
        case "month":
            return month(raw)
        case "int":
            return whole(raw)
        case "bool":
            return truth(raw)
        case _:
            return amount(raw, kind)
