"""Both registers side by side on a finding's page: what differs is marked, nothing is laid bare."""

from datetime import date

from reports.tables import Showing
from service.finding_page import _lines

NUMBER, OTHER = "990102198003070015", "990102198003080010"
OURS = {"name_raw": "王伟", "id_no": NUMBER, "sex": "1", "birth_date": date(1980, 3, 7),
        "address": "示范县青山镇李家村五组"}  # fmt: skip
THEIRS = {**OURS, "id_no": OTHER, "birth_date": date(1980, 3, 8), "address": None}


def shown(showing: Showing) -> dict[str, tuple[str, str, bool]]:
    return {
        line.label: (line.ours, line.theirs, line.is_different)
        for line in _lines(OURS, THEIRS, showing)
    }


def test_masked_no_line_gives_the_digits_that_another_hides():
    assert list(shown(Showing()).values()) == [
        ("王*", "王*", False),
        ("990102********0015", "990102********0010", True),
        ("男", "男", False),
        ("1980-**-**", "1980-**-**", True),
        ("示范县青山镇李家村***", "—", False),
    ]


def test_with_a_reason_everything_is_shown_in_full():
    values = {value for line in shown(Showing(True)).values() for value in line[:2]}
    assert {"王伟", NUMBER, OTHER, "1980-03-07", "1980-03-08", OURS["address"]} <= values
