"""One night as its readers need it: counts, sources, what could not be seen, and the findings."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from domain.wording import noted, text
from reports.coverage import Coverage

DIRECTIONS = ("over", "under", "data", "supervision")


@dataclass(frozen=True, slots=True)
class FindingLine:
    """One finding, worded and masked for its reader.

    ``at_risk_yuan`` is an estimate in yuan, None where the agreement has none. ``place`` is the
    case number, or the register household of people who are not listed. ``evidence`` has one
    sentence for each record behind the finding; ``clears`` says what would clear it.
    ``is_watched``: the household is watched since its application was approved; such lines come
    first. ``outcome`` (in words), ``decided_by`` (an account) and ``decided_on``: what a person
    said last of these very facts.
    """

    finding_id: str
    rule: str
    direction: str
    grade: str
    place: str
    applicant_name: str
    person_name: str
    person_id_no: str
    township: str
    period: str
    at_risk_yuan: Decimal | None
    status: str
    first_seen: date
    last_seen: date
    is_confirmed: bool
    evidence: tuple[str, ...]
    clears: str
    next_step: str
    basis: str
    is_watched: bool = False
    outcome: str = ""
    decided_by: str = ""
    decided_on: date | None = None


@dataclass(frozen=True, slots=True)
class RuleLine:
    """What one rule found over the district.

    ``found``, ``clear`` and ``not_checked`` count cases; rules on people not listed answer once for
    the whole district (not ``is_by_case``), of which cases say nothing. ``flags`` and ``verifies``
    count findings; ``reasons`` are (text, number of cases), most first.
    """

    rule: str
    title: str
    reason: str
    direction: str
    flags: int
    verifies: int
    new: int
    at_risk_yuan: Decimal
    found: int
    clear: int
    not_checked: int
    reasons: tuple[tuple[str, int], ...]
    is_by_case: bool = True

    def of_cases(self, count: int) -> int | None:
        """A number of cases as it is shown: none where the rule asks of the whole district."""
        return count if self.is_by_case else None

    @property
    def unseen(self) -> int | str:
        """What could not be checked: a number of cases, or the whole district."""
        if self.is_by_case or not self.not_checked:
            return self.not_checked
        return text("reports.whole_district")

    @property
    def why_unseen(self) -> tuple[str, ...]:
        """The reasons in words, each with how many cases it holds for."""
        if not self.is_by_case:
            return tuple(reason for reason, _ in self.reasons)
        return tuple(noted(reason, count) for reason, count in self.reasons)

    @property
    def findings(self) -> int:
        """All findings of the rule, of either grade."""
        return self.flags + self.verifies


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One dataset: what was delivered, what of it is in force, and since when."""

    dataset: str
    agency: str
    title: str
    state: str
    state_text: str
    data_date: date | None
    rows_delivered: int
    rows_accepted: int
    rows_set_aside: int
    rows_repeated: int


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """One delivery that was not used, and why."""

    dataset: str
    title: str
    business_date: date
    state_text: str
    reasons: str


@dataclass(frozen=True, slots=True)
class UnfetchedLine:
    """One dataset that could not be fetched for this run: by which route, why, and the remedy."""

    agency: str
    title: str
    says: str


@dataclass(frozen=True, slots=True)
class NotCompared:
    """Records that would have been compared with too many people, and were not."""

    dataset: str
    title: str
    rule: str
    records: int
    largest_block: int


@dataclass(frozen=True, slots=True)
class RunReport:
    """All of one run's report. ``townships`` maps a code to findings by direction."""

    as_of: date
    run_id: str
    district: str
    cases_checked: int
    people_checked: int
    rules: tuple[RuleLine, ...]
    sources: tuple[SourceLine, ...]
    deliveries_not_used: tuple[DeliveryLine, ...]
    townships: dict[str, dict[str, int]]
    findings: dict[str, tuple[FindingLine, ...]] = field(default_factory=dict)
    coverage: Coverage = field(default_factory=lambda: Coverage((), ()))
    not_compared: tuple[NotCompared, ...] = ()
    unfetched: tuple[UnfetchedLine, ...] = ()

    @property
    def balance(self) -> dict[str, int]:
        """Rows in force: ``delivered`` = ``accepted`` + ``set_aside`` + ``repeated``."""
        return {
            name: sum(getattr(source, f"rows_{name}") for source in self.sources)
            for name in ("delivered", "accepted", "set_aside", "repeated")
        }

    @property
    def watched(self) -> int:
        """How many findings are about watched households."""
        return sum(line.is_watched for lines in self.findings.values() for line in lines)

    def rules_of(self, direction: str) -> tuple[RuleLine, ...]:
        """The rules of one direction, by their ids."""
        return tuple(rule for rule in self.rules if rule.direction == direction)

    def count(self, direction: str) -> int:
        """How many findings the direction has."""
        return sum(rule.findings for rule in self.rules_of(direction))

    def at_risk(self, direction: str) -> Decimal:
        """The estimated yuan at risk in the direction."""
        return sum((rule.at_risk_yuan for rule in self.rules_of(direction)), Decimal(0))

    def glance(self) -> list[tuple[str, int | Decimal]]:
        """The night in numbers, each by its word (``reports.summary``); yuan are decimal."""
        watched = [("watched", self.watched)] if self.watched else []
        return [
            ("cases", self.cases_checked),
            ("people", self.people_checked),
            ("findings", sum(self.count(direction) for direction in DIRECTIONS)),
            ("new", sum(rule.new for rule in self.rules)),
            *watched,
            ("at_risk", sum((self.at_risk(one) for one in DIRECTIONS), Decimal(0))),
            ("not_checked", len(self.blind())),
            ("sources_out", sum(source.state != "in_force" for source in self.sources)),
        ]

    def blind(self) -> tuple[RuleLine, ...]:
        """The rules that left some case unchecked, most cases first."""
        some = (rule for rule in self.rules if rule.not_checked)
        return tuple(sorted(some, key=lambda rule: (-rule.not_checked, rule.rule)))
