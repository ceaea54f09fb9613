"""How fast the rules are: all of them over a night, and over one household.

    python -m benchmarks.rules WORKSPACE [--households 50]

Reads the snapshot in force of a workspace that `hedui run` has filled (a million residents:
`hedui simulate --residents 1000000 …`), judges its night again in memory, and checks households one
by one in the engine kept for them, whose plans are made before (as the service does at its start).
Nothing in the workspace is changed.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from rules.engine import Scope, evaluate
from rules.foundation import stored_policies
from rules.household import CASE, Household, cut_out
from rules.parameters import Policy
from rules.readiness import plan_rules
from rules.rule import Catalogue, load_catalogue
from store.engines.duckdb import DuckDBEngine
from store.engines.small import SmallEngine
from store.ledger import Ledger
from store.runs import newest_run
from store.snapshot import open_snapshot, scratch_on_snapshot
from store.workspace import open_workspace

_RESIDENTS = "select count(*) from clean.population where person_status = '0'"
_CASES = "select case_no from clean.household where benefit_status in ('1', '3') order by case_no"


def main(arguments: Sequence[str]) -> None:
    """Measure and print: what, how much, how long."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workspace", type=Path)
    parser.add_argument("--households", type=int, default=50)
    given = parser.parse_args(arguments)
    workspace = open_workspace(given.workspace, create=False)
    catalogue = load_catalogue()
    with Ledger.open(workspace) as ledger:
        run = newest_run(ledger)
        if run is None:
            raise SystemExit(f"{given.workspace}: no run")
        with open_snapshot(workspace, ledger, run.as_of) as night:
            policies = stored_policies(night)
            residents = night.rows(_RESIDENTS)[0][0]
            cases = [row[0] for row in night.rows(_CASES)]
            rules = len(list(catalogue))
            _say(f"{residents:,} residents, {len(cases):,} active cases, {rules} rules")
            step = max(1, len(cases) // given.households)
            _households(night, catalogue, policies, run.as_of, cases[::step][: given.households])
        with scratch_on_snapshot(workspace, ledger, run.as_of) as scratch:
            _whole_night(scratch, catalogue, policies, run.as_of)


def _households(
    night: DuckDBEngine,
    catalogue: Catalogue,
    policies: Sequence[Policy],
    as_of: date,
    cases: Sequence[str],
) -> None:
    copied: list[float] = []
    judged: list[float] = []
    cpu: list[float] = []
    with SmallEngine() as small:
        cut_out(night, small, [])
        plan_rules(small, catalogue, policies, as_of)
        for case_no in cases:
            start = time.perf_counter()
            cut_out(night, small, [Household(case_no, CASE)])
            between, worked = time.perf_counter(), time.process_time()
            scope = Scope(frozenset({case_no}))
            evaluate(small, catalogue=catalogue, policies=policies, as_of=as_of, scope=scope)
            copied.append(between - start)
            judged.append(time.perf_counter() - between)
            cpu.append(time.process_time() - worked)
    _say(f"one household, all rules: {_spread(judged)} ({len(judged)} households)")
    _say(f"  of it processor time: {_spread(cpu)}")
    _say(f"  taking its rows out of the snapshot: {_spread(copied)}")


def _spread(seconds: Sequence[float]) -> str:
    ordered = sorted(seconds)
    worst = ordered[int(len(ordered) * 0.95)]
    return f"median {statistics.median(ordered) * 1000:.0f} ms, 95 % within {worst * 1000:.0f} ms"


def _whole_night(
    scratch: DuckDBEngine, catalogue: Catalogue, policies: Sequence[Policy], as_of: date
) -> None:
    took: list[tuple[float, str]] = []
    start, worked = time.perf_counter(), time.process_time()
    evaluate(
        scratch,
        catalogue=catalogue,
        policies=policies,
        as_of=as_of,
        progress=_stopwatch(took),
    )
    wall, cpu = time.perf_counter() - start, time.process_time() - worked
    _say(f"all rules over the night: {wall:.1f} s, processor time {cpu:.1f} s")
    for seconds, name in sorted(took, reverse=True)[:8]:
        _say(f"  {seconds:6.2f} s  {name}")


def _stopwatch(took: list[tuple[float, str]]) -> Callable[[str], None]:
    last = time.perf_counter()

    def note(name: str) -> None:
        nonlocal last
        now = time.perf_counter()
        took.append((now - last, name))
        last = now

    return note


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
