"""Registered households: who lives under one 户号, how they are related, and how old they are."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from simulation.chance import happens, one_of, stream
from simulation.timeline import Bools, Floats, Ints

MEAN_SIZE: Final = 2.55
_DAYS: Final = 365.25
_REFERENCE: Final = 20_777  # 2026-11-20, the day on which the ages below are meant
_LAST_BIRTH: Final = 21_183  # 2027-12-31
_FIRST_BIRTH: Final = -14_900  # spring of 1929

# role: head, spouse, two children, two parents of the head
HEAD, SPOUSE, CHILD_1, CHILD_2, FATHER, MOTHER = range(6)

ELDER, SINGLE, ELDER_COUPLE, COUPLE, ONE_CHILD, TWO_CHILDREN, LONE_PARENT = range(7)
THREE_GENERATIONS, WITH_PARENTS, GRANDPARENT = range(7, 10)

_SHARES: Final = (0.08, 0.13, 0.10, 0.10, 0.23, 0.12, 0.06, 0.12, 0.045, 0.015)
_HEAD_AGES: Final = (
    (62, 92),
    (22, 62),
    (60, 86),
    (25, 60),
    (25, 54),
    (27, 50),
    (27, 54),
    (28, 50),
    (24, 46),
    (58, 76),
)
_HAS_SPOUSE: Final = (ELDER_COUPLE, COUPLE, ONE_CHILD, TWO_CHILDREN, THREE_GENERATIONS)
_HAS_CHILD: Final = (ONE_CHILD, TWO_CHILDREN, LONE_PARENT, THREE_GENERATIONS, GRANDPARENT)


@dataclass(frozen=True)
class Structure:
    """People in the order of their households; ``household`` is the place of each one's own."""

    kind: Ints
    """Of each household, one of the kinds above."""
    household: Ints
    role: Ints
    sex: Ints
    birth: Ints
    is_twin: Bools
    """Born with the sibling right before in the order."""


def draw_structure(residents: int, seed: int) -> Structure:
    """Households of one to six people, about ``residents`` people in all."""
    rng = stream(seed, "households")
    count = max(int(residents / MEAN_SIZE), 1)
    kind = one_of(rng, _SHARES, count)
    ages = np.array(_HEAD_AGES)[kind]
    head_age = ages[:, 0] + (ages[:, 1] - ages[:, 0]) * rng.random(count)
    head_sex = np.where(happens(rng, _share_of_men(kind), count), 1, 2).astype(np.int64)
    present = _present(rng, kind, count)
    age = _ages(rng, kind, head_age, count)
    sex = _sexes(rng, head_sex, count)
    twin = present[:, CHILD_2] & happens(rng, 0.03, count)
    birth = np.rint(_REFERENCE - age * _DAYS).astype(np.int64)
    birth[twin, CHILD_2] = birth[twin, CHILD_1]
    too_old = birth < _FIRST_BIRTH
    birth[too_old] = _FIRST_BIRTH + rng.integers(0, 3_000, int(too_old.sum()))
    present &= birth <= _LAST_BIRTH
    twin &= present[:, CHILD_1]
    household, role = np.nonzero(present)
    return Structure(
        kind=kind,
        household=household,
        role=role,
        sex=sex[household, role],
        birth=birth[household, role],
        is_twin=twin[household] & (role == CHILD_2),
    )


def _share_of_men(kind: Ints) -> Floats:
    shares = np.full(10, 0.72)
    shares[[ELDER, LONE_PARENT]] = 0.36
    return np.asarray(shares[kind])


def _present(rng: np.random.Generator, kind: Ints, count: int) -> Bools:
    present = np.zeros((count, 6), dtype=bool)
    present[:, HEAD] = True
    present[:, SPOUSE] = np.isin(kind, _HAS_SPOUSE)
    present[:, CHILD_1] = np.isin(kind, _HAS_CHILD)
    three = kind == THREE_GENERATIONS
    present[:, CHILD_2] = (kind == TWO_CHILDREN) | (three & happens(rng, 0.25, count))
    parents = three | (kind == WITH_PARENTS)
    both = happens(rng, 0.5, count)
    present[:, FATHER] = parents & (both | happens(rng, 0.4, count))
    present[:, MOTHER] = parents & (both | ~present[:, FATHER])
    return present


def _ages(rng: np.random.Generator, kind: Ints, head: Floats, count: int) -> Floats:
    """Ages in years of the six roles: shape (households, 6)."""
    first = np.clip(rng.normal(27, 3.5, count), 19, 42)
    first = np.where(kind == GRANDPARENT, 46 + 10 * rng.random(count), first)
    age = np.empty((count, 6))
    age[:, HEAD] = head
    age[:, SPOUSE] = np.maximum(head + rng.normal(-1, 2.5, count), rng.uniform(20.5, 23.5, count))
    age[:, CHILD_1] = head - first
    age[:, CHILD_2] = age[:, CHILD_1] - 1.2 - 5 * rng.random(count)
    age[:, FATHER] = head + np.clip(rng.normal(27, 4, count), 19, 40)
    age[:, MOTHER] = age[:, FATHER] - np.clip(rng.normal(1, 2.5, count), -6, 8)
    return age


def _sexes(rng: np.random.Generator, head: Ints, count: int) -> Ints:
    sex = np.empty((count, 6), dtype=np.int64)
    sex[:, HEAD] = head
    sex[:, SPOUSE] = 3 - head
    sex[:, CHILD_1] = np.where(happens(rng, 0.52, count), 1, 2)
    sex[:, CHILD_2] = np.where(happens(rng, 0.53, count), 1, 2)
    sex[:, FATHER] = 1
    sex[:, MOTHER] = 2
    return sex
