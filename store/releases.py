"""Who released which held delivery, when and why: appended to the ledger, never rewritten."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from store.ledger import Ledger
from store.tables import DeliveryReleaseRow


@dataclass(frozen=True, slots=True)
class Release:
    """One person's signature under a held delivery.

    ``content_hash`` says which bytes were meant; ``held_for`` the reasons signed for, as texts.
    """

    delivery_id: str
    content_hash: str
    held_for: tuple[str, ...]
    by_name: str
    reason: str
    at: datetime


def note_release(ledger: Ledger, release: Release) -> int:
    """Append a signature; its number, from 1. Whether it may be given is not judged here."""
    with ledger.writing() as session:
        number = (session.scalar(select(func.max(DeliveryReleaseRow.release_no))) or 0) + 1
        session.add(
            DeliveryReleaseRow(
                release_no=number,
                delivery_id=release.delivery_id,
                content_hash=release.content_hash,
                held_for=list(release.held_for),
                by_name=release.by_name,
                reason=release.reason,
                recorded_at=release.at,
            )
        )
        return number


def releases(ledger: Ledger) -> tuple[Release, ...]:
    """Every signature, oldest first."""
    with ledger.reading() as session:
        return tuple(_view(row) for row in _rows(session))


def _rows(session: Session) -> list[DeliveryReleaseRow]:
    ordered = select(DeliveryReleaseRow).order_by(DeliveryReleaseRow.release_no)
    return list(session.scalars(ordered))


def _view(row: DeliveryReleaseRow) -> Release:
    return Release(
        delivery_id=row.delivery_id,
        content_hash=row.content_hash,
        held_for=tuple(row.held_for),
        by_name=row.by_name,
        reason=row.reason,
        at=row.recorded_at,
    )
