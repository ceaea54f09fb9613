"""Planted on cases: incomes over the line, undeclared, unknown (hits and near misses)."""

from typing import Final

from simulation import policy, timeline
from simulation.cases import Case, Member
from simulation.facts import UnemploymentBenefit
from simulation.planted_means import adult, alone
from simulation.population import People
from simulation.staging import THIS_MONTH, Scenario, Stage, age_at_horizon


def earner(case: Case, people: People) -> Member | None:
    """An adult in a case of scheme 11 or 12."""
    return adult(case, people) if case.scheme in ("11", "12") else None


def country_earner(case: Case, people: People) -> Member | None:
    """An adult in a case of scheme 12, whose line is a round figure."""
    return adult(case, people) if case.scheme == "12" else None


def lone_earner(case: Case, people: People) -> Member | None:
    """The only member of a case of scheme 11 or 12, of working age."""
    return alone(case, people) if earner(case, people) is not None else None


def old(case: Case, people: People) -> Member | None:
    """The applicant of 61 or more, in a case of scheme 11, 12, 21 or 22."""
    first = case.counted[0]
    is_old = age_at_horizon(people, first.person) >= 61
    return first if is_old and case.scheme in ("11", "12", "21", "22") else None


def family_earner(case: Case, people: People) -> Member | None:
    """An adult in a case of scheme 11 or 12 with two to four heads."""
    return earner(case, people) if 2 <= len(case.counted) <= 4 else None


def _line(s: Stage) -> float:
    return policy.standard(s.case.scheme, s.case.is_urban, timeline.HORIZON) or 0.0


def _wage_over(s: Stage) -> float:
    """A monthly wage that takes the household well over its line."""
    return float(round(_line(s) * s.heads * 1.05 / 0.8) + 900)


def _earns(s: Stage) -> None:
    s.only_income(None)
    s.job(wage=_wage_over(s))


def _draws_pension(s: Stage) -> None:
    s.only_income(None)
    s.pension(("110", "120")[s.number % 2], round(_line(s) * s.heads * 1.05) + 800.0)


def _draws_benefit(s: Stage) -> None:
    s.only_income(None)
    s.facts.unemployment.append(
        UnemploymentBenefit(s.person, THIS_MONTH - 3, THIS_MONTH + 6, 1_880.0)
    )


def _just_tolerated(s: Stage) -> None:
    """Income a head of the line times 1.05 exactly (882 of 840)."""
    declared = round(_line(s) * 1.05 * s.heads)
    s.only_income(declared)
    s.job(wage=declared / 0.8)


def _wage_unknown(s: Stage) -> None:
    s.only_income(600)
    s.job(wage=_wage_over(s), blank_from=THIS_MONTH - 1)


def _no_line(s: Stage) -> None:
    s.case.scheme = "32"
    wage = _wage_over(s) + 2_000
    s.only_income(round(wage * 0.8))
    s.job(wage=wage)


def _in_grace(s: Stage) -> None:
    s.case.grace_start, s.case.grace_end = THIS_MONTH - 2, THIS_MONTH + 3
    s.case.stop = THIS_MONTH + 4
    wage = _wage_over(s)
    s.only_income(round(wage * 0.8))
    s.job(wage=wage)


def _pays_himself(s: Stage) -> None:
    s.only_income(None)
    s.job(insured_as="2", insurances=("110", "310"))


def _basic_pension(s: Stage) -> None:
    """Over the line as paid, not after the exempt part."""
    amount = round(_line(s) * 1.05 * s.heads) + 100
    s.only_income(amount - 170)
    s.pension("170", float(amount), THIS_MONTH - 30)


def _earns_more(s: Stage) -> None:
    s.only_income(700)
    s.job(wage=1_250.0 + 20 * (s.number % 5), insured_as=("1", "3")[s.number % 2])


def _earns_200_more(s: Stage) -> None:
    s.only_income(800)
    s.job(wage=1_250.0)


def _earns_unknown(s: Stage) -> None:
    s.only_income((None, 0)[s.number % 2])
    s.job()


def _misses_a_month(s: Stage) -> None:
    s.only_income(None)
    s.job(gap=THIS_MONTH - 2)


def _declares(s: Stage) -> None:
    s.only_income(500)
    s.job()


def _left_the_job(s: Stage) -> None:
    s.only_income(None)
    s.job(end=THIS_MONTH - 1, first=THIS_MONTH - 20)


SCENARIOS: Final = (
    Scenario("income_over_line", earner, _earns),
    Scenario("income_over_line", old, _draws_pension),
    Scenario("income_over_line", lone_earner, _draws_benefit),
    Scenario("income_over_line", country_earner, _just_tolerated, "exactly at the tolerance"),
    Scenario("income_over_line", earner, _wage_unknown, "wage of a month unknown"),
    Scenario("income_over_line", earner, _no_line, "scheme 32 has no line"),
    Scenario("income_over_line", earner, _in_grace, "grace period running"),
    Scenario("income_over_line", earner, _pays_himself, "pays contributions himself"),
    Scenario("income_over_line", old, _basic_pension, "basic pension is exempt"),
    Scenario("undeclared_income", family_earner, _earns_more, about_person=True),
    Scenario("undeclared_income", family_earner, _earns_200_more, "200 more, not over", True),
    Scenario("undeclared_employment", earner, _earns_unknown, about_person=True),
    Scenario("undeclared_employment", earner, _misses_a_month, "a month is missing", True),
    Scenario("undeclared_employment", earner, _pays_himself, "pays himself", True),
    Scenario("undeclared_employment", earner, _declares, "declares an income", True),
    Scenario("undeclared_employment", earner, _left_the_job, "no longer employed", True),
)
