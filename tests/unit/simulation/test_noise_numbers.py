import unicodedata
from dataclasses import fields, replace
from datetime import date, timedelta
from random import Random

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from noise_small_world import number_of

from simulation.draws import row_keys, uniform
from simulation.noise_numbers import (
    KINDS,
    PLACEHOLDERS,
    DirtyNumbers,
    NumberRates,
    check_digit,
    dirty_numbers,
)

NONE = replace(NumberRates(), **{each.name: 0.0 for each in fields(NumberRates)})
NUMBERS = [number_of(date(1940, 1, 1) + timedelta(days=97 * n), n) for n in range(300)]
STRANGERS = pa.array([number_of(date(2001, 5, 6), n) for n in range(50)])


def dirty(numbers: list[str | None], **rates: float) -> DirtyNumbers:
    array = pa.array(numbers, pa.string())
    keys = row_keys(pa.table({"id": array, "place": range(len(numbers))}), ["id", "place"], "test")
    return dirty_numbers(array, keys, replace(NONE, **rates), STRANGERS)


def is_valid(text: str) -> bool:
    return len(text) == 18 and text[:17].isdigit() and check_digit(text[:17]) == text[17]


@pytest.mark.parametrize("kind", ["slipped", "transposed"])
def test_a_typing_slip_always_breaks_the_check_digit_and_stays_under_99(kind: str) -> None:
    found = dirty(NUMBERS, **{kind: 1.0}).texts.to_pylist()
    assert all(len(text) == 18 and text.startswith("99") for text in found)
    assert not any(is_valid(text) for text in found)
    assert all(text != number for text, number in zip(found, NUMBERS, strict=True))


def test_transposed_numbers_hold_the_same_digits() -> None:
    found = dirty(NUMBERS, transposed=1.0).texts.to_pylist()
    assert all(sorted(text) == sorted(number) for text, number in zip(found, NUMBERS, strict=True))


def test_a_slip_changes_exactly_one_digit() -> None:
    found = dirty(NUMBERS, slipped=1.0).texts.to_pylist()
    for text, number in zip(found, NUMBERS, strict=True):
        assert sum(a != b for a, b in zip(text, number, strict=True)) == 1


def test_a_lost_digit_leaves_seventeen_characters() -> None:
    assert {len(text) for text in dirty(NUMBERS, lost_digit=1.0).texts.to_pylist()} == {17}


def test_missing_placeholder_and_scientific_leave_no_number() -> None:
    assert dirty(NUMBERS, missing=1.0).texts.null_count == len(NUMBERS)
    assert set(dirty(NUMBERS, placeholder=1.0).texts.to_pylist()) == set(PLACEHOLDERS)
    assert set(dirty(NUMBERS, scientific=1.0).texts.to_pylist()) == {"9.90102E+17"}


def test_a_required_number_is_never_missing() -> None:
    array = pa.array(NUMBERS)
    keys = row_keys(pa.table({"id": array}), ["id"], "test")
    found = dirty_numbers(
        array, keys, replace(NONE, missing=1.0), STRANGERS, missing_is_allowed=False
    )
    assert found.texts.to_pylist() == NUMBERS


def test_another_persons_number_is_a_valid_number_of_somebody_else() -> None:
    found = dirty(NUMBERS, other_person=1.0)
    assert set(found.texts.to_pylist()) <= set(STRANGERS.to_pylist())
    assert {KINDS[kind] for kind in found.kinds} == {"other_person"}


def test_fifteen_digits_become_the_number_again_and_only_for_those_born_before_2000() -> None:
    found = dirty(NUMBERS, fifteen_digits=1.0).texts.to_pylist()
    for text, number in zip(found, NUMBERS, strict=True):
        if number[6:8] == "20":
            assert text == number
        else:
            first17 = text[:6] + "19" + text[6:]
            assert first17 + check_digit(first17) == number


@pytest.mark.parametrize("kind", ["lower_x", "full_width", "blanks", "invisible", "apostrophe"])
def test_odd_writing_loses_nothing(kind: str) -> None:
    found = dirty(NUMBERS, **{kind: 1.0}).texts.to_pylist()
    for text, number in zip(found, NUMBERS, strict=True):
        plain = unicodedata.normalize("NFKC", text).upper()
        assert "".join(c for c in plain if c.isascii() and c.isalnum()) == number
    assert any(text != number for text, number in zip(found, NUMBERS, strict=True))


def test_no_noise_leaves_every_number_as_it_is() -> None:
    found = dirty([*NUMBERS, None])
    assert found.texts.to_pylist() == [*NUMBERS, None]
    assert {KINDS[kind] for kind in found.kinds[:-1]} == {"clean"}
    assert KINDS[found.kinds[-1]] == "missing"


def test_about_three_in_a_hundred_numbers_are_unusable_by_default() -> None:
    numbers = NUMBERS * 200
    array = pa.array(numbers)
    keys = row_keys(pa.table({"place": range(len(numbers))}), ["place"], "test")
    kinds = dirty_numbers(array, keys, NumberRates(), STRANGERS).kinds
    unusable = np.isin(kinds, [KINDS.index(name) for name in KINDS[1:8]]).mean()
    assert 0.027 < unusable < 0.033


@settings(deadline=None)
@given(st.lists(st.text(max_size=12), min_size=1, max_size=30, unique=True), st.randoms())
def test_a_rows_draw_depends_on_nothing_around_it(texts: list[str], random: Random) -> None:
    order = list(range(len(texts)))
    random.shuffle(order)
    straight = uniform(row_keys(pa.table({"a": texts}), ["a"], 1), "x")
    shuffled = uniform(row_keys(pa.table({"a": [texts[n] for n in order]}), ["a"], 1), "x")
    assert [straight[n] for n in order] == list(shuffled)
    alone = [uniform(row_keys(pa.table({"a": [text]}), ["a"], 1), "x")[0] for text in texts]
    assert alone == list(straight)
