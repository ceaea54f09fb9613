"""What the service has open: ledger, log, snapshot in force, rules, clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime

from domain.dates import HERE
from pipelines.clock import Clock, utc_now
from rules.rule import Catalogue, load_catalogue
from service.finding_book import FindingBook
from service.look_book import LookBook
from service.settings import Settings
from store.ledger import Ledger
from store.snapshot_desk import SnapshotDesk
from store.workspace import open_workspace


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything a request may need. One for the life of the service."""

    settings: Settings
    ledger: Ledger
    looks: LookBook
    snapshots: SnapshotDesk
    findings: FindingBook
    catalogue: Catalogue
    clock: Clock

    def now(self) -> datetime:
        """This moment, UTC."""
        return self.clock().astimezone(UTC)

    def today(self) -> date:
        """Today's date in Asia/Shanghai."""
        return self.clock().astimezone(HERE).date()


@contextmanager
def opened_desk(settings: Settings, clock: Clock = utc_now) -> Iterator[Desk]:
    """Open a workspace for the service; closed again at the end."""
    workspace = open_workspace(settings.workspace, create=False)
    with Ledger.open(workspace) as ledger:
        snapshots = SnapshotDesk(workspace, ledger)
        catalogue = load_catalogue()
        try:
            yield Desk(
                settings,
                ledger,
                LookBook.of(ledger),
                snapshots,
                FindingBook(ledger, snapshots),
                catalogue,
                clock,
            )
        finally:
            snapshots.close()
