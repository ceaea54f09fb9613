"""Looks at people are appended in a chain that shows any change."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import delete, update

from store.access_log import Look, first_bad_entry, looks, note_look
from store.ledger import Ledger
from store.tables import AccessEntry
from store.workspace import open_workspace

AT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


@pytest.fixture
def ledger(tmp_path):
    with Ledger.open(open_workspace(tmp_path / "w")) as opened:
        yield opened


def three(ledger: Ledger) -> None:
    for reason in ("复核", "信访", "审计"):
        note_look(ledger, Look("li", "export_unmasked:findings", reason), at=AT)


def test_entries_come_back_in_order_and_the_chain_is_whole(ledger):
    three(ledger)
    assert [entry.look.reason for entry in looks(ledger)] == ["复核", "信访", "审计"]
    assert [entry.entry_no for entry in looks(ledger)] == [1, 2, 3]
    assert first_bad_entry(ledger) is None


def test_a_changed_entry_is_named(ledger):
    three(ledger)
    with ledger.writing() as session:
        session.execute(update(AccessEntry).where(AccessEntry.entry_no == 2).values(who="wang"))
    assert first_bad_entry(ledger) == 2


def test_a_removed_entry_is_named(ledger):
    three(ledger)
    with ledger.writing() as session:
        session.execute(delete(AccessEntry).where(AccessEntry.entry_no == 2))
    assert first_bad_entry(ledger) == 2


def test_an_empty_log_is_whole(ledger):
    assert looks(ledger) == []
    assert first_bad_entry(ledger) is None
