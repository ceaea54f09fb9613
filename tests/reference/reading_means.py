"""Direction `over`, read plainly: incomes and property."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from reading_income import case_income, contributions, wage_window
from reading_night import Linked, Night, Row
from reading_over import authorised, member_key, paid_where
from reading_verdict import VERIFY, Found, Key, Verdict, graded

PROPERTIES = "housing.properties"
DWELLINGS = ("10", "11")
BUSINESS = ("20", "30", "40")
HALF = Fraction(1, 2)


@dataclass
class Unit:
    """A unit as a household holds it: its share by owner (at most 1 in all) and its titles."""

    area: Fraction
    shares: dict[int, Fraction]
    known: dict[int, Fraction]
    owners: int
    titles: list[Linked]

    @property
    def share(self) -> Fraction:
        return min(sum(self.shares.values(), Fraction(0)), Fraction(1))

    @property
    def is_half(self) -> bool:
        """Whether it is half or more: by shares that are known, or as all the owners there are."""
        is_all = len(self.shares) == self.owners and self.share >= HALF
        return is_all or sum(self.known.values(), Fraction(0)) >= HALF


def owners_of(night: Night, unit_no: str) -> int:
    """How many registered owners a unit has; one who stands there twice counts once."""
    owners: set[object] = set()
    for row in night.titles_of_unit[unit_no]:
        is_held = row["title_status"] in ("1", "2") and row["house_use"] in (*DWELLINGS, *BUSINESS)
        if is_held:
            link = night.person_of_record.get((row["record_id"], "owner"))
            owners.add(link["person_id"] if link else (row.get("id_no"), row.get("name")))
    return len(owners)


def owner_share(night: Night, row: Row) -> Fraction:
    if row.get("tenure") == "0":
        return Fraction(1)
    if row.get("tenure") == "2" and _is_part(row.get("owner_share")):
        return Fraction(row["owner_share"])
    return Fraction(1, owners_of(night, row["unit_no"]))


def _is_part(share: Decimal | None) -> bool:
    return share is not None and 0 <= share <= 1


def is_share_known(night: Night, row: Row) -> bool:
    """Not where it could not be read, is no part of a whole, or the tenure is not said."""
    if owners_of(night, row["unit_no"]) == 1 or row.get("tenure") in ("0", "1"):
        return True
    is_blank = row.get("owner_share") is None and "owner_share:unreadable" not in row["remarks"]
    return row.get("tenure") == "2" and (is_blank or _is_part(row.get("owner_share")))


def units(night: Night, titles: list[tuple[int, Linked]], uses: tuple[str, ...]) -> dict[str, Unit]:
    """The units in force among (owner, title) pairs, of the uses asked for."""
    held: dict[str, Unit] = {}
    for owner, linked in titles:
        row = linked.row
        if row["title_status"] not in ("1", "2") or row["house_use"] not in uses:
            continue
        area = Fraction(row["area_m2"])
        empty = Unit(area, defaultdict(Fraction), defaultdict(Fraction), 0, [])
        unit = held.setdefault(row["unit_no"], empty)
        unit.owners = owners_of(night, row["unit_no"])
        unit.area = min(unit.area, area)
        unit.shares[owner] = max(unit.shares[owner], owner_share(night, row))
        if is_share_known(night, row):
            unit.known[owner] = max(unit.known[owner], owner_share(night, row))
        unit.titles.append(linked)
    return held


def is_too_many(held: list[Unit], heads: int, policy: Row) -> bool:
    """More than allowed; one more is allowed while m² a head by share stay at the exempt ones."""
    allowed = int(policy["property.dwellings_max"])
    if len(held) > allowed + 1:
        return True
    area = sum((unit.area * unit.share for unit in held), Fraction(0))
    return len(held) > allowed and area / heads > Fraction(policy["property.area_per_head_exempt"])


def household_titles(night: Night, case: Row) -> list[tuple[int, Linked]]:
    return [
        (member.seq, linked)
        for member in authorised(night, case)
        for linked in night.of_member(member, PROPERTIES)
    ]


def second_dwelling(night: Night, case: Row) -> Verdict:
    held = list(units(night, household_titles(night, case), DWELLINGS).values())
    heads = len(night.living(case))
    policy = night.policy(case)
    if not heads or not is_too_many(held, heads, policy):
        return Verdict()
    by_halves = is_too_many([unit for unit in held if unit.is_half], heads, policy)
    grades = (linked.grade for unit in held for linked in unit.titles)
    return Verdict([Found(Key(case["case_no"]), graded(grades, verify=not by_halves))])


def non_residential(night: Night, case: Row) -> Verdict:
    held = list(units(night, household_titles(night, case), BUSINESS).values())
    if not held:
        return Verdict()
    under_half = not any(unit.is_half for unit in held)
    grades = (linked.grade for unit in held for linked in unit.titles)
    return Verdict([Found(Key(case["case_no"]), graded(grades, verify=under_half))])


def income_over_line(night: Night, case: Row) -> Verdict:
    judged = case_income(night, case)
    if not judged.is_asked:
        return Verdict(applies=False)
    if not judged.is_over:
        is_unknown = any(
            one.is_wage_unknown or one.is_declared_unread for one in judged.incomes.values()
        )
        return Verdict(is_unknown=is_unknown or judged.is_grace_unknown)
    at_risk = paid_where(night, case, judged.began, inclusive=False) if judged.began else None
    is_probable = any(one.is_probable for one in judged.incomes.values())
    found = Found(Key(case["case_no"]), graded((), verify=is_probable), at_risk)
    return Verdict([found])


def undeclared_income(night: Night, case: Row) -> Verdict:
    judged = case_income(night, case)
    if judged.is_over:  # so income_over_line is found, unless the heads are not known
        heads_unknown = (case["case_no"], "civil_affairs.members") in night.cases_set_aside
        return Verdict(applies=heads_unknown, is_unknown=heads_unknown)
    return Verdict(
        [
            Found(member_key(member), VERIFY)
            for member in authorised(night, case)
            if judged.incomes[member.seq].registered - member.declared > Decimal(200)
            and not judged.incomes[member.seq].is_declared_unread
        ],
        is_unknown=any(
            one.is_wage_unknown or (one.is_declared_unread and one.registered > Decimal(200))
            for one in judged.incomes.values()
        ),
    )


def undeclared_employment(night: Night, case: Row) -> Verdict:
    judged = case_income(night, case)
    verdict = Verdict()
    for member in authorised(night, case):
        months = {
            linked.row["month"]
            for linked in contributions(night, member)
            if linked.row["insured_as"] == "1" and linked.row["insurance"] == "110"
        }
        window = wage_window(night, member)
        is_employed = bool(window) and months >= set(window)
        if not is_employed or member.declared or not judged.incomes[member.seq].is_wage_unknown:
            continue
        if member.is_unread("declared_income_yuan"):
            verdict.is_unknown = True
        else:
            verdict.found.append(Found(member_key(member), VERIFY))
    return verdict
