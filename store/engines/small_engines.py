"""Engines for one household, lent to whoever checks next."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from store.engines.small import SmallEngine

_KEPT: Final = 4


class SmallEngines:
    """A few :class:`SmallEngine` that keep their plans from one check to the next.

    The one given back last is lent first: it has the most plans. One at whose work something failed
    is not lent again, for nobody knows in what state it was left.
    """

    def __init__(self, kept: int = _KEPT) -> None:
        self._kept = kept
        self._idle: list[SmallEngine] = []
        self._lock = threading.Lock()

    @contextmanager
    def lent(self) -> Iterator[SmallEngine]:
        """An engine for one check, which nobody else has meanwhile."""
        with self._lock:
            engine = self._idle.pop() if self._idle else None
        engine = engine or SmallEngine()
        is_sound = False
        try:
            yield engine
            engine.reclaim()
            is_sound = True
        finally:
            self._take_back(engine, is_sound)

    def _take_back(self, engine: SmallEngine, is_sound: bool) -> None:
        with self._lock:
            if is_sound and len(self._idle) < self._kept:
                self._idle.append(engine)
                return
        engine.close()
