"""What speaks for and against a link, as a waterfall of match weights: an SVG of its own."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from markupsafe import escape

from domain.wording import text
from reports.whole_file import whole_file

_ROW: Final = 28
_LABEL: Final = 170
_BARS: Final = 420
_WIDTH: Final = 700
_FOR, _AGAINST, _SUM = "#2f7d5b", "#b4503c", "#33485e"


def waterfall(title: str, start: float, weights: Mapping[str, float]) -> str:
    """A standing SVG picture: from the prior (bits) by each comparison's weight to the sum.

    ``start`` is the log2 odds that a record speaks of just this person before anything is
    compared; ``weights`` are bits by comparison, in the order they are to be drawn.
    """
    steps = [(text("links.picture.prior"), 0.0, start)]
    level = start
    for comparison, weight in weights.items():
        steps.append((text(f"links.picture.{comparison}"), level, level + weight))
        level += weight
    ends = [end for _, begin, end in steps for end in (begin, end)]
    low, high = min(0.0, *ends), max(0.0, *ends)
    scale = _BARS / ((high - low) or 1)
    rows = [
        _row(number, label, begin, end, low, scale, _FOR if end >= begin else _AGAINST)
        for number, (label, begin, end) in enumerate(steps, 1)
    ]
    rows.append(_row(len(steps) + 1, text("links.picture.sum"), 0.0, level, low, scale, _SUM))
    height = (len(steps) + 3) * _ROW
    zero = _LABEL - low * scale
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img"'
        f' font-family="Noto Sans CJK SC, Microsoft YaHei, SimSun, sans-serif" font-size="13">'
        f'<rect width="100%" height="100%" fill="#ffffff"/>'
        f'<text x="12" y="19" font-size="15" font-weight="bold">{escape(title)}</text>'
        f'<line x1="{zero:.1f}" y1="{_ROW}" x2="{zero:.1f}" y2="{height - _ROW}"'
        f' stroke="#9aa5b1" stroke-dasharray="3 3"/>{"".join(rows)}'
        f'<text x="12" y="{height - 10}" fill="#5b6773" font-size="12">'
        f"{escape(text('links.picture.note'))}</text></svg>"
    )


def write_waterfall(picture: str, path: Path) -> None:
    """Write the picture at ``path``, whole or not at all. HeduiError ``file_not_written``."""
    with whole_file(path) as stream:
        stream.write(picture.encode())


def _row(
    number: int, label: str, begin: float, end: float, low: float, scale: float, colour: str
) -> str:
    top = number * _ROW
    left = _LABEL + (min(begin, end) - low) * scale
    width = max(abs(end - begin) * scale, 1.5)
    right = max(left + width, _LABEL - low * scale)
    return (
        f'<text x="{_LABEL - 10}" y="{top + 18}" text-anchor="end">{escape(label)}</text>'
        f'<rect x="{left:.1f}" y="{top + 5}" width="{width:.1f}" height="18" fill="{colour}"/>'
        f'<text x="{right + 6:.1f}" y="{top + 18}">{end - begin:+.1f}</text>'
    )
