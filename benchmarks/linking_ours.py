"""Our linking over the clean tables of one district."""

import sys
from pathlib import Path

import pyarrow.parquet as pq

from benchmarks.measure import Parts
from benchmarks.worlds import AS_OF
from matchers.link import link
from reports.tables import Showing, links_table
from sources.contract import load_dictionary
from store.engines.duckdb import DuckDBEngine


def main(tables: Path, links: Path) -> None:
    """Link, and write what was linked to ``links``."""
    parts = Parts()
    aside = links.with_suffix(".duckdb")
    aside.unlink(missing_ok=True)
    with DuckDBEngine(aside, spill_to=links.parent / "spill") as engine:
        engine.show_read_only(tables, "clean")
        parts.run("link", lambda: link(engine, as_of=AS_OF))
        parts.report()
        pq.write_table(links_table(engine, load_dictionary(), Showing()), links)
    aside.unlink()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
