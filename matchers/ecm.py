"""m of comparison levels without labels: recordlinkage's ECM over comparison vectors.

Expectation–conditional maximisation of the two-class latent model of Fellegi and Sunter (1969), as
in Herzog, Scheuren and Winkler (2007), chapter 6.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from domain.errors import HeduiError

Floats = npt.NDArray[np.float64]
Chances = Mapping[str, Mapping[str, float]]
"""Probabilities by comparison and level."""

_ITERATIONS: Final = 500
_TOLERANCE: Final = 1e-5
_LEAST: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Start:
    """Where the iteration begins: m, u and the share of pairs that match.

    From a start that knows which class is the match, the classes never change places.
    """

    m: Chances
    u: Chances
    share: float


@dataclass(frozen=True, slots=True)
class Fitted:
    """What ECM found: the share of matches, and each pair's probability to be one."""

    share: float
    match: Floats
    m: Chances
    u: Chances

    @property
    def matches(self) -> float:
        """How many of the pairs are expected to be of one person."""
        return float(self.match.sum())


def fit_ecm(vectors: pd.DataFrame, start: Start) -> Fitted:
    """Fit ECM to ``vectors``: a column a comparison, a row a pair, the name of the level in it.

    Each column is taken apart into one feature a (comparison, level) pair. Levels that ``start``
    does not name begin with equal m and u. Raises HeduiError ``weights_not_found`` where the
    iteration ends in no numbers.
    """
    from recordlinkage import ECMClassifier  # slow to load

    levels = {name: sorted(vectors[name].unique()) for name in vectors.columns}
    coded = pd.DataFrame(
        {name: pd.Categorical(vectors[name], of).codes for name, of in levels.items()}
    )
    classifier = ECMClassifier(init="random", binarize=None, max_iter=_ITERATIONS, atol=_TOLERANCE)
    kernel = classifier.kernel
    # It starts at random or from yes/no features; this is its one hook for another start.
    kernel._init_parameters_random = lambda _: _begin(levels, start)
    # A level that dies out in one class would end as the logarithm of 0, and then as no number.
    certain = kernel.predict_proba
    kernel.predict_proba = lambda vectors: np.clip(certain(vectors), _LEAST, 1 - _LEAST)
    classifier.fit(coded)
    match = classifier.prob(coded).to_numpy()
    if not np.isfinite(match).all():
        raise HeduiError("weights_not_found")
    return Fitted(
        float(classifier.p),
        match,
        _named(classifier.m_probs, levels),
        _named(classifier.u_probs, levels),
    )


def _begin(levels: Mapping[str, Sequence[str]], start: Start) -> tuple[Floats, Floats]:
    """Logarithms of the class shares and of u and m, in the order of the features."""
    rows = [
        np.concatenate([_spread(of, chances.get(name, {})) for name, of in levels.items()])
        for chances in (start.u, start.m)
    ]
    return np.log([1 - start.share, start.share]), np.log(np.array(rows))


def _spread(levels: Sequence[str], chances: Mapping[str, float]) -> Floats:
    """The chances of the levels there are, adding up to 1."""
    given = np.array([max(chances.get(level, 0.1), _LEAST) for level in levels])
    spread: Floats = given / given.sum()
    return spread


def _named(probabilities: Mapping[str, Any], levels: Mapping[str, Sequence[str]]) -> Chances:
    return {
        name: {levels[name][int(code)]: float(chance) for code, chance in by_code.items()}
        for name, by_code in probabilities.items()
    }
