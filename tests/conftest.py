"""One small district and one night for the tests that need a whole run."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
POLICY = ROOT / "rules" / "policy" / "990102.yaml"
AS_OF = "2026-11-20"
Hedui = Callable[..., "subprocess.CompletedProcess[str]"]


@dataclass(frozen=True)
class District:
    """Where a simulated district and the workspace of its night lie."""

    inbox: Path
    truth: Path
    workspace: Path


@pytest.fixture(scope="session")
def hedui() -> Hedui:
    """The program as a user starts it: a process of its own."""

    def run(*arguments: object, **environment: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [Path(sys.executable).parent / "hedui", *map(str, arguments)],
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
            env={**os.environ, "HEDUI_LANG": "zh", **environment},
        )

    return run


@pytest.fixture(scope="session")
def district(tmp_path_factory: pytest.TempPathFactory, hedui: Hedui) -> District:
    """3,000 residents, simulated and checked once; tests must not write into it."""
    home = tmp_path_factory.mktemp("district")
    place = District(home / "inbox", home / "truth", home / "workspace")
    made = hedui(
        "simulate", "--residents", 3000, "--as-of", AS_OF, "--seed", 7, "--out", place.inbox
    )
    assert made.returncode == 0, made.stderr
    ran = hedui(
        "run", "--inbox", place.inbox, "--policy", POLICY, "--as-of", AS_OF,
        "--workspace", place.workspace,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return place


@pytest.fixture(scope="session")
def service(district: District, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The service over a copy of the district (tests/served.py), shared: leave its users be."""
    from served import served  # the web framework is wanted by few tests

    with served(district.workspace, tmp_path_factory.mktemp("service") / "workspace") as running:
        yield running
