"""Identity numbers: what is valid, what is something else, and what they say."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from domain.identity import (
    CHECK_CHARACTERS,
    IdStatus,
    birth_date,
    check_character,
    normalise,
    read_identity_number,
    sex,
    upgrade,
)

LATEST = date(2026, 11, 20)
births = st.dates(date(1850, 1, 1), LATEST)


def number(birth: date, sequence: int = 4, division: str = "990102") -> str:
    first17 = f"{division}{birth:%Y%m%d}{sequence:03}"
    return first17 + check_character(first17)


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        ("99010219900101004X", "valid"),
        (" 9901 0219\u200b900101004x", "valid"),
        ("'９９０１０２１９９００１０１００４Ｘ", "valid"),
        ("990102900101004", "valid_15"),
        ("990102900230004", "date"),
        ("990102199002300022", "date"),
        ("990102204001010027", "date"),
        ("990102179001010025", "date"),
        ("990102199001010049", "check_digit"),
        ("99010219900101040X", "check_digit"),
        ("9901021990010100", "malformed"),
        ("O90102199001010021", "malformed"),
        ("9.90102E+17", "scientific"),
        ("无", "placeholder"),
        ("0", "placeholder"),
        ("111111111111111111", "placeholder"),
        ("111111111111111", "placeholder"),
        ("123456789012345678", "placeholder"),
        ("N/A", "placeholder"),
        (None, "absent"),
        (" \u3000\t", "absent"),
        ("E12345678", "other_document"),
        ("91990102MA0123456X", "other_document"),
        ("91110000100013428K", "other_document"),
        ("9901021990010100X4", "malformed"),
        ("990102199001010B4X", "malformed"),
        ("99010219900101004K", "malformed"),
        ("81" + "0000199408230021", "valid"),
    ],
)
def test_a_delivered_number_is_what_it_is(raw: str | None, status: str) -> None:
    assert read_identity_number(raw, LATEST).status.value == status


@given(births, st.integers(0, 999), st.sampled_from(["990102", "810000", "999156", "370102"]))
def test_every_well_made_number_is_valid_however_it_is_dressed(
    birth: date, sequence: int, division: str
) -> None:
    made = number(birth, sequence, division)
    for dressed in (made, made.lower(), f"'{made}", f" {made[:6]} {made[6:]}\ufeff"):
        read = read_identity_number(dressed, LATEST)
        assert (read.number, read.text, read.status) == (made, None, IdStatus.VALID)
    assert birth_date(made) == birth
    assert sex(made) == ("1" if sequence % 2 else "2")


@given(births, st.integers(0, 999), st.integers(0, 16), st.integers(1, 9))
def test_one_slipped_digit_never_leaves_a_number_valid(
    birth: date, sequence: int, place: int, shift: int
) -> None:
    made = number(birth, sequence)
    slipped = f"{made[:place]}{(int(made[place]) + shift) % 10}{made[place + 1 :]}"
    read = read_identity_number(slipped, LATEST)
    assert read.number is None
    assert read.text == slipped


@given(births, st.integers(0, 999), st.integers(0, 15))
def test_two_neighbours_swapped_never_leave_a_number_valid(
    birth: date, sequence: int, place: int
) -> None:
    made = number(birth, sequence)
    swapped = made[:place] + made[place + 1] + made[place] + made[place + 2 :]
    if swapped != made:
        assert read_identity_number(swapped, LATEST).number is None


@given(st.dates(date(1900, 1, 1), date(1999, 12, 31)), st.integers(0, 999))
def test_a_first_generation_number_becomes_the_eighteen_digits(birth: date, sequence: int) -> None:
    old = f"990102{birth:%y%m%d}{sequence:03}"
    read = read_identity_number(old, LATEST)
    assert (read.number, read.status) == (number(birth, sequence), IdStatus.VALID_15)
    assert upgrade(old) == read.number


@given(st.text(max_size=30))
def test_no_text_is_too_much_and_normalising_twice_changes_nothing(raw: str) -> None:
    read = read_identity_number(raw, LATEST)
    assert (read.number is None) or read.number[17] in CHECK_CHARACTERS
    assert normalise(normalise(raw)) == normalise(raw)


@given(
    births, st.integers(0, 999), st.sampled_from(["990102", "810000", "820000", "830000", "933701"])
)
def test_an_independent_library_finds_the_same_check_character(born, sequence, division):
    first17 = f"{division}{born:%Y%m%d}{sequence:03}"
    assert ric.calc_check_digit(first17 + "0") == check_character(first17)


@pytest.mark.parametrize("division", ["810000", "820000", "830000", "933701", "990102"])
def test_residence_permits_of_all_kinds_have_numbers_of_their_own_right(division):
    """港澳台居民居住证 (81, 82, 83) and 外国人永久居留身份证 (9): typed by form, never invalid."""
    first17 = f"{division}19901231001"
    number = first17 + check_character(first17)
    read = read_identity_number(number, date(2026, 11, 20))
    assert (read.number, read.status) == (number, "valid")
