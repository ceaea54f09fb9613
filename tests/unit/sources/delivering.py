"""Made-up deliveries in the agreed form, for tests of intake; every value is clean."""

import csv
import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from sources.contract import Column, Contract

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
NAMES = ("王伟", "李娜", "张秀英", "欧阳建国", "刘洋", "陈静", "杨敏", "赵磊")
TOWNSHIPS = ("990102001", "990102002", "990102003")


def id_no(i: int) -> str:
    """A valid number of the fictional division 990102, one for each ``i``."""
    born = date(1940, 1, 1) + timedelta(days=i % 25000)
    body = f"990102{born:%Y%m%d}{i // 25000:03}"
    total = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def value(column: Column, i: int) -> str:
    """A clean value for row ``i``; values of key columns differ from row to row."""
    if column.name == "township_code":
        return TOWNSHIPS[i % len(TOWNSHIPS)]
    if column.kind == "code":
        codes = list(column.codes)
        return codes[i % len(codes)]
    plain = {
        "id_no": id_no(i),
        "name": NAMES[i % len(NAMES)],
        "date": (date(2020, 1, 1) + timedelta(days=i % 2000)).isoformat(),
        "month": "2026-09",
        "yuan": f"{100 + i}.50",
        "int": str(1 + i % 9),
        "decimal": "0.5",
        "bool": "10"[i % 2],
    }
    return plain.get(column.kind, f"{column.name.upper()}{i:08}")


def rows_of(contract: Contract, count: int, first: int = 0) -> list[dict[str, str]]:
    """``count`` rows by delivered header, each with its own key."""
    return [
        {column.header: value(column, i) for column in contract.columns}
        for i in range(first, first + count)
    ]


def csv_bytes(
    headers: Sequence[str],
    rows: Sequence[Mapping[str, str]],
    encoding: str = "utf-8",
    line_end: str = "\r\n",
) -> bytes:
    """The rows as a CSV file with a header line."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator=line_end)
    writer.writerow(headers)
    writer.writerows([row[header] for header in headers] for row in rows)
    return text.getvalue().encode(encoding)


def xlsx_bytes(
    headers: Sequence[str], rows: Sequence[Mapping[str, Any]], *, since_1904: bool = False
) -> bytes:
    """The rows as the first sheet of a workbook; values keep their types, dates as dates."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_numbers": False, "date_1904": since_1904,
               "default_date_format": "yyyy-mm-dd"}  # fmt: skip
    with xlsxwriter.Workbook(buffer, options) as book:
        sheet = book.add_worksheet()
        for at, header in enumerate(headers):
            sheet.write_string(0, at, header)
            for place, row in enumerate(rows, start=1):
                if isinstance(row[header], str):
                    sheet.write_string(place, at, row[header])
                else:
                    sheet.write(place, at, row[header])
    return buffer.getvalue()


def parquet_bytes(table: pa.Table) -> bytes:
    """The table as a Parquet file."""
    buffer = io.BytesIO()
    pq.write_table(table, buffer)
    return buffer.getvalue()


def manifest_of(
    contract: Contract, day: date, files: Mapping[str, tuple[bytes, int]], /, **changes: object
) -> dict[str, Any]:
    """The manifest of these files (name: bytes and rows); ``changes`` replace its fields."""
    return {
        "agency": contract.agency,
        "dataset": contract.folder,
        "business_date": day.isoformat(),
        "mode": contract.mode,
        "format": "csv",
        "encoding": "utf-8",
        "files": [
            {"name": name, "rows": rows, "sha256": hashlib.sha256(raw).hexdigest()}
            for name, (raw, rows) in files.items()
        ],
        "produced_at": f"{day.isoformat()}T22:41:03+08:00",
        **changes,
    }


def hand_over(
    inbox: Path,
    contract: Contract,
    day: date,
    files: Mapping[str, tuple[bytes, int]],
    **changes: object,
) -> Path:
    """Lay a delivery into the inbox, manifest last; its folder."""
    folder = inbox / contract.agency / contract.folder / day.isoformat()
    folder.mkdir(parents=True, exist_ok=True)
    for name, (raw, _) in files.items():
        (folder / name).write_bytes(raw)
    manifest = manifest_of(contract, day, files, **changes)
    (folder / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False), "utf-8")
    return folder


def hand_over_rows(
    inbox: Path,
    contract: Contract,
    day: date,
    rows: Sequence[Mapping[str, str]],
    **changes: object,
) -> Path:
    """Lay rows into the inbox as one CSV file."""
    raw = csv_bytes(contract.headers, rows, str(changes.get("encoding", "utf-8")))
    return hand_over(inbox, contract, day, {"part-000.csv": (raw, len(rows))}, **changes)
