"""The weights of a linkage model, learned from a district's own records without labels.

m comes from two passes of ECM, each blind to what its pairs were reached by: pairs reached by a
repaired number teach what becomes of names, pairs reached by an equal name all the rest. u comes
from how often values are met and from pairs drawn at random, for no sample of candidate pairs has
enough of what is rare.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

import pandas as pd

from domain.errors import HeduiError
from domain.names import NameAgreement
from matchers.ecm import Fitted, Start, fit_ecm
from matchers.link import Progress, link
from matchers.model import EXPERT_FILE, Level, Model, Trained, load_model
from matchers.statements import make, statement
from matchers.thresholds import choose_thresholds
from store.engines.engine import Engine

METHOD: Final = "recordlinkage ECM; u from frequencies and random pairs"

_SAMPLE: Final = 60_000  # records a pass
_FEWEST: Final = 50  # expected matches a pass, below which nothing is learned
_PRIOR_MATCHES: Final = 500  # matches that the former m is worth: rare slips are never impossible
_PRIOR_PAIRS: Final = 2_000  # random pairs that its u is worth
_NAMES, _PERSONS = 400, 500  # names drawn, and persons each is held against
_KEY: Final = ["record_id", "role", "person_id"]
_UNKNOWN: Final = "unknown"
_READ_OFF: Final = (
    "number_"  # a birth date read off the damaged number, as fit_name_pair.sql has it
)

Counts = dict[str, dict[str, float]]
"""Pairs by comparison and level; fractions are pairs that may match."""


@dataclass(frozen=True, slots=True)
class _Sample:
    """The pairs of one pass, and what became of them."""

    pairs: pd.DataFrame
    fitted: Fitted

    @property
    def records(self) -> int:
        """How many records the pairs are of."""
        return _records(self.pairs)

    def matches(self) -> Counts:
        """Expected matches at each level that is known."""
        found: Counts = {}
        for name in self.pairs.columns.drop(_KEY):
            sums = pd.Series(self.fitted.match).groupby(self.pairs[name].to_numpy()).sum()
            found[str(name)] = {str(k): float(v) for k, v in sums.items() if k != _UNKNOWN}
        return found


def fit(
    engine: Engine,
    *,
    as_of: date,
    seed: int,
    progress: Progress | None = None,
) -> Model:
    """A model fitted to schema ``clean``, with its thresholds and the errors it expects of them.

    The engine is left with the schemas ``linked`` and ``work`` of the fit. The expert's model is
    where the search begins and what rare levels lean on, never a fitted one, which fitted again
    and again would forget what is rare; its caps, and priors that cannot be learned, stay. The
    same records and seed give the same model. Raises HeduiError ``weights_too_few`` where there is
    too little to learn from.
    """
    base = load_model(EXPERT_FILE)
    link(engine, as_of=as_of, model=base, progress=progress, keep_work=True)
    by_number, by_name = _passes(engine, base, seed)
    matches = _together(by_number.matches(), by_name.matches())
    chances = _learn_u(engine, base, seed)
    open_to = _open_to(engine)
    model = replace(
        base,
        version=f"{as_of.isoformat()}.{seed}",
        trained=Trained(as_of, by_number.records + by_name.records, METHOD),
        levels=tuple(_learned(at, matches, chances, open_to) for at in base.levels),
        priors={**base.priors, "coverage": _coverage(engine)},
    )
    return choose_thresholds(engine, model, as_of)


def _passes(engine: Engine, base: Model, seed: int) -> tuple[_Sample, _Sample]:
    asked = {"seed": seed, "sample": _SAMPLE}
    make(engine, "work.fit_number_pair", values=asked)
    make(engine, "work.fit_name_pair", values=asked | {"name_cap": base.caps["name"]})
    return _pass(engine, "work.fit_number_pair", base), _pass(engine, "work.fit_name_pair", base)


def _pass(engine: Engine, table: str, base: Model) -> _Sample:
    query = f"select * from {table} order by record_id, role, person_id"  # noqa: S608
    pairs = engine.arrow(query).to_pandas()
    if len(pairs) < _FEWEST:
        raise HeduiError("weights_too_few", pairs=len(pairs), least=_FEWEST)
    # The prior: a record speaks of one person at most, so there are no more matches than records.
    share = min(_records(pairs) / len(pairs), 0.95)
    fitted = fit_ecm(pairs.drop(columns=_KEY), _start(base, share))
    if fitted.matches < _FEWEST:
        raise HeduiError("weights_too_few", pairs=int(fitted.matches), least=_FEWEST)
    return _Sample(pairs, fitted)


def _records(pairs: pd.DataFrame) -> int:
    return len(pairs.drop_duplicates(["record_id", "role"]))


def _start(base: Model, share: float) -> Start:
    """The former model, and a guess at the levels that only the training pairs have."""
    m: Counts = {}
    u: Counts = {}
    for at in base.levels:
        m.setdefault(at.comparison, {})[at.name] = at.m
        u.setdefault(at.comparison, {})[at.name] = 0.01 if at.u is None else at.u
    for level in ("same", "close", "differs", "unsure"):
        m["birth"][_READ_OFF + level] = m["birth"][level]
        u["birth"][_READ_OFF + level] = u["birth"][level]
    m["others"] = {"none": 0.6, "one": 0.2, "few": 0.15, "many": 0.05}
    u["others"] = {"none": 0.1, "one": 0.2, "few": 0.3, "many": 0.4}
    for comparison, level, one, two in (
        ("name", "different", 0.02, 0.99),
        ("birth", "other_year", 0.01, 0.98),
        ("sex", "differs", 0.001, 0.5),
        ("slot", "free", 1 - m["slot"]["taken"], 0.5),
        ("slot", "taken", m["slot"]["taken"], 0.5),
    ):
        m[comparison][level], u[comparison][level] = one, two
    return Start(m, u, share)


def _together(by_number: Counts, by_name: Counts) -> Counts:
    """Of each comparison the pass that was blind to it; birth dates read off numbers are apart."""
    read_off = {
        level.removeprefix(_READ_OFF): matches
        for level, matches in by_name["birth"].items()
        if level.startswith(_READ_OFF)
    }
    return by_name | by_number | {"birth_read_off": read_off}


def _open_to(engine: Engine) -> Counts:
    """Of levels that only some people can be at, the share who can: m is P(level) among these.

    Who never had another name is never met under a former one, only names of several parts are
    written in the other order, and letters slip in names of letters. Where nobody can be at a level
    nothing is learned of it.
    """
    former, parts, latin = engine.rows(
        "select avg(cast(former_name is not null as integer)),"
        " avg(cast(contains(name, '·') or length(name) > 4 as integer)),"
        " avg(cast(work.is_latin(name) as integer)) from linked.person"
    )[0]
    shares = {"swapped": float(parts or 0)}
    shares |= {str(kind): float(latin or 0) for kind in NameAgreement if kind.is_likeness}
    shares |= {
        level: float(former or 0)
        for level in ("former", *(f"former_{kind}" for kind in _KINDS_OF_FORMER))
    }
    return {"name": shares}


_KINDS_OF_FORMER: Final = ("same", "spacing", "homophone", "wildcard", "pinyin", "swapped")


def _learned(
    at: Level, matches: Counts, chances: Mapping[tuple[str, str], float], open_to: Counts
) -> Level:
    """The level with what was learned of it; what says nothing goes on saying nothing."""
    if at.name == _UNKNOWN:
        return at
    comparison = (
        "birth_read_off" if (at.comparison, at.name) == ("birth", "unsure") else at.comparison
    )
    seen = matches.get(comparison, {})
    able = sum(seen.values()) * open_to.get(at.comparison, {}).get(at.name, 1.0)
    m = min((seen.get(at.name, 0) + _PRIOR_MATCHES * at.m) / (able + _PRIOR_MATCHES), 1.0)
    return replace(at, m=_rounded(m), u=chances.get((at.comparison, at.name), at.u))


def _learn_u(engine: Engine, base: Model, seed: int) -> dict[tuple[str, str], float]:
    """By level: u where the model holds it itself and chance alone decides."""
    asked = {"seed": seed, "sample": _SAMPLE, "names": _NAMES, "persons": _PERSONS}
    former = {(at.comparison, at.name): at.u for at in base.levels if at.u is not None}
    found = _frequent(dict(_rows(engine, "fit_frequency", asked)))
    for (kind, level), (pairs, all_pairs) in _random_names(engine, asked).items():
        if _TOLD_BY.get(level, "plain") == kind:
            for name in (level, f"former_{level}"):
                found["name", name] = _leaning(pairs, all_pairs, former.get(("name", name)))
    deaths = {level: float(pairs) for level, pairs in _rows(engine, "fit_random_death", asked)}
    for level, pairs in deaths.items():
        found["death", level] = _leaning(pairs, sum(deaths.values()), former.get(("death", level)))
    return {key: _rounded(u) for key, u in found.items() if u > 0 and key in former}


_TOLD_BY: Final = {"wildcard": "wildcard", "pinyin": "latin"}


def _random_names(
    engine: Engine, asked: Mapping[str, object]
) -> dict[tuple[str, str], tuple[float, float]]:
    """Of each kind of name and level: random pairs at it, and random pairs in all."""
    rows = [
        (kind, level, float(pairs))
        for kind, level, pairs in _rows(engine, "fit_random_name", asked)
    ]
    of_kind: dict[str, float] = {}
    for kind, _, pairs in rows:
        of_kind[kind] = of_kind.get(kind, 0) + pairs
    return {(kind, level): (pairs, of_kind[kind]) for kind, level, pairs in rows}


def _frequent(share: Mapping[str, float]) -> dict[tuple[str, str], float]:
    """How often two people agree, from how often each value is met."""
    close = share["month"] + share["day"] - 2 * share["date"]
    return {
        ("birth", "same"): share["date"],
        ("birth", "close"): close,
        ("birth", "differs"): share["year"] - close - share["date"],
        ("sex", "same"): share["sex"],
        ("township", "differs"): 1 - share["township"],
        ("number", "repaired"): share["number"],
    }


def _leaning(pairs: float, all_pairs: float, former: float | None) -> float:
    """The share of random pairs, leaning on the former u where there are few."""
    if former is None:
        return 0.0
    return (pairs + _PRIOR_PAIRS * former) / (all_pairs + _PRIOR_PAIRS)


def _coverage(engine: Engine) -> float:
    """The prior where a dataset has no number to tell by: expected matches a record."""
    shares = engine.rows(
        "select avg(coverage.share) from work.open_record as record"
        " join work.coverage as coverage on coverage.dataset = record.dataset"
    )
    return round(float(shares[0][0]), 4)


def _rows(engine: Engine, name: str, asked: Mapping[str, object]) -> list[tuple[Any, ...]]:
    query = statement(name)
    return engine.rows(query, {key: asked[key] for key in asked if f"${key}" in query} or None)


def _rounded(chance: float) -> float:
    """Four digits that count: more would be a pretence."""
    return float(f"{chance:.4g}")
