"""Write the pages of docs/reference that are made of what they describe.

    .venv/bin/python scripts/make_reference.py

They are in English, whatever language the shell is in. A test holds the pages to what this gives.
"""

import os
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from rules.casetest import load_cases
from rules.parameters import known_parameters, parameter_titles
from rules.rule import Rule, load_catalogue
from rules.sentences import basis_line, source_name
from service.access_rules import RULES
from service.cli import build_app
from service.look_rules import COMMANDS, ROUTES
from service.roles import Role
from sources.contract import Contract, load_dictionary

FOLDER = Path(__file__).parent.parent / "docs" / "reference"
DIRECTIONS = {
    "over": "Aid that may no longer be due",
    "under": "Aid that may be due and is not given (应救未救)",
    "data": "Records to be corrected",
    "supervision": "Visits, checks, publication, authorisation",
}

KINDS = {
    "yuan": "an amount in yuan",
    "share": "0 to 1",
    "ratio": "a factor",
    "months": "whole months",
    "count": "a whole number",
    "area": "square metres",
    "codes": "a list of codes, in quotes",
}


def main() -> None:
    """Write every page."""
    os.environ["HEDUI_LANG"] = "en"
    for name, page in pages().items():
        (FOLDER / name).write_text(page, encoding="utf-8")


def pages() -> dict[str, str]:
    """The pages by file name."""
    return {
        "rules.md": rules(),
        "policy.md": policy(),
        "datasets.md": datasets(),
        "commands.md": commands(),
        "access.md": access(),
    }


def rules() -> str:
    """Every rule: what it says, on what basis, from which sources, and its sentences."""
    lines = ["# The rules", "", "Made by `scripts/make_reference.py` from `rules/catalogue/`."]
    catalogue = load_catalogue()
    for direction, title in DIRECTIONS.items():
        lines += ["", f"## {title}"]
        for rule in catalogue:
            if rule.direction == direction:
                lines += ["", *_rule(rule)]
    return "\n".join(lines) + "\n"


def _rule(rule: Rule) -> Iterator[str]:
    titles = parameter_titles("en")
    yield f"### `{rule.id}`: {rule.title['en']}（{rule.title['zh']}）"
    yield ""
    yield rule.reason["en"]
    yield ""
    sources = ", ".join(f"`{name}`" for name in rule.sources) or "civil affairs' own lists"
    yield f"- Per {rule.per}; {'needs' if rule.needs_authorisation else 'needs no'} authorisation."
    yield f"- Sources: {sources}."
    if rule.parameters:
        named = "; ".join(f"`{name}` ({titles[name]})" for name in rule.parameters)
        yield f"- Parameters: {named}."
    for basis in rule.basis:
        until = f" until {basis.valid_to}" if basis.valid_to else ""
        yield f"- Basis from {basis.valid_from}{until}: {basis_line(basis, 'zh')}."
    yield f"- Clears: {rule.clears['en']}"
    for condition in rule.conditions:
        yield f"- Condition: {condition.says['en']}."
    for name, sentence in rule.says["zh"].items():
        yield f"- Says ({name}): {sentence}"
    file = f"{rule.id}.cases.yaml"
    yield f"- {len(load_cases(rule))} cases: [`{file}`](../../rules/catalogue/{file})."


def datasets() -> str:
    """Every dataset: who sends it, how often, its columns and our names for them."""
    made = (
        "Made by `scripts/make_reference.py` from `sources/datasets.yaml` and `sources/contracts/`."
    )
    lines = ["# The datasets", "", made]
    for contract in load_dictionary():
        lines += ["", *_dataset(contract)]
    return "\n".join(lines) + "\n"


def _dataset(contract: Contract) -> Iterator[str]:
    yield f"## `{contract.dataset}`: {contract.title}（{contract.agency_zh}）"
    yield ""
    yield (
        f"{source_name(contract.dataset, 'en')}. Mode {contract.mode}; stale after"
        f" {contract.max_age_days} days; key {', '.join(contract.key)}; table"
        f" `clean.{contract.table}`."
    )
    yield ""
    yield "| delivered | ours | kind | may be blank |"
    yield "|---|---|---|---|"
    for column in contract.columns:
        blank = "yes" if column.is_nullable else "no"
        codes = f" ({column.code_list})" if column.code_list else ""
        yield f"| {column.header} | `{column.name}` | {column.kind}{codes} | {blank} |"


def policy() -> str:
    """Every parameter a policy may hold, and which rules ask for it."""
    lines = [
        "# The local policy",
        "",
        "Made by `scripts/make_reference.py` from `rules/parameters.yaml`. A policy is one YAML"
        " file a division; that of the demonstration, with a comment",
        "beside each parameter, is [`990102.yaml`](../../rules/policy/990102.yaml): copy it.",
        "",
        "```yaml",
        'division: "990103"    # six digits; of several policies each speaks for its own',
        "title: 示范二区         # as reports name the district",
        "parameters:",
        "  dibao.standard.urban:",
        "    - {from: 2025-07-01, value: 980, source: 示民发〔2025〕28号}",
        "    - {from: 2026-07-01, value: 1010, source: 示民发〔2026〕30号}",
        "```",
        "",
        "Each parameter is a list of dated values in the order of their dates, none without a"
        " source; a fact is judged by the value in force on its date.",
        "A parameter that is not known, a value of another kind and dates out of order are refused"
        " with file and line before anything runs; so is a policy",
        "that lacks what a rule needs on the as-of date.",
        "",
        *(f"- {kind}: {says}." for kind, says in KINDS.items()),
        "",
        "| parameter | kind | what it is | 含义 | [rules](rules.md) that name it |",
        "|---|---|---|---|---|",
    ]
    asked: dict[str, list[str]] = {}
    for rule in load_catalogue():
        for name in rule.parameters:
            asked.setdefault(name, []).append(f"`{rule.id}`")
    english, chinese = parameter_titles("en"), parameter_titles("zh")
    for name, kind in known_parameters().items():
        by = ", ".join(asked.get(name, ("none",)))
        lines.append(f"| `{name}` | {kind} | {english[name]} | {chinese[name]} | {by} |")
    return "\n".join(lines) + "\n"


def commands() -> str:
    """Every command with its options, as `--help` has them in English."""
    made = "Made by `scripts/make_reference.py`. Options as `--lang en --help` shows them."
    lines = ["# The commands", "", made]
    group = typer.main.get_command(build_app())
    for path, command in _commands(group, "hedui"):
        lines += ["", f"## `{path}`", "", _as_markdown(command.help or ""), ""]
        for parameter in command.params:
            helped = getattr(parameter, "help", None)
            if helped and "--help" not in parameter.opts:
                names = ", ".join(f"`{name}`" for name in parameter.opts)
                needed = " (needed)" if parameter.required else ""
                lines.append(f"- {names}{needed}: {helped}")
    return "\n".join(lines).rstrip() + "\n"


def _as_markdown(told: str) -> str:
    """A help text; what stands there unbroken (after a backspace) is code."""
    parts = told.strip().split("\n\n")
    return "\n\n".join(
        textwrap.indent(part.removeprefix("\b\n"), "    ") if part.startswith("\b\n") else part
        for part in parts
    )


def _commands(command: Any, path: str) -> Iterator[tuple[str, Any]]:
    group = getattr(command, "commands", None)
    if group is None:
        yield path, command
        return
    for name in sorted(group):
        yield from _commands(group[name], f"{path} {name}")


def access() -> str:
    """Who may use which route, and what each route and each command shows."""
    roles = list(Role)
    lines = [
        "# Who may use which route",
        "",
        "Made by `scripts/make_reference.py` from `service/access_rules.py`; a route without a line"
        " there keeps the service shut. Within a route, divisions",
        "scope what is shown: a township officer's 9 digits, a county officer's 6."
        " *All* needs no session.",
        "",
        "*Shows* is of `service/look_rules.py`: what shows people is written into the log, with"
        " whom, before it is answered.",
        "",
        "| route | " + " | ".join(f"`{role.value}`" for role in roles) + " | shows |",
        "|---" * (len(roles) + 2) + "|",
    ]
    for (method, path), allowed in sorted(RULES.items(), key=lambda rule: (rule[0][1], rule[0][0])):
        cells = ["all" if allowed is None else "yes" if role in allowed else "" for role in roles]
        cells.append(ROUTES[method, path].value)
        lines.append(f"| `{method} {path}` | " + " | ".join(cells) + " |")
    lines += [
        "",
        "## Commands",
        "",
        "Whoever may read the workspace's files may use them; the log names them by their login.",
        "",
        "| command | shows |",
        "|---|---|",
        *(f"| `hedui {command}` | {shows.value} |" for command, shows in sorted(COMMANDS.items())),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
