"""Findings against a simulation's truth: what was rightly found, missed and wrongly found."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from casework.findings import FindingView
from domain.errors import HeduiError
from domain.scores import Scored, share_of

Key = tuple[str, str, int | None, str]


@dataclass(frozen=True, slots=True)
class RuleScore(Scored):
    """One rule: how many findings are true, were found, and are both.

    ``hindered`` true findings rest on rows that noise rightly keeps a run from (set aside, another
    person's number …); of those ``hindered_hits`` were found all the same.
    """

    rule: str
    true: int
    found: int
    hits: int
    hindered: int
    hindered_hits: int

    @property
    def reachable_recall(self) -> float | None:
        """The recall over true findings that no noise hinders."""
        return share_of(self.hits - self.hindered_hits, self.true - self.hindered)


def evaluate_findings(
    findings: Sequence[FindingView], truth: Path, as_of: date
) -> tuple[list[RuleScore], list[Key], list[Key]]:
    """Scores by rule, then the findings that are not true and the true ones that were missed.

    ``truth`` is the folder that the simulation wrote beside its inbox. Raises HeduiError
    ``truth_absent`` where it holds nothing for ``as_of``. Hindered ones are not counted as missed.
    """
    file = truth / as_of.isoformat() / "findings.parquet"
    if not file.is_file():
        raise HeduiError("truth_absent", truth=truth, as_of=as_of)
    expected = {_key_of(row): row["hindrance"] or "" for row in pq.read_table(file).to_pylist()}
    found = {_key(view) for view in findings}
    rules = sorted({key[0] for key in expected} | {key[0] for key in found})
    scores = [_score(rule, expected, found) for rule in rules]
    wrong = sorted((key for key in found if key not in expected), key=str)
    missed = sorted((key for key, why in expected.items() if key not in found and not why), key=str)
    return scores, wrong, missed


def _score(rule: str, expected: Mapping[Key, str], found: Iterable[Key]) -> RuleScore:
    true = {key: why for key, why in expected.items() if key[0] == rule}
    ours = {key for key in found if key[0] == rule}
    hits = ours & true.keys()
    hindered = {key for key, why in true.items() if why}
    return RuleScore(rule, len(true), len(ours), len(hits), len(hindered), len(hits & hindered))


def _key(view: FindingView) -> Key:
    return _made(view.rule, view.case_no, view.household_no, view.seq, view.person_id_no)


def _key_of(row: Mapping[str, Any]) -> Key:
    return _made(row["rule"], row["case_no"], row["household_no"], row["seq"], row["person_id_no"])


def _made(
    rule: str, case_no: str | None, household_no: str | None, seq: int | None, id_no: str | None
) -> Key:
    """Members are told by their number in the case, the unlisted by their identity number."""
    cases = ";".join(sorted((case_no or "").split(";")))
    person = "" if seq is not None or ";" in cases else (id_no or "")
    return rule, cases or household_no or "", None if ";" in cases else seq, person
