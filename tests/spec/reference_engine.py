"""Linking again with recordlinkage and pandas: small, plain, one record against one person.

It reads what the SQL reads (open records, persons) and says for each pair the levels of the
comparisons that the two rows alone decide, their weights, and the posterior. Nothing of it is fast.
"""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import recordlinkage
from recordlinkage.base import BaseCompareFeature

from domain.names import names_agree
from matchers.model import Model

PAIR = ["record_id", "role", "person_id"]
COMPARED = ["name", "number", "birth", "sex", "township", "death"]


class _Each(BaseCompareFeature):
    """A comparison as a plain function of the two rows' values, pair by pair."""

    def __init__(self, left: list[str], right: list[str], level: Callable[..., str], label: str):
        super().__init__(left, right, label=label)
        self.level = level

    def _compute_vectorized(self, *columns: pd.Series) -> pd.Series:
        plain = [column.astype(object).where(column.notna(), None) for column in columns]
        found = [self.level(*values) for values in zip(*plain, strict=True)]
        return pd.Series(found, index=columns[0].index, dtype=object)


def levels(records: pd.DataFrame, persons: pd.DataFrame, pairs: pd.MultiIndex) -> pd.DataFrame:
    """The level of each comparison for each pair of ``pairs`` (record, person)."""
    compare = recordlinkage.Compare(n_jobs=1)
    for left, right, level, label in (
        (["name"], ["name", "own_name", "former_name"], name_level, "name"),
        (["id_text"], ["id_no"], number_level, "number"),
        (["birth_date", "number_birth_date"], ["birth_date"], birth_level, "birth"),
        (["sex"], ["sex"], sex_level, "sex"),
        (["township_code"], ["township_code"], same_or_not, "township"),
        (["death_date"], ["person_status", "status_date"], death_level, "death"),
    ):
        compare.add(_Each(left, right, level, label))
    return compare.compute(pairs, records, persons)


def name_level(name: str, present: str | None, own: str | None, former: str | None) -> str:
    if name == present:
        return "wildcard" if "?" in name else "same"
    if name == own:
        return "same"
    if name == former:
        return "former"
    for other, prefix in ((present, ""), (own, ""), (former, "former_")):
        if other and (kind := names_agree(name, other)).agrees:
            return prefix + str(kind)
    for other in (present, own):
        if other and (kind := names_agree(name, other)).is_likeness:
            return str(kind)
    return "different"


def number_level(text: str | None, number: str | None) -> str:
    if text is None or number is None:
        return "unknown"
    if is_one_slip(text, number):
        return "repaired"
    return "other" if 14 <= len(text) <= 19 else "unknown"


def is_one_slip(text: str, number: str) -> bool:
    """Whether one slip of the pen leads from a valid number, new or old form, to ``text``."""
    if text in _slips(number):
        return True
    old = number[:6] + number[8:17]
    return number[6:8] == "19" and text in _slips(old)


def _slips(number: str) -> set[str]:
    places = range(len(number))
    signs = "0123456789X"
    changed = {number[:i] + s + number[i + 1 :] for i in places for s in signs}
    swapped = {number[:i] + number[i + 1] + number[i] + number[i + 2 :] for i in places[:-1]}
    lost = {number[:i] + number[i + 1 :] for i in places}
    added = {number[:i] + s + number[i:] for i in range(len(number) + 1) for s in signs}
    cut = {number[:16]} if len(number) == 18 else set()
    return changed | swapped | lost | added | cut


def birth_level(own: Any, read: Any, other: Any) -> str:
    if other is None or (own is None and read is None):
        return "unknown"
    if own is None:
        return "same" if _day(read) == _day(other) else "unsure"
    mine, theirs = _day(own), _day(other)
    if mine == theirs:
        return "same"
    if mine.year != theirs.year:
        return "other_year"
    return "close" if mine.month == theirs.month or mine.day == theirs.day else "differs"


def _day(value: Any) -> date:
    return pd.Timestamp(value).date()


def sex_level(mine: str | None, theirs: str | None) -> str:
    if mine is None or theirs is None:
        return "unknown"
    return "same" if mine == theirs else "other_sex"


def same_or_not(mine: str | None, theirs: str | None) -> str:
    if mine is None or theirs is None:
        return "unknown"
    return "same" if mine == theirs else "differs"


def death_level(died: Any, status: str | None, since: Any) -> str:
    if died is None or status is None:
        return "unknown"
    if status != "1" or since is None:
        return "alive"
    return "same" if -60 <= (_day(since) - _day(died)).days <= 120 else "differs"


def plain_weights(found: pd.DataFrame, model: Model) -> pd.DataFrame:
    """Weights in bits of the comparisons whose m and u the model holds itself."""
    weight = {(at.comparison, at.name): at.weight for at in model.levels if at.u is not None}
    return pd.DataFrame(
        {
            name: [weight[name, level] for level in found[name]]
            for name in ("number", "birth", "sex")
        },
        index=found.index,
    )


def name_weights(pairs: pd.DataFrame, persons: pd.DataFrame, model: Model) -> pd.Series:
    """log2(m/u) of names: a name met r times is expected r* times (Good 1953), at least 0.2.

    A name of several parts is one name whatever their order and dot. u of names that agree
    otherwise is the model's, among the people of one first character; of Latin names no more than
    alike it is how many of the register's Latin names are as much so, the model's u counting as two
    hundred people; and where somebody bears the very name, a hundred times as many as do.
    """
    bearers = persons["name"].dropna().map(name_key).value_counts()
    met = bearers.value_counts()
    surnames = persons["name"].dropna().str[0].value_counts()
    at = {level.name: level for level in model.levels if level.comparison == "name"}
    latin = [name for name in persons["name"].dropna() if re.fullmatch("[a-z·]+", name)]

    def expected(name: str) -> float:
        r = int(bearers.get(name, 0))
        if not r:
            return 0.2
        following = int(met.get(r + 1, 0)) if r <= 5 else 0
        return (r + 1) * following / met[r] if following >= 20 else float(r)

    def weight(written: str, name: str, level: str) -> float:
        if level in ("same", "spacing", "swapped", "former"):
            u = max(expected(name_key(written)), 0.2) / len(persons)
        elif level.startswith("latin_"):
            met_so = sum(names_agree(written, other) == level for other in latin)
            share = (met_so + 200 * (at[level].u or 0)) / (len(latin) + 200)
            ways = 5 if level == "latin_short" else 100
            u = max(share * len(latin), ways * latin.count(written), 0.2) / len(persons)
        else:
            u = (at[level].u or 1.0) * int(surnames.get(name[0], 1)) / len(persons)
        return float(np.log2(at["same" if level == "spacing" else level].m / u))

    named = zip(pairs["name"], pairs["person_name"], pairs["name_level"], strict=True)
    return pd.Series([weight(*each) for each in named], index=pairs.index)


def name_key(name: str) -> str:
    """The name; of a name of several parts its characters in a fixed order, without the dot."""
    return "".join(sorted(name.replace("·", ""))) if "·" in name or len(name) >= 4 else name


def posteriors(scored: pd.DataFrame, facts: dict[str, Any], model: Model) -> pd.Series:
    """Bayes' rule over exclusive hypotheses, one record at a time (matchers/sql/posterior.sql).

    ``scored`` has the pairs with their weights and levels, ``facts`` how many ``persons`` there
    are, ``coverage`` by dataset, ``bearers`` by name, and which records ``has_birth``.
    """
    found = []
    for key, pairs in scored.groupby(["record_id", "role"]):
        found.append(_posterior(pairs, key in facts["has_birth"], facts, model))
    return pd.concat(found)


def _posterior(
    pairs: pd.DataFrame, has_birth: bool, facts: dict[str, Any], model: Model
) -> pd.Series:
    cover = facts["coverage"].get(pairs["dataset"].iloc[0], model.priors["coverage"])
    odds = cover / facts["persons"] * 2.0 ** pairs["match_weight"].clip(upper=200)
    bearers = facts["bearers"].get(name_key(pairs["name"].iloc[0]), 0)
    namesakes = pairs["name_level"].isin(["same", "spacing", "swapped"]).sum()
    not_compared = max(bearers - namesakes, 0) / max(bearers, 1)
    circumstance = pairs[["age_weight", "township_weight", "death_weight", "sex_weight"]].sum(
        axis=1
    )
    miswritten = model.priors["miswritten"] * 2.0 ** max(circumstance.max(), 0)
    is_told = (pairs["number_level"] == "repaired") | has_birth
    unseen = pd.Series(model.priors["unseen_with_birth"] if has_birth else 1.0, index=pairs.index)
    for comparison, chance in _apart(model).items():
        unseen = unseen * np.where(pairs[f"{comparison}_level"] == "unknown", 1, chance)
    # whoever bears a number that the damaged one may stand for is compared
    other_number = next(
        at for at in model.levels if (at.comparison, at.name) == ("number", "other")
    )
    other_number_fits = other_number.m / (other_number.u or 1.0)
    unseen = unseen * np.where(pairs["number_level"] == "repaired", other_number_fits, 1)
    unseen = unseen * pairs["standing_unseen"]
    rest = 1 - cover + np.where(is_told, 0, miswritten) + cover * not_compared * unseen
    return odds / (odds.sum() + rest)


def _apart(model: Model) -> dict[str, float]:
    """How well a namesake who was not compared fits: as one in whom the comparison differs."""
    differs = {at.comparison: at for at in model.levels if at.name == "differs"}
    township = differs["township"].m / (differs["township"].u or 1.0)
    return {"township": township} | {name: differs[name].m for name in ("address", "case", "kin")}
