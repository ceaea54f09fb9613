"""Whether one household asked again gets the night's answer: a sample after every night."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from pipelines.check import ask_again, read_answer
from rules.household import APPLICATION, CASE, Household
from rules.rule import Catalogue
from store.engines.duckdb import DuckDBEngine
from store.snapshot_desk import SnapshotDesk

CASES_SAMPLED: Final = 3
APPLICATIONS_SAMPLED: Final = 2
_CASES: Final = """
    select case_no from clean.household where benefit_status in ('1', '3') order by case_no
"""
_APPLICATIONS: Final = """
    select distinct application_no from clean.application order by application_no
"""


@dataclass(frozen=True, slots=True)
class Parity:
    """How many households were asked again, and which of them got another answer."""

    asked: int
    differing: tuple[str, ...]


def sample_parity(desk: SnapshotDesk, *, catalogue: Catalogue, as_of: date, seed: str) -> Parity:
    """Ask a few households of the snapshot in force again, and hold the answers together.

    Which ones, follows from ``seed`` (the run's id): the same night asks the same.
    """
    with desk.reading() as reading:
        households = [
            *_drawn(reading.engine, _CASES, CASE, CASES_SAMPLED, seed),
            *_drawn(reading.engine, _APPLICATIONS, APPLICATION, APPLICATIONS_SAMPLED, seed),
        ]
    differing = [one.case_no for one in households if not _is_same(desk, one, catalogue, as_of)]
    return Parity(len(households), tuple(differing))


def _is_same(desk: SnapshotDesk, household: Household, catalogue: Catalogue, as_of: date) -> bool:
    with desk.reading() as reading:
        night = read_answer(reading.engine, household, as_of=as_of, snapshot=reading.snapshot)
    return ask_again(desk, household, catalogue=catalogue, as_of=as_of) == night


def _drawn(
    engine: DuckDBEngine, query: str, kind: str, count: int, seed: str
) -> Iterable[Household]:
    numbers = [str(row[0]) for row in engine.rows(query)]
    numbers.sort(key=lambda number: hashlib.sha256(f"{seed}|{number}".encode()).digest())
    return [Household(number, kind) for number in numbers[:count]]
