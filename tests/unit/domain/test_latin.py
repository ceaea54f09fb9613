"""Names in Latin letters: a slip is told from another person's name, and never agrees."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.latin import is_pinyin, latin_likeness
from domain.names import fold_name, names_agree

ALIKE = [
    ("NGUYEN THI LAN", "Nguyen Thi Lam", "latin_slip"),
    ("Nguyen Thi Lan", "NGUYENTHILLAN", "latin_slip"),
    ("KOWALCZYK.ANNA", "Kowalzcyk·Anna", "latin_slip"),
    ("Smith·John", "Smyth·John", "latin_slip"),
    ("Smith·John", "John·Smyth", "latin_slip"),
    ("Ivanova·Svetlana", "Ivanowa·Svetlna", "latin_slips"),
    ("Maria·Elena·Lopez", "Maria·Lopez", "latin_short"),
    ("J. Smith", "John·Smith", "latin_short"),
    ("JSMITH", "John Smith", "latin_short"),
    ("Nguyen Thi", "Nguyen Thi Lan", "latin_short"),
    ("ZHANGWEI", "zhagnwei", "latin_slip"),
    ("Zhang Wei", "Zhang Lei", None),  # both are pinyin: 张伟 and 张磊
    ("Li Wei", "Li Weiming", None),
    ("Lina", "Linx", None),  # of four letters one is too much
    ("Li·Nx", "Lu·Nx", None),
    ("Ivanova·Anna", "Ivanova·Alla", None),
    ("Alexander·Tom", "Alexander·Ben", None),  # three letters in twelve, and all in one part
    ("Nguyen Thi Lan", "Nguyen Thi Hoa", None),
    ("Green·Ethan", "Brown·Ethan", None),
    ("张伟", "张玮x", None),
    ("Smith·John", "史密斯·约翰", None),
    ("Smi?h·Jon", "Smith·Jane", None),
]


@pytest.mark.parametrize(("a", "b", "likeness"), ALIKE)
def test_latin_names_are_alike_by_slips_of_letters(a: str, b: str, likeness: str | None) -> None:
    assert latin_likeness(fold_name(a), fold_name(b)) == likeness
    assert latin_likeness(fold_name(b), fold_name(a)) == likeness


@pytest.mark.parametrize(("a", "b", "likeness"), [each for each in ALIKE if each[2]])
def test_a_likeness_is_no_agreement(a: str, b: str, likeness: str) -> None:
    kind = names_agree(fold_name(a), fold_name(b))
    assert (kind, kind.is_likeness, kind.agrees) == (likeness, True, False)


@pytest.mark.parametrize("name", ["LI NA", "Li Na", "Lina", "ＬＩ　ＮＡ", "l i n a"])
def test_pinyin_written_whole_is_read_whatever_its_case_and_blanks(name: str) -> None:
    assert names_agree(fold_name(name), "李娜") == "pinyin"


LETTERS = st.text("abn·", max_size=9).map(fold_name)


@given(LETTERS, LETTERS)
def test_likeness_has_no_direction(a: str, b: str) -> None:
    assert latin_likeness(a, b) == latin_likeness(b, a)


@given(st.text("王张伟建国smith", max_size=8), st.text("王张伟建国smith", max_size=8))
def test_a_name_with_a_character_is_never_merely_alike(a: str, b: str) -> None:
    if not (a.isascii() and b.isascii()):
        assert not names_agree(fold_name(a), fold_name(b)).is_likeness


def test_pinyin_is_syllables_from_first_to_last() -> None:
    assert all(map(is_pinyin, ("zhangwei", "lvna", "luna", "xian", "ouyangxiuwen")))
    assert not any(map(is_pinyin, ("zhangweix", "smith", "nguyenthilan", "hng")))
