"""`hedui findings`, `links`, `answers`: what a night found, for people's and others' programs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from casework.findings import current_findings
from domain.errors import HeduiError
from domain.wording import text
from reports.export import write_table
from reports.tables import Showing, answers_table, findings_table, links_table
from rules.rule import load_catalogue
from service.commands.options import (
    Form,
    as_of_option,
    check_output,
    check_reason,
    format_option,
    output_option,
    reason_option,
    unmasked_option,
    workspace_option,
)
from service.commands.unmasking import note_export
from service.subjects import all_subjects, named_by_evidence, subjects_of_findings
from sources.contract import load_dictionary
from store.ledger import Ledger
from store.runs import newest_run
from store.snapshot import open_snapshot
from store.workspace import open_workspace


def findings_command() -> Callable[..., None]:
    """`hedui findings`, its options worded in the language in use."""

    def findings(
        workspace: Annotated[Path, workspace_option()],
        form: Annotated[Form, format_option()] = Form.CSV,
        as_of: Annotated[date | None, as_of_option("cli.findings.as_of")] = None,
        closed: Annotated[bool, typer.Option("--closed", help=text("cli.findings.closed"))] = False,
        unmasked: Annotated[bool, unmasked_option()] = False,
        reason: Annotated[str | None, reason_option()] = None,
        output: Annotated[Path | None, output_option()] = None,
    ) -> None:
        check_output(form, output)
        check_reason(unmasked, reason)
        with _ledger(workspace) as ledger:
            day = _date_of(ledger, workspace, as_of)
            found = current_findings(ledger, day, include_closed=closed)
            with open_snapshot(open_workspace(workspace, create=False), ledger, day) as engine:
                people = subjects_of_findings(engine, found)
            people += [one for view in found for one in named_by_evidence(view.evidence)]
            note_export(ledger, "findings", unmasked, reason, people)
            table = findings_table(found, load_catalogue(), day, Showing(unmasked))
        write_table(table, form, output)

    return findings


def links_command() -> Callable[..., None]:
    """`hedui links`, its options worded in the language in use."""

    def links(
        workspace: Annotated[Path, workspace_option()],
        form: Annotated[Form, format_option()] = Form.CSV,
        as_of: Annotated[date | None, as_of_option("cli.findings.as_of")] = None,
        unmasked: Annotated[bool, unmasked_option()] = False,
        reason: Annotated[str | None, reason_option()] = None,
        output: Annotated[Path | None, output_option()] = None,
    ) -> None:
        check_output(form, output)
        check_reason(unmasked, reason)
        with _ledger(workspace) as ledger:
            opened = open_workspace(workspace, create=False)
            with open_snapshot(opened, ledger, as_of) as engine:
                note_export(ledger, "links", unmasked, reason, all_subjects(engine))
                table = links_table(engine, load_dictionary(), Showing(unmasked))
        write_table(table, form, output)

    return links


def answers_command() -> Callable[..., None]:
    """`hedui answers`, its options worded in the language in use."""

    def answers(
        workspace: Annotated[Path, workspace_option()],
        form: Annotated[Form, format_option()] = Form.CSV,
        as_of: Annotated[date | None, as_of_option("cli.findings.as_of")] = None,
        output: Annotated[Path | None, output_option()] = None,
    ) -> None:
        check_output(form, output)
        with _ledger(workspace) as ledger:
            opened = open_workspace(workspace, create=False)
            with open_snapshot(opened, ledger, as_of) as engine:
                note_export(ledger, "answers", people=all_subjects(engine))
                table = answers_table(engine)
        write_table(table, form, output)

    return answers


@contextmanager
def _ledger(workspace: Path) -> Iterator[Ledger]:
    with Ledger.open(open_workspace(workspace, create=False)) as ledger:
        yield ledger


def _date_of(ledger: Ledger, workspace: Path, as_of: date | None) -> date:
    """The newest published date up to the one asked for."""
    run = newest_run(ledger, as_of)
    if run is None:
        raise HeduiError("snapshot_none", workspace=workspace, as_of=as_of or "-")
    return run.as_of
