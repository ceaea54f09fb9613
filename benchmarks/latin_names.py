"""A made-up community whose names are few and Latin, beside others: what slips of letters do.

Vietnamese women of a few surnames and given names, living in eight of twenty townships. Their own
records have a letter wrong; records of strangers, who are in no register, say names made alike.
There are as many strangers as women, far more than anywhere, so that the wrong links can be seen.
"""

import argparse
import random
from collections import Counter
from datetime import date, timedelta
from typing import Final, NamedTuple

import pandas as pd
from rich.console import Console
from rich.table import Table

from benchmarks.plain_rows import link_plain
from store.engines.duckdb import DuckDBEngine

_SURNAMES: Final = {
    "Nguyen": 38, "Tran": 11, "Le": 10, "Pham": 7, "Hoang": 5, "Phan": 5, "Vu": 4, "Dang": 3,
    "Bui": 2, "Do": 2, "Ho": 2, "Ngo": 1,
}  # fmt: skip
_MIDDLE: Final = {"Thi": 8, "Thi Ngoc": 1, "Thi Thu": 1, "Thi Kim": 1, "Ngoc": 1, "Thanh": 1}
_GIVEN: Final = (  # noqa: SIM905 - to read
    "Lan Hoa Huong Mai Linh Thuy Hang Nga Hanh Loan Hong Phuong Thao Trang Ha Huyen Yen Thu Dung "
    "Lien Nhung Oanh Anh Ngoc Van Tuyet Xuan Nhi My Cuc Kieu Nguyet Bich Diem Tham Hien Hue Lam"
).split()
_OTHERS: Final = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
_DATASET: Final = "community"
_OUTCOMES: Final = ("right", "wrong, same name", "wrong, name alike", "not linked")


class Said(NamedTuple):
    """What a row says of a person."""

    name: str
    birth_date: date | None
    township_code: str | None
    address: str | None = None


def main() -> None:
    """Make the community, link its records, and print what became of them by what they say."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--women", type=int, default=300)
    parser.add_argument("--others", type=int, default=30_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    chance = random.Random(asked.seed)  # noqa: S311 - nothing secret
    women = [_woman(chance) for _ in range(asked.women)]
    register = [_other(chance) for _ in range(asked.others)] + women
    told = [(*each, at) for at, one in enumerate(women) for each in _records(one, chance)]
    records = [said for _, said, _, _ in told]
    with DuckDBEngine() as engine:
        link_plain(engine, pd.DataFrame(register), pd.DataFrame(records), _DATASET)
        found = dict(
            engine.rows(
                "select record_id, (person_id, contains(why, 'name:latin_'))"
                f" from linked.person_record where dataset = '{_DATASET}'"
            )
        )
    outcome: dict[str, Counter[str]] = {}
    for record_id, (kind, _, is_hers, at) in enumerate(told, start=len(register) + 1):
        person, is_alike = found.get(record_id, (None, False))
        is_right = is_hers and person == asked.others + at + 1
        wrong = "wrong, name alike" if is_alike else "wrong, same name"
        became = "not linked" if person is None else "right" if is_right else wrong
        outcome.setdefault(kind, Counter())[became] += 1
    _print(outcome)


def _print(outcome: dict[str, Counter[str]]) -> None:
    table = Table(box=None)
    table.add_column("record")
    for became in _OUTCOMES:
        table.add_column(became, justify="right")
    for kind, counted in outcome.items():
        table.add_row(kind, *(f"{counted[became]:,}" for became in _OUTCOMES))
    Console(highlight=False, width=100).print(table)


def _woman(chance: random.Random) -> Said:
    return Said(_name(chance), _day(chance, 1975, 2004), f"9901{chance.randrange(8):02d}001")


def _other(chance: random.Random) -> Said:
    given = "".join(chr(0x4E00 + chance.randrange(400)) for _ in range(chance.choice((1, 2, 2))))
    township = f"9901{chance.randrange(20):02d}001"
    return Said(chance.choice(_OTHERS) + given, _day(chance, 1930, 2020), township)


def _records(woman: Said, chance: random.Random) -> list[tuple[str, Said, bool]]:
    """Of a woman: what kinds of records say, each with whether it is hers."""
    name, born, township, _ = woman
    once, twice = _slip(name, chance), _slip(_slip(name, chance), chance)
    stranger, day = _name(chance), _day(chance, 1975, 2004)
    return [
        ("hers, a slip; birth date", Said(once, born, None), True),
        ("hers, a slip; birth date, township", Said(once, born, township), True),
        ("hers, two slips; birth date, township", Said(twice, born, township), True),
        ("hers, a slip; township", Said(once, None, township), True),
        ("a stranger's; birth date", Said(stranger, day, None), False),
        ("a stranger's; birth date, township", Said(stranger, day, township), False),
        ("a stranger's; township", Said(stranger, None, township), False),
    ]


def _name(chance: random.Random) -> str:
    surname = chance.choices(list(_SURNAMES), list(_SURNAMES.values()))[0]
    middle = chance.choices(list(_MIDDLE), list(_MIDDLE.values()))[0]
    return f"{surname} {middle} {chance.choice(_GIVEN)}"


def _day(chance: random.Random, first: int, last: int) -> date:
    return date(first, 1, 1) + timedelta(days=chance.randrange((last - first) * 365))


def _slip(name: str, chance: random.Random) -> str:
    """The name with a letter wrong, lost or doubled, or two neighbours swapped."""
    while True:
        at = chance.randrange(len(name) - 1)
        letter, following = name[at], name[at + 1]
        wrong = chance.choice("abcdefghijklmnopqrstuvwxyz")
        written = chance.choice((wrong, "", letter * 2, following + letter))
        end = at + (2 if written == following + letter else 1)
        if letter.isalpha() and following.isalpha() and written.lower() != name[at:end].lower():
            return name[:at] + written + name[end:]


if __name__ == "__main__":
    main()
