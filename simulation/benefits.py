"""Pensions and unemployment benefit."""

from datetime import date
from typing import Final

import numpy as np
import pyarrow as pa

from simulation import columns, facts, timeline
from simulation.chance import happens, one_of, stream
from simulation.columns import coded
from simulation.employment import Jobs
from simulation.facts import Pension, UnemploymentBenefit
from simulation.population import People
from simulation.timeline import NEVER

PENSIONS: Final = "human_resources.pensions"
UNEMPLOYMENT: Final = "human_resources.unemployment_benefits"
PENSION_KINDS: Final = ("110", "120", "170")
_MONTHS_OF_LIFE: Final = 60 * 12


def pensions_table(people: People, planted: list[Pension], as_of: date, seed: int) -> pa.Table:
    """Pensions as the newest extract shows them: of nearly everybody over sixty."""
    extract = timeline.extract_date(PENSIONS, as_of)
    on_day, month = timeline.day(extract), timeline.month(extract)
    rng = stream(seed, "pensions")
    own = np.flatnonzero(people.prosperity > 0)
    start = timeline.months_of_days(people.birth[own]) + _MONTHS_OF_LIFE + 1
    kind = one_of(rng, (0.36, 0.10, 0.54), len(own))
    start -= np.where((kind < 2) & (people.sex[own] == 2), 60, 0)
    level = np.array([8.0, 8.5, 5.35])[kind]
    spread = np.array([0.32, 0.28, 0.22])[kind]
    amount = np.exp(level + spread * rng.standard_normal(len(own))).clip(173, 16_000).round(1)
    has_one = happens(rng, 0.97, len(own))
    suspended = one_of(rng, (0.985, 0.01, 0.005), len(own))
    gone = people.death[own] + 45
    kept = np.flatnonzero((start <= month) & has_one & (gone > on_day - 400))
    state = np.where(gone[kept] <= on_day, 2, suspended[kept])
    person = np.r_[own[kept], facts.whole(planted, "person")]
    begun = np.r_[start[kept], facts.whole(planted, "start")]
    kinds = pa.concat_arrays([coded(PENSION_KINDS, kind[kept]), _planted(planted, "insurance")])
    states = pa.concat_arrays([coded(["1", "2", "3"], state), _planted(planted, "status")])
    yuan = np.r_[amount[kept], facts.real(planted, "amount")]
    rows = np.flatnonzero(begun <= month)
    taken, who = pa.array(rows), pa.array(person[rows])
    return columns.table(
        PENSIONS,
        {
            "AAC002": people.id_no.take(who),
            "AAC003": people.name.take(who),
            "AAE140": kinds.take(taken),
            "AIC160": columns.months(begun[rows]),
            "AAE019": columns.yuan(yuan[rows]),
            "AAE116": states.take(taken),
            "_person": pa.array(people.true_person(person[rows])),
            "_delivered": columns.dates(np.full(len(rows), on_day)),
        },
    )


def _planted(planted: list[Pension], name: str) -> pa.Array:
    return pa.array(facts.texts(planted, name), type=pa.string())


def unemployment_table(
    people: People, jobs: Jobs, planted: list[UnemploymentBenefit], as_of: date, seed: int
) -> pa.Table:
    """Benefits of some who lost a job, from the month after; the last two years of them."""
    extract = timeline.extract_date(UNEMPLOYMENT, as_of)
    month = timeline.month(extract)
    rng = stream(seed, "unemployment")
    ended = np.flatnonzero((jobs.end < NEVER) & ~jobs.is_steady)
    ended = ended[happens(rng, 0.3, len(ended))]
    _, once = np.unique(jobs.person[ended], return_index=True)
    ended = ended[np.sort(once)]
    first = np.r_[jobs.end[ended], facts.whole(planted, "first")]
    length = rng.integers(2, 13, len(ended))
    last = np.r_[jobs.end[ended] + length - 1, facts.whole(planted, "last")]
    person = np.r_[jobs.person[ended], facts.whole(planted, "person")]
    amount = np.r_[
        rng.choice([1_650.0, 1_790.0, 1_880.0], size=len(ended)), facts.real(planted, "amount")
    ]
    rows = np.flatnonzero((first <= month) & (last >= month - 24))
    who = pa.array(person[rows])
    return columns.table(
        UNEMPLOYMENT,
        {
            "AAC002": people.id_no.take(who),
            "AAC003": people.name.take(who),
            "AJC097": columns.months(first[rows]),
            "AJC098": columns.months(last[rows]),
            "AAE019": columns.yuan(amount[rows]),
            "_person": pa.array(people.true_person(person[rows])),
            "_delivered": columns.dates(np.full(len(rows), timeline.day(extract))),
        },
    )
