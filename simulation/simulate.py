"""A fictional district delivered into an inbox, with the truth beside it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from domain.errors import HeduiError
from simulation.deliveries import is_delivered, write_delivery
from simulation.delivery_plan import HandedOver, handed_over, plan
from simulation.findings_truth import (
    hindrances,
    mismatch_findings,
    subjects,
    with_hindrance,
)
from simulation.links_truth import (
    NameTypes,
    delivered_dates,
    read_delivery_truth,
    write_links,
)
from simulation.noise import Craft, NoiseRates, craft_of
from simulation.timeline import FIRST_AS_OF, LAST_AS_OF
from simulation.world import World, build_world
from sources.contract import Contract, Dictionary, load_dictionary
from store.room import cause_of

FEWEST_RESIDENTS: Final = 500
_WORLD: Final = "world.json"

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class SimulationSummary:
    """What one call wrote: records and files by dataset, and where the truth lies."""

    rows: dict[str, int]
    files: dict[str, int]
    deliveries: int
    truth: Path


def truth_folder(inbox: Path) -> Path:
    """Where the truth about an inbox lies: beside it, never in it."""
    return inbox.parent / ("truth" if inbox.name == "inbox" else f"{inbox.name}-truth")


def simulate(
    residents: int,
    as_of: date,
    seed: int,
    out: Path,
    rates: NoiseRates | None = None,
    progress: Progress | None = None,
) -> SimulationSummary:
    """Deliver the district of ``residents`` people, as of one evening, into the inbox ``out``.

    A later ``as_of`` into the same inbox adds only the evenings since; nothing delivered is ever
    written again. The same arguments give the same bytes, also where a full disk ended an earlier
    call: what it left without a manifest is written afresh.

    Raises:
        HeduiError: fewer than 500 residents; an evening outside the district's calendar, or before
            one that was delivered already; the inbox cannot be written; it holds something that is
            not a simulation's, or another district's deliveries.
    """
    if residents < FEWEST_RESIDENTS:
        raise HeduiError(
            "simulation_too_few_residents", residents=residents, least=FEWEST_RESIDENTS
        )
    if not FIRST_AS_OF <= as_of <= LAST_AS_OF:
        raise HeduiError(
            "simulation_outside_calendar", as_of=as_of, first=FIRST_AS_OF, last=LAST_AS_OF
        )
    say = progress or (lambda _: None)
    inbox = out.absolute()
    truth = truth_folder(inbox)
    _claim(inbox, truth, residents, seed)
    _no_later_evening(truth, as_of)
    world = build_world(residents, as_of, seed, progress)
    contracts = load_dictionary()
    craft = craft_of(world.persons, seed)
    chosen = rates or NoiseRates()
    summary = SimulationSummary({}, {}, 0, truth)
    try:
        for contract in contracts:
            summary = _deliver(contract, world, inbox, summary, chosen, craft, say)
        _write_truth(truth, contracts, world, say)
    except OSError as error:
        raise _not_writable(inbox, error) from error
    return summary


def _not_writable(inbox: Path, error: OSError) -> HeduiError:
    return HeduiError("simulation_not_writable", out=inbox, reason=cause_of(error))


def _deliver(
    contract: Contract,
    world: World,
    inbox: Path,
    summary: SimulationSummary,
    rates: NoiseRates,
    craft: Craft,
    say: Progress,
) -> SimulationSummary:
    """Write what one dataset has to deliver since the last time; the summary with it."""
    rows = files = deliveries = 0
    handed = _handed_over(contract, world.as_of, inbox, summary.truth)
    for planned in plan(contract, world, handed, rates.rows.resent):
        say(f"{contract.dataset} {planned.business_date}")
        written = write_delivery(inbox, summary.truth, planned, rates, craft)
        rows, files, deliveries = rows + written.rows, files + written.files, deliveries + 1
    return SimulationSummary(
        summary.rows | {contract.dataset: rows},
        summary.files | {contract.dataset: files},
        summary.deliveries + deliveries,
        summary.truth,
    )


def _handed_over(contract: Contract, as_of: date, inbox: Path, truth: Path) -> HandedOver:
    """What the deliveries of one dataset that are there and whole hold already."""
    columns = ["key", "fact"]
    return handed_over(
        {
            day: read_delivery_truth(truth, contract, day, columns)
            for day in delivered_dates(truth, contract, as_of)
            if is_delivered(inbox, contract, day)
        }
    )


def _claim(inbox: Path, truth: Path, residents: int, seed: int) -> None:
    """Make the folders, or see that they hold this very district."""
    world = {"residents": residents, "seed": seed}
    marker = truth / _WORLD
    try:
        if marker.exists():
            _same_district(marker, inbox, world)
        elif inbox.exists() and (not inbox.is_dir() or any(inbox.iterdir())):
            raise HeduiError("simulation_not_ours", out=inbox.name)
        inbox.mkdir(parents=True, exist_ok=True)
        truth.mkdir(parents=True, exist_ok=True)
        marker.write_text(json.dumps(world), encoding="utf-8")
    except OSError as error:
        raise _not_writable(inbox, error) from error


def _same_district(marker: Path, inbox: Path, world: dict[str, int]) -> None:
    try:
        held = json.loads(marker.read_text(encoding="utf-8"))
    except ValueError as error:
        raise HeduiError("simulation_not_ours", out=inbox.name) from error
    if held != world:
        raise HeduiError("simulation_other_district", out=inbox.name)


def _no_later_evening(truth: Path, as_of: date) -> None:
    """What is handed over is never taken back: an inbox only goes on to later evenings."""
    evenings = (folder.name for folder in truth.iterdir() if folder.name[:1].isdigit())
    newest = max(evenings, default="")
    if as_of.isoformat() < newest:
        raise HeduiError("simulation_later_evening", as_of=as_of, newest=newest)


def _write_truth(truth: Path, contracts: Dictionary, world: World, say: Progress) -> None:
    """Write the truth of one evening, put together from that of the deliveries in force."""
    say("truth")
    folder = truth / world.as_of.isoformat()
    folder.mkdir(exist_ok=True)
    write_links(truth, folder, contracts, world.as_of, NameTypes(world.persons))
    _write(folder, "subjects", subjects(truth, contracts, world))
    _write(folder, "persons", world.persons)
    _write(folder, "near_misses", world.near_misses)
    findings = pa.concat_tables([world.expected, mismatch_findings(truth, contracts, world)])
    hidden = hindrances(truth, contracts, world.as_of)
    _write(folder, "findings", with_hindrance(findings, world, hidden))


def _write(folder: Path, name: str, table: pa.Table) -> None:
    pq.write_table(table, folder / f"{name}.parquet", compression="zstd")
