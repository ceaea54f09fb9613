"""The people of the district: who they are, and what the calendar holds for each of them."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa

from simulation import households, names
from simulation.chance import happens, one_of, stream
from simulation.identity_numbers import make_numbers
from simulation.names import NameParts
from simulation.places import Places
from simulation.timeline import NEVER, Bools, Floats, Ints

OUTSIDERS_SHARE: Final = 0.03
_FOREIGN_DIVISIONS: Final = (990_101, 990_103, 990_104, 990_201, 990_305, 991_122, 992_502)
_LIFE_BEGINS: Final = 19_358  # 2023-01-01: everybody drawn is alive on that day, or not born
_MIDDLE_OF_2026: Final = 20_635
_LAST_DAY: Final = 21_183  # 2027-12-31


@dataclass
class People:
    """Columns of one entry a person; the outsiders follow the ``residents`` of the district.

    Days are NEVER where a thing does not happen. Planting a case changes single entries.
    """

    residents: int
    structure: households.Structure
    sex: Ints
    birth: Ints
    names: NameParts
    former: NameParts
    """Former name (曾用名); the surname is -1 where there is none."""
    is_dotted: Bools
    household: Ints
    relation: pa.Array
    township: Ints
    village: Ints
    door: Ints
    death: Ints
    death_registered: Ints
    """When the register shows the death (RYZT 1)."""
    cremated: Ints
    is_death_stated: Bools
    """Whether the cremation states the date of death."""
    left: Ints
    """When moved out of the division (RYZT 2)."""
    emigrated: Ints
    enlisted: Ints
    discharged: Ints
    returned: Ints
    """When moved back, after ``left``: two rows then."""
    moved_within: Ints
    """When moved to another township: a moved-out row stays beside the present one."""
    is_doubled: Bools
    """Has a second row deleted as a duplicate (RYZT 5)."""
    prosperity: Floats
    """Multiplies the rates of cars, homes and earnings; 0 where only what is planted may stand."""
    id_no: pa.Array
    name: pa.Array
    former_name: pa.Array

    def age(self, on_day: int) -> Ints:
        """Whole years on a day, to within a day at birthdays."""
        return np.asarray((on_day - self.birth) // 365.2425, dtype=np.int64)

    def is_alive(self, on_day: int) -> Bools:
        """Born, not dead, and of the district."""
        own = np.arange(len(self.birth)) < self.residents
        return np.asarray(own & (self.birth <= on_day) & (self.death > on_day))

    def true_person(self, who: Ints) -> Ints:
        """The person, or -1 for nobody of the district."""
        return np.where(who < self.residents, who, -1)


def draw_people(residents: int, places: Places, seed: int) -> People:
    """Everybody of the district, born or still to be born by the end of 2027, and outsiders."""
    structure = households.draw_structure(residents, seed)
    own = len(structure.birth)
    outside = max(int(own * OUTSIDERS_SHARE), 60)
    rng = stream(seed, "people")
    sex = np.r_[structure.sex, one_of(rng, (1, 1), outside) + 1]
    birth = np.r_[structure.birth, rng.integers(-8_000, 11_500, outside)]
    one, namesake = _strangers(rng, structure, birth, sex)
    birth[namesake] = birth[one]
    parts, dotted = _draw_names(rng, structure, birth, sex)
    for column in (parts.surname, parts.first, parts.second, dotted):
        column[namesake] = column[one]
    former = _draw_former(rng, parts, birth, sex, dotted, own)
    division = _draw_division(rng, own, len(birth))
    home = np.r_[structure.household, np.zeros(outside, dtype=np.int64)]
    homes = len(structure.kind)
    township = _draw_township(rng, places, homes)
    village = rng.integers(0, places.villages[township])
    door = _doors(township, village)
    calendar = _draw_calendar(stream(seed, "calendar"), own, birth, sex)
    count = len(birth)
    return People(
        residents=own,
        structure=structure,
        sex=sex,
        birth=birth,
        names=parts,
        former=former,
        is_dotted=dotted,
        household=home,
        relation=_relations(structure, sex, own),
        township=township[home],
        village=village[home],
        door=door[home],
        **calendar,
        is_doubled=happens(rng, 0.0015, count),
        prosperity=np.where(np.arange(count) < own, 1.0, 0.0),
        id_no=make_numbers(division, birth, sex, seed),
        name=names.write(parts),
        former_name=_written_former(former),
    )


def _strangers(
    rng: np.random.Generator, structure: households.Structure, birth: Ints, sex: Ints
) -> tuple[Ints, Ints]:
    """Pairs of one sex who live alone, born close to each other: they become namesakes."""
    alone = np.flatnonzero(np.isin(structure.kind[structure.household], (0, 1)))
    order = alone[np.lexsort((birth[alone], sex[alone]))]
    same = np.flatnonzero(sex[order[1:]] == sex[order[:-1]])
    count = min(max(3, len(birth) // 15_000), len(same) // 4)
    chosen = np.sort(rng.choice(same, size=count, replace=False))
    chosen = chosen[np.diff(chosen, prepend=-2) > 1]
    return order[chosen], order[chosen + 1]


def _draw_names(
    rng: np.random.Generator, structure: households.Structure, birth: Ints, sex: Ints
) -> tuple[NameParts, Bools]:
    own, count = len(structure.birth), len(birth)
    year = birth.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    surname = names.draw_surnames(rng, count)
    surname[:own] = _family_surnames(rng, structure, surname[:own])
    first, second = names.draw_given(rng, year, sex)
    _share_generation(rng, structure, sex, first, second)
    home = np.r_[structure.household, len(structure.kind) + np.arange(count - own)]
    dotted = happens(rng, 0.04, len(structure.kind) + count - own)[home]
    dotted_first, dotted_second = names.draw_dotted(rng, sex)
    surname = np.where(dotted, names.NO_SURNAME, surname)
    parts = NameParts(
        surname, np.where(dotted, dotted_first, first), np.where(dotted, dotted_second, second)
    )
    return parts, dotted


def _family_surnames(
    rng: np.random.Generator, structure: households.Structure, surname: Ints
) -> Ints:
    """Children and the head's father carry the name of the father of the house."""
    homes, role = len(structure.kind), structure.role
    by_role = np.full((homes, 6), -1, dtype=np.int64)
    by_role[structure.household, role] = surname
    head_sex = structure.sex[role == households.HEAD]
    has_spouse = by_role[:, households.SPOUSE] >= 0
    father = np.where((head_sex == 2) & has_spouse, by_role[:, 1], by_role[:, 0])
    mother = np.where((head_sex == 2) | ~has_spouse, by_role[:, 0], by_role[:, 1])
    children = np.where(happens(rng, 0.96, homes), father, mother)
    for child in (households.CHILD_1, households.CHILD_2):
        by_role[:, child] = children
    by_role[:, households.FATHER] = by_role[:, households.HEAD]
    return np.asarray(by_role[structure.household, role])


def _share_generation(
    rng: np.random.Generator,
    structure: households.Structure,
    sex: Ints,
    first: Ints,
    second: Ints,
) -> None:
    """A younger sibling often shares the first character (张建国 / 张建军), a twin mostly."""
    younger = np.flatnonzero(structure.role == households.CHILD_2)
    elder = younger - 1
    long = (second[younger] != names.NO_SECOND) & (second[elder] != names.NO_SECOND)
    share = np.where(structure.is_twin[younger], 0.85, 0.3)
    follows = long & (rng.random(len(younger)) < share)
    differ = second[younger] != second[elder]
    chosen = younger[follows & differ & (sex[younger] > 0)]
    first[chosen] = first[chosen - 1]


def _draw_former(
    rng: np.random.Generator, parts: NameParts, birth: Ints, sex: Ints, dotted: Bools, own: int
) -> NameParts:
    """About two in a hundred once had another given name, a few another surname as well."""
    count = len(birth)
    year = birth.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    first, second = names.draw_given(rng, year, sex)
    other = names.draw_surnames(rng, count)
    has_one = happens(rng, 0.022, count) & ~dotted & (np.arange(count) < own)
    surname = np.where(happens(rng, 0.2, count), other, parts.surname)
    return NameParts(np.where(has_one, surname, -1), first, second)


def _written_former(former: NameParts) -> pa.Array:
    known = former.surname >= 0
    shown = NameParts(np.maximum(former.surname, 0), former.first, former.second)
    written = names.write(shown)
    rows = pa.array(np.arange(len(known)), mask=~known)
    return written.take(rows)


def _draw_division(rng: np.random.Generator, own: int, count: int) -> Ints:
    """Where they were born: nine in ten of the district in it, outsiders elsewhere."""
    elsewhere = np.array(_FOREIGN_DIVISIONS)[rng.integers(0, len(_FOREIGN_DIVISIONS), count)]
    native = happens(rng, 0.88, count) & (np.arange(count) < own)
    return np.where(native, 990_102, elsewhere)


def _draw_township(rng: np.random.Generator, places: Places, homes: int) -> Ints:
    weights = np.where(places.is_urban, 2.2, 1.0) * (0.6 + 0.8 * rng.random(places.count))
    return one_of(rng, [float(weight) for weight in weights], homes)


def _doors(township: Ints, village: Ints) -> Ints:
    """A door for each household, none twice in a village."""
    order = np.lexsort((village, township))
    key = township[order] * 100 + village[order]
    starts = np.flatnonzero(np.diff(key, prepend=-1))
    door = np.empty(len(order), dtype=np.int64)
    door[order] = np.arange(len(order)) - np.repeat(starts, np.diff(np.r_[starts, len(order)]))
    return door


def _relations(structure: households.Structure, sex: Ints, own: int) -> pa.Array:
    """Relation to the head of the register household."""
    child = np.where(sex[:own] == 1, 2, 3)
    grandchild = structure.kind[structure.household] == households.GRANDPARENT
    child = np.where(grandchild, 4, child)
    place = np.select(
        [structure.role == households.HEAD, structure.role == households.SPOUSE],
        [0, 1],
        default=np.where(structure.role >= households.FATHER, 5, child),
    )
    place = np.r_[place, np.zeros(len(sex) - own, dtype=np.int64)]
    return pa.array(["01", "10", "20", "30", "40", "50"]).take(pa.array(place))


def _draw_calendar(rng: np.random.Generator, own: int, birth: Ints, sex: Ints) -> dict[str, Any]:
    count = len(birth)
    district = np.arange(count) < own
    death = _draw_deaths(rng, birth, district)
    age = (_LAST_DAY - birth) / 365.25
    left = _some_day(rng, district & (age > 1), 0.014, day_range=(16_436, _LAST_DAY))
    enlisted = _some_day(
        rng, district & (sex == 1) & (age > 19) & (age < 24), 0.03, (20_300, 21_100)
    )
    back = (left < NEVER) & happens(rng, 0.08, count)
    return {
        "death": death,
        "death_registered": _later(rng, death, 0.92, 3, 60),
        "cremated": _later(rng, death, 0.86, 1, 5),
        "is_death_stated": happens(rng, 0.94, count),
        "left": left,
        "emigrated": _some_day(rng, district & (age > 20), 0.0012, (16_436, _LAST_DAY)),
        "enlisted": enlisted,
        "discharged": np.where(enlisted < NEVER, enlisted + 730, NEVER),
        "returned": np.where(back, left + rng.integers(200, 2_000, count), NEVER),
        "moved_within": _some_day(rng, district & (age > 20), 0.004, (18_000, _LAST_DAY)),
    }


def _draw_deaths(rng: np.random.Generator, birth: Ints, district: Bools) -> Ints:
    """Days of death from 2023 on, by a rate a year that doubles each eight years of age."""
    age = np.maximum((_MIDDLE_OF_2026 - birth) / 365.25, 0)
    rate = 0.0007 * np.exp(0.085 * np.maximum(age - 30, 0))
    wait = rng.exponential(1.0, len(birth)) / rate * 365.25
    death = np.maximum(_LIFE_BEGINS, birth) + np.minimum(wait, 1e6).astype(np.int64)
    return np.where((death <= _LAST_DAY) & district, death, NEVER)


def _some_day(
    rng: np.random.Generator, who: Bools, share: float, day_range: tuple[int, int]
) -> Ints:
    chosen = who & happens(rng, share, len(who))
    return np.where(chosen, rng.integers(*day_range, len(who)), NEVER)


def _later(rng: np.random.Generator, days: Ints, share: float, least: int, most: int) -> Ints:
    happened = (days < NEVER) & happens(rng, share, len(days))
    return np.where(
        happened, np.minimum(days, NEVER // 2) + rng.integers(least, most, len(days)), NEVER
    )
