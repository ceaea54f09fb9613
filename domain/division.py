"""Division codes (行政区划代码) compared by level, never by loose prefix."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final, Self


class Level(IntEnum):
    """The levels of GB/T 2260 and GB/T 10114; the value is the number of digits that say it."""

    PROVINCE = 2
    CITY = 4
    DISTRICT = 6
    TOWNSHIP = 9
    VILLAGE = 12


_LENGTHS: Final = frozenset({Level.DISTRICT, Level.TOWNSHIP, Level.VILLAGE})


@dataclass(frozen=True, slots=True, order=True)
class Division:
    """One division: ``digits`` are those of its own level (990102 is a district, 9901 a city)."""

    digits: str

    @classmethod
    def parse(cls, code: str) -> Self | None:
        """The division a code of 6, 9 or 12 digits names; None for anything else.

        Zeros that fill a code up to a fixed length belong to no level: 990100 is the city 9901,
        990102000 the district 990102.
        """
        code = code.strip()
        if len(code) not in _LENGTHS or not (code.isascii() and code.isdigit()):
            return None
        for level in sorted(Level, reverse=True):
            if len(code) >= level and code[_above(level) : level].strip("0"):
                return cls(code[:level])
        return None

    @property
    def level(self) -> Level:
        """How far down it lies."""
        return Level(len(self.digits))

    def covers(self, other: "Division") -> bool:
        """Whether ``other`` is this division or lies in it."""
        return other.digits[: len(self.digits)] == self.digits and other.level >= self.level

    def at(self, level: Level) -> "Division | None":
        """The division of that level it lies in (itself at its own); None below its own level."""
        return Division(self.digits[:level]) if self.level >= level else None


def is_within(code: str | None, division: str) -> bool:
    """Whether a delivered code lies in a division; a code that cannot be read lies nowhere."""
    inner, outer = Division.parse(code or ""), Division.parse(division)
    return bool(inner and outer and outer.covers(inner))


def _above(level: Level) -> int:
    """The digits of the level above."""
    return max((other for other in Level if other < level), default=0)
