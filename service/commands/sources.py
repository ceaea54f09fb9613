"""`hedui sources check`: try every route and say what is seen, before a night depends on it."""

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
    app.command("check", help=text("connectors.command.check"))(_check)
    app.callback()(lambda: None)
    return app


def _check(
    sources: Annotated[
        Path,
        typer.Option("--sources", metavar="SOURCES.yaml", help=text("connectors.command.file")),
    ],
) -> None:
    dictionary = load_dictionary()
    routes = load_routes(sources, dictionary)
    with shown_progress() as progress:
        sights = look_around(
            routes,
            dictionary,
            lambda dataset, done, total: progress(text("connectors.check.step"), done, total),
        )
    console = Console(highlight=False, soft_wrap=True)
    title = text("connectors.check.title", file=sources.name, datasets=len(sights))
    console.print(title, markup=False)
    widest = max(len(sight.dataset) for sight in sights)
    for sight in sights:
        place = f"{sight.route.name}（{sight.route.shown}）"
        line = f"  {sight.dataset:<{widest}}  {place}：{_says(sight)}"
        console.print(line, style="yellow" if sight.failure else "", markup=False)
    failed = sum(sight.failure is not None for sight in sights)
    if failed:
        console.print(text("connectors.check.some_failed", count=failed), style="yellow")
        raise typer.Exit(1)
    console.print(text("connectors.check.all_good"))


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
