"""Whether the time of a refusal tells anything: `make bench-refusals`.

Asks the real service in turn for a case of another township, a case that nobody has, and (in the
officer's own township, for comparison) one that is answered; signs in with a wrong password under a
name that somebody has and one that nobody has. Prints the quartiles of each, and for what must not
be told apart the Mann-Whitney rank test: p is how often two samples of one distribution would be
at least so far apart (normal approximation with ties, Mann and Whitney 1947). A small p with a
difference of medians far below a network's own trembling still wants a look.
"""

import argparse
import http.client
import json
import math
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import quantiles

from benchmarks.checks import PASSWORD, PROGRAM, _run

_CASES = "select case_no, township_code from clean.household where benefit_status = '1' order by 1"


def main() -> None:
    """Measure and print; nothing fails here, for a busy machine proves nothing."""
    asked = _arguments()
    with tempfile.TemporaryDirectory(prefix="hedui-bench-") as folder:
        workspace = Path(folder) / "workspace"
        shutil.copytree(asked.workspace, workspace)
        own, foreign = _cases(workspace, asked.township)
        _run("users", "add", "bench", "--workspace", workspace, "--role", "township",
             "--division", asked.township, "--full-name", "测量")  # fmt: skip
        server = subprocess.Popen(
            [PROGRAM, "serve", "--workspace", workspace, "--port", str(asked.port),
             "--checks-a-day", "10000000"]
        )  # fmt: skip
        try:
            _print(_measure(asked, own, foreign))
        finally:
            server.terminate()
            server.wait()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--workspace", type=Path, required=True)
    parser.add_argument("--township", default="990102001")
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--port", type=int, default=8792)
    return parser.parse_args()


def _cases(workspace: Path, township: str) -> tuple[list[str], list[str]]:
    import duckdb

    file = max((workspace / "snapshots").glob("*.duckdb"))
    with duckdb.connect(str(file), read_only=True) as connection:
        rows = connection.execute(_CASES).fetchall()
    own = [no for no, where in rows if where == township]
    return own, [no for no, where in rows if where != township]


def _measure(
    asked: argparse.Namespace, own: list[str], foreign: list[str]
) -> dict[str, list[float]]:
    connection = _connected(asked.port)
    token = _ask(connection, "/api/v1/sessions", {"name": "bench", "password": PASSWORD})[1][
        "token"
    ]
    drawn = random.Random(11)  # noqa: S311 - an order, not a secret
    took: dict[str, list[float]] = {}
    for turn in range(asked.rounds):
        kinds = {
            "own case (answered)": own[turn % len(own)],
            "foreign case": foreign[turn % len(foreign)],
            "unknown case": f"DB990102{900_000_000 + drawn.randrange(10**8):09d}",
        }
        for kind, number in drawn.sample(sorted(kinds.items()), len(kinds)):
            body = {"purpose": "bench", "authorisation": "bench", "case_no": number}
            took.setdefault(kind, []).append(_ask(connection, "/api/v1/checks", body, token)[0])
        if turn % 10 == 0:
            for kind, name in (("known name", "bench"), ("unknown name", "nobody-here")):
                body = {"name": name, "password": "not-the-password"}
                took.setdefault(kind, []).append(_ask(connection, "/api/v1/sessions", body)[0])
    return took


def _connected(port: int) -> http.client.HTTPConnection:
    for _ in range(600):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            connection.request("GET", "/healthz")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.1)
            continue
        return connection
    raise SystemExit("the service did not answer")


def _ask(
    connection: http.client.HTTPConnection, path: str, body: object, token: str = ""
) -> tuple[float, dict[str, str]]:
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    began = time.perf_counter()
    connection.request("POST", path, json.dumps(body), headers)
    answer = connection.getresponse().read()
    return time.perf_counter() - began, json.loads(answer)


def _print(took: dict[str, list[float]]) -> None:
    print(f"{'':22}{'n':>6}{'p25':>10}{'median':>10}{'p75':>10}   ms")
    for kind, times in took.items():
        at = [f"{value * 1000:10.2f}" for value in quantiles(times, n=4)]
        print(f"{kind:22}{len(times):6}{''.join(at)}")
    for one, other in (("foreign case", "unknown case"), ("known name", "unknown name")):
        share, p = rank_test(took[one], took[other])
        print(f"{one} against {other}: slower in {share:.1%} of pairs, p = {p:.3f}")


def rank_test(one: Sequence[float], other: Sequence[float]) -> tuple[float, float]:
    """How often a value of ``one`` is the greater of a pair, and the two-sided p of the test."""
    n, m = len(one), len(other)
    grouped = [*((value, 0) for value in one), *((value, 1) for value in other)]
    ordered = sorted(grouped)
    rank_sum, ties, at = 0.0, 0, 0
    while at < len(ordered):
        until = at
        while until < len(ordered) and ordered[until][0] == ordered[at][0]:
            until += 1
        rank, alike = (at + until + 1) / 2, until - at
        rank_sum += rank * sum(group == 0 for _, group in ordered[at:until])
        ties += alike**3 - alike
        at = until
    u = rank_sum - n * (n + 1) / 2
    spread = math.sqrt(n * m / 12 * (n + m + 1 - ties / ((n + m) * (n + m - 1))))
    z = (u - n * m / 2) / spread if spread else 0.0
    return u / (n * m), math.erfc(abs(z) / math.sqrt(2))


if __name__ == "__main__":
    sys.exit(main())
