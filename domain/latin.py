"""Names wholly in Latin letters: whether one may be the other, mistyped or shortened.

Foreign spouses, people who stand in a register by their pinyin. Such a likeness is no agreement of
names as the exchange knows it, so it never makes a link certain; and it is never looked for in
characters, of which one more or less is another person.
"""

import re
from enum import StrEnum
from functools import lru_cache
from itertools import permutations
from typing import Final

from rapidfuzz.distance import OSA

from domain.glyphs import DOT
from domain.readings import syllables

_LATIN: Final = re.compile(r"[a-z]+(?:·[a-z]+)*")
_SHORTEST: Final = 5
"""Letters: of fewer one letter is a good part of a name (lina, nina, lisa)."""
_PART: Final = 3
"""Letters of the shortest part in which a slip is told from another name (li, lu)."""
_SHORTEST_ALONE: Final = 5
"""Letters of a name's piece that stands for the whole where no dot shows its parts."""
_MOST_PARTS: Final = 4


class LatinLikeness(StrEnum):
    """How a name in Latin letters may come of another; the value is the code kept in tables."""

    SLIP = "latin_slip"  # one letter wrong, lost or doubled, or two neighbours swapped
    SLIPS = "latin_slips"  # two or three of these
    SHORT = "latin_short"  # a part left out, or its first letter alone


def is_latin(name: str) -> bool:
    """Whether a folded name is Latin letters alone, in parts between dots or as one."""
    return _LATIN.fullmatch(name) is not None


def latin_likeness(a: str, b: str) -> LatinLikeness | None:
    """How folded name ``a`` is like folded ``b``, whichever of the two is the right one.

    None where either has anything but Latin letters, where both can be read as pinyin (zhangwei
    and zhanglei are two people's names, as 张伟 and 张磊 are) and where they are too short to tell.
    Slips are counted by the optimal string alignment distance (Damerau 1964), of all orders of the
    parts the nearest: up to one letter in five, or one in four where the dots show in which part
    each is, and there no more than one in three of the part.
    """
    if not (is_latin(a) and is_latin(b)):
        return None
    found = _likeness(*sorted((a, b)))
    if found and is_pinyin(a.replace(DOT, "")) and is_pinyin(b.replace(DOT, "")):
        return None
    return found


def _likeness(a: str, b: str) -> LatinLikeness | None:
    letters_a, letters_b = a.replace(DOT, ""), b.replace(DOT, "")
    slips = _slips(a, b, letters_a, letters_b)
    if slips is not None:
        return LatinLikeness.SLIP if slips <= 1 else LatinLikeness.SLIPS
    return LatinLikeness.SHORT if _is_short(a, b, letters_a, letters_b) else None


@lru_cache(maxsize=65536)
def is_pinyin(letters: str) -> bool:
    """Whether Latin letters can be read as syllables of Chinese from first to last."""
    known = syllables()
    reached = [True] + [False] * len(letters)
    for end in range(1, len(letters) + 1):
        reached[end] = any(
            reached[start] and letters[start:end] in known for start in range(max(0, end - 6), end)
        )
    return reached[-1]


def _slips(a: str, b: str, letters_a: str, letters_b: str) -> int | None:
    """How many slips turn one into the other; None where they are too many."""
    longest = max(len(letters_a), len(letters_b))
    if min(len(letters_a), len(letters_b)) < _SHORTEST or abs(len(letters_a) - len(letters_b)) > 3:
        return None
    parts_a, parts_b = a.split(DOT), b.split(DOT)
    if len(parts_a) == len(parts_b) > 1:
        return _slips_by_part(parts_a, parts_b, min(3, longest // 4))
    most = min(2, longest // 5)
    found = OSA.distance(letters_a, letters_b, score_cutoff=most)
    return found if found <= most else None


def _slips_by_part(parts_a: list[str], parts_b: list[str], most: int) -> int | None:
    orders = permutations(parts_b) if len(parts_b) <= _MOST_PARTS else (tuple(parts_b),)
    counted = (_slips_in_order(parts_a, order, most) for order in orders)
    return min((slips for slips in counted if slips is not None), default=None)


def _slips_in_order(parts_a: list[str], order: tuple[str, ...], most: int) -> int | None:
    slips = 0
    for x, y in zip(parts_a, order, strict=True):
        if x == y:
            continue
        longest = max(len(x), len(y))
        if longest < _PART:
            return None
        apart = OSA.distance(x, y)
        slips += apart
        if apart > longest // 3 or slips > most:
            return None
    return slips


def _is_short(a: str, b: str, letters_a: str, letters_b: str) -> bool:
    """Whether one of the two is the other but for parts left out or given by their first letter."""
    if DOT in a and DOT in b:
        fewer, more = sorted((a.split(DOT), b.split(DOT)), key=len)
        return _stand_for(fewer, more)
    short, long = sorted((letters_a, letters_b), key=len)
    if len(short) == len(long):
        return False
    if len(short) >= _SHORTEST_ALONE and (long.startswith(short) or long.endswith(short)):
        return True
    rest = short[1:]
    return len(rest) >= _SHORTEST_ALONE and short[0] == long[0] and long.endswith(rest)


def _stand_for(fewer: list[str], more: list[str]) -> bool:
    """Whether each part of ``fewer`` is one of ``more``, or the first letter of one, in any order.

    One part at least is the same and long enough to say whose name it is.
    """
    left_fewer, left_more = list(fewer), list(more)
    is_told = False
    for part in fewer:
        if len(part) > 1 and part in left_more:
            left_fewer.remove(part)
            left_more.remove(part)
            is_told = is_told or len(part) >= _PART
    for part in left_fewer:
        matching = [other for other in left_more if _is_initial(part, other)]
        if not matching:
            return False
        left_more.remove(matching[0])
    return is_told


def _is_initial(part: str, other: str) -> bool:
    return part[0] == other[0] and 1 in (len(part), len(other))
