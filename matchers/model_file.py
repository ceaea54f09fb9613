"""A fitted model as a file of the form of ``model.yaml``: its numbers new, its comments kept."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from domain.errors import HeduiError
from matchers.model import EXPERT_FILE, Level, Model, load_model

_NUMBER: Final = r"[0-9.eE+-]+"
_SECTION: Final = re.compile(r"^([a-z_]+):")
_COMPARISON: Final = re.compile(r"^  ([a-z_]+):(?: *#.*)?$")
_LEVEL: Final = re.compile(rf"^    ([a-z_]+): \{{m: {_NUMBER}(?:, u: {_NUMBER})?\}}(.*)$")
_VALUE: Final = re.compile(rf"^  ([a-z_]+): {_NUMBER}(.*)$")


def write_model(model: Model, path: Path) -> None:
    """Write ``model`` to ``path``, whole or not at all, and read it back.

    The file has the comments of the expert's. Raises HeduiError ``model_not_writable``.
    """
    aside = path.with_name(f".{path.name}.part")
    try:
        aside.write_text(render_model(model), encoding="utf-8")
        if load_model(aside) != model:
            raise HeduiError("model_not_alike", path=path)
        aside.replace(path)
    except OSError as error:
        raise HeduiError("model_not_writable", path=path, reason=error.strerror) from error
    finally:
        aside.unlink(missing_ok=True)


def render_model(model: Model) -> str:
    """The text of the model's file."""
    lines = EXPERT_FILE.read_text(encoding="utf-8").splitlines()
    return "\n".join(_lines(lines, model)) + "\n"


def _lines(lines: list[str], model: Model) -> Iterator[str]:
    levels = {(at.comparison, at.name): at for at in model.levels}
    values = {"thresholds": model.thresholds, "priors": model.priors}
    section = comparison = ""
    for line in lines:
        if found := _SECTION.match(line):
            section = found[1]
        if section == "errors":
            continue
        if section in ("version", "trained") and found:
            yield from _head(section, model)
            continue
        if found and section == "caps":
            yield from _errors(model)
        if section == "comparisons" and (named := _COMPARISON.match(line)):
            comparison = named[1]
        level, value = _LEVEL.match(line), _VALUE.match(line)
        if section == "comparisons" and level:
            yield _level(levels[comparison, level[1]], level[2])
        elif section in values and value:
            yield _value(value[1], values[section][value[1]], value[2])
        else:
            yield line


def _head(section: str, model: Model) -> Iterator[str]:
    if section == "version":
        yield f'version: "{model.version}"'
        return
    trained = model.trained
    yield (
        f"trained: {{date: {trained.on.isoformat()}, records: {trained.records},"
        f' method: "{trained.method}"}}'
    )


def _errors(model: Model) -> Iterator[str]:
    if model.errors:
        yield "errors:              # shares the model itself expects of its records"
        for name, share in model.errors.items():
            yield f"  {name}: {share:.10g}"


def _level(at: Level, rest: str) -> str:
    u = "" if at.u is None else f", u: {_plain(at.u)}"
    return f"    {at.name}: {{m: {_plain(at.m)}{u}}}{rest}"


def _value(name: str, value: float, rest: str) -> str:
    """The value with the comment where it stood before, as far as there is room."""
    comment = rest.strip()
    head = f"  {name}: {value:g}"
    return f"{head:<20} {comment}".rstrip() if comment else head


def _plain(chance: float) -> str:
    """Without an exponent: YAML reads ``2e-05`` as text."""
    text = f"{chance:.12f}".rstrip("0")
    return f"{text}0" if text.endswith(".") else text
