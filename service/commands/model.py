"""`hedui model`: fit the weights of linking to a workspace, and show those of a model file."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from domain.wording import text
from matchers.model import MODEL_FILE, Model, load_model, model_version
from matchers.model_file import write_model
from pipelines.training import fit_model
from service.commands.options import as_of_option, workspace_option
from service.terminal import shown_progress
from store.workspace import open_workspace


def model_app() -> typer.Typer:
    """`hedui model fit` and `hedui model show`."""
    app = typer.Typer(help=text("model.help"), no_args_is_help=True, rich_markup_mode=None)
    app.command("fit", help=text("model.fit.help"))(_fit())
    app.command("show", help=text("model.show.help"))(_show())
    return app


def _fit() -> Callable[..., None]:
    def fit(
        workspace: Annotated[Path, workspace_option()],
        output: Annotated[
            Path,
            typer.Option("-o", "--output", metavar="MODEL.yaml", help=text("model.fit.output")),
        ],
        as_of: Annotated[date | None, as_of_option("cli.findings.as_of")] = None,
        seed: Annotated[int, typer.Option(help=text("model.fit.seed"))] = 1,
    ) -> None:
        opened = open_workspace(workspace, create=False)
        with shown_progress() as progress:
            step = text("model.fit.step")
            model = fit_model(
                opened,
                seed=seed,
                as_of=as_of,
                progress=lambda _, done, total: progress(step, done, total),
            )
        write_model(model, output)
        console = Console(highlight=False, markup=False)
        _print_head(console, model, output)
        console.print(text("model.fit.done", output=output))

    return fit


def _show() -> Callable[..., None]:
    def show(
        path: Annotated[
            Path, typer.Argument(metavar="[MODEL.yaml]", help=text("model.show.path"))
        ] = MODEL_FILE,
    ) -> None:
        model = load_model(path)
        console = Console(highlight=False, markup=False)
        _print_head(console, model, path)
        _print_levels(console, model)

    return show


def _print_head(console: Console, model: Model, path: Path) -> None:
    trained = model.trained
    console.print(text("model.version", version=model_version(path)))
    console.print(
        text("model.trained", on=trained.on, records=trained.records, method=trained.method)
    )
    for name, share in model.thresholds.items():
        console.print(text(f"model.threshold.{name}", share=share))
    for name, share in model.errors.items():
        if name != "records":
            console.print(text(f"model.error.{name}", share=share))


def _print_levels(console: Console, model: Model) -> None:
    table = Table(box=None)
    for key in ("comparison", "level"):
        table.add_column(text(f"model.{key}"))
    for key in ("m", "u", "weight"):
        table.add_column(text(f"model.{key}"), justify="right")
    for at in model.levels:
        u = text("model.from_data") if at.u is None else f"{at.u:.7g}"
        weight = "" if at.u is None else f"{at.weight:+.1f}"
        table.add_row(at.comparison, at.name, f"{at.m:.7g}", u, weight)
    console.print(table)
