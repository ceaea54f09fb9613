"""Deliveries and datasets as tables: for a screen, and for other programs."""

from collections.abc import Iterable, Sequence
from typing import Final

import pyarrow as pa

from reports.names import agencies, title_of
from sources.survey import Survey
from sources.verdict import Counts, DeliveryState, JudgedDelivery

_COUNTS: Final = ("delivered", "accepted", "set_aside", "repeated")
_DELIVERY: Final = pa.schema(
    [
        *((name, pa.string()) for name in ("dataset", "agency", "title")),
        ("business_date", pa.date32()),
        ("delivery_id", pa.string()),
        ("state", pa.string()),
        ("is_in_force", pa.bool_()),
        *((f"rows_{name}", pa.int64()) for name in _COUNTS),
        ("reasons", pa.string()),
    ]
)


def deliveries_table(found: Survey, deliveries: Iterable[JudgedDelivery]) -> pa.Table:
    """One row a delivery, in the order given; ``reasons`` are sentences in the language in use."""
    in_force = found.in_force
    names = agencies(found.dictionary)
    rows = [
        {
            "dataset": one.dataset,
            "agency": names[found.dictionary[one.dataset].agency],
            "title": title_of(found.dictionary[one.dataset]),
            "business_date": one.business_date,
            "delivery_id": one.delivery_id,
            "state": one.state.value,
            "is_in_force": one.delivery_id in in_force,
            **{f"rows_{name}": getattr(one.counts, name) for name in _COUNTS},
            "reasons": " ".join(reason.says() for reason in one.reasons),
        }
        for one in deliveries
    ]
    return pa.Table.from_pylist(rows, _DELIVERY)


def worth_showing(found: Survey) -> list[JudgedDelivery]:
    """The deliveries somebody may have to do something about, and the newest of each dataset.

    Held and refused ones that no later accepted delivery of the dataset has made up for, and what
    is newest.
    """
    shown = []
    for contract in found.dictionary:
        theirs = found.of(contract.dataset)
        accepted = [one.business_date for one in theirs if one.is_accepted]
        newest = max(accepted, default=None)
        for one in theirs:
            is_open = not one.is_accepted and (newest is None or one.business_date >= newest)
            is_lacking = contract.mode == "incremental" and one.business_date not in accepted
            if is_open or is_lacking or one is theirs[-1]:
                shown.append(one)
    return shown


def waiting(deliveries: Iterable[JudgedDelivery]) -> list[JudgedDelivery]:
    """Those that wait for signatures."""
    return [one for one in deliveries if one.state is DeliveryState.HELD]


def total(deliveries: Sequence[JudgedDelivery]) -> Counts:
    """The balance over several deliveries."""
    return Counts(*(sum(getattr(one.counts, name) for one in deliveries) for name in _COUNTS))
