"""A cleaned delivery beside the others of its dataset: what it replaces, what went before it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from domain.errors import HeduiError
from sources import gates
from sources.contract import Contract
from sources.delivery import Delivery
from sources.record_damage import reading_records
from sources.turnover import Turnover, turnover
from sources.verdict import PROFILE_FILE, DeliveryState, JudgedDelivery, Order, Reason
from store.engines.engine import Engine


@dataclass(frozen=True, slots=True)
class Compared:
    """A cleaned delivery (its files in ``folder``) and the others of its dataset.

    ``is_ahead``: the time at which it says it was produced had not come when it was received.
    ``receipt_no`` as in its record.
    """

    engine: Engine
    folder: Path
    delivery: Delivery
    others: Sequence[JudgedDelivery]
    is_ahead: bool = False
    receipt_no: int = 0

    @property
    def produced_order(self) -> float:
        """As :attr:`JudgedDelivery.produced_order`."""
        return 0.0 if self.is_ahead else self.delivery.produced_at.timestamp()

    @property
    def order(self) -> Order:
        """As :attr:`JudgedDelivery.order`."""
        return (self.produced_order, self.receipt_no, self.delivery.content_hash)


def receipt_no(business_date: date, content_hash: str, others: Sequence[JudgedDelivery]) -> int:
    """Which of the deliveries of its date it is, in the order they were first received."""
    same = [one for one in others if one.business_date == business_date]
    again = [one.receipt_no for one in same if one.content_hash == content_hash]
    return again[0] if again else 1 + max((one.receipt_no for one in same), default=0)


def people_kept(
    contract: Contract, compared: Compared, before: Sequence[JudgedDelivery]
) -> Turnover | None:
    """People kept since the extract before; None where there is none, or only increments."""
    if contract.mode != "full" or not contract.persons or not before:
        return None
    days = (compared.delivery.business_date - before[-1].business_date).days
    with reading_records([before[-1].folder]):
        return turnover(compared.engine, contract, compared.folder, before[-1].folder, days)


def replaced_by(compared: Compared) -> JudgedDelivery | None:
    """The accepted delivery of the same date that this one, produced later, takes the place of."""
    same = [
        one
        for one in in_order(compared.others)
        if one.is_accepted
        and one.business_date == compared.delivery.business_date
        and one.content_hash != compared.delivery.content_hash
        and one.produced_at
        and one.order < compared.order
    ]
    return same[-1] if same else None


def arrival(compared: Compared) -> Iterator[Reason]:
    """What is to be said of its time: after one of a later date, or in the place of another.

    Told by when deliveries were produced, so that the order in which they are read says nothing.
    """
    later = [
        one.business_date
        for one in compared.others
        if one.is_accepted
        and one.business_date > compared.delivery.business_date
        and one.produced_at
        and one.produced_order < compared.produced_order
    ]
    if later:
        yield Reason.of("late", max(later))
    replaced = replaced_by(compared)
    if replaced:
        yield Reason.of("replaces", replaced.counts.accepted)


def accepted_before(day: date, others: Sequence[JudgedDelivery]) -> list[JudgedDelivery]:
    """Accepted deliveries of earlier dates, newest last, one a date: those to compare with.

    People who release a delivery confirm that things have changed: what is usual begins with it.
    """
    by_date = {other.business_date: other for other in in_order(others) if other.is_accepted}
    earlier = [by_date[other] for other in sorted(by_date) if other < day]
    released = [place for place, one in enumerate(earlier) if one.state is DeliveryState.RELEASED]
    return earlier[released[-1] if released else 0 :][-gates.COMPARED :]


def kept_profile(delivery: JudgedDelivery) -> Mapping[str, Any]:
    """What :class:`sources.profile.Profile` counted; HeduiError where the record is damaged."""
    try:
        kept: Mapping[str, Any] = json.loads(
            (delivery.folder / PROFILE_FILE).read_text(encoding="utf-8")
        )
    except (OSError, ValueError) as error:
        raise HeduiError("sources_record_damaged", folder=delivery.folder) from error
    return kept


def in_order(deliveries: Sequence[JudgedDelivery]) -> list[JudgedDelivery]:
    """By business date, then by when they were produced: the last of a date counts."""
    return sorted(deliveries, key=lambda one: (one.business_date, *one.order))
