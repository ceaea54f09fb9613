import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matchers.thresholds import WRONG_SHARE, _lowest_within, _missed_share, _wrong_share

SURE = st.lists(st.floats(0, 1), min_size=1, max_size=200).map(np.array)


@given(SURE)
def test_the_threshold_keeps_to_the_wrong_share_or_is_the_highest(posterior: np.ndarray) -> None:
    chosen = _lowest_within(posterior)
    assert 0.95 <= chosen <= 0.995
    assert _wrong_share(posterior, chosen) <= WRONG_SHARE or chosen == 0.995


def test_sure_links_leave_the_threshold_low_and_doubtful_ones_raise_it() -> None:
    assert _lowest_within(np.full(1000, 0.9999)) == 0.95
    doubtful = np.concatenate([np.full(900, 0.9999), np.full(100, 0.96)])
    assert _lowest_within(doubtful) == 0.965


def test_the_expected_wrong_share_is_what_the_accepted_lack_to_certainty() -> None:
    posterior = np.array([0.5, 0.96, 0.98])
    assert round(_wrong_share(posterior, 0.95), 10) == 0.03
    assert _wrong_share(posterior, 0.99) == 0.0


def test_the_missed_share_counts_whom_the_threshold_leaves_out() -> None:
    posterior, any_match = np.array([0.5, 1.0]), np.array([0.5, 1.0])
    assert round(_missed_share(posterior, any_match, 0.95), 10) == round(0.5 / 1.5, 10)
