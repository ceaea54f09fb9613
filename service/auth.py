"""Passwords and signing in: argon2, lock-out, and the same answer whatever was wrong."""

from datetime import datetime
from functools import cache
from typing import Any, Final

from domain.errors import HeduiError
from store.ledger import Ledger
from store.users import begin_session, note_failure, password_hash_of, set_password

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


def change_password(ledger: Ledger, name: str, password: str, new: str, *, at: datetime) -> None:
    """Give a user, who knows the old one, another password; every session of theirs ends.

    Raises HeduiError ``password_wrong`` (counted as at signing in, so that it locks the account),
    ``password_same``, ``password_weak``.
    """
    known = password_hash_of(ledger, name, at=at)
    is_right = _hasher().verify(password[:MOST_PASSWORD], known or _nobodys_hash())
    if known is None or not is_right:
        note_failure(ledger, name, at=at)
        raise HeduiError("password_wrong")
    if new == password:
        raise HeduiError("password_same")
    set_password(ledger, name, hash_password(new), at=at)


@cache
def _hasher() -> Any:
    from pwdlib import PasswordHash  # loads argon2, which the command line seldom needs

    return PasswordHash.recommended()


@cache
def _nobodys_hash() -> str:
    return str(_hasher().hash("nobody has this password"))
