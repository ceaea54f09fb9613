import io
import math
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from delivering import csv_bytes, id_no, parquet_bytes, rows_of, xlsx_bytes

from domain.dates import read_date
from sources import parquet_reader
from sources.contract import load_dictionary
from sources.delivery import DeliveredFile, Delivery
from sources.parquet_reader import ParquetFile
from sources.raw_rows import show_texts
from sources.readers import read_delivery, withdraw
from sources.spreadsheet import Spreadsheet, cell_text
from sources.verdict import DeliveryRefused, Reason
from store.engines.duckdb import DuckDBEngine

CREMATIONS = load_dictionary()["civil_affairs.cremations"]
HEADERS = CREMATIONS.headers


def kept(tmp_path, raw, name):
    path = tmp_path / name
    path.write_bytes(raw)
    return path


def all_of(source):
    rows, bad = [], []
    for batch in source.batches():
        rows += batch.rows.to_pylist()
        bad += batch.bad
    return rows, bad


def sheet(tmp_path, rows, headers=HEADERS):
    return Spreadsheet(kept(tmp_path, xlsx_bytes(headers, rows), "a.xlsx"), "a.xlsx", CREMATIONS)


def parquet(tmp_path, table):
    return ParquetFile(kept(tmp_path, parquet_bytes(table), "a.parquet"), "a.parquet", CREMATIONS)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, None),
        ("", None),
        ("'990102", "'990102"),
        (3.0, "3"),
        (12345678.0, "12345678"),
        (990102800101123.0, "990102800101123"),
        (9.90102198001011e17, "9.90102E+17"),
        (990102198001011234, "9.90102E+17"),
        (1234.5, "1234.5"),
        (0.00001, "0.00001"),
        (-20.1, "-20.1"),
        (math.nan, "nan"),
        (True, "1"),
        (date(2026, 1, 2), "2026-01-02"),
        (datetime.fromisoformat("2026-01-02"), "2026-01-02"),
        (datetime.fromisoformat("2026-01-02T03:04:05"), "2026-01-02 03:04:05"),
        (Decimal("1E+2"), "100"),
    ],
)
def test_a_cell_reads_as_a_csv_would_carry_it(value, text):
    assert cell_text(value) == text


def test_a_workbook_gives_the_rows_of_the_same_csv(tmp_path):
    rows = rows_of(CREMATIONS, 30)
    found, bad = all_of(sheet(tmp_path, rows))
    assert bad == []
    assert found == [{"row_no": n, **row} for n, row in enumerate(rows, start=1)]


def test_an_identity_number_stored_as_a_number_has_lost_its_digits(tmp_path):
    row = {**rows_of(CREMATIONS, 1)[0], "逝者身份证号": 990102198001011234.0}
    ((found,), _) = all_of(sheet(tmp_path, [row]))
    assert found["逝者身份证号"] == "9.90102E+17"


def test_blank_sheet_rows_are_no_records_and_surplus_cells_set_a_row_aside(tmp_path):
    blank = dict.fromkeys(HEADERS, "")
    rows = [*rows_of(CREMATIONS, 2), blank, *rows_of(CREMATIONS, 1, first=9), blank]
    found, _ = all_of(sheet(tmp_path, [{**row, "": ""} for row in rows], [*HEADERS, ""]))
    assert [row["row_no"] for row in found] == [1, 2, 3]
    surplus = [{**row, "": "" if n else "9"} for n, row in enumerate(rows_of(CREMATIONS, 2))]
    found, bad = all_of(sheet(tmp_path, surplus, [*HEADERS, ""]))
    assert [(row.row_no, row.reason) for row in bad] == [(1, "field_count")]
    assert [row["row_no"] for row in found] == [2]


@pytest.mark.parametrize("raw", [b"", b"no archive", b"PK\x03\x04broken"])
def test_a_damaged_file_is_refused(tmp_path, raw):
    for opener, name in ((Spreadsheet, "a.xlsx"), (ParquetFile, "a.parquet")):
        with pytest.raises(DeliveryRefused) as refused:
            opener(kept(tmp_path, raw, name), name, CREMATIONS)
        assert refused.value.reasons == (Reason.of("file_unreadable", name),)


def test_an_archive_that_would_unpack_beyond_the_limit_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("sources.workbook_parts.UNPACKED_LIMIT", 100)
    with pytest.raises(DeliveryRefused) as refused:
        sheet(tmp_path, rows_of(CREMATIONS, 3))
    assert refused.value.reasons[0].code == "file_too_large"


def parquet_of(tmp_path, rows, group):
    path = tmp_path / "a.parquet"
    options = {"row_group_size": group, "use_dictionary": False, "compression": "zstd"}
    pq.write_table(pa.Table.from_pylist(rows), path, **options)
    return ParquetFile(path, "a.parquet", CREMATIONS)


def test_a_parquet_file_that_says_it_unpacks_beyond_all_measure_is_not_even_read(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(parquet_reader, "_TEXT_AT_LEAST", 1 << 20)
    long = [{**row, "逝者姓名": "x" * 100_000} for row in rows_of(CREMATIONS, 20)]
    with pytest.raises(DeliveryRefused) as refused:
        parquet_of(tmp_path, long, 5)
    assert [str(reason) for reason in refused.value.reasons] == ["file_too_large:a.parquet"]


@pytest.mark.parametrize("group", [1, 3, 7, 40, 1000])
@pytest.mark.parametrize("piece", [1, 3000, 64 << 20])
def test_row_groups_are_read_in_pieces_that_fit_and_lose_no_row(
    tmp_path, monkeypatch, group, piece
):
    monkeypatch.setattr(parquet_reader, "_PIECE", piece)
    rows = rows_of(CREMATIONS, 40)
    found, bad = all_of(parquet_of(tmp_path, rows, group))
    assert bad == []
    assert found == [{"row_no": n, **row} for n, row in enumerate(rows, start=1)]


def test_long_texts_are_read_a_few_at_a_time(tmp_path, monkeypatch):
    monkeypatch.setattr(parquet_reader, "_PIECE", 1 << 20)
    read = []
    batches = parquet_reader._batches

    def noted(*arguments):
        for batch in batches(*arguments):
            read.append(len(batch))
            yield batch

    monkeypatch.setattr(parquet_reader, "_batches", noted)
    long = [{**row, "逝者姓名": f"{n}{'x' * 100_000}"} for n, row in
            enumerate(rows_of(CREMATIONS, 60))]  # fmt: skip
    found, _ = all_of(parquet_of(tmp_path, long, 60))
    assert len(found) == 60
    assert max(read) <= 11


def test_headers_of_typed_files_are_checked_too(tmp_path):
    with pytest.raises(DeliveryRefused) as refused:
        sheet(tmp_path, rows_of(CREMATIONS, 1), [h for h in HEADERS if h != "火化日期"])
    assert [str(reason) for reason in refused.value.reasons] == ["column_absent:火化日期:a.xlsx"]
    with pytest.raises(DeliveryRefused) as refused:
        parquet(tmp_path, pa.table({"火化证号": ["1"]}))
    assert "column_absent:逝者身份证号:a.parquet" in map(str, refused.value.reasons)


def typed_table(**changes):
    columns = {
        "火化证号": pa.array([1, 2, 3], pa.int64()),
        "逝者姓名": pa.array(["王伟", "李娜", None]).dictionary_encode(),
        "逝者身份证号": pa.array([id_no(1), None, id_no(3)]),
        "性别": pa.array([1.0, 2.0, None]),
        "死亡日期": pa.array([date(2026, 1, 2), None, date(2026, 3, 4)]),
        "火化日期": pa.array([datetime.fromisoformat("2026-01-05")] * 3, pa.timestamp("us")),
        **changes,
    }
    return pa.table(columns)


def test_parquet_types_read_as_a_csv_would_carry_them(tmp_path):
    rows, bad = all_of(parquet(tmp_path, typed_table()))
    assert bad == []
    assert rows[0] == {
        "row_no": 1, "火化证号": "1", "逝者姓名": "王伟", "逝者身份证号": id_no(1),
        "性别": "1", "死亡日期": "2026-01-02", "火化日期": "2026-01-05",
    }  # fmt: skip
    assert rows[1]["逝者身份证号"] is None


def test_parquet_numbers_that_lost_digits_stay_lost(tmp_path):
    numbers = pa.array([990102198001011234.0, None, 1.0])
    rows, _ = all_of(parquet(tmp_path, typed_table(逝者身份证号=numbers)))
    assert rows[0]["逝者身份证号"] == "9.90102E+17"
    whole = pa.array([990102198001011234, None, 1], pa.int64())
    rows, _ = all_of(parquet(tmp_path, typed_table(逝者身份证号=whole)))
    assert rows[0]["逝者身份证号"] == "990102198001011234"


@pytest.mark.parametrize(
    ("value", "reason"),
    [(b"\xff\xfe", "undecodable"), (b"a\0b", "nul"), (b"x" * ((1 << 20) + 1), "too_long")],
)
@pytest.mark.parametrize("kind", [pa.binary(), pa.string(), pa.large_string()])
def test_parquet_text_that_is_none_sets_its_row_aside(tmp_path, value, reason, kind):
    names = pa.array([b"ok", value, b"ok"], pa.binary())
    if kind != pa.binary():
        wide = names if kind == pa.string() else names.cast(pa.large_binary())
        names = wide.view(kind)
    rows, bad = all_of(parquet(tmp_path, typed_table(逝者姓名=names)))
    assert [(row.row_no, row.reason) for row in bad] == [(2, reason)]
    assert [row["row_no"] for row in rows] == [1, 3]


@pytest.mark.parametrize(
    "strange",
    [
        pa.array([2**31 - 1, 3, None], pa.int32()).cast(pa.date32()),
        pa.array([2**62, 3, None]).cast(pa.timestamp("us")),
        pa.array([2**62, 3, None]).cast(pa.duration("s")),
        pa.array([2**33, 3, None]).cast(pa.timestamp("ms", "Mars/Base")),
    ],
)
def test_a_moment_outside_all_calendars_is_one_rows_fault(tmp_path, strange):
    rows, bad = all_of(parquet(tmp_path, typed_table(死亡日期=strange)))
    assert bad == []
    assert rows[0]["死亡日期"].split()[-1] in {str(2**31 - 1), str(2**62), str(2**33)}
    assert rows[2]["死亡日期"] is None


def test_a_text_that_repeats_is_as_large_as_all_its_repeats(tmp_path, monkeypatch):
    monkeypatch.setattr("sources.parquet_reader._PIECE", 250_000)
    long = "长" * 30_000
    source = parquet(tmp_path, typed_table(逝者姓名=pa.array([long] * 3)))
    batches = list(source.batches())
    assert [len(batch.rows) for batch in batches] == [2, 1]
    assert [batch.rows["row_no"].to_pylist() for batch in batches] == [[1, 2], [3]]
    monkeypatch.setattr("sources.parquet_reader._TEXT_AT_LEAST", 200_000)
    monkeypatch.setattr("sources.parquet_reader._TEXT_RATIO", 2)
    with pytest.raises(DeliveryRefused) as refused:
        list(source.batches())
    assert [str(reason) for reason in refused.value.reasons] == ["file_too_large:a.parquet"]


def test_repeating_texts_come_coded_and_odd_ones_are_found_among_them(tmp_path):
    names = ["王伟", None, "李娜"] * 20
    columns = {header: pa.array(["1"] * 60) for header in HEADERS} | {"逝者姓名": pa.array(names)}
    (batch,) = parquet(tmp_path, pa.table(columns)).batches()
    assert pa.types.is_dictionary(batch.rows["逝者姓名"].type)
    assert batch.rows["逝者姓名"].to_pylist() == names
    names[7] = "李\0娜"
    rows, bad = all_of(parquet(tmp_path, pa.table({**columns, "逝者姓名": pa.array(names)})))
    assert [(row.row_no, row.reason) for row in bad] == [(8, "nul")]
    assert len(rows) == 59


def test_a_nested_column_is_refused(tmp_path):
    with pytest.raises(DeliveryRefused) as refused:
        parquet(tmp_path, typed_table(逝者姓名=pa.array([["a"], ["b"], []])))
    assert [str(reason) for reason in refused.value.reasons] == ["column_type:逝者姓名:a.parquet"]


def delivery(*files, format_="csv"):
    return Delivery(
        dataset=CREMATIONS.dataset,
        business_date=date(2026, 11, 20),
        mode="incremental",
        format=format_,
        encoding="utf-8",
        files=tuple(DeliveredFile(name, rows, "0" * 64) for name, rows in files),
        produced_at=datetime(2026, 11, 20, tzinfo=UTC),
        content_hash="0" * 64,
    )


def test_all_files_of_a_delivery_become_one_relation(tmp_path):
    kept(tmp_path, csv_bytes(HEADERS, rows_of(CREMATIONS, 4)), "one.csv")
    lines = csv_bytes([*HEADERS, "备注"], [{**r, "备注": ""} for r in rows_of(CREMATIONS, 3, 4)])
    kept(tmp_path, lines + b"cut,off", "two.csv")
    wanted = delivery(("one.csv", 4), ("two.csv", 4))
    told = []
    with DuckDBEngine() as engine:
        reading = read_delivery(
            engine, wanted, CREMATIONS, lambda f: tmp_path / f.name, told.append
        )
        assert (reading.rows_by_file, reading.rows, sum(told)) == ([4, 4], 8, 8)
        assert list(map(str, reading.remarks)) == ["column_unknown:备注"]
        show_texts(engine, CREMATIONS, reading.raw)
        rows = engine.rows("select file_no, row_no, 火化证号 from raw.rows order by all")
        assert [row[:2] for row in rows] == [(0, 1), (0, 2), (0, 3), (0, 4), (1, 1), (1, 2), (1, 3)]
        assert len({row[2] for row in rows}) == 7
        assert engine.rows("select * from raw.bad_rows") == [(1, 4, "cut_off", "cut,off")]
        withdraw(engine)
        assert not engine.has_table("raw.rows")
        assert not engine.has_table("raw.coded")


def test_a_row_count_that_disagrees_refuses_the_delivery(tmp_path):
    kept(tmp_path, csv_bytes(HEADERS, rows_of(CREMATIONS, 4)), "one.csv")
    with DuckDBEngine() as engine, pytest.raises(DeliveryRefused) as refused:
        read_delivery(engine, delivery(("one.csv", 5)), CREMATIONS, lambda f: tmp_path / f.name)
    assert [str(reason) for reason in refused.value.reasons] == ["row_count:one.csv:5:4"]


def test_a_hopeless_file_is_not_gathered_to_its_end(tmp_path, monkeypatch):
    monkeypatch.setattr("sources.readers._BAD_ANYWAY", 10)
    kept(tmp_path, csv_bytes(HEADERS, []) + b"short\n" * 500, "one.csv")
    with DuckDBEngine() as engine, pytest.raises(DeliveryRefused) as refused:
        read_delivery(engine, delivery(("one.csv", 500)), CREMATIONS, lambda f: tmp_path / f.name)
    assert refused.value.reasons[0].code == "set_aside_many"


# 2026-11-20 in both ways of counting: 1,462 days apart.
SINCE_1900, SINCE_1904 = 46346, 44884


def died_on(tmp_path, value, *, since_1904, mark=None):
    """The date of death as read from a workbook in which it is ``value``."""
    row = {**rows_of(CREMATIONS, 1)[0], "死亡日期": value, "火化证号": "44884"}
    raw = xlsx_bytes(HEADERS, [row], since_1904=since_1904)
    if mark is not None:
        made = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(made, "w") as new:
            for name in old.namelist():
                part = old.read(name)
                new.writestr(name, part.replace(b'date1904="1"', mark))
        raw = made.getvalue()
    rows, bad = all_of(Spreadsheet(kept(tmp_path, raw, "a.xlsx"), "a.xlsx", CREMATIONS))
    assert not bad
    assert rows[0]["火化证号"] == "44884"  # no date: left as it is
    return read_date(rows[0]["死亡日期"]).value


@pytest.mark.parametrize("value", [SINCE_1904, float(SINCE_1904), str(SINCE_1904)])
def test_serials_count_from_1904_where_the_workbook_says_so(tmp_path, value):
    assert died_on(tmp_path, value, since_1904=True) == date(2026, 11, 20)


@pytest.mark.parametrize("mark", [b'date1904="true"', b"date1904='1'"])
def test_the_mark_of_1904_is_known_in_other_spellings(tmp_path, mark):
    assert died_on(tmp_path, SINCE_1904, since_1904=True, mark=mark) == date(2026, 11, 20)


@pytest.mark.parametrize("mark", [b'date1904="0"', b'date1904="false"', b""])
def test_serials_count_from_1900_where_it_does_not(tmp_path, mark):
    assert died_on(tmp_path, SINCE_1900, since_1904=True, mark=mark) == date(2026, 11, 20)
    assert died_on(tmp_path, SINCE_1900, since_1904=False) == date(2026, 11, 20)


@pytest.mark.parametrize("since_1904", [True, False])
@pytest.mark.parametrize("value", [date(2026, 11, 20), "2026-11-20", "20261120", 20261120])
def test_what_is_a_date_already_is_the_same_in_both(tmp_path, value, since_1904):
    assert died_on(tmp_path, value, since_1904=since_1904) == date(2026, 11, 20)


@pytest.mark.parametrize(("value", "found"), [(2957003, None), (2026, None), (1, date(1904, 1, 2))])
def test_none_and_years_of_a_workbook_since_1904(tmp_path, value, found):
    assert died_on(tmp_path, value, since_1904=True) == found
