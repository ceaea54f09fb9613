"""Registered incomes of `rules.md`, member by member (docs/decisions/0004-income-reading.md)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from reading_calendar import months_before, to_fen
from reading_night import Linked, Member, Night, Row

CONTRIBUTIONS = "human_resources.contributions"
PENSIONS = "human_resources.pensions"
UNEMPLOYMENT = "human_resources.unemployment_benefits"
AS_EMPLOYEE = ("1", "3")


@dataclass(frozen=True)
class Income:
    """A member's income a month; ``registered`` is a lower bound where the wage is unknown."""

    registered: Decimal
    declared: Decimal
    is_wage_unknown: bool
    is_declared_unread: bool
    began: date | None
    is_probable: bool

    @property
    def counted(self) -> Decimal:
        return max(self.registered, self.declared)


def wage_window(night: Night, member: Member) -> list[date]:
    """The newest months of the contributions dataset, as many as the policy says."""
    newest = night.newest_contribution_month
    if newest is None:
        return []
    count = int(night.policy(member.case)["income.wage_months"])
    return [months_before(newest, back) for back in range(count)]


def contributions(night: Night, member: Member) -> list[Linked]:
    """A member's contributions up to the as-of date, the same fact once."""
    best: dict[tuple[object, ...], Linked] = {}
    for linked in night.of_member(member, CONTRIBUTIONS):
        row = linked.row
        if row["month"] > night.as_of:
            continue
        fact = (row["month"], row["employer_no"], row["insurance"])
        if fact not in best or _comes_first(row, best[fact].row):
            best[fact] = linked
    return list(best.values())


def _comes_first(row: Row, other: Row) -> bool:
    """The newest delivery, then a blank wage, then the smaller one."""

    def place(one: Row) -> tuple[object, ...]:
        wage = one.get("wage_yuan")
        return (
            -one["business_date"].toordinal(),
            wage is not None,
            wage or Decimal(0),
            one["record_id"],
        )

    return place(row) < place(other)


def wage_rows(night: Night, member: Member) -> list[Linked]:
    """What the wage is read from: 110, or 310 where there is none of it."""
    window = wage_window(night, member)
    rows = [
        linked
        for linked in contributions(night, member)
        if linked.row["month"] in window
        and linked.row["insured_as"] in AS_EMPLOYEE
        and linked.row["insurance"] in ("110", "310")
    ]
    kind = "110" if any(linked.row["insurance"] == "110" for linked in rows) else "310"
    return [linked for linked in rows if linked.row["insurance"] == kind]


def wage(night: Night, member: Member) -> Decimal | None:
    """The wage that counts a month; 0 without any employment, None where it is unknown."""
    rows = [linked.row for linked in wage_rows(night, member)]
    if not rows:
        return Decimal(0)
    window = wage_window(night, member)
    total = Decimal(0)
    for month in window:
        paid = [row for row in rows if row["month"] == month and row["is_paid"]]
        wages = [row.get("wage_yuan") for row in paid]
        if not paid or None in wages or sum(wages) == 0:
            return None
        total += sum(wages)
    cost = night.policy(member.case)["income.work_cost_share"]
    return to_fen(total * (1 - cost) / len(window))


def pensions(night: Night, member: Member) -> list[tuple[Decimal, Linked]]:
    """Pensions in payment, each as it counts."""
    exempt = night.policy(member.case)["income.basic_pension_exempt"]
    paid: dict[tuple[object, ...], Linked] = {}
    for linked in night.of_member(member, PENSIONS):
        row = linked.row
        if row["payment_status"] == "1" and row["start_month"] <= night.month:
            _keep(paid, (row["insurance"], row["start_month"], row["pension_yuan"]), linked)
    return [
        (
            max(linked.row["pension_yuan"] - exempt, Decimal(0))
            if linked.row["insurance"] == "170"
            else linked.row["pension_yuan"],
            linked,
        )
        for linked in paid.values()
    ]


def _keep(facts: dict[tuple[object, ...], Linked], fact: tuple[object, ...], one: Linked) -> None:
    """The same fact under two spellings of a person is one, by its surest link."""
    if fact not in facts or facts[fact].grade != "certain":
        facts[fact] = one


def benefits(night: Night, member: Member) -> list[Linked]:
    """Unemployment benefits running in the month of the as-of date."""
    running: dict[tuple[object, ...], Linked] = {}
    for linked in night.of_member(member, UNEMPLOYMENT):
        row = linked.row
        if row["start_month"] <= night.month <= row["end_month"]:
            _keep(running, (row["start_month"], row["end_month"], row["benefit_yuan"]), linked)
    return list(running.values())


def income(night: Night, member: Member) -> Income:
    """The income of a living counted member. Of one without authorisation only what he declared."""
    if not member.is_authorised:
        unread = member.is_unread("declared_income_yuan")
        return Income(Decimal(0), member.declared, False, unread, None, False)
    earned = wage(night, member)
    paid, running = pensions(night, member), benefits(night, member)
    registered = sum((amount for amount, _ in paid), Decimal(0))
    registered += sum((linked.row["benefit_yuan"] for linked in running), Decimal(0))
    links: list[Linked] = [linked for _, linked in paid] + running
    links += [x for x in wage_rows(night, member) if x.row["is_paid"] and earned is not None]
    return Income(
        registered=registered + (earned or Decimal(0)),
        declared=member.declared,
        is_wage_unknown=earned is None,
        is_declared_unread=member.is_unread("declared_income_yuan"),
        began=_began(night, member, bool(earned)),
        is_probable=any(linked.grade != "certain" for linked in links),
    )


def _began(night: Night, member: Member, has_wage: bool) -> date | None:
    """When the newest of the registered incomes began."""
    began = [linked.row["start_month"] for amount, linked in pensions(night, member) if amount > 0]
    began += [x.row["start_month"] for x in benefits(night, member) if x.row["benefit_yuan"] > 0]
    if has_wage:
        began += _employments_began(night, member)
    return max(began, default=None)


def _employments_began(night: Night, member: Member) -> Iterable[date]:
    """The first month of each employment that the wage is read from."""
    present = {x.row["employer_no"] for x in wage_rows(night, member) if x.row["is_paid"]}
    every = [x.row for x in contributions(night, member) if x.row["insured_as"] in AS_EMPLOYEE]
    return [
        min(row["month"] for row in every if row["employer_no"] == employer) for employer in present
    ]


@dataclass(frozen=True)
class CaseIncome:
    """Whether a case's income a head is over its line, so far as known, and what it rests on."""

    is_asked: bool
    is_over: bool
    is_grace_unknown: bool
    incomes: dict[int, Income]
    began: date | None


def line(night: Night, case: Row) -> Decimal | None:
    """The income line a head a month; None for scheme 32."""
    policy = night.policy(case)
    urban, rural = policy["dibao.standard.urban"], policy["dibao.standard.rural"]
    if case["scheme"] in ("11", "21", "23"):
        return urban
    if case["scheme"] in ("12", "22"):
        return rural
    if case["scheme"] == "31":
        applicant_id = night.applicant(case)
        applicant = night.persons.get(applicant_id) if applicant_id else None
        kind = applicant.get("residence_kind") if applicant else None
        return (rural if kind == "2" else urban) * policy["borderline.multiplier"]
    return None


def case_income(night: Night, case: Row) -> CaseIncome:
    """Σ over counted living members of max(declared, registered), against the line."""
    members = night.living(case)
    incomes = {m.seq: income(night, m) for m in members}
    limit = line(night, case)
    grace_end = case.get("grace_end_month")
    in_grace = case["benefit_status"] == "3"
    is_running = in_grace and grace_end is not None and grace_end >= night.month
    is_asked = limit is not None and not is_running
    is_grace_unknown = in_grace and grace_end is None and bool(members)
    is_over = False
    if is_asked and members and not is_grace_unknown:
        total = sum((one.counted for one in incomes.values()), Decimal(0))
        tolerance = night.policy(case)["income.tolerance_share"]
        is_over = total > limit * (1 + tolerance) * len(members)
    began = [i.began for i in incomes.values() if i.began and i.registered >= i.declared]
    return CaseIncome(is_asked, is_over, is_grace_unknown, incomes, max(began, default=None))
