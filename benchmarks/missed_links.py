"""Which records of subjects are tied to nobody, and why: a night beside the truth of its district.

    python -m benchmarks.missed_links WORKSPACE TRUTH [--csv FILE]

``unread_member``: the row of the case was set aside. ``other_number``: the record carries another
person's valid number, or the member does. Of records without a usable number: ``tie``, several fit
and the true one is among them; ``doubt``, only the true one fits and is not sure; ``other_fits``,
somebody else does; ``crowd``, of so many who bear the name nobody stands out. Names are masked.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pyarrow as pa
from rich.console import Console
from rich.table import Table

from domain.masking import mask_name
from matchers.evaluation import wrong_and_missed
from reports.tables import Showing, links_table
from sources.contract import load_dictionary
from store.engines.duckdb import DuckDBEngine
from store.ledger import Ledger
from store.runs import newest_run
from store.snapshot import scratch_on_snapshot
from store.workspace import open_workspace

_SQL = Path(__file__).parent / "missed_links.sql"
_PLACE = ["dataset", "business_date", "file", "row", "role", "subject"]


def main(arguments: Sequence[str]) -> None:
    """Print the counts by dataset and reason; write the records one by one where asked to."""
    parser = argparse.ArgumentParser(prog="benchmarks.missed_links", description=__doc__)
    parser.add_argument("workspace", type=Path)
    parser.add_argument("truth", type=Path)
    parser.add_argument("--csv", type=Path, help="the missed records one by one")
    asked = parser.parse_args(arguments)
    workspace = open_workspace(asked.workspace, create=False)
    with Ledger.open(workspace) as ledger:
        run = newest_run(ledger)
        if run is None:
            parser.error(f"no night in {asked.workspace}")
        with scratch_on_snapshot(workspace, ledger, run.as_of) as engine:
            found = missed(engine, asked.truth / run.as_of.isoformat())
    _print(found)
    if asked.csv:
        found.assign(name=found["name"].map(mask_name)).to_csv(asked.csv, index=False)


def missed(engine: DuckDBEngine, truth: Path) -> pd.DataFrame:
    """The missed records: what each says of the person, how many fit, and the reason."""
    links = links_table(engine, load_dictionary(), Showing())
    lacking = wrong_and_missed(links, truth)[1][_PLACE].astype({"dataset": str, "role": str})
    places = " union all ".join(
        f"select '{contract.dataset}' as dataset, record_id, business_date, file_name, row_no"
        f" from clean.{contract.table}"
        for contract in load_dictionary()
    )
    engine.load_table("given.missed", pa.Table.from_pandas(lacking, preserve_index=False))
    engine.create_view("given.place", places)
    return engine.arrow(_SQL.read_text(encoding="utf-8")).to_pandas()


def _print(found: pd.DataFrame) -> None:
    table = Table(box=None)
    for head in ("dataset", "reason", "records", "subjects", "fitting, at most"):
        table.add_column(head, justify="left" if head in ("dataset", "reason") else "right")
    for (dataset, reason), part in found.groupby(["dataset", "reason"]):
        fitting = part["fitting"].max()
        table.add_row(
            str(dataset),
            str(reason),
            str(len(part)),
            str(part["subject"].nunique()),
            "" if pd.isna(fitting) else str(int(fitting)),
        )
    table.add_row("all", "", str(len(found)), str(found["subject"].nunique()), "")
    Console(highlight=False, width=110).print(table)


if __name__ == "__main__":
    main(sys.argv[1:])
