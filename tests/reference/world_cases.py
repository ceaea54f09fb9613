"""Draws of civil affairs' own rows: cases, members, payments; and the people they are about."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from reading_calendar import month_of, months_before
from worlds import Batch, Person

SCHEMES = ("11", "11", "12", "12", "21", "22", "23", "31", "31", "32")
SET_ASIDE = ("civil_affairs.members", "civil_affairs.payments")
NOT_USABLE = ("malformed", "check_digit", "placeholder", "absent", "scientific", "date")
# Declared incomes and pensions around the lines of 2026 (1010, 840, 1515, 1260 a head, 5 % over).
INCOMES = (
    "0", "150", "170.00", "300", "500", "860.50", "882", "882.01", "1060.50", "1060.51", "1323",
    "1590.75", "1590.76", "1764", "2121", "2121.01", "3181.50", "3181.51",
)  # fmt: skip


def amount(batch: Batch, *values: str) -> Decimal:
    return Decimal(batch.pick(*values))


def around(batch: Batch, months: int) -> date:
    """A day at, just before or after, or far from, ``months`` before the as-of date."""
    edge = months_before(batch.as_of, months)
    days = batch.pick(-200, -1, 0, 1, 2, 40, 150)
    return edge + timedelta(days=days)


def birth_date(batch: Batch) -> date:
    """Births around 16, 18 and 60 years ago, and between."""
    years = batch.pick(3, 12, 16, 18, 18, 35, 40, 52, 60, 60, 78)
    edge = months_before(batch.as_of, 12 * years)
    return edge + timedelta(days=batch.pick(-300, -1, 0, 1, 200))


def month(batch: Batch, back: int) -> date:
    """The month so many before the as-of date's."""
    return months_before(month_of(batch.as_of), back)


def add_case(batch: Batch, people: list[Person]) -> None:
    """One case of some of the people, with its payments."""
    batch.world += 1
    case_no = f"W{batch.world:05d}"
    status = batch.weighted(_1=0.72, _2=0.16, _3=0.12)
    members = batch.rng.sample(people, batch.rng.randint(1, min(5, len(people))))
    scheme = batch.pick(*SCHEMES)
    applicant = members[0]
    row = _household_row(batch, case_no, scheme, status, members)
    if batch.chance(0.05):  # one person listed twice
        members.append(batch.rng.choice(members))
    if batch.chance(0.02):  # who applied is no member
        applicant = batch.rng.choice(people)
        row |= {"applicant_name": applicant.name, "applicant_id_no": applicant.id_no}
    for seq, person in enumerate(members, 1):
        add_member(batch, case_no, seq, person)
    if row["stop_month"] and batch.chance(0.6):
        add_death_before(batch, applicant, row["stop_month"])
    if batch.chance(0.04):  # the household's own row could not be read
        batch.set_aside("civil_affairs.households", None, case_no)
        return
    row = batch.record("civil_affairs.households", row)
    if batch.chance(0.5):
        grade = "certain" if batch.chance(0.9) else "probable"
        batch.link(row, "civil_affairs.households", "applicant", applicant, grade)
    if batch.chance(0.06):
        batch.set_aside(batch.pick(*SET_ASIDE), None, case_no)
    add_payments(batch, case_no, row["monthly_amount_yuan"])


def _household_row(
    batch: Batch, case_no: str, scheme: str, status: str, members: list[Person]
) -> dict[str, Any]:
    applicant = members[0]
    return {
        "case_no": case_no,
        "scheme": scheme,
        "applicant_name": applicant.name,
        "applicant_name_raw": applicant.name,
        "applicant_id_no": applicant.id_no,
        "township_code": f"{batch.division}001",
        "household_size": len(members),
        "beneficiary_count": len(members),
        "monthly_amount_yuan": amount(batch, "0", "333.35", "500", "800", "1000.01"),
        "approved_date": months_before(batch.as_of, 30),
        "benefit_start_month": month(batch, batch.pick(0, 1, 2, 20)),
        "benefit_status": status,
        "grace_end_month": month(batch, batch.pick(-1, 0, 1, 2))
        if status == "3" and batch.chance(0.9)
        else None,
        "stop_month": month(batch, batch.pick(0, 1, 2, 3, 4, 5))
        if status == "2" and batch.chance(0.9)
        else None,
        **_supervision(batch),
    }


def _supervision(batch: Batch) -> dict[str, Any]:
    dates = {
        name: around(batch, 12) if batch.chance(0.8) else None
        for name in ("last_visit_date", "last_check_date", "published_date")
    }
    unreadable = [f"{name}:unreadable" for name in dates if not dates[name] and batch.chance(0.3)]
    return {**dates, "remarks": unreadable}


def add_member(batch: Batch, case_no: str, seq: int, person: Person) -> None:
    number = person.id_no
    if number and batch.chance(0.05):  # a neighbour's number, by a slip of the pen
        number = batch.rng.choice(batch.people[-12:]).id_no
    signed = batch.pick(
        date(2024, 1, 5), date(2024, 1, 5), date(2024, 1, 5), date(2024, 1, 5),
        batch.as_of, batch.as_of + timedelta(days=1), None,
    )  # fmt: skip
    row = batch.record(
        "civil_affairs.members",
        {
            "case_no": case_no,
            "seq": seq,
            "name": person.name,
            "name_raw": person.name,
            "id_no": number,
            "id_no_status": "valid" if number else batch.pick(*NOT_USABLE, "other_document"),
            "id_no_text": None if number else batch.pick("E12345678", "9901021980010100X1"),
            "birth_date": person.birth_date if batch.chance(0.8) else None,
            "relation": "01"
            if seq == 1 and batch.chance(0.9)
            else batch.pick("10", "20", "30", "50", "97"),
            "member_kind": "1" if seq == 1 or batch.chance(0.82) else "2",
            "is_beneficiary": batch.chance(0.85),
            "disability_kind": batch.pick(None, "4", "5", "6", "7"),
            "disability_level": batch.pick(None, None, None, 1, 2, 3, 4),
            "is_seriously_ill": batch.chance(0.1),
            "is_in_school": batch.pick(None, False, False, True),
            "declared_income_yuan": amount(batch, *INCOMES) if batch.chance(0.6) else None,
            "authorised_date": signed,
            "remarks": ["authorised_date:unreadable"] if not signed and batch.chance(0.2) else [],
        }
        | _unread(batch),
    )
    batch.subject(row, person)


def _unread(batch: Batch) -> dict[str, Any]:
    """Now and then a value of a member row that was there and could not be read."""
    if not batch.chance(0.06):
        return {}
    column = batch.pick(
        "declared_income_yuan", "declared_income_yuan", "is_in_school", "disability_level",
        "disability_kind", "is_seriously_ill",
    )  # fmt: skip
    word = "unknown_code" if column == "disability_kind" else "unreadable"
    return {column: None, "remarks": [f"{column}:{word}"]}


def add_death_before(batch: Batch, person: Person, stop_month: date) -> None:
    """A death whose month lies about 0 to 3 months before the month the case was stopped."""
    died = months_before(stop_month, batch.pick(-1, 0, 0, 1, 3, 3, 4)) + timedelta(
        days=batch.pick(0, 27)
    )
    row = {"death_date": died, "cremation_date": died + timedelta(days=batch.pick(0, 3))}
    batch.of(person, "civil_affairs.cremations", "deceased", row)


def add_payments(batch: Batch, case_no: str, monthly: Decimal) -> None:
    """Five months of payments: whole, short, over, none, or taken back."""
    for back in range(5 if batch.chance(0.5) else 4, 0, -1):
        paid = {
            "whole": [monthly],
            "none": [],
            "fen_short": [monthly - Decimal("1.01")],
            "yuan_short": [monthly - 1],
            "over": [monthly, Decimal("1.01")],
            "yuan_over": [monthly + 1],
            "back": [monthly, -monthly],
            "parts": [monthly / 2, monthly / 2],
        }[
            batch.weighted(
                whole=0.6, none=0.1, fen_short=0.06, yuan_short=0.05, over=0.06, yuan_over=0.03,
                back=0.05, parts=0.05,
            )
        ]  # fmt: skip
        for yuan in paid:
            row = {"case_no": case_no, "paid_month": month(batch, back)}
            row["paid_yuan"] = yuan.quantize(Decimal("0.01"))
            if monthly == 0:
                continue
            batch.record("civil_affairs.payments", row)
