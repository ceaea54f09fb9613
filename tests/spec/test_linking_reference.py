"""DuckDB's levels, weights and posteriors equal recordlinkage's and pandas' over the same rows."""

import numpy as np
import pandas as pd
import pytest
from reference_engine import COMPARED, levels, name_key, name_weights, plain_weights, posteriors

from matchers.model import load_model
from tests.spec.conftest import Linked

MODEL = load_model()


@pytest.fixture(scope="module")
def found(small_world: Linked) -> pd.DataFrame:
    """The reference's levels for every pair the SQL compared."""
    return levels(small_world.records, small_world.persons, small_world.index)


def test_the_world_has_pairs_enough_to_tell(small_world: Linked) -> None:
    assert len(small_world.pairs) > 200
    assert {"same", "homophone"} <= set(small_world.pairs["name_level"])
    assert "repaired" in set(small_world.pairs["number_level"])


@pytest.mark.parametrize("comparison", COMPARED)
def test_every_pair_has_the_level_that_two_rows_alone_decide(
    small_world: Linked, found: pd.DataFrame, comparison: str
) -> None:
    ours = small_world.pairs[f"{comparison}_level"].to_numpy()
    theirs = found[comparison].to_numpy()
    differing = pd.DataFrame({"sql": ours, "reference": theirs})[ours != theirs]
    assert differing.value_counts().to_dict() == {}


def test_weights_of_the_models_own_levels_are_log2_of_m_over_u(
    small_world: Linked, found: pd.DataFrame
) -> None:
    for name, weights in plain_weights(found, MODEL).items():
        np.testing.assert_allclose(small_world.pairs[f"{name}_weight"], weights, atol=1e-9)


def test_a_names_weight_follows_how_often_it_is_met(small_world: Linked) -> None:
    theirs = name_weights(small_world.pairs, small_world.persons, MODEL)
    np.testing.assert_allclose(small_world.pairs["name_weight"], theirs, atol=1e-9)


def test_the_match_weight_is_the_sum_of_all_weights(small_world: Linked) -> None:
    parts = [
        name for name in small_world.pairs if name.endswith("_weight") and name != "match_weight"
    ]
    total = small_world.pairs[parts].sum(axis=1)
    np.testing.assert_allclose(small_world.pairs["match_weight"], total, atol=1e-9)


def test_posteriors_are_bayes_rule_over_the_candidates_of_a_record(small_world: Linked) -> None:
    born = small_world.records[small_world.records["birth_date"].notna()]
    facts = {
        "persons": len(small_world.persons),
        "coverage": small_world.coverage,
        "bearers": small_world.persons["name"].dropna().map(name_key).value_counts().to_dict(),
        "has_birth": set(born.index),
    }
    theirs = posteriors(small_world.pairs, facts, MODEL).reindex(small_world.pairs.index)
    np.testing.assert_allclose(small_world.pairs["posterior"], theirs, rtol=1e-9)
