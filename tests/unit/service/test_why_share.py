"""How sure a link is, in percent."""

import pytest

from service.commands.why import _share


@pytest.mark.parametrize(
    ("posterior", "said"),
    [
        (0.99996, ">99.9%"),
        (0.9995, ">99.9%"),
        (0.9994, "99.9%"),
        (0.9634, "96.3%"),
        (0.0005, "0.1%"),
        (0.00004, "<0.1%"),
    ],
)
def test_nothing_weighed_reads_as_certain_or_ruled_out(posterior: float, said: str) -> None:
    assert _share(posterior) == said
