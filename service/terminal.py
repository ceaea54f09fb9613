"""What the command line shows: progress while a run goes, and its summary."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table

from domain.wording import joined, labelled, language, text
from pipelines.progress import Progress as Report
from pipelines.run import RunOutcome
from reports.delivery_pages import quality_path
from reports.run_report import DIRECTIONS, RunReport
from rules.sentences import source_name

_REASONS_SHOWN = 12
_DELIVERIES_SHOWN = 8


@contextmanager
def shown_progress() -> Iterator[Report]:
    """A progress report on standard error: bars in a terminal, one line a step elsewhere."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _line_a_step()
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=30),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as bars:
        yield _bars(bars)


def _line_a_step() -> Report:
    said: set[str] = set()

    def report(step: str, done: int, total: int) -> None:
        if step not in said:
            said.add(step)
            sys.stderr.write(f"{step} …\n")
            sys.stderr.flush()

    return report


def _bars(bars: Progress) -> Report:
    tasks: dict[str, TaskID] = {}

    def report(step: str, done: int, total: int) -> None:
        if step not in tasks:
            tasks[step] = bars.add_task(step, total=total or None)
        bars.update(tasks[step], completed=done, total=total or None)

    return report


def print_summary(outcome: RunOutcome) -> None:
    """What a bureau chief wants to know: how much was checked, what was found, what not seen."""
    # Nothing is markup: places, divisions and what routes said are named as others named them.
    console = Console(highlight=False, markup=False, soft_wrap=False)
    report = outcome.report
    if report is None:
        console.print(text("cli.summary.unchanged", as_of=outcome.as_of))
        if outcome.is_rewritten:
            console.print(text("cli.summary.rewritten"))
        _print_left_alone(console, outcome)
        _print_unfetched(console, outcome)
        _print_places(console, outcome)
        return
    title = text("cli.summary.title", district=report.district, as_of=report.as_of)
    console.print(f"\n{title}", style="bold")
    console.print(
        text("cli.summary.checked", cases=report.cases_checked, people=report.people_checked)
    )
    console.print(text("deliveries.run.balance", **report.balance))
    _print_findings(console, report)
    _print_townships(console, report)
    _print_blind(console, report)
    _print_not_used(console, report)
    _print_left_alone(console, outcome)
    _print_unfetched(console, outcome)
    _print_places(console, outcome)
    steps = joined(
        [f"{name} {seconds:.1f}" for name, seconds in outcome.seconds.items()], "clauses"
    )
    total = sum(outcome.seconds.values())
    console.print(text("cli.summary.took", seconds=total, steps=steps), soft_wrap=True)


def _print_findings(console: Console, report: RunReport) -> None:
    total = sum(report.count(direction) for direction in DIRECTIONS)
    new = sum(rule.new for rule in report.rules)
    console.print(text("cli.summary.findings", total=total, new=new))
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(text("cli.summary.rule"))
    for key in ("flag", "verify", "at_risk"):
        table.add_column(text(f"cli.summary.{key}"), justify="right")
    for direction in DIRECTIONS:
        table.add_row(text(f"reports.direction.{direction}"), style="bold cyan")
        for rule in report.rules_of(direction):
            if rule.findings:
                at_risk = f"{rule.at_risk_yuan:,.2f}" if rule.at_risk_yuan else ""
                table.add_row(f"  {rule.title}", str(rule.flags), str(rule.verifies), at_risk)
    console.print(table)


def _print_townships(console: Console, report: RunReport) -> None:
    console.print("\n" + text("cli.summary.townships"))
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(text("cli.summary.township"))
    for direction in DIRECTIONS:
        table.add_column(text(f"reports.sheet.{direction}"), justify="right")
    for code, counts in report.townships.items():
        table.add_row(code or "—", *(str(counts.get(direction, 0)) for direction in DIRECTIONS))
    console.print(table)


def _print_blind(console: Console, report: RunReport) -> None:
    console.print("\n" + text("cli.summary.not_checked"))
    out = [source for source in report.sources if source.state != "in_force"]
    for source in out:
        said = labelled(source_name(source.dataset, language()), source.state_text)
        console.print(f"  {said}", style="yellow")
    if not out:
        console.print("  " + text("cli.summary.all_checked"))
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(text("cli.summary.rule"))
    table.add_column(text("cli.summary.cases"), justify="right")
    table.add_column(text("cli.summary.reason"), overflow="fold")
    blind = report.blind()
    for rule in blind[:_REASONS_SHOWN]:
        shown = rule.why_unseen[0] if rule.why_unseen else ""
        table.add_row(f"  {rule.title}", str(rule.unseen), shown)
    console.print(table)
    if len(blind) > _REASONS_SHOWN:
        console.print("  " + text("cli.summary.more", count=len(blind) - _REASONS_SHOWN))


def _print_not_used(console: Console, report: RunReport) -> None:
    """Which deliveries were refused or are held: without it a night that used older data is mute.

    Newest first; nothing is said where all were used.
    """
    lines = sorted(report.deliveries_not_used, key=lambda one: one.business_date, reverse=True)
    if not lines:
        return
    console.print("\n" + text("cli.summary.not_used", count=len(lines)))
    for line in lines[:_DELIVERIES_SHOWN]:
        said = labelled(f"{line.title} {line.business_date} {line.state_text}", line.reasons)
        console.print(f"  {said}", style="yellow", soft_wrap=True)
    if len(lines) > _DELIVERIES_SHOWN:
        console.print("  " + text("cli.summary.more", count=len(lines) - _DELIVERIES_SHOWN))
    console.print("  " + text("cli.summary.not_used_next"), soft_wrap=True)


def _print_unfetched(console: Console, outcome: RunOutcome) -> None:
    if outcome.unfetched:
        console.print("\n" + text("connectors.unfetched_title"))
        for unfetched in outcome.unfetched:
            console.print(f"  {unfetched.says()}", style="yellow", soft_wrap=True)


def _print_left_alone(console: Console, outcome: RunOutcome) -> None:
    if outcome.arriving:
        said = text("deliveries.run.arriving", folders=outcome.arriving)
        console.print(said, style="yellow", soft_wrap=True)
    if outcome.misnamed:
        said = text("deliveries.run.misnamed", folders=joined(outcome.misnamed))
        console.print(said, style="yellow", soft_wrap=True, markup=False)


def _print_places(console: Console, outcome: RunOutcome) -> None:
    console.print()
    console.print(text("cli.summary.reports", workbook=outcome.workbook), soft_wrap=True)
    console.print(text("cli.summary.page", page=outcome.page), soft_wrap=True)
    quality = quality_path(outcome.page.parent, outcome.as_of)
    console.print(text("deliveries.run.quality", page=quality), soft_wrap=True)
