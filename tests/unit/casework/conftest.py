"""A ledger in a workspace of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.ledger import Ledger
from store.workspace import open_workspace


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ledger]:
    monkeypatch.delenv("HEDUI_DATABASE_URL", raising=False)
    with Ledger.open(open_workspace(tmp_path / "ws")) as opened:
        yield opened
