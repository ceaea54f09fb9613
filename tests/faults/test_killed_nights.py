"""A night killed anywhere and started again ends as if undisturbed; a full disk harms nothing."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from doomed_night import night
from nights import run_night
from sqlalchemy import text

from casework.findings import FindingView, current_findings
from store.ledger import Ledger
from store.locking import run_lock
from store.snapshot import is_intact, open_snapshot
from store.workspace import Workspace, open_workspace

ROOT = Path(__file__).parents[2]
CHILD = Path(__file__).parent / "doomed_night.py"
PLACES = [
    "tables half built",
    "before the checkpoint",
    "closed and not renamed",
    "sealed and not recorded",
    "contents kept",
    "events written",
    "before the commit",
    "published and not ended",
]
TOLD = {
    "finding": "finding_no, finding_id, first_run_no",
    "finding_version": "version_no, finding_no, content_hash, evidence, newest_evidence",
    "sighting": "run_no, finding_no, version_no",
    "absence": "run_no, finding_no, is_clear, reason",
    "finding_event": "finding_no, run_no, as_of, kind, reason, version_no, superseded_by",
    "run": "run_no, run_id, state, publication, manifest, summary",
}
State = tuple[object, ...]


@pytest.fixture(autouse=True)
def _own_ledger(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HEDUI_DATABASE_URL", raising=False)


@pytest.fixture(scope="module")
def first_night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace after its first night, to be copied."""
    workspace = open_workspace(tmp_path_factory.mktemp("first") / "ws")
    with Ledger.open(workspace) as ledger:
        run_night(ledger, workspace, night(20))
    return workspace.path


@pytest.fixture(scope="module")
def undisturbed(first_night: Path, tmp_path_factory: pytest.TempPathFactory) -> State:
    """What the second night ends as when nothing happens."""
    place = tmp_path_factory.mktemp("undisturbed") / "ws"
    shutil.copytree(first_night, place)
    return again(open_workspace(place))


@pytest.fixture
def workspace(first_night: Path, tmp_path: Path) -> Workspace:
    shutil.copytree(first_night, tmp_path / "ws")
    return open_workspace(tmp_path / "ws")


def again(workspace: Workspace) -> State:
    """Run the second night here; everything the workspace then says, and nothing of when."""
    second = night(21)
    with Ledger.open(workspace) as ledger:
        with run_lock(ledger, workspace, at=second.at):
            run_night(ledger, workspace, second)
        return told(ledger)


def told(ledger: Ledger) -> State:
    workspace = ledger.workspace
    with ledger.reading() as session:
        tables = [
            sorted(map(repr, session.execute(text(f"select {columns} from {table}"))))
            for table, columns in TOLD.items()
        ]
        named = {str(name) for (name,) in session.execute(text("select snapshot from run"))}
    with open_snapshot(workspace, ledger) as engine:
        seen = engine.rows("select finding_id, evidence_hash from judged.finding order by 1")
    assert {path.name for path in workspace.snapshots.iterdir()} == named
    assert is_intact(workspace, ledger)
    return tables, seen, len(named), current_findings(ledger, include_closed=True)


def standing(workspace: Workspace) -> list[FindingView]:
    with Ledger.open(workspace) as ledger:
        assert is_intact(workspace, ledger)
        return current_findings(ledger)


def doomed(workspace: Workspace, *arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, str(CHILD), str(workspace.path), *arguments],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"},
    )


@pytest.mark.parametrize("place", PLACES)
def test_a_night_killed_and_started_again_ends_as_if_undisturbed(
    workspace: Workspace, undisturbed: State, place: str
) -> None:
    before = standing(workspace)
    child = doomed(workspace, place)
    child.communicate(timeout=60)
    assert child.returncode == -signal.SIGKILL
    if place != "published and not ended":
        assert standing(workspace) == before
    assert again(workspace) == undisturbed


@pytest.mark.parametrize("hundredths", [2, 9, 20, 33])
def test_a_night_killed_at_any_moment_ends_as_if_undisturbed(
    workspace: Workspace, undisturbed: State, hundredths: int
) -> None:
    child = doomed(workspace, "nowhere")
    assert child.stdout is not None
    assert child.stdout.readline() == "running\n"
    time.sleep(hundredths / 100)
    child.kill()
    child.communicate(timeout=60)
    assert again(workspace) == undisturbed


@pytest.mark.parametrize(
    ("place", "key"),
    [
        ("disk full while the snapshot is built", "snapshot_not_written"),
        ("disk full while findings are recorded", "ledger_unavailable"),
    ],
)
def test_a_full_disk_leaves_what_is_published_as_it_was(
    workspace: Workspace, undisturbed: State, place: str, key: str
) -> None:
    before = standing(workspace)
    child = doomed(workspace, place)
    said, _ = child.communicate(timeout=60)
    assert (child.returncode, said.split()[-1]) == (3, key)
    assert standing(workspace) == before
    assert [path.name for path in workspace.snapshots.glob(".building*")] == []
    assert again(workspace) == undisturbed
