"""A workspace that was backed up as docs/how-to/backup.md says is whole where it is restored."""

import shutil
import stat
import subprocess
from pathlib import Path

import pytest
from served import PASSWORD

from casework.findings import current_findings
from store.ledger import Ledger
from store.workspace import open_workspace
from tests.conftest import AS_OF, POLICY, District, Hedui


@pytest.fixture
def workspace(district: District, tmp_path: Path) -> Path:
    copied = tmp_path / "data" / "workspace"
    shutil.copytree(district.workspace, copied)
    return copied


def found(workspace: Path) -> list[tuple[str, str]]:
    with Ledger.open(open_workspace(workspace, create=False)) as ledger:
        return [(view.finding_id, view.evidence_hash) for view in current_findings(ledger)]


def test_a_restored_workspace_answers_verifies_and_goes_on(workspace, district, tmp_path, hedui):
    added = hedui(
        "users", "add", "zhao", "--workspace", workspace, "--role", "township",
        "--division", "990102001", "--full-name", "赵强", HEDUI_PASSWORD=PASSWORD,
    )  # fmt: skip
    assert added.returncode == 0, added.stderr
    before, backup = found(workspace), tmp_path / "workspace.tar"
    subprocess.run(["tar", "-C", workspace.parent, "-cpf", backup, "workspace"], check=True)
    shutil.rmtree(workspace)
    restored = tmp_path / "restored" / "workspace"
    restored.parent.mkdir(mode=0o700)
    subprocess.run(["tar", "-C", restored.parent, "-xpf", backup], check=True)
    backup.unlink()  # it holds people's numbers, as a backup must
    assert stat.S_IMODE(restored.stat().st_mode) == 0o700
    verified = hedui("log", "verify", "--workspace", restored)
    assert verified.returncode == 0, verified.stderr
    assert "zhao" in hedui("users", "list", "--workspace", restored).stdout
    assert found(restored) == before
    again = _run(hedui, district, restored)
    assert again.returncode == 0, again.stderr
    assert found(restored) == before


def _run(hedui: Hedui, district: District, workspace: Path) -> "subprocess.CompletedProcess[str]":
    return hedui(
        "run", "--inbox", district.inbox, "--policy", POLICY, "--as-of", AS_OF,
        "--workspace", workspace,
    )  # fmt: skip
