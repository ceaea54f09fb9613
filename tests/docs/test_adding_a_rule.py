"""docs/adding-a-rule.md, followed to the letter: its files, its commands, and no line of code."""

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from rules.casetest import load_world, prepare
from rules.caseworld import build_world
from rules.engine import evaluate
from rules.parameters import POLICY_FOLDER, load_policy
from rules.rule import CATALOGUE_FOLDER, load_catalogue
from rules.sentences import evidence_line
from rules.trace import trace_cases
from store.engines.duckdb import DuckDBEngine

PAGE = Path(__file__).parents[2] / "docs" / "adding-a-rule.md"
BLOCK = re.compile(r"```(?:yaml|sql)\n(?:#|--) (\S+)\n(.*?)```", re.DOTALL)
COMMAND = re.compile(r"^\$ (hedui rules .*)\n(?!\$|```)(.*)$", re.MULTILINE)
AS_OF = date(2026, 11, 20)


@pytest.fixture
def my_rules(tmp_path: Path) -> Path:
    """The files of the page, in a folder of their own."""
    folder = tmp_path / "my-rules"
    folder.mkdir()
    for name, content in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        (folder / name).write_text(content, encoding="utf-8")
    return folder


def test_the_page_gives_the_four_files(my_rules: Path):
    kinds = ("yaml", "sql", "examined.sql", "cases.yaml")
    assert {path.name for path in my_rules.iterdir()} == {f"phone_missing.{k}" for k in kinds}


def test_its_commands_say_what_the_page_says(my_rules: Path, hedui):
    commands = COMMAND.findall(PAGE.read_text(encoding="utf-8"))
    assert commands
    for command, said in commands:
        words = command.replace("my-rules", str(my_rules)).split()[1:]
        ran = hedui(*words)
        assert ran.returncode == 0, ran.stderr
        assert said in ran.stdout
    shown = hedui("rules", "show", "--rules", my_rules, "phone_missing")
    assert "联系电话空白" in shown.stdout
    assert "社会救助法第46条" in shown.stdout


def test_put_into_the_catalogue_it_is_asked_like_any_other(my_rules: Path, tmp_path: Path):
    folder = tmp_path / "catalogue"
    shutil.copytree(CATALOGUE_FOLDER, folder)
    for path in my_rules.iterdir():
        shutil.copy(path, folder)
    catalogue = load_catalogue(folder)
    policies = [load_policy(POLICY_FOLDER / "990102.yaml")]
    given = {
        "household": [{"case_no": "DB01"}, {"case_no": "DB02", "phone": "0000000"}],
        "member": [{"case_no": "DB01", "person": "P1"}, {"case_no": "DB02", "person": "P2"}],
    }
    with DuckDBEngine(threads=1) as engine:
        prepare(engine)
        load_world(engine, build_world(given, {}, AS_OF))
        evaluate(engine, catalogue=catalogue, policies=policies, as_of=AS_OF)
        asked = "where rule = 'phone_missing' order by case_no"
        assert engine.rows(f"select case_no, answer from judged.answer {asked}") == [
            ("DB01", "found"),
            ("DB02", "clear"),
        ]
        _, findings = engine.records(f"select rule, evidence from judged.finding {asked}")
        line = evidence_line(findings[0], catalogue)
        assert line.endswith("本户于2025-01-10批准，联系电话空白，请在入户时补登。")
        traces = trace_cases(engine, catalogue.only("phone_missing"), policies, AS_OF)
    assert [(trace.case_no, str(trace.answer)) for trace in traces] == [
        ("DB01", "found"),
        ("DB02", "clear"),
    ]
