"""`make bench-linking`: our linking and Splink 5 on the same district in the same minutes."""

import argparse
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from rich.console import Console
from rich.table import Table

from benchmarks.measure import Measured, measure
from benchmarks.worlds import TABLES, prepared, truth_of, world
from matchers.evaluation import LinkScore, evaluate_links, named
from sources.contract import load_dictionary

_THRESHOLDS = (
    0.02,
    0.05,
    0.1,
    0.2,
    0.3,
    0.5,
    0.7,
    0.8,
    0.9,
    0.99,
    0.995,
    0.999,
    0.9995,
    0.9999,
    0.99999,
)
_GROUPS = (("all", ""), ("number", "unusable"), ("difficulty", "no_number"))


def main(arguments: Sequence[str] | None = None) -> None:
    """Make the district where it is not there yet, run all contestants, print the comparison."""
    parser = argparse.ArgumentParser(prog="benchmarks.linking", description=__doc__)
    parser.add_argument("--residents", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--folder", type=Path, default=Path("build/worlds"))
    parser.add_argument(
        "--inbox", type=Path, help="a district that `hedui simulate` made, instead of a new one"
    )
    parser.add_argument(
        "--everybody",
        action="store_true",
        help="Splink once more, linking to everybody in the register as ours does"
        " (a million residents: 20 GB of memory)",
    )
    asked = parser.parse_args(arguments)
    if asked.inbox:
        place, district = prepared(asked.inbox, asked.folder), f"district of {asked.inbox}"
    else:
        place = world(asked.residents, asked.seed, asked.folder)
        district = f"{asked.residents:,} residents, seed {asked.seed}"
    tables = place / TABLES
    ours = measure("benchmarks.linking_ours", tables, place / "ours.parquet")
    splink = measure("benchmarks.linking_splink", tables, place / "splink.parquet")
    everybody = (
        measure("benchmarks.linking_splink", tables, place / "splink-all.parquet", "everybody")
        if asked.everybody
        else None
    )
    join = measure("benchmarks.linking_join", tables)
    console = Console(highlight=False, width=110)
    console.print(district)
    costs = [("ours", ours), ("Splink 5", splink), ("bare join", join)]
    if everybody:
        costs.insert(2, ("Splink 5, everybody", everybody))
    _print_cost(console, costs)
    truth = truth_of(place)
    our_scores = evaluate_links(pq.read_table(place / "ours.parquet"), truth)
    threshold, splink_scores = _best(tables, place / "splink.parquet", truth)
    _print_scores(
        console,
        [("ours", our_scores), (f"Splink 5, from {threshold} (picked on truth)", splink_scores)],
    )
    _print_ratio(console, "Splink", ours, splink)
    if everybody:
        _print_ratio(console, "Splink for everybody", ours, everybody)
    console.print(f"ours / bare join: {ours.total / join.total:.0f} times")


def _print_ratio(console: Console, name: str, ours: Measured, other: Measured) -> None:
    console.print(
        f"ours / {name}: {ours.total / other.total:.3f} of the time,"
        f" {ours.processor_seconds / other.processor_seconds:.3f} of the processors' time"
    )


def _best(tables: Path, pairs: Path, truth: Path) -> tuple[float, list[LinkScore]]:
    """Splink's links at the threshold with the best F1, which only the truth can tell."""
    tried = [(at, evaluate_links(_splink_links(tables, pairs, at), truth)) for at in _THRESHOLDS]
    return max(tried, key=lambda one: named(one[1], "all", "").f1 or 0)


def _splink_links(tables: Path, pairs: Path, threshold: float) -> pa.Table:
    """Pairs from ``threshold`` on as `hedui links` has them."""
    places = " union all ".join(
        f"select '{contract.dataset}' as dataset, record_id, business_date, file_name, row_no"
        f" from clean.{contract.table}"
        for contract in load_dictionary()
    )
    query = (Path(__file__).parent / "splink_links.sql").read_text(encoding="utf-8")
    with duckdb.connect(str(tables), read_only=True) as connection:
        connection.execute(f"create temp view place as {places}")
        parameters = {"pairs": str(pairs), "threshold": threshold}
        return connection.sql(query, params=parameters).to_arrow_table()


def _print_cost(console: Console, measured: Sequence[tuple[str, Measured]]) -> None:
    table = Table(box=None)
    table.add_column("")
    for head in ("seconds", "of processor time", "peak MB"):
        table.add_column(head, justify="right")
    table.add_column("of which")
    for name, one in measured:
        parts = ", ".join(f"{part} {seconds:.1f}" for part, seconds in one.seconds.items())
        busy = f"{one.processor_seconds:.2f}"
        table.add_row(name, f"{one.total:.2f}", busy, f"{one.peak_mb:,}", parts)
    console.print(table)


def _print_scores(console: Console, scores: Sequence[tuple[str, list[LinkScore]]]) -> None:
    table = Table(box=None)
    for head in ("", "records of subjects"):
        table.add_column(head)
    for head in ("true", "wrong", "missed", "precision", "recall", "F1"):
        table.add_column(head, justify="right")
    for name, theirs in scores:
        for by, group in _GROUPS:
            one = named(theirs, by, group)
            shares = (one.precision, one.recall, one.f1)
            table.add_row(
                name,
                group.replace("_", " ") or "all",
                f"{one.true:,}",
                f"{one.found - one.hits:,}",
                f"{one.true - one.hits:,}",
                *("" if share is None else f"{share:.3%}" for share in shares),
            )
    console.print(table)


if __name__ == "__main__":
    main()
