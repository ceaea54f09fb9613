"""Readers keep the snapshot they began with, and the next one has the new one."""

from datetime import date

import pytest
from nights import Night, finding, run_night

from domain.errors import HeduiError
from store.snapshot import made_by_this_version
from store.snapshot_desk import SnapshotDesk

ROW = ("DB1", "motor_vehicle", "found", "")
COUNT = "select count(*) from judged.finding"


@pytest.fixture
def desk(workspace, ledger):
    opened = SnapshotDesk(workspace, ledger)
    yield opened
    opened.close()


def publish(desk: SnapshotDesk, day: int, findings: int) -> None:
    rows = [finding(f"F{place}") for place in range(findings)]
    run_night(desk.ledger, desk.workspace, Night(date(2026, 11, day), rows, [ROW]))


def test_before_the_first_run_there_is_nothing_to_read(desk):
    with pytest.raises(HeduiError) as error, desk.reading():
        pass
    assert error.value.key == "snapshot_none"


def test_a_reader_keeps_its_snapshot_and_the_next_has_the_new_one(desk):
    publish(desk, 20, findings=1)
    with desk.reading() as before:
        publish(desk, 21, findings=3)
        with desk.reading() as after:
            assert after.engine.rows(COUNT) == [(3,)]
        assert before.engine.rows(COUNT) == [(1,)]
        assert before.snapshot != after.snapshot
    with desk.reading() as again:
        assert again.engine.rows(COUNT) == [(3,)]


def test_connections_are_used_again_and_many_may_read_at_once(desk):
    publish(desk, 20, findings=2)
    with desk.reading() as one, desk.reading() as other:
        assert one.engine is not other.engine
        assert one.engine.rows(COUNT) == other.engine.rows(COUNT) == [(2,)]
        first = one.engine
    with desk.reading() as again:
        assert again.engine in (first, other.engine)


def test_a_snapshot_of_an_earlier_version_says_so(desk):
    publish(desk, 20, findings=1)
    with (
        desk.reading() as reading,
        pytest.raises(HeduiError) as error,
        made_by_this_version(reading.snapshot),
    ):
        reading.engine.rows("select 1 from checking.sheet")
    assert error.value.key == "snapshot_older"
