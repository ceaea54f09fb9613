"""Who may sign in, and their signings-in: kept here, revocable, never the secret itself."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from domain.errors import HeduiError
from store.ledger import Ledger
from store.service_tables import SessionRow, UserRow

IDLE: Final = timedelta(minutes=30)
LONGEST: Final = timedelta(hours=10)
_NOTED_EVERY: Final = timedelta(minutes=1)
LOCK_AFTER: Final = 5
LOCKED_FOR: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class User:
    """A member of staff; ``division`` None: every division (auditor) or none (administrator)."""

    user_no: int
    name: str
    full_name: str
    role: str
    division: str | None
    home_address: str | None
    is_disabled: bool


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A live session: its user and the token every form must bring back."""

    user: User
    kind: str
    csrf_token: str
    session_hash: str


def add_user(ledger: Ledger, user: User, password_hash: str, *, at: datetime) -> User:
    """Add a user (``user_no`` is given here). Raises HeduiError ``user_exists``."""
    with ledger.writing() as session:
        if _find(session, user.name) is not None:
            raise HeduiError("user_exists", name=user.name)
        number = (session.scalar(select(func.max(UserRow.user_no))) or 0) + 1
        row = UserRow(
            user_no=number,
            name=user.name,
            full_name=user.full_name,
            role=user.role,
            division=user.division,
            home_address=user.home_address,
            password_hash=password_hash,
            is_disabled=user.is_disabled,
            failed_count=0,
            created_at=at,
        )
        session.add(row)
        return _view(row)


def all_users(ledger: Ledger) -> list[User]:
    """Every user by name."""
    with ledger.reading() as session:
        return [_view(row) for row in session.scalars(select(UserRow).order_by(UserRow.name))]


def set_disabled(ledger: Ledger, name: str, *, disabled: bool, at: datetime) -> User:
    """Close or open an account; closing ends its sessions. Raises HeduiError ``user_unknown``."""
    with ledger.writing() as session:
        row = _get(session, name)
        row.is_disabled, row.failed_count, row.locked_until_at = disabled, 0, None
        if disabled:
            _revoke_all(session, row.user_no, at)
        return _view(row)


def set_password(ledger: Ledger, name: str, password_hash: str, *, at: datetime) -> User:
    """Give a user another password, unlock them and end their sessions."""
    with ledger.writing() as session:
        row = _get(session, name)
        row.password_hash, row.failed_count, row.locked_until_at = password_hash, 0, None
        _revoke_all(session, row.user_no, at)
        return _view(row)


def password_hash_of(ledger: Ledger, name: str, *, at: datetime) -> str | None:
    """What a password is to be held against; None for who is unknown, closed or locked out."""
    with ledger.reading() as session:
        row = _find(session, name)
    if row is None or row.is_disabled:
        return None
    is_locked = row.locked_until_at is not None and row.locked_until_at > at
    return None if is_locked else row.password_hash


def note_failure(ledger: Ledger, name: str, *, at: datetime) -> None:
    """Count a wrong password; the fifth in a row locks the account for a quarter of an hour."""
    with ledger.writing() as session:
        row = _find(session, name)
        if row is None:
            return
        row.failed_count += 1
        if row.failed_count >= LOCK_AFTER:
            row.failed_count, row.locked_until_at = 0, at + LOCKED_FOR


def begin_session(ledger: Ledger, name: str, *, kind: str, at: datetime) -> str:
    """Start a session for a user whose password was right; the secret to give them."""
    secret = secrets.token_urlsafe(32)
    with ledger.writing() as session:
        row = _get(session, name)
        row.failed_count, row.locked_until_at = 0, None
        session.add(
            SessionRow(
                session_hash=_hash(secret),
                user_no=row.user_no,
                kind=kind,
                csrf_token=secrets.token_urlsafe(24),
                began_at=at,
                seen_at=at,
                ends_at=at + LONGEST,
            )
        )
    return secret


def session_of(ledger: Ledger, secret: str, *, at: datetime) -> SignedIn | None:
    """The live session of a secret; None when it ended, idled, was revoked or never was."""
    key = _hash(secret)
    with ledger.reading() as session:
        found = session.execute(
            select(SessionRow, UserRow)
            .join(UserRow, UserRow.user_no == SessionRow.user_no)
            .where(SessionRow.session_hash == key)
        ).first()
    if found is None:
        return None
    row, user = found
    over = row.revoked_at is not None or row.ends_at <= at or row.seen_at + IDLE <= at
    if over or user.is_disabled:
        return None
    if at - row.seen_at >= _NOTED_EVERY:
        with ledger.writing() as session:
            session.execute(
                update(SessionRow).where(SessionRow.session_hash == key).values(seen_at=at)
            )
    return SignedIn(_view(user), row.kind, row.csrf_token, key)


def end_session(ledger: Ledger, session_hash: str, *, at: datetime) -> None:
    """Revoke one session."""
    with ledger.writing() as session:
        session.execute(
            update(SessionRow)
            .where(SessionRow.session_hash == session_hash, SessionRow.revoked_at.is_(None))
            .values(revoked_at=at)
        )


def end_all_sessions(ledger: Ledger, name: str, *, at: datetime) -> None:
    """Revoke every session of a user."""
    with ledger.writing() as session:
        _revoke_all(session, _get(session, name).user_no, at)


def _revoke_all(session: Session, user_no: int, at: datetime) -> None:
    session.execute(
        update(SessionRow)
        .where(SessionRow.user_no == user_no, SessionRow.revoked_at.is_(None))
        .values(revoked_at=at)
    )


def _find(session: Session, name: str) -> UserRow | None:
    return session.scalar(select(UserRow).where(UserRow.name == name))


def _get(session: Session, name: str) -> UserRow:
    row = _find(session, name)
    if row is None:
        raise HeduiError("user_unknown", name=name)
    return row


def _view(row: UserRow) -> User:
    return User(
        row.user_no,
        row.name,
        row.full_name,
        row.role,
        row.division,
        row.home_address,
        row.is_disabled,
    )


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
