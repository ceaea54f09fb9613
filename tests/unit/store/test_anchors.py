"""Anchors outside the store tell of an end that was cut off."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, text

from domain.errors import HeduiError
from store.access_log import Look, note_look
from store.anchors import Anchors, first_bad
from store.ledger import Ledger
from store.tables import AccessEntry

AT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


def look(ledger: Ledger, count: int) -> None:
    for _ in range(count):
        note_look(ledger, Look("li", "check", "复核"), at=AT)


def cut_off(ledger: Ledger, keep: int) -> None:
    with ledger.writing() as session:
        session.execute(text("drop trigger access_entry_no_delete"))
        session.execute(delete(AccessEntry).where(AccessEntry.entry_no > keep))


def test_an_end_that_was_cut_off_is_named(ledger):
    anchors = Anchors.of(ledger)
    look(ledger, 3)
    anchors.drop(ledger, AT)
    assert first_bad(ledger, anchors) is None
    cut_off(ledger, keep=1)
    assert first_bad(ledger, anchors) == 2


def test_a_chain_made_anew_does_not_agree_with_its_anchor(ledger):
    anchors = Anchors.of(ledger)
    look(ledger, 2)
    anchors.drop(ledger, AT)
    cut_off(ledger, keep=1)
    note_look(ledger, Look("wang", "check", "另一个"), at=AT)
    assert first_bad(ledger, anchors) == 2


def test_one_anchor_an_hour_is_due(ledger):
    anchors = Anchors.of(ledger)
    assert anchors.is_due(AT)
    anchors.drop(ledger, AT)
    assert not anchors.is_due(AT + timedelta(minutes=59))
    assert anchors.is_due(AT + timedelta(hours=1))


def test_anchors_lie_where_the_setting_says(ledger, tmp_path, monkeypatch):
    monkeypatch.setenv("HEDUI_ANCHORS", str(tmp_path / "elsewhere" / "a.jsonl"))
    Anchors.of(ledger).drop(ledger, AT)
    assert (tmp_path / "elsewhere" / "a.jsonl").is_file()


def test_a_damaged_anchor_file_is_refused_by_name(ledger):
    anchors = Anchors.of(ledger)
    anchors.drop(ledger, AT)
    anchors.path.write_text("{broken", encoding="utf-8")
    with pytest.raises(HeduiError) as error:
        first_bad(ledger, anchors)
    assert error.value.key == "anchors_unreadable"


def test_an_anchor_that_cannot_be_written_is_an_error(ledger):
    anchors = Anchors.of(ledger)
    anchors.path.parent.parent.joinpath("anchors").write_text("a file in the way")
    with pytest.raises(HeduiError) as error:
        anchors.drop(ledger, AT)
    assert error.value.key == "anchors_unwritable"
