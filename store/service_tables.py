"""The tables of the service: users, their sessions, checks and the households watched."""

from datetime import date, datetime

from sqlalchemy import (
    JSON,
    Boolean,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from store.tables import Base, UtcInstant


class UserRow(Base):
    """A member of staff who may sign in.

    ``division`` has 9 digits for a township officer, 6 for a county officer, and is null for who
    sees every division (an auditor) or none (an administrator). ``home_address`` serves only to
    tell when somebody looks at their own neighbours.
    """

    __tablename__ = "service_user"

    user_no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    full_name: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(String(16))
    division: Mapped[str | None] = mapped_column(String(12))
    home_address: Mapped[str | None] = mapped_column(Text)
    password_hash: Mapped[str] = mapped_column(Text)
    is_disabled: Mapped[bool] = mapped_column(Boolean)
    failed_count: Mapped[int] = mapped_column(Integer)
    locked_until_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    created_at: Mapped[datetime] = mapped_column(UtcInstant)


class SessionRow(Base):
    """One signing-in. The cookie or token itself is nowhere: only its SHA-256.

    ``kind``: ``page`` (a browser, with ``csrf_token``) or ``api`` (a bearer token).
    """

    __tablename__ = "service_session"

    session_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_no: Mapped[int] = mapped_column(ForeignKey("service_user.user_no"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    csrf_token: Mapped[str] = mapped_column(String(64))
    began_at: Mapped[datetime] = mapped_column(UtcInstant)
    seen_at: Mapped[datetime] = mapped_column(UtcInstant)
    ends_at: Mapped[datetime] = mapped_column(UtcInstant)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcInstant)


class CheckRow(Base):
    """A check of a household that was answered: the slip as printed, masked, and its hash.

    ``target``: the case or application number; null where the persons were typed in. The same
    ``idempotency_key`` of one user is the same check. ``people``: the keys, stable over nights, of
    its persons, for watching; ``subjects`` their pseudonyms, for the log.
    """

    __tablename__ = "household_check"
    __table_args__ = (
        UniqueConstraint("asked_by", "idempotency_key"),
        Index("ix_household_check_asked_by_asked_at", "asked_by", "asked_at"),
    )

    check_no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    slip_no: Mapped[str] = mapped_column(String(24), unique=True)
    asked_by: Mapped[str] = mapped_column(String(64))
    asked_at: Mapped[datetime] = mapped_column(UtcInstant)
    kind: Mapped[str] = mapped_column(String(12))  # case, application, persons
    target: Mapped[str | None] = mapped_column(Text)
    township_code: Mapped[str | None] = mapped_column(String(12))
    purpose: Mapped[str] = mapped_column(Text)
    run_id: Mapped[str] = mapped_column(String(40))
    as_of: Mapped[date] = mapped_column(Date)
    conclusion: Mapped[str] = mapped_column(String(12))  # agrees, differs, to_verify
    valid_until: Mapped[date] = mapped_column(Date)
    people: Mapped[list[str]] = mapped_column(JSON)
    subjects: Mapped[list[str]] = mapped_column(JSON)
    slip: Mapped[str] = mapped_column(Text)
    content_hash: Mapped[str] = mapped_column(String(64), index=True)
    idempotency_key: Mapped[str | None] = mapped_column(String(80))
    request_hash: Mapped[str] = mapped_column(String(64))


class WatchRow(Base):
    """A household that is watched since its application was approved."""

    __tablename__ = "watched_household"

    watch_no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    slip_no: Mapped[str] = mapped_column(ForeignKey("household_check.slip_no"), unique=True)
    watched_by: Mapped[str] = mapped_column(String(64))
    since_at: Mapped[datetime] = mapped_column(UtcInstant)


class WatchedPerson(Base):
    """A person of a watched household, by the key that is stable over nights."""

    __tablename__ = "watched_person"

    watch_no: Mapped[int] = mapped_column(
        ForeignKey("watched_household.watch_no"), primary_key=True
    )
    person_key: Mapped[str] = mapped_column(Text, primary_key=True)


class SlipPrint(Base):
    """A file in which a slip was handed out, by its SHA-256: what ``verify-slip`` looks for."""

    __tablename__ = "slip_print"

    file_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    slip_no: Mapped[str] = mapped_column(ForeignKey("household_check.slip_no"))
