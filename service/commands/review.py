"""`hedui review`: pairs for people to compare, and what they said of them."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import pyarrow as pa
import typer

from domain.errors import HeduiError
from domain.masking import mask_numbers_in
from domain.wording import text
from matchers.clerical import clerical_pairs, clerical_records, clerical_sheet
from reports.names import title_of
from reports.review_sheet import read_review, review_table, write_review
from reports.tables import Showing
from service.commands.options import (
    check_reason,
    reason_option,
    unmasked_option,
    workspace_option,
)
from service.commands.unmasking import note_export
from service.look_book import Subject
from service.subjects import named_by_records, subjects_at
from sources.contract import load_dictionary
from store.engines.engine import Engine
from store.ledger import Ledger
from store.link_decisions import LinkDecision, note_decisions
from store.snapshot import open_snapshot
from store.workspace import open_workspace


def review_app() -> typer.Typer:
    """`hedui review export` and `hedui review import`."""
    app = typer.Typer(help=text("links.cli.review"), no_args_is_help=True, rich_markup_mode=None)
    app.command("export", help=text("links.cli.review_export"))(_export())
    app.command("import", help=text("links.cli.review_import"))(_import())
    return app


def _export() -> Callable[..., None]:
    def export(
        workspace: Annotated[Path, workspace_option()],
        output: Annotated[
            Path,
            typer.Option("-o", "--output", metavar="FILE", help=text("links.cli.review_output")),
        ],
        limit: Annotated[int, typer.Option(min=1, help=text("links.cli.review_limit"))] = 200,
        unmasked: Annotated[bool, unmasked_option()] = False,
        reason: Annotated[str | None, reason_option()] = None,
    ) -> None:
        check_reason(unmasked, reason)
        opened = open_workspace(workspace, create=False)
        with Ledger.open(opened) as ledger:
            with open_snapshot(opened, ledger) as engine:
                sheet = clerical_sheet(engine, limit)
                people = _shown(engine, sheet)
            note_export(ledger, "review", unmasked, reason, people)
        if not sheet.num_rows:
            typer.echo(text("links.cli.review_none"))
            return
        names = {contract.dataset: title_of(contract) for contract in load_dictionary()}
        write_review(review_table(sheet, Showing(unmasked), names), output)
        typer.echo(text("links.cli.review_exported", count=sheet.num_rows, path=output))

    return export


def _shown(engine: Engine, sheet: pa.Table) -> list[Subject]:
    """The subjects of the pairs, and whom the records beside them name."""
    records = clerical_records(engine, sheet.column("pair_id").to_pylist())
    return [
        *subjects_at(engine, sheet.column("subject").to_pylist()),
        *named_by_records(engine, records),
    ]


def _import() -> Callable[..., None]:
    def import_(
        file: Annotated[Path, typer.Argument(metavar="FILE", help=text("links.cli.review_file"))],
        workspace: Annotated[Path, workspace_option()],
        by: Annotated[str, typer.Option("--by", metavar="NAME", help=text("links.cli.review_by"))],
    ) -> None:
        if not by.strip():
            raise typer.BadParameter(text("links.cli.review_by"), param_hint="--by")
        filled = read_review(file)
        opened = open_workspace(workspace, create=False)
        with Ledger.open(opened) as ledger:
            with open_snapshot(opened, ledger) as engine:
                pairs = clerical_pairs(engine)
            for row in filled:
                if row.pair_id not in pairs:
                    raise HeduiError(
                        "review_pair_unknown", file=file, row=row.row, pair=row.pair_id
                    )
            at = datetime.now(UTC)
            note_decisions(
                ledger,
                [
                    LinkDecision(
                        pairs[row.pair_id], row.verdict, by.strip(), mask_numbers_in(row.reason), at
                    )
                    for row in filled
                ],
            )
        typer.echo(text("links.cli.review_imported", count=len(filled)))

    return import_
