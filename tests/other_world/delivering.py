"""The books as deliveries: columns in any order, in any format, some in two parts."""

import csv
import hashlib
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from sources.contract import Contract, load_dictionary
from tests.other_world.books import Books, Row
from tests.other_world.people import AS_OF, Person

_DAYS_OLD = {"daily": 0, "weekly": 4, "monthly": 19}
_STRANGE = "备注"
Spoken = dict[tuple[str, date, int, str], Person]


@dataclass(frozen=True)
class _Sheet:
    """A file to be written: header and rows of text."""

    header: list[str]
    rows: list[list[str]]


def deliver(books: Books, inbox: Path) -> Spoken:
    """Write every dataset; whom (dataset, business date, row number, role) speaks of."""
    random = books.district.random
    spoken: Spoken = {}
    for contract in load_dictionary():
        if contract.dataset == "public_security.population" and not books.district.mix.has_register:
            continue
        rows = books.rows[contract.dataset]
        random.shuffle(rows)
        columns = [column.header for column in contract.columns]
        random.shuffle(columns)
        if random.random() < 0.5:
            columns.insert(random.randrange(len(columns)), _STRANGE)
        form = random.choice(("gb18030", "utf-8", "utf-8-sig", "xlsx", "parquet"))
        for day, part in _parts(random, contract, rows):
            for place, row in enumerate(part, start=1):
                for role, person in row.people.items():
                    spoken[contract.dataset, day, place, role] = person
            sent_twice = part[:2] if random.random() < 0.3 else []
            values = [[row.values.get(one, "") for one in columns] for row in (*part, *sent_twice)]
            _write(inbox, contract, day, form, _Sheet(columns, values))
    return spoken


def _parts(random: Random, contract: Contract, rows: list[Row]) -> list[tuple[date, Sequence[Row]]]:
    """The rows by business date; incremental ones mostly in two halves."""
    day = AS_OF - timedelta(days=_DAYS_OLD[contract.cadence])
    if contract.mode == "full" or len(rows) < 10 or random.random() < 0.4:
        return [(day, rows)]
    half = len(rows) // 2
    return [(day - timedelta(days=1), rows[:half]), (day, rows[half:])]


def _write(inbox: Path, contract: Contract, day: date, form: str, sheet: _Sheet) -> None:
    folder = inbox / contract.agency / contract.folder / day.isoformat()
    folder.mkdir(parents=True)
    kind = form if form in ("xlsx", "parquet") else "csv"
    file = folder / f"part-000.{kind}"
    if kind == "xlsx":
        _write_xlsx(file, sheet)
    elif kind == "parquet":
        columns = [list(column) for column in zip(*sheet.rows, strict=True)]
        arrays = [pa.array(one, pa.string()) for one in columns or [[] for _ in sheet.header]]
        pq.write_table(pa.table(arrays, names=sheet.header), file)
    else:
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n" if form == "utf-8" else "\r\n")
        writer.writerows([sheet.header, *sheet.rows])
        file.write_bytes(text.getvalue().encode(form))
    manifest = {
        "agency": contract.agency, "dataset": contract.folder, "business_date": day.isoformat(),
        "mode": contract.mode, "format": kind,
        "encoding": "gb18030" if form == "gb18030" else "utf-8",
        "files": [
            {
                "name": file.name, "rows": len(sheet.rows),
                "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
            }
        ],
        "produced_at": f"{day}T22:41:03+08:00",
    }  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def _write_xlsx(file: Path, sheet: _Sheet) -> None:
    with xlsxwriter.Workbook(str(file), {"constant_memory": True}) as book:
        page = book.add_worksheet()
        for row_no, row in enumerate([sheet.header, *sheet.rows]):
            for column, text in enumerate(row):
                page.write_string(row_no, column, text)
