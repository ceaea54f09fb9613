"""A night over the other world, and how its links and findings compare with the truth.

    python -m tests.other_world.night --residents 30000 --seed 1 --slips 0.03

prints the records by what their number was like, found, wrong and missed.
"""

import argparse
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from sources.contract import load_dictionary
from tests.other_world import civil_affairs, departments
from tests.other_world.books import ONE, Books
from tests.other_world.delivering import Spoken, deliver
from tests.other_world.mixes import MIXES, ORDINARY, Mix
from tests.other_world.people import AS_OF, District, Person

POLICY = Path("rules/policy/990102.yaml")
_INCOME = ("income_over_line", "undeclared_income", "undeclared_employment")
_OF_OUR_OWN = ("civil_affairs.members", "civil_affairs.applications")
_COUPLE = ("husband", "wife")
UNNUMBERED = ("absent", "placeholder", "scientific")
DAMAGED = ("check_digit", "malformed", "date")


@dataclass(frozen=True)
class Seen:
    """One record of one person: what its number was like, and what became of it.

    ``outcome``: ``found``; ``missed``; ``wrong``; ``apart`` where it is tied to a person of a case
    whose row in the register stands as somebody else.
    """

    dataset: str
    number: str
    outcome: str
    grade: str | None
    person: Person
    record_id: int


@dataclass(frozen=True)
class OtherNight:
    """The night's snapshot beside the truth."""

    books: Books
    spoken: Spoken
    snapshot: duckdb.DuckDBPyConnection

    def seen(self) -> Iterator[Seen]:
        """Every mention of a person outside civil affairs' own lists of people."""
        registered = self._registered()
        own = self._own()
        for contract in load_dictionary():
            if contract.dataset in _OF_OUR_OWN:
                continue
            for (
                day,
                row_no,
                role,
                status,
                number,
                tied_to,
                grade,
                record_id,
            ) in self.snapshot.execute(
                "select record.business_date, record.row_no, mention.role, mention.id_status,"
                " mention.id_no, link.person_id, link.grade, record.record_id"
                f" from clean.{contract.table} as record"
                " join clean.mention as mention on mention.record_id = record.record_id"
                " left join linked.person_record as link"
                " on link.record_id = mention.record_id and link.role = mention.role"
            ).fetchall():
                spoken_role = role if role in _COUPLE else ONE
                person = self.spoken[contract.dataset, day, row_no, spoken_role]
                if number is not None:
                    status = "own" if number == person.number else "another's"
                if tied_to is None:
                    outcome = "missed"
                elif tied_to in registered.get(person, ()):
                    outcome = "found"
                elif own.get(tied_to) is person:
                    outcome = "apart" if person in registered else "found"
                else:
                    outcome = "wrong"
                yield Seen(contract.dataset, status, outcome, grade, person, record_id)

    def _registered(self) -> dict[Person, set[int]]:
        """The person_id under which the register's rows of each stand (one, as a rule)."""
        named = {person.register_no: person for person in self.books.district.people}
        rows = self.snapshot.execute(
            "select register_no, person_id from clean.population"
            " join linked.person_record using (record_id)"
        )
        found: dict[Person, set[int]] = {}
        for register_no, person_id in rows.fetchall():
            found.setdefault(named[f"R{register_no[1:]}"], set()).add(person_id)
        return found

    def _own(self) -> dict[int, Person]:
        """Whom persons are whom only cases and applications know."""
        found = {}
        for table in ("member", "application"):
            dataset = f"civil_affairs.{table}s"
            rows = self.snapshot.execute(
                "select record.business_date, record.row_no, record.record_id"
                f" from clean.{table} as record"
                " join linked.subject as subject on subject.person_id = record.record_id"
            )
            for day, row_no, person_id in rows.fetchall():
                found[person_id] = self.spoken[dataset, day, row_no, ONE]
        return found

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


def make_books(
    residents: int, seed: int, slips: float, inbox: Path, mix: Mix = ORDINARY
) -> tuple[Books, Spoken]:
    """The books of a district of so many residents, delivered to ``inbox``."""
    books = Books(District(seed, residents, mix), slips)
    civil_affairs.keep(books)
    departments.keep(books)
    return books, deliver(books, inbox)


def only_snapshot(workspace: Path) -> Path:
    """The snapshot of a workspace's single run."""
    (snapshot,) = (workspace / "snapshots").glob("*.duckdb")
    return snapshot


def main() -> None:
    """Run a night in a folder of its own and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--residents", type=int, default=30_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--slips", type=float, default=0.03, help="share of rows with a slip")
    parser.add_argument("--mix", choices=list(MIXES), default="ordinary", help="what is odd in it")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hedui-other-world-") as folder:
        home = Path(folder)
        mix = MIXES[options.mix]
        books, spoken = make_books(
            options.residents, options.seed, options.slips, home / "inbox", mix
        )
        subprocess.run(
            [
                sys.executable, "-m", "service.cli", "run", "--inbox", str(home / "inbox"),
                "--policy", str(POLICY), "--as-of", AS_OF.isoformat(),
                "--workspace", str(home / "workspace"),
            ],
            check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        snapshot = only_snapshot(home / "workspace")
        with duckdb.connect(str(snapshot), read_only=True) as connection:
            _print(OtherNight(books, spoken, connection))


def _print(night: OtherNight) -> None:
    seen = list(night.seen())
    for title, kinds in (
        ("own valid number", ("own",)),
        ("damaged number", DAMAGED),
        ("no number", UNNUMBERED),
        ("another person's number", ("another's",)),
        ("all", ("own", *DAMAGED, *UNNUMBERED, "another's")),
    ):
        theirs = [one for one in seen if one.number in kinds]
        counts = Counter(one.outcome for one in theirs)
        share = counts["found"] / max(len(theirs), 1)
        print(f"{title:24} {len(theirs):9,} {dict(counts)} recall {share:.2%}")
    rules = {rule for rule, _, _ in night.books.planted}
    found = {one for one in night.found() if one[0] in rules}
    print(f"findings planted {len(night.books.planted)}, found {len(found & night.books.planted)},")
    print(f"besides: {sorted(found - night.books.planted)}")


if __name__ == "__main__":
    main()
