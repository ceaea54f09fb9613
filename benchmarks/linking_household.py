"""How long one household takes through linking, as a check of people typed in asks for it.

    python -m benchmarks.linking_household WORKSPACE [--households 50]

Against the snapshot in force of a workspace that `hedui run` has filled: the people of listed
households are typed in anew, once as they stand and once with a digit of every number mistyped, and
each is found in the register or not. Then the household's records are gathered. Nothing is changed.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from pipelines.typed_people import TypedHousehold, TypedPerson, identify
from rules.household import copy_cases
from store.engines.duckdb import DuckDBEngine
from store.engines.small import SmallEngine
from store.ledger import Ledger
from store.runs import newest_run
from store.snapshot import open_snapshot
from store.workspace import open_workspace

_CASES: Final = "select case_no from clean.household where benefit_status = '1' order by case_no"
_PEOPLE: Final = """
    select name_raw, id_no, relation
    from clean.member
    where case_no = $case_no and id_no is not null
    order by seq
"""


def main(arguments: Sequence[str]) -> None:
    """Measure and print milliseconds a household: the median, and what nineteen in twenty need."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workspace", type=Path)
    parser.add_argument("--households", type=int, default=50)
    given = parser.parse_args(arguments)
    workspace = open_workspace(given.workspace, create=False)
    with Ledger.open(workspace) as ledger:
        run = newest_run(ledger)
        if run is None:
            raise SystemExit(f"{given.workspace}: no run")
        with open_snapshot(workspace, ledger, run.as_of) as night, SmallEngine() as small:
            cases = [row[0] for row in night.rows(_CASES)]
            asked = cases[:: max(1, len(cases) // given.households)][: given.households]
            took: dict[str, list[float]] = {}
            for case_no in asked:
                typed = _typed(night, case_no)
                for what, people in (("as they stand", typed), ("mistyped", _mistyped(typed))):
                    start = time.perf_counter()
                    identify(night, people, as_of=run.as_of)
                    took.setdefault(f"people found, {what}", []).append(_ms(start))
                start = time.perf_counter()
                copy_cases(night, small, [case_no], run.as_of)
                took.setdefault("records gathered", []).append(_ms(start))
    for what, times in took.items():
        slow = statistics.quantiles(times, n=20)[-1]
        sys.stdout.write(
            f"{what}: median {statistics.median(times):.0f} ms, 95 % within {slow:.0f} ms,"
            f" {len(times)} households\n"
        )


def _typed(night: DuckDBEngine, case_no: str) -> TypedHousehold:
    people = night.rows(_PEOPLE, {"case_no": case_no})
    return TypedHousehold(
        "990102001", "11", tuple(TypedPerson(name, id_no, kin or "") for name, id_no, kin in people)
    )


def _mistyped(household: TypedHousehold) -> TypedHousehold:
    """The same people, the sixteenth digit of each number another."""
    return replace(
        household,
        people=tuple(
            replace(one, id_no=one.id_no[:15] + str((int(one.id_no[15]) + 3) % 10) + one.id_no[16:])
            for one in household.people
        ),
    )


def _ms(start: float) -> float:
    return (time.perf_counter() - start) * 1000


if __name__ == "__main__":
    main(sys.argv[1:])
