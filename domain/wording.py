"""Text for people: Chinese first, English by a switch, from one catalogue (``domain/texts``)."""

import os
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

import yaml

LANGUAGES: Final = ("zh", "en")
Joint = Literal["words", "clauses", "sentences"]
_FOLDER: Final = Path(__file__).parent / "texts"


def language() -> str:
    """The language in use: ``HEDUI_LANG`` (``zh`` or ``en``), Chinese when unset or unknown."""
    chosen = os.environ.get("HEDUI_LANG", "zh")[:2]
    return chosen if chosen in LANGUAGES else "zh"


def text(key: str, lang: str | None = None, /, **values: object) -> str:
    """The sentence at ``key`` (dotted: ``errors.inbox_empty``) with ``values`` filled in.

    The first part of the key is the file: ``texts/<lang>/errors.yaml``. Raises KeyError for a key
    that is in no catalogue file: a missing sentence is a fault of the program, not of its user.
    """
    area, _, rest = key.partition(".")
    node: Any = _area(lang or language(), area)
    for part in rest.split("."):
        node = node[part]
    return str(node).format(**values) if values else str(node)


def has_text(key: str, lang: str | None = None) -> bool:
    """Whether the catalogue has a sentence at ``key``."""
    try:
        text(key, lang)
    except (KeyError, TypeError):
        return False
    return True


def joined(parts: Iterable[object], joint: Joint = "words", lang: str | None = None) -> str:
    """Several ``parts`` as one text, joined as the language joins words, clauses or sentences."""
    return text(f"wording.{joint}", lang).join(map(str, parts))


def noted(said: object, note: object, lang: str | None = None) -> str:
    """What is said with a note in brackets behind it; alone where there is no note."""
    return text("wording.noted", lang, said=said, note=note) if note else str(said)


def labelled(label: object, said: object, lang: str | None = None) -> str:
    """What is said behind its label and a colon."""
    return text("wording.labelled", lang, label=label, said=said)


@cache
def _area(lang: str, area: str) -> dict[str, Any]:
    path = _FOLDER / lang / f"{area}.yaml"
    loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
    return dict(loaded)
