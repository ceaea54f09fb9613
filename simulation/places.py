"""Townships, villages and addresses of the fictional district."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa

from simulation.chance import stream
from simulation.columns import coded, digits, joined
from simulation.timeline import Bools, Ints

DIVISION: Final = "990102"
_STREETS: Final = (
    "和平街道 新华街道 东关街道 西湖街道 文昌街道 北苑街道 光明街道 滨河街道".split()  # noqa: SIM905
)
_TOWNS: Final = (
    "青石镇 柳林镇 白沙镇 龙泉镇 双桥镇 大营镇 安乐镇 石门镇 清水乡 凤凰乡 马家乡 云岭乡".split()  # noqa: SIM905
)
_FIRST: Final = "东西南北上下大小新老前后"
_SECOND: Final = "庄河沟湾坪岭桥塘口台"


@dataclass(frozen=True)
class Places:
    """The townships of the district, streets (urban) first."""

    codes: tuple[str, ...]
    names: tuple[str, ...]
    is_urban: Bools
    villages: Ints
    """How many villages or communities each has."""

    @property
    def count(self) -> int:
        """How many townships there are."""
        return len(self.codes)


def draw_places(residents: int, seed: int) -> Places:
    """Eight to twenty townships, more for more people; two in five are streets."""
    count = int(np.clip(8 + residents // 40_000, 8, 20))
    streets = round(count * 0.4)
    names = (*_STREETS[:streets], *_TOWNS[: count - streets])
    numbers = [*range(1, streets + 1), *range(100, 100 + count - streets)]
    rng = stream(seed, "places")
    return Places(
        codes=tuple(f"{DIVISION}{number:03d}" for number in numbers),
        names=names,
        is_urban=np.arange(count) < streets,
        villages=rng.integers(6, 25, count).astype(np.int64),
    )


def township_codes(places: Places, township: Ints) -> pa.Array:
    """Nine digits."""
    return coded(list(places.codes), township)


def village_codes(places: Places, township: Ints, village: Ints) -> pa.Array:
    """Twelve digits."""
    number = np.where(places.is_urban[township], village + 1, village + 201)
    return joined(township_codes(places, township), digits(number, 3))


def addresses(places: Places, township: Ints, village: Ints, door: Ints) -> pa.Array:
    """Where a household lives: a flat in town, a numbered house in the country."""
    named = [first + second for first in _FIRST for second in _SECOND]
    spot = (township * 37 + village) % len(named)
    urban = places.is_urban[township]
    where = joined("示范区", coded(list(places.names), township), coded(named, spot))
    block, floor, flat = door % 40 + 1, door // 40 % 6 + 1, door // 240 % 4 + 1
    flats = joined(_plain(block), "栋", _plain(door // 960 % 3 + 1), "单元", _plain(floor), "0")
    in_town = joined("社区", flats, _plain(flat), "室")
    in_country = joined("村", _plain(door + 1), "号")
    tail = pa.array(urban).cast(pa.int32())
    both = pa.concat_arrays([in_country, in_town])
    rows = np.arange(len(urban)) + len(urban) * np.asarray(tail)
    return joined(where, both.take(pa.array(rows)))


def _plain(numbers: Ints) -> pa.Array:
    return pa.array(numbers).cast(pa.string())
