"""All routes of ``sources.yaml`` gone to: what was brought, and which could not be reached."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_exponential

from domain.errors import HeduiError
from sources.acceptance import expected_id
from sources.connectors import database, sftp
from sources.connectors.delivery import Fetched, Seen
from sources.connectors.failure import FetchFailed, Unfetched
from sources.connectors.folder import Inbox, lying_in
from sources.connectors.spool import Spool
from sources.contract import Contract, Dictionary
from sources.delivery import last_day_come, read_manifest
from sources.routes import DatabaseRoute, FolderRoute, Route, Routes, SftpRoute
from sources.verdict import DeliveryState, JudgedDelivery, Reason
from store.deliveries import MANIFEST_COPY, DeliveryStore

Progress = Callable[[str, int, int], None]
_LONGEST_WAIT = 60  # seconds between two attempts
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Gathered:
    """What the routes gave. ``found`` lies in the spool and in folders read where they are.

    ``arriving`` and ``later`` count what was left on servers: without a manifest, or dated after
    the run. ``unfetched`` datasets keep what was in force, until it is stale.
    """

    path: Path
    found: Inbox
    arriving: int = 0
    later: int = 0
    unfetched: tuple[Unfetched, ...] = ()


@dataclass(frozen=True, slots=True)
class Sight:
    """What ``hedui sources check`` saw of one dataset: ``seen``, or why not."""

    dataset: str
    route: Route
    seen: Seen | None
    failure: FetchFailed | None = None


@dataclass(frozen=True, slots=True)
class _Received:
    """What intake has of one dataset, for connectors to ask."""

    contract: Contract
    store: DeliveryStore

    def has_files_of(self, business_date: date, manifest: bytes) -> bool:
        asked = _Asked(self.contract.dataset, business_date, manifest)
        return self.store.has_record(expected_id(asked, self.contract))

    def has_published(self, business_date: date, facts: Mapping[str, Any]) -> bool:
        for folder in self.store.records_of(self.contract.dataset):
            if folder.name.startswith(business_date.isoformat()):
                kept = (folder / MANIFEST_COPY).read_bytes()
                judged = JudgedDelivery.read(folder)
                if (
                    database.published_facts(kept) == facts
                    and judged.state is not DeliveryState.REFUSED
                ):
                    return True
        return False


@dataclass(frozen=True, slots=True)
class _Asked:
    """A manifest as a handover, to ask whether the delivery is known."""

    dataset: str
    business_date: date
    manifest: bytes
    faults: tuple[Reason, ...] = ()

    def fetch(self, name: str, sha256: str) -> str | None:
        """Nothing is brought by asking."""
        return None


def gather(
    routes: Routes,
    dictionary: Dictionary,
    *,
    spool: Spool,
    store: DeliveryStore,
    as_of: date,
    has_inbox: bool,
    today: date | None = None,
    progress: Progress = lambda dataset, done, total: None,
) -> Gathered:
    """Fetch every routed dataset's deliveries up to ``as_of`` that were not received before.

    ``today`` as for :func:`sources.intake.receive`. A server that cannot be reached costs its own
    datasets only. Raises HeduiError (``sources_nothing_fetched``) where not one dataset could be
    fetched and there is no inbox.
    """
    found, folder_failures = _folders(routes, dictionary)
    done: dict[str, Fetched] = {}
    failures: dict[str, FetchFailed] = dict(folder_failures)
    hopeless: dict[str, FetchFailed] = {}
    not_after = last_day_come(as_of, today)
    for place, (dataset, route) in enumerate(routes.by_dataset.items()):
        progress(dataset, place, len(routes.by_dataset))
        if isinstance(route, FolderRoute):
            continue
        contract = dictionary[dataset]
        try:
            if route.name in hopeless:
                raise hopeless[route.name]
            done[dataset] = _patiently(
                route, _fetch, route, contract, spool, _Received(contract, store), as_of, not_after
            )
        except FetchFailed as failure:
            failures[dataset] = failure
            if failure.is_of_the_route:
                hopeless[route.name] = failure
    progress("", len(routes.by_dataset), len(routes.by_dataset))
    unfetched = tuple(_unfetched(routes, dataset, failure) for dataset, failure in failures.items())
    if len(unfetched) == len(routes.by_dataset) and not has_inbox:
        raise HeduiError(
            "sources_nothing_fetched",
            file=routes.path.name,
            datasets=len(unfetched),
            why=unfetched[0].says(),
        )
    waiting = lying_in(spool.folder, dictionary)
    return Gathered(
        path=routes.path,
        found=found.joined(waiting),
        arriving=sum(one.arriving for one in done.values()),
        later=sum(one.later for one in done.values()),
        unfetched=unfetched,
    )


def look_around(
    routes: Routes, dictionary: Dictionary, progress: Progress = lambda dataset, done, total: None
) -> list[Sight]:
    """Try every route once and say what is there; nothing is fetched or kept."""
    sights: list[Sight] = []
    hopeless: dict[str, FetchFailed] = {}
    for place, (dataset, route) in enumerate(routes.by_dataset.items()):
        progress(dataset, place, len(routes.by_dataset))
        try:
            if route.name in hopeless:
                raise hopeless[route.name]
            sights.append(Sight(dataset, route, _look(route, dictionary[dataset], dictionary)))
        except FetchFailed as failure:
            sights.append(Sight(dataset, route, None, failure))
            if failure.is_of_the_route:
                hopeless[route.name] = failure
    progress("", len(routes.by_dataset), len(routes.by_dataset))
    return sights


def _unfetched(routes: Routes, dataset: str, failure: FetchFailed) -> Unfetched:
    return Unfetched(dataset, routes.by_dataset[dataset].name, failure.code, failure.fields)


def _folders(routes: Routes, dictionary: Dictionary) -> tuple[Inbox, dict[str, FetchFailed]]:
    """What lies in the folders that are routes, and the datasets whose folder cannot be read."""
    found = Inbox((), (), ())
    failures: dict[str, FetchFailed] = {}
    folders = dict.fromkeys(
        route for route in routes.by_dataset.values() if isinstance(route, FolderRoute)
    )
    for route in folders:
        theirs = [dataset for dataset, one in routes.by_dataset.items() if one == route]
        try:
            found = found.joined(_folder(route, theirs, dictionary))
        except FetchFailed as failure:
            failures.update(dict.fromkeys(theirs, failure))
    return found, failures


def _folder(route: FolderRoute, datasets: Collection[str], dictionary: Dictionary) -> Inbox:
    try:
        return lying_in(route.folder, dictionary).of(datasets)
    except HeduiError as error:
        raise FetchFailed("inbox", why=str(error)) from error


def _fetch(
    route: DatabaseRoute | SftpRoute,
    contract: Contract,
    spool: Spool,
    received: _Received,
    as_of: date,
    not_after: date,
) -> Fetched:
    if isinstance(route, DatabaseRoute):
        return database.fetch(route, contract, spool, received, as_of, not_after)
    return sftp.fetch(route, contract, spool, received, as_of)


def _look(route: Route, contract: Contract, dictionary: Dictionary) -> Seen:
    if isinstance(route, DatabaseRoute):
        return database.look(route, contract)
    if isinstance(route, SftpRoute):
        return sftp.look(route, contract)
    found = _folder(route, [contract.dataset], dictionary)
    if not found.deliveries:
        return Seen(arriving=len(found.arriving))
    newest = max(found.deliveries, key=lambda one: one.business_date)
    delivery, _ = read_manifest(newest.manifest() or b"", contract, newest.business_date)
    rows = delivery.rows if delivery else None
    return Seen(len(found.deliveries), newest.business_date, rows, len(found.arriving))


def _patiently(route: DatabaseRoute | SftpRoute, work: Callable[..., _T], *arguments: Any) -> _T:
    """Do the work, again where the failure may pass by itself."""
    patience = route.patience
    attempts = Retrying(
        stop=stop_after_attempt(patience.attempts),
        wait=wait_exponential(multiplier=patience.wait_seconds, max=_LONGEST_WAIT),
        retry=retry_if_exception(lambda e: isinstance(e, FetchFailed) and e.is_transient),
        reraise=True,
    )
    return attempts(work, *arguments)
