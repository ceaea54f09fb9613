import json
from datetime import date

import pytest
from delivering import manifest_of
from hypothesis import given
from hypothesis import strategies as st

from sources.contract import load_dictionary
from sources.delivery import MANIFEST_LIMIT, content_hash, read_manifest
from sources.verdict import Reason

VEHICLES = load_dictionary()["public_security.vehicles"]
DAY = date(2026, 11, 20)
FILES = {"part-000.csv": (b"x", 3), "part-001.csv": (b"y", 4)}


def read(**changes):
    raw = json.dumps(manifest_of(VEHICLES, DAY, FILES, **changes)).encode()
    delivery, reasons = read_manifest(raw, VEHICLES, DAY)
    return delivery, [str(reason) for reason in reasons]


def test_a_manifest_as_agreed_gives_a_delivery():
    delivery, reasons = read(encoding="gb18030")
    assert reasons == []
    assert delivery.file_names == ("part-000.csv", "part-001.csv")
    assert (delivery.rows, delivery.encoding, delivery.mode) == (7, "gb18030", "full")
    assert delivery.delivery_id.startswith("public_security.vehicles/2026-11-20-")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"agency": "housing"}, "manifest_differs:agency:housing:public_security"),
        ({"dataset": "cars"}, "manifest_differs:dataset:cars:vehicles"),
        ({"business_date": "2026-11-19"}, "manifest_differs:business_date:2026-11-19:2026-11-20"),
        ({"mode": "incremental"}, "manifest_differs:mode:incremental:full"),
        ({"mode": None}, "manifest_field:mode"),
        ({"format": "dbf"}, "format_unknown:dbf"),
        ({"encoding": "big5"}, "encoding_unknown:big5"),
        ({"encoding": None}, "manifest_field:encoding"),
        ({"produced_at": "yesterday"}, "manifest_field:produced_at"),
        ({"produced_at": "0001-01-01T00:00:00+08:00"}, "manifest_field:produced_at"),
        ({"produced_at": "9999-12-31T23:59:59-12:00"}, "manifest_field:produced_at"),
        ({"produced_at": "2026-11-19T23:59:00+08:00"}, "future:2026-11-20"),
        ({"produced_at": "2026-11-19T15:59:00Z"}, "future:2026-11-20"),
        ({"files": []}, "manifest_field:files"),
        ({"files": None}, "manifest_field:files"),
        ({"files": [{"name": "a.csv", "rows": -1, "sha256": "0" * 64}]}, "manifest_field:rows"),
        ({"files": [{"name": "a.csv", "rows": True, "sha256": "0" * 64}]}, "manifest_field:rows"),
        ({"files": [{"name": "a.csv", "rows": 1, "sha256": "xyz"}]}, "manifest_field:sha256"),
        ({"files": [{"name": "a.csv", "rows": 1}]}, "manifest_field:files"),
        (
            {"files": [{"name": "a.csv", "rows": 1, "sha256": "0" * 64}] * 2},
            "file_named_twice:a.csv",
        ),
    ],
)
def test_a_manifest_that_is_not_as_agreed_is_refused_naming_the_field(changes, reason):
    _, reasons = read(**changes)
    assert reasons == [reason]


@pytest.mark.parametrize(
    "name",
    ["../a.csv", "/etc/passwd", "a/b.csv", "..", ".hidden", "a\\b.csv", "c:a.csv", "", "a\0.csv",
     "manifest.json", "a\n.csv", "x" * 300, "名" * 100],
)  # fmt: skip
def test_a_file_name_is_one_plain_name(name):
    _, reasons = read(files=[{"name": name, "rows": 1, "sha256": "0" * 64}])
    assert reasons == ["file_name_unsafe"]


def test_every_fault_of_a_manifest_is_said_at_once():
    _, reasons = read(agency="x", format="dbf", produced_at=3)
    assert len(reasons) == 3


def test_a_moment_just_after_midnight_in_shanghai_is_not_the_day_before():
    assert read(produced_at="2026-11-19T16:00:00Z")[1] == []


def test_no_encoding_is_asked_of_parquet():
    delivery, reasons = read(format="parquet", encoding=None)
    assert (delivery.encoding, reasons) == ("", [])


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"null", b"\xff\xfe{", b"[" * 100_000])
def test_what_is_no_json_object_is_unreadable(raw):
    assert read_manifest(raw, VEHICLES, DAY) == (None, (Reason.of("manifest_unreadable"),))


def test_what_is_longer_than_the_limit_is_unreadable_though_its_beginning_is_whole():
    whole = json.dumps(manifest_of(VEHICLES, DAY, FILES)).encode()
    assert read_manifest(whole.ljust(MANIFEST_LIMIT), VEHICLES, DAY)[1] == ()
    unreadable = (Reason.of("manifest_unreadable"),)
    assert read_manifest(whole.ljust(MANIFEST_LIMIT + 1), VEHICLES, DAY)[1] == unreadable


@given(st.binary(max_size=200) | st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(
        st.sampled_from(["agency", "dataset", "files", "name", "rows", "sha256", "produced_at",
                         "mode", "format", "encoding", "business_date"]), inner),
).map(lambda node: json.dumps(node).encode()))  # fmt: skip
def test_any_manifest_is_read_or_refused_and_never_crashes(raw):
    delivery, reasons = read_manifest(raw, VEHICLES, DAY)
    assert delivery is not None or reasons


def test_a_delivery_that_did_not_arrive_whole_has_another_hash_once_it_has():
    assert content_hash(b"m", {"a": "1"}) != content_hash(b"m", {"a": None})
    assert content_hash(b"m", {"a": "1"}) == content_hash(b"m", {"a": "1"})


def test_reasons_are_written_and_read_back_and_have_a_sentence():
    reason = Reason.of("column_absent", "SFZMHM", "part: 0.csv")
    assert Reason.parse(str(reason)) == reason
    assert "SFZMHM" in reason.says("en")
    assert "SFZMHM" in reason.says("zh")


def test_a_reason_can_always_be_written():
    assert str(Reason.of("manifest_differs", "\ud800")).encode() == b"manifest_differs:\\ud800"


def test_what_does_not_print_is_written_as_its_number():
    reason = Reason.of("manifest_differs", "agency", "a\nb\x1b[2J\u202e\u200b", "王·伟")
    assert str(reason) == "manifest_differs:agency:a\\nb\\x1b[2J\\u202e\\u200b:王·伟"
    assert Reason.parse(str(reason)) == reason
    assert reason.says().isprintable()
