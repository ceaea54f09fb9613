"""The housing registers: real estate by unit and owner (不动产), and purchase contracts (网签)."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pyarrow as pa

from simulation import columns, facts, households, places, timeline
from simulation.chance import happens, one_of, stream
from simulation.columns import coded, digits, joined
from simulation.facts import Contract, Deed
from simulation.places import Places
from simulation.population import People
from simulation.timeline import NEVER, Bools, Floats, Ints

PROPERTIES: Final = "housing.properties"
PRESALES: Final = "housing.presales"
_USES: Final = ("11", "10", "20", "30", "40", "80", "90")
_TITLES: Final = ("1", "2", "0", "3")
_UNITS_PER_HOUSEHOLD: Final = 0.86
_LAST_DAY: Final = timeline.day(timeline.LAST_AS_OF)


@dataclass(frozen=True)
class _Deeds:
    """Columns of one entry an owner of a unit; ``share`` is NaN where blank."""

    unit: Ints
    person: Ints
    tenure: Ints
    share: Floats
    use: Ints
    area: Floats
    registered: Ints
    title: Ints
    status_day: Ints


def properties_table(
    people: People, where: Places, planted: list[Deed], as_of: date, seed: int
) -> pa.Table:
    """The register as the newest extract shows it; a title is void from its date on."""
    extract = timeline.extract_date(PROPERTIES, as_of)
    on_day = timeline.day(extract)
    drawn = _draw_deeds(people, seed)
    deeds = _joined_deeds(drawn, planted)
    rows = np.flatnonzero(deeds.registered <= on_day)
    unit, person = deeds.unit[rows], deeds.person[rows]
    turned = deeds.status_day[rows] <= on_day
    owner = pa.array(person)
    share = deeds.share[rows]
    township, village, door = _situated(people, where, unit, person, deeds.use[rows])
    return columns.table(
        PROPERTIES,
        {
            "不动产单元号": joined("990102001001GB00001F", digits(unit, 8)),
            "权利人": people.name.take(owner),
            "权利人证件号码": people.id_no.take(owner),
            "共有情况": coded(["0", "1", "2"], deeds.tenure[rows]),
            "份额": pa.array(share, mask=np.isnan(share)),
            "房屋用途": coded(_USES, deeds.use[rows]),
            "建筑面积": pa.array(np.round(deeds.area[rows], 2)),
            "坐落": places.addresses(where, township, village, door),
            "登记时间": columns.dates(deeds.registered[rows]),
            "权属状态": coded(_TITLES, np.where(turned, deeds.title[rows], 0)),
            "状态日期": columns.dates(
                np.where(turned, deeds.status_day[rows], deeds.registered[rows])
            ),
            "_person": pa.array(people.true_person(person)),
            "_delivered": columns.dates(np.full(len(rows), on_day)),
        },
    )


def _situated(
    people: People, where: Places, unit: Ints, person: Ints, use: Ints
) -> tuple[Ints, Ints, Ints]:
    """Where the units lie: of three dwellings two are the owner's registered address."""
    spot = (unit * 48_271) % 2_147_483_647
    is_home = np.isin(use, (0, 1, 6)) & (unit % 3 > 0) & (person < people.residents)
    township = np.where(is_home, people.township[person], spot % where.count)
    elsewhere = spot // 64 % where.villages[township]
    village = np.where(is_home, people.village[person], elsewhere)
    return township, village, np.where(is_home, people.door[person], spot // 4_096 % 900)


def _joined_deeds(drawn: _Deeds, planted: list[Deed]) -> _Deeds:
    last = int(drawn.unit.max(initial=0))
    whole = facts.whole
    return _Deeds(
        unit=np.r_[drawn.unit, last + whole(planted, "unit")],
        person=np.r_[drawn.person, whole(planted, "person")],
        tenure=np.r_[drawn.tenure, _places(planted, "tenure", ("0", "1", "2"))],
        share=np.r_[drawn.share, facts.real(planted, "share")],
        use=np.r_[drawn.use, _places(planted, "use", _USES)],
        area=np.r_[drawn.area, facts.real(planted, "area")],
        registered=np.r_[drawn.registered, whole(planted, "registered")],
        title=np.r_[drawn.title, _places(planted, "title", _TITLES)],
        status_day=np.r_[drawn.status_day, whole(planted, "status_day")],
    )


def _places(planted: list[Deed], name: str, codes: tuple[str, ...]) -> Ints:
    return np.array([codes.index(getattr(deed, name)) for deed in planted], dtype=np.int64)


def _draw_deeds(people: People, seed: int) -> _Deeds:
    rng = stream(seed, "properties")
    owners, spouses = _heads_and_spouses(people)
    count = int(len(owners) * _UNITS_PER_HOUSEHOLD)
    holder = rng.choice(len(owners), size=count)
    outsider = happens(rng, 0.02, count)
    head = owners[holder]
    strangers = rng.integers(people.residents, len(people.birth), count)
    head = np.where(outsider, strangers, head)
    spouse = np.where(outsider, -1, spouses[holder])
    tenure = np.where(spouse >= 0, one_of(rng, (0.35, 0.47, 0.18), count), 0)
    use = one_of(rng, (0.52, 0.13, 0.035, 0.007, 0.006, 0.10, 0.202), count)
    area = np.array([95.0, 85, 60, 90, 300, 14, 120])[use] * np.exp(rng.normal(0, 0.3, count))
    registered = rng.integers(12_000, _LAST_DAY, count)
    title = one_of(rng, (0.87, 0.01, 0.10, 0.02), count)
    status_day = registered + rng.integers(200, 5_000, count)
    share = np.where(tenure == 2, rng.choice([0.5, 0.5, 0.3, 0.7], size=count), np.nan)
    share[(tenure == 2) & happens(rng, 0.15, count)] = np.nan
    both = np.flatnonzero(tenure > 0)
    unit = np.arange(1, count + 1)
    again = np.r_[np.arange(count), both]
    return _Deeds(
        unit=unit[again],
        person=np.r_[head, spouse[both]],
        tenure=tenure[again],
        share=np.r_[share, np.round(1 - share[both], 2)],
        use=use[again],
        area=area[again],
        registered=registered[again],
        title=title[again],
        status_day=status_day[again],
    )


def _heads_and_spouses(people: People) -> tuple[Ints, Ints]:
    """Heads that may own something, and beside each the spouse or -1."""
    role = people.structure.role
    heads = np.flatnonzero(role == households.HEAD)
    following = np.minimum(heads + 1, len(role) - 1)
    married = (role[following] == households.SPOUSE) & (following != heads)
    may_own = (people.prosperity[heads] > 0) & (people.birth[heads] < 14_000)
    return heads[may_own], np.where(married, following, -1)[may_own]


def presales_table(
    people: People, where: Places, planted: list[Contract], as_of: date, seed: int
) -> pa.Table:
    """Contracts of the last thirty months, each as its last delivery by ``as_of`` shows it."""
    rng = stream(seed, "presales")
    heads, _ = _heads_and_spouses(people)
    count = len(heads) // 10
    person = np.r_[rng.choice(heads, size=count), facts.whole(planted, "person")]
    signed = np.r_[
        rng.integers(timeline.day(date(2023, 6, 1)), _LAST_DAY, count),
        facts.whole(planted, "signed"),
    ]
    use = np.r_[
        one_of(rng, (0.86, 0, 0.04, 0.01, 0, 0.09, 0), count),
        [_USES.index(contract.use) for contract in planted],
    ].astype(np.int64)
    area = np.r_[rng.normal(100, 22, count).clip(12, 240), facts.real(planted, "area")]
    price = area * rng.normal(8_200, 1_500, len(area)).clip(4_000, 20_000) // 1_000 * 1_000
    cancelled = np.where(happens(rng, 0.05, count), signed[:count] + 60, NEVER)
    cancelled = np.r_[cancelled, facts.whole(planted, "cancelled")]
    return _written_contracts(people, where, person, signed, use, area, price, cancelled, as_of)


def _written_contracts(
    people: People,
    where: Places,
    person: Ints,
    signed: Ints,
    use: Ints,
    area: Floats,
    price: Floats,
    cancelled: Ints,
    as_of: date,
) -> pa.Table:
    on_day = timeline.day(as_of)
    first = timeline.days_of_months(
        np.array([timeline.month(as_of) - timeline.MONTHS_OF_CONTRACTS], dtype=np.int64)
    )[0]
    rows = np.flatnonzero((signed <= on_day) & (signed >= first))
    is_off: Bools = cancelled[rows] <= on_day
    township = rows % where.count
    owner = pa.array(person[rows])
    told = np.where(is_off, cancelled[rows], signed[rows])
    return columns.table(
        PRESALES,
        {
            "合同编号": joined("SFW", digits(rows + 1, 9)),
            "买受人": people.name.take(owner),
            "买受人证件号码": people.id_no.take(owner),
            "房屋坐落": places.addresses(where, township, rows % 6, rows * 37 % 900),
            "房屋用途": coded(_USES, use[rows]),
            "建筑面积": pa.array(np.round(area[rows], 2)),
            "合同总价": columns.yuan(price[rows]),
            "签约日期": columns.dates(signed[rows]),
            "合同状态": coded(["1", "2"], is_off.astype(np.int64)),
            "_person": pa.array(people.true_person(person[rows])),
            "_delivered": columns.dates(timeline.evening_of(told, as_of)),
        },
    )
