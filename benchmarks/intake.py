"""How long intake of a full evening takes, beside what DuckDB alone takes to read the same text.

    python -m benchmarks.intake --residents 100000
    python -m benchmarks.intake --inbox INBOX --as-of 2026-11-20

A full evening is what a new workspace reads: of every ``full`` dataset the newest delivery, of
every ``incremental`` one all. Both sides run in a process of their own, one after the other, with
two threads. Intake is all of it: hash and keep the bytes received, decode, parse, standardise, set
aside, compare, check (Great Expectations), profile, and write the rows. DuckDB reads the same
files, already in UTF-8, as text into the tables of a database file. Nothing is left behind.
"""

import argparse
import csv
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

TARGET_RATIO = 2.5
TARGET_BYTES = 2 << 30
TARGET_RESIDENTS = 1_000_000
ROOT = Path(__file__).parent.parent


def main() -> None:
    """Read the arguments; print both sides and the ratio."""
    options = _options()
    if options.side:
        sys.stdout.write(json.dumps(SIDES[options.side](options)) + "\n")
        return
    with tempfile.TemporaryDirectory(prefix="hedui-bench-", dir=options.tmp) as folder:
        home = Path(folder)
        inbox = options.inbox or _simulated(options, home)
        evening = home / "evening"
        _lay_out(inbox, evening, options.as_of)
        _transcode(evening, home / "utf8")
        _report([_run(options, home, side) for side in ("intake", "duckdb")])


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--residents", type=int, default=100_000)
    parser.add_argument("--as-of", type=date.fromisoformat, default=date(2026, 11, 20))
    parser.add_argument("--inbox", type=Path, help="an inbox made before, instead of a new one")
    parser.add_argument("--tmp", type=Path, help="where to work (default: the system's)")
    parser.add_argument("--side", choices=sorted(SIDES), help=argparse.SUPPRESS)
    parser.add_argument("--home", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def _simulated(options: argparse.Namespace, home: Path) -> Path:
    from simulation.simulate import simulate

    _say(f"simulating {options.residents:,} residents")
    simulate(options.residents, options.as_of, 1, home / "inbox", progress=lambda step: None)
    return home / "inbox"


def _lay_out(inbox: Path, evening: Path, as_of: date) -> None:
    """The deliveries of a full evening, as links to their folders."""
    from sources.contract import load_dictionary

    for contract in load_dictionary():
        place = inbox / contract.agency / contract.folder
        dated = sorted(day for day in place.iterdir() if day.name <= as_of.isoformat())
        used = dated[-1:] if contract.mode == "full" else dated
        target = evening / contract.agency / contract.folder
        target.mkdir(parents=True)
        for day in used:
            (target / day.name).symlink_to(day.resolve())


def _transcode(evening: Path, target: Path) -> None:
    """Every delivered file as CSV in UTF-8."""
    import duckdb
    from python_calamine import load_workbook

    target.mkdir()
    for number, (manifest, file) in enumerate(_files(evening)):
        copy = target / f"{manifest['dataset']}-{number:04}.csv"
        if manifest["format"] == "parquet":
            duckdb.sql(f"copy (from read_parquet('{file}')) to '{copy}' (header)")
        elif manifest["format"] == "xlsx":
            with copy.open("w", encoding="utf-8", newline="") as made:
                csv.writer(made).writerows(load_workbook(file).get_sheet_by_index(0).to_python())
        else:
            encoding = "utf-8-sig" if manifest["encoding"] == "utf-8" else manifest["encoding"]
            with (
                file.open(encoding=encoding, errors="replace", newline="") as given,
                copy.open("w", encoding="utf-8", newline="") as made,
            ):
                shutil.copyfileobj(given, made, 1 << 22)


def _files(evening: Path) -> Iterator[tuple[dict[str, str], Path]]:
    for path in sorted(evening.glob("*/*/*/manifest.json")):
        manifest = json.loads(path.read_text(encoding="utf-8"))
        for file in manifest["files"]:
            yield manifest, path.with_name(file["name"])


def _run(options: argparse.Namespace, home: Path, side: str) -> dict[str, float]:
    """One side in a process of its own, so that its memory is its own."""
    _say(f"running {side}")
    done = subprocess.run(
        [
            sys.executable, "-m", "benchmarks.intake", "--side", side,
            "--home", str(home.resolve()),
            "--as-of", options.as_of.isoformat(),
        ],
        cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _intake(options: argparse.Namespace) -> dict[str, float]:
    from sources.intake import assemble_intake, receive
    from store.engines.duckdb import DuckDBEngine
    from store.workspace import open_workspace

    workspace = open_workspace(options.home / "workspace")
    start = time.monotonic()
    with DuckDBEngine(spill_to=workspace.tmp / "spill") as engine:
        intake = receive(
            engine, inbox=options.home / "evening", workspace=workspace.path, as_of=options.as_of
        )
    received, cpu = time.monotonic() - start, _cpu()
    with DuckDBEngine(options.home / "snapshot.duckdb", spill_to=workspace.tmp / "spill") as engine:
        assemble_intake(engine, intake)
    counts = [one.counts for one in intake.deliveries]
    return {
        "seconds": received,
        "cpu": cpu,
        "assemble": time.monotonic() - start - received,
        "rows": sum(one.delivered for one in counts),
        "accepted": sum(one.accepted for one in counts),
        "deliveries": len(counts),
        "bytes": _peak(),
    }


def _duckdb(options: argparse.Namespace) -> dict[str, float]:
    import duckdb

    by_dataset: dict[str, list[str]] = {}
    for file in sorted((options.home / "utf8").iterdir()):
        by_dataset.setdefault(file.name.rpartition("-")[0], []).append(str(file))
    start = time.monotonic()
    config = {"threads": 2, "memory_limit": "2GB", "preserve_insertion_order": False}
    rows = 0
    with duckdb.connect(str(options.home / "alone.duckdb"), config=config) as connection:
        for dataset, files in by_dataset.items():
            connection.execute(
                f"create table {dataset} as select * from read_csv($files, header = true,"
                " all_varchar = true, union_by_name = true, ignore_errors = true)",
                {"files": files},
            )
            counted = connection.execute(f"select count(*) from {dataset}").fetchone()
            rows += counted[0] if counted else 0
        connection.execute("checkpoint")
    return {
        "seconds": time.monotonic() - start,
        "cpu": _cpu(),
        "rows": rows,
        "bytes": _peak(),
    }


def _cpu() -> float:
    """Processor seconds of this process: what does not depend on who else is busy."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _report(sides: list[dict[str, float]]) -> None:
    intake, alone = sides
    _say(
        f"intake   {_figures(intake)}  {intake['rows']:,.0f} rows in {intake['deliveries']:.0f}"
        f" deliveries (then {intake['assemble']:.2f} s into the snapshot)"
    )
    _say(f"duckdb   {_figures(alone)}  {alone['rows']:,.0f} rows, utf-8, as text")
    ratio, by_cpu = (intake[name] / alone[name] for name in ("seconds", "cpu"))
    _say(
        f"ratio    {ratio:8.2f}    {by_cpu:8.2f} by cpu; to reach at {TARGET_RESIDENTS:,}"
        f" residents: {TARGET_RATIO}, under {TARGET_BYTES / 2**30:.0f} GB"
    )


def _figures(side: dict[str, float]) -> str:
    gigabytes = side["bytes"] / 2**30
    return f"{side['seconds']:8.2f} s  {side['cpu']:8.2f} cpu s  {gigabytes:6.2f} GB"


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


SIDES = {"intake": _intake, "duckdb": _duckdb}

if __name__ == "__main__":
    main()
