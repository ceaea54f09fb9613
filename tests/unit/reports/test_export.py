"""What other programs read: nothing lost, nothing that a spreadsheet would run."""

import csv
import io
import json
from datetime import date
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from reports.export import write_table


@pytest.fixture
def table() -> pa.Table:
    return pa.table(
        {
            "case_no": ["DB01", "=cmd()", None],
            "at_risk": pa.array([Decimal("1010.50"), None, Decimal("0.01")], pa.decimal128(14, 2)),
            "as_of": [date(2026, 11, 20)] * 3,
            "confirmed": [True, False, None],
            "evidence": ["一行，含逗号", '引号"', "换\n行"],
        }
    )


def test_csv_reads_back_and_formulas_are_disarmed(table, tmp_path):
    target = tmp_path / "out.csv"
    write_table(table, "csv", target)
    rows = list(csv.DictReader(io.StringIO(target.read_text(encoding="utf-8"))))
    assert [row["case_no"] for row in rows] == ["DB01", "'=cmd()", ""]
    assert [row["at_risk"] for row in rows] == ["1010.50", "", "0.01"]
    assert [row["confirmed"] for row in rows] == ["true", "false", ""]
    assert rows[2]["evidence"] == "换\n行"


def test_json_keeps_every_digit_of_an_amount(table, tmp_path):
    target = tmp_path / "out.json"
    write_table(table, "json", target)
    rows = json.loads(target.read_text(encoding="utf-8"))
    assert rows[0] == {
        "case_no": "DB01",
        "at_risk": "1010.50",
        "as_of": "2026-11-20",
        "confirmed": True,
        "evidence": "一行，含逗号",
    }
    assert len(rows) == 3


def test_parquet_keeps_the_types(table, tmp_path):
    target = tmp_path / "out.parquet"
    write_table(table, "parquet", target)
    assert pq.read_table(target).equals(table)


def test_an_empty_table_still_has_its_columns(table, tmp_path):
    write_table(table.slice(0, 0), "csv", tmp_path / "e.csv")
    assert (tmp_path / "e.csv").read_text().strip() == "case_no,at_risk,as_of,confirmed,evidence"
    write_table(table.slice(0, 0), "json", tmp_path / "e.json")
    assert json.loads((tmp_path / "e.json").read_text()) == []


def test_standard_output_gets_the_same_bytes(table, tmp_path, capfdbinary):
    write_table(table, "csv", tmp_path / "out.csv")
    write_table(table, "csv", None)
    assert capfdbinary.readouterr().out == (tmp_path / "out.csv").read_bytes()


def test_a_failed_write_leaves_no_half_file(tmp_path):
    bad = pa.table({"x": pa.array([b"bytes"], pa.binary())})
    with pytest.raises(TypeError, match="no JSON form"):
        write_table(bad, "json", tmp_path / "out.json")
    assert list(tmp_path.iterdir()) == []
