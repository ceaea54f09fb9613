"""A look is marked when its people bear the user's surname or live at the user's address."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from service.look_book import LookBook, Subject
from store.access_log import looks
from store.ledger import Ledger
from store.users import User
from store.workspace import open_workspace

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
USER = User(1, "ouyang", "欧阳敏", "county", "990102", "示范区东关街道 12号3室", is_disabled=False)


@pytest.fixture
def book(tmp_path):
    with Ledger.open(open_workspace(tmp_path / "w")) as ledger:
        yield LookBook.of(ledger)


def marks(book: LookBook, **person: str) -> set[str]:
    subject = Subject("DB1", 1, **person)
    book.note(USER, "check", "受理", origin="here", subjects=[subject], at=AT)
    return {mark for mark in looks(book.ledger)[-1].look.marks if not mark.startswith("block:")}


def test_a_compound_surname_is_compared_as_a_whole(book):
    assert marks(book, name="欧阳建国") == {"same_surname"}
    assert marks(book, name="欧建国") == set()


def test_the_address_is_compared_without_blanks_and_width(book):
    assert marks(book, address="示范区东关街道１２号3室") == {"same_address"}
    assert marks(book, address="示范区东关街道99号") == set()


def test_whose_home_nobody_noted_is_nobodys_neighbour(book):
    for home in (None, "", " "):
        user = replace(USER, home_address=home)
        subject = Subject("DB1", 1, address="示范区东关街道12号3室")
        book.note(user, "check", "受理", origin="here", subjects=[subject], at=AT)
        assert looks(book.ledger)[-1].look.marks == ()
    assert marks(book, address="") == set()


def test_no_number_and_no_name_stands_in_the_log(book):
    marks(book, name="欧阳建国", id_no="990102198003070015")
    content = book.ledger.workspace.ledger_file.read_bytes()
    wal = book.ledger.workspace.path / "hedui.db-wal"
    content += wal.read_bytes() if wal.exists() else b""
    assert b"990102198003070015" not in content
    assert "欧阳建国".encode() not in content


def test_the_first_look_drops_an_anchor(book):
    marks(book, name="王伟")
    assert len(book.anchors.all()) == 1
