"""`hedui run`: the nightly cross-check, with progress and a summary for a bureau chief."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from domain.errors import ParityDiffers
from domain.wording import joined, text
from matchers.model import MODEL_FILE
from pipelines.run import RunRequest
from pipelines.steps import run_night
from service.commands.options import as_of_option, workspace_option
from service.stopping import stop_said
from service.terminal import print_summary, shown_progress


def command() -> Callable[..., None]:
    """The command, its options worded in the language in use."""

    def run(
        policy: Annotated[
            list[Path], typer.Option(metavar="POLICY.yaml", help=text("cli.run.policy"))
        ],
        as_of: Annotated[date, as_of_option()],
        workspace: Annotated[Path, workspace_option()],
        inbox: Annotated[
            Path | None, typer.Option(metavar="INBOX", help=text("cli.run.inbox"))
        ] = None,
        sources: Annotated[
            Path | None, typer.Option(metavar="SOURCES.yaml", help=text("cli.run.sources"))
        ] = None,
        full: Annotated[bool, typer.Option("--full", help=text("cli.run.full"))] = False,
        model: Annotated[
            Path, typer.Option(metavar="MODEL.yaml", help=text("model.run_with"))
        ] = MODEL_FILE,
        prefect: Annotated[bool, typer.Option("--prefect", help=text("cli.run.prefect"))] = False,
    ) -> None:
        if inbox is None and sources is None:
            raise typer.BadParameter(text("errors.sources_neither"), param_hint="--inbox")
        request = RunRequest(
            inbox, tuple(policy), workspace, as_of, full=full, model=model, sources=sources
        )
        with stop_said(), shown_progress() as progress:
            if prefect:
                from pipelines.flows import run_flow  # Prefect takes two seconds to load

                outcome = run_flow(request, progress)
            else:
                outcome = run_night(request, progress)
        print_summary(outcome)
        if outcome.parity is not None and outcome.parity.differing:
            # The night itself is done and published: what is ill is the check of one household.
            raise ParityDiffers("parity_differs", cases=joined(outcome.parity.differing))

    return run
