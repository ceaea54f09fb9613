"""How a dataset stands on an evening, from the verdicts on its deliveries alone."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from domain.normaliser import NORMALISER_VERSION
from sources.contract import load_dictionary
from sources.standing import dataset_state
from sources.verdict import Counts, DeliveryState, JudgedDelivery

DICTIONARY = load_dictionary()
PENSIONS = DICTIONARY["human_resources.pensions"]
SETTLEMENTS = DICTIONARY["medical_insurance.settlements"]
DAY = date(2026, 11, 20)
ACCEPTED, HELD, REFUSED = DeliveryState.ACCEPTED, DeliveryState.HELD, DeliveryState.REFUSED


def judged(contract, days_before: int, state: DeliveryState, hour: int = 22) -> JudgedDelivery:
    day = DAY - timedelta(days=days_before)
    name = f"{contract.dataset}/{day}-{hour:012}"
    return JudgedDelivery(
        delivery_id=name, dataset=contract.dataset, business_date=day,
        produced_at=datetime(day.year, day.month, day.day, hour, tzinfo=UTC),
        content_hash=name, data_hash=name, file_names=("part-000.csv",), state=state, reasons=(),
        counts=Counts(), folder=Path(name), normaliser=NORMALISER_VERSION,
    )  # fmt: skip


def standing(contract, *deliveries: tuple[int, DeliveryState]) -> tuple[str, str]:
    found = dataset_state(contract, [judged(contract, *one) for one in deliveries], DAY)
    return found.state.value, str(found.reason or "")


OLD = PENSIONS.max_age_days + 1


@pytest.mark.parametrize(
    ("deliveries", "state", "reason"),
    [
        ([], "missing", "missing"),
        ([(1, REFUSED)], "missing", f"refused:{DAY - timedelta(days=1)}"),
        ([(OLD - 1, ACCEPTED)], "in_force", ""),
        ([(OLD, ACCEPTED)], "stale", f"stale:{DAY - timedelta(days=OLD)}:{OLD}:{OLD - 1}"),
        ([(OLD, ACCEPTED), (1, HELD)], "held", f"held:{DAY - timedelta(days=1)}"),
        ([(OLD, ACCEPTED), (1, REFUSED)], "stale", None),
        # what was held before the newest accepted one keeps nothing from being used
        ([(OLD + 9, HELD), (OLD, ACCEPTED)], "stale", None),
        ([(3, HELD), (2, ACCEPTED), (1, REFUSED)], "in_force", ""),
        ([(-1, ACCEPTED)], "missing", "missing"),
    ],
)
def test_a_full_dataset(deliveries, state, reason):
    found, said = standing(PENSIONS, *deliveries)
    assert found == state
    assert reason is None or said == reason


def test_of_one_date_the_accepted_one_produced_last_counts():
    first, second, held = (
        judged(PENSIONS, 1, ACCEPTED, 20),
        judged(PENSIONS, 1, ACCEPTED, 22),
        judged(PENSIONS, 1, HELD, 23),
    )
    assert dataset_state(PENSIONS, [held, second, first], DAY).in_force == (second,)


def test_an_increment_that_could_not_be_used_is_said_until_it_comes_again():
    assert standing(SETTLEMENTS, (3, ACCEPTED), (2, REFUSED), (1, ACCEPTED)) == (
        "in_force", f"increments_lacking:1:{DAY - timedelta(days=2)}",
    )  # fmt: skip
    again = [(3, ACCEPTED), (2, REFUSED), (1, ACCEPTED)]
    told = [judged(SETTLEMENTS, *one) for one in again] + [judged(SETTLEMENTS, 2, ACCEPTED, 23)]
    found = dataset_state(SETTLEMENTS, told, DAY)
    assert (found.reason, len(found.in_force)) == (None, 3)
