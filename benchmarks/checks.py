"""Checks a second against the real service: `make bench-checks`.

Starts `hedui serve` over a workspace, asks for checks of random cases and applications at a steady
rate (a request is sent when it is due, whether or not the ones before were answered), and prints
the quantiles of the time from when each was due, the service's processor time a check, and how busy
the machine was (others' work counts in the times and not in the processor time). With ``--during``
a nightly run of the same workspace goes on meanwhile, and checks are asked for until it is done:
its switch of snapshot falls into the measured time.
"""

import argparse
import gc
import http.client
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb

PASSWORD = "correct-horse-42"  # noqa: S105 - of a user that lives as long as the measurement
PROGRAM = Path(sys.executable).parent / "hedui"
_ROUND = 10
_local = threading.local()


def main() -> None:
    """Measure, and fail where an answer failed."""
    asked = _arguments()
    with tempfile.TemporaryDirectory(prefix="hedui-bench-") as folder:
        workspace = Path(folder) / "workspace"
        shutil.copytree(asked.workspace, workspace)
        os.sync()  # else the copy is written to disk half a minute later, amid the checks
        _run("users", "add", "bench", "--workspace", workspace, "--role", "county",
             "--division", asked.division, "--full-name", "测量")  # fmt: skip
        _say_cli(workspace)
        server = subprocess.Popen(
            [PROGRAM, "serve", "--workspace", workspace, "--port", str(asked.port),
             "--checks-a-day", "10000000"]
        )  # fmt: skip
        try:
            token = _token(asked.port)
            households = _households(workspace)
            _measure(asked, token, households, seconds=5)  # warm
            gc.disable()  # a collection in this process would count as the service's time
            night = _night(asked, workspace) if asked.during else None
            worked = _worked(server.pid)
            results = _measure(asked, token, households, seconds=asked.seconds)
            while night is not None and night.poll() is None:
                results += _measure(asked, token, households, seconds=_ROUND)
            if night is not None:  # and on the snapshot that it has put in force
                results += _measure(asked, token, households, seconds=_ROUND)
            worked = _worked(server.pid) - worked
            failed = _report(results, asked, worked)
        finally:
            server.terminate()
            server.wait()
    raise SystemExit(1 if failed else 0)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--workspace", type=Path, required=True)
    parser.add_argument("--division", default="990102")
    parser.add_argument("--rate", type=float, default=30)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--port", type=int, default=8791)
    parser.add_argument("--during", type=Path, help="inbox of a nightly run to go on meanwhile")
    parser.add_argument("--policy", type=Path, default=Path("rules/policy/990102.yaml"))
    parser.add_argument("--as-of", default="2026-11-20")
    return parser.parse_args()


def _run(*arguments: object) -> float:
    began = time.monotonic()
    subprocess.run(
        [PROGRAM, *map(str, arguments)],
        check=True,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "HEDUI_PASSWORD": PASSWORD},
    )
    return time.monotonic() - began


def _say_cli(workspace: Path) -> None:
    case_no = next(one["case_no"] for one in _households(workspace) if "case_no" in one)
    times = sorted(
        _run("check", "--workspace", workspace, "--case", case_no, "--purpose", "bench",
             "--authorisation", "bench")
        for _ in range(3)
    )  # fmt: skip
    print(f"command line, start to first answer: {times[1]:.2f} s (median of 3)")


def _households(workspace: Path) -> list[dict[str, str]]:
    file = max((workspace / "snapshots").glob("*.duckdb"))
    with duckdb.connect(str(file), read_only=True) as connection:
        cases = connection.execute(
            "select case_no from clean.household where benefit_status in ('1', '3') order by 1"
        ).fetchall()
        applications = connection.execute(
            "select distinct application_no from clean.application order by 1"
        ).fetchall()
    return [{"case_no": no} for (no,) in cases] + [{"application_no": no} for (no,) in applications]


def _night(asked: argparse.Namespace, workspace: Path) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [PROGRAM, "run", "--inbox", asked.during, "--policy", asked.policy, "--as-of",
         asked.as_of, "--workspace", workspace, "--full"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip


def _worked(process: int) -> float:
    """Seconds of processor time a process has used."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _token(port: int) -> str:
    for _ in range(600):
        try:
            status, answer = _post(
                port, "/api/v1/sessions", {"name": "bench", "password": PASSWORD}
            )
        except OSError:
            time.sleep(0.1)
            continue
        if status != 201:
            raise SystemExit(f"no session: {status}")
        return str(json.loads(answer)["token"])
    raise SystemExit("the service did not answer")


def _measure(
    asked: argparse.Namespace, token: str, households: list[dict[str, str]], *, seconds: float
) -> list[tuple[float, int]]:
    """(seconds from when it was due, status) of every request."""
    drawn = random.Random(7)  # noqa: S311 - which households, not a secret
    begin = time.monotonic() + 0.2

    def ask(place: int, household: dict[str, str]) -> tuple[float, int]:
        due = begin + place / asked.rate
        time.sleep(max(0.0, due - time.monotonic()))
        body = {**household, "purpose": "bench", "authorisation": "bench"}
        try:
            status, _ = _post(asked.port, "/api/v1/checks", body, token)
        except OSError:
            status = 0
        return time.monotonic() - due, status

    with ThreadPoolExecutor(64) as pool:
        count = int(asked.rate * seconds)
        waiting = [pool.submit(ask, place, drawn.choice(households)) for place in range(count)]
        return [one.result() for one in waiting]


def _post(port: int, path: str, body: object, token: str = "") -> tuple[int, bytes]:
    connection: http.client.HTTPConnection | None = getattr(_local, "connection", None)
    if connection is None:
        connection = _local.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    try:
        connection.request("POST", path, json.dumps(body), headers)
        reply = connection.getresponse()
        return reply.status, reply.read()
    except (OSError, http.client.HTTPException) as error:
        connection.close()
        _local.connection = None
        raise OSError from error


def _report(results: list[tuple[float, int]], asked: argparse.Namespace, worked: float) -> bool:
    times = sorted(took for took, _ in results)
    failed = [status for _, status in results if status != 201]
    at = {q: times[min(len(times) - 1, int(q * len(times)))] * 1000 for q in (0.5, 0.9, 0.99, 1.0)}
    during = " during a nightly run" if asked.during else ""
    print(f"{asked.rate:g} checks a second{during}: {len(results)} checks,")
    print(
        f"p50 {at[0.5]:.0f} ms, p90 {at[0.9]:.0f} ms, p99 {at[0.99]:.0f} ms, max {at[1.0]:.0f} ms"
    )
    print(f"failed: {len(failed)} {sorted(set(failed))}")
    print(
        f"the service's processor time: {worked / len(results) * 1000:.1f} ms a check; "
        f"load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    )
    return bool(failed)


if __name__ == "__main__":
    main()
