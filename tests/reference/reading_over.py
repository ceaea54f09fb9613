"""Direction `over`, read plainly: people, vehicles, purchases and payments."""

from datetime import date
from decimal import Decimal

from reading_calendar import months_before
from reading_deaths import date_of_death
from reading_night import Linked, Member, Night, Row
from reading_verdict import FLAG, VERIFY, Found, Key, Verdict, graded

POPULATION = "public_security.population"
CREMATIONS = "civil_affairs.cremations"
PAYMENTS = "civil_affairs.payments"
MARRIAGES = "civil_affairs.marriages"
MARRIED = ("IA", "ICA")


def beneficiaries(night: Night, case: Row) -> list[Member]:
    return [m for m in night.members[case["case_no"]] if m.is_beneficiary]


def authorised(night: Night, case: Row) -> list[Member]:
    """Living counted members whose means may be looked at."""
    return [m for m in night.living(case) if m.is_authorised]


def member_key(member: Member) -> Key:
    return Key(case_no=member.case["case_no"], seq=member.seq)


def deceased(night: Night, case: Row) -> Verdict:
    verdict = Verdict()
    for member in beneficiaries(night, case):
        death = night.death(member.person_id)
        if death is None:
            continue
        months = [
            month
            for month, paid in night.paid[case["case_no"]].items()
            if paid > 0 and month > death.day.replace(day=1)
        ]
        at_risk = night.share_of_amount(member) * len(months)
        is_sure = death.is_certain and member.person_grade == "certain"
        verdict.found.append(
            Found(
                member_key(member),
                FLAG if is_sure else VERIFY,
                at_risk if PAYMENTS in night.in_force else None,
            )
        )
    return verdict


def moved_out(night: Night, case: Row) -> Verdict:
    verdict = Verdict()
    for member in beneficiaries(night, case):
        rows = night.of_member(member, POPULATION)
        if member.row.get("is_in_school") or any(x.row["person_status"] == "0" for x in rows):
            continue
        if member.is_unread("is_in_school"):
            verdict.is_unknown |= _is_away(rows, case)
            continue
        division = case["township_code"][:6]
        away = [x for x in rows if x.row["person_status"] == "3"]
        for linked in rows:
            if linked.row["person_status"] == "2":
                to = linked.row.get("moved_to")
                verdict.is_unknown |= to is None
                away += [linked] if to is not None and to[:6] != division else []
        if away:
            only_abroad = all(x.row["person_status"] == "3" for x in away)
            grade = graded((x.grade for x in away), verify=not only_abroad)
            verdict.found.append(Found(member_key(member), grade))
    return verdict


def _is_away(rows: list[Linked], case: Row) -> bool:
    """Abroad, moved out of the district, or moved nobody knows where."""
    away = [x.row for x in rows if x.row["person_status"] in ("2", "3")]
    return any(
        row["person_status"] == "3" or (row.get("moved_to") or "")[:6] != case["township_code"][:6]
        for row in away
    )


def in_service(night: Night, case: Row) -> Verdict:
    return Verdict(
        [
            Found(member_key(member), VERIFY)
            for member in beneficiaries(night, case)
            if any(x.row["person_status"] == "4" for x in night.of_member(member, POPULATION))
        ]
    )


def is_vehicle_in_force(row: Row, policy: Row) -> bool:
    return (
        row["plate_kind"] not in policy["vehicle.exempt_plate_kinds"]
        and not row["vehicle_class"].upper().startswith("C")
        and not set(row["vehicle_status"].upper()) & set("BCEMP")
    )


def motor_vehicle(night: Night, case: Row) -> Verdict:
    vehicles = [
        linked
        for member in authorised(night, case)
        for linked in night.of_member(member, "public_security.vehicles")
        if is_vehicle_in_force(linked.row, night.policy(case))
    ]
    if not vehicles:
        return Verdict()
    due = [linked.row.get("scrap_due_date") for linked in vehicles]
    all_past = all(day is not None and day < night.as_of for day in due)
    grade = graded((x.grade for x in vehicles), verify=all_past)
    return Verdict([Found(Key(case["case_no"]), grade)])


def is_recent_purchase(row: Row, night: Night, policy: Row) -> bool:
    since = months_before(night.as_of, int(policy["property.presale_months"]))
    return (
        row["contract_status"] == "1"
        and row["house_use"] != "80"
        and since < row["signed_date"] <= night.as_of
    )


def recent_purchase(night: Night, case: Row) -> Verdict:
    grades = [
        linked.grade
        for member in authorised(night, case)
        for linked in night.of_member(member, "housing.presales")
        if is_recent_purchase(linked.row, night, night.policy(case))
    ]
    return Verdict([Found(Key(case["case_no"]), graded(grades))] if grades else [])


def duplicate_benefit(night: Night, case: Row) -> Verdict:
    verdict = Verdict()
    for person_id in {m.person_id for m in beneficiaries(night, case)}:
        mine = [
            member
            for members in night.members.values()
            for member in members
            if member.person_id == person_id and member.is_beneficiary
        ]
        cases = sorted({m.case["case_no"] for m in mine})
        if len(cases) < 2:
            continue
        shares = [night.share_of_amount(m) for m in mine]
        grade = graded(m.person_grade for m in mine)
        key = Key(case_no=";".join(cases), person_id=person_id)
        verdict.found.append(Found(key, grade, sum(shares, Decimal(0)) - max(shares)))
    return verdict


def paid_where(night: Night, case: Row, since: date, *, inclusive: bool) -> Decimal | None:
    """Σ paid for the months after (or from) one; None where the payments are not there."""
    if PAYMENTS not in night.in_force:
        return None
    of_case = night.paid[case["case_no"]]
    months = [m for m in of_case if m > since or (inclusive and m == since)]
    return sum((of_case[m] for m in months), Decimal(0))


def grace_overrun(night: Night, case: Row) -> Verdict:
    end = case.get("grace_end_month")
    if case["benefit_status"] != "3":
        return Verdict(applies=False)
    if end is None:
        return Verdict(is_unknown=True)
    if end >= night.month:
        return Verdict()
    at_risk = paid_where(night, case, end, inclusive=False)
    return Verdict([Found(Key(case["case_no"]), FLAG, at_risk)])


def paid_after_exit(night: Night, case: Row) -> Verdict:
    if case["benefit_status"] != "2":
        return Verdict(applies=False)
    stop = case.get("stop_month")
    if stop is None:
        return Verdict(is_unknown=True)
    paid = [p for m, p in night.paid[case["case_no"]].items() if m >= stop and p > 0]
    if not paid:
        return Verdict()
    return Verdict([Found(Key(case["case_no"]), FLAG, sum(paid, Decimal(0)))])


def overpaid_month(night: Night, case: Row) -> Verdict:
    newest = night.newest_paid_month
    if newest is None or case["benefit_start_month"] > newest:
        return Verdict()
    more = night.paid[case["case_no"]].get(newest, Decimal(0)) - case["monthly_amount_yuan"]
    if more <= 1:
        return Verdict()
    key = Key(case["case_no"], period=f"{newest:%Y-%m}")
    return Verdict([Found(key, FLAG, more)])


def newest_events(events: list[Linked]) -> list[Linked]:
    """The marriage events of the newest day."""
    newest = max((x.row["registered_date"] for x in events), default=None)
    return [x for x in events if x.row["registered_date"] == newest]


def is_left_married(events: list[Linked]) -> bool:
    """On one day, an event that ends a marriage counts as the later."""
    return bool(events) and all(x.row["event"] in MARRIED for x in newest_events(events))


def undeclared_spouse(night: Night, case: Row) -> Verdict:
    verdict = Verdict()
    for member in authorised(night, case):
        if member.age is not None and member.age < 18:
            continue
        events = night.of_member(member, MARRIAGES)
        if not is_left_married(events):
            continue
        latest = max(newest_events(events), key=lambda x: x.row["record_id"])
        likeness = _listed_spouse(night, member, latest)
        if likeness == "no" and not _is_spouse_dead(night, latest):
            verdict.found.append(Found(member_key(member), VERIFY))
        verdict.is_unknown |= likeness == "maybe" and not _is_spouse_dead(night, latest)
    return verdict


def _spouse(night: Night, event: Linked) -> tuple[str, int | None]:
    role = "wife" if event.role == "husband" else "husband"
    link = night.person_of_record.get((event.row["record_id"], role))
    return role, link["person_id"] if link else None


def _listed_spouse(night: Night, member: Member, event: Linked) -> str:
    """Whether the spouse is a member of the case, of either kind: yes, no or maybe.

    Maybe: a listed spouse (配偶) and the spouse of the record cannot be told apart by number, or a
    member bears the spouse's name under another number, one of which may be wrong.
    """
    role, person_id = _spouse(night, event)
    number, name = event.row.get(f"{role}_id_no"), event.row.get(f"{role}_name")
    answers = {"no"}
    for row in night.member_rows[member.case["case_no"]]:
        if row["seq"] == member.seq:
            continue
        mine = row.get("id_no")
        has_gap = not mine or not number
        is_one_person = night.subjects[row["record_id"]]["person_id"] == person_id
        has_number = bool(mine) and mine == number
        if is_one_person or has_number or (has_gap and row.get("name") == name):
            answers.add("yes")
        elif (has_gap and row["relation"] == "10") or (name and row.get("name") == name):
            answers.add("maybe")
    return "yes" if "yes" in answers else "maybe" if "maybe" in answers else "no"


def _is_spouse_dead(night: Night, event: Linked) -> bool:
    """By the registers; of somebody nobody knows, by a cremation of that number and name."""
    role, person_id = _spouse(night, event)
    if person_id is not None:
        death = night.death(person_id)
        return bool(death and death.is_certain)
    number, name = event.row.get(f"{role}_id_no"), event.row.get(f"{role}_name")
    return any(
        (row.get("id_no"), row.get("name")) == (number, name)
        and date_of_death(row, night.as_of) <= night.as_of
        for row in night.rows("clean.cremation")
        if number
    )
