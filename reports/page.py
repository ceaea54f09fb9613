"""The same report as one self-contained HTML page, with two pictures."""

from decimal import Decimal
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from domain.wording import labelled, language, noted, text
from reports.coverage import cell_text
from reports.pictures import Bar, bar_chart
from reports.run_report import DIRECTIONS, RunReport
from reports.whole_file import whole_file

LINES_ON_THE_PAGE: Final = 3000  # a direction; a browser stays quick, the workbook has them all
_TEMPLATES: Final = Path(__file__).parent / "templates"


def write_page(report: RunReport, path: Path) -> None:
    """Write the report as an HTML page at ``path``; the same report gives the same bytes.

    Raises HeduiError ``file_not_written``.
    """
    with whole_file(path) as stream:
        stream.write(render_page(report).encode())


def render_page(report: RunReport) -> str:
    """The page as text. Whatever stands in the data is escaped."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=False,
    )
    template = environment.get_template("report.html.j2")
    return template.render(
        report=report,
        lang=language(),
        t=text,
        noted=noted,
        labelled=labelled,
        c=lambda key: text(f"reports.column.{key}"),
        directions=DIRECTIONS,
        cell=cell_text,
        titles={rule.rule: rule.title for rule in report.rules},
        source_titles={source.dataset: source.title for source in report.sources},
        limit=LINES_ON_THE_PAGE,
        glance=[(word, _number(value)) for word, value in report.glance()],
        rule_bars=Markup(bar_chart(_rule_bars(report))),  # noqa: S704 - made by us, values escaped
        township_bars=Markup(bar_chart(_township_bars(report))),  # noqa: S704 - likewise
    )


def _number(value: int | Decimal) -> str:
    return f"{value:,.2f}" if isinstance(value, Decimal) else f"{value:,}"


def _rule_bars(report: RunReport) -> list[Bar]:
    bars = [Bar(rule.title, ((rule.direction, rule.findings),)) for rule in report.rules]
    return sorted((bar for bar in bars if bar.total), key=lambda bar: (-bar.total, bar.label))


def _township_bars(report: RunReport) -> list[Bar]:
    return [
        Bar(code, tuple((direction, counts.get(direction, 0)) for direction in DIRECTIONS))
        for code, counts in report.townships.items()
    ]
