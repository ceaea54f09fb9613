"""Questions that do not wait for one another, asked two at a time where that pays."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from typing import TypeVar

from rules.foundation import Foundation

T = TypeVar("T")


def side_by_side(tables: Foundation, tasks: Sequence[Callable[[Foundation], T]]) -> list[T]:
    """What each task gives, in their order. A task asks by the foundation it is given alone.

    Over the few rows of a household DuckDB keeps one processor busy; an engine for these has a
    companion, and two threads take the tasks in order. A night's engine has none.
    """
    companion = tables.engine.companion()
    if companion is None:
        return [task(tables) for task in tasks]
    free: SimpleQueue[Foundation] = SimpleQueue()
    free.put(tables)
    free.put(tables.over(companion))

    def take(task: Callable[[Foundation], T]) -> T:
        one = free.get()
        try:
            return task(one)
        finally:
            free.put(one)

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(take, tasks))
