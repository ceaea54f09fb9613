"""Bars drawn as SVG: nothing to load, and the text stays text."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import escape

_ROW: Final = 24
_LABEL: Final = 236
_BARS: Final = 262
_WIDTH: Final = 560


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
    rows = "".join(_row(bar, number, longest) for number, bar in enumerate(bars))
    height = max(len(bars), 1) * _ROW
    return (
        f'<svg viewBox="0 0 {_WIDTH} {height}" width="100%" role="img"'
        f' xmlns="http://www.w3.org/2000/svg">{rows}</svg>'
    )


def _row(bar: Bar, number: int, longest: int) -> str:
    top = number * _ROW
    left = float(_LABEL)
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
        f'<text x="{_LABEL - 8}" y="{top + 16}" text-anchor="end">{label}</text>'
        f'{"".join(drawn)}<text x="{left + 6:.1f}" y="{top + 16}">{bar.total:,}</text>'
    )
