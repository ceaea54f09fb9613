"""Workbooks that would harm their reader, or make it read something else, are refused before."""

import io
import socket
import struct
import threading
import zipfile

import pytest
from delivering import rows_of, xlsx_bytes
from python_calamine import CalamineError, load_workbook

from sources.contract import load_dictionary
from sources.spreadsheet import Spreadsheet
from sources.verdict import DeliveryRefused
from sources.workbook_parts import check_workbook

PENSIONS = load_dictionary()["human_resources.pensions"]
GOOD = xlsx_bytes(PENSIONS.headers, rows_of(PENSIONS, 5))
STRINGS = "xl/sharedStrings.xml"
SHEET = "xl/worksheets/sheet1.xml"
LAUGHS = "<!DOCTYPE lolz [<!ENTITY l0 'lol'>" + "".join(
    f"<!ENTITY l{level} '{f'&l{level - 1};' * 10}'>" for level in range(1, 11)
)


def part(name):
    with zipfile.ZipFile(io.BytesIO(GOOD)) as workbook:
        return workbook.read(name)


def rebuilt(changes, leave_out=()):
    """The good workbook with some parts exchanged or added."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as good:
        parts = {name: good.read(name) for name in good.namelist() if name not in leave_out}
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, raw in {**parts, **changes}.items():
            made.writestr(name, raw)
    return buffer.getvalue()


def with_doctype(doctype, entity, encoding="utf-8"):
    """The good workbook whose first header is an entity that its document type declares."""
    text = part(STRINGS).decode().replace("<t>AAC002</t>", f"<t>{entity}</t>", 1)
    assert entity in text
    declaration, rest = text.split("?>", 1)
    declaration = declaration.replace("UTF-8", encoding.upper())
    return rebuilt({STRINGS: f"{declaration}?>{doctype}{rest}".encode(encoding)})


@pytest.fixture
def refusal(tmp_path):
    def refusal(raw):
        path = tmp_path / "a.xlsx"
        path.write_bytes(raw)
        with pytest.raises(DeliveryRefused) as caught:
            Spreadsheet(path, "a.xlsx", PENSIONS)
        return [str(reason) for reason in caught.value.reasons]

    return refusal


@pytest.fixture
def listener():
    """A port of this machine, and the connections that were made to it."""
    door = socket.create_server(("127.0.0.1", 0))
    visits = []

    def listen():
        try:
            while True:
                visitor, _ = door.accept()
                visits.append(visitor.recv(1000))
                visitor.close()
        except OSError:
            return

    threading.Thread(target=listen, daemon=True).start()
    yield door.getsockname()[1], visits
    door.shutdown(socket.SHUT_RDWR)
    door.close()


def test_a_good_workbook_passes_and_reads_as_before(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(GOOD)
    (batch,) = Spreadsheet(path, "a.xlsx", PENSIONS).batches()
    assert [row["AAC002"] for row in batch.rows.to_pylist()] == [
        row["AAC002"] for row in rows_of(PENSIONS, 5)
    ]


def test_a_billion_laughs_are_refused(refusal):
    assert refusal(with_doctype(f"{LAUGHS}]>", "&l10;")) == ["workbook_entities:a.xlsx"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_an_external_entity_is_refused_and_neither_file_nor_url_is_read(
    refusal, listener, tmp_path, encoding
):
    port, visits = listener
    secret = tmp_path / "secret.txt"
    secret.write_text("geheim")
    for where in (secret.as_uri(), f"http://127.0.0.1:{port}/x", f"//127.0.0.1:{port}/x"):
        raw = with_doctype(f'<!DOCTYPE s [<!ENTITY x SYSTEM "{where}">]>', "&x;", encoding)
        assert refusal(raw) == ["workbook_entities:a.xlsx"]
    assert visits == []


def test_the_reader_itself_expands_no_entity_and_follows_no_address(listener, tmp_path):
    """The second lock: what would happen if the check before it were not there."""
    port, visits = listener
    secret = tmp_path / "secret.txt"
    secret.write_text("geheim")
    for doctype, entity in (
        (f"{LAUGHS}]>", "&l10;"),
        (f'<!DOCTYPE s [<!ENTITY x SYSTEM "{secret.as_uri()}">]>', "&x;"),
        (f'<!DOCTYPE s [<!ENTITY x SYSTEM "http://127.0.0.1:{port}/x">]>', "&x;"),
        (f'<!DOCTYPE s SYSTEM "http://127.0.0.1:{port}/x.dtd">', "plain"),
    ):
        raw = with_doctype(doctype, entity)
        try:
            rows = list(load_workbook(io.BytesIO(raw)).get_sheet_by_index(0).iter_rows())
        except CalamineError:
            continue
        assert "geheim" not in str(rows)
        assert len(str(rows)) < 100_000
    assert visits == []


def test_an_entity_far_into_a_part_or_across_two_blocks_is_found(refusal, tmp_path):
    for padding in (10, (1 << 20) - 40, (1 << 20) - 60, 3 << 20):
        text = part(STRINGS).decode()
        declaration, rest = text.split("?>", 1)
        raw = f"{declaration}?><!--{'x' * padding}--><!DOCTYPE s>{rest}".encode()
        assert refusal(rebuilt({STRINGS: raw})) == ["workbook_entities:a.xlsx"]


def test_two_cells_far_apart_are_refused_before_the_rectangle_between_them_is_made(refusal):
    far = b"""<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>"""
    raw = rebuilt({SHEET: part(SHEET).replace(b"</sheetData>", far)})
    assert len(raw) < 20_000
    assert refusal(raw) == ["file_too_large:a.xlsx"]
    sly = b"""<row r='1048576'><c r = 'xfd7'><v>1</v></c></row></sheetData>"""
    raw = rebuilt({SHEET: part(SHEET).replace(b"</sheetData>", sly)})
    assert refusal(raw) == ["file_too_large:a.xlsx"]


def test_one_long_text_shared_by_many_cells_is_measured_as_often_as_it_is_read(
    refusal, monkeypatch, tmp_path
):
    rows = [{**row, "AAC003": "王伟"} for row in rows_of(PENSIONS, 500)]
    made = xlsx_bytes(PENSIONS.headers, rows)
    with zipfile.ZipFile(io.BytesIO(made)) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    for item in ("<si><t>{}</t></si>", "<si ><t>{}</t></si ><si/>"):
        long = item.format("长" * 4000).encode()
        parts[STRINGS] = parts[STRINGS].replace("<si><t>王伟</t></si>".encode(), long)
        raw = rebuilt(parts)
        assert len(raw) < 60_000
        monkeypatch.setattr("sources.workbook_parts.UNPACKED_LIMIT", 5_900_000)
        assert refusal(raw) == ["file_too_large:a.xlsx"]
        monkeypatch.setattr("sources.workbook_parts.UNPACKED_LIMIT", 6_200_000)
        check_workbook(tmp_path / "a.xlsx", "a.xlsx")


def test_a_part_that_could_not_be_measured_is_unreadable(refusal):
    for encoding in ("utf-16", "utf-16-le", "utf-16-be"):
        assert refusal(rebuilt({STRINGS: part(STRINGS).decode().encode(encoding)})) == [
            "file_unreadable:a.xlsx"
        ]


def test_a_part_longer_or_shorter_than_it_says_is_refused(refusal):
    """The reader would go on inflating; the size in the directory is what limits are set by."""
    big = rebuilt({"xl/media/zeros.xml": b"\0" * (5 << 20)})
    for size in (1000, (5 << 20) + 1):
        raw = bytearray(big)
        for at in (place for place in range(len(raw)) if raw[place : place + 4] == b"PK\1\2"):
            if raw[at + 46 : at + 64] == b"xl/media/zeros.xml":
                struct.pack_into("<L", raw, at + 24, size)
        assert refusal(bytes(raw)) == ["file_unreadable:a.xlsx"]


def test_what_is_too_large_unpacked_is_refused(refusal, monkeypatch):
    monkeypatch.setattr("sources.workbook_parts.UNPACKED_LIMIT", 10_000)
    assert refusal(GOOD) == ["file_too_large:a.xlsx"]
    monkeypatch.undo()
    monkeypatch.setattr("sources.workbook_parts._PARTS_LIMIT", 3)
    assert refusal(GOOD) == ["file_too_large:a.xlsx"]


def test_another_kind_of_workbook_than_agreed_is_refused(refusal):
    assert refusal(rebuilt({}, leave_out=["xl/workbook.xml"])) == ["file_unreadable:a.xlsx"]
    assert refusal(rebuilt({"content.xml": b"<x/>"})) == ["file_unreadable:a.xlsx"]
    assert refusal(rebuilt({"xl/workbook.bin": b"x"})) == ["file_unreadable:a.xlsx"]


def test_damage_is_named_as_such(tmp_path):
    path = tmp_path / "a.xlsx"
    codes = set()
    for place in range(0, len(GOOD), 97):
        raw = bytearray(GOOD)
        raw[place] ^= 0xFF
        path.write_bytes(bytes(raw))
        try:
            check_workbook(path, "a.xlsx")
        except DeliveryRefused as refused:
            codes |= {reason.code for reason in refused.reasons}
    assert "file_unreadable" in codes
    assert codes <= {"file_unreadable", "file_too_large"}
