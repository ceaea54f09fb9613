"""`hedui simulate`: the deliveries of a fictional district."""

import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from domain.wording import text
from service.commands.options import as_of_option
from service.terminal import shown_progress


def command() -> Callable[..., None]:
    """The command, its options worded in the language in use."""

    def simulate(
        residents: Annotated[int, typer.Option(help=text("cli.simulate.residents"))],
        as_of: Annotated[date, as_of_option()],
        out: Annotated[Path, typer.Option(metavar="INBOX", help=text("cli.simulate.out"))],
        seed: Annotated[int, typer.Option(help=text("cli.simulate.seed"))] = 1,
    ) -> None:
        from simulation.simulate import simulate as make  # loads pinyin and variant tables

        start = time.monotonic()
        with shown_progress() as progress:
            made = make(residents, as_of, seed, out, progress=lambda step: progress(step, 0, 0))
        typer.echo(
            text(
                "cli.simulate.done",
                rows=sum(made.rows.values()),
                deliveries=made.deliveries,
                seconds=time.monotonic() - start,
                out=out,
                truth=made.truth,
            )
        )

    return simulate
