"""Personal names: folded to one form for comparison, and whether two of them are one name."""

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache
from typing import Final

from domain.glyphs import DOT, WILDCARD, fold_table
from domain.latin import LatinLikeness, latin_likeness
from domain.readings import character_readings, reading_set

_REMARK: Final = re.compile(r"[(\[{【〔《〈「『<][^)\]}】〕》〉」』>]*(?:[)\]}】〕》〉」』>]|$)")
_BRACKET: Final = re.compile(r"[(\[{【〔《〈「『<)\]}】〕》〉」』>]")
_OPENING: Final = frozenset("([{【〔《〈「『<)]}】〕》〉」』>")
_TOKEN: Final = re.compile(r"\?+|[a-z]+|.", re.DOTALL)
_DOT_RUN: Final = re.compile(f"{DOT}{{2,}}")


class NameAgreement(StrEnum):
    """How two folded names stand to each other; the value is the code kept in tables."""

    SAME = "same"
    SPACING = "spacing"  # equal but for middle dots
    HOMOPHONE = "homophone"  # 张健国 / 张建国
    WILDCARD = "wildcard"  # 王? / 王喆
    PINYIN = "pinyin"  # 王yan / 王艳
    SWAPPED = "swapped"  # the parts of a minority name in the other order
    FORMER = "former"  # agrees with the former name (曾用名)
    LATIN_SLIP = LatinLikeness.SLIP.value  # these three are a likeness, no agreement
    LATIN_SLIPS = LatinLikeness.SLIPS.value
    LATIN_SHORT = LatinLikeness.SHORT.value
    UNREADABLE = "unreadable"  # nothing of one of them can be read: neither for nor against
    UNKNOWN = "unknown"  # one of them is blank
    DIFFERENT = "different"

    @property
    def agrees(self) -> bool:
        """Whether the two are one name as the exchange agreement allows it to vary."""
        return self not in _NOT_AGREEING

    @property
    def is_likeness(self) -> bool:
        """Whether one Latin name may be the other mistyped: never enough for a certain link."""
        return self in _LIKE


_LIKE: Final = frozenset(
    {NameAgreement.LATIN_SLIP, NameAgreement.LATIN_SLIPS, NameAgreement.LATIN_SHORT}
)
_NOT_AGREEING: Final = _LIKE | {
    NameAgreement.UNREADABLE,
    NameAgreement.UNKNOWN,
    NameAgreement.DIFFERENT,
}
_HOMOPHONE, _WILDCARD, _PINYIN = 1, 2, 4
LONGEST_NAME: Final = 40
"""Characters: anything longer is no name, and only compared as a whole."""


def fold_name(raw: str) -> str:
    """The form in which names are compared; '' where nothing is left.

    One shape a character (NFKC, traditional and variant forms), no blanks, invisible characters,
    quotes or bracketed remarks, ``·`` for every middle dot, latin in lower case without tones, and
    ``?`` for each character that cannot be read. Folding twice changes nothing.
    """
    text = unicodedata.normalize("NFKC", raw)
    if not _OPENING.isdisjoint(text):
        text = _REMARK.sub("", text).strip() or text
        text = _BRACKET.sub("", text)
    folded = text.translate(fold_table())
    if DOT in folded:
        folded = _DOT_RUN.sub(DOT, folded).strip(DOT)
    return folded


def names_agree(a: str | None, b: str | None, former: str | None = None) -> NameAgreement:
    """How folded name ``a`` stands to folded name ``b``, or to ``former``, b's 曾用名."""
    kind = _compare(a, b)
    if kind.agrees or not former:
        return kind
    return NameAgreement.FORMER if _compare(a, former).agrees else kind


def _compare(a: str | None, b: str | None) -> NameAgreement:
    if not a or not b:
        return NameAgreement.UNKNOWN
    if a == b:
        return NameAgreement.SAME if a.strip(WILDCARD) else NameAgreement.UNREADABLE
    if not a.strip(WILDCARD) or not b.strip(WILDCARD):
        return NameAgreement.UNREADABLE
    joined_a, joined_b = a.replace(DOT, ""), b.replace(DOT, "")
    if joined_a == joined_b:
        return NameAgreement.SPACING
    return _aligned(joined_a, joined_b) or _swapped(a, b) or _latin(a, b)


def _latin(a: str, b: str) -> NameAgreement:
    if max(len(a), len(b)) > LONGEST_NAME:
        return NameAgreement.DIFFERENT
    likeness = latin_likeness(a, b)
    return NameAgreement(likeness.value) if likeness else NameAgreement.DIFFERENT


def _aligned(a: str, b: str) -> NameAgreement | None:
    if max(len(a), len(b)) > LONGEST_NAME:
        return None
    if len(a) != len(b) and a.isalpha() and b.isalpha() and not (_has_latin(a) or _has_latin(b)):
        return None  # nothing in either can stand for more or fewer characters
    differences = _align(_tokens(a), _tokens(b))
    if differences is None:
        return None
    if differences & _PINYIN:
        return NameAgreement.PINYIN
    if differences & _WILDCARD:
        return NameAgreement.WILDCARD if set(a) & set(b) - {WILDCARD} else None
    slips = sum(x != y for x, y in zip(a, b, strict=False))
    return NameAgreement.HOMOPHONE if slips == 1 < len(a) or a[0] == b[0] else None


def _swapped(a: str, b: str) -> NameAgreement | None:
    """Whether one is the other with its parts in another order; at a dot, or at any place."""
    if len(a) + len(b) < 4 or WILDCARD in a + b:
        return None
    joined_a, joined_b = a.replace(DOT, ""), b.replace(DOT, "")
    if len(joined_a) == len(joined_b) and joined_a in joined_b * 2:
        return NameAgreement.SWAPPED
    return None


def _has_latin(name: str) -> bool:
    return any("a" <= c <= "z" for c in name)


@lru_cache(maxsize=65536)
def _tokens(name: str) -> tuple[str, ...]:
    """Characters, runs of wildcards and runs of latin letters."""
    return tuple(_TOKEN.findall(name))


def _align(a: tuple[str, ...], b: tuple[str, ...]) -> int | None:
    """Which kinds of difference (bits) carry ``a`` over into ``b``; None when nothing does."""
    if not a or not b:
        return 0 if not a and not b else None
    x, y = a[0], b[0]
    if x[0] == WILDCARD:
        return _spend_wildcard(a, b)
    if y[0] == WILDCARD:
        return _spend_wildcard(b, a)
    if x == y:
        return _align(a[1:], b[1:])
    if "a" <= x[0] <= "z":
        return _spend_pinyin(a, b)
    if "a" <= y[0] <= "z":
        return _spend_pinyin(b, a)
    if reading_set(x).isdisjoint(reading_set(y)):
        return None
    return _also(_HOMOPHONE, _align(a[1:], b[1:]))


def _also(difference: int, rest: int | None) -> int | None:
    return None if rest is None else difference | rest


def _least(found: Iterable[int | None]) -> int | None:
    return min((kinds for kinds in found if kinds is not None), default=None)


def _spend_wildcard(a: tuple[str, ...], b: tuple[str, ...]) -> int | None:
    """A run of k wildcards stands for one to k characters: a rare one may leave several marks."""
    longest = min(len(a[0]), len(b))
    return _least(_also(_WILDCARD, _align(a[1:], b[n:])) for n in range(1, longest + 1))


def _spend_pinyin(a: tuple[str, ...], b: tuple[str, ...]) -> int | None:
    """A run of latin letters stands for as many characters as are read so."""
    ends = _readable_ends(a[0], b)
    return _least(_also(_PINYIN, _align(a[1:], b[n:])) for n in ends)


def _readable_ends(latin: str, characters: tuple[str, ...]) -> list[int]:
    """How many of the first characters can be read as ``latin`` as a whole."""
    reached = {latin}  # what is left to read
    ends: list[int] = []
    for count, character in enumerate(characters, start=1):
        readings = {r.replace("v", "u") for r in character_readings(character)}
        readings.update(character_readings(character))
        reached = {left[len(r) :] for left in reached for r in readings if left.startswith(r)}
        if "" in reached:
            ends.append(count)
        reached.discard("")
        if not reached:
            break
    return ends
