"""Deliveries so unlike the ones before that it must be a fault: held until a person releases them.

Every gate asks whether chance could have made the difference, so that small numbers hold nothing:
the probabilities are bounded by Chernoff's inequality for counts (Poisson) and shares (binomial).
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from statistics import median
from typing import Any, Final

from sources.contract import Column, Contract
from sources.verdict import Reason

COMPARED: Final = 5  # accepted deliveries before this one

_BY_CHANCE: Final = math.log(1e-4)  # a count this unlikely is a fault
_NEVER_BY_CHANCE: Final = math.log(1e-6)
_FALLEN: Final = 0.5  # of the size before
_GROWN: Final = 3.0
_TOWNSHIP_FALLEN: Final = 0.1
_MOSTLY: Final = 0.5  # share of blanks
_SELDOM: Final = 0.2
_FLOOR: Final = 0.01  # a share seen as nought may still be this
_ROWS_FULL: Final = 30
ROWS_INCREMENT: Final = 200
_COMMON_FULL: Final = 0.995  # a value this common before may well be everywhere now
_COMMON_INCREMENT: Final = 0.95

Profile = Mapping[str, Any]


def judge(contract: Contract, profile: Profile, before: Sequence[Profile]) -> list[Reason]:
    """Why the delivery must wait for a person; empty when nothing speaks against it.

    ``before`` are the profiles (:func:`sources.profile.make_profile`) of the dataset's accepted
    deliveries of earlier business dates, newest last; without any there is nothing to compare.
    Sizes and townships are compared for full extracts only: increments vary by nature.
    """
    compared = before[-COMPARED:]
    if not compared:
        return []
    reasons = []
    if contract.mode == "full":
        reasons += [*_size(profile, compared), *_townships(profile, compared)]
    reasons += [*_blanks(contract, profile, compared), *_constant(contract, profile, compared)]
    return reasons


def _size(profile: Profile, before: Sequence[Profile]) -> Iterator[Reason]:
    rows, usual = profile["rows"], median(earlier["rows"] for earlier in before)
    if not usual or log_chance_of_count(rows, usual) > _BY_CHANCE:
        return
    if rows < _FALLEN * usual:
        yield Reason.of("size_fell", rows, int(usual))
    elif rows > _GROWN * usual:
        yield Reason.of("size_grew", rows, int(usual))


def _townships(profile: Profile, before: Sequence[Profile]) -> Iterator[Reason]:
    """Townships that every compared delivery had, and that are (all but) gone."""
    for township in sorted(before[-1]["townships"]):
        usual = min(earlier["townships"].get(township, 0) for earlier in before)
        rows = profile["townships"].get(township, 0)
        is_gone = rows < _TOWNSHIP_FALLEN * usual
        if is_gone and log_chance_of_count(rows, usual) < _BY_CHANCE:
            yield Reason.of("township_gone", township, rows, usual)


def _blanks(contract: Contract, profile: Profile, before: Sequence[Profile]) -> Iterator[Reason]:
    """Columns that are mostly blank now and seldom were: required ones, and what rules read."""
    rows, rows_before = profile["rows"], sum(earlier["rows"] for earlier in before)
    if min(rows, rows_before) < _rows_needed(contract):
        return
    for column in contract.columns:
        if not _carries_facts(column):
            continue
        share = profile["blank"].get(column.name, 0) / rows
        usual = sum(earlier["blank"].get(column.name, 0) for earlier in before) / rows_before
        is_unlike = share > _MOSTLY and usual < _SELDOM
        if is_unlike and log_chance_of_share(share, rows, usual) < _NEVER_BY_CHANCE:
            yield Reason.of("column_blank", column.header, f"{share:.0%}", f"{usual:.0%}")


def _constant(contract: Contract, profile: Profile, before: Sequence[Profile]) -> Iterator[Reason]:
    """Coded columns with one value everywhere that had several."""
    is_full = contract.mode == "full"
    common = _COMMON_FULL if is_full else _COMMON_INCREMENT
    for name, codes in profile["codes"].items():
        usual = _pooled(earlier["codes"].get(name, {}) for earlier in before)
        if len(codes) != 1 or not usual:
            continue
        (value, rows), total = next(iter(codes.items())), sum(usual.values())
        share = max(usual.values()) / total
        if min(rows, total) < _rows_needed(contract) or share > common:
            continue
        if rows * math.log(share) < _NEVER_BY_CHANCE:
            yield Reason.of("status_constant", contract.by_name(name).header, value, f"{share:.0%}")


def _pooled(distributions: Iterator[Mapping[str, int]]) -> dict[str, int]:
    pooled: dict[str, int] = {}
    for distribution in distributions:
        for value, rows in distribution.items():
            pooled[value] = pooled.get(value, 0) + rows
    return pooled


def _carries_facts(column: Column) -> bool:
    """Free text that may be left out (an address, a make) decides nothing."""
    return column.is_required or column.kind not in ("text", "name")


def _rows_needed(contract: Contract) -> int:
    return _ROWS_FULL if contract.mode == "full" else ROWS_INCREMENT


def log_chance_of_count(count: int, usual: float) -> float:
    """An upper bound on ln P of a count as far from ``usual`` as this, were it Poisson."""
    return (
        0.0 if count == usual else count - usual - (count * math.log(count / usual) if count else 0)
    )


def log_chance_of_share(share: float, rows: int, usual: float) -> float:
    """An upper bound on ln P of at least this share among ``rows``, were it binomial."""
    expected = max(usual, _FLOOR)
    if share <= expected:
        return 0.0
    rest = (1 - share) * math.log((1 - share) / (1 - expected)) if share < 1 else 0.0
    return -rows * (share * math.log(share / expected) + rest)
