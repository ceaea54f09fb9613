"""Thresholds of a linkage model, chosen by the error the model expects of itself and stated."""

from dataclasses import replace
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt

from matchers.model import Model
from matchers.statements import make, statement
from store.engines.engine import Engine

WRONG_SHARE: Final = 0.002
"""Of the probable links, the share that may be expected to be wrong."""

_SUREST_DOUBT: Final = 0.05  # no single link is let through with more doubt than this
_LOWEST, _HIGHEST, _STEP = 1 - _SUREST_DOUBT, 0.995, 0.005

Floats = npt.NDArray[np.float64]


def choose_thresholds(engine: Engine, model: Model, as_of: date) -> Model:
    """The model with the lowest threshold whose links are wrong in no more than WRONG_SHARE.

    Every record's likeliest person is weighed by the model (schema ``work`` holds the pairs). As
    its posteriors go, the expected share of wrong links among those accepted is the mean of what
    they lack to 1 (Fellegi and Sunter's μ and λ as false discovery and false non-match rates).
    """
    values = model.values(as_of)
    model.load_into(engine)
    for table in ("work.learned", "work.profile_weight", "work.scored_pair", "work.posterior"):
        make(engine, table, values=values)
    outcome = engine.arrow(statement("likeliest"))
    posterior = outcome["posterior"].to_numpy()
    probable = _lowest_within(posterior)
    errors = {
        "records": float(len(posterior)),
        "probable_wrong_share": _wrong_share(posterior, probable),
        "probable_missed_share": _missed_share(
            posterior, outcome["any_match"].to_numpy(), probable
        ),
        "possible_right_share": _right_between(posterior, model.thresholds["possible"], probable),
    }
    return replace(
        model,
        thresholds={**model.thresholds, "probable": probable},
        errors={name: float(f"{share:.4g}") for name, share in errors.items()},
    )


def _lowest_within(posterior: Floats) -> float:
    grid = np.arange(_LOWEST, _HIGHEST + _STEP / 2, _STEP).round(4)
    good = [at for at in grid if _wrong_share(posterior, at) <= WRONG_SHARE]
    return float(good[0] if good else _HIGHEST)


def _wrong_share(posterior: Floats, threshold: float) -> float:
    """Of the links accepted at the threshold, the share expected to be wrong."""
    accepted = posterior[posterior >= threshold]
    return float((1 - accepted).mean()) if len(accepted) else 0.0


def _missed_share(posterior: Floats, any_match: Floats, threshold: float) -> float:
    """Of the records expected to speak of somebody known, the share that is not linked right."""
    linked = posterior[posterior >= threshold].sum()
    return float(1 - linked / any_match.sum()) if any_match.sum() else 0.0


def _right_between(posterior: Floats, lowest: float, threshold: float) -> float:
    """Of the likeliest persons shown to somebody to look at, the share expected to be right."""
    shown = posterior[(posterior >= lowest) & (posterior < threshold)]
    return float(shown.mean()) if len(shown) else 0.0
