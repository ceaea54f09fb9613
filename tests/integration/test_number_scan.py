"""The scan at the end of a run finds numbers wherever they may lie, and can fail the run."""

import os
import sqlite3
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from number_scan import EXCEPTIONS, Scan, told

from tests.conftest import ROOT

NUMBER = "990102" + "19800307" + "0015"  # put together here, so that this file holds none


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Where numbers are planted: the scan at the end of the run itself leaves it out."""
    folder = tmp_path / "planted-numbers"
    folder.mkdir()
    return folder


def found_in(root: Path) -> list[str]:
    scan = Scan()
    scan.folder(root)
    return scan.places


def test_it_finds_a_number_in_logs_temporary_files_archives_pdfs_and_databases(place: Path):
    (place / "clean.log").write_text("990102********0015, 99010219800307001, 1234", "utf-8")
    assert found_in(place) == []
    (place / "serve.log").write_text(f"GET /findings?case_no={NUMBER} 200", "utf-8")
    (place / ".part").write_bytes(b"\xff\xfe" + NUMBER.encode() + b"\x00")
    with zipfile.ZipFile(place / "book.xlsx", "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/sharedStrings.xml", f"<t>{NUMBER}</t>")
    packed = zlib.compress(f"({NUMBER}) Tj".encode())
    (place / "slip.pdf").write_bytes(b"%PDF-1.7\nstream\n" + packed + b"endstream")
    pq.write_table(
        pa.table({"id_no": [NUMBER], "n": [1]}), place / "out.parquet", compression="zstd"
    )
    with sqlite3.connect(place / "hedui.db") as ledger:
        for table in ("access_entry", "finding_version"):
            ledger.execute(f"create table {table} (said text)")
            ledger.execute(f"insert into {table} values (?)", (NUMBER,))
    ledger.close()
    assert found_in(place) == [
        "/.part",
        "/book.xlsx!xl/sharedStrings.xml",
        "/hedui.db!access_entry",
        "/out.parquet",  # the least and greatest value of a column stand in it as they are
        "/out.parquet!rows",
        "/serve.log",
        "/slip.pdf!stream 0",
    ]


def test_the_name_of_a_file_may_not_hold_one_either_and_is_not_repeated(place: Path):
    (place / f"{NUMBER}.txt").touch()
    assert len(found_in(place)) == 1
    assert NUMBER not in told(found_in(place))


@pytest.mark.parametrize(
    "lies_in",
    ["w/deliveries/blobs/ab/c", "inbox/a/b.csv", "w/snapshots/snap.duckdb", "x/unmasked.csv"],
)
def test_what_is_meant_to_hold_numbers_is_left_out(place: Path, lies_in: str):
    path = place / "test_0" / lies_in
    path.parent.mkdir(parents=True)
    path.write_text(NUMBER, "utf-8")
    assert found_in(place) == []
    assert all(one.why for one in EXCEPTIONS)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("(tmp_path / 'left.log').write_text(N)", 1),
        ("print(N)", 1),
        ("import tempfile; open(tempfile.mktemp(), 'w').write(N)", 1),
        ("print(N[:6], N[-4:])", 0),
    ],
)
def test_a_run_that_leaves_a_number_anywhere_fails_though_its_tests_pass(
    place: Path, body: str, status: int
):
    """The plugin as it is, over a suite of one passing test."""
    (place / "conftest.py").write_text(
        f"import sys\nsys.path[:0] = [{str(ROOT)!r}, {str(ROOT / 'tests')!r}]\n"
        "from tests.conftest import *\n"
        "from tests import conftest as _all\n"
        "globals().update({name: value for name, value in vars(_all).items()"
        " if name.startswith('pytest_')})\n",
        "utf-8",
    )
    (place / "test_one.py").write_text(
        f"N = {NUMBER[:10]!r} + {NUMBER[10:]!r}\ndef test_it(tmp_path):\n    {body}\n", "utf-8"
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", place,
         "-c", "/dev/null", place / "test_one.py"],
        capture_output=True, text=True, check=False, cwd=place,
        env={**os.environ, "TMPDIR": str(place)},
    )  # fmt: skip
    assert "1 passed" in done.stdout, done.stdout + done.stderr
    assert done.returncode == status, done.stdout + done.stderr
    assert ("a full identity number in 1 place(s)" in done.stdout) is bool(status)
    assert NUMBER not in done.stdout
