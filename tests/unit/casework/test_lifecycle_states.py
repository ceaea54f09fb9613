"""Events in, state out."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.lifecycle import (
    Absence,
    Before,
    Event,
    EventKind,
    FindingState,
    Status,
    next_step,
    state_of,
)

RUNS = [date(2026, 11, day) for day in range(1, 8)]


def state(*events: tuple[EventKind, int], on: int, **last: object) -> FindingState | None:
    told = [Event(kind, date(2026, 11, day), "facts") for kind, day in events]
    if last:
        told[-1] = Event(told[-1].kind, told[-1].as_of, "facts", **last)  # type: ignore[arg-type]
    runs = [day for day in RUNS if day.day <= on]
    return state_of(told, runs, date(2026, 11, on))


def days(found: FindingState | None) -> tuple[object, ...]:
    assert found is not None
    return found.status, found.first_seen.day, found.last_seen.day, found.is_confirmed


OPENED, CHANGED, CONFIRMED = EventKind.OPENED, EventKind.CHANGED, EventKind.CONFIRMED
NOT_CHECKED, CLOSED, REOPENED = EventKind.NOT_CHECKED, EventKind.CLOSED, EventKind.REOPENED


@pytest.mark.parametrize(
    ("events", "on", "expected"),
    [
        pytest.param([(OPENED, 2)], 2, (Status.NEW, 2, 2, True), id="new on its first night"),
        pytest.param([(OPENED, 2)], 5, (Status.OPEN, 2, 5, True), id="open and seen every night"),
        pytest.param([(OPENED, 2), (CHANGED, 4)], 5, (Status.OPEN, 2, 5, True), id="other facts"),
        pytest.param(
            [(OPENED, 2), (NOT_CHECKED, 4)], 6, (Status.OPEN, 2, 3, False), id="not checked since"
        ),
        pytest.param(
            [(OPENED, 2), (NOT_CHECKED, 4), (CONFIRMED, 6)], 7, (Status.OPEN, 2, 7, True),
            id="seen again after a night not checked",
        ),
        pytest.param([(OPENED, 2), (CLOSED, 5)], 6, (Status.CLOSED, 2, 4, False), id="closed"),
        pytest.param(
            [(OPENED, 2), (NOT_CHECKED, 3), (CLOSED, 5)], 6, (Status.CLOSED, 2, 2, False),
            id="closed after nights not checked",
        ),
        pytest.param(
            [(OPENED, 2), (CLOSED, 3), (REOPENED, 5)], 6, (Status.OPEN, 5, 6, True),
            id="a closed one that returns is first seen anew",
        ),
        pytest.param(
            [(OPENED, 2), (CLOSED, 5)], 3, (Status.OPEN, 2, 3, True), id="later events do not count"
        ),
    ],
)  # fmt: skip
def test_the_state_after_events(
    events: list[tuple[EventKind, int]], on: int, expected: tuple[object, ...]
) -> None:
    assert days(state(*events, on=on)) == expected


def test_no_state_before_the_first_event() -> None:
    assert state((OPENED, 5), on=4) is None


@pytest.mark.parametrize(
    ("seen", "expires", "on", "expected"),
    [
        ("facts", None, 5, Status.CLEARED),
        ("facts", date(2026, 11, 5), 5, Status.CLEARED),
        ("facts", date(2026, 11, 4), 5, Status.OPEN),
        ("other facts", None, 5, Status.OPEN),
    ],
)
def test_a_clearance_holds_until_its_facts_change_or_it_expires(
    seen: str, expires: date | None, on: int, expected: Status
) -> None:
    events = [
        Event(OPENED, RUNS[0], "facts"),
        Event(EventKind.DISMISSED, RUNS[1], "facts", by_name="reviewer", expires_on=expires),
    ]
    if seen != "facts":
        events.append(Event(CHANGED, RUNS[3], seen))
    found = state_of(events, RUNS[:on], date(2026, 11, on))
    assert found is not None
    assert found.status is expected


def test_a_clearance_outlives_closing_and_reopening_on_the_same_facts() -> None:
    events = [
        Event(OPENED, RUNS[0], "facts"),
        Event(EventKind.DISMISSED, RUNS[0], "facts", by_name="reviewer"),
        Event(CLOSED, RUNS[2], "facts"),
        Event(REOPENED, RUNS[4], "facts"),
    ]
    assert days(state_of(events, RUNS, RUNS[-1]))[0] is Status.CLEARED


@pytest.mark.parametrize("kind", [EventKind.REVIEWED, EventKind.DECIDED, EventKind.DISMISSED])
def test_what_a_person_says_of_a_closed_finding_opens_nothing_again(kind: EventKind) -> None:
    found = state((OPENED, 2), (CLOSED, 4), (kind, 5), on=6)
    assert days(found) == (Status.CLOSED, 2, 3, False)


def test_a_review_stands_until_other_facts_are_seen() -> None:
    reviewed = [Event(OPENED, RUNS[0], "facts"), Event(EventKind.REVIEWED, RUNS[1], "facts")]
    assert days(state_of(reviewed, RUNS, RUNS[-1]))[0] is Status.REVIEWED
    changed = [*reviewed, Event(CHANGED, RUNS[2], "other")]
    assert days(state_of(changed, RUNS, RUNS[-1]))[0] is Status.OPEN


OPEN = Before(True, None, 1, "facts")
UNSURE = Before(True, "source_stale:a.b", 1, "facts")
ENDED = Before(False, None, 1, "facts")


@pytest.mark.parametrize(
    ("before", "seen", "absence", "expected"),
    [
        (None, "facts", None, (OPENED, None)),
        (OPEN, "facts", None, None),
        (OPEN, "other", None, (CHANGED, None)),
        (UNSURE, "facts", None, (CONFIRMED, None)),
        (UNSURE, "other", None, (CHANGED, None)),
        (ENDED, "facts", None, (REOPENED, None)),
        (OPEN, None, Absence(True, "clear"), (CLOSED, "clear")),
        (UNSURE, None, Absence(True, "clear"), (CLOSED, "clear")),
        (OPEN, None, Absence(False, "x"), (NOT_CHECKED, "x")),
        (UNSURE, None, Absence(False, "source_stale:a.b"), None),
        (UNSURE, None, Absence(False, "x"), (NOT_CHECKED, "x")),
        (ENDED, None, Absence(True, "clear"), None),
        (OPEN, None, None, None),
        (None, None, None, None),
    ],
)
def test_the_step_a_night_adds(
    before: Before | None, seen: str | None, absence: Absence | None, expected: object
) -> None:
    assert next_step(before, seen, absence) == expected


@given(
    st.lists(
        st.sampled_from(["facts", "other", "clear", "unknown"]), min_size=1, max_size=len(RUNS)
    )
)
def test_nothing_unknown_ever_opens_or_closes(nights: list[str]) -> None:
    """Fold the steps night by night and compare with what the nights said, read plainly."""
    events: list[Event] = []
    before: Before | None = None
    for day, said in zip(RUNS, nights, strict=False):
        seen = said if said in ("facts", "other") else None
        absence = None if seen else Absence(said == "clear", said)
        step = next_step(before, seen, absence)
        if step:
            known = seen or (before.evidence_hash if before else "")
            events.append(Event(step[0], day, known, step[1]))
        if seen:
            before = Before(True, None, 1, seen)
        elif before and before.is_open:
            closed = said == "clear"
            before = Before(not closed, None if closed else said, 1, before.evidence_hash)
    state = state_of(events, RUNS[: len(nights)], RUNS[len(nights) - 1])
    telling = [(day, said) for day, said in zip(RUNS, nights, strict=False) if said != "unknown"]
    sights = [day for day, said in telling if said != "clear"]
    if not sights:
        assert state is None
        return
    assert state is not None
    assert state.last_seen == sights[-1]
    assert state.is_closed == (telling[-1][1] == "clear")
    assert state.is_confirmed == (nights[-1] in ("facts", "other"))
