"""Draws of what the departments' registers hold of people."""

from datetime import timedelta
from decimal import Decimal

from reading_calendar import months_before
from world_cases import INCOMES, add_case, amount, around, birth_date, month
from worlds import Batch, Person

WAGES = ("0", "800", "1260", "1325.62", "1325.63", "1325.64", "1500.01", "2651.25", "4000")
AREAS = ("30", "38", "40.5", "60", "76", "80", "114", "152", "190")
CHECKED = (
    "civil_affairs.cremations", "civil_affairs.marriages", "public_security.population",
    "public_security.vehicles", "housing.properties", "housing.presales",
    "human_resources.contributions", "human_resources.pensions", "civil_affairs.members",
    "human_resources.unemployment_benefits", "medical_insurance.enrolment",
    "medical_insurance.settlements", "civil_affairs.temporary_assistance",
    "civil_affairs.households",
)  # fmt: skip


def add_world(batch: Batch) -> None:
    """One to three register households, some people outside the register, and their cases."""
    people: list[Person] = []
    for _ in range(batch.rng.randint(1, 3)):
        people += add_register_household(batch)
    people += [batch.person(birth_date(batch)) for _ in range(batch.rng.randint(0, 2))]
    for _ in range(batch.rng.randint(0, 3)):
        add_case(batch, people)
    for person in people:
        add_registers(batch, person)
        if batch.chance(0.04):
            batch.set_aside(batch.pick(*CHECKED), person)
    for _ in range(batch.rng.randint(0, 5)):
        add_unit(batch, people[:2] if batch.chance(0.7) else people)
    for _ in range(batch.rng.randint(0, 2)):
        add_marriage(batch, people)


def add_register_household(batch: Batch) -> list[Person]:
    household_no = f"H{batch.world:05d}{len(batch.people):06d}"
    people = [batch.person(birth_date(batch)) for _ in range(batch.rng.randint(1, 5))]
    for place, person in enumerate(people):
        relation = "01" if place == 0 else batch.pick("10", "20", "30", "40", "50", "97")
        status = batch.weighted(_0=0.84, _1=0.05, _2=0.05, _3=0.02, _4=0.02, _5=0.02)
        add_register_row(batch, person, household_no, relation, status)
        if batch.chance(0.03 if status == "0" else 0.2):
            add_register_row(batch, person, f"{household_no}B", relation, batch.pick("0", "2"))
    if batch.chance(0.05):  # somebody else stands in the register under the same number
        other = batch.person(birth_date(batch))
        other.id_no = people[0].id_no
        add_register_row(batch, other, f"{household_no}C", "01", batch.pick("0", "5"))
    return people


def add_register_row(
    batch: Batch, person: Person, household_no: str, relation: str, status: str
) -> None:
    moved = status == "2"
    row = batch.record(
        "public_security.population",
        {
            "register_no": f"R{len(batch.tables['clean.population']):07d}",
            "id_no": person.id_no,
            "name": person.name,
            "name_raw": person.name,
            "birth_date": person.birth_date,
            "household_no": household_no,
            "relation": relation,
            "residence_kind": batch.pick("1", "1", "2"),
            "division_code": batch.division,
            "township_code": f"{batch.division}001",
            "person_status": status,
            "status_date": around(batch, batch.pick(0, 2, 5)) if status != "0" else None,
            "moved_to": batch.pick(batch.division, "990199", None) if moved else None,
        },
    )
    batch.link(row, "public_security.population", "resident", person, "certain")
    person.register_rows.append(row)


def add_registers(batch: Batch, person: Person) -> None:
    for share, add in (
        (0.06, add_death), (0.15, add_vehicle), (0.08, add_presale), (0.3, add_employment),
        (0.25, add_pension), (0.18, add_unemployment), (0.75, add_enrolment), (0.4, add_bills),
        (0.12, add_assistance),
    ):  # fmt: skip
        if batch.chance(share):
            add(batch, person)


def add_death(batch: Batch, person: Person) -> None:
    died = around(batch, batch.pick(0, 1, 3, 4))
    cremated = died + timedelta(days=batch.pick(0, 3, 20))
    row = {"death_date": died if batch.chance(0.7) else None, "cremation_date": cremated}
    if batch.chance(0.05):  # a slip: a death long after the cremation
        row["death_date"] = batch.as_of + timedelta(days=batch.pick(1, 9000))
    batch.of(person, "civil_affairs.cremations", "deceased", row)


def add_vehicle(batch: Batch, person: Person) -> None:
    for _ in range(batch.pick(1, 1, 2)):
        due = batch.pick(
            None, batch.as_of - timedelta(days=1), batch.as_of, months_before(batch.as_of, 40)
        )
        row = {
            "plate": f"示{len(batch.tables['clean.vehicle']):05d}",
            "plate_kind": batch.pick("01", "02", "02", "52", "07", "13"),
            "vehicle_class": batch.pick("K33", "K33", "H31", "M21", "C11", "c11"),
            "vehicle_status": batch.pick("A", "A", "G", "GQ", "H", "B", "MP", "QE", "C", "ge"),
            "scrap_due_date": due,
        }
        batch.of(person, "public_security.vehicles", "owner", row)


def add_presale(batch: Batch, person: Person) -> None:
    row = {
        "contract_no": f"C{len(batch.tables['clean.presale'])}",
        "house_use": batch.pick("11", "11", "20", "80"),
        "contract_status": batch.pick("1", "1", "1", "2"),
        "signed_date": around(batch, batch.pick(0, 24)),
        "area_m2": Decimal(90),
        "price_yuan": Decimal(500000),
    }
    batch.of(person, "housing.presales", "buyer", row)


def add_employment(batch: Batch, person: Person) -> None:
    """Up to six months with one or two employers: blank wages, unpaid and missing months."""
    for employer in batch.pick(("E1",), ("E1",), ("E1", "E2")):
        insured_as, wage = batch.pick("1", "1", "1", "2", "3"), amount(batch, *WAGES)
        kinds = batch.pick(("110",), ("110",), ("310",), ("110", "310"), ("210",))
        is_blank = batch.chance(0.25)
        ended, lasted = batch.pick(0, 1, 1, 1, 2, 4), batch.pick(1, 3, 3, 4, 6)
        for back in range(ended, ended + lasted):
            if batch.chance(0.05):
                continue
            for kind in kinds:
                row = {
                    "employer_no": employer,
                    "employer_name": "示范单位",
                    "insurance": kind,
                    "month": month(batch, back),
                    "insured_as": insured_as,
                    "wage_yuan": None if is_blank or batch.chance(0.05) else wage,
                    "base_yuan": Decimal(4310),
                    "is_paid": not batch.chance(0.06),
                }
                batch.of(person, "human_resources.contributions", "insured", row)
                if batch.chance(0.03):  # the same fact under another spelling of the person
                    again = {"wage_yuan": amount(batch, *WAGES)}
                    if batch.chance(0.5):
                        again |= {"business_date": batch.as_of - timedelta(days=30)}
                    batch.of(person, "human_resources.contributions", "insured", row | again)


def add_pension(batch: Batch, person: Person) -> None:
    for kind in batch.pick(("110",), ("170",), ("170",), ("120",), ("110", "170")):
        row = {
            "insurance": kind,
            "start_month": month(batch, batch.pick(-1, 0, 2, 30)),
            "pension_yuan": amount(batch, *INCOMES),
            "payment_status": batch.pick("1", "1", "1", "2"),
        }
        for _ in range(2 if batch.chance(0.05) else 1):  # under two spellings of the person
            batch.of(person, "human_resources.pensions", "pensioner", row)


def add_unemployment(batch: Batch, person: Person) -> None:
    for ended in batch.pick((-1,), (0,), (1,), (3,), (3,), (4,), (6, 2)):
        row = {
            "start_month": month(batch, ended + batch.pick(0, 6)),
            "end_month": month(batch, ended),
            "benefit_yuan": amount(batch, "0", "300", "1060.51", "1500"),
        }
        for _ in range(2 if batch.chance(0.05) else 1):
            batch.of(person, "human_resources.unemployment_benefits", "recipient", row)


def add_enrolment(batch: Batch, person: Person) -> None:
    for _ in range(batch.pick(1, 1, 1, 2)):
        aid = batch.pick(None, "0", "2", "2", "4", "5")
        row = {
            "psn_no": f"N{len(batch.tables['clean.enrolment'])}",
            "insurance": batch.pick("390", "390", "310"),
            "enrolment_status": batch.pick("1", "1", "1", "2", "4"),
            "premium_aid": aid,
            "remarks": ["premium_aid:unknown_code"] if not aid and batch.chance(0.2) else [],
        }
        row["birth_date"] = person.birth_date
        if batch.chance(0.08):  # under somebody else's number: it can be tied to nobody
            name, born = person.name, batch.pick(person.birth_date, person.birth_date, batch.as_of)
            row |= {
                "name": name,
                "name_raw": name,
                "birth_date": born,
                "id_no": "990102190001010000",
            }
            batch.of(None, "medical_insurance.enrolment", "insured", row)
            continue
        batch.of(person, "medical_insurance.enrolment", "insured", row)


def add_bills(batch: Batch, person: Person) -> None:
    """Bills around the limits and the edges of the look-back, some taken back."""
    for _ in range(batch.pick(1, 2, 3)):
        own = amount(
            batch, "100", "2000", "3000.01", "6000", "6000.01", "11000", "22000", "22000.01"
        )
        aid = batch.pick(None, Decimal(0), Decimal(100), Decimal("0.01"))
        day = batch.pick(around(batch, 12), around(batch, 0), around(batch, 5))
        row = {
            "settlement_no": f"S{len(batch.tables['clean.settlement'])}",
            "settled_date": day,
            "own_yuan": own,
            "total_yuan": own * 2,
            "assistance_yuan": aid,
            "is_takeback": False,
            "remarks": ["assistance_yuan:unreadable"] if aid is None and batch.chance(0.2) else [],
        }
        batch.of(person, "medical_insurance.settlements", "patient", row)
        if batch.chance(0.15):
            back = {
                "settlement_no": f"S{len(batch.tables['clean.settlement'])}",
                "settled_date": day + timedelta(days=batch.pick(0, 1, 9)),
                "own_yuan": -own,
                "total_yuan": own * -2,
                "assistance_yuan": None if aid is None else -aid,
                "is_takeback": True if batch.chance(0.9) else None,
            }
            batch.of(person, "medical_insurance.settlements", "patient", back)


def add_assistance(batch: Batch, person: Person) -> None:
    row = {
        "aid_no": f"L{len(batch.tables['clean.temporary_assistance'])}",
        "hardship": batch.pick("1", "1", "2"),
        "approved_date": batch.pick(around(batch, 12), around(batch, 0)),
        "aid_yuan": Decimal(500),
    }
    batch.of(person, "civil_affairs.temporary_assistance", "recipient", row)


def add_unit(batch: Batch, people: list[Person]) -> None:
    """A unit and its titles: owners of the world, and strangers."""
    unit_no = f"U{len(batch.tables['clean.property']):06d}"
    use = batch.pick("10", "11", "11", "11", "20", "30", "40", "80", "90")
    area, tenure = amount(batch, *AREAS), batch.pick("0", "1", "2")
    status = batch.pick("1", "1", "1", "2", "0", "3")
    count = 1 if tenure == "0" else min(batch.rng.randint(1, 3), len(people))
    owners: list[Person | None] = [*batch.rng.sample(people, count)]
    if tenure != "0" and batch.chance(0.4):
        owners.append(None)
    if batch.chance(0.05):  # one owner under two spellings
        owners.append(owners[0])
    for owner in owners:
        row = {
            "unit_no": unit_no,
            "tenure": tenure,
            "owner_share": None
            if tenure != "2" or batch.chance(0.3)
            else amount(batch, "0.5", "0.4999", "0.25", "0.3333", "0.6"),
            "house_use": use,
            "area_m2": area,
            "title_status": status,
        }
        if use == "11" and batch.chance(0.1):  # the other word for a dwelling
            row["house_use"] = "10"
        if tenure != "0" and batch.chance(0.06):  # by percent, not to be read, not said
            row |= batch.pick(
                {"tenure": "2", "owner_share": Decimal(50)},
                {"tenure": "2", "owner_share": None, "remarks": ["owner_share:unreadable"]},
                {"tenure": None},
            )
        batch.of(owner, "housing.properties", "owner", row)


def add_marriage(batch: Batch, people: list[Person]) -> None:
    """One to three events of a couple; the spouse may be of this world or a stranger."""
    one = batch.rng.choice(people)
    others = [person for person in people if person is not one]
    other = batch.rng.choice(others) if others and batch.chance(0.6) else None
    is_husband = batch.chance(0.5)
    for day, event in batch.pick(
        ((around(batch, 30), "IA"),),
        ((around(batch, 30), "IA"),),
        ((around(batch, 30), "IA"), (around(batch, 3), "IB")),
        ((months_before(batch.as_of, 9), "ICA"), (months_before(batch.as_of, 9), "IB")),
        ((months_before(batch.as_of, 9), "IB"), (months_before(batch.as_of, 5), "IA")),
    ):
        couple = {"husband": one if is_husband else other, "wife": other if is_husband else one}
        stranger = f"外{batch.rng.randrange(10**6)}"
        row = {"event": event, "registered_date": min(day, batch.as_of)}
        for role, person in couple.items():
            row |= {f"{role}_name": person.name if person else stranger}
            row |= {f"{role}_name_raw": row[f"{role}_name"]}
            row |= {f"{role}_id_no": person.id_no if person else None}
        row = batch.record("civil_affairs.marriages", row)
        for role, person in couple.items():
            if person:
                grade = "certain" if batch.chance(0.9) else "probable"
                batch.link(row, "civil_affairs.marriages", role, person, grade)
