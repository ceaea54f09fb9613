"""What other programs read: nothing lost, nothing that a spreadsheet would run."""

import csv
import errno
import io
import json
import os
import stat
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from domain.errors import HeduiError
from reports.delivery_pages import write_text
from reports.export import FORMATS, write_table
from reports.review_sheet import read_review, review_table, write_review
from reports.tables import Showing
from reports.waterfall import write_waterfall
from reports.whole_file import whole_file


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


def test_what_was_there_stays_until_the_new_file_is_whole(tmp_path):
    place = tmp_path / "out.csv"
    place.write_bytes(b"before")
    with pytest.raises(ZeroDivisionError):
        _write_half(place)
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]
    assert place.read_bytes() == b"before"
    with whole_file(place) as stream:
        stream.write(b"after")
    assert place.read_bytes() == b"after"


@pytest.mark.parametrize("form", FORMATS)
def test_a_file_is_for_its_owner_alone_whatever_the_umask_and_the_file_before(tmp_path, form):
    place = tmp_path / f"out.{form}"
    place.write_bytes(b"before")
    place.chmod(0o666)
    left = tmp_path / f".out.{form}.part"
    left.write_bytes(b"of a try that was killed")
    left.chmod(0o644)
    before = os.umask(0)
    try:
        write_table(pa.table({"case_no": ["DB1"]}), form, place)
    finally:
        os.umask(before)
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert not left.exists()


def _write_half(place: Path) -> None:
    with whole_file(place) as stream:
        stream.write(b"half")
        assert place.read_bytes() == b"before"
        stream.write(bytes([1 // 0]))


def _a_file_in_the_way(tmp_path: Path) -> Path:
    (tmp_path / "file").write_bytes(b"")
    return tmp_path / "file" / "out"


UNWRITABLE = {
    "no such folder": lambda folder: folder / "nowhere" / "out",
    "a folder": lambda folder: folder,
    "here": lambda _: Path(),
    "below a file": _a_file_in_the_way,
}


@pytest.mark.parametrize("place", UNWRITABLE.values(), ids=UNWRITABLE)
def test_a_file_that_cannot_be_written_is_named_with_the_cause(tmp_path, place):
    path = place(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(HeduiError) as error:
        write_table(pa.table({"x": ["1"]}), "csv", path)
    assert error.value.key == "file_not_written"
    assert str(path) in str(error.value)
    assert error.value.fields["cause"]
    assert sorted(tmp_path.rglob("*")) == before


def test_whatever_is_written_names_the_place_it_cannot_be_written_to(tmp_path):
    place = tmp_path / "nowhere" / "pairs.xlsx"
    pairs = pa.table({"pair_id": pa.array([], pa.string())})
    for write in (
        lambda: write_waterfall("<svg/>", place),
        lambda: write_review(review_table(pairs, Showing(), {}), place),
        lambda: write_text("page", _a_file_in_the_way(tmp_path)),
    ):
        with pytest.raises(HeduiError) as error:
            write()
        assert error.value.key == "file_not_written"


@pytest.mark.parametrize("content", [b"", b"no workbook", b"PK\3\4 cut off"])
def test_a_damaged_review_workbook_is_named(tmp_path, content):
    place = tmp_path / "pairs.xlsx"
    place.write_bytes(content)
    with pytest.raises(HeduiError) as error:
        read_review(place)
    assert error.value.key == "review_unreadable"
    assert str(place) in str(error.value)


def test_a_failure_over_another_file_is_told_of_that_file(tmp_path):
    place, other = tmp_path / "out.csv", tmp_path / "gone"
    with pytest.raises(HeduiError) as error, whole_file(place) as stream:
        stream.write(other.read_bytes())
    assert (error.value.key, error.value.fields["file"]) == ("file_unusable", str(other))
    assert "No such file" in str(error.value)
    assert list(tmp_path.iterdir()) == []


def test_a_failure_that_names_no_file_is_not_put_on_the_one_being_written(tmp_path):
    def ill(_):
        raise OSError(errno.EIO, "Input/output error")

    with pytest.raises(OSError, match="Input/output"), whole_file(tmp_path / "out") as out:
        out.write(ill(out))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("size", [10, 1 << 20])
def test_a_disk_that_fills_while_it_is_written_is_told_of_the_file(tmp_path, size):
    """Also where the little that was written is only noticed at its end."""
    script = (
        "import resource, sys; from pathlib import Path;"
        "from reports.whole_file import whole_file; from domain.errors import HeduiError\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4, 4))\n"
        "try:\n"
        "    with whole_file(Path(sys.argv[1])) as stream: stream.write(bytes(int(sys.argv[2])))\n"
        "except HeduiError as error: print(error)"
    )
    arguments = [sys.executable, "-c", script, str(tmp_path / "out"), str(size)]
    said = subprocess.run(arguments, capture_output=True, text=True, check=True).stdout
    assert said.startswith(f"无法写入 {tmp_path / 'out'}（磁盘已满：")
    assert list(tmp_path.iterdir()) == []
