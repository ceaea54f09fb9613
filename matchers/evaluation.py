"""How right the links are: precision, recall and F1 against a known truth, by what is hard."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from domain.errors import HeduiError
from domain.scores import Scored

_PLACE: Final = ["dataset", "business_date", "file", "row", "role"]
_OWN: Final = ("civil_affairs.members", "civil_affairs.applications")
_UNUSABLE: Final = ("damaged_number", "no_number", "both")
_Z: Final = 1.959964  # 95 %
_GROUPED_BY: Final = ("dataset", "difficulty", "name_type")


@dataclass(frozen=True, slots=True)
class LinkScore(Scored):
    """Links of one group: ``true`` there should be, ``found`` there are, ``hits`` of them right.

    ``by`` is what the group is of: ``all``, ``grade``, ``number`` (unusable ones), ``dataset``,
    ``difficulty`` or ``name_type``. Of a grade only precision can be told.
    """

    by: str
    group: str
    true: int
    found: int
    hits: int

    @property
    def f1(self) -> float | None:
        """The harmonic mean of both, as recordlinkage reckons it from the confusion matrix."""
        from recordlinkage import fscore  # slow to load

        if not self.found or not self.true or not self.hits:
            return None
        missed, wrong = self.true - self.hits, self.found - self.hits
        return float(fscore(np.array([[self.hits, missed], [wrong, 0]])))

    @property
    def precision_interval(self) -> tuple[float, float] | None:
        """The 95 % interval of precision (Wilson 1927); None when no link was found."""
        return None if self.precision is None else wilson(self.precision, self.found)

    @property
    def recall_interval(self) -> tuple[float, float] | None:
        """The 95 % interval of recall (Wilson 1927); None when there is no true link."""
        return None if self.recall is None else wilson(self.recall, self.true)


def wilson(share: float, count: int) -> tuple[float, float]:
    """The 95 % interval of a share of ``count`` trials (Wilson 1927); (0, 1) without trials."""
    if not count:
        return 0.0, 1.0
    middle = (share + _Z**2 / (2 * count)) / (1 + _Z**2 / count)
    spread = math.sqrt(share * (1 - share) / count + _Z**2 / (4 * count**2))
    half = _Z / (1 + _Z**2 / count) * spread
    return max(0.0, middle - half), min(1.0, middle + half)


def evaluate_links(links: pa.Table, truth: Path) -> list[LinkScore]:
    """Score links of grade certain and probable against the truth folder of their date.

    ``links`` is the table of ``hedui links``; ``truth`` holds ``links.parquet`` and
    ``subjects.parquet``. Raises HeduiError ``truth_absent`` where the folder has them not.
    """
    pairs = _pairs(links, truth)
    return list(_scores(pairs))


def wrong_and_missed(links: pa.Table, truth: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The links that are wrong and those that are missing, with place, subject and difficulty."""
    pairs = _pairs(links, truth)
    columns = [*_PLACE, "subject", "grade", "difficulty", "name_type", "number_noise", "name_noise"]
    wrong = pairs[pairs["is_found"] & ~pairs["is_true"]][columns]
    missed = pairs[~pairs["is_found"] & pairs["is_true"]][columns]
    return wrong, missed


def _scores(pairs: pd.DataFrame) -> Iterator[LinkScore]:
    yield _score("all", "", pairs)
    for grade in ("certain", "probable"):
        graded = pairs[pairs["grade"] == grade]
        yield LinkScore("grade", grade, 0, len(graded), int(graded["is_true"].sum()))
    unusable = pairs["difficulty"].isin(_UNUSABLE)
    yield _score("number", "unusable", pairs[unusable])
    for by in _GROUPED_BY:
        for group, part in pairs.groupby(by, observed=True):
            yield _score(by, str(group), part)


def _score(by: str, group: str, pairs: pd.DataFrame) -> LinkScore:
    found, true = pairs["is_found"], pairs["is_true"]
    return LinkScore(by, group, int(true.sum()), int(found.sum()), int((found & true).sum()))


def _pairs(links: pa.Table, truth: Path) -> pd.DataFrame:
    """All pairs of a record and a subject that are true or found, each once."""
    subjects, records = _truth(truth)
    columns = [*_PLACE, "subject", "grade"]
    found = links.filter(pc.invert(pc.is_in(links["dataset"], value_set=pa.array(_OWN))))
    frame = found.select(columns).to_pandas()
    true = records.merge(subjects, on="person", how="inner")
    both = true[[*_PLACE, "subject"]].merge(
        frame, on=[*_PLACE, "subject"], how="outer", indicator=True
    )
    both["is_true"] = both["_merge"] != "right_only"
    both["is_found"] = both["_merge"] != "left_only"
    about = records.drop(columns="person")
    return both.drop(columns="_merge").merge(about, on=_PLACE, how="left")


def _truth(truth: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The subjects (subject, person), and the records of them or linked to anybody."""
    paths = [truth / "subjects.parquet", truth / "links.parquet"]
    if not all(path.is_file() for path in paths):
        raise HeduiError("truth_absent", truth=truth.parent, as_of=truth.name)
    subjects = pq.read_table(paths[0], columns=["case_no", "seq", "person"]).to_pandas()
    subjects["subject"] = subjects["case_no"] + "#" + subjects["seq"].astype(str)
    records = pq.read_table(paths[1])
    records = records.filter(pc.invert(pc.is_in(records["dataset"], value_set=pa.array(_OWN))))
    frame = records.to_pandas(types_mapper=None, date_as_object=True)
    return subjects[["subject", "person"]], frame


def named(scores: Iterable[LinkScore], by: str, group: str) -> LinkScore:
    """The score of one group; KeyError when there is none."""
    for score in scores:
        if (score.by, score.group) == (by, group):
            return score
    raise KeyError(f"{by} {group}")
