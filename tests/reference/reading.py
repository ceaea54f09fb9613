"""All 32 rules of `rules.md`, read row by row: the findings and answers of one night."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import reading_means as means
import reading_over as over
import reading_records as records
import reading_under as under
from reading_night import Member, Night, Row
from reading_verdict import Found, Key, Verdict

CaseRule = Callable[[Night, Row], Verdict]
DistrictRule = Callable[[Night], list[Found]]
HOUSEHOLDS = "civil_affairs.households"
MEMBERS = "civil_affairs.members"
PAYMENTS = "civil_affairs.payments"
OWN = (HOUSEHOLDS, MEMBERS)
INCOMES = (
    "human_resources.contributions",
    "human_resources.pensions",
    "human_resources.unemployment_benefits",
)
POPULATION = "public_security.population"


@dataclass(frozen=True)
class Asked:
    """A rule about cases: what it needs, and whose gaps matter to it.

    ``needs``: nothing is said without them. ``either``: found with any, clear with all. ``more``:
    found without them, never clear. ``means`` asks for authorisation (✓). ``by_absence``: a row
    set aside forbids finding; ``of_all``: an unread member row does.
    """

    rule: CaseRule
    needs: tuple[str, ...]
    either: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    about: str = "counted"
    means: bool = False
    by_absence: bool = False
    of_all: bool = False
    stopped: bool = False

    @property
    def sources(self) -> tuple[str, ...]:
        return (*self.needs, *self.either, *self.more)


def own(*more: str) -> tuple[str, ...]:
    return (*OWN, *more)


CASES: dict[str, Asked] = {
    "deceased": Asked(
        over.deceased, OWN, either=(over.CREMATIONS, POPULATION), about="beneficiary"
    ),
    "moved_out": Asked(over.moved_out, own(POPULATION), about="beneficiary"),
    "in_service": Asked(over.in_service, own(POPULATION), about="beneficiary"),
    "motor_vehicle": Asked(over.motor_vehicle, own("public_security.vehicles"), means=True),
    "second_dwelling": Asked(
        means.second_dwelling, own("housing.properties"), means=True, of_all=True
    ),
    "non_residential": Asked(means.non_residential, own("housing.properties"), means=True),
    "recent_purchase": Asked(over.recent_purchase, own("housing.presales"), means=True),
    "income_over_line": Asked(means.income_over_line, OWN, more=INCOMES, means=True, of_all=True),
    "undeclared_income": Asked(means.undeclared_income, own(*INCOMES), means=True),
    "undeclared_employment": Asked(means.undeclared_employment, own(INCOMES[0]), means=True),
    "duplicate_benefit": Asked(over.duplicate_benefit, OWN, about="beneficiary"),
    "grace_overrun": Asked(over.grace_overrun, (HOUSEHOLDS,)),
    "paid_after_exit": Asked(over.paid_after_exit, (HOUSEHOLDS, PAYMENTS), stopped=True),
    "overpaid_month": Asked(over.overpaid_month, (HOUSEHOLDS, PAYMENTS)),
    "undeclared_spouse": Asked(
        over.undeclared_spouse,
        own(over.MARRIAGES),
        about="adult",
        means=True,
        by_absence=True,
        of_all=True,
    ),
    "medical_hardship_listed": Asked(
        under.medical_hardship_listed, own(under.SETTLEMENTS, under.ASSISTANCE), of_all=True
    ),
    "premium_aid_missing": Asked(
        under.premium_aid_missing, own(under.ENROLMENT), about="beneficiary"
    ),
    "not_insured": Asked(
        under.not_insured, own(under.ENROLMENT), about="beneficiary", by_absence=True
    ),
    "unpaid_month": Asked(under.unpaid_month, (HOUSEHOLDS, PAYMENTS), by_absence=True),
    "underpaid_month": Asked(under.underpaid_month, (HOUSEHOLDS, PAYMENTS), by_absence=True),
    "single_person_candidate": Asked(under.single_person_candidate, OWN),
    "tekun_candidate": Asked(
        under.tekun_candidate, own(over.MARRIAGES), by_absence=True, of_all=True
    ),
    "survivors_unassessed": Asked(
        under.survivors_unassessed, own(over.CREMATIONS), more=(POPULATION,), stopped=True
    ),
    "identity_mismatch": Asked(records.identity_mismatch, OWN, more=(POPULATION,)),
    "visit_overdue": Asked(records.visit_overdue, (HOUSEHOLDS,)),
    "check_overdue": Asked(records.check_overdue, (HOUSEHOLDS,)),
    "not_published": Asked(records.not_published, (HOUSEHOLDS,)),
    "not_authorised": Asked(records.not_authorised, OWN, about="adult"),
}

DISTRICT: dict[str, tuple[DistrictRule, tuple[str, ...]]] = {
    "medical_hardship_unlisted": (
        under.medical_hardship_unlisted,
        own(under.SETTLEMENTS, under.ASSISTANCE, POPULATION),
    ),
    "monitored_unlisted": (under.monitored_unlisted, own(under.ENROLMENT, POPULATION)),
    "child_not_covered": (under.child_not_covered, own(POPULATION)),
    "benefit_ended": (
        under.benefit_ended,
        own(under.UNEMPLOYMENT, under.CONTRIBUTIONS, POPULATION),
    ),
}

Finding = tuple[str | Decimal | None, ...]
Findings = dict[tuple[str, Key], tuple[str, Decimal | None]]
Answers = dict[tuple[str | None, str], str]


def read(night: Night) -> tuple[Findings, Answers]:
    """Every finding (grade, at risk) by rule and key, and every answer by case and rule."""
    findings: Findings = {}
    answers: Answers = {}
    for name, asked in CASES.items():
        for case_no, case in night.households.items():
            if not night.is_active(case) and not asked.stopped:
                continue
            found, answer = _judge(night, asked, case)
            answers[case_no, name] = answer
            findings |= {(name, one.key): (one.grade, one.at_risk) for one in found}
    for name, (rule, needs) in DISTRICT.items():
        is_there = set(needs) <= night.in_force
        everything = rule(night) if is_there else []
        findings |= {(name, one.key): (one.grade, one.at_risk) for one in everything}
        answers[None, name] = "found" if everything else "clear" if is_there else "not_checked"
    return findings, answers


def _judge(night: Night, asked: Asked, case: Row) -> tuple[list[Found], str]:
    missing = [source for source in asked.sources if source not in night.in_force]
    has_either = not asked.either or any(source not in missing for source in asked.either)
    if any(source in missing for source in asked.needs) or not has_either:
        return [], "not_checked"
    verdict = asked.rule(night, case) if night.is_active(case) or asked.stopped else Verdict()
    found = [one for one in verdict.found if not _is_forbidden(night, asked, case, one)]
    if found:
        return found, "found"
    if missing:
        return [], "not_checked"
    if not verdict.applies:
        return [], "clear"
    is_unknown = verdict.is_unknown or _has_gap(night, asked, case)
    if night.is_active(case) and MEMBERS in asked.sources:
        is_unknown |= not night.members[case["case_no"]]
    return [], "not_checked" if is_unknown else "clear"


def _concerned(night: Night, asked: Asked, case: Row) -> list[Member]:
    """The living members whose gaps matter to the rule."""
    who = {
        "counted": lambda member: True,
        "beneficiary": lambda member: member.is_beneficiary,
        "adult": lambda member: member.age is None or member.age >= 18,
    }[asked.about]
    return [m for m in night.living(case) if who(m)] if night.is_active(case) else []


def _unread(night: Night, asked: Asked, case: Row) -> list[Member]:
    """Members with a row set aside in a dataset the rule reads."""
    datasets = [source for source in asked.sources if source not in (*OWN, PAYMENTS)]
    return [
        member
        for member in _concerned(night, asked, case)
        if any(night.is_unchecked(member.person_id, dataset) for dataset in datasets)
    ]


def _has_gap(night: Night, asked: Asked, case: Row) -> bool:
    """Whether somebody is not authorised, or a row set aside, so that nothing is clear."""
    concerned = _concerned(night, asked, case)
    own_rows = {dataset for c, dataset in night.cases_set_aside if c == case["case_no"]}
    return (
        (asked.means and any(not member.is_authorised for member in concerned))
        or bool(_unread(night, asked, case))
        or bool(own_rows & set(asked.sources))
    )


def _is_forbidden(night: Night, asked: Asked, case: Row, found: Found) -> bool:
    """Whether what was set aside forbids the finding: absence of data is no evidence."""
    own_rows = {dataset for c, dataset in night.cases_set_aside if c == case["case_no"]}
    if asked.of_all and MEMBERS in own_rows:
        return True
    if not asked.by_absence:
        return False
    if PAYMENTS in own_rows and PAYMENTS in asked.sources:
        return True
    unread = _unread(night, asked, case)
    return any(found.key.seq in (None, member.seq) for member in unread)
