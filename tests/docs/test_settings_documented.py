"""What may be set, in the environment and in files, stands in the reference; nothing else does."""

import re
from pathlib import Path

import pytest

from rules.rule import _FIELDS as RULE_FIELDS
from rules.rule import OWN_COLUMNS
from rules.rule_fields import FACT_CLASSES
from sources.routes import _FIELDS as ROUTE_FIELDS

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"
PROGRAM = (
    "casework", "domain", "matchers", "pipelines", "reports", "rules", "service", "sources",
    "store",
)  # fmt: skip
VARIABLE = re.compile(r"\bHEDUI_[A-Z_]+\b")
ROW = re.compile(r"^\| *([^|]+?) *\| *([^|]*?) *\|", re.MULTILINE)
NAME = re.compile(r"`([^`]+)`")


def text_of(name: str) -> str:
    return (REFERENCE / name).read_text(encoding="utf-8")


def part(page: str, heading: str) -> str:
    """What stands under a heading of the second level."""
    return page.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]


def test_every_variable_of_the_environment_is_explained_and_no_other() -> None:
    files = [*(file for name in PROGRAM for file in (ROOT / name).rglob("*.py"))]
    files.append(ROOT / "prefect.yaml")
    read = {name for file in files for name in VARIABLE.findall(file.read_text(encoding="utf-8"))}
    rows = [first for first, _ in ROW.findall(text_of("settings.md"))]
    explained = {name for first in rows for name in NAME.findall(first)}
    assert explained == read
    assert len(read) > 5


@pytest.mark.parametrize("way", ROUTE_FIELDS)
def test_every_field_of_a_route_is_explained_for_its_way_and_no_other(way: str) -> None:
    rows = ROW.findall(part(text_of("sources.md"), "`sources.yaml`"))
    explained = {
        name
        for first, ways in rows
        for name in NAME.findall(first)
        if ways == "all" or way in ways.split(", ")
    }
    assert explained == set(ROUTE_FIELDS[way])


def test_every_field_of_a_rule_is_explained_and_no_other() -> None:
    block = part(text_of("rule-format.md"), "The YAML").split("```")[1]
    assert set(re.findall(r"^(\w+):", block, re.MULTILINE)) == RULE_FIELDS


def test_every_class_of_a_fact_is_named_and_no_other() -> None:
    (named,) = re.findall(r"owner_name: person_name +# ([^(]+)", text_of("rule-format.md"))
    classes = {one.partition(":")[0] for one in named.split()} - {"|"}
    assert classes == {one.partition(":")[0] for one in FACT_CLASSES} | {"code", "letters"}


def test_every_column_that_the_engine_reads_is_explained_and_no_other() -> None:
    rows = [first for first, _ in ROW.findall(part(text_of("rule-format.md"), "The SQL"))]
    assert {name for first in rows for name in NAME.findall(first)} == OWN_COLUMNS
