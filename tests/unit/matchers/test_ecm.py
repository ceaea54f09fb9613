import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from matchers.ecm import Start, fit_ecm

TRUE_M = {"name": {"same": 0.9, "sound": 0.08, "not": 0.02}, "birth": {"same": 0.95, "not": 0.05}}
TRUE_U = {"name": {"same": 0.05, "sound": 0.05, "not": 0.9}, "birth": {"same": 0.02, "not": 0.98}}
THIRD = {
    "m": {"sex": {"same": 0.99, "not": 0.01}},
    "u": {"sex": {"same": 0.5, "not": 0.5}},
}
GUESS = Start(
    m={"name": {"same": 0.7, "sound": 0.2, "not": 0.1}, "birth": {"same": 0.8, "not": 0.2}},
    u={"name": {"same": 0.2, "sound": 0.1, "not": 0.7}, "birth": {"same": 0.2, "not": 0.8}},
    share=0.5,
)


def drawn(seed: int, matches: int, others: int) -> tuple[pd.DataFrame, np.ndarray]:
    """Pairs of which the first ``matches`` are of one person."""
    chance = np.random.default_rng(seed)
    one, two = TRUE_M | THIRD["m"], TRUE_U | THIRD["u"]

    def levels(of: dict[str, float], count: int) -> list[str]:
        return list(chance.choice(list(of), size=count, p=list(of.values())))

    columns = {name: levels(one[name], matches) + levels(two[name], others) for name in one}
    return pd.DataFrame(columns), np.arange(matches + others) < matches


def test_m_and_u_are_found_without_labels() -> None:
    vectors, _ = drawn(1, 4_000, 16_000)
    fitted = fit_ecm(vectors, GUESS)
    assert abs(fitted.share - 0.2) < 0.02
    for name, levels in TRUE_M.items():
        for level, chance in levels.items():
            assert abs(fitted.m[name][level] - chance) < 0.03, (name, level)
            assert abs(fitted.u[name][level] - TRUE_U[name][level]) < 0.03, (name, level)


def test_the_expected_number_of_matches_is_near_the_true_one() -> None:
    vectors, is_match = drawn(2, 3_000, 9_000)
    fitted = fit_ecm(vectors, GUESS)
    assert abs(fitted.matches - is_match.sum()) < 0.05 * is_match.sum()
    assert fitted.match[is_match].mean() > 0.8 > 0.2 > fitted.match[~is_match].mean()


def test_a_level_that_no_match_has_ends_in_a_number() -> None:
    vectors, is_match = drawn(3, 2_000, 8_000)
    vectors.loc[~is_match & (np.arange(len(vectors)) % 7 == 0), "name"] = "never"
    fitted = fit_ecm(vectors, GUESS)
    assert 0 < fitted.m["name"]["never"] < 0.01 < fitted.u["name"]["never"]
    assert np.isfinite(fitted.match).all()


@settings(max_examples=5, deadline=None)
@given(st.permutations(range(12)))
def test_the_order_of_the_pairs_changes_nothing(order: list[int]) -> None:
    vectors, _ = drawn(4, 300, 900)
    place = np.concatenate([np.arange(len(vectors)).reshape(12, -1)[at] for at in order])
    straight, shuffled = fit_ecm(vectors, GUESS), fit_ecm(vectors.iloc[place], GUESS)
    np.testing.assert_allclose(straight.match[place], shuffled.match, atol=1e-9)
