"""Numbers as departments write them: yuan, decimals, whole numbers, yes and no."""

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from domain.characters import Reading, compact

NONE_WORDS: Final = frozenset({"-", "--", "—", "——", "–", "/", "无", "NULL"})
"""Words for "no amount", compacted; the agreement names the dash."""

PLAIN: Final = "[+-]?[0-9]+(\\.[0-9]*)?|[+-]?\\.[0-9]+"
GROUPED: Final = "[+-]?[0-9]{1,3}(,[0-9]{3})+(\\.[0-9]*)?"
YUAN_MARKS: Final = ("[¥￥]?", "元?")
"""What may stand before and behind an amount: no other unit (万元 is unreadable, not × 10,000)."""

WHOLE: Final = "[+-]?[0-9]+(\\.0*)?"
TRUE_WORDS: Final = frozenset({"1", "是", "TRUE"})
FALSE_WORDS: Final = frozenset({"0", "否", "FALSE"})
"""The agreement has 是/否 and 1/0; TRUE/FALSE is how spreadsheets and Parquet write them."""

_INT_DIGITS: Final = 10
_DIGITS_LEFT: Final = {2: 12, 4: 10}


def read_yuan(raw: str | None) -> Reading[Decimal]:
    """Yuan to two decimals; negative amounts are allowed (an earlier one taken back)."""
    written = _compact(raw)
    if found := re.fullmatch(f"{YUAN_MARKS[0]}({PLAIN}|{GROUPED}){YUAN_MARKS[1]}", written):
        return _decimal(found[1], 2)
    return _none_or_unreadable(written)


def read_decimal(raw: str | None) -> Reading[Decimal]:
    """A plain number to four decimals (m², a share)."""
    written = _compact(raw)
    if re.fullmatch(f"{PLAIN}|{GROUPED}", written):
        return _decimal(written, 4)
    return _none_or_unreadable(written)


def read_int(raw: str | None) -> Reading[int]:
    """A whole number within 32 bits; ``3.0`` is one, ``3.5`` is not."""
    written = _compact(raw)
    if not re.fullmatch(WHOLE, written):
        return _none_or_unreadable(written)
    digits = written.partition(".")[0].lstrip("+-0") or "0"
    if len(digits) > _INT_DIGITS:
        return Reading(is_unreadable=True)
    value = -int(digits) if written.startswith("-") else int(digits)
    return Reading(value) if -(2**31) <= value < 2**31 else Reading(is_unreadable=True)


def read_bool(raw: str | None) -> Reading[bool]:
    """是 or 1, 否 or 0."""
    written = _compact(raw)
    if written in TRUE_WORDS or written in FALSE_WORDS:
        return Reading(written in TRUE_WORDS)
    return _none_or_unreadable(written)


def _compact(raw: str | None) -> str:
    # The minus of typography is a minus; a dash alone stays a word for "none".
    return compact(raw or "").replace("\u2212", "-")


def _none_or_unreadable(written: str) -> Reading[Any]:
    return Reading(is_unreadable=bool(written) and written not in NONE_WORDS)


def _decimal(written: str, scale: int) -> Reading[Decimal]:
    exact = Decimal(written.replace(",", ""))
    if exact.adjusted() > _DIGITS_LEFT[scale]:
        return Reading(is_unreadable=True)
    value = exact.quantize(Decimal(1).scaleb(-scale), rounding=ROUND_HALF_UP)
    if abs(value) >= Decimal(10) ** _DIGITS_LEFT[scale]:
        return Reading(is_unreadable=True)
    return Reading(value)
