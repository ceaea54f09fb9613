"""Expected findings of direction ``over``, from the agreed rules read plainly."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from simulation import timeline
from simulation.expected_means import (
    Incomes,
    Titles,
    has_too_many_dwellings,
    is_in_grace,
    is_recent_contract,
    is_vehicle_in_force,
)
from simulation.expected_reading import CaseRead, Finding, Reading, Row, age

_CENT: Final = Decimal("0.01")
_OVER: Final = "over"


def lives(reading: Reading) -> Iterator[Finding]:
    """``deceased``, ``moved_out``, ``in_service``: per beneficiary."""
    for case in reading.active:
        for member in case.beneficiaries:
            person, seq = member["_person"], member["序号"]
            rows = reading.register.get(person, [])
            if reading.is_dead(person):
                risk = _share_after_death(reading, case, person)
                yield Finding("deceased", _OVER, case.case_no, seq, person=person, at_risk=risk)
            if _has_moved_out(member, rows, reading):
                yield Finding("moved_out", _OVER, case.case_no, seq, person=person)
            if any(row["RYZT"] == "4" for row in rows):
                yield Finding("in_service", _OVER, case.case_no, seq, person=person)


def _share_after_death(reading: Reading, case: CaseRead, person: int) -> Decimal:
    died = reading.death[person].replace(day=1)
    months = sum(month > died for month in reading.paid.get(case.case_no, {}))
    amount: Decimal = case.row["月保障金额"]
    return (amount / len(case.beneficiaries) * months).quantize(_CENT)


def _has_moved_out(member: Row, rows: list[Row], reading: Reading) -> bool:
    if member["在校标志"] or any(row["RYZT"] == "0" for row in rows):
        return False
    division = "990102"
    outside = any(row["RYZT"] == "2" and row["QWD"] not in (None, division) for row in rows)
    return outside or any(row["RYZT"] == "3" for row in rows)


def property_of(reading: Reading) -> Iterator[Finding]:
    """``motor_vehicle``, ``second_dwelling``, ``non_residential``, ``recent_purchase``."""
    vehicles = reading.rows("public_security.vehicles", reading.listed)
    contracts = reading.rows("housing.presales", reading.listed)
    titles = Titles(reading, reading.listed)
    for case in reading.active:
        persons = [member["_person"] for member in reading.authorised(case)]
        held = titles.holdings(persons)
        cars = (row for person in persons for row in vehicles.get(person, []))
        bought = (row for person in persons for row in contracts.get(person, []))
        if any(is_vehicle_in_force(reading, row) for row in cars):
            yield Finding("motor_vehicle", _OVER, case.case_no)
        if has_too_many_dwellings(reading, held, len(reading.living(case))):
            yield Finding("second_dwelling", _OVER, case.case_no)
        if any(holding.use in ("20", "30", "40") for holding in held):
            yield Finding("non_residential", _OVER, case.case_no)
        if any(is_recent_contract(reading, row) for row in bought):
            yield Finding("recent_purchase", _OVER, case.case_no)


def incomes(reading: Reading) -> Iterator[Finding]:
    """``income_over_line``, ``undeclared_income``, ``undeclared_employment``."""
    registered = Incomes(reading)
    for case in reading.active:
        over = _income_over_line(reading, registered, case)
        if over is not None:
            yield over
        for member in reading.authorised(case):
            person, seq = member["_person"], member["序号"]
            declared = member["申报月收入"] or Decimal(0)
            income = registered.of(person)
            if over is None and income.amount - declared > 200:
                yield Finding("undeclared_income", _OVER, case.case_no, seq, person=person)
            if not declared and income.is_partial and _is_employed(registered, person):
                yield Finding("undeclared_employment", _OVER, case.case_no, seq, person=person)


def _is_employed(registered: Incomes, person: int) -> bool:
    """Contributions as 单位职工 for 110 in each of the newest months."""
    rows = registered.contributions.get(person, [])
    months = {r["AAE003"] for r in rows if r["AAC066"] == "1" and r["AAE140"] == "110"}
    return months.issuperset(registered.months)


def _income_over_line(reading: Reading, registered: Incomes, case: CaseRead) -> Finding | None:
    line = reading.line(case)
    if line is None or is_in_grace(reading, case):
        return None
    living = reading.living(case)
    allowed = {member["序号"] for member in reading.authorised(case)}
    total, begun = Decimal(0), []
    for member in living:
        declared = member["申报月收入"] or Decimal(0)
        if member["序号"] not in allowed:
            total += declared
            continue
        income = registered.of(member["_person"])
        total += max(declared, income.amount)
        if income.begun is not None and income.amount >= declared:
            begun.append(income.begun)
    limit = line * (1 + Decimal(str(reading.value("income.tolerance_share"))))
    if not living or total <= limit * len(living):
        return None
    risk = reading.paid_after(case, max(begun)) if begun else None
    return Finding("income_over_line", _OVER, case.case_no, at_risk=risk)


def doubles(reading: Reading) -> Iterator[Finding]:
    """``duplicate_benefit``: one finding a person, naming all the cases."""
    found: dict[int, list[tuple[CaseRead, int]]] = defaultdict(list)
    for case in reading.active:
        for member in case.beneficiaries:
            found[member["_person"]].append((case, member["序号"]))
    for person, places in found.items():
        numbers = sorted({case.case_no for case, _ in places})
        if len(numbers) < 2:
            continue
        shares = [case.row["月保障金额"] / len(case.beneficiaries) for case, _ in places]
        risk = (sum(shares) - max(shares)).quantize(_CENT)
        seq = min(seq for case, seq in places if case.case_no == numbers[0])
        yield Finding(
            "duplicate_benefit", _OVER, ";".join(numbers), seq, person=person, at_risk=risk
        )


def payments(reading: Reading) -> Iterator[Finding]:
    """``grace_overrun``, ``paid_after_exit``, ``overpaid_month``."""
    newest = reading.newest_paid
    for case in reading.cases.values():
        row, months = case.row, reading.paid.get(case.case_no, {})
        end, stop = row["渐退截止月"], row["停发月份"]
        if row["待遇状态"] == "3" and end is not None and end < reading.month:
            risk = reading.paid_after(case, end)
            yield Finding("grace_overrun", _OVER, case.case_no, at_risk=risk)
        if row["待遇状态"] == "2" and stop is not None:
            late = [amount for month, amount in months.items() if month >= stop]
            if late:
                yield Finding("paid_after_exit", _OVER, case.case_no, at_risk=sum(late, Decimal(0)))
        if newest is None or row["待遇状态"] == "2" or row["待遇起始月"] > newest:
            continue
        excess = months.get(newest, Decimal(0)) - row["月保障金额"]
        if excess > 1:
            period = timeline.month_label(timeline.month(newest))
            yield Finding("overpaid_month", _OVER, case.case_no, period=period, at_risk=excess)


def spouses(reading: Reading) -> Iterator[Finding]:
    """``undeclared_spouse``: per counted adult."""
    events = _events(reading, reading.listed)
    for case in reading.active:
        kin = {member["_person"] for member in case.members}
        for member in reading.authorised(case):
            person = member["_person"]
            spouse = spouse_of(events.get(person, []), person)
            is_adult = age(member["出生日期"], reading.as_of) >= 18
            if not is_adult or spouse is None or spouse in kin or reading.is_dead(spouse):
                continue
            yield Finding("undeclared_spouse", _OVER, case.case_no, member["序号"], person=person)


def _events(reading: Reading, people: set[int]) -> dict[int, list[Row]]:
    """Marriage events of these people, by person."""
    found: dict[int, list[Row]] = defaultdict(list)
    for column in ("_person_1", "_person_2"):
        for person, rows in reading.rows("civil_affairs.marriages", people, column).items():
            found[person] += rows
    return found


def spouse_of(events: list[Row], person: int) -> int | None:
    """To whom the newest event leaves the person married (-1: an outsider); None: to nobody."""
    if not events:
        return None
    newest = max(row["登记日期"] for row in events)
    last = [row for row in events if row["登记日期"] == newest]
    if any(row["业务类型"] not in ("IA", "ICA") for row in last):
        return None
    row = last[0]
    spouse: int = row["_person_2"] if row["_person_1"] == person else row["_person_1"]
    return spouse


def married(reading: Reading, people: set[int]) -> set[int]:
    """Those whom the marriage register leaves married."""
    events = _events(reading, people)
    return {person for person in people if spouse_of(events.get(person, []), person) is not None}


RULES: Final = (lives, property_of, incomes, doubles, payments, spouses)
