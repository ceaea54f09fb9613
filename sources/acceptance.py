"""One delivery judged: fetched, checked against its manifest, read, cleaned, compared, recorded."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final, Protocol

from domain.normaliser import NORMALISER_VERSION
from sources import gates
from sources.cleaning import CleanReport, clean_delivery
from sources.compared import (
    Compared,
    accepted_before,
    arrival,
    kept_profile,
    people_kept,
    receipt_no,
    replaced_by,
)
from sources.contract import Contract
from sources.delivery import (
    Delivery,
    content_hash,
    delivery_id,
    produced_on,
    read_manifest,
)
from sources.expectations import FEW_ROWS, validate
from sources.quarantine import SetAsideMost, set_aside_most
from sources.readers import BAD_SHARE, read_delivery, withdraw
from sources.verdict import (
    AHEAD,
    CHECKS_FILE,
    PROFILE_FILE,
    ROWS_FILE,
    SET_ASIDE_FILE,
    VERDICT_FILE,
    Counts,
    DeliveryRefused,
    DeliveryState,
    JudgedDelivery,
    Reason,
)
from store.deliveries import MANIFEST_COPY, DeliveryStore
from store.engines.engine import Engine

_NOTHING: Final = Counts()


class Handover(Protocol):
    """A delivery wherever it comes from: its manifest's bytes, and its files on demand."""

    @property
    def dataset(self) -> str:
        """The dataset its place names."""

    @property
    def business_date(self) -> date:
        """The date its place names."""

    @property
    def manifest(self) -> bytes:
        """The manifest as received."""

    @property
    def faults(self) -> tuple[Reason, ...]:
        """Why what it came in cannot be opened; then its manifest is none."""

    def fetch(self, name: str, sha256: str) -> str | None:
        """Bring the file into the store; the hash of what was found, None when it is absent.

        Raises DeliveryRefused where it is there and cannot be brought.
        """


@dataclass(frozen=True, slots=True)
class Bench:
    """What judging needs beside the delivery: engine, store, and whether to read again.

    ``counted`` hears how many more rows were read, and may raise where the night is to stop: it is
    told of none before each long step. ``not_after``: the last day that can have come already; a
    delivery that says it was produced later is not taken for the last one of its date.
    """

    engine: Engine
    store: DeliveryStore
    is_full: bool = False
    counted: Callable[[int], None] = lambda rows: None
    not_after: date = date.max


@dataclass(frozen=True, slots=True)
class _Verdict:
    state: DeliveryState
    reasons: tuple[Reason, ...]
    counts: Counts = _NOTHING


def known_record(
    handover: Handover, contract: Contract, store: DeliveryStore
) -> JudgedDelivery | None:
    """The delivery's record if its files are what its manifest says, and it was read as now."""
    return _as_recorded(store, expected_id(handover, contract))


def judge_delivery(
    bench: Bench, contract: Contract, handover: Handover, others: Sequence[JudgedDelivery]
) -> JudgedDelivery:
    """The delivery's verdict, recorded; one recorded before is not read again unless full.

    ``others`` are the dataset's other judged deliveries, of any date. Raises HeduiError only where
    the program or the workspace is at fault: whatever is wrong with a delivery refuses it.
    """
    bench.counted(0)
    known = known_record(handover, contract, bench.store)
    if known and not bench.is_full:
        return known
    delivery, faults = read_manifest(handover.manifest, contract, handover.business_date)
    faults = handover.faults or faults
    found: dict[str, str | None] = {}
    if delivery and not faults:
        found, faults = _fetch(handover, delivery)
        faults = faults or (*_unlike_manifest(delivery, found), *_same_bytes(delivery, others))
    whole = content_hash(handover.manifest, found)
    identity = delivery_id(contract.dataset, handover.business_date, whole)
    known = _as_recorded(bench.store, identity) if faults else None
    if known and not bench.is_full:
        return known
    with bench.store.building(identity) as folder:
        (folder / MANIFEST_COPY).write_bytes(handover.manifest)
        verdict = _Verdict(DeliveryState.REFUSED, faults)
        if delivery and not faults:
            verdict = _read_and_clean(bench, contract, delivery, folder, others)
        receipt = receipt_no(handover.business_date, whole, others)
        judged = _judged(contract, handover, delivery, whole, verdict, bench.store, receipt)
        (folder / VERDICT_FILE).write_text(judged.to_json(), encoding="utf-8")
    return judged


def _as_recorded(store: DeliveryStore, identity: str) -> JudgedDelivery | None:
    """The recorded verdict; None where there is none, or the normaliser has changed since."""
    if not store.has_record(identity):
        return None
    known = JudgedDelivery.read(store.record(identity))
    return known if known.is_read_as_now else None


def expected_id(handover: Handover, contract: Contract) -> str:
    """The delivery's id if its files are what its manifest says."""
    delivery, faults = read_manifest(handover.manifest, contract, handover.business_date)
    if delivery and not faults:
        return delivery.delivery_id
    unread = content_hash(handover.manifest, {})
    return delivery_id(contract.dataset, handover.business_date, unread)


def _fetch(
    handover: Handover, delivery: Delivery
) -> tuple[dict[str, str | None], tuple[Reason, ...]]:
    """What was found under each file name, and why one could not be brought at all."""
    found: dict[str, str | None] = {}
    try:
        for file in delivery.files:
            found[file.name] = handover.fetch(file.name, file.sha256)
    except DeliveryRefused as refused:
        return found, refused.reasons
    return found, ()


def _unlike_manifest(delivery: Delivery, found: Mapping[str, str | None]) -> list[Reason]:
    faults = []
    for file in delivery.files:
        if found[file.name] is None:
            faults.append(Reason.of("file_missing", file.name))
        elif found[file.name] != file.sha256:
            faults.append(Reason.of("hash_differs", file.name))
    return faults


def _same_bytes(delivery: Delivery, others: Sequence[JudgedDelivery]) -> list[Reason]:
    """The same data under another date; an evening on which nothing happened may look like one."""
    if not delivery.rows:
        return []
    return [
        Reason.of("same_bytes", other.business_date)
        for other in others
        if other.data_hash == delivery.data_hash
        and other.business_date != delivery.business_date
        and other.state is not DeliveryState.REFUSED
    ][:1]


def _read_and_clean(
    bench: Bench,
    contract: Contract,
    delivery: Delivery,
    folder: Path,
    others: Sequence[JudgedDelivery],
) -> _Verdict:
    """Rows, rows set aside and profile in ``folder``, and what they make of the delivery."""
    try:
        reading = read_delivery(
            bench.engine,
            delivery,
            contract,
            lambda file: bench.store.blob(file.sha256),
            bench.counted,
        )
        report = clean_delivery(bench.engine, contract, delivery, reading.raw, folder)
    except DeliveryRefused as refused:
        return _Verdict(DeliveryState.REFUSED, refused.reasons)
    finally:
        withdraw(bench.engine)
    _write_json(folder / PROFILE_FILE, report.profile)
    ahead = _ahead(bench, delivery, others)
    receipt = receipt_no(delivery.business_date, delivery.content_hash, others)
    compared = Compared(bench.engine, folder, delivery, others, bool(ahead), receipt)
    remarks = (*reading.remarks, *ahead, *arrival(compared))
    verdict = _weigh(contract, compared, report, remarks)
    if verdict.state is not DeliveryState.REFUSED and report.rows_accepted >= _rows_checked(
        contract
    ):
        bench.counted(0)
        verdict = _checked(contract, delivery, folder, verdict)
    if verdict.state is DeliveryState.REFUSED:
        _discard_rows(folder)
    return verdict


def _weigh(
    contract: Contract, compared: Compared, report: CleanReport, remarks: tuple[Reason, ...]
) -> _Verdict:
    counts = Counts(
        report.rows_delivered, report.rows_accepted, report.rows_set_aside, report.rows_repeated
    )
    if counts.set_aside > BAD_SHARE * counts.delivered:
        reasons = _set_aside_reasons(compared, report)
        return _Verdict(DeliveryState.REFUSED, reasons, counts)
    before = accepted_before(compared.delivery.business_date, compared.others)
    replaced = replaced_by(compared)
    held = gates.judge(
        contract,
        report.profile,
        [kept_profile(one) for one in before],
        turnover=people_kept(contract, compared, before),
        replaced=kept_profile(replaced) if replaced else None,
    )
    if held:
        return _Verdict(DeliveryState.HELD, (*held, *remarks), counts)
    return _Verdict(DeliveryState.ACCEPTED, remarks, counts)


def _ahead(
    bench: Bench, delivery: Delivery, others: Sequence[JudgedDelivery]
) -> tuple[Reason, ...]:
    """Whether its time of production had not come when it was received; read again, it stays so."""
    said = Reason.of(AHEAD, produced_on(delivery))
    was_so = any(
        one.content_hash == delivery.content_hash and said in one.reasons for one in others
    )
    return (said,) if was_so or produced_on(delivery) > bench.not_after else ()


def _checked(contract: Contract, delivery: Delivery, folder: Path, verdict: _Verdict) -> _Verdict:
    """The verdict after the dataset's suite: a critical expectation unmet holds the delivery."""
    results = validate(contract, folder / ROWS_FILE, delivery.business_date)
    _write_json(folder / CHECKS_FILE, [asdict(result) for result in results])
    failed = tuple(
        Reason.of("checks_failed", result.code, result.header)
        for result in results
        if result.is_critical
    )
    if not failed:
        return verdict
    return replace(verdict, state=DeliveryState.HELD, reasons=(*failed, *verdict.reasons))


def _rows_checked(contract: Contract) -> int:
    """From how many rows on the suite is run: in a few, no share says anything.

    What it asks of every single row cleaning has already seen to.
    """
    return FEW_ROWS if contract.mode == "full" else gates.ROWS_INCREMENT


def _write_json(file: Path, content: object) -> None:
    file.write_text(json.dumps(content, ensure_ascii=False, sort_keys=True), encoding="utf-8")


def _set_aside_reasons(compared: Compared, report: CleanReport) -> tuple[Reason, ...]:
    """How many of how many, then what was wrong with the most of them and where that begins."""
    whole = Reason.of("set_aside_many", report.rows_set_aside, report.rows_delivered)
    most = set_aside_most(compared.engine, compared.folder / SET_ASIDE_FILE)
    return (whole, *map(_set_aside, most))


def _set_aside(most: SetAsideMost) -> Reason:
    place = (most.file_name, most.row_no)
    if not most.header:
        return Reason.of("set_aside_whole", most.rows, most.reason, *place)
    return Reason.of("set_aside_column", most.rows, most.reason, most.header, *place)


def _discard_rows(folder: Path) -> None:
    """Of a refused delivery nothing is used; its rows set aside stay, for the sender to see."""
    (folder / ROWS_FILE).unlink(missing_ok=True)


def _judged(
    contract: Contract,
    handover: Handover,
    delivery: Delivery | None,
    whole: str,
    verdict: _Verdict,
    store: DeliveryStore,
    receipt: int,
) -> JudgedDelivery:
    identity = delivery_id(contract.dataset, handover.business_date, whole)
    return JudgedDelivery(
        delivery_id=identity,
        dataset=contract.dataset,
        business_date=handover.business_date,
        produced_at=delivery.produced_at if delivery else None,
        content_hash=whole,
        data_hash=delivery.data_hash if delivery else "",
        file_names=delivery.file_names if delivery else (),
        state=verdict.state,
        reasons=verdict.reasons,
        counts=verdict.counts,
        folder=store.record(identity),
        normaliser=NORMALISER_VERSION,
        receipt_no=receipt,
    )
