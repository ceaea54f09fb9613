"""The run ledger: begun, published, ended, failed, done."""

from datetime import UTC, date, datetime, timedelta

import pytest
from nights import Night, finding, record, run_night

from domain.errors import HeduiError
from store.ledger import Ledger
from store.runs import begin_run, fail_run, finish_run, newest_run, published_runs

D1, D2 = date(2026, 11, 20), date(2026, 11, 21)
AT = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
NIGHT = Night(D1, [finding("F1")], [("DB1", "motor_vehicle", "found", "")])


def test_a_run_is_noted_before_any_of_its_work(ledger: Ledger) -> None:
    run = begin_run(ledger, NIGHT.manifest, at=AT)
    assert (run.state, run.is_current, run.is_done, run.started_at) == ("started", False, False, AT)
    assert newest_run(ledger) is None


def test_the_same_manifest_is_recognised_as_done_unless_asked_in_full(ledger: Ledger) -> None:
    record(ledger, NIGHT)
    again = begin_run(ledger, NIGHT.manifest, at=AT + timedelta(hours=1))
    assert again.is_done
    full = begin_run(ledger, NIGHT.manifest, at=AT + timedelta(hours=1), full=True)
    assert (full.run_no, full.is_done, full.is_current) == (again.run_no, False, True)


def test_a_run_superseded_by_a_late_delivery_is_not_done(ledger: Ledger) -> None:
    record(ledger, NIGHT)
    record(ledger, Night(D1, late="vehicles", answers=NIGHT.answers, findings=NIGHT.findings))
    assert not begin_run(ledger, NIGHT.manifest, at=AT).is_done
    assert [run.run_no for run in published_runs(ledger)] == [2]


def test_a_run_left_as_started_is_noted_as_abandoned_by_the_next(ledger: Ledger) -> None:
    left = begin_run(ledger, NIGHT.manifest, at=AT)
    begin_run(ledger, Night(D2).manifest, at=AT)
    again = begin_run(ledger, NIGHT.manifest, at=AT)
    assert (again.run_no, again.state) == (left.run_no, "started")


def test_a_failed_run_says_why_and_is_started_again(ledger: Ledger) -> None:
    run = begin_run(ledger, NIGHT.manifest, at=AT)
    fail_run(ledger, run, at=AT, reason="snapshot_not_written")
    assert newest_run(ledger) is None
    assert begin_run(ledger, NIGHT.manifest, at=AT).state == "started"


def test_a_run_that_fails_at_its_reports_stays_published_and_is_not_done(ledger: Ledger) -> None:
    record(ledger, NIGHT)
    run = begin_run(ledger, NIGHT.manifest, at=AT, full=True)
    fail_run(ledger, run, at=AT, reason="report")
    now = newest_run(ledger)
    assert now is not None
    assert (now.state, now.is_current, now.is_done, now.failure) == (
        "published", True, False, "report",
    )  # fmt: skip


def test_a_run_without_recorded_findings_cannot_end(ledger: Ledger) -> None:
    run = begin_run(ledger, NIGHT.manifest, at=AT)
    with pytest.raises(HeduiError) as caught:
        finish_run(ledger, run, at=AT)
    assert caught.value.key == "run_not_published"


def test_counts_and_summary_are_kept(ledger: Ledger) -> None:
    run_night(ledger, ledger.workspace, NIGHT)
    run = newest_run(ledger)
    assert run is not None
    assert run.summary is not None
    assert run.summary["new"] == 1
    assert run.snapshot == f"snap-{run.run_id}.duckdb"


def test_an_instant_without_a_zone_is_refused(ledger: Ledger) -> None:
    with pytest.raises(Exception, match="needs a time zone"):
        begin_run(ledger, NIGHT.manifest, at=datetime(2026, 11, 20, 18, 0))  # noqa: DTZ001
