"""Looking that a supervisor should hear of: kin, neighbours, repeats, nights, runs of numbers."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Final

from domain.dates import HERE
from service.look_book import BLOCK, SAME_ADDRESS, SAME_SURNAME
from store.access_log import LoggedLook, looks
from store.ledger import Ledger

REPEATED_FROM: Final = 5  # looks of one user at one person in a day
RUN_FROM: Final = 4  # consecutive numbers asked for in a day
BLOCK_FROM: Final = 4  # people of one birth date and division looked at in a day
NIGHT_BEGINS: Final = time(21, 0)
NIGHT_ENDS: Final = time(6, 0)
_TAIL: Final = re.compile(r"^(\D*)(\d+)$")
# Reading, printing and watching after a check show again what it showed: one look for each slip.
_OF_A_SLIP: Final = frozenset({"slip", "print", "watch"})
# What is said of a finding shows nothing by itself: the page it was said on was a look already.
_SHOWS_NOTHING: Final = frozenset({"decide:finding"})
_NOT_LOOKS: Final = frozenset({"sign_in", "sign_in_refused", "sign_out", "password_changed"})


@dataclass(frozen=True, slots=True)
class Unusual:
    """What one user did on one day that is unusual, and in which entries of the log."""

    who: str
    kind: str
    entries: tuple[int, ...]


def unusual_on(ledger: Ledger, day: date) -> list[Unusual]:
    """What was unusual on a day (Asia/Shanghai), by user and kind."""
    begins = datetime.combine(day, time(), HERE)
    ends = begins + timedelta(days=1)
    of_day = [entry for entry in looks(ledger, since=begins.astimezone(UTC)) if entry.at < ends]
    return find_unusual(of_day)


def find_unusual(entries: Iterable[LoggedLook]) -> list[Unusual]:
    """The same over entries of one day."""
    by_user: dict[str, list[LoggedLook]] = defaultdict(list)
    for entry in entries:
        if entry.look.action not in _NOT_LOOKS:
            by_user[entry.look.who].append(entry)
    return [
        Unusual(who, kind, tuple(sorted(set(found))))
        for who, own in sorted(by_user.items())
        for kind, find in _KINDS.items()
        if (found := find(own))
    ]


def _is_at_somebody(entry: LoggedLook) -> bool:
    """Whether it was asked for: a list shows whoever is next, unless it was narrowed to a case."""
    return not entry.look.action.startswith("list:") or bool(entry.look.target)


def _marked(mark: str) -> Callable[[Sequence[LoggedLook]], list[int]]:
    return lambda entries: [
        entry.entry_no for entry in entries if mark in entry.look.marks and _is_at_somebody(entry)
    ]


def _repeated(entries: Sequence[LoggedLook]) -> list[int]:
    by_person: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for entry in filter(_is_at_somebody, entries):
        look = entry.look
        if look.action in _SHOWS_NOTHING:
            continue
        occasion = look.target if look.action in _OF_A_SLIP else str(entry.entry_no)
        for subject in look.subjects:
            by_person[subject][occasion or ""].append(entry.entry_no)
    return [
        no
        for occasions in by_person.values()
        if len(occasions) >= REPEATED_FROM
        for numbers in occasions.values()
        for no in numbers
    ]


def _at_night(entries: Sequence[LoggedLook]) -> list[int]:
    return [entry.entry_no for entry in entries if _is_night(entry.at.astimezone(HERE).time())]


def _is_night(moment: time) -> bool:
    return moment >= NIGHT_BEGINS or moment < NIGHT_ENDS


def _enumerated(entries: Sequence[LoggedLook]) -> list[int]:
    return [*_runs_of_numbers(entries), *_runs_of_birthdays(entries)]


def _runs_of_numbers(entries: Sequence[LoggedLook]) -> list[int]:
    """Case or application numbers one after another, those that were refused included."""
    tails: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for entry in entries:
        if found := _TAIL.match(entry.look.target or ""):
            tails[found.group(1)][int(found.group(2))].append(entry.entry_no)
    return [
        no
        for by_tail in tails.values()
        for run in _runs(sorted(by_tail))
        if len(run) >= RUN_FROM
        for tail in run
        for no in by_tail[tail]
    ]


def _runs(numbers: Sequence[int]) -> list[list[int]]:
    """The numbers in groups of neighbours."""
    runs = [[number] for number in numbers[:1]]
    for before, number in pairwise(numbers):
        if number - before == 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return runs


def _runs_of_birthdays(entries: Sequence[LoggedLook]) -> list[int]:
    """Many people whose numbers begin alike: somebody is trying the digits behind a birth date."""
    people: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for entry in entries:
        for mark in entry.look.marks:
            if mark.startswith(BLOCK) and len(entry.look.subjects) == 1:
                people[mark][entry.look.subjects[0]].append(entry.entry_no)
    return [
        no
        for by_person in people.values()
        if len(by_person) >= BLOCK_FROM
        for numbers in by_person.values()
        for no in numbers
    ]


_KINDS: Final[dict[str, Callable[[Sequence[LoggedLook]], list[int]]]] = {
    "same_surname": _marked(SAME_SURNAME),
    "same_address": _marked(SAME_ADDRESS),
    "repeated": _repeated,
    "at_night": _at_night,
    "enumerated": _enumerated,
}
