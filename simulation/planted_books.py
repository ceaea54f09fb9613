"""Planted in the books of assistance: payments, grace, ends, doubles, gaps, supervision."""

from typing import Final

import numpy as np

from simulation import facts
from simulation.cases import Case, Member, settle
from simulation.planted_means import adult, anyone, paid, stranger, supported
from simulation.population import People
from simulation.staging import HORIZON, THIS_MONTH, Scenario, Stage, age_at_horizon, day
from simulation.timeline import NEVER

_FUTURE: Final = range(THIS_MONTH - 3, THIS_MONTH + 14)


def dibao(case: Case, people: People) -> Member | None:
    """The applicant, grown up, of a case of scheme 11 or 12."""
    return anyone(case, people) if case.scheme in ("11", "12") else None


def with_money(case: Case, people: People) -> Member | None:
    """The applicant of a case with a monthly amount."""
    return anyone(case, people) if case.scheme not in ("31", "32") else None


def family(case: Case, people: People) -> Member | None:
    """The applicant of a case of scheme 11 or 12 with another adult."""
    others = [m for m in case.counted[1:] if age_at_horizon(people, m.person) >= 22]
    return case.counted[0] if others and case.scheme in ("11", "12") else None


def _child(case: Case, people: People, least: float, most: float, relations: str) -> Member | None:
    if case.scheme not in ("11", "12"):
        return None
    for member in case.counted[1:]:
        age = age_at_horizon(people, member.person)
        if least <= age < most and member.relation in relations.split():
            return member
    return None


def child(case: Case, people: People) -> Member | None:
    """A child or grandchild under 17 in a case of scheme 11 or 12."""
    return _child(case, people, 0.5, 17, "20 30 40")


def just_grown(case: Case, people: People) -> Member | None:
    """A son or daughter between 18 and 21."""
    return _child(case, people, 18.01, 21, "20 30")


def lone_elder(case: Case, people: People) -> Member | None:
    """The only counted member, 61 or more, of a case of scheme 11 or 12."""
    first = case.counted[0]
    old = age_at_horizon(people, first.person) >= 61
    return first if old and len(case.counted) == 1 and case.scheme in ("11", "12") else None


def almost_old(case: Case, people: People) -> Member | None:
    """The only counted member, in the fifties, of a case of scheme 11 or 12."""
    first = case.counted[0]
    fits = 40 <= age_at_horizon(people, first.person) < 58.5
    return first if fits and len(case.members) == 1 and case.scheme in ("11", "12") else None


def _differently(by: float) -> "_Paid":
    return _Paid(by)


class _Paid:
    """Each month from August 2026 on, ``by`` yuan more than is due."""

    def __init__(self, by: float) -> None:
        self.by = by

    def __call__(self, s: Stage) -> None:
        s.case.payments = {month: [s.case.amount(month) + self.by] for month in _FUTURE}


def _in_two_parts(s: Stage) -> None:
    amounts = ((month, s.case.amount(month)) for month in _FUTURE)
    s.case.payments = {month: [100.0, amount - 100.0] for month, amount in amounts}


def _not_paid(s: Stage) -> None:
    s.case.payments = {month: [] for month in _FUTURE}


def _not_begun(s: Stage) -> None:
    s.case.approved = day(2026, 11, 3)
    s.case.start = THIS_MONTH + 1
    s.case.visits = s.case.checks = (s.case.approved - 5, 200)
    for member in s.case.members:
        member.joined = s.case.approved


def _grace(months: int) -> "_Grace":
    return _Grace(months)


class _Grace:
    """A grace period that ended so many months before this one, and goes on."""

    def __init__(self, months: int) -> None:
        self.months = months

    def __call__(self, s: Stage) -> None:
        s.case.grace_end = THIS_MONTH - self.months
        s.case.grace_start = s.case.grace_end - 5


def _ended(s: Stage) -> None:
    s.case.stop = THIS_MONTH - 4 - s.number % 3


def _paid_on(s: Stage) -> None:
    _ended(s)
    s.case.paid_after_stop = 1 + s.number % 3


def _second_case(s: Stage) -> Case:
    other = s.another_case(s.member, s.case.scheme, "8")
    other.members[0].joined = other.approved
    return other


def _twice(s: Stage) -> None:
    _second_case(s)


def _second_has_ended(s: Stage) -> None:
    _second_case(s).stop = THIS_MONTH - 5


def _not_paid_there(s: Stage) -> None:
    _second_case(s).members[0].is_beneficiary = False


def _supports_there(s: Stage) -> None:
    """A stranger's case, in which the person is a supporter."""
    other = stranger(s, dead=False)
    settle(s.people, np.array([other]))
    s.facts.without_bills.add(other)
    host = Member(other, "01", authorised=s.case.approved, joined=s.case.approved, written=other)
    case = s.another_case(host, s.case.scheme, "4")
    case.members.append(Member(s.person, "97", "2", False, joined=case.approved, written=s.person))


def _leave_out(s: Stage) -> None:
    s.case.members.remove(s.member)
    s.facts.enrolment.pop(s.person, None)


def _leave_out_but_supported(s: Stage) -> None:
    _leave_out(s)
    _supports_there(s)


def _edge(**what: object) -> "_Edge":
    return _Edge(what)


class _Edge:
    """A case of an edge family (31) with a member disabled or ill like this."""

    def __init__(self, what: dict[str, object]) -> None:
        self.what = what

    def __call__(self, s: Stage) -> None:
        s.case.scheme = "31"
        for name, value in self.what.items():
            setattr(s.member, name, value)


def _disabled(s: Stage) -> None:
    kinds: tuple[dict[str, object], ...] = (
        {"disability_kind": "4", "disability_level": 2},
        {"disability_kind": "6", "disability_level": 3},
        {"is_ill": True},
    )
    _Edge(kinds[s.number % 3])(s)


def _already_listed_alone(s: Stage) -> None:
    _Edge({"disability_kind": "1", "disability_level": 1, "is_beneficiary": False})(s)
    s.another_case(s.member, "11" if s.case.is_urban else "12", "7")


def _nobody_else(s: Stage) -> None:
    s.case.members = s.case.counted


def _married_elder(s: Stage) -> None:
    _nobody_else(s)
    s.marriage("IA", day(1996, 5), s.outsider())


def _survived(after: int) -> "_Survived":
    return _Survived(after)


class _Survived:
    """The applicant died; the case ended so many months after that month."""

    def __init__(self, after: int) -> None:
        self.after = after

    def __call__(self, s: Stage) -> None:
        s.case.stop = THIS_MONTH - 1
        died = s.case.stop - self.after - (s.number % 3 if self.after == 0 else 0)
        s.dies(day(died // 12, died % 12 + 1, 9))


def _survivors_listed(s: Stage) -> None:
    _Survived(1)(s)
    for member in s.case.counted[1:]:
        s.another_case(member, s.case.scheme, "6")


def _applicant_lives(s: Stage) -> None:
    s.case.stop = THIS_MONTH - 1


def _never_again(s: Stage) -> None:
    s.case.visits = (day(2025, 2) + s.number % 90 if s.number % 3 else NEVER, 0)


def _not_checked(s: Stage) -> None:
    s.case.checks = (day(2025, 2) + s.number % 90 if s.number % 3 else NEVER, 0)


def _visited_in_time(s: Stage) -> None:
    s.case.visits = (day(2025, 11, 21), 0)


def _checked_in_time(s: Stage) -> None:
    s.case.checks = (day(2025, 11, 21), 0)


def _unpublished(s: Stage) -> None:
    s.case.published = NEVER


def _published_late(s: Stage) -> None:
    s.case.published = HORIZON - 40


def _unauthorised(s: Stage) -> None:
    s.member.authorised = NEVER


def _minor(case: Case, people: People) -> Member | None:
    for member in case.counted[1:]:
        if 3 <= age_at_horizon(people, member.person) < 16.5:
            return member
    return None


def _no_aid(s: Stage) -> None:
    s.facts.enrolment[s.person] = facts.Enrolment(aid=(None, "0")[s.number % 2])


def _employees_insurance(s: Stage) -> None:
    s.facts.enrolment[s.person] = facts.Enrolment("310", aid=None)


def _not_paid_no_aid(s: Stage) -> None:
    s.member.is_beneficiary = False
    _no_aid(s)


def _uninsured(s: Stage) -> None:
    kinds = (facts.Enrolment(None), facts.Enrolment(status="4"), facts.Enrolment(status="2"))
    s.facts.enrolment[s.person] = kinds[s.number % 3]


def _dead_uninsured(s: Stage) -> None:
    s.dies(day(2026, 7))
    s.facts.enrolment[s.person] = facts.Enrolment(status="4")


SCENARIOS: Final = (
    Scenario("duplicate_benefit", paid, _twice, about_person=True),
    Scenario("duplicate_benefit", paid, _second_has_ended, "the second has ended", True),
    Scenario("duplicate_benefit", paid, _not_paid_there, "no beneficiary in the second", True),
    Scenario("duplicate_benefit", paid, _supports_there, "a supporter in the second", True),
    Scenario("grace_overrun", dibao, _grace(2)),
    Scenario("grace_overrun", dibao, _grace(0), "ends this month"),
    Scenario("paid_after_exit", with_money, _paid_on),
    Scenario("paid_after_exit", with_money, _ended, "paid to the last month due"),
    Scenario("overpaid_month", with_money, _differently(300.0)),
    Scenario("overpaid_month", with_money, _differently(1.0), "by one yuan"),
    Scenario("overpaid_month", with_money, _in_two_parts, "two parts that add up"),
    Scenario("underpaid_month", with_money, _differently(-60.0)),
    Scenario("underpaid_month", with_money, _differently(-1.0), "by one yuan"),
    Scenario("unpaid_month", with_money, _not_paid),
    Scenario("unpaid_month", with_money, _not_begun, "begins next month"),
    Scenario("child_not_covered", child, _leave_out, about_person=True),
    Scenario("child_not_covered", just_grown, _leave_out, "of age", True),
    Scenario("child_not_covered", child, _leave_out_but_supported, "in another case", True),
    Scenario("single_person_candidate", adult, _disabled, about_person=True),
    Scenario(
        "single_person_candidate",
        adult,
        _edge(disability_kind="4", disability_level=3),
        "level 3 of limbs",
        True,
    ),
    Scenario("single_person_candidate", adult, _already_listed_alone, "listed alone", True),
    Scenario("tekun_candidate", lone_elder, _nobody_else),
    Scenario("tekun_candidate", supported, lambda s: None, "has a supporter"),
    Scenario("tekun_candidate", lone_elder, _married_elder, "married"),
    Scenario("tekun_candidate", almost_old, _nobody_else, "not yet sixty"),
    Scenario("survivors_unassessed", family, _survived(0)),
    Scenario("survivors_unassessed", family, _survived(4), "ended four months after"),
    Scenario("survivors_unassessed", family, _survivors_listed, "all in other cases"),
    Scenario("survivors_unassessed", family, _applicant_lives, "the applicant lives"),
    Scenario("not_authorised", adult, _unauthorised, about_person=True),
    Scenario("not_authorised", _minor, _unauthorised, "a minor", True),
    Scenario("visit_overdue", anyone, _never_again),
    Scenario("visit_overdue", anyone, _visited_in_time, "within twelve months by a day"),
    Scenario("check_overdue", anyone, _not_checked),
    Scenario("check_overdue", anyone, _checked_in_time, "within twelve months by a day"),
    Scenario("not_published", anyone, _unpublished),
    Scenario("not_published", anyone, _published_late, "published late"),
    Scenario("premium_aid_missing", paid, _no_aid, about_person=True),
    Scenario("premium_aid_missing", paid, _employees_insurance, "employees' insurance", True),
    Scenario("premium_aid_missing", paid, _not_paid_no_aid, "no beneficiary", True),
    Scenario("not_insured", paid, _uninsured, about_person=True),
    Scenario("not_insured", paid, _employees_insurance, "employees' insurance", True),
    Scenario("not_insured", paid, _dead_uninsured, "dead", True),
)
