"""Expected findings about register households and people who are on no scheme."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from simulation import timeline
from simulation.expected_means import (
    CONTRIBUTIONS,
    PENSIONS,
    UNEMPLOYMENT,
    Titles,
    has_too_many_dwellings,
    is_recent_contract,
    is_vehicle_in_force,
)
from simulation.expected_reading import Finding, Reading
from simulation.timeline import Ints

_UNDER: Final = "under"


class RegisterHouseholds:
    """Who is registered where at present (RYZT 0)."""

    def __init__(self, reading: Reading) -> None:
        table = reading.tables["public_security.population"]
        present = table.filter(pc.equal(table.column("RYZT"), "0"))
        encoded = pc.dictionary_encode(present.column("HH").combine_chunks())
        self.numbers = encoded.dictionary
        """户号 of each household's place."""
        self.place: Ints = encoded.indices.to_numpy().astype(np.int64)
        self.person: Ints = present.column("_person").to_numpy()
        highest = int(self.person.max(initial=-1))
        self.home = np.full(highest + 1, -1, dtype=np.int64)
        """The household's place of each person, -1 for nobody present."""
        self.home[self.person] = self.place

    def of(self, persons: Ints) -> Ints:
        """Places of the households of these people; -1 where not registered at present."""
        inside = (persons >= 0) & (persons < len(self.home))
        return np.where(inside, self.home[np.where(inside, persons, 0)], -1)

    def members(self, homes: set[int]) -> dict[int, list[int]]:
        """The people of these households."""
        found: dict[int, list[int]] = defaultdict(list)
        rows = np.flatnonzero(np.isin(self.place, np.array(sorted(homes), dtype=np.int64)))
        for row in rows:
            found[int(self.place[row])].append(int(self.person[row]))
        return found


def unlisted(reading: Reading) -> Iterator[Finding]:
    """``medical_hardship_unlisted``, ``monitored_unlisted``, ``benefit_ended``."""
    homes = RegisterHouseholds(reading)
    ill = _hardship(reading, homes)
    monitored = _monitored(reading)
    ended = _ended(reading)
    people = [
        ("monitored_unlisted", person) for person in monitored if person not in reading.listed
    ] + [("benefit_ended", person) for person in ended if person not in reading.listed]
    places = homes.of(np.array([person for _, person in people], dtype=np.int64))
    passed = _passing(reading, homes, ill | {int(place) for place in places if place >= 0})
    for home in sorted(ill & passed):
        number = homes.numbers[home].as_py()
        yield Finding("medical_hardship_unlisted", _UNDER, household_no=number)
    for (rule, person), place in zip(people, places, strict=True):
        if int(place) in passed and not reading.is_dead(person):
            number = homes.numbers[int(place)].as_py()
            yield Finding(rule, _UNDER, household_no=number, person=person)


def _hardship(reading: Reading, homes: RegisterHouseholds) -> set[int]:
    """Households without listed people that bore more than the limit, and were not helped."""
    since = reading.since(int(reading.value("medical.lookback_months")))
    limit = round(float(reading.value("medical.hardship_unlisted")) * 100)
    bills = reading.tables["medical_insurance.settlements"]
    recent = bills.filter(pc.greater(bills.column("setl_time"), pa.scalar(since, pa.date32())))
    borne = _cents(recent, "psn_part_amt") - _cents(recent, "maf_pay")
    place = homes.of(recent.column("_person").to_numpy())
    here = place >= 0
    total = np.zeros(len(homes.numbers), dtype=np.int64)
    np.add.at(total, place[here], borne[here])
    aids = reading.tables["civil_affairs.temporary_assistance"]
    ill = pc.and_(
        pc.equal(aids.column("困难原因"), "1"),
        pc.greater(aids.column("批准日期"), pa.scalar(since, pa.date32())),
    )
    helped = homes.of(aids.filter(ill).column("_person").to_numpy())
    listed = homes.of(np.array(sorted(reading.listed), dtype=np.int64))
    total[helped[helped >= 0]] = 0
    total[listed[listed >= 0]] = 0
    return {int(home) for home in np.flatnonzero(total > limit)}


def _cents(table: pa.Table, header: str) -> Ints:
    amounts = table.column(header).cast(pa.float64()).fill_null(0.0).to_numpy()
    cents: Ints = np.rint(amounts * 100).astype(np.int64)
    return cents


def _monitored(reading: Reading) -> list[int]:
    table = reading.tables["medical_insurance.enrolment"]
    aided = pc.and_(
        pc.equal(table.column("psn_insu_stas"), "1"),
        pc.is_in(table.column("aid_type"), value_set=pa.array(["4", "5"])),
    )
    return sorted(set(table.filter(aided).column("_person").to_pylist()))


def _ended(reading: Reading) -> list[int]:
    """People whose last benefit ended in the three months before this one, with no contribution."""
    last: dict[int, int] = {}
    for row in reading.tables[UNEMPLOYMENT].select(["_person", "AJC098"]).to_pylist():
        end = timeline.month(row["AJC098"])
        last[row["_person"]] = max(end, last.get(row["_person"], 0))
    now = timeline.month(reading.as_of)
    ended = {person: end for person, end in last.items() if now - 3 <= end < now and person >= 0}
    paid = reading.rows(CONTRIBUTIONS, set(ended))
    return sorted(
        person
        for person, end in ended.items()
        if all(timeline.month(row["AAE003"]) <= end for row in paid.get(person, []))
    )


def _passing(reading: Reading, homes: RegisterHouseholds, chosen: set[int]) -> set[int]:
    """The households that pass the screen."""
    members = homes.members(chosen)
    people = {person for group in members.values() for person in group}
    cars = reading.rows("public_security.vehicles", people)
    contracts = reading.rows("housing.presales", people)
    pensions = reading.rows(PENSIONS, people)
    employed = _employed_now(reading)
    titles = Titles(reading, people)
    passed = set()
    for home, everybody in members.items():
        group = [person for person in everybody if not reading.is_dead(person)]
        held = titles.holdings(group)
        excluded = (
            any(is_vehicle_in_force(reading, row) for p in group for row in cars.get(p, []))
            or any(is_recent_contract(reading, r) for p in group for r in contracts.get(p, []))
            or any(_is_worker_pension(row) for p in group for row in pensions.get(p, []))
            or any(person in employed for person in group)
            or any(holding.use in ("20", "30", "40") for holding in held)
            or has_too_many_dwellings(reading, held, len(group))
        )
        if not excluded:
            passed.add(home)
    return passed


def _is_worker_pension(row: dict[str, object]) -> bool:
    return row["AAE140"] in ("110", "120") and row["AAE116"] == "1"


def _employed_now(reading: Reading) -> set[int]:
    """People with employer contributions in the newest month."""
    table = reading.tables[CONTRIBUTIONS]
    newest = pc.max(table.column("AAE003"))
    rows = pc.and_(
        pc.equal(table.column("AAE003"), newest),
        pc.is_in(table.column("AAC066"), value_set=pa.array(["1", "3"])),
    )
    return set(table.filter(rows).column("_person").to_pylist())


RULES: Final = (unlisted,)
