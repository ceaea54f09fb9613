"""What tests of the whole of intake share."""

import pytest
from delivering import hand_over_rows, rows_of
from intake_world import DAY, HOUSEHOLDS, World

from sources import acceptance


@pytest.fixture
def without_the_slow_library(monkeypatch):
    """The suites have tests of their own; here only their verdict matters."""
    monkeypatch.setattr(acceptance, "validate", lambda *_: [])


@pytest.fixture
def world(tmp_path, without_the_slow_library):
    """An inbox with one good delivery of another dataset, and a way to take it in."""
    place = World(tmp_path)
    hand_over_rows(place.inbox, HOUSEHOLDS, DAY, rows_of(HOUSEHOLDS, 3))
    return place
