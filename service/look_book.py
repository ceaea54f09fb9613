"""The log as the service uses it: a look is written, then (and only then) the answer given."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Final

from sqlalchemy.orm import Session

from domain.masking import mask_identity_numbers_in, mask_numbers_in
from domain.readings import split_name
from store.access_log import Look, append_look, note_look
from store.anchors import EVERY, Anchors
from store.ledger import Ledger
from store.pseudonyms import Pseudonyms
from store.users import User

SAME_SURNAME: Final = "same_surname"
SAME_ADDRESS: Final = "same_address"
BLOCK: Final = "block:"
NO_REASON: Final = ""  # nobody was asked for one: the act says what it was


@dataclass(frozen=True, slots=True)
class Subject:
    """A person about to be shown: what the log needs to know them again, and to notice kin."""

    case_no: str
    seq: int
    id_no: str | None = None
    name: str | None = None
    address: str | None = None


@dataclass(slots=True)
class LookBook:
    """Writes looks and, each hour, an anchor. Whatever fails here fails the answer."""

    ledger: Ledger
    pseudonyms: Pseudonyms
    anchors: Anchors
    _anchored_at: datetime | None = None
    _lock: Lock = field(default_factory=Lock)

    @classmethod
    def of(cls, ledger: Ledger) -> "LookBook":
        """The look book of a workspace's ledger."""
        return cls(ledger, Pseudonyms.open(ledger.workspace), Anchors.of(ledger))

    def note(
        self,
        user: User,
        action: str,
        reason: str,
        *,
        origin: str,
        target: str | None = None,
        subjects: Iterable[Subject] = (),
        keys: Iterable[str] = (),
        at: datetime,
        within: Session | None = None,
    ) -> int:
        """Write one look; its number in the log. Raises HeduiError when it cannot be written.

        ``keys``: pseudonyms of people known from an earlier look, beside ``subjects``. ``within``:
        the writing of which it is a part, whose commit then comes before the answer; an anchor that
        is due is the caller's to drop afterwards (:meth:`anchor_when_due`).
        """
        people = list(subjects)
        look = Look(
            user.name,
            action,
            mask_numbers_in(reason),
            origin=origin,
            target=mask_identity_numbers_in(target) if target else None,
            subjects=tuple(sorted({*keys, *(self.key_of(person) for person in people)})),
            marks=self._marks(user, people),
        )
        if within is not None:
            return append_look(within, look, at=at).entry_no
        logged = note_look(self.ledger, look, at=at)
        self.anchor_when_due(at)
        return logged.entry_no

    def key_of(self, person: Subject) -> str:
        """A person's pseudonym: by number where there is a valid one, else by place."""
        if person.id_no:
            return self.pseudonyms.of_number(person.id_no)
        return self.pseudonyms.of_place(person.case_no, person.seq)

    def anchor_when_due(self, at: datetime) -> None:
        """Drop an anchor when the newest is an hour old."""
        with self._lock:
            if self._anchored_at is not None and at - self._anchored_at < EVERY:
                return
            if self.anchors.is_due(at):
                self.anchors.drop(self.ledger, at)
                self._anchored_at = at
            else:
                self._anchored_at = self.anchors.all()[-1].at

    def _marks(self, user: User, people: Iterable[Subject]) -> tuple[str, ...]:
        marks: set[str] = set()
        surname, _ = split_name(user.full_name.strip())
        home = _plain(user.home_address or "")
        for person in people:
            if person.name and surname and split_name(person.name)[0] == surname:
                marks.add(SAME_SURNAME)
            if home and person.address and _is_same_place(home, _plain(person.address)):
                marks.add(SAME_ADDRESS)
            if person.id_no:
                marks.add(BLOCK + self.pseudonyms.of_block(person.id_no))
        return tuple(sorted(marks))


def _plain(address: str) -> str:
    folded = unicodedata.normalize("NFKC", address)
    return "".join(character for character in folded if not character.isspace())


def _is_same_place(home: str, other: str) -> bool:
    """One of the two may leave out the district or the room."""
    return bool(other) and (home in other or other in home)
