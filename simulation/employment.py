"""Jobs, and the contributions to social insurance that they leave month by month."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pyarrow as pa

from simulation import columns, facts, policy, timeline
from simulation.chance import happens, one_of, stream
from simulation.columns import coded, joined
from simulation.facts import Job
from simulation.population import People
from simulation.timeline import NEVER, Bools, Floats, Ints

DATASET: Final = "human_resources.contributions"
INSURANCES: Final = ("110", "120", "210", "310", "410")
_INSURED_AS: Final = ("1", "2", "3")
_START: Final = timeline.month(date(2005, 1, 1))
_RECENT: Final = timeline.month(date(2025, 9, 1))
_END: Final = timeline.month(timeline.LAST_AS_OF)
_CAP: Final = 25_000.0
_TRADES: Final = ("机械", "纺织", "食品", "建材", "物流", "商贸", "餐饮", "物业", "电子", "医药")
_WORDS: Final = "华隆鑫瑞宏泰恒达永盛金源东方星海安康嘉诚利民通顺"
_LICENCE: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_X_IN_LICENCE: Final = 29


@dataclass(frozen=True)
class Jobs:
    """Columns of one entry a job (or of one self-payer); insurances as a bit for each."""

    person: Ints
    employer: Ints
    first: Ints
    end: Ints
    insured_as: Ints
    wage: Floats
    """Yuan a month; NaN where the employer never reports it."""
    insurances: Ints
    blank_from: Ints
    gap: Ints
    is_steady: Bools
    """The reported wage does not vary (planted)."""

    def runs(self, month: int) -> Bools:
        """Jobs with contributions for a month."""
        return np.asarray((self.first <= month) & (self.end > month) & (self.gap != month))


def draw_jobs(people: People, planted: list[Job], seed: int) -> Jobs:
    """Jobs of about half the people of working age; one in seven changes or ends after 2025."""
    rng = stream(seed, "jobs")
    age = people.age(timeline.day(date(2026, 6, 1)))
    able = np.flatnonzero((age >= 19) & (age < 60) & (people.prosperity > 0))
    worker = able[happens(rng, 0.47, len(able))]
    idle = np.setdiff1d(able, worker, assume_unique=True)
    payer = idle[happens(rng, 0.14, len(idle))]
    firms = firm_count(people)
    first = np.maximum(
        rng.integers(_START, _RECENT, len(worker)),
        timeline.months_of_days(people.birth[worker]) + 18 * 12,
    )
    first = np.where(
        happens(rng, 0.06, len(worker)), rng.integers(_RECENT, _END, len(worker)), first
    )
    leaves = happens(rng, 0.17, len(worker))
    end = np.where(leaves, np.maximum(rng.integers(_RECENT, _END, len(worker)), first + 3), NEVER)
    again = np.flatnonzero(leaves & happens(rng, 0.7, len(worker)))
    second = np.flatnonzero(happens(rng, 0.01, len(worker)))
    who = np.r_[worker, worker[again], worker[second], payer]
    count, paying = len(who), len(payer)
    is_payer = np.arange(count) >= count - paying
    started = np.r_[
        first,
        end[again] + rng.integers(1, 4, len(again)),
        first[second] + 2,
        rng.integers(_START, _RECENT, paying),
    ]
    wage = np.exp(rng.normal(8.55, 0.42, count)).clip(2_300, 60_000).round(0)
    silent = happens(rng, 0.22, firms)
    employer = np.where(is_payer, 0, rng.integers(1, firms, count))
    insured = np.where(is_payer, 1, np.where(happens(rng, 0.008, count), 2, 0))
    return _with_planted(
        Jobs(
            person=who,
            employer=employer,
            first=started,
            end=np.r_[end, np.full(count - len(worker), NEVER)],
            insured_as=insured,
            wage=np.where(silent[employer] | is_payer, np.nan, wage),
            insurances=_draw_insurances(rng, is_payer),
            blank_from=np.full(count, NEVER),
            gap=np.where(happens(rng, 0.01, count), rng.integers(_RECENT, _END, count), NEVER),
            is_steady=np.zeros(count, dtype=bool),
        ),
        planted,
        firms,
    )


def _draw_insurances(rng: np.random.Generator, is_payer: Bools) -> Ints:
    count = len(is_payer)
    public = happens(rng, 0.1, count)
    bits = np.where(public, 2, 1) + np.where(happens(rng, 0.97, count), 8, 0)
    bits += np.where(happens(rng, 0.34, count), 4, 0) + np.where(happens(rng, 0.27, count), 16, 0)
    return np.where(is_payer, np.array([1, 8, 9])[one_of(rng, (0.3, 0.3, 0.4), count)], bits)


def _with_planted(drawn: Jobs, planted: list[Job], firms: int) -> Jobs:
    whole = facts.whole
    bits = [sum(1 << INSURANCES.index(kind) for kind in job.insurances) for job in planted]
    silent = [_INSURED_AS.index(job.insured_as) for job in planted]
    employer = [0 if job.insured_as == "2" else 1 + job.employer % (firms - 1) for job in planted]
    return Jobs(
        person=np.r_[drawn.person, whole(planted, "person")],
        employer=np.r_[drawn.employer, np.array(employer, dtype=np.int64)],
        first=np.r_[drawn.first, whole(planted, "first")],
        end=np.r_[drawn.end, whole(planted, "end")],
        insured_as=np.r_[drawn.insured_as, np.array(silent, dtype=np.int64)],
        wage=np.r_[drawn.wage, facts.real(planted, "wage")],
        insurances=np.r_[drawn.insurances, np.array(bits, dtype=np.int64)],
        blank_from=np.r_[drawn.blank_from, whole(planted, "blank_from")],
        gap=np.r_[drawn.gap, whole(planted, "gap")],
        is_steady=np.r_[drawn.is_steady, np.ones(len(planted), dtype=bool)],
    )


def contributions_table(people: People, jobs: Jobs, as_of: date, seed: int) -> pa.Table:
    """Seven months of contributions, each handed over in the middle of the month after."""
    newest = timeline.newest_month(DATASET, as_of)
    licences, names = _employers(firm_count(people))
    months = range(newest - timeline.MONTHS_OF_CONTRIBUTIONS + 1, newest + 1)
    return pa.concat_tables(
        [_month_table(people, jobs, month, licences, names, seed) for month in months]
    )


def _month_table(
    people: People, jobs: Jobs, month: int, licences: pa.Array, names: pa.Array, seed: int
) -> pa.Table:
    rng = stream(seed, "wages", month)
    drift = np.where(jobs.is_steady, 1.0, 1 + 0.03 * rng.standard_normal(len(jobs.person)))
    missed = happens(rng, 0.004, len(jobs.person)) & ~jobs.is_steady
    gone = people.death[jobs.person] <= timeline.day(timeline.first_of_month(month))
    active = np.flatnonzero(jobs.runs(month) & ~gone)
    held = (jobs.insurances[active][:, None] >> np.arange(len(INSURANCES))) & 1
    place, kind = _once_each(jobs, active, held)
    rows = active[place]
    wage = np.where(jobs.is_steady, jobs.wage, np.round(jobs.wage * drift, 0))[rows]
    floor = float(policy.value("insurance.base_floor", timeline.first_of_month(month)))
    base = np.clip(np.where(np.isnan(wage), floor, wage), floor, _CAP)
    blank = np.isnan(wage) | (jobs.blank_from[rows] <= month)
    person = jobs.person[rows]
    who, firm = pa.array(person), pa.array(jobs.employer[rows])
    day = timeline.handed_over(DATASET, np.array([month], dtype=np.int64))[0]
    return columns.table(
        DATASET,
        {
            "AAC002": people.id_no.take(who),
            "AAC003": people.name.take(who),
            "AAB003": licences.take(firm),
            "AAB004": names.take(firm),
            "AAE140": coded(INSURANCES, kind),
            "AAE003": columns.months(np.full(len(rows), month)),
            "AAC066": coded(_INSURED_AS, jobs.insured_as[rows]),
            "AAC040": columns.yuan(np.where(blank, 0.0, wage), blank),
            "AAE180": columns.yuan(base),
            "AAE078": pa.array(~missed[rows]),
            "_person": pa.array(people.true_person(person)),
            "_delivered": columns.dates(np.full(len(rows), day)),
        },
    )


def _once_each(jobs: Jobs, active: Ints, held: Ints) -> tuple[Ints, Ints]:
    """Job and insurance of each contribution: one for a person, employer and insurance."""
    place, kind = np.nonzero(held)
    rows = active[place]
    key = (jobs.person[rows] * 1_000_000 + jobs.employer[rows]) * len(INSURANCES) + kind
    _, first = np.unique(key, return_index=True)
    first.sort()
    return place[first], kind[first]


def firm_count(people: People) -> int:
    """Employers of the district; the first is the office through which self-payers pay."""
    return max(people.residents // 70, 20)


def _employers(count: int) -> tuple[pa.Array, pa.Array]:
    """Unified social credit codes (GB 32100, both check characters right) and names."""
    serial = np.arange(count)
    organisation = columns.digit_bytes(70_000_000 + serial * 37, 8).astype(np.int64) - ord("0")
    own = (11 - organisation @ np.array([3, 7, 9, 10, 5, 8, 4, 2])) % 11
    front = np.tile(np.array([9, 1, 9, 9, 0, 1, 0, 2]), (count, 1))
    values = np.hstack([front, organisation, np.where(own == 10, _X_IN_LICENCE, own)[:, None]])
    weights = np.array([pow(3, place, 31) for place in range(17)])
    check = (31 - values @ weights % 31) % 31
    letters = np.frombuffer(_LICENCE.encode(), dtype=np.uint8)
    licences = columns.fixed_text(letters[np.hstack([values, check[:, None]])])
    word = coded(list(_WORDS), serial % len(_WORDS))
    other = coded(list(_WORDS), serial // len(_WORDS) % len(_WORDS))
    trade = coded(list(_TRADES), serial * 7 % len(_TRADES))
    third = coded(["", *_WORDS], serial // len(_WORDS) ** 2 % (len(_WORDS) + 1))
    names = joined("示范区", word, other, third, trade, "有限公司").to_pylist()
    return licences, pa.array(["示范区灵活就业人员缴费窗口", *names[1:]])
