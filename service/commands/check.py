"""`hedui check` and `hedui verify-slip`: one household at the counter, and its slip again."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from domain.dates import HERE
from domain.wording import text
from service.commands.options import workspace_option
from service.commands.unmasking import operator, operator_origin
from service.settings import Settings


def check_command() -> Callable[..., None]:
    """`hedui check`, its options worded in the language in use."""

    def check(
        workspace: Annotated[Path, workspace_option()],
        purpose: Annotated[str, typer.Option("--purpose", help=text("web.cli_check.purpose"))],
        authorisation: Annotated[
            str, typer.Option("--authorisation", help=text("web.cli_check.authorisation"))
        ],
        application: Annotated[
            str | None, typer.Option("--application", help=text("web.cli_check.application"))
        ] = None,
        case: Annotated[str | None, typer.Option("--case", help=text("web.cli_check.case"))] = None,
        persons: Annotated[
            Path | None, typer.Option("--persons", help=text("web.cli_check.persons"))
        ] = None,
        pdf: Annotated[Path | None, typer.Option("--pdf", help=text("web.cli_check.pdf"))] = None,
        as_json: Annotated[bool, typer.Option("--json", help=text("web.cli_check.json"))] = False,
    ) -> None:
        from reports.check_slip import canonical
        from reports.whole_file import whole_file
        from service.check_request import Asker, CheckRequest
        from service.checks import CheckService
        from service.desk import opened_desk
        from service.persons import read_persons_file
        from service.prints import print_slip
        from service.slip_text import print_to_terminal

        typed = read_persons_file(persons) if persons else None
        request = CheckRequest(purpose, authorisation, case, application, typed)
        asker = Asker(operator(), operator_origin(), _sees_all)
        with opened_desk(Settings(workspace)) as desk:
            done = CheckService(desk).check(asker, request)
            made = print_slip(desk.ledger, done.slip) if pdf else b""
        if pdf:
            with whole_file(pdf) as stream:
                stream.write(made)
        if as_json:
            typer.echo(canonical(done.slip))
        else:
            print_to_terminal(done.slip)

    return check


def verify_command() -> Callable[..., None]:
    """`hedui verify-slip`, its options worded in the language in use."""

    def verify(
        file: Annotated[Path, typer.Argument(help=text("web.cli_verify.file"))],
        workspace: Annotated[Path, workspace_option()],
    ) -> None:
        from service.prints import verify_slip
        from store.ledger import Ledger
        from store.workspace import open_workspace

        with Ledger.open(open_workspace(workspace, create=False)) as ledger:
            row = verify_slip(ledger, file, today=datetime.now(HERE).date())
        typer.echo(text("web.slip.valid", slip_no=row.slip_no, valid_until=row.valid_until))

    return verify


def _sees_all(township: str | None) -> bool:
    return True
