"""`hedui preview`: what another policy or a changed rule would do, without doing it."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.table import Table

from domain.errors import HeduiError
from domain.masking import mask
from domain.wording import joined, labelled, language, text
from reports.whole_file import whole_file
from rules.foundation import stored_policies
from rules.parameters import DatedValue, Policy, as_at, check_divisions, load_policy
from rules.preview import CostLine, Preview, Side, preview
from rules.readiness import check_rules
from rules.rule import Catalogue, load_catalogue
from rules.sentences import code_label, evidence_line
from service.commands.options import workspace_option
from service.commands.unmasking import note_export
from service.subjects import named_by_evidence, subjects_of_rows
from store.ledger import Ledger
from store.runs import newest_run
from store.snapshot import open_snapshot, scratch_on_snapshot
from store.workspace import open_workspace

_SHOWN: Final = 20
_COLUMNS: Final = ("change", "rule", "place", "person", "grade", "at_risk", "evidence")


def command() -> Callable[..., None]:
    """The command, its options worded in the language in use."""

    def try_out(
        workspace: Annotated[Path, workspace_option()],
        policy: Annotated[
            list[Path] | None,
            typer.Option("--policy", metavar="NEW.yaml", help=text("rulebook.preview.policy")),
        ] = None,
        rules: Annotated[
            Path | None,
            typer.Option("--rules", metavar="FOLDER", help=text("rulebook.preview.rules")),
        ] = None,
        output: Annotated[
            Path | None,
            typer.Option("-o", "--output", metavar="FILE", help=text("rulebook.preview.output")),
        ] = None,
    ) -> None:
        if not policy and not rules:
            raise typer.BadParameter(text("rulebook.preview.nothing"), param_hint="--policy")
        new = [load_policy(path) for path in policy or ()]
        check_divisions(new)
        now, then = load_catalogue(), load_catalogue(rules) if rules else load_catalogue()
        opened = open_workspace(workspace, create=False)
        with Ledger.open(opened) as ledger:
            run = newest_run(ledger)
            if run is None:
                raise HeduiError("snapshot_none", workspace=workspace, as_of="-")
            with open_snapshot(opened, ledger, run.as_of) as night:
                stored = stored_policies(night)
            on = _date_of_values(new, stored, run.as_of)
            check_rules(then, stored, run.as_of)
            sides = (Side(now, stored), Side(then, _replaced(stored, new, on, run.as_of)))
            with scratch_on_snapshot(opened, ledger, run.as_of) as scratch:
                seen = preview(scratch, *sides, run.as_of)
                shown = (*seen.appearing, *seen.disappearing, *seen.regraded)
                people = subjects_of_rows(scratch, shown)
                people += [one for row in shown for one in named_by_evidence(row["evidence"])]
                note_export(ledger, "preview", people=people)
        _print(seen, now, then, run.as_of, on)
        if output:
            _write(seen, now, then, output)

    return try_out


def _date_of_values(new: Sequence[Policy], stored: Sequence[Policy], as_of: date) -> date:
    """When the new values are in force: the night's date, or the last new date after it."""
    known = {
        (policy.division, name, value.valid_from, value.value)
        for policy in stored
        for name, values in policy.parameters.items()
        for value in values
    }
    dates = [
        value.valid_from
        for policy in new
        for name, values in policy.parameters.items()
        for value in values
        if (policy.division, name, value.valid_from, value.value) not in known
    ]
    return max([as_of, *dates])


def _replaced(
    stored: Sequence[Policy], new: Sequence[Policy], on: date, as_of: date
) -> tuple[Policy, ...]:
    policies = {policy.division: policy for policy in stored}
    for policy in new:
        if policy.division not in policies:
            raise HeduiError(
                "preview_division_unknown",
                division=policy.division,
                file=policy.file,
                as_of=as_of,
            )
        policies[policy.division] = as_at(policy, on)
    return tuple(policies.values())


def _print(seen: Preview, now: Catalogue, then: Catalogue, as_of: date, on: date) -> None:
    console = Console(highlight=False, markup=False, soft_wrap=True)
    title = text("rulebook.preview.title", as_of=as_of, on=on)
    console.print(title + (text("rulebook.preview.future") if on > as_of else ""), style="bold")
    console.print("\n" + text("rulebook.preview.parameters"), style="bold cyan")
    for change in seen.changes:
        before, after = (_value(value) for value in (change.before, change.after))
        console.print(
            "  "
            + text(
                "rulebook.preview.value",
                division=change.division,
                name=change.name,
                before=before,
                after=after,
            )
        )
    if not seen.changes:
        console.print("  " + text("rulebook.preview.none_changed"))
    _print_rules(console, seen, then)
    groups = (
        ("appear", seen.appearing, then),
        ("disappear", seen.disappearing, now),
        ("regraded", seen.regraded, then),
    )
    for key, findings, catalogue in groups:
        _print_findings(console, key, findings, catalogue)
    _print_costs(console, seen.costs)


def _value(value: DatedValue | None) -> str:
    if value is None:
        return text("rulebook.preview.absent")
    held = value.value
    return joined(held) if isinstance(held, tuple) else f"{held.normalize():f}"


def _print_rules(console: Console, seen: Preview, catalogue: Catalogue) -> None:
    console.print("\n" + text("rulebook.preview.rules_table"), style="bold cyan")
    changed = {finding["rule"] for finding in (*seen.appearing, *seen.disappearing)}
    if not changed:
        console.print("  " + text("rulebook.preview.unchanged"))
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for key in ("rule", "before", "appear", "disappear", "after"):
        heading = text(f"rulebook.preview.column.{key}")
        table.add_column(heading, justify="left" if key == "rule" else "right")
    for rule in sorted(changed):
        table.add_row(
            _title(catalogue, rule),
            str(seen.before.get(rule, 0)),
            str(sum(finding["rule"] == rule for finding in seen.appearing)),
            str(sum(finding["rule"] == rule for finding in seen.disappearing)),
            str(seen.after.get(rule, 0)),
        )
    console.print(table)


def _title(catalogue: Catalogue, rule: str) -> str:
    return catalogue.rules[rule].title[language()] if rule in catalogue.rules else rule


def _print_findings(
    console: Console, key: str, findings: Sequence[Mapping[str, Any]], catalogue: Catalogue
) -> None:
    if not findings:
        return
    heading = text(f"rulebook.preview.{key}", count=len(findings))
    console.print("\n" + heading, style="bold cyan")
    for finding in findings[:_SHOWN]:
        row = _row(key, finding, catalogue)
        found = f"{row['place']} {row['person']} {row['rule']}"
        console.print(f"  {labelled(found, row['evidence'])}")
    if len(findings) > _SHOWN:
        console.print("  " + text("rulebook.preview.more_lines", count=len(findings)))


def _row(key: str, finding: Mapping[str, Any], catalogue: Catalogue) -> dict[str, str]:
    at_risk = finding["at_risk_yuan"]
    name = finding["person_name"] or finding["applicant_name"] or ""
    seq = f"#{finding['seq']}" if finding["seq"] is not None else ""
    return {
        "change": key,
        "rule": _title(catalogue, finding["rule"]),
        "place": f"{finding['case_no'] or finding['household_no'] or ''}{seq}",
        "person": mask("person_name", name),
        "grade": text(f"rulebook.trace.grade.{finding['grade']}"),
        "at_risk": "" if at_risk is None else f"{at_risk:.2f}",
        "evidence": evidence_line(finding, catalogue, language()),
    }


def _print_costs(console: Console, costs: Sequence[CostLine]) -> None:
    console.print("\n" + text("rulebook.preview.cost"), style="bold cyan")
    if not any(line.standard_before != line.standard_after for line in costs):
        console.print("  " + text("rulebook.preview.cost_same"))
        return
    keys = ("division", "scheme", "cases", "people", "standard", "monthly", "more")
    table = Table(box=None, pad_edge=False, header_style="bold")
    for key in keys:
        heading = text(f"rulebook.preview.column.{key}")
        table.add_column(heading, justify="left" if key in keys[:2] else "right")
    for line in costs:
        table.add_row(
            line.division,
            code_label("scheme", line.scheme, language()),
            f"{line.cases:,}",
            f"{line.people:,}",
            f"{line.standard_before:f} → {line.standard_after:f}",
            f"{line.monthly_before:,.2f} → {line.monthly_after:,.2f}",
            f"{line.more:+,.2f}",
        )
    total = sum(line.more for line in costs)
    table.add_row(text("rulebook.preview.total"), "", "", "", "", "", f"{total:+,.2f}")
    console.print(table)
    console.print("  " + text("rulebook.preview.cost_how"))


def _write(seen: Preview, now: Catalogue, then: Catalogue, output: Path) -> None:
    rows = [
        *(_row("appear", finding, then) for finding in seen.appearing),
        *(_row("disappear", finding, now) for finding in seen.disappearing),
        *(_row("regraded", finding, then) for finding in seen.regraded),
    ]
    made = io.StringIO(newline="")
    writer = csv.DictWriter(made, _COLUMNS)
    writer.writerow({key: text(f"rulebook.preview.column.{key}") for key in _COLUMNS})
    writer.writerows(rows)
    with whole_file(output) as stream:
        stream.write(made.getvalue().encode("utf-8-sig"))
    typer.echo(text("rulebook.preview.wrote", count=len(rows), file=output))
