"""Looks at people are appended in a chain that shows any change."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.exc import IntegrityError

from store.access_log import (
    Look,
    entry_count,
    first_bad_entry,
    looks,
    looks_at,
    newest_looks,
    note_look,
)
from store.ledger import Ledger
from store.tables import AccessEntry, AccessSubject

AT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


def three(ledger: Ledger) -> None:
    for reason in ("复核", "信访", "审计"):
        look = Look("li", "check", reason, "10.0.0.7", "DB1", ("p1", "p2"), ("same_surname",))
        note_look(ledger, look, at=AT)


def without_triggers(ledger: Ledger) -> None:
    """As somebody would who has the database file in hand."""
    with ledger.writing() as session:
        for act in ("update", "delete"):
            session.execute(text(f"drop trigger access_entry_no_{act}"))


def test_entries_come_back_whole_and_in_order_and_the_chain_is_whole(ledger):
    three(ledger)
    assert [entry.look.reason for entry in looks(ledger)] == ["复核", "信访", "审计"]
    assert [entry.entry_no for entry in looks(ledger)] == [1, 2, 3]
    assert looks(ledger)[0].look == Look(
        "li", "check", "复核", "10.0.0.7", "DB1", ("p1", "p2"), ("same_surname",)
    )
    assert first_bad_entry(ledger) is None


def test_the_newest_entries_come_in_pages(ledger):
    three(ledger)
    assert [entry.entry_no for entry in newest_looks(ledger, skip=0, count=2)] == [3, 2]
    assert [entry.entry_no for entry in newest_looks(ledger, skip=2, count=2)] == [1]


def test_entries_of_some_users_are_counted_and_come_in_pages_of_their_own(ledger):
    for who in ("li", "wang", "li", "zhao", "li"):
        note_look(ledger, Look(who, "check", "复核"), at=AT)
    by = {"li", "zhao", "nobody"}
    assert entry_count(ledger, by=by) == 4
    assert [entry.entry_no for entry in newest_looks(ledger, skip=0, count=3, by=by)] == [5, 4, 3]
    assert [entry.entry_no for entry in newest_looks(ledger, skip=3, count=3, by=by)] == [1]
    assert newest_looks(ledger, skip=0, count=3, by=set()) == []
    assert (entry_count(ledger), entry_count(ledger, by=set())) == (5, 0)


def test_an_entry_of_the_first_version_still_hashes_as_it_did(ledger):
    logged = note_look(ledger, Look("li", "export_unmasked:findings", "复核"), at=AT)
    assert logged.entry_hash == ("a10ff91b609a5b7446465ab061516183a8da81ddf2c3829375dbde3d8873c82d")


def test_the_store_itself_refuses_to_change_or_remove_an_entry(ledger):
    three(ledger)
    for statement in (update(AccessEntry).values(who="wang"), delete(AccessEntry)):
        with pytest.raises(IntegrityError), ledger.writing() as session:
            session.execute(statement)
    assert first_bad_entry(ledger) is None


@pytest.mark.parametrize(
    "change",
    [{"who": "wang"}, {"origin": "10.0.0.8"}, {"target": "DB2"}, {"subjects": ["p1"]},
     {"marks": None}, {"subjects": None, "marks": None, "origin": None, "target": None}],
)  # fmt: skip
def test_a_changed_entry_is_named_whatever_was_changed(ledger, change):
    three(ledger)
    without_triggers(ledger)
    with ledger.writing() as session:
        session.execute(update(AccessEntry).where(AccessEntry.entry_no == 2).values(**change))
    assert first_bad_entry(ledger) == 2


def test_a_removed_entry_is_named(ledger):
    three(ledger)
    without_triggers(ledger)
    with ledger.writing() as session:
        session.execute(delete(AccessSubject).where(AccessSubject.entry_no == 2))
        session.execute(delete(AccessEntry).where(AccessEntry.entry_no == 2))
    assert first_bad_entry(ledger) == 2


def test_who_looked_at_me_lists_just_the_looks_at_one_person(ledger):
    three(ledger)
    note_look(ledger, Look("wang", "check", "复核", subjects=("p3",)), at=AT)
    assert [entry.entry_no for entry in looks_at(ledger, "p2")] == [1, 2, 3]
    assert [entry.look.who for entry in looks_at(ledger, "p3")] == ["wang"]
    assert looks_at(ledger, "p4") == []


def test_a_look_hidden_from_the_index_by_person_is_named(ledger):
    three(ledger)
    with ledger.writing() as session:
        session.execute(
            delete(AccessSubject).where(
                AccessSubject.entry_no == 3, AccessSubject.subject_key == "p1"
            )
        )
    assert first_bad_entry(ledger) == 3


def test_an_empty_log_is_whole(ledger):
    assert looks(ledger) == []
    assert first_bad_entry(ledger) is None
