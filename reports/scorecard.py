"""The month by department: what came on time, what could not be used, and the trend."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

import pyarrow as pa

from domain.dates import HERE, add_months, first_of_month
from reports.quality_facts import numbers, profile
from sources.contract import Contract
from sources.standing import dataset_state
from sources.survey import Survey
from sources.verdict import DeliveryState, JudgedDelivery, SourceState

_TABLE: Final = pa.schema(
    [
        ("month", pa.string()),
        ("agency", pa.string()),
        ("dataset", pa.string()),
        *((name, pa.int64()) for name in (
            "deliveries", "on_time", "late", "refused", "held", "released", "days_covered", "days",
            "rows_delivered", "rows_accepted", "rows_set_aside", "rows_repeated", "numbers",
            "numbers_unusable",
        )),
        ("set_aside_by_reason", pa.string()),
    ]
)  # fmt: skip


@dataclass(slots=True)
class Score:
    """One month of one dataset, or of several added up.

    ``on_time``: of the ``deliveries`` those produced before the end of the day after their business
    date. ``held`` counts those still waiting, ``released`` those signed for. ``days_covered``: on
    how many of the month's ``days`` (up to the as-of date) the dataset was in force, as each day's
    run could know it. ``numbers_unusable`` of the ``numbers`` of accepted rows are no match key.
    """

    deliveries: int = 0
    on_time: int = 0
    refused: int = 0
    held: int = 0
    released: int = 0
    days_covered: int = 0
    days: int = 0
    rows_delivered: int = 0
    rows_accepted: int = 0
    rows_set_aside: int = 0
    rows_repeated: int = 0
    numbers: int = 0
    numbers_unusable: int = 0
    set_aside_by_reason: dict[str, int] = field(default_factory=dict)

    @property
    def late(self) -> int:
        """Deliveries that were not on time."""
        return self.deliveries - self.on_time

    @property
    def on_time_share(self) -> float | None:
        """None in a month without a delivery."""
        return self.on_time / self.deliveries if self.deliveries else None

    @property
    def covered_share(self) -> float | None:
        """None in a month that is still to come."""
        return self.days_covered / self.days if self.days else None

    @property
    def set_aside_share(self) -> float | None:
        """None where no row was delivered."""
        return self.rows_set_aside / self.rows_delivered if self.rows_delivered else None

    @property
    def unusable_share(self) -> float | None:
        """None where no row should have a number."""
        return self.numbers_unusable / self.numbers if self.numbers else None

    def add(self, other: "Score") -> None:
        """Add another's counts."""
        for name in _COUNTS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for reason, rows in other.set_aside_by_reason.items():
            self.set_aside_by_reason[reason] = self.set_aside_by_reason.get(reason, 0) + rows


_COUNTS: Final = tuple(name for name in Score.__dataclass_fields__ if name != "set_aside_by_reason")


@dataclass(frozen=True, slots=True)
class Scorecard:
    """Scores by month (the first of it, oldest first) and dataset."""

    as_of: date
    months: tuple[date, ...]
    contracts: tuple[Contract, ...]
    scores: dict[tuple[date, str], Score]

    @property
    def month(self) -> date:
        """The month the card is for."""
        return self.months[-1]

    def score(self, month: date, agency: str = "", dataset: str = "") -> Score:
        """The month's score of a dataset, of an agency, or of all."""
        whole = Score()
        for contract in self.contracts:
            if agency in ("", contract.agency) and dataset in ("", contract.dataset):
                whole.add(self.scores[month, contract.dataset])
        return whole


def make_scorecard(found: Survey, month: date, months: int = 6) -> Scorecard:
    """The card of ``month`` with the months before it, as far as the survey's date."""
    last = first_of_month(month)
    shown = tuple(add_months(last, -back) for back in reversed(range(months)))
    scores = {
        (first, contract.dataset): _score(contract, found.of(contract.dataset), first, found.as_of)
        for first in shown
        for contract in found.dictionary
    }
    return Scorecard(found.as_of, shown, found.dictionary.contracts, scores)


def scorecard_table(card: Scorecard) -> pa.Table:
    """One row a month and dataset."""
    rows = [
        {
            "month": f"{month:%Y-%m}",
            "agency": contract.agency,
            "dataset": contract.dataset,
            "late": score.late,
            **{name: getattr(score, name) for name in _COUNTS},
            "set_aside_by_reason": ";".join(
                f"{reason}:{rows}" for reason, rows in sorted(score.set_aside_by_reason.items())
            ),
        }
        for month in card.months
        for contract in card.contracts
        for score in (card.scores[month, contract.dataset],)
    ]
    return pa.Table.from_pylist(rows, _TABLE)


def _score(
    contract: Contract, deliveries: Sequence[JudgedDelivery], month: date, as_of: date
) -> Score:
    of_month = [one for one in deliveries if first_of_month(one.business_date) == month]
    days = list(_days(month, as_of))
    score = Score(
        deliveries=len(of_month),
        on_time=sum(_is_on_time(one) for one in of_month),
        refused=_count(of_month, DeliveryState.REFUSED),
        held=_count(of_month, DeliveryState.HELD),
        released=_count(of_month, DeliveryState.RELEASED),
        days_covered=sum(_is_covered(contract, deliveries, day) for day in days),
        days=len(days),
        rows_delivered=sum(one.counts.delivered for one in of_month),
        rows_accepted=sum(one.counts.accepted for one in of_month),
        rows_set_aside=sum(one.counts.set_aside for one in of_month),
        rows_repeated=sum(one.counts.repeated for one in of_month),
    )
    for one in of_month:
        whole, unusable = numbers(one)
        score.numbers += whole
        score.numbers_unusable += unusable
        for reason, headers in profile(one).get("set_aside", {}).items():
            rows = sum(headers.values())
            score.set_aside_by_reason[reason] = score.set_aside_by_reason.get(reason, 0) + rows
    return score


def _days(month: date, as_of: date) -> Iterator[date]:
    day = month
    while day < add_months(month, 1) and day <= as_of:
        yield day
        day += timedelta(days=1)


def _is_covered(contract: Contract, deliveries: Iterable[JudgedDelivery], day: date) -> bool:
    """Whether the dataset was in force on the day, by what was produced by the next evening."""
    known = [one for one in deliveries if _is_produced_by(one, day + timedelta(days=1))]
    return dataset_state(contract, known, day).state is SourceState.IN_FORCE


def _is_on_time(delivery: JudgedDelivery) -> bool:
    return _is_produced_by(delivery, delivery.business_date + timedelta(days=1))


def _is_produced_by(delivery: JudgedDelivery, day: date) -> bool:
    produced_at = delivery.produced_at
    return produced_at is not None and produced_at.astimezone(HERE).date() <= day


def _count(deliveries: Iterable[JudgedDelivery], state: DeliveryState) -> int:
    return sum(one.state is state for one in deliveries)
