"""A delivery's rows: kept, kept with a remark, counted once, or set aside; none is lost."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from fuzzing import tried
from hypothesis import given
from hypothesis import strategies as st
from raw_texts import put_raw

from sources.cleaning import CleanReport, clean_delivery
from sources.cleaning_sql import clean_columns, kept_rows
from sources.contract import load_dictionary
from store.engines.duckdb import DuckDBEngine

DICTIONARY = load_dictionary()
DAY = date(2026, 11, 20)
WANG, LI = "99010219900101004X", "990102197001010016"


@dataclass(frozen=True)
class Given:
    business_date: date = DAY
    file_names: tuple[str, ...] = ("part-000.csv", "part-001.csv")


@pytest.fixture
def engine() -> Iterator[DuckDBEngine]:
    with DuckDBEngine() as opened:
        yield opened


def clean(
    engine: DuckDBEngine,
    dataset: str,
    rows: list[dict[str, str | None]],
    folder: Path,
    bad: list[tuple[int, int, str, str]] | None = None,
) -> tuple[CleanReport, list[dict[str, Any]], list[dict[str, Any]]]:
    contract = DICTIONARY[dataset]
    raw = put_raw(engine, contract, rows, bad or ())
    report = clean_delivery(engine, contract, Given(), raw, folder)
    rows_kept = kept_rows(contract, [folder / "rows.parquet"])
    kept = engine.arrow(f"select * from ({rows_kept}) order by record_id")
    aside = engine.arrow(
        f"select * from read_parquet('{folder}/set_aside.parquet') order by record_id"
    )
    return report, kept.to_pylist(), aside.to_pylist()


def vehicle(**changed: str | None) -> dict[str, str | None]:
    return {
        "HPHM": "鲁Z12345", "HPZL": "02", "CLLX": "K33", "SYR": "王伟", "SFZMHM": WANG, "SYXZ": "A",
        "CCDJRQ": "2020-01-05", "QZBFQZ": "20350105", "ZT": "A",
    } | changed  # fmt: skip


def test_a_good_row_becomes_typed_values_in_the_agreed_columns(
    engine: DuckDBEngine, tmp_path: Path
) -> None:
    report, rows, aside = clean(engine, "public_security.vehicles", [vehicle()], tmp_path)
    assert (report.rows_delivered, report.rows_accepted, aside) == (1, 1, [])
    (row,) = rows
    assert list(row) == list(clean_columns(DICTIONARY["public_security.vehicles"]))
    assert row["record_id"] == 9 << 57 | (DAY - date(1970, 1, 1)).days << 41 | 1
    assert (row["business_date"], row["file_name"], row["row_no"]) == (DAY, "part-000.csv", 1)
    assert (row["plate"], row["plate_kind"], row["vehicle_use"]) == ("鲁Z12345", "02", "A")
    assert (row["first_registered_date"], row["scrap_due_date"]) == (
        date(2020, 1, 5),
        date(2035, 1, 5),
    )
    assert (row["id_no"], row["id_no_raw"], row["id_no_text"]) == (WANG, WANG, None)
    assert (row["id_no_status"], row["name"], row["name_raw"]) == ("valid", "王伟", "王伟")
    assert (row["make"], row["remarks"]) == (None, [])


def test_the_file_is_typed_as_the_reference_says(engine: DuckDBEngine, tmp_path: Path) -> None:
    for contract in DICTIONARY:
        raw = put_raw(engine, contract, [])
        clean_delivery(engine, contract, Given(), raw, tmp_path)
        described = engine.rows(
            f"select column_name, lower(column_type)"
            f" from (describe select * from read_parquet('{tmp_path}/rows.parquet'))"
        )
        assert dict(described) == clean_columns(contract), contract.dataset


def test_a_bad_identity_number_is_a_remark_and_no_match_key(
    engine: DuckDBEngine, tmp_path: Path
) -> None:
    numbers = [None, "9.90102E+17", "无", WANG[:-1] + "3", " 9901021990010100 4x", "E12345678"]
    given = [vehicle(HPHM=f"鲁Z{n}", SFZMHM=number) for n, number in enumerate(numbers)]
    report, rows, _ = clean(engine, "public_security.vehicles", given, tmp_path)
    assert report.rows_accepted == len(numbers)
    assert [(row["id_no"], row["id_no_text"], row["remarks"]) for row in rows] == [
        (None, None, ["id_no:absent"]),
        (None, "9.90102E+17", ["id_no:scientific"]),
        (None, "无", ["id_no:placeholder"]),
        (None, WANG[:-1] + "3", ["id_no:check_digit"]),
        (WANG, None, []),
        (None, "E12345678", ["id_no:other_document"]),
    ]
    assert report.profile["id_status"]["id_no"]["valid"] == 1


def test_a_required_identity_number_may_still_be_absent(
    engine: DuckDBEngine, tmp_path: Path
) -> None:
    row = {
        "RYBH": "1", "GMSFHM": None, "XM": "王伟", "XB": "1", "CSRQ": "19900101", "HH": "1",
        "YHZGX": "01", "HKLX": "1", "XZQH": "990102", "RYZT": "0",
    }  # fmt: skip
    report, rows, aside = clean(engine, "public_security.population", [row], tmp_path)
    assert (report.rows_accepted, aside, rows[0]["remarks"]) == (1, [], ["id_no:absent"])


def test_a_required_value_blank_or_unreadable_sets_the_row_aside_whole(
    engine: DuckDBEngine, tmp_path: Path
) -> None:
    given = [
        vehicle(HPHM="1", CCDJRQ=None),
        vehicle(HPHM="2", CCDJRQ="1900-01-01"),
        vehicle(HPHM="3", CCDJRQ="2023-02-29"),
        vehicle(HPHM="4", HPZL="77"),
        vehicle(HPHM=" \u3000", SYR="李娜"),
        vehicle(HPHM="6", SYR="\u200b"),
        vehicle(HPHM="7"),
        vehicle(HPHM="8", SYR="（·）"),
    ]
    report, rows, aside = clean(engine, "public_security.vehicles", given, tmp_path)
    assert [(row["row_no"], row["reason"], row["header"]) for row in aside] == [
        (1, "required_blank", "CCDJRQ"),
        (2, "required_blank", "CCDJRQ"),
        (3, "required_unreadable", "CCDJRQ"),
        (4, "unknown_code", "HPZL"),
        (5, "required_blank", "HPHM"),
        (6, "required_blank", "SYR"),
        (8, "required_blank", "SYR"),
    ]
    assert [row["row_no"] for row in rows] == [7]
    assert (report.rows_delivered, report.rows_accepted, report.rows_set_aside) == (8, 1, 7)
    assert report.set_aside_by_reason["required_blank"] == 5
    assert json.loads(aside[6]["raw_text"])["SYR"] == "（·）"
    assert json.loads(aside[2]["raw_text"])["CCDJRQ"] == "2023-02-29"
    person = aside[4]["persons"][0]
    assert (person["role"], person["id_no"], person["name"]) == ("owner", WANG, "李娜")


def test_an_optional_value_that_cannot_be_read_becomes_unknown(
    engine: DuckDBEngine, tmp_path: Path
) -> None:
    given = [vehicle(QZBFQZ="24-01-05", SYXZ="?", ZTRQ="9999-12-31")]
    _, rows, _ = clean(engine, "public_security.vehicles", given, tmp_path)
    assert (rows[0]["scrap_due_date"], rows[0]["vehicle_use"], rows[0]["status_date"]) == (
        None,
    ) * 3
    assert sorted(rows[0]["remarks"]) == ["scrap_due_date:unreadable", "vehicle_use:unknown_code"]


def test_names_are_folded_and_unreadable_characters_remarked(
    engine: DuckDBEngine, tmp_path: Path
) -> None:
    given = [
        vehicle(HPHM="1", SYR="王 伟"),
        vehicle(HPHM="2", SYR="王□"),
        vehicle(HPHM="3", SYR="李娜（已故）"),
    ]
    _, rows, _ = clean(engine, "public_security.vehicles", given, tmp_path)
    assert [(row["name"], row["name_raw"], row["remarks"]) for row in rows] == [
        ("王伟", "王 伟", []),
        ("王?", "王□", ["name:unreadable"]),
        ("李娜", "李娜（已故）", []),
    ]


def test_a_text_as_delivered_is_stored_where_its_value_is_written_otherwise(
    engine: DuckDBEngine, tmp_path: Path
) -> None:
    given = [
        vehicle(HPHM="1"),
        vehicle(HPHM="2", SYR="王 伟", SFZMHM=WANG.lower()),
        vehicle(HPHM="3", SFZMHM="无"),
        vehicle(HPHM="4", SFZMHM=None),
    ]
    _, rows, _ = clean(engine, "public_security.vehicles", given, tmp_path)
    assert [(row["name_raw"], row["id_no_raw"]) for row in rows] == [
        ("王伟", WANG), ("王 伟", WANG.lower()), ("王伟", "无"), ("王伟", None),
    ]  # fmt: skip
    stored = engine.rows(
        f"select name_raw, id_no_raw from read_parquet('{tmp_path}/rows.parquet') order by row_no"
    )
    assert stored == [(None, None), ("王 伟", WANG.lower()), (None, "无"), (None, None)]


def test_an_exact_repeat_is_counted_once_however_it_is_written(
    engine: DuckDBEngine, tmp_path: Path
) -> None:
    given = [
        vehicle(),
        vehicle(CCDJRQ="2020年1月5日", SFZMHM=WANG.lower()),
        vehicle(HPHM="2"),
        vehicle(),
    ]
    report, rows, aside = clean(engine, "public_security.vehicles", given, tmp_path)
    assert (report.rows_accepted, report.rows_repeated, aside) == (2, 2, [])
    assert [(row["row_no"], row["remarks"]) for row in rows] == [(1, ["repeated"]), (3, [])]


def test_the_profile_counts_what_the_accepted_rows_hold(
    engine: DuckDBEngine, tmp_path: Path
) -> None:
    given = [
        vehicle(),
        vehicle(),
        vehicle(HPHM="2", SYXZ="?", SFZMHM=None),
        vehicle(HPHM="3", HPZL="99"),
    ]
    profile = clean(engine, "public_security.vehicles", given, tmp_path)[0].profile
    assert profile["rows"] == 2
    blank = {name: rows for name, rows in profile["blank"].items() if rows}
    assert blank == {
        "make": 2, "vin": 2, "id_no": 1, "vehicle_use": 1, "inspection_valid_date": 2,
        "status_date": 2,
    }  # fmt: skip
    assert profile["codes"] == {"plate_kind": {"02": 2}, "vehicle_use": {"A": 1}}
    assert profile["id_status"] == {"id_no": {"absent": 1, "valid": 1}}
    assert profile["remarks"] == {"id_no:absent": 1, "repeated": 1, "vehicle_use:unknown_code": 1}
    assert (profile["townships"], profile["set_aside"]) == ({}, {"unknown_code": {"HPZL": 1}})


def test_one_key_with_different_content_sets_all_its_rows_aside(
    engine: DuckDBEngine, tmp_path: Path
) -> None:
    given = [vehicle(), vehicle(ZT="M"), vehicle(), vehicle(HPHM="2")]
    report, _, aside = clean(engine, "public_security.vehicles", given, tmp_path)
    assert [(row["row_no"], row["reason"]) for row in aside] == [
        (1, "key_conflict"), (2, "key_conflict"), (3, "key_conflict"),
    ]  # fmt: skip
    assert json.loads(aside[1]["raw_text"])["ZT"] == "M"
    assert (report.rows_accepted, report.rows_repeated) == (1, 0)


def test_a_row_whose_twin_cannot_be_read_is_set_aside_with_it(
    engine: DuckDBEngine, tmp_path: Path
) -> None:
    _, rows, aside = clean(
        engine, "public_security.vehicles", [vehicle(), vehicle(CCDJRQ="?")], tmp_path
    )
    assert rows == []
    assert [row["reason"] for row in aside] == ["key_conflict", "required_unreadable"]


def test_keys_compare_on_cleaned_values_and_absent_numbers_are_a_value(
    engine: DuckDBEngine, tmp_path: Path
) -> None:
    unit = {
        "不动产单元号": "990102001001GB00001F00010001", "权利人": "王伟", "权利人证件号码": None,
        "房屋用途": "11", "建筑面积": "80", "坐落": "示范路1号", "登记时间": "20200105",
        "权属状态": "1",
    }  # fmt: skip
    given = [unit, unit | {"权利人": "王 伟", "建筑面积": "80.00"}, unit | {"权利人证件号码": WANG}]
    report, rows, _ = clean(engine, "housing.properties", given, tmp_path)
    assert (report.rows_accepted, report.rows_repeated) == (2, 1)
    assert rows[0]["area_m2"] == Decimal("80.0000")


def test_rows_the_reader_could_not_parse_are_kept_with_the_numbers_in_them(
    engine: DuckDBEngine, tmp_path: Path
) -> None:
    bad = [
        (1, 4, "cut_off", f"02,鲁Z9,王伟,{WANG.lower()},20"),
        (1, 5, "field_count", "a,123456789012345678"),
    ]
    report, _, aside = clean(engine, "public_security.vehicles", [vehicle()], tmp_path, bad)
    assert (report.rows_delivered, report.rows_set_aside) == (3, 2)
    assert [(row["file_name"], row["row_no"], row["reason"]) for row in aside] == [
        ("part-001.csv", 4, "cut_off"), ("part-001.csv", 5, "field_count"),
    ]  # fmt: skip
    assert [person["id_no"] for person in aside[0]["persons"]] == [WANG]
    assert aside[1]["persons"] == []


def test_both_spouses_of_a_set_aside_marriage_are_kept(
    engine: DuckDBEngine, tmp_path: Path
) -> None:
    row: dict[str, str | None] = {
        "登记字号": "J1", "业务类型": "IA", "登记日期": "某日", "男方姓名": "王伟",
        "男方身份证号": WANG, "女方姓名": "李娜", "女方身份证号": LI,
    }  # fmt: skip
    _, _, aside = clean(engine, "civil_affairs.marriages", [row], tmp_path)
    persons = aside[0]["persons"]
    assert [(p["role"], p["name"]) for p in persons] == [("husband", "王伟"), ("wife", "李娜")]


def test_the_file_of_rows_set_aside_has_one_shape_with_and_without_rows(
    engine: DuckDBEngine, tmp_path: Path
) -> None:
    describe = f"describe select * from read_parquet('{tmp_path}/set_aside.parquet')"
    for contract in DICTIONARY:
        shapes = []
        for bad in ([], [(0, 1, "cut_off", "x")]):
            raw = put_raw(engine, contract, [], bad)
            clean_delivery(engine, contract, Given(), raw, tmp_path)
            shapes.append(engine.rows(describe))
        assert shapes[0] == shapes[1], contract.dataset


values = st.one_of(
    st.none(),
    st.sampled_from(["02", "王伟", WANG, "20200105", "K33", "A", "鲁Z1", "?"]),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=8),
)


@tried(25)
@given(rows=st.lists(st.fixed_dictionaries(dict.fromkeys(vehicle(), values)), max_size=12))
def test_whatever_is_delivered_the_balance_holds(
    engine: DuckDBEngine, tmp_path: Path, rows: list[dict[str, str | None]]
) -> None:
    rows = rows + rows[:2] + [vehicle()]
    report, kept, aside = clean(engine, "public_security.vehicles", rows, tmp_path)
    assert report.rows_delivered == len(rows)
    assert report.rows_accepted == len(kept) >= 0
    assert len(kept) + len(aside) + report.rows_repeated == len(rows)
    places = [row["row_no"] for row in kept + aside]
    assert len(places) == len(set(places))
