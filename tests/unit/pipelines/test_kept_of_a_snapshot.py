"""What is looked up once a snapshot; checks side by side must not take it from one another."""

from pipelines.check import _SNAPSHOTS_KEPT, _kept


def test_it_is_looked_up_once_and_few_snapshots_are_kept():
    known: dict[str, int] = {}
    looked = iter(range(100))
    nights = [f"night-{place}" for place in range(_SNAPSHOTS_KEPT + 1)]
    found = [_kept(known, night, lambda: next(looked)) for night in nights for _ in range(2)]
    assert found == [place for place in range(_SNAPSHOTS_KEPT + 1) for _ in range(2)]
    assert list(known) == nights[-1:]


def test_what_another_check_clears_meanwhile_is_answered_all_the_same():
    class Cleared(dict):
        def __setitem__(self, snapshot: str, found: int) -> None:
            super().__setitem__(snapshot, found)
            self.clear()

    assert _kept(Cleared(), "night", lambda: 7) == 7
