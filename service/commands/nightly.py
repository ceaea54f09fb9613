"""`hedui run`: the nightly cross-check, with progress and a summary for a bureau chief."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import typer

from domain.wording import text
from pipelines.steps import RunOutcome, RunRequest, run_night
from service.commands.options import as_of_option, workspace_option
from service.terminal import print_summary, shown_progress


def command() -> Callable[..., None]:
    """The command, its options worded in the language in use."""

    def run(
        inbox: Path = typer.Option(..., metavar="INBOX", help=text("cli.run.inbox")),
        policy: list[Path] = typer.Option(..., metavar="POLICY.yaml", help=text("cli.run.policy")),
        as_of: Any = as_of_option(),
        workspace: Path = workspace_option(),
        full: bool = typer.Option(False, "--full", help=text("cli.run.full")),
        prefect: bool = typer.Option(False, "--prefect", help=text("cli.run.prefect")),
    ) -> None:
        request = RunRequest(inbox, tuple(policy), workspace, as_of, full=full)
        with shown_progress() as progress:
            outcome = _as_flow(request) if prefect else run_night(request, progress)
        print_summary(outcome)

    return run


def _as_flow(request: RunRequest) -> RunOutcome:
    """The same steps as a Prefect flow; its server is started for the flow and ended with it."""
    from pipelines.flows import nightly_outcome  # Prefect takes two seconds to load

    return nightly_outcome(request)
