"""What goes back to a sender shows nobody: every class of field masked, diagnoses not at all."""

from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from domain.normaliser import NORMALISER_VERSION
from reports.feedback import make_feedback
from sources.contract import Contract, load_dictionary
from sources.verdict import Counts, DeliveryState, JudgedDelivery

DICTIONARY = load_dictionary()
DAY = date(2026, 11, 20)
NUMBER = "990102198003070015"


def told(dataset: str, faulty: str = "", **values: str) -> dict[str, str]:
    """A row set aside as its sender is told of it, by the field's name in the dictionary."""
    contract: Contract = DICTIONARY[dataset]
    name = f"{dataset}/{DAY}-0"
    delivery = JudgedDelivery(
        delivery_id=name, dataset=dataset, business_date=DAY, produced_at=None, content_hash=name,
        data_hash=name, file_names=("part-000.csv",), state=DeliveryState.ACCEPTED, reasons=(),
        counts=Counts(), folder=Path(name), normaliser=NORMALISER_VERSION,
    )  # fmt: skip
    row = {
        "act": "set_aside", "file_name": "part-000.csv", "row_no": 3,
        "codes": ["required_unreadable"],
        "header": contract.by_name(faulty).header if faulty else None,
        **{column.header: values.get(column.name) for column in contract.columns},
    }  # fmt: skip
    (line,) = make_feedback(contract, delivery, pa.Table.from_pylist([row])).lines
    shown = dict(zip((column.name for column in contract.columns), line[4:], strict=True))
    return {name: str(shown[name]) for name in values}


def test_a_diagnosis_is_not_shown():
    assert told("medical_insurance.settlements", disease="M00500") == {"disease": "***"}


@pytest.mark.parametrize(
    ("value", "shown"), [("1980-03-07", "1980-**-**"), ("19800307", "1980****")]
)
def test_a_birth_date_is_shown_to_the_year(value, shown):
    assert told("public_security.population", birth_date=value) == {"birth_date": shown}


def test_a_birth_date_that_is_the_fault_is_shown_for_its_sender_to_mend():
    said = told("public_security.population", faulty="birth_date", birth_date="1980-13-07")
    assert said == {"birth_date": "1980-13-07"}


def test_people_plates_and_places_are_masked():
    said = told(
        "public_security.vehicles", name="欧阳建国", id_no=NUMBER, plate="示A12345",
        vin="TEST1234567890123",
    )  # fmt: skip
    assert said == {
        "name": "欧***", "id_no": "990102********0015", "plate": "示A****5",
        "vin": "TE" + "*" * 14 + "3",
    }  # fmt: skip


def test_a_number_in_a_column_of_something_else_is_masked_and_no_other_long_number():
    contract = "990102202613070016"  # no day within that anybody was born on
    said = told("public_security.vehicles", make=f"证{NUMBER[:-1]}4", vehicle_use=contract)
    assert said == {"make": "证990102********0014", "vehicle_use": contract}
