"""Expected findings of direction ``under`` about people and households on assistance."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from simulation import timeline
from simulation.expected_over import married
from simulation.expected_reading import CaseRead, Finding, Reading, Row, age

_UNDER: Final = "under"
_DIBAO: Final = ("11", "12")
_PAID_SCHEMES: Final = ("11", "12", "21", "22", "23")


def medical(reading: Reading) -> Iterator[Finding]:
    """``medical_hardship_listed``."""
    since = reading.since(int(reading.value("medical.lookback_months")))
    limit = Decimal(str(reading.value("medical.hardship_listed")))
    bills = reading.rows("medical_insurance.settlements", reading.listed)
    aids = reading.rows("civil_affairs.temporary_assistance", reading.listed)
    for case in reading.active:
        persons = {member["_person"] for member in case.counted}
        borne = sum(
            (
                row["psn_part_amt"] - (row["maf_pay"] or 0)
                for person in persons
                for row in bills.get(person, [])
                if since < row["setl_time"] <= reading.as_of
            ),
            Decimal(0),
        )
        helped = any(
            row["困难原因"] == "1" and since < row["批准日期"] <= reading.as_of
            for person in persons
            for row in aids.get(person, [])
        )
        if borne > limit and not helped:
            yield Finding("medical_hardship_listed", _UNDER, case.case_no)


def insurance(reading: Reading) -> Iterator[Finding]:
    """``premium_aid_missing`` and ``not_insured``."""
    enrolled = reading.rows("medical_insurance.enrolment", reading.listed)
    for case in reading.active:
        for member in case.beneficiaries:
            person, seq = member["_person"], member["序号"]
            if reading.is_dead(person):
                continue
            in_force = [r for r in enrolled.get(person, []) if r["psn_insu_stas"] == "1"]
            if not in_force:
                yield Finding("not_insured", _UNDER, case.case_no, seq, person=person)
            unaided = [r for r in in_force if r["insutype"] == "390" and _is_unaided(r)]
            if unaided and case.scheme in _PAID_SCHEMES:
                yield Finding("premium_aid_missing", _UNDER, case.case_no, seq, person=person)


def _is_unaided(row: Row) -> bool:
    return row["aid_type"] in (None, "0")


def payments(reading: Reading) -> Iterator[Finding]:
    """``unpaid_month`` and ``underpaid_month``."""
    newest = reading.newest_paid
    if newest is None:
        return
    period = timeline.month_label(timeline.month(newest))
    for case in reading.active:
        months = reading.paid.get(case.case_no, {})
        amount = case.row["月保障金额"]
        if case.row["待遇起始月"] > newest:
            continue
        if newest not in months:
            if case.row["待遇状态"] == "1" and amount > 0:
                yield Finding("unpaid_month", _UNDER, case.case_no, period=period)
        elif months[newest] > 0 and amount - months[newest] > 1:
            yield Finding("underpaid_month", _UNDER, case.case_no, period=period)


def children(reading: Reading) -> Iterator[Finding]:
    """``child_not_covered``: by the register household of the applicant."""
    covered = {member["_person"] for case in reading.active for member in case.members}
    homes: dict[str, str] = {}
    for case in reading.active:
        applicant = case.row["_person"]
        present = [r for r in reading.register.get(applicant, []) if r["RYZT"] == "0"]
        for row in present if case.scheme in _DIBAO else []:
            homes[row["HH"]] = min(case.case_no, homes.get(row["HH"], case.case_no))
    for row in _residents_of(reading, set(homes)):
        person = row["_person"]
        is_child = age(row["CSRQ"], reading.as_of) < 18 and row["YHZGX"] in ("20", "30", "40")
        if is_child and person not in covered and not reading.is_dead(person):
            yield Finding("child_not_covered", _UNDER, household_no=row["HH"], person=person)


def _residents_of(reading: Reading, homes: set[str]) -> list[Row]:
    """Rows of the register households (RYZT 0)."""
    table = reading.tables["public_security.population"]
    wanted = pc.is_in(table.column("HH"), value_set=pa.array(sorted(homes), pa.string()))
    present = pc.equal(table.column("RYZT"), "0")
    rows: list[Row] = table.filter(pc.and_(wanted, present)).to_pylist()
    return rows


def candidates(reading: Reading) -> Iterator[Finding]:
    """``single_person_candidate`` and ``tekun_candidate``."""
    paid_alone = {
        member["_person"]
        for case in reading.active
        if case.scheme in _PAID_SCHEMES
        for member in case.beneficiaries
    }
    for case in reading.active:
        for member in reading.living(case) if case.scheme == "31" else []:
            if _is_severe(member) and member["_person"] not in paid_alone:
                yield Finding(
                    "single_person_candidate",
                    _UNDER,
                    case.case_no,
                    member["序号"],
                    person=member["_person"],
                )
    alone = {case.case_no: reading.living(case)[0] for case in _alone(reading)}
    wedded = married(reading, {member["_person"] for member in alone.values()})
    for case_no, member in alone.items():
        if member["_person"] not in wedded:
            yield Finding("tekun_candidate", _UNDER, case_no)


def _is_severe(member: Row) -> bool:
    level, kind = member["残疾等级"], member["残疾类别"]
    disabled = level in (1, 2) or (level == 3 and kind in ("5", "6"))
    return bool(disabled or member["重病标志"])


def _alone(reading: Reading) -> Iterator[CaseRead]:
    """Cases of 11 and 12 of one old person, or a child, whom nobody is bound to support."""
    for case in reading.active:
        living = reading.living(case)
        supported = any(member["成员类别"] == "2" for member in case.members)
        if case.scheme not in _DIBAO or len(living) != 1 or supported:
            continue
        years = age(living[0]["出生日期"], reading.as_of)
        if years >= 60 or years < 16:
            yield case


def survivors(reading: Reading) -> Iterator[Finding]:
    """``survivors_unassessed``."""
    for case in reading.cases.values():
        applicant, stop = case.row["_person"], case.row["停发月份"]
        died = reading.death.get(applicant)
        if case.row["待遇状态"] != "2" or stop is None or died is None:
            continue
        after = timeline.month(stop) - timeline.month(died)
        left = [m for m in reading.living(case) if m["_person"] not in reading.listed]
        if 0 <= after <= 3 and left:
            yield Finding("survivors_unassessed", _UNDER, case.case_no)


def mismatches(reading: Reading) -> Iterator[Finding]:
    """``identity_mismatch`` as the books carry the numbers: absent, another's, shared."""
    carriers: dict[str, set[int]] = defaultdict(set)
    for case in reading.cases.values():
        for member in case.members:
            if member["身份证号"] is not None:
                carriers[member["身份证号"]].add(member["_person"])
    owners = _owners_of(reading, set(carriers))
    for case in reading.active:
        for member in case.counted:
            number, person = member["身份证号"], member["_person"]
            elsewhere = number is not None and owners.get(number, person) != person
            if number is None or elsewhere or len(carriers[number]) > 1:
                yield Finding(
                    "identity_mismatch", "data", case.case_no, member["序号"], person=person
                )


def _owners_of(reading: Reading, numbers: set[str]) -> dict[str, int]:
    """Whose number it is by the register."""
    table = reading.tables["public_security.population"].select(["GMSFHM", "_person"])
    wanted = pc.is_in(table.column("GMSFHM"), value_set=pa.array(sorted(numbers), pa.string()))
    return {row["GMSFHM"]: row["_person"] for row in table.filter(wanted).to_pylist()}


def supervision(reading: Reading) -> Iterator[Finding]:
    """``visit_overdue``, ``check_overdue``, ``not_published``, ``not_authorised``."""
    kind = "supervision"
    visited = reading.since(int(reading.value("visit.max_age_months")))
    checked = reading.since(int(reading.value("check.max_age_months")))
    for case in reading.active:
        visit, check = case.row["最近入户日期"], case.row["最近核对日期"]
        if visit is None or visit <= visited:
            yield Finding("visit_overdue", kind, case.case_no)
        if check is None or check <= checked:
            yield Finding("check_overdue", kind, case.case_no)
        if case.row["公示日期"] is None:
            yield Finding("not_published", kind, case.case_no)
        for member in case.counted:
            signed = member["授权书签署日期"]
            adult = age(member["出生日期"], reading.as_of) >= 18
            if adult and (signed is None or signed > reading.as_of):
                person, seq = member["_person"], member["序号"]
                yield Finding("not_authorised", kind, case.case_no, seq, person=person)


RULES: Final = (
    medical,
    insurance,
    payments,
    children,
    candidates,
    survivors,
    mismatches,
    supervision,
)
