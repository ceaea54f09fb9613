"""A night in a process of its own that dies, or runs out of disk, at a named place.

Arguments: the workspace and the place.
"""

import os
import resource
import signal
import sys
from collections.abc import Callable
from datetime import date
from typing import Any

import nights
from nights import Night, finding, run_night

import casework.recurrence
import store.snapshot
from domain.errors import HeduiError
from store.engines.duckdb import DuckDBEngine
from store.ledger import Ledger
from store.locking import run_lock
from store.workspace import open_workspace

Wrap = Callable[[Callable[..., Any]], Callable[..., Any]]
COUNT = 400
RULE = "motor_vehicle"


def night(day: int) -> Night:
    """Four hundred cases; each night thirty leave and thirty come, and one in five is unknown."""
    first = 30 * (day - 20)
    numbers = range(first, first + COUNT)
    rows = [
        finding(
            f"F{number:04}",
            f"DB{number}",
            evidence=f'[{{"facts": {{"plate": "{number}"}}, "pad": "{"x" * 400}{day}"}}]',
            evidence_hash=f"facts-{number}-{day if number % 50 == 0 else 0}",
        )
        for number in numbers
    ]
    answers: list[tuple[object, ...]] = [
        (f"DB{number}", RULE, _answer(number, numbers), "") for number in range(COUNT + 200)
    ]
    return Night(
        date(2026, 11, day),
        rows,
        answers,
        households=[(f"DB{number}", "1") for number in range(COUNT + 200)],
    )


def _answer(number: int, found: range) -> str:
    if number in found:
        return "found"
    return "not_checked" if number % 5 == 0 else "clear"


def die(*_: object, **__: object) -> Any:
    """As a power cut would have it: no handler runs."""
    os.kill(os.getpid(), signal.SIGKILL)


def dying_after(function: Callable[..., Any]) -> Callable[..., Any]:
    """``function``, and then the end."""

    def run(*arguments: object, **named: object) -> Any:
        function(*arguments, **named)
        die()

    return run


def dying_at_call(count: int) -> Wrap:
    """A function that works ``count`` times, and then the end."""

    def wrap(function: Callable[..., Any]) -> Callable[..., Any]:
        calls = iter(range(count))

        def run(*arguments: object, **named: object) -> Any:
            return die() if next(calls, None) is None else function(*arguments, **named)

        return run

    return wrap


def without_room(room: int) -> Wrap:
    """A function, when no file can grow past ``room`` bytes any more."""

    def wrap(function: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: object, **named: object) -> Any:
            resource.setrlimit(resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))
            return function(*arguments, **named)

        return run

    return wrap


PLACES: dict[str, tuple[object, str, Wrap]] = {
    "tables half built": (DuckDBEngine, "load_table", dying_at_call(4)),
    "before the checkpoint": (store.snapshot.SnapshotBuild, "seal", dying_at_call(0)),
    "closed and not renamed": (store.snapshot, "hash_file", dying_at_call(0)),
    "sealed and not recorded": (casework.recurrence, "read_findings", dying_at_call(0)),
    "contents kept": (casework.recurrence, "keep_contents", dying_after),
    "events written": (casework.recurrence, "_write_steps", dying_after),
    "before the commit": (casework.recurrence, "put_in_force", dying_after),
    "published and not ended": (nights, "record_run", dying_after),
    "disk full while the snapshot is built": (Night, "write", without_room(100_000)),
    "disk full while findings are recorded": (
        casework.recurrence, "keep_contents", without_room(8192),
    ),
}  # fmt: skip


def prepare(place: str) -> None:
    """Put the end of the process, or of the disk, at ``place``."""
    if place in PLACES:
        owner, name, wrap = PLACES[place]
        setattr(owner, name, wrap(getattr(owner, name)))


def say(word: str) -> None:
    """One line to whoever waits for it."""
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def main(path: str, place: str) -> None:
    """Run the second night; end with 3 and the error's key where an error says what happened."""
    prepare(place)
    workspace, second = open_workspace(path), night(21)
    try:
        with Ledger.open(workspace) as ledger, run_lock(ledger, workspace, at=second.at):
            say("running")
            run_night(ledger, workspace, second)
    except HeduiError as error:
        say(error.key)
        sys.exit(3)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
