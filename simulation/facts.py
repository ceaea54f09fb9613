"""Single facts that are put into the registers beside what is drawn for everybody.

They stand for what is planted (hits and near misses), for what people on assistance hold by chance,
and for the small incomes they declared. Days and months are numbers, NEVER for blanks.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from simulation.timeline import NEVER, Bools, Floats, Ints


@dataclass(frozen=True)
class Vehicle:
    """A registered vehicle of a person."""

    person: int
    plate_kind: str = "02"
    vehicle_class: str = "K33"
    status: str = "A"
    registered: int = 18_000
    scrap_due: int = NEVER
    status_day: int = 18_000


@dataclass(frozen=True)
class Deed:
    """One owner's entry of a unit; entries of one ``unit`` are co-owners."""

    unit: int
    person: int
    tenure: str = "0"
    share: float | None = None
    use: str = "11"
    area: float = 80.0
    registered: int = 17_500
    title: str = "1"
    status_day: int = 17_500


@dataclass(frozen=True)
class Contract:
    """A purchase contract; from ``cancelled`` on it has been taken back."""

    person: int
    signed: int
    use: str = "11"
    area: float = 92.0
    price: float = 780_000.0
    cancelled: int = NEVER


@dataclass(frozen=True)
class Job:
    """Contributions from month ``first`` up to, not including, month ``end``."""

    person: int
    first: int
    end: int = NEVER
    insured_as: str = "1"
    wage: float | None = None
    insurances: tuple[str, ...] = ("110", "310")
    blank_from: int = NEVER
    """From this month on the wage is left blank."""
    gap: int = NEVER
    """A month without contributions."""
    employer: int = 0


@dataclass(frozen=True)
class Pension:
    """A pension, yuan a month."""

    person: int
    insurance: str
    start: int
    amount: float
    status: str = "1"


@dataclass(frozen=True)
class UnemploymentBenefit:
    """Unemployment benefit from month ``first`` to month ``last``."""

    person: int
    first: int
    last: int
    amount: float = 1_800.0


@dataclass(frozen=True)
class Enrolment:
    """How a person is enrolled, instead of what would be drawn; insurance None: not at all."""

    insurance: str | None = "390"
    status: str = "1"
    aid: str | None = "0"


@dataclass(frozen=True)
class Bill:
    """A settlement: what the person bore, and of it what medical assistance paid."""

    person: int
    day: int
    own: float
    assisted: float = 0.0
    is_takeback: bool = False


@dataclass(frozen=True)
class TemporaryAid:
    """Temporary assistance once."""

    person: int
    day: int
    hardship: str = "1"
    amount: float = 2_000.0


@dataclass(frozen=True)
class MarriageEvent:
    """An entry of the marriage register."""

    event: str
    day: int
    husband: int
    wife: int


@dataclass
class Facts:
    """All single facts of a district, register by register."""

    vehicles: list[Vehicle] = field(default_factory=list)
    deeds: list[Deed] = field(default_factory=list)
    contracts: list[Contract] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)
    pensions: list[Pension] = field(default_factory=list)
    unemployment: list[UnemploymentBenefit] = field(default_factory=list)
    enrolment: dict[int, Enrolment] = field(default_factory=dict)
    bills: list[Bill] = field(default_factory=list)
    aids: list[TemporaryAid] = field(default_factory=list)
    marriages: list[MarriageEvent] = field(default_factory=list)
    stated_deaths: dict[int, int] = field(default_factory=dict)
    """Dates of death that the cremation register states otherwise than they were."""
    without_bills: set[int] = field(default_factory=set)
    """People on assistance whose settlements are only the planted ones."""
    spoken_for: set[int] = field(default_factory=set)
    """People on cases and applications, and others on whom something planted rests."""

    def new_unit(self) -> int:
        """A unit number that nobody has yet."""
        return self.deeds[-1].unit + 1 if self.deeds else 1


def whole(rows: Sequence[Any], name: str) -> Ints:
    """A field of every fact as whole numbers."""
    return np.array([getattr(row, name) for row in rows], dtype=np.int64)


def real(rows: Sequence[Any], name: str) -> Floats:
    """A field of every fact as numbers; None becomes NaN."""
    return np.array([getattr(row, name) for row in rows], dtype=np.float64)


def texts(rows: Sequence[Any], name: str) -> list[str | None]:
    """A field of every fact as text."""
    return [getattr(row, name) for row in rows]


def listed(people: int, persons: set[int]) -> Bools:
    """Of each person whether he or she is one of ``persons``."""
    flags = np.zeros(people, dtype=bool)
    flags[np.array(sorted(persons), dtype=np.int64)] = True
    return flags
