"""Text for people in both languages."""

import pytest

from domain.wording import joined, text


@pytest.mark.parametrize(
    ("joint", "chinese", "english"),
    [
        ("words", "户籍、车辆", "户籍, 车辆"),
        ("clauses", "户籍，车辆", "户籍, 车辆"),
        ("sentences", "户籍；车辆", "户籍; 车辆"),
    ],
)
def test_several_are_joined_as_the_language_does(joint, chinese, english) -> None:
    assert joined(["户籍", "车辆"], joint, "zh") == chinese
    assert joined(["户籍", "车辆"], joint, "en") == english


def test_a_missing_sentence_is_a_fault_of_the_program() -> None:
    with pytest.raises(KeyError):
        text("cli.no_such_sentence")
