"""`hedui users`: add, list, close and reset the accounts of the service."""

import os
import secrets
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from domain.wording import text
from service.auth import hash_password
from service.commands.options import workspace_option
from service.commands.unmasking import operator, operator_origin
from service.look_book import NO_REASON
from service.roles import Role, check_division
from store.access_log import Look, note_look
from store.ledger import Ledger
from store.users import User, add_user, all_users, set_disabled, set_password
from store.workspace import open_workspace

PASSWORD = "HEDUI_PASSWORD"  # noqa: S105 - the name of the setting, not a password


def users_app() -> typer.Typer:
    """`hedui users add`, `list`, `disable`, `enable`, `reset`."""
    app = typer.Typer(help=text("web.users.help"), no_args_is_help=True, rich_markup_mode=None)
    app.command("add", help=text("web.users.add"))(_add())
    app.command("list", help=text("web.users.list"))(_list())
    app.command("disable", help=text("web.users.disable"))(_switch(disabled=True))
    app.command("enable", help=text("web.users.enable"))(_switch(disabled=False))
    app.command("reset", help=text("web.users.reset"))(_reset())
    return app


def _add() -> Callable[..., None]:
    def add(
        name: Annotated[str, typer.Argument(help=text("web.users.name"))],
        workspace: Annotated[Path, workspace_option()],
        role: Annotated[Role, typer.Option("--role", help=text("web.users.role"))],
        full_name: Annotated[str, typer.Option("--full-name", help=text("web.users.full_name"))],
        division: Annotated[
            str | None, typer.Option("--division", help=text("web.users.division"))
        ] = None,
        address: Annotated[
            str | None, typer.Option("--address", help=text("web.users.address"))
        ] = None,
    ) -> None:
        check_division(role, division)
        with Ledger.open(open_workspace(workspace, create=False)) as ledger:
            password, is_new = _password()
            user = User(0, name, full_name, role.value, division, address, is_disabled=False)
            _note(ledger, "user_added", name)
            add_user(ledger, user, hash_password(password), at=datetime.now(UTC))
        typer.echo(text("web.users.added", name=name, role=text(f"web.role.{role.value}")))
        _say_password(password, is_new)

    return add


def _list() -> Callable[..., None]:
    def listed(workspace: Annotated[Path, workspace_option()]) -> None:
        with Ledger.open(open_workspace(workspace, create=False)) as ledger:
            for user in all_users(ledger):
                state = text("web.users.closed" if user.is_disabled else "web.users.open")
                role = text(f"web.role.{user.role}")
                said = (user.name, user.full_name, role, user.division or "—", state)
                typer.echo("\t".join(said))

    return listed


def _switch(*, disabled: bool) -> Callable[..., None]:
    done = "web.users.disabled" if disabled else "web.users.enabled"

    def switch(
        name: Annotated[str, typer.Argument(help=text("web.users.name"))],
        workspace: Annotated[Path, workspace_option()],
    ) -> None:
        with Ledger.open(open_workspace(workspace, create=False)) as ledger:
            _note(ledger, "user_disabled" if disabled else "user_enabled", name)
            set_disabled(ledger, name, disabled=disabled, at=datetime.now(UTC))
        typer.echo(text(done, name=name))

    return switch


def _reset() -> Callable[..., None]:
    def reset(
        name: Annotated[str, typer.Argument(help=text("web.users.name"))],
        workspace: Annotated[Path, workspace_option()],
    ) -> None:
        with Ledger.open(open_workspace(workspace, create=False)) as ledger:
            password, is_new = _password()
            _note(ledger, "user_reset", name)
            set_password(ledger, name, hash_password(password), at=datetime.now(UTC))
        typer.echo(text("web.users.was_reset", name=name))
        _say_password(password, is_new)

    return reset


def _note(ledger: Ledger, action: str, name: str) -> None:
    """Log who changed an account: with a password set anew one can look as somebody else."""
    look = Look(operator().name, action, NO_REASON, origin=operator_origin(), target=name[:64])
    note_look(ledger, look, at=datetime.now(UTC))


def _password() -> tuple[str, bool]:
    """From the environment, typed in at a terminal, or made up; whether it was made up."""
    if given := os.environ.get(PASSWORD):
        return given, False
    if sys.stdin.isatty():
        typed: str = typer.prompt(
            text("web.users.password"), hide_input=True, confirmation_prompt=True
        )
        return typed, False
    return secrets.token_urlsafe(12), True


def _say_password(password: str, is_new: bool) -> None:
    if is_new:
        typer.echo(text("web.users.first_password", password=password))
