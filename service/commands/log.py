"""`hedui log`: who looked at whom, whether the log is whole, what was unusual."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from domain.dates import HERE
from domain.errors import HeduiError
from domain.identity import read_identity_number
from domain.wording import joined, text
from matchers.why import RecordPlace
from service.acts import act_said
from service.commands.options import parse_date, workspace_option
from service.commands.unmasking import operator, operator_origin
from service.look_book import NO_REASON, LookBook, Subject
from service.subjects import persons_at, subjects_in_record
from service.unusual import unusual_on
from store.access_log import LoggedLook, entry_count, looks, looks_at
from store.anchors import Anchors, first_bad
from store.ledger import Ledger
from store.snapshot import open_snapshot
from store.workspace import open_workspace


def log_app() -> typer.Typer:
    """`hedui log show`, `verify`, `anchor`, `subject`, `unusual`."""
    app = typer.Typer(help=text("cli.log.help"), no_args_is_help=True, rich_markup_mode=None)
    app.command("show", help=text("cli.log.show"))(_show())
    app.command("verify", help=text("cli.log.verify"))(_verify())
    app.command("anchor", help=text("web.log.anchor"))(_anchor())
    app.command("subject", help=text("web.log.subject"))(_subject())
    app.command("unusual", help=text("web.log.unusual"))(_unusual())
    return app


def _show() -> Callable[..., None]:
    def show(workspace: Annotated[Path, workspace_option()]) -> None:
        with Ledger.open(open_workspace(workspace, create=False)) as ledger:
            _print(looks(ledger))

    return show


def _verify() -> Callable[..., None]:
    def verify(workspace: Annotated[Path, workspace_option()]) -> None:
        with Ledger.open(open_workspace(workspace, create=False)) as ledger:
            anchors = Anchors.of(ledger)
            bad = first_bad(ledger, anchors)
            if bad is not None:
                raise HeduiError("log_broken", entry=bad)
            typer.echo(text("cli.log.whole", count=entry_count(ledger)))
            typer.echo(text("web.log.anchored", count=len(anchors.all()), path=anchors.path))

    return verify


def _anchor() -> Callable[..., None]:
    def anchor(workspace: Annotated[Path, workspace_option()]) -> None:
        with Ledger.open(open_workspace(workspace, create=False)) as ledger:
            dropped = Anchors.of(ledger).drop(ledger, datetime.now(UTC))
            typer.echo(text("web.log.anchor_done", entry=dropped.entry_no))

    return anchor


def _subject() -> Callable[..., None]:
    def subject(
        workspace: Annotated[Path, workspace_option()],
        case: Annotated[
            str | None, typer.Option("--case", metavar="NO", help=text("web.log.case"))
        ] = None,
        seq: Annotated[
            int | None, typer.Option("--seq", metavar="N", help=text("web.log.seq"))
        ] = None,
        record: Annotated[
            str | None,
            typer.Option("--record", metavar="DATASET/DATE/FILE/ROW", help=text("web.log.record")),
        ] = None,
    ) -> None:
        if (case is None) != (seq is None) or (case is not None and record is not None):
            raise typer.BadParameter(text("web.log.one_way"), param_hint="--case")
        with Ledger.open(open_workspace(workspace, create=False)) as ledger:
            book = LookBook.of(ledger)
            if case is not None and seq is not None:
                keys = {book.pseudonyms.of_place(case, seq)}
            elif record is not None:
                keys = {book.key_of(one) for one in _without_number(ledger, record)}
            else:
                keys = {book.pseudonyms.of_number(_asked_number())}
            found = looks_at(ledger, *sorted(keys))
            book.note(
                operator(),
                "log:subject",
                NO_REASON,
                origin=operator_origin(),
                keys=keys,
                at=datetime.now(UTC),
            )
            typer.echo(text("web.log.subject_count", count=len(found)))
            _print(found)

    return subject


def _without_number(ledger: Ledger, record: str) -> list[Subject]:
    """Whom a record names of whom no valid number is known; the others are asked for by theirs."""
    place = RecordPlace.parse(record)
    with open_snapshot(ledger.workspace, ledger) as engine:
        named = subjects_in_record(engine, place, persons_at(engine, place))
    found = [one for one in named if not one.id_no]
    if not found:
        raise HeduiError("log_record_numbered", record=record)
    return found


def _asked_number() -> str:
    """Typed in or piped, never an argument: those stand in shell histories."""
    given = typer.prompt(text("web.log.number"), hide_input=True, err=True)
    number = read_identity_number(given, datetime.now(HERE).date()).number
    if number is None:
        raise typer.BadParameter(text("web.log.number_bad"))
    return number


def _unusual() -> Callable[..., None]:
    def unusual(
        workspace: Annotated[Path, workspace_option()],
        day: Annotated[
            date | None,
            typer.Option(
                "--day", parser=parse_date, metavar="YYYY-MM-DD", help=text("web.log.day")
            ),
        ] = None,
    ) -> None:
        on = day or datetime.now(HERE).date() - timedelta(days=1)
        with Ledger.open(open_workspace(workspace, create=False)) as ledger:
            found = unusual_on(ledger, on)
        typer.echo(text("web.log.unusual_count", day=on, count=len(found)))
        for one in found:
            entries = joined(str(entry) for entry in one.entries)
            typer.echo(f"{one.who}\t{text(f'web.unusual.{one.kind}')}\t{entries}")

    return unusual


def _print(entries: Iterable[LoggedLook]) -> None:
    for entry in entries:
        at = entry.at.isoformat(timespec="seconds")
        look = entry.look
        reason = look.reason or act_said(look.action)
        said = (look.who, look.action, reason, look.target or "", look.origin or "")
        typer.echo("\t".join([str(entry.entry_no), at, *map(_in_one_cell, said)]))


def _in_one_cell(said: str) -> str:
    """Without what would begin another cell or line, or tell the terminal something."""
    return "".join(character if character.isprintable() else " " for character in said)
