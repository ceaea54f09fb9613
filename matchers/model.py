"""The linkage model: comparisons, their levels with m and u, thresholds and caps, from one file."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import yaml

from domain.errors import HeduiError
from store.engines.engine import Engine
from store.manifest import hash_file

MODEL_FILE: Final = Path(__file__).parent / "model.yaml"
EXPERT_FILE: Final = Path(__file__).parent / "expert.yaml"
"""Where every fit begins: weights by judgement, and what no fit can learn."""

_SLOT: Final = "slot"
_LEVEL: Final = pa.schema(
    [
        ("comparison", pa.string()),
        ("level", pa.string()),
        ("m", pa.float64()),
        ("u", pa.float64()),
        ("weight", pa.float64()),
    ]
)


@dataclass(frozen=True, slots=True)
class Level:
    """One outcome of a comparison.

    ``m`` is P(this level | one person), ``u`` P(this level | two people); where ``u`` is None it is
    taken from the run's data, and the weight here is that of ``m`` alone.
    """

    comparison: str
    name: str
    m: float
    u: float | None

    @property
    def weight(self) -> float:
        """The match weight in bits, log2(m/u) (Fellegi and Sunter 1969)."""
        return math.log2(self.m / (self.u or 1.0))


@dataclass(frozen=True, slots=True)
class Trained:
    """When, on how many records and how the weights were found."""

    on: date
    records: int
    method: str


@dataclass(frozen=True, slots=True)
class Model:
    """What the probable links of a run rest on."""

    version: str
    trained: Trained
    thresholds: Mapping[str, float]
    caps: Mapping[str, int]
    priors: Mapping[str, float]
    levels: tuple[Level, ...]
    errors: Mapping[str, float] = field(default_factory=dict)
    """What the model itself expects of its thresholds, as shares; none where it was not fitted."""

    def values(self, as_of: date) -> dict[str, object]:
        """The values that the queries ask for by name."""
        return {
            "as_of": as_of,
            "block_cap": self.caps["block"],
            "name_cap": self.caps["name"],
            "probable": self.thresholds["probable"],
            "possible": self.thresholds["possible"],
            "may_speak": self.thresholds["may_speak"],
            **self.priors,
        }

    def choices(self) -> dict[str, list[str]]:
        """Of each comparison but the slot, the levels there are, as columns of pairs hold them."""
        compared: dict[str, list[str]] = {}
        for at in self.levels:
            if at.comparison != _SLOT:
                compared.setdefault(f"{at.comparison}_level", []).append(at.name)
        return compared

    def load_into(self, engine: Engine) -> None:
        """Make ``work.level``: comparison, level, m, u, weight (bits)."""
        rows = [
            {
                "comparison": at.comparison,
                "level": at.name,
                "m": at.m,
                "u": at.u,
                "weight": at.weight,
            }
            for at in self.levels
        ]
        engine.load_table("work.level", pa.Table.from_pylist(rows, _LEVEL))


def load_model(path: Path = MODEL_FILE) -> Model:
    """The model in ``path``; HeduiError ``matchers_model_broken`` names what is amiss with it."""
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
        return _model(found)
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise HeduiError("matchers_model_broken", path=path, problem=repr(error)) from error


@cache
def model_version(path: Path = MODEL_FILE) -> str:
    """The version of the model and eight digits of its hash, as a run's manifest has it."""
    return f"{load_model(path).version}+{hash_file(path)[:8]}"


def _model(found: Mapping[str, Any]) -> Model:
    trained = found["trained"]
    levels = tuple(
        _level(comparison, name, parts)
        for comparison, named in found["comparisons"].items()
        for name, parts in named.items()
    )
    return Model(
        version=str(found["version"]),
        trained=Trained(trained["date"], int(trained["records"]), str(trained["method"])),
        thresholds={name: float(value) for name, value in found["thresholds"].items()},
        caps={name: int(value) for name, value in found["caps"].items()},
        priors={name: float(value) for name, value in found["priors"].items()},
        levels=levels,
        errors={name: float(value) for name, value in found.get("errors", {}).items()},
    )


def _level(comparison: str, name: str, parts: Mapping[str, float]) -> Level:
    m, u = float(parts["m"]), parts.get("u")
    if not 0 < m <= 1 or (u is not None and not 0 < float(u) <= 1):
        raise ValueError(f"{comparison}.{name}: m and u are probabilities above 0")
    return Level(comparison, name, m, None if u is None else float(u))
