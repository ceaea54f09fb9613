"""Record ids: which dataset, delivery and row a record is, in one number.

The 1-based place of the dataset in the data dictionary stands in the upper bits, then the business
date of the delivery in days since 1970, then the row in the delivery.
"""

from datetime import date, timedelta
from typing import Final

_DATASET_BIT: Final = 57
_DATE_BIT: Final = 41
_EPOCH: Final = date(1970, 1, 1)


def first_record_id(dataset: int, business_date: date = _EPOCH) -> int:
    """The id before the first row of a delivery; without a date, of any of the dataset's."""
    return dataset << _DATASET_BIT | (business_date - _EPOCH).days << _DATE_BIT


def dataset_number(record_id: int) -> int:
    """The 1-based place in the data dictionary of the dataset a record belongs to."""
    return record_id >> _DATASET_BIT


def business_date_of(record_id: int) -> date:
    """The business date of the delivery a record came in."""
    days = (record_id >> _DATE_BIT) & ((1 << _DATASET_BIT - _DATE_BIT) - 1)
    return _EPOCH + timedelta(days=days)
