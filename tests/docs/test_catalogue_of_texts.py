"""Every text for people is in both languages, and whoever asks for one gives what it names."""

import ast
import re
import string
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import yaml

from domain.wording import LANGUAGES

ROOT = Path(__file__).parent.parent.parent
TEXTS = ROOT / "domain" / "texts"
AREAS = sorted(path.stem for path in (TEXTS / "zh").glob("*.yaml"))
FOLDERS = ("casework", "domain", "matchers", "pipelines", "reports", "rules", "service",
           "simulation", "sources", "store")  # fmt: skip
CHINESE_SIGNS = "，。；：（）、！？"


def leaves(node: object, at: str) -> Iterator[tuple[str, str]]:
    if isinstance(node, Mapping):
        for key, value in node.items():
            yield from leaves(value, f"{at}.{key}")
    else:
        yield at, str(node)


def catalogue(lang: str) -> dict[str, str]:
    return {
        key: said
        for area in AREAS
        for key, said in leaves(
            yaml.safe_load((TEXTS / lang / f"{area}.yaml").read_text(encoding="utf-8")), area
        )
    }


CATALOGUE = {lang: catalogue(lang) for lang in LANGUAGES}


def named(said: str) -> set[str]:
    """What is to be filled in."""
    return {name.partition(".")[0] for _, name, _, _ in string.Formatter().parse(said) if name}


def calls() -> Iterator[tuple[str, str, set[str], bool]]:
    """Every asking for a text: where, which, what is given, whether there may be more."""
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and node.args:
                    key = _key(node)
                    if key is not None:
                        given = {one.arg for one in node.keywords if one.arg}
                        is_open = any(one.arg is None for one in node.keywords)
                        yield f"{path.relative_to(ROOT)}:{node.lineno}", key, given, is_open


def _key(call: ast.Call) -> str | None:
    asked = call.func.id if isinstance(call.func, ast.Name) else ""
    first = call.args[0]
    if not (isinstance(first, ast.Constant) and isinstance(first.value, str)):
        return None
    if asked in ("text", "words"):
        return first.value if first.value.partition(".")[0] in AREAS else None
    if asked in ("HeduiError", "ParityDiffers", "AnotherRunGoing"):
        return f"errors.{first.value}"
    return None


CALLS = list(calls())


@pytest.mark.parametrize("area", AREAS)
def test_both_languages_have_the_same_texts_which_name_the_same(area: str) -> None:
    chinese, english = (
        {key: named(said) for key, said in CATALOGUE[lang].items() if key.startswith(f"{area}.")}
        for lang in ("zh", "en")
    )
    assert chinese == english


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("area", AREAS)
def test_no_text_stands_twice_under_one_name(lang: str, area: str) -> None:
    node = yaml.compose((TEXTS / lang / f"{area}.yaml").read_text(encoding="utf-8"))
    todo = [node]
    while todo:
        one = todo.pop()
        if isinstance(one, yaml.MappingNode):
            names = [key.value for key, _ in one.value]
            assert len(names) == len(set(names)), str(one.start_mark)
            todo += [value for _, value in one.value]


def test_english_has_english_punctuation() -> None:
    odd = {key for key, said in CATALOGUE["en"].items() if set(said) & set(CHINESE_SIGNS)}
    assert odd == set()


def test_whoever_asks_for_a_text_gives_what_it_names() -> None:
    assert len(CALLS) > 400
    lacking = [
        (where, key, sorted(named(CATALOGUE["zh"][key]) - given))
        for where, key, given, is_open in CALLS
        if not is_open and key in CATALOGUE["zh"] and named(CATALOGUE["zh"][key]) - given
    ]
    assert lacking == []


def test_every_text_asked_for_by_name_is_there() -> None:
    known = set(CATALOGUE["zh"])
    parts = {key.rsplit(".", place)[0] for key in known for place in range(1, key.count(".") + 1)}
    assert [one[:2] for one in CALLS if one[1] not in known | parts] == []


@pytest.mark.parametrize("folder", ["reports", "service"])
def test_templates_ask_for_texts_that_are_there_and_give_what_they_name(folder: str) -> None:
    asked = 0
    for path in sorted((ROOT / folder / "templates").iterdir()):
        page = path.read_text(encoding="utf-8")
        for key, rest in re.findall(
            r"""\bt\(['"]([a-z_.]+)['"]((?:,[^()]*(?:\([^()]*\))?)*)\)""", page
        ):
            asked += 1
            assert key in CATALOGUE["zh"], (path.name, key)
            given = set(re.findall(r"(\w+)=", rest))
            assert named(CATALOGUE["zh"][key]) <= given, (path.name, key)
    assert asked > 20
