"""Passwords and signing in: argon2, lock-out, and the same answer whatever was wrong."""

from datetime import datetime
from functools import cache
from typing import Any, Final

from domain.errors import HeduiError
from store.ledger import Ledger
from store.users import begin_session, note_failure, password_hash_of

LEAST_PASSWORD: Final = 12
MOST_PASSWORD: Final = 200


def hash_password(password: str) -> str:
    """The argon2id hash of a password. Raises HeduiError ``password_weak``."""
    is_long_enough = LEAST_PASSWORD <= len(password) <= MOST_PASSWORD
    if not is_long_enough or len(set(password)) < 5:
        raise HeduiError("password_weak", least=LEAST_PASSWORD)
    return str(_hasher().hash(password))


def sign_in(ledger: Ledger, name: str, password: str, *, kind: str, at: datetime) -> str:
    """Check a password and start a session; the secret for the cookie or token.

    Raises HeduiError ``sign_in_refused`` alike for an unknown name, a wrong password, a closed and
    a locked account, after the same work each time.
    """
    known = password_hash_of(ledger, name, at=at)
    is_right = _hasher().verify(password[:MOST_PASSWORD], known or _nobodys_hash())
    if known is None or not is_right:
        note_failure(ledger, name, at=at)
        raise HeduiError("sign_in_refused")
    return begin_session(ledger, name, kind=kind, at=at)


@cache
def _hasher() -> Any:
    from pwdlib import PasswordHash  # loads argon2, which the command line seldom needs

    return PasswordHash.recommended()


@cache
def _nobodys_hash() -> str:
    return str(_hasher().hash("nobody has this password"))
