"""A workspace and its ledger."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.ledger import Ledger
from store.workspace import Workspace, open_workspace


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.delenv("HEDUI_DATABASE_URL", raising=False)
    return open_workspace(tmp_path / "ws")


@pytest.fixture
def ledger(workspace: Workspace) -> Iterator[Ledger]:
    with Ledger.open(workspace) as opened:
        yield opened
