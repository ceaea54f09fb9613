"""Dated parameters of the district's policy, read for the truth alone."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

_POLICY: Final = Path(__file__).parents[1] / "rules" / "policy" / "990102.yaml"


@cache
def _parameters() -> dict[str, list[dict[str, Any]]]:
    return dict(yaml.safe_load(_POLICY.read_text(encoding="utf-8"))["parameters"])


@cache
def value(name: str, on: date) -> Any:
    """The value in force on a date: the last whose ``from`` is on or before it.

    Raises KeyError when the parameter is unknown or none of its values is in force yet.
    """
    begun = [entry for entry in _parameters()[name] if entry["from"] <= on]
    if not begun:
        raise KeyError(name)
    return max(begun, key=lambda entry: entry["from"])["value"]


def standard(scheme: str, is_urban: bool, on: date) -> float | None:
    """The income line of a scheme, yuan a head a month; None for scheme 32.

    Schemes 11, 21 and 23 have the urban standard, 12 and 22 the rural one; 31 a multiple of the one
    of the applicant's registration.
    """
    if scheme == "32":
        return None
    urban = is_urban if scheme == "31" else scheme in ("11", "21", "23")
    base = float(value("dibao.standard.urban" if urban else "dibao.standard.rural", on))
    return base * float(value("borderline.multiplier", on)) if scheme == "31" else base
