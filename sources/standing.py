"""How each dataset stands on a date, given the verdicts on its deliveries."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby

from sources.compared import in_order
from sources.contract import Contract
from sources.verdict import DatasetState, DeliveryState, JudgedDelivery, Reason, SourceState


def dataset_state(
    contract: Contract, deliveries: Iterable[JudgedDelivery], as_of: date
) -> DatasetState:
    """The dataset on the evening of ``as_of``; deliveries of later dates do not count.

    In force when the newest accepted delivery is at most ``max_age_days`` old: a ``full`` dataset
    with that delivery alone, an ``incremental`` one with all accepted. Of several deliveries of one
    date the accepted one produced last counts. Where a newer delivery is held, an old dataset is
    held rather than stale. An incremental dataset in force has the reason ``increments_lacking``
    when increments were refused or held and not delivered again: what it has is true, not whole.
    """
    seen = [delivery for delivery in in_order(list(deliveries)) if delivery.business_date <= as_of]
    accepted = _one_a_date(seen)
    newest = accepted[-1].business_date if accepted else None
    if newest and (as_of - newest).days <= contract.max_age_days:
        used = accepted if contract.mode == "incremental" else accepted[-1:]
        lacking = _lacking(seen, accepted) if contract.mode == "incremental" else None
        return DatasetState(contract.dataset, SourceState.IN_FORCE, newest, lacking, tuple(used))
    state, reason = _why_not(contract, seen, newest, as_of)
    return DatasetState(contract.dataset, state, newest, reason, ())


def _one_a_date(seen: Sequence[JudgedDelivery]) -> list[JudgedDelivery]:
    """The accepted deliveries, of each date the one produced last."""
    by_date = {delivery.business_date: delivery for delivery in seen if delivery.is_accepted}
    return [by_date[day] for day in sorted(by_date)]


def _lacking(seen: Sequence[JudgedDelivery], accepted: Sequence[JudgedDelivery]) -> Reason | None:
    """The dates whose increment came and could not be used."""
    used = {delivery.business_date for delivery in accepted}
    days = [day for day, _ in groupby(one.business_date for one in seen) if day not in used]
    return Reason.of("increments_lacking", len(days), days[-1]) if days else None


def _why_not(
    contract: Contract, seen: Sequence[JudgedDelivery], newest: date | None, as_of: date
) -> tuple[SourceState, Reason]:
    newer = [one for one in seen if newest is None or one.business_date > newest]
    held = [one for one in newer if one.state is DeliveryState.HELD]
    if held:
        return SourceState.HELD, Reason.of("held", held[-1].business_date)
    if newest:
        age = (as_of - newest).days
        return SourceState.STALE, Reason.of("stale", newest, age, contract.max_age_days)
    if newer:
        return SourceState.MISSING, Reason.of("refused", newer[-1].business_date)
    return SourceState.MISSING, Reason.of("missing")
