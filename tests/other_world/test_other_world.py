"""A night over a district that other hands made: other names, other noise, other files.

Nothing of the simulation is used, and its noise falls on each row alone. Every person that a record
is tied to is the one it speaks of, nearly every record that can be tied is, and the findings are
those that the books hold.
"""

from collections import Counter
from collections.abc import Iterator

import duckdb
import pytest

from sources.contract import load_dictionary
from tests.conftest import AS_OF, POLICY, Hedui
from tests.other_world.night import DAMAGED, UNNUMBERED, OtherNight, make_books, only_snapshot

RESIDENTS = 12_000
SLIPS = 0.03


@pytest.fixture(scope="module")
def night(hedui: Hedui, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OtherNight]:
    home = tmp_path_factory.mktemp("other-world")
    books, spoken = make_books(RESIDENTS, 1, SLIPS, home / "inbox")
    done = hedui(
        "run", "--inbox", home / "inbox", "--policy", POLICY, "--as-of", AS_OF,
        "--workspace", home / "workspace",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    snapshot = only_snapshot(home / "workspace")
    with duckdb.connect(str(snapshot), read_only=True) as connection:
        yield OtherNight(books, spoken, connection)


def test_every_dataset_is_in_force_and_every_row_accounted_for(night: OtherNight) -> None:
    states = night.snapshot.execute("select distinct state from clean.source_status").fetchall()
    assert states == [("in_force",)]
    for contract in load_dictionary():
        kept, aside = (
            night.snapshot.execute(query).fetchone()[0]  # type: ignore[index]
            for query in (
                f"select count(*) from clean.{contract.table}",
                f"select count(*) from clean.set_aside where dataset = '{contract.dataset}'",
            )
        )
        assert kept + aside == len(night.books.rows[contract.dataset])


def test_no_record_is_tied_to_somebody_else(night: OtherNight) -> None:
    assert [one for one in night.seen() if one.outcome in ("wrong", "apart")] == []


def test_records_are_found_by_what_they_say(night: OtherNight) -> None:
    seen: Counter[str] = Counter()
    found: Counter[str] = Counter()
    for one in night.seen():
        seen[one.number] += 1
        found[one.number] += one.outcome == "found"
    assert found["own"] >= 0.9999 * seen["own"]
    assert _of(found, DAMAGED) >= 0.99 * _of(seen, DAMAGED) > 100
    assert _of(found, UNNUMBERED) >= 0.88 * _of(seen, UNNUMBERED) > 100
    assert found["another's"] <= 0.1 * seen["another's"]


def _of(counts: "Counter[str]", kinds: tuple[str, ...]) -> int:
    return sum(counts[kind] for kind in kinds)


def test_the_findings_are_those_on_the_books(night: OtherNight) -> None:
    rules = {rule for rule, _, _ in night.books.planted}
    found = {one for one in night.found() if one[0] in rules}
    assert found == night.books.planted
