"""A disk that fills amid a command is said as such, with the place, and harms nothing."""

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

SIMULATE = ["simulate", "--residents", "500", "--as-of", "2026-11-20", "--seed", "3"]


def hedui(*arguments: str, room: int | None = None, **changes: object) -> tuple[int, str]:
    """Exit status and last line on standard error, where no file grows past ``room`` bytes."""

    def limit() -> None:
        if room is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))

    ended = subprocess.run(
        [sys.executable, "-m", "service.cli", *arguments],
        stdout=changes.get("stdout", subprocess.PIPE),  # type: ignore[call-overload]
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},  # else it would be cut off as well
        preexec_fn=limit,
    )
    return ended.returncode, (ended.stderr.strip().splitlines() or [""])[-1]


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("room", [1 << 13, 1 << 16])
def test_a_simulation_that_ran_out_of_room_says_so_and_is_finished_by_another_call(
    tmp_path: Path, room: int
) -> None:
    out = tmp_path / "short" / "inbox"
    status, said = hedui(*SIMULATE, "--out", str(out), room=room)
    assert status == 1
    assert said.startswith(f"无法写入 {out}：磁盘已满：")
    assert hedui(*SIMULATE, "--out", str(out))[0] == 0
    assert hedui(*SIMULATE, "--out", str(tmp_path / "whole" / "inbox"))[0] == 0
    assert contents(tmp_path / "short") == contents(tmp_path / "whole")


def test_an_output_that_takes_nothing_is_said_to_be_full() -> None:
    with Path("/dev/full").open("w") as full:
        status, said = hedui("rules", "list", stdout=full)
    assert status == 1
    assert said.startswith("磁盘已满，写不下去：")
