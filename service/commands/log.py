"""`hedui log`: who looked at full values, and whether the log is whole."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from domain.errors import HeduiError
from domain.wording import text
from service.commands.options import workspace_option
from store.access_log import first_bad_entry, looks
from store.ledger import Ledger
from store.workspace import open_workspace


def log_app() -> typer.Typer:
    """`hedui log show` and `hedui log verify`."""
    app = typer.Typer(help=text("cli.log.help"), no_args_is_help=True, rich_markup_mode=None)
    app.command("show", help=text("cli.log.show"))(_show())
    app.command("verify", help=text("cli.log.verify"))(_verify())
    return app


def _show() -> Callable[..., None]:
    def show(workspace: Annotated[Path, workspace_option()]) -> None:
        with Ledger.open(open_workspace(workspace, create=False)) as ledger:
            for entry in looks(ledger):
                at = entry.at.isoformat(timespec="seconds")
                look = entry.look
                typer.echo(f"{entry.entry_no}\t{at}\t{look.who}\t{look.action}\t{look.reason}")

    return show


def _verify() -> Callable[..., None]:
    def verify(workspace: Annotated[Path, workspace_option()]) -> None:
        with Ledger.open(open_workspace(workspace, create=False)) as ledger:
            bad = first_bad_entry(ledger)
            if bad is not None:
                raise HeduiError("log_broken", entry=bad)
            typer.echo(text("cli.log.whole", count=len(looks(ledger))))

    return verify
