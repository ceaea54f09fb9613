"""The vehicle register (机动车): about one vehicle for four adults."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pyarrow as pa

from simulation import columns, facts, timeline
from simulation.chance import one_of, stream
from simulation.columns import coded, digits, joined
from simulation.facts import Vehicle
from simulation.population import People
from simulation.timeline import NEVER, Ints

DATASET: Final = "public_security.vehicles"
_PLATE_KINDS: Final = ("02", "52", "07", "08", "13", "14", "01", "15", "06", "51")
_KIND_WEIGHTS: Final = (0.60, 0.13, 0.15, 0.03, 0.03, 0.025, 0.02, 0.005, 0.002, 0.003)
_CLASSES: Final = ("K33", "K33", "M21", "M22", "N11", "T11", "H31", "B11", "K33", "H31")
_STATUSES: Final = ("A", "Q", "G", "GQ", "B", "E", "M", "MP", "C", "H", "AG")
_STATUS_WEIGHTS: Final = (0.80, 0.05, 0.03, 0.015, 0.03, 0.04, 0.012, 0.008, 0.002, 0.001, 0.012)
_MAKES: Final = ("五菱", "长安", "比亚迪", "吉利", "大众", "丰田", "哈弗", "奇瑞", "五羊", "时风")
_LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"
_USES: Final = ("A", "F", "N", "D", "G", "B")


@dataclass(frozen=True)
class _Fleet:
    person: Ints
    kind: Ints
    status: Ints
    registered: Ints
    status_day: Ints
    scrap_due: Ints


def vehicles_table(people: People, planted: list[Vehicle], as_of: date, seed: int) -> pa.Table:
    """The register as the newest extract shows it; a status is there from its date on."""
    extract = timeline.extract_date(DATASET, as_of)
    on_day = timeline.day(extract)
    fleet = _draw_fleet(people, seed)
    person = np.r_[fleet.person, facts.whole(planted, "person")]
    registered = np.r_[fleet.registered, facts.whole(planted, "registered")]
    rows = np.flatnonzero(registered <= on_day)
    turned = fleet.status_day <= on_day
    changed = np.r_[
        np.where(turned, fleet.status_day, fleet.registered), facts.whole(planted, "status_day")
    ]
    status = _with(coded(_STATUSES, np.where(turned, fleet.status, 0)), planted, "status")
    kinds = _with(coded(_PLATE_KINDS, fleet.kind), planted, "plate_kind")
    classes = _with(coded(_CLASSES, fleet.kind), planted, "vehicle_class")
    scrap = np.r_[fleet.scrap_due, facts.whole(planted, "scrap_due")]
    use = one_of(stream(seed, "vehicle use"), (0.93, 0.03, 0.02, 0.01, 0.005, 0.005), len(person))
    taken, owner = pa.array(rows), pa.array(person[rows])
    inspection = registered + 730 * (1 + np.maximum(on_day - registered, 0) // 730)
    return columns.table(
        DATASET,
        {
            "HPHM": _plates(np.arange(len(person))[rows]),
            "HPZL": kinds.take(taken),
            "CLLX": classes.take(taken),
            "CLPP": coded(_MAKES, (rows * 7 + person[rows]) % len(_MAKES)),
            "CLSBDH": joined("LSH99", digits(rows * 104_729 % 10**12, 12)),
            "SYR": people.name.take(owner),
            "SFZMHM": people.id_no.take(owner),
            "SYXZ": coded(_USES, use[rows]),
            "CCDJRQ": columns.dates(registered[rows]),
            "JYYXQZ": columns.dates(inspection[rows]),
            "QZBFQZ": columns.dates(scrap[rows]),
            "ZT": status.take(taken),
            "ZTRQ": columns.dates(changed[rows]),
            "_person": pa.array(people.true_person(person[rows])),
            "_delivered": columns.dates(np.full(len(rows), on_day)),
        },
    )


def _draw_fleet(people: People, seed: int) -> _Fleet:
    rng = stream(seed, "vehicles")
    age = people.age(timeline.day(date(2026, 6, 1)))
    drivers = np.flatnonzero((age >= 20) & (age < 78) & (people.prosperity > 0))
    outsiders = np.arange(people.residents, len(people.birth))
    count = int(len(drivers) * 0.30)
    strangers = rng.choice(outsiders, size=max(count // 60, 2))
    person = np.r_[rng.choice(drivers, size=count), strangers]
    rng.shuffle(person)
    count = len(person)
    kind = one_of(rng, _KIND_WEIGHTS, count)
    registered = rng.integers(13_500, timeline.day(timeline.LAST_AS_OF), count)
    life = np.where(np.isin(kind, (2, 3, 4, 5)), 4_748, 5_478)
    scrap = np.where(np.isin(kind, (0, 1)) & (rng.random(count) < 0.7), NEVER, registered + life)
    return _Fleet(
        person=person,
        kind=kind,
        status=one_of(rng, _STATUS_WEIGHTS, count),
        registered=registered,
        status_day=registered + rng.integers(30, 4_500, count),
        scrap_due=scrap,
    )


def _with(drawn: pa.Array, planted: list[Vehicle], name: str) -> pa.Array:
    return pa.concat_arrays([drawn, pa.array(facts.texts(planted, name), type=pa.string())])


def _plates(serial: Ints) -> pa.Array:
    """Plates of a province that does not exist (示), one a vehicle."""
    scrambled = serial * 7_368_787 % 34**5
    letters = np.frombuffer(_LETTERS.encode(), dtype=np.uint8)
    powers = 34 ** np.arange(4, -1, -1, dtype=np.int64)
    spelled = columns.fixed_text(letters[scrambled[:, None] // powers % 34])
    return joined("示", coded(["A", "B", "C"], serial // 34**5 % 3), spelled)
