import csv
import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from simulation.delivery_files import CsvForm, Sheet, csv_blocks, parquet_bytes, xlsx_bytes
from simulation.noise_rows import UNDECODABLE

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=6) | (
    st.sampled_from(["a,b", '"老"字号', "两\n行", "𠮷㐂", "\ue123", ""])
)
FORMS = [
    CsvForm("gb18030", line_end="\r\n"),
    CsvForm("utf-8", has_bom=True),
    CsvForm("utf-8", line_end="\r\n"),
]


def columns(rows: list[tuple[str, str]]) -> dict[str, pa.Array]:
    return {
        "甲": pa.array([row[0] for row in rows], pa.string()),
        "b,c": pa.array([row[1] for row in rows], pa.string()),
    }


def content(sheet: Sheet, form: CsvForm) -> bytes:
    return b"".join(csv_blocks(sheet, form))


@pytest.mark.parametrize("form", FORMS)
@settings(deadline=None)
@given(rows=st.lists(st.tuples(TEXTS, TEXTS), max_size=8))
def test_csv_reads_back_as_it_was(form: CsvForm, rows: list[tuple[str, str]]) -> None:
    rows = [(a.replace(UNDECODABLE, ""), b.replace(UNDECODABLE, "")) for a, b in rows]
    text = content(Sheet(columns(rows)), form).decode(form.encoding).removeprefix("\ufeff")
    found = list(csv.reader(io.StringIO(text, newline="")))
    assert found == [["甲", "b,c"], *(list(row) for row in rows)]


@pytest.mark.parametrize("form", FORMS)
def test_a_row_with_a_field_too_many_and_one_cut_off(form: CsvForm) -> None:
    sheet = Sheet(columns([("一", "1"), ("二", "2"), ("三", "3")]), [1], is_cut_off=True)
    text = content(sheet, form).decode(form.encoding)
    assert not text.endswith("\n")
    found = list(csv.reader(io.StringIO(text, newline="")))
    assert found[1:3] == [["一", "1"], ["二", "2", "0"]]
    assert found[3] != ["三", "3"]
    assert sheet.rows == 3


@pytest.mark.parametrize("form", FORMS)
def test_the_mark_of_a_bad_byte_becomes_one(form: CsvForm) -> None:
    found = content(Sheet(columns([("王" + UNDECODABLE + "伟", "1")])), form)
    assert "王".encode(form.encoding) + b"\xff" + "伟".encode(form.encoding) in found
    with pytest.raises(UnicodeDecodeError):
        found.decode(form.encoding)


def test_a_workbook_holds_texts_only_and_is_the_same_bytes_each_time() -> None:
    sheet = Sheet(columns([("990102198001010018", "=1+1"), ("", "007")]))
    assert xlsx_bytes(sheet) == xlsx_bytes(sheet)
    book = CalamineWorkbook.from_filelike(io.BytesIO(xlsx_bytes(sheet)))
    assert book.get_sheet_by_index(0).to_python() == [
        ["甲", "b,c"],
        ["990102198001010018", "=1+1"],
        ["", "007"],
    ]


def test_parquet_has_nulls_for_blanks_and_is_the_same_bytes_each_time() -> None:
    made = parquet_bytes(columns([("一", ""), ("", "2")]))
    assert made == parquet_bytes(columns([("一", ""), ("", "2")]))
    table = pq.read_table(io.BytesIO(made))
    assert table.to_pylist() == [{"甲": "一", "b,c": None}, {"甲": None, "b,c": "2"}]
