import pytest

from domain.division import Division, Level, is_within


@pytest.mark.parametrize(
    ("code", "digits", "level"),
    [
        ("990102", "990102", Level.DISTRICT),
        ("990102001", "990102001", Level.TOWNSHIP),
        ("990102001003", "990102001003", Level.VILLAGE),
        ("990100", "9901", Level.CITY),
        ("990000", "99", Level.PROVINCE),
        ("990102000", "990102", Level.DISTRICT),
        ("990102001000", "990102001", Level.TOWNSHIP),
        (" 990102 ", "990102", Level.DISTRICT),
        ("990110", "990110", Level.DISTRICT),
    ],
)
def test_a_code_names_a_division_at_its_level(code, digits, level):
    assert Division.parse(code) == Division(digits)
    assert Division(digits).level is level


@pytest.mark.parametrize(
    "code", ["", "9901", "99010", "9901020", "99010a", "000000", "９９０１０２"]
)
def test_anything_else_names_none(code):
    assert Division.parse(code) is None


def test_a_division_covers_itself_and_what_lies_in_it_and_nothing_above():
    assert is_within("990102001", "990102")
    assert is_within("990102", "990102")
    assert is_within("990102001", "990100")
    assert not is_within("990102", "990102001")
    assert not is_within("990103001", "990102")
    assert not is_within(None, "990102")
    assert not is_within("不详", "990102")


def test_a_loose_prefix_is_no_division():
    # The township 990102010 begins with the digits of no other township.
    assert not is_within("990102010", "990102001")
    assert not is_within("990110", "990101")


def test_a_village_lies_in_its_township_and_district():
    village = Division.parse("990102001003")
    assert village.at(Level.TOWNSHIP) == Division("990102001")
    assert village.at(Level.DISTRICT) == Division("990102")
    assert Division("990102").at(Level.VILLAGE) is None
