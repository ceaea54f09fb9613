"""Incomes, vehicles and homes of people, read row by row for the expected findings."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from simulation import timeline
from simulation.expected_reading import CaseRead, Reading, Row, Rows

CONTRIBUTIONS: Final = "human_resources.contributions"
PENSIONS: Final = "human_resources.pensions"
UNEMPLOYMENT: Final = "human_resources.unemployment_benefits"
_OUT_OF_FORCE: Final = set("BCEMP")
_EMPLOYED: Final = ("1", "3")


@dataclass(frozen=True)
class Income:
    """Registered income of a person a month; ``is_partial`` when the wage is unknown."""

    amount: Decimal
    is_partial: bool
    begun: date | None
    """The newest beginning among wages, pensions and benefit."""


def newest_months(reading: Reading) -> list[date]:
    """The newest months of the contributions dataset, over which wages are averaged."""
    newest = pc.max(reading.tables[CONTRIBUTIONS].column("AAE003")).as_py()
    if newest is None:
        return []
    last = timeline.month(newest)
    count = int(reading.value("income.wage_months"))
    return [timeline.first_of_month(last - back) for back in range(count)]


def is_vehicle_in_force(reading: Reading, row: Row) -> bool:
    """Plate kind not exempt, class not C, status without any of B C E M P."""
    exempt = row["HPZL"] in reading.value("vehicle.exempt_plate_kinds")
    return not (exempt or row["CLLX"].startswith("C") or _OUT_OF_FORCE & set(row["ZT"]))


def is_recent_contract(reading: Reading, row: Row) -> bool:
    """In force, no garage, signed within the look-back."""
    since = reading.since(int(reading.value("property.presale_months")))
    counts = row["合同状态"] == "1" and row["房屋用途"] != "80"
    return bool(counts and since < row["签约日期"] <= reading.as_of)


def wage(rows: list[Row], months: list[date]) -> tuple[Decimal, bool, date | None]:
    """Mean wage over the months, whether it is unknown, and when the employment began."""
    employed = [row for row in rows if row["AAC066"] in _EMPLOYED]
    window = [row for row in employed if row["AAE003"] in months]
    of_pension = [row for row in window if row["AAE140"] == "110"]
    counted = of_pension or [row for row in window if row["AAE140"] == "310"]
    if not counted:
        return Decimal(0), False, None
    total = Decimal(0)
    for month in months:
        paid = [row["AAC040"] for row in counted if row["AAE003"] == month and row["AAE078"]]
        if not paid or None in paid or sum(paid) <= 0:
            return Decimal(0), True, None
        total += sum(paid)
    firms = {row["AAB003"] for row in counted if row["AAE078"]}
    begun = (_first(employed, firm) for firm in firms)
    return total / len(months), False, max(begun)


def _first(rows: list[Row], firm: str) -> date:
    months: list[date] = [row["AAE003"] for row in rows if row["AAB003"] == firm]
    return min(months)


class Incomes:
    """Registered incomes of the people on cases."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        people = reading.listed
        self.contributions = reading.rows(CONTRIBUTIONS, people)
        self.pensions = reading.rows(PENSIONS, people)
        self.unemployment = reading.rows(UNEMPLOYMENT, people)
        self.months = newest_months(reading)

    def of(self, person: int) -> Income:
        """Wages less working costs, pensions less the exempt part, unemployment benefit."""
        reading = self.reading
        mean, unknown, begun = wage(self.contributions.get(person, []), self.months)
        share = Decimal(str(reading.value("income.work_cost_share")))
        amount = mean * (1 - share)
        begins = [begun] if begun is not None else []
        exempt = Decimal(str(reading.value("income.basic_pension_exempt")))
        for row in self.pensions.get(person, []):
            if row["AAE116"] != "1" or row["AIC160"] > reading.month:
                continue
            basic = row["AAE140"] == "170"
            amount += max(row["AAE019"] - exempt, Decimal(0)) if basic else row["AAE019"]
            begins.append(row["AIC160"])
        for row in self.unemployment.get(person, []):
            if row["AJC097"] <= reading.month <= row["AJC098"]:
                amount += row["AAE019"]
                begins.append(row["AJC097"])
        return Income(amount, unknown, max(begins, default=None))


@dataclass(frozen=True)
class Holding:
    """What a household holds of a unit in force."""

    use: str
    area: Decimal
    share: Decimal


class Titles:
    """Titles in force, by person and by unit."""

    def __init__(self, reading: Reading, people: set[int]) -> None:
        own = reading.rows("housing.properties", people)
        self.by_person: Rows = {
            person: [row for row in rows if row["权属状态"] in ("1", "2")]
            for person, rows in own.items()
        }
        units = {row["不动产单元号"] for rows in self.by_person.values() for row in rows}
        self.owners = _owners(reading, units)

    def holdings(self, persons: list[int]) -> list[Holding]:
        """Each unit once, with the sum of the shares of these people, at most 1."""
        shares: dict[str, Decimal] = defaultdict(Decimal)
        first: dict[str, Row] = {}
        for person in dict.fromkeys(persons):
            for row in self.by_person.get(person, []):
                unit = row["不动产单元号"]
                shares[unit] += self._share(row)
                first.setdefault(unit, row)
        return [
            Holding(row["房屋用途"], Decimal(str(row["建筑面积"])), min(shares[unit], Decimal(1)))
            for unit, row in first.items()
        ]

    def _share(self, row: Row) -> Decimal:
        if row["共有情况"] == "0":
            return Decimal(1)
        if row["共有情况"] == "2" and row["份额"] is not None:
            return Decimal(str(row["份额"]))
        return Decimal(1) / self.owners[row["不动产单元号"]]


def _owners(reading: Reading, units: set[str]) -> dict[str, int]:
    """How many owners in force each unit has."""
    table = reading.tables["housing.properties"]
    wanted = pc.is_in(table.column("不动产单元号"), value_set=pa.array(sorted(units), pa.string()))
    count: dict[str, int] = defaultdict(int)
    for row in table.filter(wanted).select(["不动产单元号", "权属状态"]).to_pylist():
        if row["权属状态"] in ("1", "2"):
            count[row["不动产单元号"]] += 1
    return count


def has_too_many_dwellings(reading: Reading, held: list[Holding], heads: int) -> bool:
    """More dwellings than allowed; one more is allowed while the area a head stays small."""
    homes = [holding for holding in held if holding.use in ("10", "11")]
    allowed = int(reading.value("property.dwellings_max"))
    if len(homes) <= allowed:
        return False
    area = sum((home.area * home.share for home in homes), Decimal(0))
    exempt = Decimal(str(reading.value("property.area_per_head_exempt")))
    is_small = heads > 0 and area / heads <= exempt
    return not (len(homes) == allowed + 1 and is_small)


def is_in_grace(reading: Reading, case: CaseRead) -> bool:
    """A grace period (渐退) still running."""
    end = case.row["渐退截止月"]
    return case.row["待遇状态"] == "3" and end is not None and end >= reading.month
