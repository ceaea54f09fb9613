"""Nights over districts that are odd throughout: nobody is tied to a stranger, nor stands twice."""

from collections import Counter
from collections.abc import Iterator

import duckdb
import pytest

from tests.conftest import AS_OF, POLICY, Hedui
from tests.other_world.mixes import MIXES
from tests.other_world.night import DAMAGED, UNNUMBERED, OtherNight, Seen, make_books, only_snapshot

RESIDENTS = 3_000
SLIPS = 0.12


@pytest.fixture(scope="module", params=["many-odd", "no-register"])
def night(
    request: pytest.FixtureRequest, hedui: Hedui, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[OtherNight]:
    home = tmp_path_factory.mktemp(request.param)
    books, spoken = make_books(RESIDENTS, 1, SLIPS, home / "inbox", MIXES[request.param])
    done = hedui(
        "run", "--inbox", home / "inbox", "--policy", POLICY, "--as-of", AS_OF,
        "--workspace", home / "workspace",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    with duckdb.connect(str(only_snapshot(home / "workspace")), read_only=True) as connection:
        yield OtherNight(books, spoken, connection)


def test_nobody_is_tied_to_a_stranger_or_stands_twice(night: OtherNight) -> None:
    assert [one for one in night.seen() if one.outcome in ("wrong", "apart")] == []


def test_the_records_of_people_on_assistance_are_found(night: OtherNight) -> None:
    listed = night.books.case_of
    theirs = [one for one in night.seen() if one.person in listed]
    assert _share(theirs, ("own",)) >= 0.98
    assert _share(theirs, DAMAGED) >= 0.98
    assert _share(theirs, UNNUMBERED) >= 0.75


def _share(seen: list[Seen], kinds: tuple[str, ...]) -> float:
    counts = Counter(one.outcome for one in seen if one.number in kinds)
    assert counts.total() > 10
    return counts["found"] / counts.total()
