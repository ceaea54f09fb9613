"""What people said of pairs, as the table that linking reads, and its part in a run's manifest."""

import hashlib
import json
from collections.abc import Sequence
from typing import Final

import pyarrow as pa

from store.link_decisions import LinkDecision

DECISION: Final = pa.schema(
    [
        ("decision_no", pa.int64()),
        ("dataset", pa.string()),
        ("role", pa.string()),
        ("record_name", pa.string()),
        ("record_hash", pa.string()),
        ("subject_hash", pa.string()),
        ("verdict", pa.string()),
    ]
)
"""A decision on a pair: ``verdict`` is ``same`` or ``different``; the name is as folded."""


def decision_table(decisions: Sequence[LinkDecision]) -> pa.Table:
    """The decisions in the order given, numbered; of one pair the last counts."""
    rows = [
        {
            "decision_no": number,
            "dataset": decision.pair.dataset,
            "role": decision.pair.role,
            "record_name": decision.pair.record_name,
            "record_hash": decision.pair.record_hash,
            "subject_hash": decision.pair.subject_hash,
            "verdict": decision.verdict,
        }
        for number, decision in enumerate(decisions, 1)
    ]
    return pa.Table.from_pylist(rows, DECISION)


def decisions_hash(decisions: Sequence[LinkDecision]) -> str:
    """SHA-256 over the decisions, as a run's manifest has it."""
    rows = decision_table(decisions).to_pylist()
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()
