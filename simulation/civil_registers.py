"""Civil affairs' own registers: cremations, marriages, temporary assistance."""

from datetime import date
from typing import Final

import numpy as np
import pyarrow as pa

from simulation import columns, facts, households, timeline
from simulation.chance import happens, one_of, stream
from simulation.columns import coded, digits, joined
from simulation.facts import MarriageEvent, TemporaryAid
from simulation.places import Places, township_codes
from simulation.population import People
from simulation.timeline import NEVER, Bools, Ints

CREMATIONS: Final = "civil_affairs.cremations"
MARRIAGES: Final = "civil_affairs.marriages"
TEMPORARY: Final = "civil_affairs.temporary_assistance"
_EVENTS: Final = ("IA", "IB", "ICA", "ICB", "ID")
_MARRIED, _DIVORCED, _AGAIN = 0, 1, 2
_REGISTER_BEGINS: Final = 9_132  # 1995-01-01


def cremations_table(people: People, stated: dict[int, int], as_of: date) -> pa.Table:
    """Everybody cremated by ``as_of``; the date of death blank where the form left it so."""
    on_day = timeline.day(as_of)
    rows = np.flatnonzero(people.cremated <= on_day)
    death = np.where(people.is_death_stated, people.death, NEVER)
    for person, day in stated.items():
        death[person] = day
    who = pa.array(rows)
    return columns.table(
        CREMATIONS,
        {
            "火化证号": joined("HH", digits(rows * 13 + 100_000_000, 12)),
            "逝者姓名": people.name.take(who),
            "逝者身份证号": people.id_no.take(who),
            "性别": coded(["1", "2"], people.sex[rows] - 1),
            "死亡日期": columns.dates(death[rows]),
            "火化日期": columns.dates(people.cremated[rows]),
            "_person": pa.array(people.true_person(rows)),
            "_delivered": columns.dates(timeline.evening_of(people.cremated[rows], as_of)),
        },
    )


def marriages_table(
    people: People, planted: list[MarriageEvent], as_of: date, seed: int
) -> pa.Table:
    """Events from 1995 on, the couples of the households and some that live apart."""
    event, day, husband, wife = _draw_marriages(people, seed)
    event = np.r_[event, [_EVENTS.index(one.event) for one in planted]].astype(np.int64)
    day = np.r_[day, facts.whole(planted, "day")]
    husband = np.r_[husband, facts.whole(planted, "husband")]
    wife = np.r_[wife, facts.whole(planted, "wife")]
    rows = np.flatnonzero((day >= _REGISTER_BEGINS) & (day <= timeline.day(as_of)))
    he, she = pa.array(husband[rows]), pa.array(wife[rows])
    return columns.table(
        MARRIAGES,
        {
            "登记字号": joined("J990102", digits(rows + 1, 10)),
            "业务类型": coded(_EVENTS, event[rows]),
            "登记日期": columns.dates(day[rows]),
            "男方姓名": people.name.take(he),
            "男方身份证号": people.id_no.take(he),
            "女方姓名": people.name.take(she),
            "女方身份证号": people.id_no.take(she),
            "_person_1": pa.array(people.true_person(husband[rows])),
            "_person_2": pa.array(people.true_person(wife[rows])),
            "_delivered": columns.dates(timeline.evening_of(day[rows], as_of)),
        },
    )


def _draw_marriages(people: People, seed: int) -> tuple[Ints, Ints, Ints, Ints]:
    """Event, day, husband, wife of what is drawn for everybody."""
    rng = stream(seed, "marriages")
    role = people.structure.role
    second = np.flatnonzero(np.isin(role, (households.SPOUSE, households.MOTHER)))
    second = second[(role[second - 1] == role[second] - 1)]
    first, one, other, parted = second - 1, *_draw_apart(people, rng)
    a, b = np.r_[first, one], np.r_[second, other]
    grown = np.maximum(people.birth[a], people.birth[b]) + 365 * 21
    day = grown + rng.integers(0, 3_500, len(a))
    parts = np.r_[np.zeros(len(first), dtype=bool), parted]
    again = np.flatnonzero(happens(rng, 0.02, len(a)) & ~parts)
    over = np.flatnonzero(parts)
    event = np.r_[
        np.full(len(a), _MARRIED), np.full(len(again), _AGAIN), np.full(len(over), _DIVORCED)
    ]
    days = np.r_[day, day[again] + 2_000, day[over] + rng.integers(300, 6_000, len(over))]
    all_a, all_b = np.r_[a, a[again], a[over]], np.r_[b, b[again], b[over]]
    is_man = people.sex[all_a] == 1
    husband = np.asarray(np.where(is_man, all_a, all_b))
    wife = np.asarray(np.where(is_man, all_b, all_a))
    return event, days, husband, wife


def _draw_apart(people: People, rng: np.random.Generator) -> tuple[Ints, Ints, Bools]:
    """People who live without a spouse: some once had one (now parted), a few live apart.

    Gives one partner, the other, and whether they are divorced.
    """
    kind = people.structure.kind[people.structure.household]
    single = np.isin(kind, (households.ELDER, households.SINGLE, households.LONE_PARENT))
    alone = np.flatnonzero(single & (people.structure.role == households.HEAD))
    alone = alone[(people.prosperity[alone] > 0) & (people.birth[alone] < 12_000)]
    alone = alone[happens(rng, 0.2, len(alone))]
    outsiders = np.arange(people.residents, len(people.birth))
    partners = []
    for sex in (1, 2):
        others = outsiders[people.sex[outsiders] == 3 - sex]
        partners.append(others[rng.integers(0, len(others), len(alone))])
    other = np.asarray(np.where(people.sex[alone] == 1, partners[0], partners[1]))
    return alone, other, happens(rng, 0.8, len(alone))


def aids_table(
    people: People,
    where: Places,
    poor: set[int],
    planted: list[TemporaryAid],
    as_of: date,
    seed: int,
) -> pa.Table:
    """Temporary assistance of two years, the poor far oftener."""
    rng = stream(seed, "temporary assistance")
    may_apply = (people.birth < 14_000) & (people.prosperity > 0)
    everybody = np.flatnonzero(may_apply)
    needy = np.array(sorted(poor), dtype=np.int64)
    person = np.r_[
        rng.choice(everybody, size=max(people.residents // 160, 1)),
        rng.choice(needy, size=len(needy) // 12),
        facts.whole(planted, "person"),
    ].astype(np.int64)
    drawn = len(person) - len(planted)
    begin = timeline.day(date(2024, 6, 1))
    last = timeline.day(timeline.LAST_AS_OF)
    day = np.r_[rng.integers(begin, last, drawn), facts.whole(planted, "day")]
    hardship = np.r_[
        one_of(rng, (0.55, 0.08, 0.1, 0.12, 0.15), drawn) + 1,
        [int(aid.hardship) for aid in planted],
    ].astype(np.int64)
    amount = np.r_[
        (rng.integers(5, 60, drawn) * 100).astype(np.float64), facts.real(planted, "amount")
    ]
    alive = people.death[person] > day
    first = timeline.day(timeline.first_of_month(timeline.month(as_of) - 24))
    rows = np.flatnonzero((day <= timeline.day(as_of)) & (day >= first) & alive)
    who = pa.array(person[rows])
    return columns.table(
        TEMPORARY,
        {
            "救助编号": joined("LS990102", digits(rows + 1, 9)),
            "姓名": people.name.take(who),
            "身份证号": people.id_no.take(who),
            "乡镇街道代码": township_codes(where, people.township[person[rows]]),
            "困难原因": coded(["1", "2", "3", "4", "5"], hardship[rows] - 1),
            "批准日期": columns.dates(day[rows]),
            "救助金额": columns.yuan(amount[rows]),
            "_person": pa.array(people.true_person(person[rows])),
            "_delivered": columns.dates(timeline.evening_of(day[rows], as_of)),
        },
    )
