"""The quality page and the monthly scorecard as self-contained HTML; both work offline."""

from datetime import date
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from domain.dates import add_months
from domain.wording import labelled, language, text
from reports.delivery_tables import total
from reports.names import agencies, title_of
from reports.quality_facts import dataset_qualities
from reports.scorecard import Score, Scorecard
from reports.whole_file import whole_file
from rules.sentences import source_name
from sources.survey import Survey
from sources.verdict import Counts

_TEMPLATES: Final = Path(__file__).parent / "templates"
_REASONS_SHOWN: Final = 5
_MEASURES: Final = {
    "on_time_share": "on_time",
    "covered_share": "days_covered",
    "set_aside_share": "set_aside_share",
    "unusable_share": "unusable_share",
}


def render_quality(found: Survey) -> str:
    """For the departments: where every row went, and what was wrong with which delivery."""
    return _render(
        "quality.html.j2",
        found=found,
        qualities=list(dataset_qualities(found)),
        agencies=agencies(found.dictionary),
        total=total,
        balance=_balance,
        balanced=_balanced,
    )


def render_scorecard(card: Scorecard) -> str:
    """The month of every department and dataset, with the trend."""
    earlier = add_months(card.month, -1)

    def before(agency: str = "", dataset: str = "") -> Score:
        has_earlier = earlier in card.months
        return card.score(earlier, agency, dataset) if has_earlier else Score()

    return _render(
        "scorecard.html.j2",
        card=card,
        agencies=agencies(card.contracts),
        full_name=lambda dataset: source_name(dataset, language()),
        before=before,
        arrow=_arrow,
        reasons=_reasons,
        measures=_MEASURES,
        measure=getattr,
    )


def quality_path(folder: Path, as_of: date) -> Path:
    """Where the quality page of a date lies among its reports."""
    return folder / f"quality-{as_of}.html"


def write_text(page: str, path: Path) -> None:
    """Write a page, whole or not at all, and its folder. HeduiError ``file_not_written``."""
    with whole_file(path, with_folder=True) as stream:
        stream.write(page.encode())


def _render(template: str, **values: Any) -> str:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined
    )
    return environment.get_template(template).render(
        lang=language(),
        t=text,
        labelled=labelled,
        title_of=title_of,
        c=lambda name: text(f"deliveries.column.{name}"),
        n=lambda number: f"{number:,}",
        share=lambda value: "" if value is None else f"{value:.1%}",
        **values,
    )


def _balance(counts: Counts) -> str:
    return text(
        "deliveries.list.balance",
        delivered=counts.delivered,
        accepted=counts.accepted,
        set_aside=counts.set_aside,
        repeated=counts.repeated,
    )


def _balanced(counts: Counts) -> str:
    """Said only where it is so; intake raises where it is not."""
    return text("deliveries.quality.balanced") if counts.is_balanced else ""


def _arrow(now: float | None, before: float | None, is_good_to_rise: bool) -> Markup:
    """How it changed since the month before, green for the better; nothing where nothing did."""
    if now is None or before is None or now == before:
        return Markup()
    is_better = (now > before) == is_good_to_rise
    sign = "▲" if now > before else "▼"
    return Markup('<span class="{}">{}</span>').format("up" if is_better else "down", sign)


def _reasons(score: Score) -> list[tuple[str, int]]:
    most = sorted(score.set_aside_by_reason.items(), key=lambda each: (-each[1], each[0]))
    return [(text(f"deliveries.row.{reason}"), rows) for reason, rows in most[:_REASONS_SHOWN]]
