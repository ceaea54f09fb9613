"""The reference pages say what the program says, and every link in the docs leads somewhere."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PAGES = ("rules.md", "policy.md", "datasets.md", "commands.md", "access.md")
MADE = """
import json, sys
sys.path.insert(0, "scripts")
import make_reference
print(json.dumps(make_reference.pages()))
"""
LINK = re.compile(r"\]\(([^)#\s]+)")
WITHIN = re.compile(r"\]\(([^)#\s]*)#([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
PAGES_OF_DOCS = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    """The pages as they would be written now, by a process of its own (help is worded once)."""
    done = subprocess.run(
        [sys.executable, "-c", MADE], cwd=ROOT, capture_output=True, text=True, check=True,
        env={**os.environ, "HEDUI_LANG": "en"},
    )  # fmt: skip
    pages: dict[str, str] = json.loads(done.stdout)
    return pages


@pytest.mark.parametrize("name", PAGES)
def test_a_reference_page_is_not_stale(name: str, made: dict[str, str]) -> None:
    kept = (ROOT / "docs" / "reference" / name).read_text(encoding="utf-8")
    assert made[name] == kept, "run HEDUI_LANG=en .venv/bin/python scripts/make_reference.py"


@pytest.mark.parametrize("page", PAGES_OF_DOCS, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_page_leads_to_a_file(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    wanted = [link for link in LINK.findall(text) if "://" not in link]
    missing = [link for link in wanted if not (page.parent / link).exists()]
    assert missing == []


def places(page: Path) -> set[str]:
    """What a page's headings are linked by: letters and digits, the blanks between as dashes."""
    headings = HEADING.findall(page.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_place_within_a_page_that_is_linked_is_there() -> None:
    linked = [
        (page, (page.parent / name).resolve() if name else page, place)
        for page in PAGES_OF_DOCS
        for name, place in WITHIN.findall(page.read_text(encoding="utf-8"))
        if "://" not in name
    ]
    assert len(linked) > 3
    assert [(page.name, place) for page, to, place in linked if place not in places(to)] == []


def figures(line: str) -> list[float]:
    """The numbers of a line, in order of size: 20 万 is 200,000, and p50 is a name."""
    scales = {"万": 10_000, "million": 1_000_000, "": 1}
    found = re.findall(r"(\d[\d,]*(?:\.\d+)?)(?: ?(万|million))?", re.sub(r"p\d\d", "", line))
    return sorted(float(number.replace(",", "")) * scales[scale] for number, scale in found)


def test_both_readmes_give_the_same_figures() -> None:
    tables = [
        [line for line in (ROOT / name).read_text(encoding="utf-8").splitlines() if line[:1] == "|"]
        for name in ("README.md", "README.zh-CN.md")
    ]
    assert len(tables[0]) > 20
    differing = [pair for pair in zip(*tables, strict=True) if figures(pair[0]) != figures(pair[1])]
    assert differing == []


def test_both_readmes_name_the_same_commands_and_pages() -> None:
    command = re.compile(r"\b(?:hedui|make) [a-z-]+")
    texts = [(ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh-CN.md")]
    commands, links = zip(
        *((set(command.findall(text)), set(LINK.findall(text))) for text in texts), strict=True
    )
    assert commands[0] == commands[1]
    assert links[0] - {"README.zh-CN.md"} == links[1] - {"README.md"}
