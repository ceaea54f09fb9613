"""`hedui deliveries feedback|quality|scorecard`: what departments are told of what they sent."""

import sys
import tempfile
from collections.abc import Callable
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import pyarrow as pa
import typer

from domain.dates import first_of_month
from domain.identity import read_identity_number
from domain.wording import text
from reports.delivery_pages import quality_path, render_quality, render_scorecard, write_text
from reports.export import write_table
from reports.feedback import make_feedback, write_feedback
from reports.scorecard import make_scorecard, scorecard_table
from rules.interface import place_of_named
from service.commands.options import as_of_option, workspace_option
from service.commands.unmasking import note_export
from service.look_book import Subject
from service.subjects import named_at
from sources.contract import Contract
from sources.feedback import told_rows
from sources.survey import Survey, find_delivery, survey
from store.deliveries import DeliveryStore
from store.engines.duckdb import DuckDBEngine
from store.ledger import Ledger
from store.releases import releases
from store.workspace import Workspace, open_workspace


class FeedbackForm(StrEnum):
    """What feedback is written as."""

    CSV = "csv"
    XLSX = "xlsx"


class CardForm(StrEnum):
    """What the scorecard is written as."""

    HTML = "html"
    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"


def feedback_command() -> Callable[..., None]:
    """`hedui deliveries feedback`."""

    def feedback(
        delivery: Annotated[str, typer.Argument(metavar="ID", help=text("deliveries.cli.id"))],
        workspace: Annotated[Path, workspace_option()],
        form: Annotated[
            FeedbackForm, typer.Option("--format", help=text("deliveries.cli.form"))
        ] = FeedbackForm.CSV,
        output: Annotated[Path | None, _output("deliveries.cli.output")] = None,
    ) -> None:
        if form is FeedbackForm.XLSX and output is None:
            raise typer.BadParameter(text("deliveries.cli.output_missing"), param_hint="-o")
        place, found = _surveyed(workspace, None)
        one = find_delivery(found.deliveries, delivery)
        contract = found.dictionary[one.dataset]
        with (
            tempfile.TemporaryDirectory(dir=place.tmp) as work,
            DuckDBEngine(spill_to=Path(work) / "spill") as engine,
        ):
            store = DeliveryStore(place.path)
            rows = told_rows(engine, contract, one, store)
        made = make_feedback(contract, one, rows)
        with Ledger.open(place) as ledger:
            people = _named(contract, one.business_date, rows)
            note_export(ledger, "feedback", people=people, target=one.delivery_id)
        written = write_feedback(made, form.value, output)
        if written is not None:
            sys.stdout.buffer.write(written)
            sys.stdout.buffer.flush()
        else:
            said = text("deliveries.feedback.written", rows=len(made.lines), path=output)
            typer.echo(said)

    return feedback


def _named(contract: Contract, day: date, rows: pa.Table | None) -> list[Subject]:
    """Whom the rows that are told name: by a valid number, else by the row."""
    persons = [
        (one.role, contract.by_name(one.id_no).header, contract.by_name(one.name).header)
        for one in contract.persons
    ]
    return [
        named_at(
            read_identity_number(row[number], day).number,
            row[name],
            place_of_named(contract.dataset, day, row["file_name"], row["row_no"], role),
        )
        for row in (rows.to_pylist() if rows is not None else ())
        for role, number, name in persons
    ]


def quality_command() -> Callable[..., None]:
    """`hedui deliveries quality`."""

    def quality(
        workspace: Annotated[Path, workspace_option()],
        as_of: Annotated[date | None, as_of_option("deliveries.cli.as_of")] = None,
        output: Annotated[Path | None, _output("deliveries.cli.output_page")] = None,
    ) -> None:
        place, found = _surveyed(workspace, as_of)
        path = output or quality_path(place.reports / found.as_of.isoformat(), found.as_of)
        write_text(render_quality(found), path)
        typer.echo(text("deliveries.quality.written", path=path))

    return quality


def scorecard_command() -> Callable[..., None]:
    """`hedui deliveries scorecard`."""

    def scorecard(
        workspace: Annotated[Path, workspace_option()],
        month: Annotated[
            date | None,
            typer.Option(parser=_month, metavar="YYYY-MM", help=text("deliveries.cli.month")),
        ] = None,
        months: Annotated[int, typer.Option(min=1, max=36, help=text("deliveries.cli.months"))] = 6,
        as_of: Annotated[date | None, as_of_option("deliveries.cli.as_of")] = None,
        form: Annotated[
            CardForm, typer.Option("--format", help=text("deliveries.cli.html_form"))
        ] = CardForm.HTML,
        output: Annotated[Path | None, _output("deliveries.cli.output_page")] = None,
    ) -> None:
        if form is CardForm.PARQUET and output is None:
            raise typer.BadParameter(text("cli.output_missing"), param_hint="-o")
        place, found = _surveyed(workspace, as_of)
        card = make_scorecard(found, month or first_of_month(found.as_of), months)
        if form is not CardForm.HTML:
            write_table(scorecard_table(card), form.value, output)
            return
        path = output or place.reports / f"scorecard-{card.month:%Y-%m}.html"
        write_text(render_scorecard(card), path)
        typer.echo(text("deliveries.scorecard.written", path=path))

    return scorecard


def _surveyed(workspace: Path, as_of: date | None) -> tuple[Workspace, Survey]:
    place = open_workspace(workspace, create=False)
    with Ledger.open(place) as ledger:
        return place, survey(place.path, releases(ledger), as_of)


def _output(help_key: str) -> object:
    return typer.Option("-o", "--output", metavar="FILE", help=text(help_key))


def _month(value: str) -> date:
    try:
        return date.fromisoformat(f"{value}-01")
    except ValueError:
        raise typer.BadParameter(text("deliveries.cli.month_bad", value=value)) from None
