"""Every example of a command, in help and docs, is one that the program takes when it is typed."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import typer
from typer.testing import CliRunner

from service.cli import build_app

ROOT = Path(__file__).parent.parent.parent
PAGES = [*ROOT.glob("README*.md"), *(ROOT / "docs").rglob("*.md")]
TEXTS = sorted((ROOT / "domain" / "texts").rglob("*.yaml"))
EXAMPLE = re.compile(r"(?:^ +|例：|例如：)(?:\.venv/bin/)?(hedui [a-z].*)$")
QUOTED = re.compile(r"`(?:\.venv/bin/)?(hedui [a-z][^`…]*)`")


def examples() -> Iterator[tuple[str, str]]:
    for path in [*PAGES, *TEXTS]:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            for said in (*EXAMPLE.findall(line), *QUOTED.findall(line)):
                yield f"{path.relative_to(ROOT)}:{number}", said


EXAMPLES = list(examples())


@pytest.fixture(scope="module")
def program() -> click.Command:
    return typer.main.get_command(build_app())


@pytest.mark.parametrize(("where", "said"), EXAMPLES, ids=[where for where, _ in EXAMPLES])
def test_the_program_knows_the_command_and_its_options(
    where: str, said: str, program: click.Command
) -> None:
    command = program
    words = shlex.split(said, comments=True)[1:]
    while words and hasattr(command, "commands") and words[0] in command.commands:
        command = command.commands[words.pop(0)]
    assert command is not program, said
    known = {option for one in command.params for option in (*one.opts, *one.secondary_opts)}
    asked = {word.partition("=")[0] for word in words if word.startswith("-")}
    assert asked <= known | {"--help"}, said
    needed = [one for one in command.params if one.required and isinstance(one, click.Option)]
    lacking = [one.opts[0] for one in needed if asked.isdisjoint(one.opts)]
    assert not asked or not lacking, said


def commands(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    group = getattr(command, "commands", None)
    if group is None:
        yield path, command
    else:
        for name in group:
            yield from commands(group[name], f"{path} {name}")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_help_of_every_command_shows_how_it_is_typed(
    language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEDUI_LANG", language)
    helps = {
        path: command.help or ""
        for path, command in commands(typer.main.get_command(build_app()), "hedui")
    }
    assert len(helps) > 30
    without = [path for path, told in helps.items() if not re.search(rf"{path} *(\S|$)", told)]
    assert without == []
    chinese = {path for path, told in helps.items() if re.search("[\u4e00-\u9fff]{4}", told)}
    assert chinese == (set(helps) if language == "zh" else set())


def test_an_example_stays_on_one_line_in_a_narrow_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run together with the next, or broken in two, it could not be copied."""
    monkeypatch.setenv("HEDUI_LANG", "en")
    shown = CliRunner().invoke(build_app(), ["model", "fit", "--help"], terminal_width=80).output
    lines = [line.strip() for line in shown.splitlines()]
    assert "hedui model fit --workspace demo/workspace -o model.yaml --seed 1" in lines
    (run,) = (line for line in lines if line.startswith("hedui run --model"))
    assert run.endswith("--workspace other")


def test_a_list_of_commands_says_one_chinese_sentence_of_each(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HEDUI_LANG", "zh")
    shown = CliRunner().invoke(build_app(), ["rules", "--help"]).output
    told = [line.strip() for line in shown.splitlines() if re.match(r" +(list|show|test) ", line)]
    assert len(told) == 3
    assert all(line.count("。") == 1 and line.endswith("。") for line in told)


def test_there_are_examples_in_help_and_docs() -> None:
    assert len(EXAMPLES) > 100
    assert {where.partition("/")[0] for where, _ in EXAMPLES} >= {"docs", "domain"}
