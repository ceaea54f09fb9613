import errno
import hashlib
import os
import resource

import duckdb
import pytest

from domain.errors import HeduiError
from store.deliveries import DeliveryStore


@pytest.fixture
def store(tmp_path):
    return DeliveryStore(tmp_path / "workspace")


def test_bytes_are_kept_once_under_their_hash_and_the_source_may_go(store, tmp_path):
    source = tmp_path / "part.csv"
    content = b"line\n" * 2_000_000  # more than one block
    source.write_bytes(content)
    sha256 = store.keep(source)
    assert sha256 == hashlib.sha256(content).hexdigest()
    assert store.keep(source) == sha256
    source.write_bytes(b"other")
    assert store.blob(sha256).read_bytes() == content
    assert [path for path in store.blobs.rglob("*") if path.is_file()] == [store.blob(sha256)]


def begin_and_fail(store):
    with store.building("a.b/2026-11-20-0") as folder:
        (folder / "verdict.json").write_text("half")
        raise RuntimeError


def test_a_record_appears_whole_or_not_at_all(store):
    with pytest.raises(RuntimeError):
        begin_and_fail(store)
    assert store.records_of("a.b") == []
    with store.building("a.b/2026-11-20-0") as folder:
        assert list(folder.iterdir()) == []
        (folder / "verdict.json").write_text("whole")
        assert not store.has_record("a.b/2026-11-20-0")
    assert (store.record("a.b/2026-11-20-0") / "verdict.json").read_text() == "whole"


def test_what_a_killed_run_left_is_no_record_and_is_cleared_away(store):
    left = store.records / "a.b" / ".building-2026-11-20-0"
    left.mkdir(parents=True)
    (left / "rows.parquet").write_bytes(b"half")
    assert store.records_of("a.b") == []
    with store.building("a.b/2026-11-20-0") as folder:
        (folder / "verdict.json").write_text("whole")
    (record,) = store.records_of("a.b")
    assert [file.name for file in record.iterdir()] == ["verdict.json"]


def test_what_killed_runs_left_goes_and_whole_things_stay(store, tmp_path):
    source = tmp_path / "part.csv"
    source.write_bytes(b"whole")
    kept = store.blob(store.keep(source))
    with store.building("a.b/2026-11-20-0"):
        pass
    (store.blobs / ".half-x1").write_bytes(b"half")
    for kind in (".building-", ".discarded-"):
        left = store.records / "a.b" / f"{kind}2026-11-19-0"
        left.mkdir()
        (left / "rows.parquet").write_bytes(b"half")
    store.clear_leftovers()
    assert [path for path in store.blobs.rglob("*") if path.is_file()] == [kept]
    assert list((store.records / "a.b").iterdir()) == store.records_of("a.b")
    assert len(store.records_of("a.b")) == 1


def test_a_record_made_again_replaces_the_one_before(store):
    for text in ("first", "second"):
        with store.building("a.b/2026-11-20-0") as folder:
            (folder / "verdict.json").write_text(text)
    (record,) = store.records_of("a.b")
    assert (record / "verdict.json").read_text() == "second"


def test_records_come_in_the_order_of_their_dates(store):
    for name in ("2026-11-20-0", "2026-01-05-9", "2026-11-03-f"):
        with store.building(f"a.b/{name}"):
            pass
    names = [record.name for record in store.records_of("a.b")]
    assert names == ["2026-01-05-9", "2026-11-03-f", "2026-11-20-0"]
    assert store.records_of("c.d") == []


def test_a_disk_that_is_full_is_named_and_nothing_half_copied_stays(store, tmp_path):
    source = tmp_path / "part.csv"
    source.write_bytes(b"line\n" * 10_000)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, limits[1]))
    try:
        with pytest.raises(HeduiError) as full:
            store.keep(source)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert full.value.key == "deliveries_not_written"
    assert os.strerror(errno.EFBIG) in str(full.value)
    assert [path for path in store.blobs.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    "error", [OSError(errno.ENOSPC, ""), duckdb.IOException("x"), duckdb.OutOfMemoryException()]
)
def test_what_cannot_be_written_is_no_record_and_says_why(store, error):
    def write():
        with store.building("a.b/2026-11-20-0") as folder:
            (folder / "rows.parquet").write_bytes(b"half")
            raise error

    with pytest.raises(HeduiError) as full:
        write()
    assert full.value.key == "deliveries_not_written"
    assert list((store.records / "a.b").iterdir()) == []
