"""Direction `under`, read plainly: listed people first, then those who are not listed."""

from datetime import date
from decimal import Decimal

from reading_calendar import age_on, months_before, months_between
from reading_income import AS_EMPLOYEE
from reading_means import BUSINESS, DWELLINGS, PROPERTIES, is_too_many, units
from reading_night import Linked, Member, Night, Row
from reading_over import (
    MARRIAGES,
    beneficiaries,
    is_left_married,
    is_recent_purchase,
    is_vehicle_in_force,
    member_key,
)
from reading_verdict import FLAG, VERIFY, Found, Key, Verdict, graded

SETTLEMENTS = "medical_insurance.settlements"
ASSISTANCE = "civil_affairs.temporary_assistance"
ENROLMENT = "medical_insurance.enrolment"
UNEMPLOYMENT = "human_resources.unemployment_benefits"
CONTRIBUTIONS = "human_resources.contributions"
MEMBERS = "civil_affairs.members"
HOUSEHOLDS = "civil_affairs.households"
DIBAO_AND_TEKUN = ("11", "12", "21", "22", "23")


def bills_in_look_back(night: Night, policy: Row, linked: list[Linked]) -> dict[int, Linked]:
    """Settlements in the look-back, by record."""
    since = months_before(night.as_of, int(policy["medical.lookback_months"]))
    return {
        one.row["record_id"]: one
        for one in linked
        if since < one.row["settled_date"] <= night.as_of
    }


def borne(bills: dict[int, Linked]) -> tuple[Decimal, Decimal]:
    """Σ (psn_part_amt − maf_pay), at least and at most.

    A blank maf_pay is 0; one that could not be read is between nothing and the whole bill.
    Take-backs are negative and net out.
    """
    least, most = Decimal(0), Decimal(0)
    for one in bills.values():
        own, nothing = one.row["own_yuan"], Decimal(0)
        if "assistance_yuan:unreadable" in one.row["remarks"]:
            least, most = least + min(own, nothing), most + max(own, nothing)
        else:
            net = own - (one.row.get("assistance_yuan") or nothing)
            least, most = least + net, most + net
    return least, most


def readable(night: Night, person_id: int, bills: list[Linked]) -> list[Linked]:
    """All bills; only take-backs of a person one of whose bills is set aside (a lower bound)."""
    is_unchecked = night.is_unchecked(person_id, SETTLEMENTS)
    return [one for one in bills if not is_unchecked or one.row["own_yuan"] < 0]


def had_assistance(night: Night, policy: Row, linked: list[Linked]) -> bool:
    """Temporary assistance for illness approved in the look-back."""
    since = months_before(night.as_of, int(policy["medical.lookback_months"]))
    return any(
        one.row["hardship"] == "1" and since < one.row["approved_date"] <= night.as_of
        for one in linked
    )


def medical_hardship_listed(night: Night, case: Row) -> Verdict:
    policy, members = night.policy(case), night.members[case["case_no"]]
    bills: dict[int, Linked] = {}
    for member in members:
        mine = readable(night, member.person_id, night.of_member(member, SETTLEMENTS))
        for record_id, one in bills_in_look_back(night, policy, mine).items():
            if record_id not in bills or bills[record_id].grade != "certain":
                bills[record_id] = one
    aided = any(had_assistance(night, policy, night.of_member(m, ASSISTANCE)) for m in members)
    unsure = any(night.is_unchecked(m.person_id, ASSISTANCE) for m in members)
    unread = any(night.is_unchecked(m.person_id, SETTLEMENTS) for m in members)
    least, most = borne(bills)
    limit = policy["medical.hardship_listed"]
    if least <= limit or aided or unsure:
        return Verdict(is_unknown=unread or unsure or (most > limit and not aided))
    grade = graded(one.grade for one in bills.values())
    return Verdict([Found(Key(case["case_no"]), grade)])


def premium_aid_missing(night: Night, case: Row) -> Verdict:
    verdict = Verdict(applies=case["scheme"] in DIBAO_AND_TEKUN)
    for member in beneficiaries(night, case) if verdict.applies else ():
        without_aid = [
            one
            for one in night.of_member(member, ENROLMENT)
            if one.row["insurance"] == "390"
            and one.row["enrolment_status"] == "1"
            and one.row.get("premium_aid") in (None, "0")
            and not member.is_dead
        ]
        grades = [one.grade for one in without_aid if not one.row["remarks"]]
        verdict.is_unknown |= len(grades) < len(without_aid)
        if grades:
            verdict.found.append(Found(member_key(member), graded(grades)))
    return verdict


def not_insured(night: Night, case: Row) -> Verdict:
    """Without a valid number of one's own no absence is sure: to verify."""
    verdict = Verdict()
    for member in beneficiaries(night, case):
        in_force = [
            one for one in night.of_member(member, ENROLMENT) if one.row["enrolment_status"] == "1"
        ]
        if in_force or member.is_dead:
            continue
        born = night.birth_date(member.row, member.person_id)
        may_be_hers = (member.row.get("name"), born) in night.unlinked_insured
        death = night.death(member.person_id)
        if death and not death.has_later_activity:  # not for certain, or the member were dead
            verdict.is_unknown = True
            continue
        # the number under a name that does not agree, or an enrolment nobody could be tied to
        if member.row.get("id_no") in night.insured_numbers or may_be_hers:
            verdict.is_unknown = True
        else:
            is_unsure = member.row.get("id_no") is None or member.person_grade != "certain"
            verdict.found.append(Found(member_key(member), VERIFY if is_unsure else FLAG))
    return verdict


def unpaid_month(night: Night, case: Row) -> Verdict:
    newest = night.newest_paid_month
    if case["benefit_status"] != "1" or case["monthly_amount_yuan"] <= 0:
        return Verdict()
    if newest is None:
        return Verdict(is_unknown=True)
    paid = night.paid[case["case_no"]].get(newest, Decimal(0))
    if case["benefit_start_month"] > newest or paid > 0:
        return Verdict()
    return Verdict([Found(Key(case["case_no"], period=f"{newest:%Y-%m}"), FLAG)])


def underpaid_month(night: Night, case: Row) -> Verdict:
    newest = night.newest_paid_month
    if newest is None or case["benefit_start_month"] > newest:
        return Verdict()
    paid = night.paid[case["case_no"]].get(newest, Decimal(0))
    if paid <= 0 or case["monthly_amount_yuan"] - paid <= 1:
        return Verdict()
    return Verdict([Found(Key(case["case_no"], period=f"{newest:%Y-%m}"), FLAG)])


def is_severely_affected(row: Row) -> bool:
    level, kind = row.get("disability_level"), row.get("disability_kind")
    return level in (1, 2) or (level == 3 and kind in ("5", "6")) or bool(row["is_seriously_ill"])


def may_be_affected(member: Member) -> bool:
    """Whether what could not be read may make it so."""
    is_kind_asked = member.row.get("disability_level") == 3
    return (
        member.is_unread("disability_level")
        or member.is_unread("is_seriously_ill")
        or (is_kind_asked and member.is_unread("disability_kind"))
    )


def single_person_candidate(night: Night, case: Row) -> Verdict:
    verdict = Verdict(applies=case["scheme"] == "31")
    for member in night.living(case) if verdict.applies else ():
        has_own = any(
            other.person_id == member.person_id
            and other.is_beneficiary
            and other.case["scheme"] in DIBAO_AND_TEKUN
            for members in night.members.values()
            for other in members
        )
        is_unread = not is_severely_affected(member.row)
        if has_own or (is_unread and not may_be_affected(member)):
            continue
        if is_unread:
            verdict.is_unknown = True
            continue
        if any(night.is_unchecked(member.person_id, own) for own in (MEMBERS, HOUSEHOLDS)):
            verdict.is_unknown = True
        else:
            verdict.found.append(Found(member_key(member), VERIFY))
    return verdict


def tekun_candidate(night: Night, case: Row) -> Verdict:
    if case["scheme"] not in ("11", "12"):
        return Verdict(applies=False)
    living = night.living(case)
    has_supporter = any(r["member_kind"] == "2" for r in night.member_rows[case["case_no"]])
    if len(living) != 1 or has_supporter:
        return Verdict()
    only: Member = living[0]
    if is_left_married(night.of_member(only, MARRIAGES)):
        return Verdict()
    if only.age is None:
        return Verdict(is_unknown=True)
    is_of_age = only.age >= 60 or only.age < 16
    return Verdict([Found(Key(case["case_no"]), VERIFY)] if is_of_age else [])


def survivors_unassessed(night: Night, case: Row) -> Verdict:
    if case["benefit_status"] != "2":
        return Verdict(applies=False)
    rows = night.member_rows.get(case["case_no"], [])
    people = {r["record_id"]: night.subjects[r["record_id"]] for r in rows}
    stop: date | None = case.get("stop_month")
    verdict = Verdict()
    for applicant_id in _applicants(night, case, rows):
        death = night.death(applicant_id)
        if not death or not death.has_certain_link:
            continue
        if stop is not None and not 0 <= months_between(death.day, stop) <= 3:
            continue
        left = [
            people[row["record_id"]]
            for row in rows
            if row["member_kind"] == "1" and people[row["record_id"]]["person_id"] != applicant_id
        ]
        if any(_is_left_alone(night, subject) for subject in left):
            verdict.is_unknown |= stop is None
            verdict.found = [Found(Key(case["case_no"]), VERIFY)] if stop else []
    return verdict


def _applicants(night: Night, case: Row, rows: list[Row]) -> list[int]:
    """The person the household row names; with nobody linked for certain, the member 本人."""
    named = night.person_of_record.get((case["record_id"], "applicant"))
    if named and named["grade"] == "certain":
        return [named["person_id"]]
    own = [r for r in rows if r["relation"] == "01" and r["member_kind"] == "1"]
    subjects = [night.subjects[row["record_id"]] for row in own]
    return [s["person_id"] for s in subjects if s["person_grade"] == "certain"]


def _is_left_alone(night: Night, subject: Row) -> bool:
    """Living, and in no active case."""
    death = night.death(subject["person_id"])
    is_dead = bool(death and death.is_certain and subject["person_grade"] == "certain")
    return not is_dead and subject["person_id"] not in night.listed


# --- people who are not listed -------------------------------------------------------------------


def passes_screen(night: Night, household_no: str) -> bool:
    """Nothing on a certain link speaks against need; what is not known does not exclude."""
    everybody = {person_id for _, person_id in night.register_households[household_no]}
    people = {person_id for person_id in everybody if not is_certainly_dead(night, person_id)}
    policy = night.policies[night.register_households[household_no][0][0]["division_code"]]
    return not any(
        test(night, policy, people)
        for test in (_has_vehicle, _has_property, _has_purchase, _has_employer, _has_pension)
    )


def _certain(night: Night, people: set[int], dataset: str) -> list[tuple[int, Linked]]:
    return [
        (person_id, one)
        for person_id in sorted(people)
        for one in night.of_person(person_id, dataset)
        if one.grade == "certain"
    ]


def _has_vehicle(night: Night, policy: Row, people: set[int]) -> bool:
    vehicles = _certain(night, people, "public_security.vehicles")
    return any(is_vehicle_in_force(one.row, policy) for _, one in vehicles)


def _has_property(night: Night, policy: Row, people: set[int]) -> bool:
    titles = _certain(night, people, PROPERTIES)
    dwellings = list(units(night, titles, DWELLINGS).values())
    return bool(units(night, titles, BUSINESS)) or is_too_many(dwellings, len(people), policy)


def _has_purchase(night: Night, policy: Row, people: set[int]) -> bool:
    contracts = _certain(night, people, "housing.presales")
    return any(is_recent_purchase(one.row, night, policy) for _, one in contracts)


def _has_employer(night: Night, policy: Row, people: set[int]) -> bool:
    newest = night.newest_contribution_month
    return any(
        one.row["month"] == newest and one.row["insured_as"] in AS_EMPLOYEE
        for _, one in _certain(night, people, CONTRIBUTIONS)
    )


def _has_pension(night: Night, policy: Row, people: set[int]) -> bool:
    return any(
        one.row["insurance"] in ("110", "120")
        and one.row["payment_status"] == "1"
        and one.row["start_month"] <= night.month
        for _, one in _certain(night, people, "human_resources.pensions")
    )


def is_certainly_dead(night: Night, person_id: int) -> bool:
    death = night.death(person_id)
    return bool(death and death.is_certain)


def unlisted_residents(night: Night) -> list[tuple[int, str]]:
    """Living residents in no active case whose household passes the screen, with their HH."""
    residents = []
    for person_id in sorted(night.persons):
        row = night.residence(person_id)
        if row is None or person_id in night.listed or is_certainly_dead(night, person_id):
            continue
        if passes_screen(night, row["household_no"]):
            residents.append((person_id, row["household_no"]))
    return residents


def medical_hardship_unlisted(night: Night) -> list[Found]:
    return [
        Found(Key(household_no=household_no), VERIFY)
        for household_no in night.register_households
        if _is_hard_pressed(night, household_no)
    ]


def _is_hard_pressed(night: Night, household_no: str) -> bool:
    rows = night.register_households[household_no]
    people = {person_id for _, person_id in rows}
    policy = night.policies[rows[0][0]["division_code"]]
    bills: dict[int, Linked] = {}
    for person_id in people:
        mine = readable(night, person_id, night.of_person(person_id, SETTLEMENTS))
        bills |= bills_in_look_back(night, policy, mine)
    if borne(bills)[0] <= policy["medical.hardship_unlisted"] or people & night.listed:
        return False
    aided = any(had_assistance(night, policy, night.of_person(p, ASSISTANCE)) for p in people)
    unsure = any(night.is_unchecked(p, ASSISTANCE) for p in people)
    return not aided and not unsure and passes_screen(night, household_no)


def monitored_unlisted(night: Night) -> list[Found]:
    return [
        Found(Key(household_no=household_no, person_id=person_id), VERIFY)
        for person_id, household_no in unlisted_residents(night)
        if any(
            one.row["enrolment_status"] == "1" and one.row.get("premium_aid") in ("4", "5")
            for one in night.of_person(person_id, ENROLMENT)
        )
    ]


def benefit_ended(night: Night) -> list[Found]:
    found = []
    for person_id, household_no in unlisted_residents(night):
        ends = [one.row["end_month"] for one in night.of_person(person_id, UNEMPLOYMENT)]
        last: date | None = max(ends, default=None)
        if last is None or not 1 <= months_between(last, night.month) <= 3:
            continue
        paid = [one.row["month"] for one in night.of_person(person_id, CONTRIBUTIONS)]
        unsure = any(night.is_unchecked(person_id, d) for d in (UNEMPLOYMENT, CONTRIBUTIONS))
        if not unsure and all(month <= last for month in paid):
            found.append(Found(Key(household_no=household_no, person_id=person_id), VERIFY))
    return found


def child_not_covered(night: Night) -> list[Found]:
    applicants = {
        night.applicant(case)
        for case in night.households.values()
        if night.is_active(case) and case["scheme"] in ("11", "12")
    }
    households = {
        row["household_no"]
        for applicant_id in applicants - {None}
        for row in _register_rows(night, applicant_id or 0)
    }
    in_a_case = night.listed | {
        subject["person_id"]
        for subject in night.subjects.values()
        if subject["case_no"] in night.members
    }
    found: dict[int, Found] = {}
    for household_no in sorted(households):
        for row, person_id in night.register_households[household_no]:
            if row["relation"] not in ("20", "30", "40") or person_id in in_a_case:
                continue
            born = night.persons[person_id].get("birth_date") or row["birth_date"]
            if age_on(born, night.as_of) < 18 and not is_certainly_dead(night, person_id):
                key = Key(household_no=household_no, person_id=person_id)
                found.setdefault(person_id, Found(key, VERIFY))
    return list(found.values())


def _register_rows(night: Night, person_id: int) -> list[Row]:
    rows = night.of_person(person_id, "public_security.population")
    return [one.row for one in rows if one.row["person_status"] == "0"]
