"""What each comparison observes, by example; the reference engine must observe the same."""

from datetime import date

import numpy as np
import pytest
from reference_engine import COMPARED, levels, name_weights

from matchers.model import load_model
from tests.spec.conftest import Linked, linked
from tests.unit.matchers.linking_world import World, number

# One line a pair of a register's person and a record of health insurance. Who is meant is never in
# doubt: every person has a year of birth of his own. number: what became of it on the record.
# birth: the record's own date beside the person's. A pair that is none has no level.
TABLE = """
person   | former | record   | number    | birth | sex | name      | number   | birth
李娜     |        | 李娜     |           | same  | 2   | same      | unknown  | same
王慧敏   |        | 王惠敏   |           | same  | 2   | homophone | unknown  | same
张建国   |        | 张建军   |           | same  | 1   | -         | -        | -
陈喆     |        | 陈?      |           | same  | 1   | wildcard  | unknown  | same
赵燕     |        | 赵yan    |           | same  | 2   | pinyin    | unknown  | same
艾力·买买提 |     | 艾力买买提 |         | same  | 1   | spacing   | unknown  | same
古丽·热合曼 |     | 热合曼·古丽 |        | same  | 2   | swapped   | unknown  | same
孙丽     | 孙小梅 | 孙小梅   |           | same  | 2   | former    | unknown  | same
周强     | 钱大勇 | 钱大永   | slip      |       | 1   | former_homophone | repaired | same
吴秀英   |        | 吴秀英   | slip      |       | 2   | same      | repaired | same
郑文     |        | 郑文     | swap      |       | 1   | same      | repaired | same
冯立     |        | 冯立     | lost      |       | 1   | same      | repaired | unknown
褚明     |        | 褚明     | doubled   |       | 1   | same      | repaired | unknown
卫东     |        | 卫东     | cut       |       | 1   | same      | repaired | unknown
蒋平     |        | 蒋平     | old       |       | 1   | same      | repaired | unknown
沈浩     |        | 沈浩     | birthslip |       | 1   | same      | repaired | unsure
韩雪     |        | 韩雪     | foreign   |       | 2   | same      | other    | unknown
杨帆     |        | 杨帆     | foreign   | same  | 1   | same      | other    | same
朱琳     |        | 朱琳     |           | day   | 2   | same      | unknown  | close
秦岭     |        | 秦岭     |           | other | 1   | same      | unknown  | differs
尤佳     |        | 尤佳     |           | year  | 2   | -         | -        | -
许诺     |        | 许诺     |           | same  | 1   | -         | -        | -
何必     |        | 何必     |           |       |     | same      | unknown  | unknown
欧阳懿   |        | 欧阳懿   |           |       | 2   | same      | unknown  | unknown
smith·john |      | smyth·john |         | same  | 1   | latin_slip | unknown | same
nguyenthilan |    | nguyenthilam | slip  |       | 2   | latin_slip | repaired | same
petrov·sergej |   | petorw·sergej |      | same  | 1   | latin_slips | unknown | same
garcia·maria·luz | | garcia·maria |      | same  | 2   | latin_short | unknown | same
zhangwei |        | zhanglei |           | same  | 1   | -         | -        | -
李颖     |        | liying   |           | same  | 2   | pinyin    | unknown  | same
"""
WOMEN = frozenset(
    "李娜 王慧敏 赵燕 古丽·热合曼 孙丽 吴秀英 韩雪 朱琳 尤佳 许诺 欧阳懿 李颖"  # noqa: SIM905 - to read
    " nguyenthilan garcia·maria·luz".split()
)


def _rows() -> list[dict[str, str]]:
    head, *lines = (
        [cell.strip() for cell in line.split("|")] for line in TABLE.split("\n") if line
    )
    head[-3:] = [f"{name}_level" for name in head[-3:]]
    return [dict(zip(head, line, strict=True)) for line in lines]


def _written(valid: str, what: str) -> str | None:
    """The number as the record has it."""
    digit = str((int(valid[15]) + 3) % 10)
    old = valid[:6] + valid[8:17]
    return {
        "": None,
        "slip": valid[:15] + digit + valid[16:],
        "swap": valid[:3] + valid[4] + valid[3] + valid[5:],
        "lost": valid[:13] + valid[14:],
        "doubled": valid[:13] + valid[12] + valid[13:],
        "cut": valid[:16],
        "old": old[:8] + "9" + old[9:],
        "birthslip": valid[:12] + str((int(valid[12]) + 1) % 3) + valid[13:],
        "foreign": "9" * 14 + "1234",
    }[what]


def _born(born: date, what: str) -> date | None:
    return {
        "": None,
        "same": born,
        "day": born.replace(day=28),
        "other": born.replace(month=11, day=28),
        "year": born.replace(year=born.year + 1),
    }[what]


@pytest.fixture(scope="module")
def table() -> tuple[Linked, dict[str, int], dict[str, int]]:
    """All lines as one linked world; the record and the person of each line."""
    world, records, persons = World(), {}, {}
    world.crowd(300)
    for at, row in enumerate(_rows()):
        born = date(1951 + 2 * at, 4, 12)
        serial = 100 + 2 * at + (0 if row["person"] in WOMEN else 1)
        valid = number(born.strftime("%Y%m%d"), serial)
        name = row["person"]
        persons[name] = world.resident(name, valid, former_name=row["former"] or None)
        records[name] = world.add(
            "medical_insurance.enrolment",
            psn_no=str(at), insurance="390", name=row["record"], sex=row["sex"] or None,
            id_no=_written(valid, row["number"]), birth_date=_born(born, row["birth"]),
        )  # fmt: skip
    return linked(world.link(keep_work=True).engine), records, persons


@pytest.mark.parametrize("row", _rows(), ids=lambda row: f"{row['person']}/{row['record']}")
def test_a_pair_is_observed_as_the_table_says(
    table: tuple[Linked, dict[str, int], dict[str, int]], row: dict[str, str]
) -> None:
    world, records, persons = table
    pairs = world.pairs
    one = pairs[
        (pairs["record_id"] == records[row["person"]])
        & (pairs["person_id"] == persons[row["person"]])
    ]
    wanted = [row[f"{name}_level"] for name in ("name", "number", "birth")]
    found = one[["name_level", "number_level", "birth_level"]].to_numpy().tolist()
    assert found == ([] if wanted == ["-"] * 3 else [wanted])


@pytest.mark.parametrize("comparison", COMPARED)
def test_the_reference_observes_the_same(
    table: tuple[Linked, dict[str, int], dict[str, int]], comparison: str
) -> None:
    world, _, _ = table
    theirs = levels(world.records, world.persons, world.index)
    assert len(theirs) >= 20
    assert world.pairs[f"{comparison}_level"].tolist() == theirs[comparison].tolist()


def test_the_reference_weighs_names_the_same(
    table: tuple[Linked, dict[str, int], dict[str, int]],
) -> None:
    world, _, _ = table
    assert {"latin_slip", "latin_slips", "latin_short"} <= set(world.pairs["name_level"])
    theirs = name_weights(world.pairs, world.persons, load_model())
    np.testing.assert_allclose(world.pairs["name_weight"], theirs, atol=1e-9)
