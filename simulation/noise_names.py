"""What happens to names on their way through a department's hands."""

import re
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt
import opencc
import pyarrow as pa
import pyarrow.compute as pc
import pypinyin

from simulation.draws import Bools, Floats, Keys, uniform, whole

Kinds = npt.NDArray[np.int8]

DOT: Final = "·"
_MARKS: Final = ("?", "*", "□")
_PRIVATE_USE: Final = 0xE000
_REMARKS: Final = ("（已故）", "（外出）", "(户主)", "（代）", "（残）", "【已迁出】")
_VARIANTS: Final = str.maketrans("峰群强杰喆略岳凉况", "峯羣強傑嚞畧嶽涼況")
COMPOUND_SURNAMES: Final = frozenset(
    (
        "欧阳", "司马", "诸葛", "上官", "司徒", "夏侯", "皇甫", "尉迟", "公孙", "慕容",
        "令狐", "宇文", "长孙", "东方", "司空", "轩辕", "端木", "独孤", "南宫", "澹台",
        "公冶", "淳于", "申屠", "钟离", "闾丘", "呼延", "完颜", "拓跋", "百里", "第五",
        "太史", "赫连", "万俟", "濮阳", "闻人", "东郭", "西门", "左丘", "梁丘",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NameRates:
    """The share of rows for each thing that may befall a name.

    ``dot_*`` and ``swapped`` are shares of names with a middle dot, ``former_name`` of people who
    had one, ``rare_*`` of names with a character outside GB 2312; ``unreadable``, ``pinyin`` and
    ``private_use`` are the same for everybody else.
    """

    inner_blank: float = 0.004
    full_width_blank: float = 0.002
    dot_bullet: float = 0.12
    dot_full_stop: float = 0.10
    dot_wide_stop: float = 0.06
    dot_left_out: float = 0.12
    traditional: float = 0.004
    variant: float = 0.01
    unreadable: float = 0.0006
    pinyin: float = 0.0006
    private_use: float = 0.0001
    homophone: float = 0.003
    former_name: float = 0.15
    remark: float = 0.0015
    swapped: float = 0.04
    rare_unreadable: float = 0.12
    rare_pinyin: float = 0.10
    rare_private_use: float = 0.06


KINDS: Final = (
    "clean",
    *(field.name for field in fields(NameRates) if not field.name.startswith("rare_")),
)
_CODE: Final = {kind: np.int8(code) for code, kind in enumerate(KINDS)}
BAD: Final = ("unreadable", "pinyin", "private_use", "homophone", "former_name", "swapped")
"""What a plain comparison does not see through: more than another way of writing the name."""


@dataclass(frozen=True, slots=True)
class NameCraft:
    """What the district's own names allow: characters of one sound, and the rare ones."""

    homophones: dict[str, str]
    rare: str

    @property
    def rare_pattern(self) -> str:
        """A regular expression that finds a rare character; it finds nothing when there is none."""
        return f"[{self.rare}]" if self.rare else "^$."


def name_craft(names: pa.Array | pa.ChunkedArray) -> NameCraft:
    """What can be learned from the names of everybody in the district."""
    letters = sorted({letter for name in pc.unique(names).to_pylist() if name for letter in name})
    by_sound: dict[str, list[str]] = {}
    for letter in letters:
        if not _is_rare(letter) and letter != DOT:
            by_sound.setdefault(sound(letter), []).append(letter)
    homophones = {
        letter: "".join(other for other in alike if other != letter)
        for alike in by_sound.values()
        if len(alike) > 1
        for letter in alike
    }
    return NameCraft(homophones, "".join(filter(_is_rare, letters)))


@cache
def sound(letter: str) -> str:
    """The reading of one character in pinyin without tone; itself where it has none."""
    return str(pypinyin.lazy_pinyin(letter)[0])


@cache
def _is_rare(letter: str) -> bool:
    try:
        letter.encode("gb2312")
    except UnicodeEncodeError:
        return letter != DOT
    return False


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("s2t")


@dataclass(frozen=True, slots=True)
class DirtyNames:
    """Names as delivered, and what befell each (a place in KINDS)."""

    texts: pa.Array
    kinds: Kinds


def dirty_names(
    names: pa.Array, former: pa.Array, keys: Keys, rates: NameRates, craft: NameCraft
) -> DirtyNames:
    """The names as a department would hold them; ``former`` is null for those who had no other."""
    kinds = _choose(names, former, keys, rates, craft)
    kinds[np.asarray(names.is_null())] = 0
    changed = np.flatnonzero(kinds)
    draws = whole(keys[changed], "name", "how").tolist()
    places = pa.array(changed)
    rows = zip(
        kinds[changed].tolist(),
        names.take(places).to_pylist(),
        former.take(places).to_pylist(),
        draws,
        strict=True,
    )
    after = [
        old if KINDS[kind] == "former_name" else _change(KINDS[kind], name, draw, craft)
        for kind, name, old, draw in rows
    ]
    texts = pc.replace_with_mask(names, pa.array(kinds > 0), pa.array(after, pa.string()))
    kinds[np.asarray(pc.fill_null(pc.equal(texts, names), False))] = 0
    return DirtyNames(texts, kinds)


def _choose(
    names: pa.Array, former: pa.Array, keys: Keys, rates: NameRates, craft: NameCraft
) -> Kinds:
    has_dot = np.asarray(pc.fill_null(pc.match_substring(names, DOT), False))
    has_former = np.asarray(pc.fill_null(pc.not_equal(former, names), False))
    is_rare = np.asarray(pc.fill_null(pc.match_substring_regex(names, craft.rare_pattern), False))
    chance = uniform(keys, "name", "kind")
    kinds = np.zeros(len(keys), dtype=np.int8)
    upto = np.zeros(len(keys))
    for name in KINDS[1:]:
        rate = _rate(name, rates, has_dot, has_former, is_rare)
        kinds[(chance >= upto) & (chance < upto + rate)] = _CODE[name]
        upto += rate
    return kinds


def _rate(
    name: str, rates: NameRates, has_dot: Bools, has_former: Bools, is_rare: Bools
) -> float | Floats:
    """The share for each row: some things befall only some names."""
    rate = float(getattr(rates, name))
    if name.startswith("dot_") or name == "swapped":
        return np.where(has_dot, rate, 0.0)
    if name == "former_name":
        return np.where(has_former, rate, 0.0)
    if name in ("unreadable", "pinyin", "private_use"):
        return np.where(
            is_rare, float(getattr(rates, "rare_" + name)), np.where(has_dot, 0.0, rate)
        )
    return rate


def _change(kind: str, name: str, draw: int, craft: NameCraft) -> str:
    return _CHANGES[kind](name, draw, craft)


Change = Callable[[str, int, NameCraft], str]


def _surname_length(name: str) -> int:
    return 2 if name[:2] in COMPOUND_SURNAMES and len(name) > 2 else 1


def _with_blank(blank: str) -> Change:
    def change(name: str, draw: int, _: NameCraft) -> str:
        if len(name) == 2 or draw % 3 == 0:
            return blank.join(name)
        place = _surname_length(name)
        return name[:place] + blank + name[place:]

    return change


def _with_dot(dot: str) -> Change:
    return lambda name, _draw, _craft: name.replace(DOT, dot)


def _in_one_place(make: Callable[[str, int], str]) -> Change:
    """Change the rare character, or else one of the given name."""

    def change(name: str, draw: int, craft: NameCraft) -> str:
        rare = re.search(craft.rare_pattern, name)
        given = _surname_length(name)
        if given >= len(name):
            return name
        place = rare.start() if rare else given + draw % (len(name) - given)
        if name[place] == DOT:
            place -= 1
        return name[:place] + make(name[place], draw // 16) + name[place + 1 :]

    return change


def _homophone(name: str, draw: int, craft: NameCraft) -> str:
    given = _surname_length(name)
    for step in range(len(name) - given):
        place = given + (draw + step) % (len(name) - given)
        alike = craft.homophones.get(name[place], "")
        if alike:
            return name[:place] + alike[draw // 16 % len(alike)] + name[place + 1 :]
    return name


def _swap(name: str, _draw: int, _craft: NameCraft) -> str:
    first, dot, second = name.partition(DOT)
    return second + dot + first


_CHANGES: Final[dict[str, Change]] = {
    "inner_blank": _with_blank(" "),
    "full_width_blank": _with_blank("\u3000"),
    "dot_bullet": _with_dot("•"),
    "dot_full_stop": _with_dot("."),
    "dot_wide_stop": _with_dot("．"),
    "dot_left_out": _with_dot(""),
    "traditional": lambda name, _draw, _craft: str(_converter().convert(name)),
    "variant": lambda name, _draw, _craft: name.translate(_VARIANTS),
    "unreadable": _in_one_place(lambda _, draw: _MARKS[draw % len(_MARKS)]),
    "pinyin": _in_one_place(lambda letter, _: sound(letter)),
    "private_use": _in_one_place(lambda letter, _: chr(_PRIVATE_USE + ord(letter) % 1000)),
    "homophone": _homophone,
    "remark": lambda name, draw, _craft: name + _REMARKS[draw % len(_REMARKS)],
    "swapped": _swap,
}


def name_type(name: str) -> str:
    """``minority`` (a middle dot), ``compound`` (复姓), ``han2`` (two characters) or ``han3``."""
    if DOT in name:
        return "minority"
    if name[:2] in COMPOUND_SURNAMES and len(name) > 2:
        return "compound"
    return "han2" if len(name) == 2 else "han3"
