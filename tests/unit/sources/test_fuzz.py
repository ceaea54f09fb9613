"""Whatever bytes come: no crash, no hang, and every record is counted once."""

import io
import zipfile
from datetime import date, datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from delivering import csv_bytes, hand_over, parquet_bytes, rows_of, xlsx_bytes
from fuzzing import tried
from hypothesis import given
from hypothesis import strategies as st

from domain import amounts, dates, identity, names
from sources import acceptance, csv_reader
from sources.contract import load_dictionary
from sources.csv_reader import CsvFile
from sources.delivery import read_manifest
from sources.intake import take_in
from sources.parquet_reader import ParquetFile
from sources.spreadsheet import Spreadsheet
from sources.verdict import DeliveryRefused
from store.engines.duckdb import DuckDBEngine
from store.workspace import open_workspace

CREMATIONS = load_dictionary()["civil_affairs.cremations"]
HEADERS = CREMATIONS.headers
HEADER_LINE = ",".join(HEADERS)
DAY = date(2026, 11, 20)
WORKBOOK = xlsx_bytes(HEADERS, rows_of(CREMATIONS, 25))  # once: it holds the time it was made
QUICK = tried(60)
SLOW = tried(12, times=20)
ENCODINGS = st.sampled_from(["utf-8", "gb18030"])
PIECES = st.sampled_from(
    [b",", b'"', b'""', b"\r\n", b"\n", b"\r", b"\0", b"\x1a", b"\xff", b"\xfe\x59", b"\x81\x30",
     b"\xef\xbb\xbf", "合计".encode(), "王伟".encode("gb18030"), b"1" * 70, b",,,,,", b" "]
)  # fmt: skip


@st.composite
def damaged(draw, whole):
    """Bytes with pieces cut out, doubled, overwritten or put in."""
    raw = bytearray(whole)
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(raw)))
        until = min(len(raw), at + draw(st.integers(0, 40)))
        match draw(st.sampled_from(["cut", "double", "put", "over"])):
            case "cut":
                del raw[at:until]
            case "double":
                raw[at:at] = raw[at:until]
            case "put":
                raw[at:at] = draw(PIECES)
            case _:
                raw[at:until] = draw(st.binary(max_size=40))
    return bytes(raw)


def counted(source):
    """The places of all records; each must be there once, from 1 without gaps."""
    places = []
    for batch in source.batches():
        places += batch.rows.column("row_no").to_pylist()
        places += [bad.row_no for bad in batch.bad]
    assert sorted(places) == list(range(1, len(places) + 1))
    return len(places)


def said(refused):
    """A refusal has reasons, each with its sentence."""
    assert refused.reasons
    assert all(reason.says() for reason in refused.reasons)


def read_csv(tmp_path, raw, encoding, block):
    file = tmp_path / "part.csv"
    file.write_bytes(raw)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_reader, "BLOCK", block)
        try:
            return counted(CsvFile(file, "part.csv", encoding, CREMATIONS))
        except DeliveryRefused as refused:
            return said(refused)


@QUICK
@given(body=st.lists(st.one_of(PIECES, st.binary(max_size=30)), max_size=40), encoding=ENCODINGS,
       block=st.sampled_from([64, 1 << 20]))  # fmt: skip
def test_any_bytes_below_a_header_are_counted_record_by_record(tmp_path, body, encoding, block):
    raw = b"".join(body)
    found = read_csv(tmp_path, HEADER_LINE.encode(encoding) + b"\n" + raw, encoding, block)
    if found is not None and not {b'"'[0], 0, 13} & set(raw):
        lines = raw.removesuffix(b"\x1a").split(b"\n")
        assert found == sum(bool(line) for line in lines)


@QUICK
@given(data=st.data(), encoding=ENCODINGS, block=st.sampled_from([64, 300, 1 << 20]))
def test_a_damaged_csv_is_refused_or_counted(tmp_path, data, encoding, block):
    raw = data.draw(damaged(csv_bytes(HEADERS, rows_of(CREMATIONS, 25), encoding)))
    read_csv(tmp_path, raw, encoding, block)


@QUICK
@given(data=st.data())
def test_a_damaged_parquet_file_is_refused_or_counted(tmp_path, data):
    raw = data.draw(damaged(parquet_bytes(pa.Table.from_pylist(rows_of(CREMATIONS, 25)))))
    file = tmp_path / "a.parquet"
    file.write_bytes(raw)
    try:
        counted(ParquetFile(file, "a.parquet", CREMATIONS))
    except DeliveryRefused as refused:
        said(refused)


@QUICK
@given(data=st.data(), is_inside=st.booleans())
def test_a_damaged_workbook_is_refused_or_counted(tmp_path, data, is_inside):
    raw = inside_damaged(data, WORKBOOK) if is_inside else data.draw(damaged(WORKBOOK))
    file = tmp_path / "a.xlsx"
    file.write_bytes(raw)
    try:
        counted(Spreadsheet(file, "a.xlsx", CREMATIONS))
    except DeliveryRefused as refused:
        said(refused)


def inside_damaged(data, whole):
    """A whole archive, one of whose parts is damaged before it is packed."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(target, "w") as new:
        chosen = data.draw(st.sampled_from(sorted(old.namelist())))
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, data.draw(damaged(part)) if name == chosen else part)
    return target.getvalue()


CELLS = st.one_of(
    st.none(), st.text(max_size=12), st.integers(-(10**17), 10**17), st.booleans(),
    st.floats(), st.dates(date(1800, 1, 1), date(2200, 1, 1)),
    st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1)),  # noqa: DTZ001 - as files carry them
    st.decimals(-1000000, 1000000, places=3),
)  # fmt: skip


@QUICK
@given(st.lists(st.lists(CELLS, min_size=len(HEADERS), max_size=len(HEADERS)), max_size=8))
def test_any_values_in_a_parquet_file_are_counted(tmp_path, rows):
    columns = {}
    for at, header in enumerate(HEADERS):
        values = [row[at] for row in rows]
        kinds = {type(value) for value in values if value is not None}
        try:
            columns[header] = pa.array(values if len(kinds) < 2 else [str(v) for v in values])
        except (pa.ArrowInvalid, UnicodeEncodeError):
            columns[header] = pa.array([None] * len(values), pa.string())
    file = tmp_path / "a.parquet"
    pq.write_table(pa.table(columns), file)
    assert counted(ParquetFile(file, "a.parquet", CREMATIONS)) == len(rows)


@SLOW
@given(data=st.data(), encoding=ENCODINGS)
def test_a_damaged_delivery_is_judged_and_its_balance_holds(tmp_path_factory, data, encoding):
    home = tmp_path_factory.mktemp("fuzz")
    raw = data.draw(damaged(csv_bytes(HEADERS, rows_of(CREMATIONS, 200), encoding)))
    promised = data.draw(st.integers(195, 205))
    counted_rows = read_csv(home, raw, encoding, 1 << 20)
    files = {"a.csv": (raw, promised if counted_rows is None else counted_rows)}
    hand_over(home / "inbox", CREMATIONS, DAY, files, encoding=encoding)
    good = csv_bytes(HEADERS, rows_of(CREMATIONS, 40))
    hand_over(home / "inbox", CREMATIONS, date(2026, 11, 1), {"a.csv": (good, 40)})
    workspace = open_workspace(home / "workspace")
    with pytest.MonkeyPatch.context() as patch, DuckDBEngine() as engine:
        patch.setattr(acceptance, "validate", lambda *_: [])
        intake = take_in(engine, inbox=home / "inbox", workspace=workspace.path, as_of=DAY)
        used = engine.rows("select count(*) from clean.cremation where business_date = $day",
                           {"day": DAY})[0][0]  # fmt: skip
    judged = intake.deliveries[-1]
    assert judged.counts.is_balanced
    if judged.is_accepted:
        assert judged.counts.delivered == counted_rows
        assert used == judged.counts.accepted
    else:
        assert used == 0
        assert all(reason.says() for reason in judged.reasons)


@QUICK
@given(st.one_of(st.binary(max_size=200), damaged(b'{"agency": "a", "files": [{"rows": 1}]}')))
def test_any_manifest_is_read_or_refused(raw):
    delivery, faults = read_manifest(raw, CREMATIONS, DAY)
    assert delivery is not None or faults


LONG = [
    piece * 60_000
    for piece in ("1", "0", ",", "1,", " ", "1 1", " 1:11", "T", "(", "()", ")", "·", "?", "王",
                  "an", "\u0301", "年", "-", "E", "9.9E+", "１")
]  # fmt: skip


@pytest.mark.parametrize("text", LONG, ids=lambda text: ascii(text[:6]))
def test_no_length_of_text_is_too_much_for_the_normalisers(text):
    readings = (
        dates.read_date(text), dates.read_month(text), amounts.read_yuan(text),
        amounts.read_decimal(text), amounts.read_int(text), amounts.read_bool(text),
    )  # fmt: skip
    assert all(
        reading.value is None or str(reading.value) == "0" or text[0] in "0" for reading in readings
    )
    assert identity.read_identity_number(text, DAY).number is None
    folded = names.fold_name(text)
    assert names.fold_name(folded) == folded
    assert names.names_agree(folded, folded + "李") in set(names.NameAgreement)


@QUICK
@given(
    st.text("王李张?·an艾力", min_size=1, max_size=60),
    st.text("王李张?·an艾力", min_size=1, max_size=60),
)
def test_any_two_names_are_compared_and_alike_both_ways(one, other):
    forth, back = names.names_agree(one, other), names.names_agree(other, one)
    assert forth.agrees == back.agrees


@QUICK
@given(st.decimals(-(10**11), 10**11, places=2))
def test_an_amount_written_in_any_agreed_form_is_itself(amount):
    wanted = Decimal(amount)
    for form in (f"{amount}", f"{amount:,}", f"{amount}元", f" {amount} "):
        assert amounts.read_yuan(form).value == wanted
