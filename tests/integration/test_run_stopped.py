"""A night interrupted, or killed, while it takes deliveries in: it can simply be run again."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

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


def arguments(district: District, workspace: Path) -> list[str]:
    asked = (
        "run", "--inbox", district.inbox, "--policy", POLICY, "--as-of", AS_OF,
        "--workspace", workspace,
    )  # fmt: skip
    return [str(one) for one in asked]


@contextmanager
def night_under_way(asked: list[str]) -> Iterator["subprocess.Popen[str]"]:
    """A night in a process of its own, with its first delivery on record."""
    with subprocess.Popen(
        [Path(sys.executable).parent / "hedui", *asked],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "HEDUI_LANG": "zh"},
    ) as night:
        try:
            assert begun(Path(asked[-1]), night)
            yield night
        finally:
            night.kill()


def answers(hedui_here: Hedui, workspace: Path) -> str:
    return hedui_here("answers", "--workspace", workspace, "--format", "csv").stdout


@pytest.mark.usefixtures("hearing_interrupts")
def test_a_night_that_is_interrupted_says_so_and_leaves_the_workspace_whole(
    district: District, hedui: Hedui, hedui_here: Hedui, tmp_path: Path
) -> None:
    workspace = tmp_path / "workspace"
    with night_under_way(arguments(district, workspace)) as night:
        night.send_signal(signal.SIGINT)
        said, told = night.communicate(timeout=LIMIT)
    assert night.returncode == 130
    assert said == ""
    lines = [re.split("。|……", line)[0] for line in told.split("\n") if line]
    assert lines[1:] == ["正在停下", "已停下"]
    assert halves(workspace) == []
    assert list((workspace / "snapshots").iterdir()) == []
    again = hedui(*arguments(district, workspace))
    assert again.returncode == 0, again.stderr
    assert answers(hedui_here, workspace) == answers(hedui_here, district.workspace) != ""


def test_a_night_beside_another_is_refused_and_one_that_was_killed_is_made_up_for(
    district: District, hedui: Hedui, hedui_here: Hedui, tmp_path: Path
) -> None:
    workspace = tmp_path / "workspace"
    with night_under_way(arguments(district, workspace)) as night:
        night.send_signal(signal.SIGSTOP)
        beside = hedui(*arguments(district, workspace))
        assert (beside.returncode, beside.stdout) == (75, "")
        assert str(night.pid) in beside.stderr
        night.kill()
        night.communicate(timeout=LIMIT)
    again = hedui(*arguments(district, workspace))
    assert again.returncode == 0, again.stderr
    assert halves(workspace) == []
    assert answers(hedui_here, workspace) == answers(hedui_here, district.workspace) != ""
