"""A look at people from the command line: noted before anything is shown or written."""

import getpass
import socket
from collections.abc import Iterable
from datetime import UTC, datetime

from service.look_book import NO_REASON, LookBook, Subject
from service.roles import Role
from store.ledger import Ledger
from store.users import User


def operator() -> User:
    """Whoever may read the workspace's files sees the district: the log names them by login."""
    name = getpass.getuser()
    return User(0, name, name, Role.COUNTY.value, None, None, is_disabled=False)


def operator_origin() -> str:
    """From where the command line is used."""
    return f"cli:{socket.gethostname()}"


def note_export(
    ledger: Ledger,
    what: str,
    unmasked: bool = False,
    reason: str | None = None,
    people: Iterable[Subject] = (),
    *,
    target: str | None = None,
) -> None:
    """Note that ``what`` is about to be shown, of whom, masked or whole, and why.

    ``target``: what was asked for: a case, a delivery, the place of a record.
    """
    LookBook.of(ledger).note(
        operator(),
        f"export_unmasked:{what}" if unmasked else f"export:{what}",
        reason or NO_REASON,
        origin=operator_origin(),
        target=target,
        subjects=people,
        at=datetime.now(UTC),
    )
