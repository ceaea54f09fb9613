"""An unmasked look at people: noted before anything is shown."""

import getpass
from datetime import UTC, datetime

from store.access_log import Look, note_look
from store.ledger import Ledger


def note_unmasked(ledger: Ledger, what: str, unmasked: bool, reason: str | None) -> None:
    """Note that full values are about to be shown, and why; nothing where they are masked."""
    if unmasked:
        look = Look(who=getpass.getuser(), action=f"export_unmasked:{what}", reason=reason or "")
        note_look(ledger, look, at=datetime.now(UTC))
