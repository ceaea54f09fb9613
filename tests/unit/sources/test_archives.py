"""Packed deliveries: taken like a folder, or refused whole before anything is unpacked."""

import errno
import io
import json
import os
import shutil
import struct
import tempfile
import warnings
import zipfile
from pathlib import Path

import pytest
from delivering import csv_bytes, manifest_of, rows_of, xlsx_bytes
from exchange_nights import DAY, HOUSEHOLDS, PENSIONS, Evening, verdicts
from fuzzing import tried
from hypothesis import given
from hypothesis import strategies as st

from sources import acceptance
from sources.connectors import archive, folder
from sources.connectors.archive import check_archive, is_whole
from sources.connectors.folder import ArchivedDelivery, look_into
from sources.contract import load_dictionary
from sources.intake import IntakeSummary, receive
from sources.verdict import DeliveryRefused
from store.deliveries import DeliveryStore
from store.engines.duckdb import DuckDBEngine

ROWS = rows_of(PENSIONS, 40)
RAW = csv_bytes(PENSIONS.headers, ROWS)
MANIFEST = json.dumps(manifest_of(PENSIONS, DAY, {"part-000.csv": (RAW, 40)})).encode()
GOOD = {"part-000.csv": RAW, "manifest.json": MANIFEST}


@pytest.fixture
def evening(tmp_path, monkeypatch):
    monkeypatch.setattr(acceptance, "validate", lambda *_: [])
    evening = Evening(tmp_path)
    lay(evening, packed(_households()), HOUSEHOLDS)
    return evening


def _households():
    raw = csv_bytes(HOUSEHOLDS.headers, rows_of(HOUSEHOLDS, 3))
    manifest = manifest_of(HOUSEHOLDS, DAY, {"part-000.csv": (raw, 3)})
    return {"part-000.csv": raw, "manifest.json": json.dumps(manifest).encode()}


def packed(members, method=zipfile.ZIP_DEFLATED):
    """The members (name or ZipInfo, and bytes) as a zip."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as made, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # doubled names are the point
        for name, raw in members.items() if isinstance(members, dict) else members:
            made.writestr(name, raw, method)
    return buffer.getvalue()


def lay(evening, raw, contract=PENSIONS, name=f"{DAY}.zip"):
    path = evening.inbox / contract.agency / contract.folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)
    return path


def take_in(evening) -> IntakeSummary:
    with DuckDBEngine() as engine:
        return receive(engine, inbox=evening.inbox, workspace=evening.workspace.path, as_of=DAY)


def refusal(evening, raw):
    lay(evening, raw)
    ((day, state, reasons),) = verdicts(take_in(evening), PENSIONS)
    assert (day, state) == (DAY, "refused")
    return reasons


def test_an_archive_is_taken_like_its_folder(evening):
    path = lay(evening, packed(GOOD))
    before = {one: one.stat().st_mtime_ns for one in evening.inbox.rglob("*")}
    first = take_in(evening)
    assert verdicts(first, PENSIONS) == [(DAY, "accepted", [])]
    assert {one: one.stat().st_mtime_ns for one in evening.inbox.rglob("*")} == before
    assert take_in(evening).newly_read == ()
    folder = path.with_suffix("")
    folder.mkdir()
    for name, raw in GOOD.items():
        (folder / name).write_bytes(raw)
    both = take_in(evening)
    assert both.newly_read == ()
    assert len(verdicts(both, PENSIONS)) == 1


def test_a_workbook_in_an_archive_is_a_file_not_an_archive(evening):
    raw = xlsx_bytes(PENSIONS.headers, ROWS)
    manifest = manifest_of(PENSIONS, DAY, {"part-000.xlsx": (raw, 40)}, format="xlsx")
    lay(evening, packed({"part-000.xlsx": raw, "manifest.json": json.dumps(manifest)}))
    assert verdicts(take_in(evening), PENSIONS) == [(DAY, "accepted", [])]


def test_an_archive_without_its_end_is_still_arriving(evening):
    lay(evening, packed(GOOD)[:-30])
    intake = take_in(evening)
    assert intake.arriving == 1
    assert verdicts(intake, PENSIONS) == []


@pytest.mark.parametrize("step", ["is_whole", "check_archive"])
def test_an_archive_taken_away_while_the_inbox_is_looked_through_costs_itself_alone(
    evening, monkeypatch, step
):
    path = lay(evening, packed(GOOD))
    look = getattr(folder, step)

    def too_late(archive):
        if archive == path:
            archive.unlink()
        return look(archive)

    monkeypatch.setattr(folder, step, too_late)
    intake = take_in(evening)
    assert intake.arriving == 1
    assert verdicts(intake, PENSIONS) == []
    assert verdicts(intake, HOUSEHOLDS) == [(DAY, "accepted", [])]


@pytest.mark.parametrize("is_packed", [True, False])
def test_a_delivery_taken_away_before_it_is_read_is_left_alone(evening, is_packed):
    path = lay(evening, packed(GOOD))
    if not is_packed:
        path.rename(path.with_suffix(".away"))
        path = path.with_suffix("")
        path.mkdir()
        (path / "manifest.json").write_bytes(MANIFEST)
    (delivery,) = [
        one
        for one in look_into(evening.inbox, load_dictionary()).deliveries
        if one.dataset == PENSIONS.dataset
    ]
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    assert delivery.manifest() is None


def test_another_archive_put_in_the_place_of_the_one_looked_into_is_not_unpacked(evening):
    path = lay(evening, packed(GOOD))
    found = look_into(evening.inbox, load_dictionary())
    delivery = next(one for one in found.deliveries if one.dataset == PENSIONS.dataset)
    path.unlink()
    os.mkfifo(path)  # would be waited on for ever
    assert delivery.manifest() == b"archive"
    path.unlink()
    lay(evening, packed({**GOOD, "part-000.csv": RAW * 50}))
    with pytest.raises(DeliveryRefused):
        delivery.keep("part-000.csv", DeliveryStore(evening.workspace.path))


def test_an_archive_that_cannot_be_read_is_refused_as_such(evening, monkeypatch):
    path = lay(evening, packed(GOOD))

    def ill(archive):
        if archive == path:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return is_whole(archive)

    monkeypatch.setattr(folder, "is_whole", ill)
    refused = [(DAY, "refused", ["place_unreadable:Input/output error"])]
    assert verdicts(take_in(evening), PENSIONS) == refused
    monkeypatch.undo()
    assert (DAY, "accepted", []) in verdicts(take_in(evening), PENSIONS)


@pytest.mark.parametrize("begin", [b"Rar!\x1a\x07\x01\0", b"7z\xbc\xaf\x27\x1c", b"x"])
def test_what_is_no_zip_at_all_is_refused_and_not_waited_for(evening, begin):
    assert refusal(evening, begin + bytes(200)) == ["archive_no_zip"]


@pytest.mark.parametrize("raw", [b"", b"P", bytes(500), packed(GOOD)[:1]])
def test_what_may_become_a_zip_is_arriving(evening, raw):
    lay(evening, raw)
    assert take_in(evening).arriving == 1


def test_a_refused_archive_is_judged_once_and_a_mended_one_is_taken(evening):
    assert refusal(evening, packed({"part-000.csv": RAW})) == ["archive_without_manifest"]
    assert take_in(evening).newly_read == ()
    lay(evening, packed(GOOD))
    assert (DAY, "accepted", []) in verdicts(take_in(evening), PENSIONS)


def test_an_archive_under_another_name_than_a_date_is_misnamed(evening):
    lay(evening, packed(GOOD), name="pensions.zip")
    assert take_in(evening).misnamed == ("human_resources/pensions/pensions.zip",)


@pytest.mark.parametrize(
    "name",
    [
        "../evil.csv",
        "../../../../etc/cron.d/evil",
        "/etc/passwd",
        "//server/share/x",
        "C:\\windows\\x.csv",
        "C:x.csv",
        "..\\evil.csv",
        "a/b.csv",
        "a\\b.csv",
        "2026-11-20/",
        "..",
        ".",
        ".hidden",
        "NUL",
        "con.csv",
        "COM1.txt",
        "lpt9",
        "aux .csv",
        "dot.",
        "blank ",
        " blank",
        "a\0b.csv",
        "line\nbreak",
        "star*.csv",
        "what?.csv",
        "pipe|.csv",
        "e\u0301.csv",
        "x" * 300,
    ],
)
def test_a_name_that_is_no_plain_one_refuses_the_archive_and_nothing_leaves_it(evening, name):
    everything = {one for one in evening.home.rglob("*") if "clean" not in one.parts}
    member = zipfile.ZipInfo("placeholder")
    member.filename = member.orig_filename = name
    assert "archive_name" in refusal(evening, packed([*GOOD.items(), (member, b"evil")]))
    after = {one for one in evening.home.rglob("*") if "clean" not in one.parts}
    allowed = {evening.inbox / "human_resources", evening.inbox / "human_resources" / "pensions"}
    new = {one for one in after - everything if "blobs" not in one.parts} - allowed
    assert new == {evening.inbox / "human_resources" / "pensions" / f"{DAY}.zip"}


def test_a_name_twice_also_in_another_case_or_width_refuses(evening):
    for twin in ("part-000.csv", "PART-000.csv", "ｐart-000.csv"):
        assert refusal_of(packed([*GOOD.items(), (twin, b"x")])) == ["archive_name_twice"]


def test_links_and_special_files_refuse(evening):
    for kind in (0o120777, 0o020666, 0o010644, 0o040755):
        member = zipfile.ZipInfo("link")
        member.create_system = 3
        member.external_attr = kind << 16
        assert refusal_of(packed([*GOOD.items(), (member, "/etc/passwd")])) == ["archive_link"]


def test_an_encrypted_archive_refuses(evening):
    raw = bytearray(packed(GOOD))
    at = raw.index(b"PK\1\2")
    raw[at + 8] |= 1
    raw[6] |= 1
    assert refusal(evening, bytes(raw)) == ["archive_encrypted"]


def test_methods_other_than_deflate_refuse(evening):
    for method in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        assert refusal_of(packed(GOOD, method)) == ["archive_method"]
    assert refusal_of(packed(GOOD, zipfile.ZIP_STORED)) == []


def test_nested_archives_refuse_whatever_they_are_called(evening):
    inner = packed({"x": b"x"})
    for name, raw in (
        ("inner.zip", b"not even one"),
        ("inner.csv", inner),
        ("inner.tar.gz", b"x"),
        ("inner.csv.gz", b"x"),
        ("gzip.csv", b"\x1f\x8b\x08\0\0\0\0\0"),
        ("seven.csv", b"7z\xbc\xaf\x27\x1c\0\4"),
    ):
        assert refusal_of(packed([*GOOD.items(), (name, raw)])) == ["archive_nested"]


def test_a_bomb_refuses_before_it_is_unpacked(evening):
    bomb = packed([*GOOD.items(), ("zeros.csv", b"\0" * (64 << 20))])
    assert len(bomb) < 100_000
    assert refusal(evening, bomb) == ["archive_ratio:200"]


def test_too_much_in_all_refuses(evening, monkeypatch):
    monkeypatch.setattr(archive, "UNPACKED_LIMIT", len(RAW))
    assert refusal_of(packed(GOOD)) == ["archive_too_large"]
    monkeypatch.setattr(archive, "ARCHIVE_LIMIT", 100)
    assert refusal_of(packed(GOOD)) == ["archive_too_large"]


def test_too_many_members_refuse_without_being_listed():
    many = packed({f"f{place}": b"" for place in range(1100)})
    assert refusal_of(many) == ["archive_members:1025"]


def test_members_that_share_their_bytes_refuse():
    """The bomb whose members all overlap has a harmless ratio in each of them."""
    raw = bytearray(packed([*GOOD.items(), ("again.csv", b"y" * 20)], zipfile.ZIP_STORED))
    entries = [place for place in range(len(raw)) if raw[place : place + 4] == b"PK\1\2"]
    struct.pack_into("<L", raw, entries[2] + 42, 0)  # the third begins where the first does
    struct.pack_into("<LL", raw, entries[2] + 20, len(RAW), len(RAW))
    assert "archive_overlaps" in refusal_of(bytes(raw))


def test_damage_in_a_member_refuses_and_is_not_taken_for_another_fault(evening):
    raw = bytearray(packed(GOOD))
    raw[200:220] = b"\xff" * 20
    assert refusal(evening, bytes(raw)) == ["archive_damaged"]


def test_a_disk_that_is_full_is_not_taken_for_a_damaged_archive(evening, monkeypatch):
    lay(evening, packed(GOOD))
    (place,) = (
        one
        for one in look_into(evening.inbox, load_dictionary()).deliveries
        if one.dataset == PENSIONS.dataset
    )

    class Full:
        def keep_stream(self, stream):
            stream.read(10)
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        place.keep("part-000.csv", Full())


def test_a_size_that_the_directory_understates_gives_no_more_bytes_than_it_says(evening):
    raw = bytearray(packed([("manifest.json", MANIFEST), ("part-000.csv", RAW)]))
    for entry in (place for place in range(len(raw)) if raw[place : place + 4] == b"PK\1\2"):
        if raw[entry + 46 : entry + 58] == b"part-000.csv":
            struct.pack_into("<L", raw, entry + 24, 100)
    assert refusal(evening, bytes(raw)) in (["archive_damaged"], ["hash_differs:part-000.csv"])


@tried(150)
@given(
    st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 255)), min_size=1, max_size=30),
    st.integers(0, 400),
)
def test_no_mangled_archive_does_more_than_refuse(tmp_path_factory, changes, cut):
    """Whatever was done to its bytes: arriving, refused, or read to hashes that are compared."""
    raw = bytearray(packed(GOOD))
    for place, byte in changes:
        raw[place % len(raw)] = byte
    path = tmp_path_factory.getbasetemp() / "mangled.zip"
    path.write_bytes(bytes(raw[: len(raw) - cut]))
    if is_whole(path) and not (checked := check_archive(path)).faults:
        delivery = ArchivedDelivery(PENSIONS.dataset, DAY, path, checked)
        assert isinstance(delivery.manifest(), bytes)
        assert outcome(delivery, DeliveryStore(path.parent / "mangled")) in ("damaged", "kept")


def outcome(delivery, store):
    """What comes of unpacking the file; anything but these is an error of the program."""
    try:
        kept = delivery.keep("part-000.csv", store)
    except DeliveryRefused as refused:
        return {"archive_damaged": "damaged"}[refused.reasons[0].code]
    return "kept" if kept is None or len(kept) == 64 else "?"


def refusal_of(raw):
    """The reasons of an archive by itself."""
    with tempfile.NamedTemporaryFile(suffix=".zip") as file:
        file.write(raw)
        file.flush()
        return [str(reason) for reason in check_archive(Path(file.name)).faults]
