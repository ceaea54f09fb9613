"""An evening's gathering and intake without the rest of a night, for tests of the ways in."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from sources.connectors.gathering import Gathered, gather
from sources.connectors.spool import Spool
from sources.contract import Contract, load_dictionary
from sources.intake import IntakeSummary, receive
from sources.routes import Patience, Route, Routes
from store.deliveries import DeliveryStore
from store.engines.duckdb import DuckDBEngine
from store.workspace import open_workspace

DICTIONARY = load_dictionary()
HOUSEHOLDS = DICTIONARY["civil_affairs.households"]
PENSIONS = DICTIONARY["human_resources.pensions"]
SETTLEMENTS = DICTIONARY["medical_insurance.settlements"]
ENROLMENT = DICTIONARY["medical_insurance.enrolment"]
DAY = date(2026, 11, 20)
HASTY = Patience(timeout_seconds=10, attempts=2, wait_seconds=0.01)


class Evening:
    """A workspace and how tonight's deliveries come into it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.inbox = home / "inbox"
        self.workspace = open_workspace(home / "workspace")
        self.spool = Spool(self.workspace.spool)
        self.store = DeliveryStore(self.workspace.path)

    def gather(
        self, routes: Mapping[str, Route], as_of: date = DAY, has_inbox: bool = False
    ) -> Gathered:
        return gather(
            Routes(self.home / "sources.yaml", routes),
            DICTIONARY,
            spool=self.spool,
            store=self.store,
            as_of=as_of,
            has_inbox=has_inbox,
        )

    def take_in(
        self, routes: Mapping[str, Route], as_of: date = DAY, inbox: Path | None = None
    ) -> IntakeSummary:
        gathered = self.gather(routes, as_of, inbox is not None)
        with DuckDBEngine() as engine:
            intake = receive(
                engine, inbox=inbox, workspace=self.workspace.path, as_of=as_of, gathered=gathered
            )
        self.spool.clear(as_of)
        return intake

    def waiting(self) -> list[str]:
        """What waits in the spool for intake."""
        return sorted(
            str(path.relative_to(self.spool.folder)) for path in self.spool.folder.glob("[!.]*/*/*")
        )

    def halves(self) -> list[str]:
        """The parts of deliveries that are not whole yet."""
        half = self.spool.folder / ".half"
        return sorted(path.name for path in half.rglob("*") if path.is_file())


def verdicts(intake: IntakeSummary, contract: Contract) -> list[tuple[date, str, list[str]]]:
    return [
        (one.business_date, one.state.value, [str(reason) for reason in one.reasons])
        for one in intake.deliveries
        if one.dataset == contract.dataset
    ]


def reasons(gathered: Gathered) -> dict[str, str]:
    return {one.dataset: one.code for one in gathered.unfetched}


def but(route: Route, **changes: object) -> Route:
    return replace(route, **changes)
