"""`hedui rules list|show|test`: the catalogue for whoever answers for it."""

from datetime import date
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.table import Table

from domain.wording import joined, language, noted, text
from rules.casetest import load_cases, prepare, run_case
from rules.parameters import POLICY_FOLDER, Policy, load_policy, parameter_titles
from rules.readiness import check_rules
from rules.rule import CATALOGUE_FOLDER, Catalogue, Rule, load_catalogue
from rules.rule_fields import Basis
from rules.sentences import basis_line, source_name
from store.engines.duckdb import DuckDBEngine

_POLICY: Final = POLICY_FOLDER / "990102.yaml"


def rules_app() -> typer.Typer:
    """The command group, its help worded in the language in use."""
    app = typer.Typer(help=text("rulebook.rules.help"), no_args_is_help=True)
    folder_option = typer.Option("--rules", metavar="FOLDER", help=text("rulebook.rules.folder"))

    @app.command("list", help=text("rulebook.rules.list_help"))
    def list_rules(folder: Annotated[Path, folder_option] = CATALOGUE_FOLDER) -> None:
        _print_list(load_catalogue(folder))

    @app.command("show", help=text("rulebook.rules.show_help"))
    def show_rule(
        rule: Annotated[str, typer.Argument(metavar="RULE", help=text("rulebook.rules.rule"))],
        folder: Annotated[Path, folder_option] = CATALOGUE_FOLDER,
    ) -> None:
        _print_rule(load_catalogue(folder)[rule])

    @app.command("test", help=text("rulebook.rules.test_help"))
    def test_rules(
        rules: Annotated[
            list[str] | None, typer.Argument(metavar="[RULE]...", help=text("rulebook.rules.only"))
        ] = None,
        folder: Annotated[Path, folder_option] = CATALOGUE_FOLDER,
        policy: Annotated[
            Path, typer.Option("--policy", metavar="FILE", help=text("rulebook.rules.policy"))
        ] = _POLICY,
    ) -> None:
        catalogue = load_catalogue(folder)
        _test(catalogue.only(*rules) if rules else catalogue, policy)

    return app


def _print_list(catalogue: Catalogue) -> None:
    console = Console(highlight=False)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for key in ("id", "direction", "per", "title", "authorisation", "conditions", "cases"):
        is_count = key in ("conditions", "cases")
        heading = text(f"rulebook.rules.column.{key}")
        table.add_column(heading, justify="right" if is_count else "left", overflow="fold")
    for rule in catalogue:
        asked = "yes" if rule.needs_authorisation else "no"
        table.add_row(
            rule.id,
            text(f"reports.sheet.{rule.direction}"),
            text(f"rulebook.rules.per.{rule.per}"),
            rule.title[language()],
            text(f"rulebook.rules.authorisation.{asked}"),
            str(len(rule.conditions)),
            str(len(load_cases(rule))),
        )
    console.print(table)
    console.print(text("rulebook.rules.count", count=len(list(catalogue))))


def _print_rule(rule: Rule) -> None:
    console = Console(highlight=False, markup=False, soft_wrap=True)
    lang = language()
    console.print(noted(rule.title[lang], rule.id), style="bold")
    parts = {
        "reason": [rule.reason[lang]],
        "basis": [_dated(item, lang) for item in rule.basis],
        "sources": _sources(rule),
        "parameters": [noted(name, parameter_titles(lang)[name]) for name in rule.parameters],
        "conditions": [
            condition.says[lang]
            + (text("rulebook.rules.decides") if condition.decides_application else "")
            + f"\n      {' '.join(condition.holds.split())}"
            for condition in rule.conditions
        ],
        "says": list(rule.says[lang].values()),
        "clears": [rule.clears[lang]],
        "next": [rule.next[lang]] if rule.next else [],
        "cases": [case.name for case in load_cases(rule)],
    }
    for key, lines in parts.items():
        if lines:
            console.print("\n" + text(f"rulebook.rules.heading.{key}"), style="bold cyan")
            console.print("\n".join(f"  · {line}" for line in lines))
    for key, sql in (("sql", rule.sql), ("examined", rule.examined_sql)):
        console.print("\n" + text(f"rulebook.rules.heading.{key}"), style="bold cyan")
        console.print(sql.strip())


def _dated(basis: Basis, lang: str) -> str:
    until = basis.valid_to
    return text(
        "rulebook.rules.basis_line",
        cite=basis_line(basis, lang),
        since=basis.valid_from,
        until=text("rulebook.rules.basis_until", until=until) if until else "",
    )


def _sources(rule: Rule) -> list[str]:
    groups = {
        "needs": rule.needs, "needs_any": rule.needs_any, "lower_bound": rule.lower_bound_from,
    }  # fmt: skip
    lines = [
        text(f"rulebook.rules.{key}", sources=joined(source_name(s, language()) for s in names))
        for key, names in groups.items()
        if names
    ]
    return [*lines, *([text("rulebook.rules.authorised")] if rule.needs_authorisation else [])]


def _newest_date(policy: Policy) -> date:
    """A date on which every value of the policy is in force."""
    return max(value.valid_from for values in policy.parameters.values() for value in values)


def _test(catalogue: Catalogue, policy_file: Path) -> None:
    console = Console(highlight=False, markup=False, soft_wrap=True)
    policies = [load_policy(policy_file)]
    check_rules(catalogue, policies, _newest_date(policies[0]))
    failed, total = 0, 0
    with DuckDBEngine(threads=1) as engine:
        prepare(engine)
        for rule in catalogue:
            for case in load_cases(rule):
                total += 1
                differences = run_case(engine, catalogue, policies, case)
                failed += bool(differences)
                for difference in differences:
                    console.print(f"{rule.id}: {case.name}: {difference}", style="red")
    if failed:
        console.print(text("rulebook.rules.failed", failed=failed, cases=total))
        raise typer.Exit(1)
    console.print(text("rulebook.rules.passed", rules=len(list(catalogue)), cases=total))
