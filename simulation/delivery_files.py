"""The bytes of a delivery's files: csv as RFC 4180 has it, one-sheet workbooks, Parquet."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import xlsxwriter

from simulation.noise_rows import UNDECODABLE

Format = Literal["csv", "xlsx", "parquet"]
MANIFEST: Final = "manifest.json"

_NEEDS_QUOTES: Final = '[,"\r\n]'
_BLOCK_ROWS: Final = 50_000
_WRONG_BYTE: Final = b"\xff"
_CREATED: Final = datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)


@dataclass(frozen=True, slots=True)
class CsvForm:
    """How one department's system writes csv: the declared encoding, BOM, line ends."""

    encoding: Literal["gb18030", "utf-8"] = "utf-8"
    has_bom: bool = False
    line_end: str = "\n"


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of one file: headers in the order delivered, their texts, and two csv faults."""

    columns: Mapping[str, pa.Array]
    extra_field: Sequence[int] = ()
    is_cut_off: bool = False

    @property
    def rows(self) -> int:
        """The number of records, the one that breaks off included."""
        return len(next(iter(self.columns.values())))


def csv_blocks(sheet: Sheet, form: CsvForm) -> Iterable[bytes]:
    """The file's bytes, a block of rows at a time."""
    head = ",".join(_quoted_text(header) for header in sheet.columns) + form.line_end
    if form.has_bom:
        yield b"\xef\xbb\xbf"
    yield head.encode(form.encoding)
    quoted = [_quoted(texts) for texts in sheet.columns.values()]
    extra = np.asarray(sheet.extra_field, dtype=np.int64)
    for start in range(0, sheet.rows, _BLOCK_ROWS):
        stop = min(start + _BLOCK_ROWS, sheet.rows)
        lines = _lines([texts.slice(start, stop - start) for texts in quoted], form.line_end)
        within = extra[(extra >= start) & (extra < stop)] - start
        lines = _with_extra_field(lines, within, form.line_end)
        block = _joined(lines)
        if sheet.is_cut_off and stop == sheet.rows:
            block = _cut_off(block, str(lines[len(lines) - 1]))
        yield _encoded(block, form.encoding)


def _quoted_text(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if any(c in text for c in ',"\r\n') else text


def _quoted(texts: pa.Array) -> pa.Array:
    needs = pc.match_substring_regex(texts, _NEEDS_QUOTES)
    if not pc.any(needs).as_py():
        return texts
    doubled = pc.replace_substring(texts.filter(needs), '"', '""')
    inside = pc.binary_join_element_wise('"', doubled, '"', "")
    return pc.replace_with_mask(texts, needs, inside)


def _lines(columns: list[pa.Array], line_end: str) -> pa.Array:
    fields = pc.binary_join_element_wise(*columns, ",")
    return pc.binary_join_element_wise(fields, line_end, "")


def _with_extra_field(lines: pa.Array, places: Any, line_end: str) -> pa.Array:
    if not len(places):
        return lines
    mask = np.zeros(len(lines), dtype=bool)
    mask[places] = True
    longer = [
        line.removesuffix(line_end) + ",0" + line_end for line in lines.filter(mask).to_pylist()
    ]
    return pc.replace_with_mask(lines, pa.array(mask), pa.array(longer, pa.string()))


def _joined(lines: pa.Array) -> str:
    """All lines as one text: an Arrow array holds them one behind the other already."""
    offsets = np.frombuffer(lines.buffers()[1], dtype=np.int32)
    first, last = offsets[lines.offset], offsets[lines.offset + len(lines)]
    return bytes(memoryview(lines.buffers()[2])[first:last]).decode("utf-8")


def _cut_off(block: str, last: str) -> str:
    """The block without the end of its last line: fewer fields than the header has."""
    commas = [place for place, letter in enumerate(last.split('"')[0]) if letter == ","]
    keep = commas[max(len(commas) // 2 - 1, 0)] + 1 if commas else 1
    return block[: len(block) - len(last) + keep]


def _encoded(block: str, encoding: str) -> bytes:
    content = block.encode(encoding)
    if UNDECODABLE in block:
        content = content.replace(UNDECODABLE.encode(encoding), _WRONG_BYTE)
    return content


def xlsx_bytes(sheet: Sheet) -> bytes:
    """A workbook whose first sheet holds the rows, every cell a text."""
    buffer = BytesIO()
    options = {
        "in_memory": True,
        "strings_to_numbers": False,
        "strings_to_formulas": False,
        "strings_to_urls": False,
    }
    book = xlsxwriter.Workbook(buffer, options)
    book.set_properties({"created": _CREATED})
    page = book.add_worksheet("Sheet1")
    for place, (header, texts) in enumerate(sheet.columns.items()):
        page.write_string(0, place, header)
        for row, text in enumerate(texts.to_pylist(), start=1):
            if text:
                page.write_string(row, place, text)
    book.close()
    return buffer.getvalue()


def parquet_bytes(columns: Mapping[str, pa.Array]) -> bytes:
    """A Parquet file of the columns; blank texts are nulls."""
    buffer = BytesIO()
    arrays = {
        header: pc.if_else(pc.equal(values, ""), pa.scalar(None, pa.string()), values)
        if pa.types.is_string(values.type)
        else values
        for header, values in columns.items()
    }
    pq.write_table(pa.table(arrays), buffer, compression="zstd")
    return buffer.getvalue()


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One file as the manifest names it."""

    name: str
    rows: int
    sha256: str


def write_file(path: Path, rows: int, blocks: Iterable[bytes]) -> FileEntry:
    """Write the blocks and say what the manifest must say of them."""
    digest = hashlib.sha256()
    with path.open("wb") as file:
        for block in blocks:
            digest.update(block)
            file.write(block)
    return FileEntry(path.name, rows, digest.hexdigest())


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a department says of one delivery."""

    agency: str
    dataset: str
    business_date: date
    mode: str
    format: Format
    encoding: str | None
    produced_at: datetime

    def write(self, folder: Path, files: Sequence[FileEntry]) -> None:
        """Write the manifest last and whole: aside first, then renamed into its place."""
        described: dict[str, Any] = {
            "agency": self.agency,
            "dataset": self.dataset,
            "business_date": self.business_date.isoformat(),
            "mode": self.mode,
            "format": self.format,
        }
        if self.encoding is not None:
            described["encoding"] = self.encoding
        described["files"] = [
            {"name": file.name, "rows": file.rows, "sha256": file.sha256} for file in files
        ]
        described["produced_at"] = self.produced_at.isoformat()
        aside = folder / (MANIFEST + ".partial")
        aside.write_text(json.dumps(described, ensure_ascii=False, indent=1), encoding="utf-8")
        aside.rename(folder / MANIFEST)
