"""One small district and one night for the tests that need a whole run."""

import io
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import number_scan
import pytest
from fuzzing import LONG
from hypothesis import settings

ROOT = Path(__file__).parent.parent
POLICY = ROOT / "rules" / "policy" / "990102.yaml"
AS_OF = "2026-11-20"
DAY_AFTER = "2026-11-21"
"""A night of this date finds nothing new in the inbox of the district: another night, quickly."""
Hedui = Callable[..., "subprocess.CompletedProcess[str]"]


_LEFT = pytest.StashKey[Path]()
_FOUND = pytest.StashKey[list[str]]()
_FAILED = pytest.StashKey[bool]()


def pytest_configure(config: pytest.Config) -> None:
    """Temporary files of the run go to a folder of their own, which is looked through at the end.

    Its name is short, for sockets lie in it, and like the system's own it is open to the users as
    whom servers run.
    """
    folder = Path(tempfile.mkdtemp(prefix="hedui-tests-"))
    folder.chmod(0o1777)
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
    config.stash[_LEFT] = folder
    if os.environ.get("HYPOTHESIS_PROFILE") == LONG:
        settings.load_profile(LONG)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """What a test printed or logged."""
    for name, said in report.sections:
        number_scan.heard(f"{report.nodeid} ({name})", said)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """The run fails where anything it wrote or said holds a full identity number."""
    scan = number_scan.Scan()
    scan.folder(session.config.stash[_LEFT])
    if (prefect := ROOT / ".prefect").is_dir():
        scan.folder(prefect)
    session.config.stash[_FAILED] = bool(session.testsfailed)
    found = [*number_scan.HEARD.places, *scan.places]
    session.config.stash[_FOUND] = found
    if found and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, exitstatus: int, config: pytest.Config
) -> None:
    """Say where; the temporary folder stays where anything is to be looked into."""
    found = config.stash.get(_FOUND, [])
    if found:
        terminalreporter.write_line(number_scan.told(found), red=True)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the folder after a run in which all was well."""
    if config.stash.get(_FOUND, None) == [] and not config.stash.get(_FAILED, False):
        shutil.rmtree(config.stash[_LEFT], ignore_errors=True)


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
        done = subprocess.run(
            [Path(sys.executable).parent / "hedui", *map(str, arguments)],
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
            env={**os.environ, "HEDUI_LANG": "zh", **environment},
        )
        _hear(done, arguments)
        return done

    return run


@pytest.fixture(scope="session")
def hedui_here() -> Hedui:
    """The program in this process, for what it says: a process of its own takes a second to start.

    Exit status and output are those that a shell would see.
    """

    def run(*arguments: object, **environment: str) -> "subprocess.CompletedProcess[str]":
        from service.cli import main  # not before it is wanted: it brings half the program

        given = [str(one) for one in arguments]
        said, told = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
        with (
            mock.patch.dict(os.environ, {"HEDUI_LANG": "zh", **environment}),
            redirect_stdout(said),
            redirect_stderr(told),
        ):
            try:
                main(given)
                status = 0
            except SystemExit as ended:
                status = int(ended.code or 0)
        for stream in (said, told):
            stream.seek(0)
        done = subprocess.CompletedProcess(given, status, said.read(), told.read())
        _hear(done, arguments)
        return done

    return run


def _hear(done: "subprocess.CompletedProcess[str]", arguments: Sequence[object]) -> None:
    shown = "" if "--unmasked" in arguments else done.stdout
    number_scan.heard(f"hedui {' '.join(map(str, arguments[:2]))}", shown + done.stderr)


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


@pytest.fixture
def hearing_interrupts() -> Iterator[None]:
    """Ctrl-C is heard here and by programs started, also where the suite runs in the background.

    A shell has what it puts into the background ignore interrupts, and that is inherited.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
