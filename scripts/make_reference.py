"""Write docs/reference/rules.md, datasets.md and commands.md from what they describe.

    HEDUI_LANG=en .venv/bin/python scripts/make_reference.py

A test holds the pages to what this gives.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from rules.casetest import load_cases
from rules.parameters import parameter_titles
from rules.rule import Rule, load_catalogue
from rules.sentences import basis_line, source_name
from service.cli import build_app
from sources.contract import Contract, load_dictionary

FOLDER = Path(__file__).parent.parent / "docs" / "reference"
DIRECTIONS = {
    "over": "Aid that may no longer be due",
    "under": "Aid that may be due and is not given (应救未救)",
    "data": "Records to be corrected",
    "supervision": "Visits, checks, publication, authorisation",
}


def main() -> None:
    """Write every page."""
    for name, page in pages().items():
        (FOLDER / name).write_text(page, encoding="utf-8")


def pages() -> dict[str, str]:
    """The pages by file name."""
    return {"rules.md": rules(), "datasets.md": datasets(), "commands.md": commands()}


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


def commands() -> str:
    """Every command with its options, as `--help` has them in English."""
    made = "Made by `scripts/make_reference.py`. Options as `--lang en --help` shows them."
    lines = ["# The commands", "", made]
    group = typer.main.get_command(build_app())
    for path, command in _commands(group, "hedui"):
        lines += ["", f"## `{path}`", "", (command.help or "").strip(), ""]
        for parameter in command.params:
            helped = getattr(parameter, "help", None)
            if helped and "--help" not in parameter.opts:
                names = ", ".join(f"`{name}`" for name in parameter.opts)
                needed = " (needed)" if parameter.required else ""
                lines.append(f"- {names}{needed}: {helped}")
    return "\n".join(lines).rstrip() + "\n"


def _commands(command: Any, path: str) -> Iterator[tuple[str, Any]]:
    group = getattr(command, "commands", None)
    if group is None:
        yield path, command
        return
    for name in sorted(group):
        yield from _commands(group[name], f"{path} {name}")


if __name__ == "__main__":
    main()
