"""Precision and recall, of links and of findings alike; of nothing nothing is said."""

import pytest

from casework.evaluation import RuleScore
from domain.scores import share_of
from matchers.evaluation import LinkScore


@pytest.mark.parametrize(
    ("true", "found", "hits", "precision", "recall"),
    [(8, 5, 4, 0.8, 0.5), (0, 5, 0, 0.0, None), (8, 0, 0, None, 0.0), (0, 0, 0, None, None)],
)
def test_links_and_findings_are_scored_alike(true, found, hits, precision, recall):
    links = LinkScore("all", "", true, found, hits)
    findings = RuleScore("deceased", true, found, hits, 0, 0)
    for score in (links, findings):
        assert (score.precision, score.recall) == (precision, recall)


def test_what_noise_hinders_counts_neither_as_found_nor_as_missed():
    assert RuleScore("deceased", 10, 9, 8, 4, 2).reachable_recall == 1.0
    assert RuleScore("deceased", 4, 1, 1, 4, 1).reachable_recall is None
    assert share_of(1, 4) == 0.25
