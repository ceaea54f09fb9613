"""What a refusal says: file, row, reason and remedy, of the thing that really is wrong."""

import gzip

import pyarrow as pa
import pytest
from delivering import csv_bytes, hand_over, parquet_bytes, rows_of, xlsx_bytes
from intake_world import DAY, PENSIONS

from sources.verdict import Reason

pytestmark = pytest.mark.usefixtures("without_the_slow_library")


def refused(world):
    ((_, state, reasons),) = world.verdicts(PENSIONS)
    assert state == "refused"
    assert world.counts[PENSIONS.dataset] == 0
    return reasons


def test_a_refusal_says_where_the_first_unusable_row_is_and_names_no_column_where_it_is_none(world):
    text = csv_bytes(PENSIONS.headers, rows_of(PENSIONS, 100)).replace(b"\r\n", b",\r\n")
    text = text.replace(b",\r\n", b"\r\n", 1)  # a comma at the end of every row but the header
    hand_over(world.inbox, PENSIONS, DAY, {"part-000.csv": (text, 100)})
    (refused,) = [one for one in world.take_in().deliveries if one.dataset == PENSIONS.dataset]
    said = [reason.says() for reason in refused.reasons]
    assert said[1:] == [
        "其中 100 行：字段多于或少于表头（首个在 part-000.csv 数据第 1 行，不含表头）。"
    ]
    assert "part-000.csv, row 1" in refused.reasons[1].says("en")


OLD_WORKBOOK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4000)
ODD_KINDS = {
    "an .xls, or a password": ("xlsx", OLD_WORKBOOK, "old_or_locked", "加了密码"),
    "a page": ("xlsx", b"<html><table>", "html", "网页"),
    "a workbook as text": (
        "csv", xlsx_bytes(PENSIONS.headers, rows_of(PENSIONS, 3)), "xlsx_or_zip", "xlsx 工作簿",
    ),
    "packed text": (
        "csv", gzip.compress(csv_bytes(PENSIONS.headers, rows_of(PENSIONS, 3))), "packed", "压缩",
    ),
    "Parquet as text": ("csv", parquet_bytes(pa.table({"x": [1]})), "parquet", "Parquet"),
    "text as Parquet": (
        "parquet", csv_bytes(PENSIONS.headers, rows_of(PENSIONS, 3)), "", "不是所声明的格式",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("declared", "raw", "kind", "word"), ODD_KINDS.values(), ids=ODD_KINDS)
def test_a_file_that_is_another_thing_than_declared_is_told_for_what_it_is(
    world, declared, raw, kind, word
):
    hand_over(world.inbox, PENSIONS, DAY, {"a.dat": (raw, 3)}, format=declared)
    (said,) = refused(world)
    expected = f"format_differs:{kind}:a.dat:{declared}" if kind else "file_unreadable:a.dat"
    assert said == expected
    assert word in Reason.parse(said).says()


def test_more_files_than_a_record_can_number_are_refused_with_the_limit(world):
    raw = csv_bytes(PENSIONS.headers, [])
    hand_over(world.inbox, PENSIONS, DAY, {f"{no}.csv": (raw, 0) for no in range(1025)})
    assert refused(world) == ["files_many:1025:1024"]


def test_where_rows_are_miscounted_what_is_out_of_order_in_the_file_is_said(world):
    text = csv_bytes(PENSIONS.headers, rows_of(PENSIONS, 100), line_end="\n")
    lines = text.split(b"\n")
    broken = b"\n".join([*lines[:50], lines[50] + b"\r" + lines[51], *lines[52:]])
    hand_over(world.inbox, PENSIONS, DAY, {"part-000.csv": (broken, 100)})
    (refused,) = [one for one in world.take_in().deliveries if one.dataset == PENSIONS.dataset]
    assert [reason.says() for reason in refused.reasons] == [
        "文件 part-000.csv 清单写 100 行，实际读到 99 行。请核对后重新交付。",
        "part-000.csv 数据第 50 行（不含表头）：字段多于或少于表头。",
    ]


def test_columns_without_a_name_are_counted_and_not_quoted(world):
    rows = [{**row, "": ""} for row in rows_of(PENSIONS, 40)]
    raw = csv_bytes([*PENSIONS.headers, "", ""], rows)
    hand_over(world.inbox, PENSIONS, DAY, {"part-000.csv": (raw, 40)})
    assert world.verdicts(PENSIONS) == [(DAY, "accepted", ["column_unnamed:2"])]
