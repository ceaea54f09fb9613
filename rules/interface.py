"""The datasets whose tables rules read: their order in the agreement, their tables, their roles."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from domain.record_id import dataset_number

INTERFACE_SQL: Final = Path(__file__).parent / "interface.sql"


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset of the exchange: ``clean.<table>``, and the roles in which its rows name people."""

    name: str
    table: str
    roles: tuple[str, ...]


# In the order of the data dictionary: a record_id carries the 1-based place (domain/record_id.py).
DATASETS: Final = (
    Dataset("civil_affairs.households", "household", ("applicant",)),
    Dataset("civil_affairs.members", "member", ("member",)),
    Dataset("civil_affairs.applications", "application", ("member",)),
    Dataset("civil_affairs.payments", "payment", ("payee",)),
    Dataset("civil_affairs.temporary_assistance", "temporary_assistance", ("recipient",)),
    Dataset("civil_affairs.cremations", "cremation", ("deceased",)),
    Dataset("civil_affairs.marriages", "marriage", ("husband", "wife")),
    Dataset("public_security.population", "population", ("resident",)),
    Dataset("public_security.vehicles", "vehicle", ("owner",)),
    Dataset("housing.properties", "property", ("owner",)),
    Dataset("housing.presales", "presale", ("buyer",)),
    Dataset("human_resources.contributions", "contribution", ("insured",)),
    Dataset("human_resources.pensions", "pension", ("pensioner",)),
    Dataset("human_resources.unemployment_benefits", "unemployment_benefit", ("recipient",)),
    Dataset("medical_insurance.enrolment", "enrolment", ("insured",)),
    Dataset("medical_insurance.settlements", "settlement", ("patient",)),
)
NAMES: Final = frozenset(dataset.name for dataset in DATASETS)


def number_of(dataset: str) -> int:
    """The dataset's 1-based place in the data dictionary."""
    return next(place for place, one in enumerate(DATASETS, 1) if one.name == dataset)


def dataset_of(record_id: int) -> Dataset:
    """The dataset a record belongs to, from its id."""
    return DATASETS[dataset_number(record_id) - 1]


def place_of_named(dataset: str, day: date, file: str, row: int, role: str) -> str:
    """Where a record names somebody, in one text: by it who has no number is known."""
    return f"{dataset}/{day.isoformat()}/{file}/{row}#{role}"
