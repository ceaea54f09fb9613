"""What a check found of one household: the facts a check slip is made of."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class PersonAnswer:
    """One person of the household: as declared, as identified, as found. Yuan a month.

    ``is_registered``: the population register knows them. ``identified_by``: why they are taken for
    ``person_id`` (a code of :func:`matchers.explain.explain`).
    """

    seq: int
    name_raw: str
    id_no: str | None
    id_no_status: str | None
    known_id_no: str | None
    relation: str | None
    member_kind: str | None
    declared_income_yuan: Decimal | None
    authorised_date: date | None
    subject_id: int | None
    person_id: int | None
    person_grade: str | None
    person_key: str | None
    is_registered: bool
    is_authorised: bool
    is_certainly_dead: bool
    age: int | None
    wage_state: str | None
    wage_yuan: Decimal | None
    pension_yuan: Decimal | None
    unemployment_yuan: Decimal | None
    registered_yuan: Decimal | None
    counted_yuan: Decimal | None
    identified_by: str | None = None


@dataclass(frozen=True, slots=True)
class SourceAnswer:
    """What one register says of one person.

    ``state``: found, nothing_found, queried (looked up, and nothing certain can be said),
    not_received, stale, held, not_authorised. ``data_date``: as of when. ``probable``: how many of
    the records are the person's probably, not certainly; ``why`` the least sure one is (a code).
    """

    seq: int
    dataset: str
    state: str
    records: int
    data_date: date | None
    probable: int = 0
    why: str = ""


@dataclass(frozen=True, slots=True)
class RuleAnswer:
    """What one rule answered: found, clear, not_checked; why not, as codes."""

    rule: str
    answer: str
    reason: str


@dataclass(frozen=True, slots=True)
class FindingAnswer:
    """One finding of the household, with its evidence (JSON as in judged.finding)."""

    finding_id: str
    rule: str
    direction: str
    per: str
    grade: str
    case_no: str | None
    seq: int | None
    period: str
    at_risk_yuan: Decimal | None
    evidence: str
    evidence_hash: str


@dataclass(frozen=True, slots=True)
class IncomeAnswer:
    """Heads, income and line recomputed; yuan a month. ``is_lower_bound``: some wage is unknown."""

    heads: int
    line_yuan: Decimal | None
    tolerance_share: Decimal | None
    total_yuan: Decimal | None
    per_head_yuan: Decimal | None
    unknown_wages: int
    is_judged: bool
    is_in_grace: bool
    is_over: bool


@dataclass(frozen=True, slots=True)
class HouseholdAnswer:
    """Everything the snapshot says of one household. Full values: whoever shows it masks."""

    kind: str
    case_no: str
    scheme: str | None
    township_code: str | None
    benefit_status: str | None
    address: str | None
    data_date: date | None
    as_of: date
    snapshot: str
    people: tuple[PersonAnswer, ...]
    sources: tuple[SourceAnswer, ...]
    rules: tuple[RuleAnswer, ...]
    findings: tuple[FindingAnswer, ...]
    income: IncomeAnswer | None
