"""The tables of the operational store, as SQLAlchemy models; ``migrations`` makes them."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcInstant(TypeDecorator[datetime]):
    """An instant (``*_at``): aware going in and coming out, kept in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuses a naive time: which zone it was meant in cannot be known."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """SQLite gives the time without its zone, which is UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Of all tables here."""

    metadata = MetaData(naming_convention=NAMING)


class LedgerOwner(Base):
    """One row: the workspace this database belongs to, so that two never share one."""

    __tablename__ = "ledger_owner"

    owner_no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    workspace_id: Mapped[str] = mapped_column(String(32))


class RunRow(Base):
    """One run: a manifest, and what became of it.

    ``publication`` grows by one with every publishing. Of the runs of one ``as_of`` the one with
    the highest counts; the others are superseded. A published run whose ``ended_at`` is null was
    killed after its findings were in: only its reports may be wanting.
    """

    __tablename__ = "run"
    __table_args__ = (Index("ix_run_as_of", "as_of"),)

    run_no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    run_id: Mapped[str] = mapped_column(String(40), unique=True)
    as_of: Mapped[date] = mapped_column(Date)
    manifest: Mapped[str] = mapped_column(Text)
    manifest_hash: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(12))  # started, published, failed
    started_at: Mapped[datetime] = mapped_column(UtcInstant)
    published_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    ended_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    publication: Mapped[int | None] = mapped_column(Integer, unique=True)
    snapshot: Mapped[str | None] = mapped_column(String(80))
    failure: Mapped[str | None] = mapped_column(Text)
    counts: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    summary: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class RunLock(Base):
    """At most one row: the process whose run is going."""

    __tablename__ = "run_lock"

    lock_no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    host: Mapped[str] = mapped_column(String(255))
    pid: Mapped[int] = mapped_column(Integer)
    process_start: Mapped[str] = mapped_column(String(80))
    since_at: Mapped[datetime] = mapped_column(UtcInstant)


class RunLockTakeover(Base):
    """A lock whose process was dead, and who took it over."""

    __tablename__ = "run_lock_takeover"

    takeover_no: Mapped[int] = mapped_column(Integer, primary_key=True)
    host: Mapped[str] = mapped_column(String(255))
    pid: Mapped[int] = mapped_column(Integer)
    since_at: Mapped[datetime] = mapped_column(UtcInstant)
    taken_by_host: Mapped[str] = mapped_column(String(255))
    taken_by_pid: Mapped[int] = mapped_column(Integer)
    taken_at: Mapped[datetime] = mapped_column(UtcInstant)


class SnapshotPointer(Base):
    """At most one row: the snapshot in force."""

    __tablename__ = "snapshot_pointer"

    pointer_no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    run_no: Mapped[int] = mapped_column(ForeignKey("run.run_no"))
    name: Mapped[str] = mapped_column(String(80))
    sha256: Mapped[str] = mapped_column(String(64))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    switched_at: Mapped[datetime] = mapped_column(UtcInstant)


class FindingRow(Base):
    """A finding's identity: what never changes about it. First facts are its first version."""

    __tablename__ = "finding"

    finding_no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    finding_id: Mapped[str] = mapped_column(Text, unique=True)
    rule: Mapped[str] = mapped_column(Text)
    direction: Mapped[str] = mapped_column(String(12))
    per: Mapped[str] = mapped_column(String(12))
    case_no: Mapped[str | None] = mapped_column(Text, index=True)
    seq: Mapped[int | None] = mapped_column(Integer)
    household_no: Mapped[str | None] = mapped_column(Text)
    person_key: Mapped[str | None] = mapped_column(Text)
    period: Mapped[str] = mapped_column(Text)
    first_run_no: Mapped[int] = mapped_column(ForeignKey("run.run_no"))


class FindingVersion(Base):
    """What a finding said: one row for each different content (``content_hash``).

    ``evidence_hash`` covers the facts alone, so two versions of one finding may share it (grade,
    amount or name differ). ``evidence`` has the places in files of the first night it was seen;
    ``newest_evidence`` those of the newest, null while they are the same.
    """

    __tablename__ = "finding_version"
    __table_args__ = (UniqueConstraint("finding_no", "content_hash"),)

    version_no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    finding_no: Mapped[int] = mapped_column(ForeignKey("finding.finding_no"))
    content_hash: Mapped[str] = mapped_column(String(64))
    evidence_hash: Mapped[str] = mapped_column(Text)
    grade: Mapped[str] = mapped_column(String(12))
    case_no: Mapped[str | None] = mapped_column(Text)
    seq: Mapped[int | None] = mapped_column(Integer)
    person_id_no: Mapped[str | None] = mapped_column(Text)
    person_name: Mapped[str | None] = mapped_column(Text)
    applicant_name: Mapped[str | None] = mapped_column(Text)
    township_code: Mapped[str | None] = mapped_column(Text)
    at_risk_fen: Mapped[int | None] = mapped_column(BigInteger)  # 1/100 yuan
    evidence: Mapped[str] = mapped_column(Text)
    first_run_no: Mapped[int] = mapped_column(ForeignKey("run.run_no"))
    newest_evidence: Mapped[str | None] = mapped_column(Text)
    newest_run_no: Mapped[int | None] = mapped_column(ForeignKey("run.run_no"))


class Sighting(Base):
    """Run ``run_no`` saw this finding, with this content."""

    __tablename__ = "sighting"
    __table_args__ = ({"sqlite_with_rowid": False},)

    run_no: Mapped[int] = mapped_column(ForeignKey("run.run_no"), primary_key=True)
    finding_no: Mapped[int] = mapped_column(ForeignKey("finding.finding_no"), primary_key=True)
    version_no: Mapped[int] = mapped_column(ForeignKey("finding_version.version_no"))


class AbsenceRow(Base):
    """Run ``run_no`` did not see this open finding: checked and clear, or not checked, and why."""

    __tablename__ = "absence"
    __table_args__ = ({"sqlite_with_rowid": False},)

    run_no: Mapped[int] = mapped_column(ForeignKey("run.run_no"), primary_key=True)
    finding_no: Mapped[int] = mapped_column(ForeignKey("finding.finding_no"), primary_key=True)
    is_clear: Mapped[bool] = mapped_column(Boolean)
    reason: Mapped[str] = mapped_column(Text)


class FindingEvent(Base):
    """One step in a finding's life, appended and never rewritten.

    By a run: opened, changed, confirmed, not_checked, closed, reopened. By a person (``by_name``):
    reviewed, decided, dismissed, handed_over, with what was said (JSON) as ``reason`` and the
    evening whose facts were judged as ``as_of``. ``superseded_by`` is the run (a later delivery for
    the same or an earlier date) whose publishing made this event no longer true; such events stay
    readable.
    """

    __tablename__ = "finding_event"
    __table_args__ = (
        Index("ix_finding_event_finding_no", "finding_no"),
        Index("ix_finding_event_run_no", "run_no"),
    )

    event_no: Mapped[int] = mapped_column(Integer, primary_key=True)
    finding_no: Mapped[int] = mapped_column(ForeignKey("finding.finding_no"))
    run_no: Mapped[int | None] = mapped_column(ForeignKey("run.run_no"))
    as_of: Mapped[date] = mapped_column(Date)
    kind: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(Text)
    version_no: Mapped[int] = mapped_column(ForeignKey("finding_version.version_no"))
    superseded_by: Mapped[int | None] = mapped_column(ForeignKey("run.run_no"))
    recorded_at: Mapped[datetime] = mapped_column(UtcInstant)
    by_name: Mapped[str | None] = mapped_column(Text)
    expires_on: Mapped[date | None] = mapped_column(Date)


class AccessEntry(Base):
    """One look at people's data, appended before it is answered and never rewritten.

    ``origin``: from where (an address, or the command line's host). ``target``: what was asked
    for (a case, finding or slip number; never an identity number). ``subjects``: pseudonyms of the
    people looked at. ``marks``: what was unusual about it already then. ``entry_hash`` covers the
    entry and the hash before it (``store.access_log``).
    """

    __tablename__ = "access_entry"
    __table_args__ = (Index("ix_access_entry_at", "at"),)

    entry_no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcInstant)
    who: Mapped[str] = mapped_column(Text)
    action: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    origin: Mapped[str | None] = mapped_column(Text)
    target: Mapped[str | None] = mapped_column(Text)
    subjects: Mapped[list[str] | None] = mapped_column(JSON)
    marks: Mapped[list[str] | None] = mapped_column(JSON)
    entry_hash: Mapped[str] = mapped_column(String(64))


class AccessSubject(Base):
    """Index of the log by person: every pseudonym in an entry's ``subjects``, once."""

    __tablename__ = "access_subject"

    subject_key: Mapped[str] = mapped_column(String(64), primary_key=True)
    entry_no: Mapped[int] = mapped_column(ForeignKey("access_entry.entry_no"), primary_key=True)


class DeliveryReleaseRow(Base):
    """One person's signature under a held delivery, appended and never rewritten.

    ``held_for`` are the reasons that were signed for, as texts: a delivery read again and held for
    another reason waits again.
    """

    __tablename__ = "delivery_release"

    release_no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    delivery_id: Mapped[str] = mapped_column(Text, index=True)
    content_hash: Mapped[str] = mapped_column(String(64))
    held_for: Mapped[list[str]] = mapped_column(JSON)
    by_name: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(UtcInstant)


class LinkDecisionRow(Base):
    """What a person said of one record and one subject: appended, the last word on a pair counts.

    Both are bound by hashes over what they said then; ``record_name`` (folded) is kept so that the
    record can be found again among millions. ``verdict`` is ``same`` or ``different``.
    """

    __tablename__ = "link_decision"

    decision_no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    pair_id: Mapped[str] = mapped_column(String(16), index=True)
    dataset: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(Text)
    record_name: Mapped[str] = mapped_column(Text)
    record_hash: Mapped[str] = mapped_column(String(64))
    subject_hash: Mapped[str] = mapped_column(String(64))
    verdict: Mapped[str] = mapped_column(String(12))
    by_name: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    decided_at: Mapped[datetime] = mapped_column(UtcInstant)
