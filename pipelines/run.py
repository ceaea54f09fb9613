"""A night as it goes: what is asked of it, what is open meanwhile, and how it ended."""

from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TypeVar

from domain.errors import HeduiError
from matchers.model import MODEL_FILE
from pipelines.clock import Clock
from pipelines.parity import Parity
from pipelines.progress import Progress
from reports.run_report import RunReport
from rules.parameters import Policy
from rules.rule import Catalogue
from sources.connectors.failure import Unfetched
from sources.routes import Routes
from store.engines.duckdb import DuckDBEngine
from store.ledger import Ledger
from store.link_decisions import LinkDecision
from store.runs import Run as LedgerRun
from store.snapshot import SnapshotBuild
from store.workspace import Workspace

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What a night is asked: where things lie and the business date.

    Deliveries come from ``inbox``, by the routes of the file ``sources``, or both.
    """

    inbox: Path | None
    policies: tuple[Path, ...]
    workspace: Path
    as_of: date
    full: bool = False
    model: Path = MODEL_FILE
    sources: Path | None = None


@dataclass(slots=True)
class Run:
    """A night under way: what is open, and what has been made so far."""

    request: RunRequest
    progress: Progress
    clock: Clock
    catalogue: Catalogue
    policies: tuple[Policy, ...]
    workspace: Workspace
    ledger: Ledger
    resources: ExitStack
    entry: LedgerRun | None = None
    build: SnapshotBuild | None = None
    report: RunReport | None = None
    parity: Parity | None = None
    decisions: tuple[LinkDecision, ...] = ()
    routes: Routes | None = None
    unfetched: tuple[Unfetched, ...] = ()
    is_rewritten: bool = False
    arriving: int = 0
    misnamed: tuple[str, ...] = ()
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def is_done_before(self) -> bool:
        """The same manifest was published already: nothing is wanting."""
        return self.build is None and self.entry is not None

    @property
    def engine(self) -> DuckDBEngine:
        """The engine of the snapshot being built."""
        return made(self.build).engine

    @property
    def report_folder(self) -> Path:
        """Where the run's reports lie."""
        return self.workspace.reports / self.request.as_of.isoformat()


@dataclass(frozen=True, slots=True)
class RunOutcome:
    """How a night ended. ``report`` is None where the date had been checked before.

    ``is_rewritten``: the report of a date checked before was written again, in the language in use.
    ``unfetched`` are the datasets that could not be fetched tonight, each with the reason;
    ``arriving`` counts folders without a manifest yet, ``misnamed`` are those that bear no date:
    neither was used.
    """

    as_of: date
    run_id: str
    report: RunReport | None
    workbook: Path
    page: Path
    seconds: dict[str, float]
    parity: Parity | None = None
    unfetched: tuple[Unfetched, ...] = ()
    is_rewritten: bool = False
    arriving: int = 0
    misnamed: tuple[str, ...] = ()


def made(value: T | None) -> T:
    """What an earlier step made; one asked before its turn is the program's fault (HeduiError)."""
    if value is None:
        raise HeduiError("steps_out_of_order")
    return value
