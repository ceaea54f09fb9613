"""`hedui sources check`: try every route and say what is seen, before a night depends on it."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from domain.wording import text
from service.terminal import shown_progress
from sources.connectors.delivery import Seen
from sources.connectors.gathering import Sight, look_around
from sources.contract import load_dictionary
from sources.routes import load_routes


def sources_app() -> typer.Typer:
    """The commands under ``hedui sources``."""
    app = typer.Typer(help=text("connectors.command.help"), no_args_is_help=True)
    app.command("check", help=text("connectors.command.check"))(_check_command())
    app.callback()(lambda: None)
    return app


def _check_command() -> Callable[..., None]:
    """The command, its option worded in the language in use."""

    def check(
        sources: Annotated[
            Path,
            typer.Option("--sources", metavar="SOURCES.yaml", help=text("connectors.command.file")),
        ],
    ) -> None:
        dictionary = load_dictionary()
        routes = load_routes(sources, dictionary)
        with shown_progress() as progress:
            step = text("connectors.check.step")
            sights = look_around(routes, dictionary, lambda _, at, all_: progress(step, at, all_))
        _print_sights(sources, sights)
        if any(sight.failure for sight in sights):
            raise typer.Exit(1)

    return check


def _print_sights(sources: Path, sights: Sequence[Sight]) -> None:
    """One line a dataset: its route, and what is seen there or what to do."""
    console = Console(highlight=False, soft_wrap=True)
    title = text("connectors.check.title", file=sources.name, datasets=len(sights))
    console.print(title, markup=False)
    for sight in sights:
        line = text(
            "connectors.check.line",
            dataset=sight.dataset,
            route=sight.route.name,
            place=sight.route.shown,
            says=_says(sight),
        )
        console.print(f"  {line}", style="yellow" if sight.failure else "", markup=False)
    failed = sum(sight.failure is not None for sight in sights)
    key = "some_failed" if failed else "all_good"
    console.print(text(f"connectors.check.{key}", count=failed), style="yellow" if failed else "")


def _says(sight: Sight) -> str:
    """What is seen of the dataset, in part of a line."""
    if sight.failure or sight.seen is None:
        return text("connectors.check.failed", why=sight.failure.says() if sight.failure else "")
    return _seen(sight.seen)


def _seen(seen: Seen) -> str:
    if not seen.deliveries:
        key = "only_arriving" if seen.arriving else "nothing"
        return text(f"connectors.check.{key}", count=seen.arriving)
    key = "deliveries" if seen.rows is None else "rows"
    says = text(
        f"connectors.check.{key}", count=seen.deliveries, newest=seen.newest, rows=seen.rows
    )
    arriving = text("connectors.check.arriving", count=seen.arriving) if seen.arriving else ""
    return says + arriving
