"""Streams of chance: one for each purpose, so that adding a draw here changes nothing there."""

from zlib import crc32

import numpy as np

from simulation.timeline import Bools, Floats, Ints


def stream(seed: int, *purpose: str | int) -> np.random.Generator:
    """The generator of one purpose; month by month, where a month number is part of it."""
    words = [part if isinstance(part, int) else crc32(part.encode()) for part in purpose]
    return np.random.default_rng([seed, *words])


def one_of(rng: np.random.Generator, weights: list[float] | tuple[float, ...], count: int) -> Ints:
    """Places in a short list, as often as their weights say."""
    shares = np.cumsum(np.array(weights, dtype=np.float64))
    return np.searchsorted(shares / shares[-1], rng.random(count), side="right").astype(np.int64)


def happens(rng: np.random.Generator, share: float | Floats, count: int) -> Bools:
    """True for about that share."""
    return np.asarray(rng.random(count) < share)
