"""Made-up districts to measure on, each made once: its clean tables in one file, and its truth."""

import sys
from datetime import date
from pathlib import Path
from typing import Final

from simulation.simulate import simulate, truth_folder
from sources.intake import take_in
from store.engines.duckdb import DuckDBEngine

AS_OF: Final = date(2026, 11, 20)
TABLES: Final = "tables.duckdb"


def world(residents: int, seed: int, folder: Path) -> Path:
    """The folder of a district with ``tables.duckdb`` (schema ``clean``) and ``truth``."""
    place = folder / f"{residents}-{seed}"
    if not (place / TABLES).is_file():
        _say(f"making a district of {residents:,} residents, seed {seed}")
        simulate(residents, AS_OF, seed, place / "inbox")
    return _taken_in(place)


def prepared(inbox: Path, folder: Path) -> Path:
    """As :func:`world`, of a district that ``hedui simulate`` made before, in ``inbox``."""
    place = folder / f"{inbox.resolve().parent.name}-prepared"
    place.mkdir(parents=True, exist_ok=True)
    if not (place / "inbox").is_symlink():
        (place / "inbox").symlink_to(inbox.resolve(), target_is_directory=True)
    return _taken_in(place)


def truth_of(place: Path) -> Path:
    """The folder with ``links.parquet`` and ``subjects.parquet``."""
    return truth_folder((place / "inbox").resolve()) / AS_OF.isoformat()


def _taken_in(place: Path) -> Path:
    tables = place / TABLES
    if tables.is_file():
        return place
    _say("taking it in")
    aside = place / "making.duckdb"
    aside.unlink(missing_ok=True)
    with DuckDBEngine(aside, spill_to=place / "spill") as engine:
        take_in(engine, inbox=place / "inbox", workspace=place / "workspace", as_of=AS_OF)
        engine.run("checkpoint")
    aside.rename(tables)
    return place


def _say(what: str) -> None:
    sys.stderr.write(f"{what} …\n")
    sys.stderr.flush()
