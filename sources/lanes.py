"""Datasets judged side by side: two at a time, within the memory of the deliveries under way.

What one delivery needs keeps one core busy for most of its time (its rows are too few for an engine
to share them out, and reading and checking are Python's), so the second core takes another dataset.
"""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

from store.engines.engine import Engine

T = TypeVar("T")

LANES: Final = 2
ROWS_AT_ONCE: Final = 4_000_000
"""Rows of the deliveries under way; two of a million each stay under 1.5 GB in all."""

_AGAIN: Final = 0.1  # seconds: a lane between two queries has none that could be ended


class Stopped(Exception):
    """Raised by a job that was told to stop."""


@dataclass(frozen=True, slots=True)
class Job(Generic[T]):
    """Something to be done with an engine.

    ``rows`` are those of its largest delivery to read, which it has in memory at most; and
    ``rows_in_all`` those of all it reads one after the other, which tell how long it takes.
    """

    rows: int
    work: Callable[[Engine], T]
    rows_in_all: int = 0


def side_by_side(
    engine: Engine, jobs: Sequence[Job[T]], stopping: threading.Event | None = None
) -> list[T]:
    """Do every job, each on one engine; the results in the order of ``jobs``.

    What takes longest comes first, so that the lanes end together. What a job raises ends all: the
    one beside it is still done, no other begun. Jobs that read nothing make no second engine worth
    while. Where the caller is interrupted (Ctrl-C), ``stopping`` is set, for jobs to look at and
    raise ``Stopped``, and queries under way are ended: what is half made is given up.
    """
    if sum(job.rows > 0 for job in jobs) < LANES:
        return [job.work(engine) for job in jobs]
    board = _Board(jobs)
    with engine.beside() as other, ThreadPoolExecutor(LANES) as pool:
        lanes: list[Future[None]] = []
        try:
            lanes += (pool.submit(board.work_on, one) for one in (engine, other))
            for lane in lanes:
                lane.result()
        except KeyboardInterrupt:
            board.stop()
            _give_up(lanes, (engine, other), stopping or threading.Event())
            raise
        finally:
            board.stop()
    return [board.results[place] for place in range(len(jobs))]


def _give_up(
    lanes: Sequence[Future[None]], engines: Sequence[Engine], stopping: threading.Event
) -> None:
    """Have the lanes leave what they are at, and wait until they have."""
    stopping.set()
    while wait(lanes, timeout=_AGAIN).not_done:
        for engine in engines:
            engine.interrupt()


@dataclass(slots=True)
class _Board(Generic[T]):
    """The jobs still to be taken, and what has come of the others."""

    jobs: Sequence[Job[T]]
    results: dict[int, T] = field(default_factory=dict)
    _left: list[int] = field(init=False)
    _rows: int = 0
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def __post_init__(self) -> None:
        length = [max(job.rows, job.rows_in_all) for job in self.jobs]
        self._left = sorted(range(len(self.jobs)), key=lambda place: -length[place])

    def work_on(self, engine: Engine) -> None:
        """Take one job after the other until none is left."""
        while (place := self._take()) is not None:
            try:
                self.results[place] = self.jobs[place].work(engine)
            except BaseException:  # whatever it was, nothing more is begun; the caller hears it
                self.stop()
                raise
            finally:
                self._leave(place)

    def stop(self) -> None:
        """Let no other job begin."""
        with self._changed:
            self._left.clear()
            self._changed.notify_all()

    def _take(self) -> int | None:
        """The longest job that fits beside what is under way; None when none is left."""
        with self._changed:
            while self._left:
                for place in self._left:
                    if not self._rows or self._rows + self.jobs[place].rows <= ROWS_AT_ONCE:
                        self._left.remove(place)
                        self._rows += self.jobs[place].rows
                        return place
                self._changed.wait()
            return None

    def _leave(self, place: int) -> None:
        with self._changed:
            self._rows -= self.jobs[place].rows
            self._changed.notify_all()
