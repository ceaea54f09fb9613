"""What one night saw: the rows of judged.finding, as they are compared and kept."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from domain.errors import HeduiError
from store.engines.engine import Engine

_QUERY: Final = """
select
    finding_id, rule, direction, per, grade, case_no, seq, household_no, person_key, person_name,
    person_id_no, applicant_name, township_code, coalesce(period, '') as period, evidence,
    evidence_hash, at_risk_yuan
from judged.finding
order by finding_id
"""


@dataclass(frozen=True, slots=True)
class SeenFinding:
    """One row of judged.finding."""

    finding_id: str
    rule: str
    direction: str
    per: str
    grade: str
    case_no: str | None
    seq: int | None
    household_no: str | None
    person_key: str | None
    person_name: str | None
    person_id_no: str | None
    applicant_name: str | None
    township_code: str | None
    period: str
    evidence: str
    evidence_hash: str
    at_risk_yuan: Decimal | None

    @property
    def at_risk_fen(self) -> int | None:
        """The amount at risk in 1/100 yuan, as it is kept."""
        return None if self.at_risk_yuan is None else int(self.at_risk_yuan * 100)

    @property
    def content_hash(self) -> str:
        """SHA-256 over all that is shown but the places in files, which differ every night."""
        content = (
            self.evidence_hash,
            self.grade,
            self.case_no,
            self.seq,
            self.person_id_no,
            self.person_name,
            self.applicant_name,
            self.township_code,
            self.at_risk_fen,
        )
        return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def read_findings(engine: Engine, run_id: str) -> list[SeenFinding]:
    """The findings of a run, ordered by number.

    Raises HeduiError ``findings_repeated`` when a number occurs twice: two findings would be taken
    for one.
    """
    seen = [SeenFinding(*row) for row in engine.rows(_QUERY)]
    _check_distinct(seen, run_id)
    return seen


def _check_distinct(seen: Sequence[SeenFinding], run_id: str) -> None:
    counts = Counter(finding.finding_id for finding in seen)
    repeated = {finding_id for finding_id, count in counts.items() if count > 1}
    if repeated:
        rule = next(finding.rule for finding in seen if finding.finding_id in repeated)
        raise HeduiError("findings_repeated", run_id=run_id, count=len(repeated), rule=rule)
