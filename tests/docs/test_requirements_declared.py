"""Whatever the program imports is asked for by name, not had by way of somebody else's needs."""

import ast
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
FOLDERS = ("casework", "domain", "matchers", "pipelines", "reports", "rules", "service",
           "simulation", "sources", "store")  # fmt: skip


def declared() -> set[str]:
    lines = (ROOT / "requirements" / "runtime.in").read_text(encoding="utf-8").splitlines()
    names = (re.match(r"[A-Za-z0-9._-]+", line) for line in lines)
    return {name[0].lower().replace("_", "-") for name in names if name}


def imported(folder: str) -> set[str]:
    """The first names of all absolute imports, those within functions as well."""
    found = set()
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.partition(".")[0])
    return found - set(sys.stdlib_module_names) - set(FOLDERS)


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_import_is_a_declared_requirement(folder):
    distributions = packages_distributions()
    for module in imported(folder):
        names = {name.lower().replace("_", "-") for name in distributions[module]}
        assert names & declared(), f"{folder} imports {module}"


def test_what_is_declared_is_locked():
    lock = (ROOT / "requirements" / "dev.lock").read_text(encoding="utf-8")
    locked = {line.partition("==")[0] for line in lock.splitlines() if "==" in line}
    assert declared() <= {re.sub(r"\[.*", "", name) for name in locked}
