"""Characters that show nothing and full-width forms: what a delivered text says without them."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

Value = TypeVar("Value", covariant=True)

_SPACES: Final = (
    (0x09, 0x0D), (0x1C, 0x20), (0x85, 0x85), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A),
    (0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000),
)  # fmt: skip
"""White space: it parts words."""

_INVISIBLE: Final = (
    (0x00, 0x08), (0x0E, 0x1B), (0x7F, 0x84), (0x86, 0x9F), (0xAD, 0xAD), (0x34F, 0x34F),
    (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x200B, 0x200F),
    (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0), (0xFFF9, 0xFFFB), (0xE0000, 0xE01EF),
)  # fmt: skip
"""Controls, zero-width and bidi marks, variation selectors, fillers: nothing is seen of them."""

FULL_WIDTH: Final = "".join(map(chr, range(0xFF01, 0xFF5F)))
HALF_WIDTH: Final = "".join(map(chr, range(0x21, 0x7F)))
HALF_WIDTH_ALPHANUMERIC: Final = "".join(filter(str.isalnum, HALF_WIDTH))
FULL_WIDTH_ALPHANUMERIC: Final = "".join(chr(ord(c) + 0xFEE0) for c in HALF_WIDTH_ALPHANUMERIC)
# Python's gb18030 codec still gives these private-use code points for bytes to which
# GB18030-2005 and -2022 assign real characters.
GB18030_2022: Final = dict(
    zip(
        "\ue78d\ue78e\ue78f\ue790\ue791\ue792\ue793\ue794\ue795\ue796\ue7c7\ue816\ue817\ue818\ue81e"
        "\ue826\ue82b\ue82c\ue831\ue832\ue83b\ue843\ue854\ue855\ue864",
        "，。、：；！？〖〗…ḿ\U00020087\U00020089\U000200cc龴"
        "龵龶龷\U000215d7龸\U0002298f龹龺\U000241fe龻",
        strict=True,
    )
)

_DOUBLED: Final = ((0x2F00, 0x2FD6), (0xF900, 0xFB00), (0x2F800, 0x2FA20))
"""Kangxi radicals (copied out of documents) and CJK compatibility ideographs."""

SAME_IDEOGRAPH: Final = GB18030_2022 | {
    chr(point): unicodedata.normalize("NFKC", chr(point))
    for first, last in _DOUBLED
    for point in range(first, last)
    if unicodedata.normalize("NFKC", chr(point)) != chr(point)
}
"""Code points that stand for a character which has another, its proper one."""

LOWER: Final = "abcdefghijklmnopqrstuvwxyz"
UPPER: Final = LOWER.upper()


def _re2_class(*ranges: tuple[int, int]) -> str:
    return "[" + "".join(f"\\x{{{a:x}}}-\\x{{{b:x}}}" for a, b in ranges) + "]"


def _python_class(*ranges: tuple[int, int]) -> str:
    return "[" + "".join(f"\\U{a:08x}-\\U{b:08x}" for a, b in ranges) + "]"


# The same characters as classes for RE2, the expressions of the SQL engine.
RE2_SPACE: Final = _re2_class(*_SPACES)
RE2_INVISIBLE: Final = _re2_class(*_INVISIBLE)
RE2_BLANK: Final = _re2_class(*_SPACES, *_INVISIBLE)

RE2_DOUBLED: Final = _re2_class(*((first, last - 1) for first, last in _DOUBLED), (0xE78D, 0xE864))

_SPACE: Final = re.compile(_python_class(*_SPACES) + "+")
_UNSEEN: Final = re.compile(_python_class(*_INVISIBLE))
_BLANK: Final = re.compile(_python_class(*_SPACES, *_INVISIBLE))

_TO_HALF: Final = str.maketrans(FULL_WIDTH, HALF_WIDTH)
_TO_HALF_ALPHANUMERIC: Final = str.maketrans(FULL_WIDTH_ALPHANUMERIC, HALF_WIDTH_ALPHANUMERIC)
_TO_PROPER: Final = str.maketrans(SAME_IDEOGRAPH)
_TO_UPPER: Final = str.maketrans(LOWER, UPPER)


@dataclass(frozen=True, slots=True)
class Reading(Generic[Value]):
    """What was read from a delivered text.

    ``value`` None with ``is_unreadable`` False is a blank, or a word for "none".
    """

    value: Value | None = None
    is_unreadable: bool = False


def strip_blanks(raw: str) -> str:
    """``raw`` without any character that shows nothing, wherever it stands."""
    return _BLANK.sub("", raw)


def half_width(raw: str) -> str:
    """``raw`` with full-width ASCII forms (``１``, ``Ｘ``, ``．``) as the ASCII they stand for."""
    return raw.translate(_TO_HALF)


def proper(raw: str) -> str:
    """``raw`` with every character under its proper code point (:data:`SAME_IDEOGRAPH`)."""
    return raw.translate(_TO_PROPER)


def compact(raw: str) -> str:
    """``raw`` without blanks, half-width, latin letters upper-case: how typed values are read."""
    return half_width(proper(strip_blanks(raw))).translate(_TO_UPPER)


def tidy(raw: str) -> str:
    """``raw`` as words: invisible marks gone, white space one blank, digits and letters half-width.

    Full-width punctuation stays: in Chinese text it is the right one.
    """
    spaced = _SPACE.sub(" ", _UNSEEN.sub("", proper(raw))).strip(" ")
    return spaced.translate(_TO_HALF_ALPHANUMERIC)
