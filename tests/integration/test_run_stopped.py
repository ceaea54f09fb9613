"""Ctrl-C in the middle of a night: said at once, nothing half made, and it can be run again."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.conftest import AS_OF, POLICY, District, Hedui

LIMIT = 300  # seconds after which the test gives up


def begun(workspace: Path, night: "subprocess.Popen[str]") -> bool:
    """Wait until the first delivery is on record; whether that came while the night went on."""
    for _ in range(LIMIT * 20):
        if any(workspace.glob("clean/*/[!.]*/verdict.json")):
            return True
        if night.poll() is not None:
            return False
        time.sleep(0.05)
    return False


def halves(workspace: Path) -> list[Path]:
    aside = (".half", ".building", ".discarded")
    left = [path for path in workspace.rglob("*") if path.name.startswith(aside)]
    return [*left, *(workspace / "tmp").iterdir()]


def test_a_night_that_is_interrupted_says_so_and_leaves_the_workspace_whole(
    district: District, hedui: Hedui, tmp_path: Path
) -> None:
    arguments = (
        "run", "--inbox", district.inbox, "--policy", POLICY, "--as-of", AS_OF,
        "--workspace", tmp_path / "workspace",
    )  # fmt: skip
    with subprocess.Popen(
        [Path(sys.executable).parent / "hedui", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "HEDUI_LANG": "zh"},
    ) as night:
        assert begun(tmp_path / "workspace", night)
        night.send_signal(signal.SIGINT)
        said, told = night.communicate(timeout=LIMIT)
    assert night.returncode == 130
    assert said == ""
    assert [line.split("。")[0].split("……")[0] for line in told.split("\n") if line][1:] == [
        "正在停下",
        "已停下",
    ]
    assert halves(tmp_path / "workspace") == []
    assert list((tmp_path / "workspace" / "snapshots").iterdir()) == []
    again = hedui(*arguments)
    assert again.returncode == 0, again.stderr
    answers = [
        hedui("answers", "--workspace", place, "--format", "csv").stdout
        for place in (district.workspace, tmp_path / "workspace")
    ]
    assert answers[0] == answers[1] != ""
