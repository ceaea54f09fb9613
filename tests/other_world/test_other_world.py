"""A night over a district that other hands made: other names, other noise, other files.

Nothing of the simulation is used, and its noise falls on each row alone. Every person that a record
is tied to is the one it speaks of, nearly every record that can be tied is, and the findings are
those that the books hold.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import duckdb
import pytest

from sources.contract import load_dictionary
from tests.conftest import AS_OF, POLICY, Hedui
from tests.other_world import civil_affairs, departments
from tests.other_world.books import ONE, Books
from tests.other_world.delivering import Spoken, deliver
from tests.other_world.people import District

RESIDENTS = 12_000
SLIPS = 0.03
_INCOME = ("income_over_line", "undeclared_income", "undeclared_employment")
_OF_OUR_OWN = ("civil_affairs.members", "civil_affairs.applications")
_COUPLE = ("husband", "wife")


@dataclass(frozen=True)
class Seen:
    """One record of one person: what its number was like, whom it was tied to, who it is."""

    dataset: str
    number: str
    tied_to: int | None
    is_right: bool


@dataclass(frozen=True)
class OtherNight:
    """The night's snapshot beside the truth."""

    books: Books
    spoken: Spoken
    snapshot: duckdb.DuckDBPyConnection

    def seen(self) -> Iterator[Seen]:
        """Every mention of a person outside civil affairs' own lists of people."""
        registered = dict(
            self.snapshot.execute(
                "select register_no, person_id from clean.population"
                " join linked.person_record using (record_id)"
            ).fetchall()
        )
        for contract in load_dictionary():
            if contract.dataset in _OF_OUR_OWN:
                continue
            for day, row_no, role, status, number, tied_to in self.snapshot.execute(
                "select record.business_date, record.row_no, mention.role, mention.id_status,"
                " mention.id_no, link.person_id"
                f" from clean.{contract.table} as record"
                " join clean.mention as mention on mention.record_id = record.record_id"
                " left join linked.person_record as link"
                " on link.record_id = mention.record_id and link.role = mention.role"
            ).fetchall():
                spoken_role = role if role in _COUPLE else ONE
                person = self.spoken[contract.dataset, day, row_no, spoken_role]
                if number is not None:
                    status = "own" if number == person.number else "another's"
                is_right = tied_to == registered[person.register_no]
                yield Seen(contract.dataset, status, tied_to, is_right)

    def found(self) -> set[tuple[str, str, str]]:
        """The findings, as :attr:`Books.planted` writes them."""
        rows = self.snapshot.execute(
            "select rule, per, case_no, person.id_no from judged.finding as finding"
            " left join linked.person as person on person.person_id = finding.person_id"
        )
        return {
            ("income", case, "")
            if rule in _INCOME
            else (rule, case, number if per == "person" else "")
            for rule, per, case, number in rows.fetchall()
        }


@pytest.fixture(scope="module")
def night(hedui: Hedui, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OtherNight]:
    home = tmp_path_factory.mktemp("other-world")
    books = Books(District(seed=1, residents=RESIDENTS), SLIPS)
    civil_affairs.keep(books)
    departments.keep(books)
    spoken = deliver(books, home / "inbox")
    done = hedui(
        "run", "--inbox", home / "inbox", "--policy", POLICY, "--as-of", AS_OF,
        "--workspace", home / "workspace",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (snapshot,) = (home / "workspace" / "snapshots").glob("*.duckdb")
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
    wrong = [one for one in night.seen() if one.tied_to is not None and not one.is_right]
    assert wrong == []


def test_records_are_found_by_what_they_say(night: OtherNight) -> None:
    seen: Counter[str] = Counter()
    found: Counter[str] = Counter()
    for one in night.seen():
        seen[one.number] += 1
        found[one.number] += one.is_right
    unnumbered = ("absent", "placeholder", "scientific")
    damaged = ("check_digit", "malformed", "date")
    assert found["own"] >= 0.9999 * seen["own"]
    assert _of(found, damaged) >= 0.99 * _of(seen, damaged) > 100
    assert _of(found, unnumbered) >= 0.88 * _of(seen, unnumbered) > 100
    assert found["another's"] <= 0.1 * seen["another's"]


def _of(counts: "Counter[str]", kinds: tuple[str, ...]) -> int:
    return sum(counts[kind] for kind in kinds)


def test_the_findings_are_those_on_the_books(night: OtherNight) -> None:
    rules = {rule for rule, _, _ in night.books.planted}
    found = {one for one in night.found() if one[0] in rules}
    assert found == night.books.planted
