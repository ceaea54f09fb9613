"""Engines that worlds opened are closed with their test."""

from collections.abc import Iterator

import pytest
from linking_world import OPENED


@pytest.fixture(autouse=True)
def _engines_closed() -> Iterator[None]:
    yield
    while OPENED:
        OPENED.pop().close()
