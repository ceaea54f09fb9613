"""`prefect deploy --all` takes prefect.yaml, schedules 02:00 Shanghai, and a worker runs it."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from tests.conftest import AS_OF, POLICY, ROOT, District, Hedui

PREFECT = Path(sys.executable).parent / "prefect"
PATIENCE = 240.0


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def process(arguments: list[object], environment: dict[str, str], log: Path) -> Iterator[None]:
    with log.open("w") as stream:
        running = subprocess.Popen(
            [*map(str, arguments)],
            env=environment,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
        )
        try:
            yield
        finally:
            running.terminate()
            try:
                running.wait(timeout=30)
            except subprocess.TimeoutExpired:
                running.kill()
                running.wait()


def ask(url: str, body: dict[str, object] | None = None) -> object:
    request = urllib.request.Request(
        url,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)


def wait_for(what: str, found: "object", log: Path) -> object:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            value = found()  # type: ignore[operator]
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            value = None
        if value:
            return value
        time.sleep(0.5)
    pytest.fail(f"{what} did not come; {log.name}: {log.read_text()[-3000:]}")


@pytest.fixture(scope="module")
def served(
    tmp_path_factory: pytest.TempPathFactory, district: District
) -> Iterator[tuple[str, dict[str, str], Path]]:
    """A Prefect server of our own with the deployment taken, and its environment."""
    home = tmp_path_factory.mktemp("prefect")
    port = free_port()
    api = f"http://127.0.0.1:{port}/api"
    environment = {
        **os.environ,
        "PREFECT_HOME": str(home / "home"),
        "PREFECT_API_URL": api,
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_CLI_PROMPT": "false",
        "PREFECT_WORKER_QUERY_SECONDS": "1",
        "HEDUI_HOME": str(ROOT),
        "HEDUI_INBOX": str(district.inbox),
        "HEDUI_POLICY": str(POLICY),
        "HEDUI_WORKSPACE": str(home / "workspace"),
        "PATH": f"{PREFECT.parent}:{os.environ['PATH']}",
    }
    log = home / "server.log"
    start = [PREFECT, "server", "start", "--host", "127.0.0.1", "--port", port]
    with process(start, environment, log):
        wait_for("the server", lambda: ask(f"{api}/health"), log)
        for command in (
            ["work-pool", "create", "hedui", "--type", "process", "--overwrite"],
            ["--no-prompt", "deploy", "--all"],
        ):
            done = subprocess.run(
                [PREFECT, *command], env=environment, cwd=ROOT, capture_output=True, text=True,
                stdin=subprocess.DEVNULL, timeout=120, check=False,
            )  # fmt: skip
            assert done.returncode == 0, done.stdout + done.stderr
        yield api, environment, home


def test_the_file_names_the_nightly_hour_in_shanghai():
    deployment = yaml.safe_load((ROOT / "prefect.yaml").read_text())["deployments"][0]
    assert deployment["schedules"][0]["cron"] == "0 2 * * *"
    assert deployment["schedules"][0]["timezone"] == "Asia/Shanghai"


def test_a_run_is_scheduled_for_two_in_the_morning_in_shanghai(served):
    api, _, home = served
    query = {"flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}}, "limit": 5}
    runs = wait_for(
        "a scheduled run", lambda: ask(f"{api}/flow_runs/filter", query), home / "server.log"
    )
    starts = [datetime.fromisoformat(run["expected_start_time"]) for run in runs]
    local = [start.astimezone(ZoneInfo("Asia/Shanghai")) for start in starts]
    assert {(start.hour, start.minute) for start in local} == {(2, 0)}
    assert all(start > datetime.now(UTC) - timedelta(days=1) for start in starts)


def test_a_worker_runs_the_deployment_and_the_findings_are_there(
    served, hedui: Hedui, district: District
):
    api, environment, home = served
    log = home / "worker.log"
    with process([PREFECT, "worker", "start", "--pool", "hedui", "--limit", "1"], environment, log):
        deployment = ask(f"{api}/deployments/name/nightly/nightly")
        run = ask(
            f"{api}/deployments/{deployment['id']}/create_flow_run",
            {"parameters": {**deployment["parameters"], "as_of": AS_OF}},
        )

        def ended() -> object:
            state = ask(f"{api}/flow_runs/{run['id']}")["state"]
            return (
                state if state["type"] in ("COMPLETED", "FAILED", "CRASHED", "CANCELLED") else None
            )

        state = wait_for("the end of the run", ended, log)
    assert state["type"] == "COMPLETED", f"{state} {log.read_text()[-3000:]}"
    ours = hedui("findings", "--workspace", environment["HEDUI_WORKSPACE"], "--format", "csv")
    by_hand = hedui("findings", "--workspace", district.workspace, "--format", "csv")
    assert ours.returncode == 0, ours.stderr
    assert ours.stdout == by_hand.stdout
