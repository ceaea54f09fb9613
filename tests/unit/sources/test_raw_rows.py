"""Rows of codes and the texts they stand for: nothing is lost between them, however they come."""

from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from sources import raw_rows, text_rows
from sources.cleaning import clean_delivery
from sources.contract import load_dictionary
from sources.raw_rows import RawRows, show_texts
from sources.text_rows import row_table
from store.engines.duckdb import DuckDBEngine

VEHICLES = load_dictionary()["public_security.vehicles"]
ROWS = 60


class Given:
    business_date = date(2026, 11, 20)
    file_names = ("part-000.csv", "part-001.csv")


def columns(first: int, rows: int) -> dict[str, pa.Array]:
    """A unique column, some that repeat, one already encoded, one with blanks, and no others."""
    places = range(first, first + rows)
    return {
        "HPHM": pa.array([f"鲁Z{place:05}" for place in places]),
        "HPZL": pa.array(["02"] * rows),
        "CLLX": pa.array(["K33"] * rows),
        "SYXZ": pa.array(["A"] * rows),
        "ZT": pa.array(["A"] * rows),
        "SYR": pa.array([f"王{'伟娜芳'[place % 3]}" for place in places]).dictionary_encode(),
        "SFZMHM": pa.array([None if place % 2 else "" for place in places], pa.string()),
        "CCDJRQ": pa.array([f"2020-01-{1 + place % 28:02}" for place in places]),
    }


def put(engine: DuckDBEngine) -> RawRows:
    taken = RawRows(engine, VEHICLES)
    for file_no in (0, 1):
        for first in range(0, ROWS, 20):
            numbers = np.arange(first + 1, first + 21)
            taken.add(file_no, row_table(VEHICLES, numbers, columns(first + 100 * file_no, 20)))
    taken.flush()
    return taken


@pytest.mark.parametrize("few", [0, 1000])
@pytest.mark.parametrize("part", [1, 30, 1 << 20])
def test_every_row_has_the_texts_it_was_delivered_with(
    monkeypatch: pytest.MonkeyPatch, part: int, few: int
) -> None:
    monkeypatch.setattr(raw_rows, "_PART_ROWS", part)
    monkeypatch.setattr(text_rows, "_FEW", few)
    with DuckDBEngine() as engine:
        show_texts(engine, VEHICLES, put(engine))
        headers = ", ".join(VEHICLES.headers)
        shown = engine.arrow(f"select file_no, row_no, {headers} from raw.rows order by all")
    assert len(shown) == 2 * ROWS
    for file_no in (0, 1):
        wanted = columns(100 * file_no, ROWS)
        rows = shown.filter(pa.array([no == file_no for no in shown["file_no"].to_pylist()]))
        assert rows["row_no"].to_pylist() == list(range(1, ROWS + 1))
        for header in VEHICLES.headers:
            expected = wanted[header].to_pylist() if header in wanted else [None] * ROWS
            assert rows[header].to_pylist() == expected, header


def test_in_how_many_parts_rows_come_makes_no_difference_to_what_is_cleaned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cleaned = []
    for part in (1, 30, 1 << 20):
        monkeypatch.setattr(raw_rows, "_PART_ROWS", part)
        with DuckDBEngine() as engine:
            raw = put(engine)
            engine.create_table(
                "raw.bad_rows",
                "select 0 as file_no, 0 as row_no, '' as reason, '' as raw_text where false",
            )
            report = clean_delivery(engine, VEHICLES, Given(), raw, tmp_path)
            rows = f"select * from read_parquet('{tmp_path}/rows.parquet') order by record_id"
            cleaned.append((report, engine.rows(rows)))
    assert cleaned[0][0].rows_accepted == 2 * ROWS
    assert cleaned[0] == cleaned[1] == cleaned[2]


def test_a_delivery_without_rows_has_its_tables(tmp_path: Path) -> None:
    with DuckDBEngine() as engine:
        raw = RawRows(engine, VEHICLES)
        raw.flush()
        assert [len(part) for part in raw.parts()] == [0]
        show_texts(engine, VEHICLES, raw)
        assert engine.rows("select * from raw.rows") == []
