"""Deliveries so unlike the ones before that it must be a fault: held until a person releases them.

Every gate asks whether chance could have made the difference, so that small numbers hold nothing:
the probabilities are bounded by Chernoff's inequality for counts (Poisson) and shares (binomial).
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from statistics import median
from typing import Any, Final

from sources.contract import Column, Contract
from sources.turnover import Turnover
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
_SHIFTED_FULL: Final = 0.3  # share of rows whose code is another than it used to be
_SHIFTED_INCREMENT: Final = 0.5
_SHIFTED_LEAST: Final = 0.1
_TIMES_RARE: Final = 3.0
_KEPT: Final = 0.5  # of the people before, in a month; they leave faster in no register
_MONTH: Final = 30
_PEOPLE: Final = 30
_SAME_NAME: Final = 0.5  # of the people in both extracts
_RENAMED: Final = 0.1  # written otherwise than before; far above what any register changes
_REPLACED: Final = 0.9  # of an increment: what its replacement lacks would be gone

Profile = Mapping[str, Any]


def judge(
    contract: Contract,
    profile: Profile,
    before: Sequence[Profile],
    *,
    turnover: Turnover | None = None,
    replaced: Profile | None = None,
) -> list[Reason]:
    """Why the delivery must wait for a person; empty when nothing speaks against it.

    ``before`` are the profiles (:class:`sources.profile.Profile`) of the dataset's accepted
    deliveries of earlier business dates, newest last; without any there is nothing to compare.
    Sizes, townships and people are compared for full extracts only: increments vary by nature.
    ``replaced`` is the profile of the delivery of the same date that this one takes the place of.
    """
    compared = before[-COMPARED:]
    reasons = list(_replacement(contract, profile, replaced)) if replaced else []
    if not compared:
        return reasons
    if contract.mode == "full":
        reasons += [*_size(profile, compared), *_townships(profile, compared)]
        reasons += [*_people(turnover), *_names(turnover)] if turnover else []
    reasons += [*_blanks(contract, profile, compared), *_constant(contract, profile, compared)]
    reasons += _shifted(contract, profile, compared)
    return reasons


def _replacement(contract: Contract, profile: Profile, replaced: Profile) -> Iterator[Reason]:
    """The same date delivered again with fewer rows: for an increment every row less is a loss."""
    rows, before = profile["rows"], replaced["rows"]
    least = _FALLEN if contract.mode == "full" else _REPLACED
    if rows < least * before and before - rows > 1:
        yield Reason.of("replacement_shrunk", rows, before)


def _people(turnover: Turnover) -> Iterator[Reason]:
    """More people gone than leave any register in the time between the two extracts."""
    if turnover.people < _PEOPLE:
        return
    least = _KEPT ** max(1.0, turnover.days / _MONTH)
    share = turnover.kept / turnover.people
    gone = log_chance_of_share(1 - share, turnover.people, 1 - least)
    if share < least and gone < _BY_CHANCE:
        yield Reason.of("people_changed", turnover.kept, turnover.people, f"{share:.0%}")


def _names(turnover: Turnover) -> Iterator[Reason]:
    """The same numbers under other names: a column sorted by itself, or taken for another."""
    if turnover.named < _PEOPLE:
        return
    share = turnover.same_name / turnover.named
    other = log_chance_of_share(1 - share, turnover.named, _RENAMED)
    if share < _SAME_NAME and other < _BY_CHANCE:
        yield Reason.of("names_changed", turnover.same_name, turnover.named, f"{share:.0%}")


def _shifted(contract: Contract, profile: Profile, before: Sequence[Profile]) -> Iterator[Reason]:
    """Coded columns whose values are spread otherwise than they used to be.

    Of a full extract less may have moved where nearly all had one value (alive, in force): what is
    rare there makes findings.
    """
    for name, codes in profile["codes"].items():
        usual = _pooled(earlier["codes"].get(name, {}) for earlier in before)
        rows, rows_before = sum(codes.values()), sum(usual.values())
        if len(codes) < 2 or min(rows, rows_before) < _rows_needed(contract):
            continue
        values = sorted(codes.keys() | usual.keys())
        change = {
            value: codes.get(value, 0) / rows - usual.get(value, 0) / rows_before
            for value in values
        }
        risen = [value for value in values if change[value] > 0]
        moved = sum(change[value] for value in risen)
        expected = sum(usual.get(value, 0) for value in risen) / rows_before
        limit = _SHIFTED_INCREMENT
        if contract.mode == "full":
            others = 1 - max(usual.values()) / rows_before
            limit = min(_SHIFTED_FULL, max(_SHIFTED_LEAST, _TIMES_RARE * others))
        # Which values rose is chosen after the fact: as many sets as there are subsets.
        chance = log_chance_of_share(expected + moved, rows, expected)
        if moved > limit and chance + len(values) * math.log(2) < _NEVER_BY_CHANCE:
            most = max(values, key=lambda value: abs(change[value]))
            now, was = codes.get(most, 0) / rows, usual.get(most, 0) / rows_before
            header = contract.by_name(name).header
            yield Reason.of("codes_shifted", header, most, f"{now:.0%}", f"{was:.0%}")


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
            share = usual / max(1, min(earlier["rows"] for earlier in before))
            yield Reason.of("township_gone", township, rows, usual, f"{share:.0%}")


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
