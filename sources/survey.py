"""What a workspace holds of deliveries: every verdict on record, and how the datasets stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from domain.errors import HeduiError
from sources.compared import in_order
from sources.contract import Dictionary, load_dictionary
from sources.release import with_releases
from sources.standing import dataset_state
from sources.verdict import DatasetState, JudgedDelivery, SourceState
from store.deliveries import DeliveryStore
from store.releases import Release


@dataclass(frozen=True, slots=True)
class Survey:
    """All deliveries on record up to ``as_of``, by dataset and date, and every dataset's state."""

    as_of: date
    dictionary: Dictionary
    deliveries: tuple[JudgedDelivery, ...]
    states: tuple[DatasetState, ...]

    @property
    def in_force(self) -> frozenset[str]:
        """The ids of the deliveries whose rows are used."""
        return frozenset(
            delivery.delivery_id
            for state in self.states
            if state.state is SourceState.IN_FORCE
            for delivery in state.in_force
        )

    def of(self, dataset: str) -> tuple[JudgedDelivery, ...]:
        """The dataset's deliveries, oldest first."""
        return tuple(one for one in self.deliveries if one.dataset == dataset)

    def state_of(self, dataset: str) -> DatasetState:
        """How the dataset stands; KeyError for one that is not in the dictionary."""
        return {state.dataset: state for state in self.states}[dataset]


def survey(workspace: Path, releases: Sequence[Release] = (), as_of: date | None = None) -> Survey:
    """Look through the records of a workspace; reads no rows and no inbox.

    ``as_of`` left out is the newest business date on record. Raises HeduiError ``deliveries_none``
    where nothing was ever received, ``sources_record_damaged`` for a record that cannot be read.
    """
    dictionary = load_dictionary()
    store = DeliveryStore(workspace)
    known = [
        with_releases(JudgedDelivery.read(folder), releases)
        for contract in dictionary
        for folder in store.records_of(contract.dataset)
    ]
    if not known:
        raise HeduiError("deliveries_none", workspace=workspace)
    day = as_of or max(one.business_date for one in known)
    seen = [one for one in known if one.business_date <= day]
    by_dataset = {
        contract.dataset: in_order([one for one in seen if one.dataset == contract.dataset])
        for contract in dictionary
    }
    return Survey(
        as_of=day,
        dictionary=dictionary,
        deliveries=tuple(one for theirs in by_dataset.values() for one in theirs),
        states=tuple(dataset_state(c, by_dataset[c.dataset], day) for c in dictionary),
    )


def find_delivery(deliveries: Sequence[JudgedDelivery], written: str) -> JudgedDelivery:
    """The delivery whose id is, or alone begins with, what was written.

    Raises HeduiError ``delivery_unknown`` or ``delivery_ambiguous``.
    """
    found = [one for one in deliveries if one.delivery_id == written] or [
        one for one in deliveries if written and one.delivery_id.startswith(written)
    ]
    if not found:
        raise HeduiError("delivery_unknown", delivery=written)
    if len(found) > 1:
        raise HeduiError(
            "delivery_ambiguous",
            delivery=written,
            count=len(found),
            example=found[-1].delivery_id,
        )
    return found[0]
