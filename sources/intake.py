"""Intake as one step: what was delivered up to a date, judged, cleaned, and in force on it."""

import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import Final

from domain.errors import HeduiError
from sources.acceptance import Bench, Handover, judge_delivery, known_record
from sources.assembly import assemble
from sources.compared import in_order
from sources.connectors.folder import Inbox, Place, look_into, lying_in
from sources.connectors.gathering import Gathered
from sources.contract import Contract, Dictionary, load_dictionary
from sources.delivery import MANIFEST_FILE, last_day_come, read_manifest
from sources.expectations import loading_ahead
from sources.lanes import Job, Stopped, side_by_side
from sources.release import with_releases
from sources.standing import dataset_state
from sources.verdict import DatasetState, JudgedDelivery, Reason, printable
from store.deliveries import MANIFEST_COPY, DeliveryStore
from store.engines.engine import Engine
from store.releases import Release

Progress = Callable[[str, int, int], None]
_ENOUGH_ROWS: Final = 10_000  # to be read, so that some delivery will surely be judged by all


@dataclass(frozen=True, slots=True)
class IntakeSummary:
    """What intake found and decided.

    ``states`` has every dataset in the dictionary's order; ``deliveries`` every delivery seen up to
    the as-of date; ``newly_read`` the ids of those this call judged. ``arriving`` folders have no
    manifest yet or were taken away while intake began, ``later`` ones are dated after the as-of
    date, ``misnamed`` ones by no date: none of these was used.
    """

    states: tuple[DatasetState, ...]
    deliveries: tuple[JudgedDelivery, ...]
    newly_read: tuple[str, ...]
    arriving: int
    later: int
    misnamed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Received:
    """A delivery lying in the inbox, its manifest read."""

    place: Place
    manifest: bytes
    store: DeliveryStore

    @property
    def dataset(self) -> str:
        return self.place.dataset

    @property
    def business_date(self) -> date:
        return self.place.business_date

    @property
    def faults(self) -> tuple[Reason, ...]:
        """Why its package cannot be opened."""
        return self.place.faults

    def fetch(self, name: str, sha256: str) -> str | None:
        """Copy the file into the store; see :class:`sources.acceptance.Handover`."""
        return self.place.keep(name, self.store)


@dataclass(frozen=True, slots=True)
class _Kept:
    """A delivery that is in the store and no longer in the inbox."""

    dataset: str
    business_date: date
    manifest: bytes
    store: DeliveryStore

    @property
    def faults(self) -> tuple[Reason, ...]:
        """Nothing is packed any more."""
        return ()

    def fetch(self, name: str, sha256: str) -> str | None:
        """The bytes are in the store already, if they ever were."""
        return sha256 if self.store.blob(sha256).is_file() else None


@dataclass(slots=True)
class _Told:
    """Rows read so far, over all deliveries that are to be read; where to hear of a stop."""

    progress: Progress
    total: int
    done: int = 0
    stopping: threading.Event = field(default_factory=threading.Event)
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock)

    def count(self, dataset: str, rows: int) -> None:
        if self.stopping.is_set():
            raise Stopped
        with self._one_at_a_time:
            self.done += rows
            self.progress(dataset, min(self.done, self.total), self.total)


def take_in(
    engine: Engine,
    *,
    inbox: Path,
    workspace: Path,
    as_of: date,
    full: bool = False,
    releases: Sequence[Release] = (),
    progress: Progress | None = None,
    today: date | None = None,
) -> IntakeSummary:
    """Judge what was delivered up to ``as_of`` and make schema ``clean`` in the engine.

    It is :func:`receive` and :func:`assemble_intake` in one; see there for errors.
    """
    intake = receive(
        engine,
        inbox=inbox,
        workspace=workspace,
        as_of=as_of,
        full=full,
        releases=releases,
        progress=progress,
        today=today,
    )
    assemble_intake(engine, intake)
    return intake


def receive(
    engine: Engine,
    *,
    inbox: Path | None,
    workspace: Path,
    as_of: date,
    full: bool = False,
    releases: Sequence[Release] = (),
    progress: Progress | None = None,
    gathered: Gathered | None = None,
    today: date | None = None,
) -> IntakeSummary:
    """Judge what was delivered up to ``as_of``; the engine serves to clean and keeps nothing of it.

    Deliveries lie in ``inbox``, or where the connectors put or found them (``gathered``), or both.
    Every delivery is read once and its verdict kept in the workspace; with ``full`` all are read
    again, from the bytes received where the inbox no longer has them; so are those read with
    another version of the normaliser. A held delivery with the signatures it needs among
    ``releases`` counts as accepted. One received now that says it was produced more than a day
    after both ``as_of`` and ``today`` (the day it is; left out, ``as_of``) is not taken for the
    last of its date (``produced_ahead``). ``progress`` hears dataset, rows read and rows to read.
    Raises HeduiError for a fault of the inbox (``sources_inbox_…``, ``sources_dataset_unknown``,
    ``sources_manifest_unreadable``), before anything is written, and ``sources_nothing_usable``
    when no dataset has an accepted delivery.
    """
    dictionary = load_dictionary()
    store = DeliveryStore(workspace)
    found = _found(inbox, gathered, dictionary, store)
    known = {contract.dataset: _known(store, contract, releases) for contract in dictionary}
    due, gone = _due(found, dictionary, known, store, as_of)
    if not due and not any(known.values()):
        raise _nothing_delivered(inbox, gathered, as_of)
    store.clear_leftovers()
    due += _no_longer_there(due, known, store, as_of, full)
    unread = _rows_to_read(due, dictionary, store, full)
    told = _Told(progress or _silent, sum(map(sum, unread.values())))
    not_after = last_day_come(as_of, today)

    def judging(contract: Contract) -> Job[list[JudgedDelivery]]:
        theirs = [one for one in due if one.dataset == contract.dataset]

        def judge(lane: Engine) -> list[JudgedDelivery]:
            counted = partial(told.count, contract.dataset)
            bench = Bench(lane, store, full, counted, not_after)
            return _judge_all(bench, contract, theirs, known[contract.dataset], releases)

        rows = unread[contract.dataset]
        return Job(max(rows, default=0), judge, sum(rows))

    jobs = [judging(contract) for contract in dictionary]
    with loading_ahead() if told.total > _ENOUGH_ROWS else nullcontext():
        by_dataset = side_by_side(engine, jobs, told.stopping)
    judged = [one for theirs in by_dataset for one in theirs]
    for schema in ("raw", "work"):
        engine.run(f"drop schema if exists {schema} cascade")
    seen = tuple(one for one in judged if one.business_date <= as_of)
    if not any(delivery.is_accepted for delivery in seen):
        places = inbox or (gathered.path if gathered else "")
        raise HeduiError("sources_nothing_usable", inbox=places, why=_first_reason(seen))
    before = {one.delivery_id for theirs in known.values() for one in theirs}
    return IntakeSummary(
        states=tuple(_state(contract, seen, as_of) for contract in dictionary),
        deliveries=seen,
        newly_read=tuple(one.delivery_id for one in seen if full or one.delivery_id not in before),
        arriving=len(found.arriving) + gone + (gathered.arriving if gathered else 0),
        later=sum(one.business_date > as_of for one in found.deliveries)
        + (gathered.later if gathered else 0),
        misnamed=tuple(printable("/".join(folder.parts[-3:])) for folder in found.misnamed),
    )


def assemble_intake(engine: Engine, intake: IntakeSummary) -> None:
    """Make every table and view of schema ``clean`` from what intake found to be in force."""
    assemble(engine, load_dictionary(), intake.states, intake.deliveries)
    engine.run("drop schema if exists work cascade")


def _known(
    store: DeliveryStore, contract: Contract, releases: Sequence[Release]
) -> list[JudgedDelivery]:
    records = (JudgedDelivery.read(folder) for folder in store.records_of(contract.dataset))
    return [with_releases(one, releases) for one in records]


def _found(
    inbox: Path | None, gathered: Gathered | None, dictionary: Dictionary, store: DeliveryStore
) -> Inbox:
    """What lies in the inbox and what was gathered; an inbox alone must not be empty."""
    if gathered is None:
        if inbox is None:
            raise HeduiError("sources_neither")
        return look_into(inbox, dictionary, has_received=store.has_records())
    return gathered.found.joined(lying_in(inbox, dictionary)) if inbox else gathered.found


def _nothing_delivered(inbox: Path | None, gathered: Gathered | None, as_of: date) -> HeduiError:
    if gathered is None:
        return HeduiError("sources_inbox_later", inbox=inbox, as_of=as_of)
    return HeduiError("sources_nothing_delivered", file=gathered.path.name, as_of=as_of)


def _due(
    found: Inbox,
    dictionary: Dictionary,
    known: Mapping[str, Sequence[JudgedDelivery]],
    store: DeliveryStore,
    as_of: date,
) -> tuple[list[Handover], int]:
    """The inbox's deliveries up to the date, and how many were taken away since it was listed.

    Refuses to begin where there is nothing to go on.
    """
    places = [place for place in found.deliveries if place.business_date <= as_of]
    read = [(place, place.manifest()) for place in places]
    due = [_Received(place, manifest, store) for place, manifest in read if manifest is not None]
    readable = {one.dataset for one in due if _is_readable(one, dictionary)}
    for one in due:
        has_other = one.dataset in readable or known[one.dataset]
        if not has_other and not _is_readable(one, dictionary):
            place = f"{one.place.shown}/{MANIFEST_FILE}"
            raise HeduiError("sources_manifest_unreadable", manifest=place)
    return list(due), len(read) - len(due)


def _is_readable(one: Handover, dictionary: Dictionary) -> bool:
    """Whether the manifest can be read; of a package that cannot be opened nothing is asked."""
    _, faults = read_manifest(one.manifest, dictionary[one.dataset], one.business_date)
    return bool(one.faults) or Reason.of("manifest_unreadable") not in faults


def _no_longer_there(
    due: Sequence[Handover],
    known: Mapping[str, Sequence[JudgedDelivery]],
    store: DeliveryStore,
    as_of: date,
    full: bool,
) -> list[Handover]:
    """Deliveries to be read again that the inbox has no more, or has with other content."""
    there = {(one.dataset, one.manifest) for one in due}
    kept = [
        _Kept(one.dataset, one.business_date, (one.folder / MANIFEST_COPY).read_bytes(), store)
        for theirs in known.values()
        for one in theirs
        if one.business_date <= as_of and (full or not one.is_read_as_now)
    ]
    return [one for one in kept if (one.dataset, one.manifest) not in there]


def _rows_to_read(
    due: Sequence[Handover], dictionary: Dictionary, store: DeliveryStore, full: bool
) -> dict[str, list[int]]:
    """By dataset, the rows promised by each delivery that has no record yet."""
    rows: dict[str, list[int]] = {contract.dataset: [] for contract in dictionary}
    for one in due:
        contract = dictionary[one.dataset]
        if full or not known_record(one, contract, store):
            delivery, _ = read_manifest(one.manifest, contract, one.business_date)
            rows[one.dataset].append(delivery.rows if delivery else 0)
    return rows


def _judge_all(
    bench: Bench,
    contract: Contract,
    due: Sequence[Handover],
    known: Sequence[JudgedDelivery],
    releases: Sequence[Release],
) -> list[JudgedDelivery]:
    """The verdicts on all deliveries of a dataset, judged in the order of their dates."""
    verdicts = {one.delivery_id: one for one in known}
    for handover in sorted(due, key=lambda one: one.business_date):
        verdict = judge_delivery(bench, contract, handover, list(verdicts.values()))
        judged = with_releases(verdict, releases)
        verdicts[judged.delivery_id] = judged
    return in_order(list(verdicts.values()))


def _state(contract: Contract, seen: Sequence[JudgedDelivery], as_of: date) -> DatasetState:
    theirs = [one for one in seen if one.dataset == contract.dataset]
    return dataset_state(contract, theirs, as_of)


def _first_reason(seen: Sequence[JudgedDelivery]) -> str:
    """One delivery and why it could not be used, to begin with."""
    for delivery in seen:
        if delivery.reasons:
            return f"{delivery.delivery_id}: {delivery.reasons[0].says()}"
    return ""


def _silent(dataset: str, done: int, total: int) -> None:
    """Nobody listens."""
