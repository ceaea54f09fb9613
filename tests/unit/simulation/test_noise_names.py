from dataclasses import fields, replace

import pyarrow as pa
import pytest

from simulation.draws import row_keys
from simulation.noise_names import (
    KINDS,
    DirtyNames,
    NameRates,
    dirty_names,
    name_craft,
    name_type,
    sound,
)

NONE = replace(NameRates(), **{each.name: 0.0 for each in fields(NameRates)})
HAN = ["王伟", "李建国", "欧阳建军", "张玮", "陈健", "赵丽华", "刘莉", "周𠮷", "吴国峰"]
DOTTED = ["买买提·艾力", "阿依古丽·吐尔逊"]


def dirty(names: list[str | None], former: list[str | None] | None = None, **rates: float):
    array = pa.array(names, pa.string())
    old = pa.array(former or [None] * len(names), pa.string())
    keys = row_keys(pa.table({"a": array, "n": range(len(names))}), ["a", "n"], "test")
    craft = name_craft(pa.array([*HAN, *DOTTED]))
    found: DirtyNames = dirty_names(array, old, keys, replace(NONE, **rates), craft)
    return found.texts.to_pylist(), [KINDS[kind] for kind in found.kinds]


@pytest.mark.parametrize(("kind", "blank"), [("inner_blank", " "), ("full_width_blank", "\u3000")])
def test_blanks_inside_go_away_again(kind: str, blank: str) -> None:
    texts, _ = dirty(HAN, **{kind: 1.0})
    assert all(blank in text for text in texts)
    assert [text.replace(blank, "") for text in texts] == HAN


@pytest.mark.parametrize(
    ("kind", "dot"),
    [("dot_bullet", "•"), ("dot_full_stop", "."), ("dot_wide_stop", "．"), ("dot_left_out", "")],
)
def test_only_a_middle_dot_is_written_otherwise(kind: str, dot: str) -> None:
    texts, kinds = dirty([*DOTTED, "王伟"], **{kind: 1.0})
    assert texts == [*(name.replace("·", dot) for name in DOTTED), "王伟"]
    assert kinds == [kind, kind, "clean"]


def test_traditional_and_variant_forms_are_other_characters_of_the_same_name() -> None:
    assert dirty(["赵丽华"], traditional=1.0) == (["趙麗華"], ["traditional"])
    assert dirty(["吴国峰"], variant=1.0) == (["吴国峯"], ["variant"])
    assert dirty(["王一"], traditional=1.0) == (["王一"], ["clean"])


def test_the_rare_character_is_the_one_that_becomes_unreadable() -> None:
    texts, kinds = dirty(["周𠮷"] * 30, rare_unreadable=1.0)
    assert set(texts) == {"周?", "周*", "周□"}
    assert set(kinds) == {"unreadable"}
    assert dirty(["周𠮷"], rare_private_use=1.0)[0][0][1] in map(chr, range(0xE000, 0xF8FF))


def test_a_given_name_may_come_in_pinyin_and_the_surname_stays() -> None:
    assert dirty(["王伟"], pinyin=1.0) == (["王wei"], ["pinyin"])


def test_a_homophone_slip_keeps_surname_length_and_sound() -> None:
    texts, kinds = dirty(["李建国", "王伟"], homophone=1.0)
    assert kinds == ["homophone", "homophone"]
    for text, name in zip(texts, ["李建国", "王伟"], strict=True):
        assert text != name
        assert text[0] == name[0]
        assert [sound(letter) for letter in text] == [sound(letter) for letter in name]


def test_a_former_name_is_given_only_by_those_who_had_one() -> None:
    assert dirty(["王伟", "陈健"], ["王小毛", None], former_name=1.0) == (
        ["王小毛", "陈健"],
        ["former_name", "clean"],
    )


def test_a_remark_stands_in_brackets_behind_the_name() -> None:
    texts, _ = dirty(HAN, remark=1.0)
    assert all(
        text.startswith(name) and text[-1] in "）)】" for text, name in zip(texts, HAN, strict=True)
    )


def test_parts_of_a_minority_name_are_swapped() -> None:
    assert dirty(["买买提·艾力", "王伟"], swapped=1.0)[0] == ["艾力·买买提", "王伟"]


def test_no_noise_leaves_names_and_blanks_as_they_are() -> None:
    assert dirty([*HAN, None]) == ([*HAN, None], ["clean"] * (len(HAN) + 1))


@pytest.mark.parametrize(
    ("name", "kind"),
    [("王伟", "han2"), ("李建国", "han3"), ("欧阳懿", "compound"), ("买买提·艾力", "minority")],
)
def test_name_types(name: str, kind: str) -> None:
    assert name_type(name) == kind
