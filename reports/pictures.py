"""Bars drawn as SVG: nothing to load, and the text stays text."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final
from unicodedata import east_asian_width

from markupsafe import escape

_ROW: Final = 24
_BARS: Final = 262
_LABEL: Final = 236  # wider where a label needs it
_COUNT: Final = 62
_WIDE_SIGN: Final = 12.5  # pixels a Chinese sign, and a Latin letter
_NARROW_SIGN: Final = 6.6


@dataclass(frozen=True, slots=True)
class Bar:
    """A labelled bar of parts; each part is (direction, count) and takes the direction's colour."""

    label: str
    parts: tuple[tuple[str, int], ...]

    @property
    def total(self) -> int:
        """The bar's whole length."""
        return sum(count for _, count in self.parts)


def bar_chart(bars: Sequence[Bar]) -> str:
    """Horizontal bars, longest scaled to the full width, each with its count; an SVG element."""
    longest = max((bar.total for bar in bars), default=0) or 1
    label = max((_label_width(bar.label) for bar in bars), default=0)
    start = max(_LABEL, label)
    rows = "".join(_row(bar, number, longest, start) for number, bar in enumerate(bars))
    height = max(len(bars), 1) * _ROW
    width = start + _BARS + _COUNT
    return (
        f'<svg viewBox="0 0 {width} {height}" width="100%" role="img"'
        f' xmlns="http://www.w3.org/2000/svg">{rows}</svg>'
    )


def _label_width(label: str) -> int:
    """The room a label needs, and some to the bars."""
    wide = sum(east_asian_width(sign) in "WF" for sign in label)
    return ceil(wide * _WIDE_SIGN + (len(label) - wide) * _NARROW_SIGN) + 16


def _row(bar: Bar, number: int, longest: int, start: int) -> str:
    top = number * _ROW
    left = float(start)
    drawn = []
    for direction, count in bar.parts:
        width = _BARS * count / longest
        drawn.append(
            f'<rect x="{left:.1f}" y="{top + 4}" width="{width:.1f}" height="16"'
            f' fill="var(--{direction})"/>'
        )
        left += width
    label = escape(bar.label)
    return (
        f'<text x="{start - 8}" y="{top + 16}" text-anchor="end">{label}</text>'
        f'{"".join(drawn)}<text x="{left + 6:.1f}" y="{top + 16}">{bar.total:,}</text>'
    )
