"""Nights in a row: identities are kept, nothing closes on missing data, repeats change nothing."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nights import REGISTERS, Night, finding, record, run_night
from sqlalchemy import text

from casework.findings import current_findings, history
from casework.recurrence import RecurrenceSummary
from domain.errors import HeduiError
from store.ledger import Ledger
from store.runs import published_runs
from store.workspace import open_workspace

D1, D2, D3, D4 = (date(2026, 11, day) for day in (20, 21, 22, 23))
RULE = "motor_vehicle"
FOUND = ("DB1", RULE, "found", "")
CLEAR = ("DB1", RULE, "clear", "")
UNKNOWN = ("DB1", RULE, "not_checked", "source_stale:public_security.vehicles")


def seen(day: date, facts: str = "facts-1", **others: object) -> Night:
    return Night(day, [finding("F1", evidence_hash=facts, **others)], [FOUND])


def clear(day: date, late: str = "") -> Night:
    return Night(day, [], [CLEAR], late=late)


def unknown(day: date, late: str = "") -> Night:
    return Night(day, [], [UNKNOWN], late=late)


def standing(ledger: Ledger, day: date | None = None) -> tuple[object, ...]:
    (one,) = current_findings(ledger, day, include_closed=True)
    return one.status, one.first_seen, one.last_seen, one.confirmed, one.reason


def dump(ledger: Ledger) -> list[object]:
    """Everything the ledger says of findings, events marked superseded included."""
    tables = ("finding", "finding_version", "sighting", "absence", "finding_event")
    with ledger.reading() as session:
        return [session.execute(text(f"select * from {t} order by 1, 2")).all() for t in tables]


def test_the_same_finding_is_not_new_the_next_night(ledger: Ledger) -> None:
    assert record(ledger, seen(D1)) == RecurrenceSummary(1, 1, 0, 0, 0, 0, 0)
    assert standing(ledger) == ("new", D1, D1, True, None)
    assert record(ledger, seen(D2)) == RecurrenceSummary(1, 0, 0, 0, 1, 0, 0)
    assert standing(ledger) == ("open", D1, D2, True, None)


def test_other_facts_are_a_change_of_the_same_finding(ledger: Ledger) -> None:
    record(ledger, seen(D1))
    assert record(ledger, seen(D2, "facts-2")).changed == 1
    assert standing(ledger) == ("open", D1, D2, True, None)
    assert [event.kind.value for event in history(ledger, "F1")] == ["opened", "changed"]


def test_another_grade_on_the_same_facts_is_shown_and_is_no_event(ledger: Ledger) -> None:
    record(ledger, seen(D1, grade="verify"))
    assert record(ledger, seen(D2, grade="flag")).changed == 0
    assert [view.grade for view in current_findings(ledger)] == ["flag"]
    assert [view.grade for view in current_findings(ledger, D1)] == ["verify"]
    assert len(history(ledger, "F1")) == 1


def test_a_finding_closes_where_tonights_answer_is_clear(ledger: Ledger) -> None:
    record(ledger, seen(D1))
    assert record(ledger, clear(D2)).closed == 1
    assert standing(ledger) == ("closed", D1, D1, False, "clear")
    assert current_findings(ledger) == []


def test_nothing_closes_on_missing_data(ledger: Ledger) -> None:
    record(ledger, seen(D1))
    summary = record(ledger, unknown(D2))
    assert (summary.closed, summary.not_checked, summary.open) == (0, 1, 1)
    assert standing(ledger) == ("open", D1, D1, False, "source_stale:public_security.vehicles")
    record(ledger, unknown(D3))
    assert len(history(ledger, "F1")) == 2
    record(ledger, seen(D4))
    assert standing(ledger) == ("open", D1, D4, True, None)


def test_a_register_of_households_that_is_not_in_force_ends_no_case(ledger: Ledger) -> None:
    record(ledger, seen(D1))
    stale = [(REGISTERS[0], "stale"), (REGISTERS[1], "in_force")]
    record(ledger, Night(D2, [], [], households=[], sources=stale))
    assert standing(ledger)[3:] == (False, "source_stale:civil_affairs.households")


def test_a_case_that_ended_closes_its_findings(ledger: Ledger) -> None:
    record(ledger, seen(D1))
    others = [("DB9", RULE, "clear", "")]
    record(ledger, Night(D2, [], others, households=[("DB1", "2"), ("DB9", "1")]))
    assert standing(ledger) == ("closed", D1, D1, False, "case_ended")


def test_a_closed_finding_that_returns_is_reopened_and_first_seen_anew(ledger: Ledger) -> None:
    record(ledger, seen(D1))
    record(ledger, clear(D2))
    assert record(ledger, seen(D3)) == RecurrenceSummary(1, 0, 1, 0, 0, 0, 0)
    assert standing(ledger) == ("open", D3, D3, True, None)


def test_running_a_date_again_changes_nothing(ledger: Ledger) -> None:
    for night in (seen(D1), unknown(D2), seen(D3, "facts-2")):
        record(ledger, night)
    before, views = dump(ledger), current_findings(ledger)
    for night in (seen(D3, "facts-2"), unknown(D2), seen(D1)):
        record(ledger, night)
    assert dump(ledger) == before
    assert current_findings(ledger) == views


def test_a_late_delivery_supersedes_the_dates_earlier_run(ledger: Ledger) -> None:
    record(ledger, seen(D1))
    record(ledger, unknown(D2))
    record(ledger, clear(D2, late="vehicles"))
    assert standing(ledger) == ("closed", D1, D1, False, "clear")
    assert [event.kind.value for event in history(ledger, "F1")] == ["opened", "closed"]
    with ledger.reading() as session:
        marked = session.execute(
            text("select kind, superseded_by from finding_event where superseded_by is not null")
        ).all()
    assert marked == [("not_checked", 3)]


def test_the_first_manifest_run_again_counts_again(ledger: Ledger) -> None:
    record(ledger, seen(D1))
    record(ledger, unknown(D2))
    record(ledger, clear(D2, late="vehicles"))
    assert [run.run_no for run in published_runs(ledger)] == [1, 3]
    record(ledger, unknown(D2))
    assert standing(ledger)[0] == "open"
    assert [run.run_no for run in published_runs(ledger)] == [1, 2]
    record(ledger, unknown(D2))  # it counts already
    assert [run.publication for run in published_runs(ledger)] == [1, 4]


def test_a_replay_of_an_older_date_leaves_the_newer_state(ledger: Ledger) -> None:
    record(ledger, seen(D2))
    assert record(ledger, seen(D1)).new == 1
    assert standing(ledger) == ("open", D1, D2, True, None)
    assert standing(ledger, D1) == ("new", D1, D1, True, None)


def test_an_older_night_superseded_puts_later_events_right(ledger: Ledger) -> None:
    record(ledger, seen(D1))
    record(ledger, unknown(D2))
    record(ledger, clear(D3))
    record(ledger, clear(D1, late="x"))
    assert current_findings(ledger, include_closed=True) == []
    record(ledger, seen(D1))
    assert standing(ledger) == ("closed", D1, D1, False, "clear")
    assert standing(ledger, D2)[0] == "open"


def test_a_later_nights_snapshot_is_asked_of_findings_it_did_not_know(ledger: Ledger) -> None:
    workspace = ledger.workspace
    run_night(ledger, workspace, clear(D2))
    run_night(ledger, workspace, seen(D1))
    assert standing(ledger) == ("closed", D1, D1, False, "clear")
    assert standing(ledger, D1) == ("new", D1, D1, True, None)


def test_what_no_kept_snapshot_tells_is_not_checked(ledger: Ledger) -> None:
    record(ledger, clear(D2))
    record(ledger, seen(D1))
    assert standing(ledger) == ("open", D1, D1, False, "snapshot_gone")


def test_evidence_shows_the_newest_places_and_those_of_the_date_asked_for(ledger: Ledger) -> None:
    for day in (D2, D3, D1):
        record(ledger, seen(day, evidence=f'["{day}"]'))
    shown = [current_findings(ledger, day)[0].evidence for day in (D1, D3, None)]
    assert shown == ['["2026-11-20"]', '["2026-11-22"]', '["2026-11-22"]']


def test_views_carry_what_was_judged(ledger: Ledger) -> None:
    row = finding(
        "F7", None, rule="monitored_unlisted", direction="under", per="person", grade="verify",
        household_no="HH1", person_key="R7", at_risk_yuan=Decimal("310.05"), person_id_no="99",
    )  # fmt: skip
    record(ledger, Night(D1, [row], [(None, "monitored_unlisted", "found", "")]))
    (view,) = current_findings(ledger)
    assert (view.household_no, view.at_risk_yuan, view.township) == (
        "HH1", Decimal("310.05"), "990102001",
    )  # fmt: skip


def test_a_person_with_a_row_set_aside_is_not_closed(ledger: Ledger) -> None:
    row = finding("F7", None, per="household", household_no="HH1")
    record(ledger, Night(D1, [row], [(None, RULE, "found", "")]))
    asked = Night(D2, [], [(None, RULE, "clear", "")])
    asked.persons, asked.unchecked = [(5, "R5", "HH1")], [("medical.x", 5, "cut_off")]
    record(ledger, asked)
    assert standing(ledger)[3:] == (False, "row_set_aside:medical.x")


def test_a_finding_number_given_twice_records_nothing(ledger: Ledger) -> None:
    with pytest.raises(HeduiError) as caught:
        record(ledger, Night(D1, [finding("F1"), finding("F1", "DB2")], [FOUND]))
    assert caught.value.key == "findings_repeated"
    assert current_findings(ledger) == []


SAYS = {"seen": seen, "clear": clear, "unknown": unknown}


@settings(max_examples=8, deadline=None)
@given(st.permutations(range(4)), st.lists(st.sampled_from(sorted(SAYS)), min_size=4, max_size=4))
def test_the_order_in_which_dates_are_run_never_matters(
    tmp_path_factory: pytest.TempPathFactory, order: list[int], said: list[str]
) -> None:
    """While the snapshots of the later nights are kept, which can still be asked."""
    nights = [SAYS[one](date(2026, 11, 20 + place)) for place, one in enumerate(said)]
    results = []
    for sequence in (range(4), order):
        with Ledger.open(open_workspace(tmp_path_factory.mktemp("ws") / "ws")) as ledger:
            for place in sequence:
                run_night(ledger, ledger.workspace, nights[place])
            results.append(current_findings(ledger, include_closed=True))
    assert results[0] == results[1]
