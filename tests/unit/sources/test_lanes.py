"""Two datasets at a time, and never more rows under way than memory allows."""

import signal
import threading

import duckdb
import pytest

from sources import lanes
from sources.lanes import Job, Stopped, side_by_side
from store.engines.duckdb import DuckDBEngine


class Watched:
    """Jobs that note what is under way beside them; ``together`` waits for one another."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.under_way = 0
        self.most = 0
        self.engines = set()
        self.begun = []

    def job(self, rows, name, meet=None, rows_in_all=0):
        def work(engine):
            with self.lock:
                self.under_way += rows
                self.most = max(self.most, self.under_way)
                self.engines.add(id(engine))
                self.begun.append(name)
            if meet is not None:
                meet.wait(timeout=30)
            (answer,) = engine.rows("select $name", {"name": name})[0]
            with self.lock:
                self.under_way -= rows
            return answer

        return Job(rows, work, rows_in_all)


@pytest.fixture
def engine():
    with DuckDBEngine() as opened:
        yield opened


def test_results_come_in_the_order_of_the_jobs(engine):
    watched = Watched()
    jobs = [watched.job(rows, f"job {rows}") for rows in (3, 1, 0, 7, 5)]
    assert side_by_side(engine, jobs) == ["job 3", "job 1", "job 0", "job 7", "job 5"]


def test_two_go_side_by_side_each_with_an_engine_of_its_own(engine):
    watched, meeting = Watched(), threading.Barrier(2)
    side_by_side(engine, [watched.job(10, name, meeting) for name in "ab"])
    assert watched.most == 20
    assert len(watched.engines) == 2


def test_what_takes_longest_comes_first_however_small_its_deliveries(engine, monkeypatch):
    monkeypatch.setattr(lanes, "ROWS_AT_ONCE", 1)  # one after the other
    watched = Watched()
    given = {"register": (10, 10), "months": (7, 35), "days": (1, 6), "weeks": (3, 6)}
    side_by_side(
        engine,
        [watched.job(most, name, rows_in_all=total) for name, (most, total) in given.items()],
    )
    assert watched.begun == ["months", "register", "days", "weeks"]


def test_no_more_rows_are_under_way_than_memory_allows(engine, monkeypatch):
    monkeypatch.setattr(lanes, "ROWS_AT_ONCE", 100)
    watched = Watched()
    sizes = (250, 90, 60, 40, 30, 20, 10, 5)
    side_by_side(engine, [watched.job(rows, str(rows)) for rows in sizes])
    assert watched.most == 250  # alone: larger than what may go together
    assert sorted(watched.begun, key=int) == sorted(map(str, sizes), key=int)


def test_a_fault_is_raised_and_no_other_job_begins(engine):
    begun = []

    def fails(_):
        raise ValueError("disk full")

    rest = [Job(1, lambda _, place=place: begun.append(place)) for place in range(50)]
    met = threading.Event()
    slow = Job(20, lambda _: met.wait(timeout=1))
    with pytest.raises(ValueError, match="disk full"):
        side_by_side(engine, [Job(30, fails), slow, *rest])
    assert len(begun) < 50


def test_where_nothing_is_to_be_read_one_engine_serves(engine):
    watched = Watched()
    side_by_side(engine, [watched.job(rows, str(rows)) for rows in (0, 0, 8, 0)])
    assert watched.engines == {id(engine)}


@pytest.mark.usefixtures("hearing_interrupts")
def test_an_interrupt_ends_the_queries_under_way_and_begins_no_other_job(engine):
    begun, ended, both = [], [], threading.Barrier(2)
    stopping = threading.Event()

    def asks(lane):
        both.wait(timeout=30)
        try:
            lane.rows(
                "select max(hash(a.range, b.range)) from range(10000000) a, range(10000000) b"
            )
        except duckdb.InterruptException:
            ended.append("query")
            raise

    def reads(_):
        both.wait(timeout=30)
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)
        if stopping.wait(timeout=30):
            ended.append("reading")
            raise Stopped

    rest = [Job(1, lambda _, place=place: begun.append(place)) for place in range(50)]
    with pytest.raises(KeyboardInterrupt):
        side_by_side(engine, [Job(30, asks), Job(20, reads), *rest], stopping)
    assert sorted(ended) == ["query", "reading"]
    assert begun == []
