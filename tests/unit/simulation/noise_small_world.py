"""A small made-up world for tests of noise and deliveries: rows of the agreed shape only."""

from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa

from simulation import timeline
from simulation.columns import dictionary, schema
from simulation.expected import EXPECTED_SCHEMA, NEAR_MISS_SCHEMA
from simulation.noise_numbers import check_digit
from simulation.world import World
from sources.contract import Column, Contract, load_dictionary

AS_OF = date(2026, 11, 20)
SEED = 7
_SURNAMES = "王李张刘陈杨赵黄周吴"
_GIVEN = "伟芳娜敏静强磊军洋勇艳杰娟涛明超秀霞平刚喆𠮷㐂峰群健建国华文平维伪微"
_ROWS = {
    "public_security.population": 2000,
    "medical_insurance.enrolment": 1500,
    "medical_insurance.settlements": 1500,
    "human_resources.contributions": 1400,
    "human_resources.pensions": 400,
    "civil_affairs.marriages": 400,
    "civil_affairs.members": 300,
}


@cache
def small_world(as_of: date = AS_OF, seed: int = SEED, scale: float = 1.0) -> World:
    """A world of random rows; the same for the same arguments."""
    rng = np.random.default_rng(seed)
    persons = _persons(rng, int(2000 * scale))
    tables = {
        contract.dataset: _table(contract, persons, rng, as_of, scale)
        for contract in load_dictionary()
    }
    members = tables["civil_affairs.members"]
    return World(
        as_of=as_of,
        seed=seed,
        residents=persons.num_rows,
        division="990102",
        townships={"990102001": "甲镇"},
        tables=tables,
        business_dates={
            name: timeline.business_dates(name, as_of) for name in dictionary() if name != "codes"
        },
        persons=persons,
        subjects=pa.table(
            {
                "case_no": members.column("救助证号"),
                "seq": members.column("序号"),
                "person": members.column("_person"),
            }
        ),
        expected=EXPECTED_SCHEMA.empty_table(),
        near_misses=NEAR_MISS_SCHEMA.empty_table(),
    )


def number_of(born: date, serial: int) -> str:
    """A valid number under 990102."""
    first = f"990102{born:%Y%m%d}{serial:03d}"
    return first + check_digit(first)


def _persons(rng: np.random.Generator, count: int) -> pa.Table:
    born = [date(1935, 1, 1) + timedelta(days=int(n)) for n in rng.integers(0, 31000, count)]
    names = ["".join([rng.choice(list(_SURNAMES)), *rng.choice(list(_GIVEN), 2)]) for _ in born]
    for place in range(0, count, 20):
        names[place] = "买买提·艾力" if place % 40 else "欧阳" + names[place][1:]
    former = ["李" + name[1:] if n % 15 == 0 else None for n, name in enumerate(names)]
    return pa.table(
        {
            "person": pa.array(range(count), pa.int64()),
            "id_no": [number_of(day, n % 1000) for n, day in enumerate(born)],
            "name": names,
            "former_name": pa.array(former, pa.string()),
            "household_no": [f"H{n // 3}" for n in range(count)],
        }
    )


def _table(
    contract: Contract, persons: pa.Table, rng: np.random.Generator, as_of: date, scale: float
) -> pa.Table:
    rows = int(_ROWS.get(contract.dataset, 260) * scale)
    columns: dict[str, Any] = {
        column.header: _values(column, contract, rows, rng, as_of) for column in contract.columns
    }
    for place, person in enumerate(contract.persons):
        who = rng.permutation(persons.num_rows)[:rows]
        who = np.resize(who, rows).astype(np.int64)
        name = "_person" if len(contract.persons) == 1 else f"_person_{place + 1}"
        columns[name] = who
        for field, source in ((person.id_no, "id_no"), (person.name, "name")):
            header = contract.by_name(field).header
            columns[header] = persons.column(source).take(pa.array(who)).combine_chunks()
    columns["_delivered"] = pa.array(_delivered(contract, rows, rng, as_of), pa.date32())
    return pa.table([columns[f.name] for f in schema(contract.dataset)], schema(contract.dataset))


def _delivered(contract: Contract, rows: int, rng: np.random.Generator, as_of: date) -> list[date]:
    dates = timeline.business_dates(contract.dataset, as_of)
    if contract.cadence == "daily":
        return [dates[0] if share < 0.9 else dates[-1] for share in rng.random(rows)]
    return [dates[int(place)] for place in rng.integers(0, len(dates), rows)]


def _values(
    column: Column, contract: Contract, rows: int, rng: np.random.Generator, as_of: date
) -> pa.Array:
    if column.kind == "code":
        return pa.array(rng.choice(sorted(column.codes), rows).tolist(), pa.string())
    values: list[Any] = [_value(column.kind, n, rng, as_of) for n in range(rows)]
    if column.header in contract.key and column.kind == "text":
        values = [f"{contract.table}{n:07d}" for n in range(rows)]
    if column.is_nullable and column.kind not in ("name", "id_no"):
        values = [None if rng.random() < 0.2 else value for value in values]
    return pa.array(values, schema(contract.dataset).field(column.header).type)


def _value(kind: str, place: int, rng: np.random.Generator, as_of: date) -> Any:
    day = as_of - timedelta(days=int(rng.integers(1, 12000)))
    return {
        "date": day,
        "month": day.replace(day=1),
        "yuan": Decimal(int(rng.integers(-100, 900_000))) / 100,
        "int": place % 4 + 1,
        "decimal": round(float(rng.random()) * 100, 2),
        "bool": bool(rng.integers(0, 2)),
    }.get(kind, f"文字{place}")
