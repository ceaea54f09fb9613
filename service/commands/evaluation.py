"""`hedui evaluate`: links and findings against a simulation's truth."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from casework.evaluation import RuleScore, evaluate_findings
from casework.findings import current_findings
from domain.errors import HeduiError
from domain.wording import noted, text
from matchers.evaluation import LinkScore, evaluate_links
from reports.tables import Showing, links_table
from service.commands.options import workspace_option
from service.commands.unmasking import note_export
from service.subjects import cases_of, residents_of, subjects_of
from sources.contract import load_dictionary
from store.ledger import Ledger
from store.runs import newest_run
from store.snapshot import open_snapshot
from store.workspace import open_workspace

_SHOWN = 20
_WIDTH = 150  # a group and its intervals in one line, also where the output is a file


def command() -> Callable[..., None]:
    """The command, its options worded in the language in use."""

    def evaluate(
        workspace: Annotated[Path, workspace_option()],
        truth: Annotated[Path, typer.Option(metavar="TRUTH", help=text("cli.evaluate.truth"))],
        errors: Annotated[bool, typer.Option("--errors", help=text("cli.evaluate.errors"))] = False,
    ) -> None:
        opened = open_workspace(workspace, create=False)
        with Ledger.open(opened) as ledger:
            run = newest_run(ledger)
            if run is None:
                raise HeduiError("snapshot_none", workspace=workspace, as_of="-")
            found = current_findings(ledger, run.as_of)
            scores, wrong, missed = evaluate_findings(found, truth, run.as_of)
            with open_snapshot(opened, ledger) as engine:
                links = links_table(engine, load_dictionary(), Showing())
                if errors:
                    shown = [*wrong[:_SHOWN], *missed[:_SHOWN]]
                    places = {no for key in shown for no in cases_of(key[1])}
                    people = [*subjects_of(engine, *places), *residents_of(engine, *places)]
                    note_export(ledger, "evaluate", people=people)
        console = Console(highlight=False, markup=False)
        console.width = max(console.width, _WIDTH)
        _print_links(console, evaluate_links(links, truth / run.as_of.isoformat()))
        _print_findings(console, scores)
        if errors:
            for title, keys in (("wrong", wrong), ("missed", missed)):
                console.print(text(f"cli.evaluate.{title}"), style="bold")
                for rule, place, seq, _ in keys[:_SHOWN]:
                    console.print(f"  {rule} {place}{'' if seq is None else f'#{seq}'}")

    return evaluate


def _print_links(console: Console, scores: list[LinkScore]) -> None:
    table = Table(title=text("cli.evaluate.links"), box=None, title_justify="left")
    table.add_column(text("cli.evaluate.group"), no_wrap=True)
    for key in ("expected", "found", "hits"):
        table.add_column(text(f"cli.evaluate.{key}"), justify="right", no_wrap=True)
    for key in ("precision", "recall", "f1"):
        table.add_column(text(f"cli.evaluate.{key}"), no_wrap=True)
    by = ""
    for score in scores:
        if score.by != by:
            by = score.by
            table.add_row(text(f"cli.evaluate.groups.{by}"), style="bold")
        table.add_row(
            f"  {_group(score)}",
            f"{score.true:,}" if score.true else "",
            f"{score.found:,}",
            f"{score.hits:,}",
            _with_interval(score.precision, score.precision_interval),
            _with_interval(score.recall, score.recall_interval),
            _share(score.f1),
        )
    console.print(table)
    console.print(text("cli.evaluate.interval"))


def _group(score: LinkScore) -> str:
    if score.group:
        return score.group
    return text("cli.evaluate.elsewhere" if score.by == "name_type" else "cli.evaluate.all")


def _with_interval(share: float | None, interval: tuple[float, float] | None) -> str:
    if share is None or interval is None:
        return ""
    return noted(_share(share), f"{interval[0]:.2%}–{interval[1]:.2%}")


def _print_findings(console: Console, scores: list[RuleScore]) -> None:
    table = Table(title=text("cli.evaluate.findings"), box=None, title_justify="left")
    table.add_column(text("cli.evaluate.rule"))
    for key in ("expected", "found", "hits", "hindered", "precision", "recall", "reachable"):
        table.add_column(text(f"cli.evaluate.{key}"), justify="right")
    total = RuleScore(
        text("cli.evaluate.all"),
        *(
            sum(getattr(score, name) for score in scores)
            for name in ("true", "found", "hits", "hindered", "hindered_hits")
        ),
    )
    for score in [*scores, total]:
        table.add_row(
            score.rule,
            str(score.true),
            str(score.found),
            str(score.hits),
            str(score.hindered),
            _share(score.precision),
            _share(score.recall),
            _share(score.reachable_recall),
        )
    console.print(table)


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.4%}" if value > 0.99 else f"{value:.2%}"
