"""What people said of pairs of a record and a subject: appended to the ledger, never rewritten."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from store.ledger import Ledger
from store.tables import LinkDecisionRow


@dataclass(frozen=True, slots=True)
class Pair:
    """A record and a subject as they stood when somebody looked at them.

    ``pair_id`` names the pair to people. The hashes cover what each of the two says; the record's
    name is as folded for comparison.
    """

    pair_id: str
    dataset: str
    role: str
    record_name: str
    record_hash: str
    subject_hash: str


@dataclass(frozen=True, slots=True)
class LinkDecision:
    """One person's word on a pair; ``verdict`` is ``same`` or ``different``."""

    pair: Pair
    verdict: str
    by_name: str
    reason: str
    at: datetime


def note_decisions(ledger: Ledger, decisions: Sequence[LinkDecision]) -> int:
    """Append decisions, all or none; how many there are of them now."""
    with ledger.writing() as session:
        last = session.scalar(select(func.max(LinkDecisionRow.decision_no))) or 0
        for number, decision in enumerate(decisions, last + 1):
            pair = decision.pair
            session.add(
                LinkDecisionRow(
                    decision_no=number,
                    pair_id=pair.pair_id,
                    dataset=pair.dataset,
                    role=pair.role,
                    record_name=pair.record_name,
                    record_hash=pair.record_hash,
                    subject_hash=pair.subject_hash,
                    verdict=decision.verdict,
                    by_name=decision.by_name,
                    reason=decision.reason,
                    decided_at=decision.at,
                )
            )
        return last + len(decisions)


def link_decisions(ledger: Ledger) -> list[LinkDecision]:
    """Every decision, oldest first."""
    with ledger.reading() as session:
        rows = session.scalars(select(LinkDecisionRow).order_by(LinkDecisionRow.decision_no))
        return [_view(row) for row in rows]


def _view(row: LinkDecisionRow) -> LinkDecision:
    pair = Pair(
        pair_id=row.pair_id,
        dataset=row.dataset,
        role=row.role,
        record_name=row.record_name,
        record_hash=row.record_hash,
        subject_hash=row.subject_hash,
    )
    return LinkDecision(pair, row.verdict, row.by_name, row.reason, row.decided_at)
