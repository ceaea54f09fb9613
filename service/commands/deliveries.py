"""`hedui deliveries`: what is in force, held, refused, missing or stale, and who releases it."""

import getpass
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.table import Table

from domain.masking import mask_numbers_in
from domain.wording import joined, language, noted, text
from reports.delivery_tables import deliveries_table, total, worth_showing
from reports.export import write_table
from reports.names import agency_name, title_of
from reports.quality_facts import CheckLine, RowLine, check_lines, row_lines
from rules.sentences import source_name
from service.commands.delivery_reports import feedback_command, quality_command, scorecard_command
from service.commands.options import as_of_option, output_option, workspace_option
from sources.connectors.failure import Unfetched, kept_unfetched
from sources.release import check_signature, signatures, signatures_needed, with_releases
from sources.survey import Survey, find_delivery, survey
from sources.verdict import REMARKS, DeliveryState, JudgedDelivery, Reason
from store.access_log import Look, note_look
from store.ledger import Ledger
from store.releases import Release, note_release, releases
from store.workspace import Workspace, open_workspace

_LIST_WIDTH: Final = 116


class ListForm(StrEnum):
    """What the list is written as."""

    TEXT = "text"
    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"


def deliveries_app() -> typer.Typer:
    """`hedui deliveries list|show|release|feedback|quality|scorecard`."""
    app = typer.Typer(help=text("deliveries.cli.help"), no_args_is_help=True, rich_markup_mode=None)
    for name, command in {
        "list": _list(),
        "show": _show(),
        "release": _release(),
        "feedback": feedback_command(),
        "quality": quality_command(),
        "scorecard": scorecard_command(),
    }.items():
        app.command(name, help=text(f"deliveries.cli.{name}"))(command)
    return app


def _list() -> Callable[..., None]:
    def show_list(
        workspace: Annotated[Path, workspace_option()],
        as_of: Annotated[date | None, as_of_option("deliveries.cli.as_of")] = None,
        every: Annotated[bool, typer.Option("--all", help=text("deliveries.cli.all"))] = False,
        form: Annotated[
            ListForm, typer.Option("--format", help=text("deliveries.cli.list_form"))
        ] = ListForm.TEXT,
        output: Annotated[Path | None, output_option()] = None,
    ) -> None:
        if form is ListForm.PARQUET and output is None:
            raise typer.BadParameter(text("cli.output_missing"), param_hint="-o")
        with _opened(workspace) as (place, ledger):
            found = survey(place.path, releases(ledger), as_of)
        if form is not ListForm.TEXT:
            write_table(deliveries_table(found, found.deliveries), form.value, output)
            return
        shown = list(found.deliveries) if every else worth_showing(found)
        # An id is copied from here, so it is never broken over two lines.
        console = _console(width=max(_LIST_WIDTH, Console().width))
        _print_states(console, found)
        _print_unfetched(console, kept_unfetched(place.unfetched_file))
        _print_deliveries(console, found, shown)

    return show_list


def _show() -> Callable[..., None]:
    def show(
        delivery: Annotated[str, typer.Argument(metavar="ID", help=text("deliveries.cli.id"))],
        workspace: Annotated[Path, workspace_option()],
    ) -> None:
        with _opened(workspace) as (place, ledger):
            given = releases(ledger)
            found = survey(place.path, given)
        one = find_delivery(found.deliveries, delivery)
        console = _console(soft_wrap=True)
        _print_head(console, one)
        _print_reasons(console, one)
        contract = found.dictionary[one.dataset]
        _print_rows(console, row_lines(contract, one))
        _print_checks(console, check_lines(one))
        if one.state in (DeliveryState.HELD, DeliveryState.RELEASED):
            _print_signatures(console, one, signatures(one, given), workspace)

    return show


def _release() -> Callable[..., None]:
    def release(
        delivery: Annotated[str, typer.Argument(metavar="ID", help=text("deliveries.cli.id"))],
        by: Annotated[str, typer.Option(metavar="NAME", help=text("deliveries.cli.by"))],
        reason: Annotated[
            str, typer.Option(metavar="TEXT", help=text("deliveries.cli.release_reason"))
        ],
        workspace: Annotated[Path, workspace_option()],
    ) -> None:
        for option, value in (("--by", by), ("--reason", reason)):
            if not value.strip():
                raise typer.BadParameter(text("deliveries.cli.blank", option=option))
        with _opened(workspace) as (place, ledger):
            given = releases(ledger)
            one = find_delivery(survey(place.path, given).deliveries, delivery)
            check_signature(one, given, by)
            at, why = datetime.now(UTC), mask_numbers_in(reason.strip())
            signed = Release(
                one.delivery_id,
                one.content_hash,
                tuple(map(str, one.held_for)),
                by.strip(),
                why,
                at,
            )
            look = Look(
                who=f"{by.strip()} ({getpass.getuser()})",
                action=f"release_delivery:{one.delivery_id}",
                reason=why,
            )
            note_look(ledger, look, at=at)
            note_release(ledger, signed)
            _say_released(one, (*given, signed), by.strip())

    return release


def _say_released(one: JudgedDelivery, given: Sequence[Release], by: str) -> None:
    signed, needed = len(signatures(one, given)), signatures_needed(one.held_for)
    is_done = with_releases(one, given).state is DeliveryState.RELEASED
    key = "deliveries.release.done" if is_done else "deliveries.release.noted"
    typer.echo(text(key, delivery=one.delivery_id, by=by, given=signed, needed=needed))


def _console(**options: Any) -> Console:
    """A console that takes nothing for markup: files and headers are named as senders like."""
    return Console(highlight=False, markup=False, **options)


@contextmanager
def _opened(workspace: Path) -> Iterator[tuple[Workspace, Ledger]]:
    place = open_workspace(workspace, create=False)
    with Ledger.open(place) as ledger:
        yield place, ledger


def _grid(*columns: str) -> Table:
    grid = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        is_number = column.startswith(("rows_", "judged", "unexpected"))
        justify: Any = "right" if is_number else "left"
        is_whole = column in ("delivery_id", "data_date")  # to be copied
        heading = text(f"deliveries.column.{column}")
        grid.add_column(heading, justify=justify, overflow="fold", no_wrap=is_whole)
    return grid


def _print_states(console: Console, found: Survey) -> None:
    console.print(text("deliveries.list.states", as_of=found.as_of))
    grid = _grid("agency", "title", "source_state", "data_date", "rows_accepted", "reasons")
    for state in found.states:
        contract = found.dictionary[state.dataset]
        grid.add_row(
            agency_name(contract.agency, contract.agency_zh),
            title_of(contract),
            text(f"deliveries.source_state.{state.state}"),
            str(state.data_date or ""),
            f"{total(state.in_force).accepted:,}",
            state.reason.says() if state.reason else "",
        )
    console.print(grid)


def _print_unfetched(console: Console, unfetched: Sequence[Unfetched]) -> None:
    """What the last night could not fetch, with what is to be done about each."""
    if unfetched:
        console.print("\n" + text("connectors.unfetched_title"))
    for one in unfetched:
        says = f"  {source_name(one.dataset, language())} {one.says()}"
        console.print(says, style="yellow", soft_wrap=True)


def _print_deliveries(console: Console, found: Survey, shown: Sequence[JudgedDelivery]) -> None:
    console.print("\n" + text("deliveries.list.deliveries", count=len(shown)))
    in_force = found.in_force
    grid = _grid(
        "delivery_id", "state", "is_in_force", "rows_delivered", "rows_accepted",
        "rows_set_aside", "rows_repeated",
    )  # fmt: skip
    for one in shown:
        counts = one.counts
        grid.add_row(
            one.delivery_id,
            text(f"deliveries.state.{one.state}"),
            "✓" if one.delivery_id in in_force else "",
            *(f"{n:,}" for n in (counts.delivered, counts.accepted, counts.set_aside)),
            f"{counts.repeated:,}",
        )
    console.print(grid)
    for one in shown:
        if not one.is_accepted:
            console.print(f"  {one.delivery_id}", style="yellow")
            for reason in one.held_for:
                console.print(f"    {reason.says()}", soft_wrap=True)
    if len(shown) < len(found.deliveries):
        hidden = len(found.deliveries) - len(shown)
        console.print(text("deliveries.list.hidden", count=hidden))


def _print_head(console: Console, one: JudgedDelivery) -> None:
    state = text(f"deliveries.state.{one.state}")
    name = source_name(one.dataset, language())
    console.print(f"{name} {one.business_date} {state}", style="bold")
    console.print(one.delivery_id)
    files = joined(one.file_names) or text("deliveries.list.none")
    console.print(text("deliveries.show.produced", at=one.produced_at or "—", files=files))
    counts = one.counts
    console.print(
        text(
            "deliveries.list.balance",
            delivered=counts.delivered,
            accepted=counts.accepted,
            set_aside=counts.set_aside,
            repeated=counts.repeated,
        )
    )


def _print_reasons(console: Console, one: JudgedDelivery) -> None:
    remarks = [reason for reason in one.reasons if reason.code in REMARKS]
    key = "refused_for" if one.state is DeliveryState.REFUSED else "held_for"
    for heading, reasons in ((key, one.held_for), ("remarks", remarks)):
        _print_list(console, heading, reasons)


def _print_list(console: Console, heading: str, reasons: Sequence[Reason]) -> None:
    if reasons:
        console.print(text(f"deliveries.show.{heading}"))
    for reason in reasons:
        console.print(f"  {reason.says()}")


def _print_rows(console: Console, lines: Sequence[RowLine]) -> None:
    if not lines:
        return
    console.print(text("deliveries.show.rows"))
    for line in lines:
        act = text(f"deliveries.act.{line.act}")
        console.print(f"  {act} {line.rows:,}  {noted(line.reason, line.header)}")


def _print_checks(console: Console, lines: Sequence[CheckLine]) -> None:
    if not lines:
        return
    met = sum(line.is_met for line in lines)
    console.print(text("deliveries.show.checks", met=met, all=len(lines)))
    grid = _grid("check", "header", "judged", "unexpected", "wanted", "verdict")
    for line in lines:
        if not line.is_met:
            grid.add_row(
                line.check,
                line.header,
                f"{line.rows:,}",
                f"{line.unexpected:,}",
                line.wanted,
                text(f"deliveries.show.{line.verdict}"),
            )
    if grid.row_count:
        console.print(grid)


def _print_signatures(
    console: Console, one: JudgedDelivery, signed: Sequence[Release], workspace: Path
) -> None:
    needed = signatures_needed(one.held_for)
    console.print(text("deliveries.show.signatures", given=len(signed), needed=needed))
    for given in signed:
        at = given.at.isoformat(timespec="seconds")
        console.print(
            text("deliveries.show.signature", at=at, by=given.by_name, reason=given.reason)
        )
    if one.state is DeliveryState.HELD:
        if needed > 1:
            console.print(text("deliveries.show.needs_two"))
        console.print(
            text(
                "deliveries.show.needs",
                count=needed - len(signed),
                delivery=one.delivery_id,
                workspace=workspace,
            )
        )
