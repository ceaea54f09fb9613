"""What a rule, read plainly, says of one case or of the district."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

FLAG, VERIFY = "flag", "verify"


@dataclass(frozen=True)
class Key:
    """Whom a finding is about."""

    case_no: str | None = None
    seq: int | None = None
    household_no: str | None = None
    person_id: int | None = None
    period: str = ""


@dataclass(frozen=True)
class Found:
    """A finding: about whom, how sure, what is at risk (yuan; None: nothing agreed, or unknown)."""

    key: Key
    grade: str
    at_risk: Decimal | None = None


@dataclass
class Verdict:
    """What is found; else whether something the rule needs is unknown, or it does not apply."""

    found: list[Found] = field(default_factory=list)
    is_unknown: bool = False
    applies: bool = True


def graded(grades: Iterable[str], *, verify: bool = False) -> str:
    """Flag when every link is certain and the rule says nothing else."""
    return VERIFY if verify or any(grade != "certain" for grade in grades) else FLAG
