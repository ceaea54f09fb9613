import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.glyphs import fold_table
from domain.names import NameAgreement, fold_name, names_agree
from domain.readings import reading_set, split_name

FOLDED = [
    ("王 伟", "王伟"),
    ("王　伟\t", "王伟"),
    ("\u200b张\ufeff三\u202e", "张三"),
    ("吕\U000e0100布", "吕布"),
    ("買買提•艾力", "买买提·艾力"),
    ("买买提．艾力", "买买提·艾力"),
    ("买买提.艾力", "买买提·艾力"),
    ("买买提・艾力", "买买提·艾力"),
    ("阿··力·", "阿·力"),
    ("李娜（已故）", "李娜"),
    ("李娜(曾用名李那)", "李娜"),
    ("李娜【迁出】", "李娜"),
    ("李娜(已", "李娜"),
    ("（李娜）", "李娜"),
    ("凃强", "涂强"),
    ("髙麗華", "高丽华"),
    ("李乾", "李乾"),
    ("⻢超", "马超"),
    ("\uf914天", "乐天"),
    ("王□", "王?"),
    ("王＊", "王?"),
    ("王\ufffd", "王?"),
    ("王\ue0ff", "王?"),
    ("王ＹＡＮ", "王yan"),
    ("王yàn", "王yan"),
    ("NGUYỄN Thị Đào", "nguyenthidao"),
    ("Łukasz Bjørn", "lukaszbjorn"),
    ("İbrahim", "ibrahim"),
    ("Strauß", "strauss"),
    ("'王伟", "王伟"),
    ("", ""),
    (" \u3000", ""),
]


@pytest.mark.parametrize(("raw", "folded"), FOLDED)
def test_a_name_is_folded_to_the_form_in_which_it_is_compared(raw, folded):
    assert fold_name(raw) == folded


def test_the_bytes_that_pythons_codec_leaves_in_private_use_are_real_characters():
    assert fold_name(b"\xcd\xf5\xfe\x59".decode("gb18030")) == "王龴"
    assert fold_name(b"\xcd\xf5\xfe\x51".decode("gb18030")) == "王\U00020087"


def test_traditional_and_simplified_fold_alike_wherever_the_character_stands():
    assert fold_name("魏徵") == fold_name("魏征")


@given(st.text(max_size=12))
def test_folding_twice_changes_nothing(raw):
    assert fold_name(fold_name(raw)) == fold_name(raw)


def test_no_character_folds_to_one_that_folds_further():
    fold_name("王")
    table = fold_table()
    for point in list(table):
        once = table[point]
        assert once.translate(table) == once, hex(point)


def test_every_code_point_folds_without_fault():
    for point in range(0, sys.maxunicode, 37):
        assert isinstance(fold_name(chr(point)), str)


AGREEMENT = [
    ("张建国", "张建国", "same"),
    ("张健国", "张建国", "homophone"),
    ("王维", "王伟", "homophone"),
    ("章建国", "张建国", "homophone"),
    ("李晓艳", "李小燕", "homophone"),
    ("张建军", "张建国", "different"),
    ("张伟", "李伟", "different"),
    ("汪维", "王伟", "different"),
    ("王伟", "王伟民", "different"),
    ("王?", "王喆", "wildcard"),
    ("王??", "王喆", "wildcard"),
    ("?伟", "王伟", "wildcard"),
    ("王?", "王yan", "wildcard"),
    ("王?", "李喆", "different"),
    ("?", "王伟", "unreadable"),
    ("??", "??", "unreadable"),
    ("王yan", "王艳", "pinyin"),
    ("王xiaoyan", "王小燕", "pinyin"),
    ("wangwei", "王伟", "pinyin"),
    ("吕lu", "吕绿", "pinyin"),
    ("李dan", "李单", "pinyin"),
    ("shan雄信", "单雄信", "pinyin"),
    ("王yan", "王丽", "different"),
    ("买买提艾力", "买买提·艾力", "spacing"),
    ("艾力·买买提", "买买提·艾力", "swapped"),
    ("艾力·买买提", "买买提艾力", "swapped"),
    ("", "王伟", "unknown"),
]


@pytest.mark.parametrize(("a", "b", "kind"), AGREEMENT)
def test_names_agree_as_the_agreement_lets_them_vary(a, b, kind):
    assert names_agree(a, b) == kind


@pytest.mark.parametrize(("a", "b", "kind"), AGREEMENT)
def test_agreement_has_no_direction(a, b, kind):
    assert names_agree(b, a) == kind


def test_a_former_name_agrees_and_so_do_slips_of_it():
    assert names_agree("王小红", "王静", former="王小红") is NameAgreement.FORMER
    assert names_agree("王晓红", "王静", former="王小红") is NameAgreement.FORMER
    assert names_agree("李娜", "王静", former="王小红") is NameAgreement.DIFFERENT


@pytest.mark.parametrize("kind", list(NameAgreement))
def test_only_what_speaks_for_one_person_agrees(kind):
    silent = {NameAgreement.UNREADABLE, NameAgreement.UNKNOWN, NameAgreement.DIFFERENT}
    alike = {NameAgreement.LATIN_SLIP, NameAgreement.LATIN_SLIPS, NameAgreement.LATIN_SHORT}
    assert kind.agrees == (kind not in silent | alike)
    assert kind.is_likeness == (kind in alike)


@given(st.text("王张伟建国?·yanwe", max_size=7), st.text("王张伟建国?·yanwe", max_size=7))
def test_any_two_folded_names_compare_alike_both_ways(a, b):
    assert names_agree(a, b) == names_agree(b, a)


@pytest.mark.parametrize(
    ("surname", "reading"),
    [("单", "shan"), ("仇", "qiu"), ("翟", "zhai"), ("王", "wang"), ("吕", "lv")],
)
def test_the_reading_as_a_surname_is_among_the_readings(surname, reading):
    assert reading in reading_set(surname)


def test_compound_surnames_and_minority_names_split_where_they_should():
    assert split_name("欧阳懿") == ("欧阳", "懿")
    assert split_name("欧阳") == ("欧", "阳")
    assert split_name("王伟") == ("王", "伟")
    assert split_name("买买提·艾力") == ("买买提", "艾力")
