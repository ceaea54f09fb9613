"""The inbox as five agencies fill it: one folder a delivery, the manifest last."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from simulation.delivery_files import (
    MANIFEST,
    CsvForm,
    FileEntry,
    Format,
    Manifest,
    Sheet,
    csv_blocks,
    parquet_bytes,
    write_file,
    xlsx_bytes,
)
from simulation.delivery_plan import Planned
from simulation.draws import salt
from simulation.links_truth import file_truth, write_delivery_truth
from simulation.noise import Craft, NoiseRates, dirty_rows
from simulation.noise_rows import FileFacts, FileRows, spoil_rows
from simulation.noise_values import Style, ValueRates, style_of
from sources.contract import Contract

PART_ROWS: Final = 250_000
_BEIJING: Final = timezone(timedelta(hours=8))
_FEW_ROWS: Final = 50
_EXTRA_HEADERS: Final = ("备注", "更新时间", "XH", "SJGSDWMC")
_TYPED: Final[Mapping[str, pa.DataType]] = {
    "date": pa.date32(),
    "yuan": pa.decimal128(14, 2),
    "decimal": pa.float64(),
    "int": pa.int32(),
}
_PLAIN_STYLE: Final = Style()
_UNMIXED: Final = ValueRates(0.0, 0.0, 0.0, 0.0)

_FORMATS: Final[Mapping[str, Format]] = {
    "civil_affairs.applications": "xlsx",
    "housing.presales": "parquet",
}
_AGENCY_CSV: Final[Mapping[str, CsvForm]] = {
    "civil_affairs": CsvForm("gb18030", line_end="\r\n"),
    "public_security": CsvForm("gb18030", line_end="\r\n"),
    "human_resources": CsvForm("gb18030"),
    "housing": CsvForm("utf-8", line_end="\r\n"),
    "medical_insurance": CsvForm("utf-8"),
}
_DATASET_CSV: Final[Mapping[str, CsvForm]] = {
    "medical_insurance.enrolment": CsvForm("utf-8", has_bom=True),
    "civil_affairs.temporary_assistance": CsvForm("utf-8", has_bom=True, line_end="\r\n"),
}


@dataclass(frozen=True, slots=True)
class DeliveryForm:
    """How one delivery is written: file format, csv form, style of values, typed columns."""

    format: Format
    csv: CsvForm
    style: Style
    typed: frozenset[str]
    extra_header: str | None

    @property
    def encoding(self) -> str | None:
        """The encoding the manifest declares; none for binary formats."""
        return self.csv.encoding if self.format == "csv" else None


def form_of(planned: Planned, rates: NoiseRates, seed: int) -> DeliveryForm:
    """The form of one delivery: the dataset's, but Parquet is typed only now and then.

    Short deliveries always carry a column with their date, as no two may have the same bytes.
    """
    contract, day = planned.contract, planned.business_date
    dataset, turn = contract.dataset, int(salt(seed, contract.dataset, day, "extra"))
    has_extra = turn % 1000 < 1000 * rates.rows.extra_column or len(planned) < _FEW_ROWS
    kind = _FORMATS.get(dataset, "csv")
    is_typed = kind == "parquet" and int(salt(seed, dataset, day, "typed")) % 2 == 0
    typed = {c.header for c in contract.columns if c.kind in _TYPED} if is_typed else set()
    return DeliveryForm(
        format=kind,
        csv=_DATASET_CSV.get(dataset, _AGENCY_CSV.get(contract.agency, CsvForm())),
        style=_PLAIN_STYLE if is_typed else style_of(contract.number, seed),
        typed=frozenset(typed),
        extra_header=_EXTRA_HEADERS[turn // 1024 % len(_EXTRA_HEADERS)] if has_extra else None,
    )


@dataclass(frozen=True, slots=True)
class Written:
    """One delivery written: how many files and records it has."""

    dataset: str
    business_date: date
    files: int
    rows: int


def delivery_folder(inbox: Path, contract: Contract, day: date) -> Path:
    """Where the delivery lies."""
    return inbox / contract.agency / contract.folder / day.isoformat()


def write_delivery(
    inbox: Path, truth: Path, planned: Planned, rates: NoiseRates, craft: Craft
) -> Written:
    """Write one delivery and the truth about its rows; the manifest comes last.

    A folder left without a manifest by a killed run is written afresh.
    """
    contract, day = planned.contract, planned.business_date
    folder = delivery_folder(inbox, contract, day)
    folder.mkdir(parents=True, exist_ok=True)
    for left_over in folder.iterdir():
        left_over.unlink()
    form = form_of(planned, rates, craft.seed)
    files: list[FileEntry] = []
    truths: list[pa.Table] = []
    for start, rows in _parts(planned, form, rates, craft):
        name = f"part-{start // PART_ROWS:03d}.{form.format}"
        columns = _arranged(planned, rows, form, craft.seed)
        files.append(_write_part(folder / name, columns, rows, form))
        places = start + rows.order
        truths.append(
            file_truth(contract, name, rows, planned.facts[places], planned.is_resent[places])
        )
    write_delivery_truth(truth, contract, day, truths)
    manifest = Manifest(
        contract.agency, contract.folder, day, contract.mode, form.format, form.encoding,
        _produced_at(contract, day, craft.seed),
    )  # fmt: skip
    manifest.write(folder, files)
    return Written(contract.dataset, day, len(files), sum(file.rows for file in files))


def is_delivered(inbox: Path, contract: Contract, day: date) -> bool:
    """Whether the delivery is there and whole."""
    return (delivery_folder(inbox, contract, day) / MANIFEST).exists()


def _parts(
    planned: Planned, form: DeliveryForm, rates: NoiseRates, craft: Craft
) -> Iterator[tuple[int, FileRows]]:
    """Each part: the place of its first row, and its rows as written."""
    contract = planned.contract
    written = frozenset(contract.headers) - form.typed
    rates = replace(rates, values=_UNMIXED) if form.typed else rates
    for start in range(0, max(len(planned), 1), PART_ROWS):
        table = planned.rows(start, PART_ROWS)
        rows = dirty_rows(contract, table, rates, craft, form.style)
        part = FileFacts(f"{planned.business_date}/{start}", form.format == "csv", written)
        is_protected = planned.is_protected[start : start + PART_ROWS]
        yield start, spoil_rows(contract, rows, is_protected, rates.rows, part)


def _write_part(
    path: Path, columns: Mapping[str, pa.Array], rows: FileRows, form: DeliveryForm
) -> FileEntry:
    sheet = Sheet(columns, rows.extra_field.tolist(), is_cut_off=rows.is_cut_off)
    if form.format == "csv":
        return write_file(path, sheet.rows, csv_blocks(sheet, form.csv))
    if form.format == "xlsx":
        return write_file(path, sheet.rows, [xlsx_bytes(sheet)])
    return write_file(path, sheet.rows, [parquet_bytes(columns)])


def _arranged(
    planned: Planned, rows: FileRows, form: DeliveryForm, seed: int
) -> dict[str, pa.Array]:
    """The columns in this delivery's own order, typed where it is, now and then one more."""
    contract, day = planned.contract, planned.business_date
    columns = dict(rows.rows.columns)
    for header in form.typed:
        kind = _TYPED[contract.by_header(header).kind]
        texts = columns[header]
        blank = pa.scalar(None, pa.string())
        columns[header] = pc.if_else(pc.equal(texts, ""), blank, texts).cast(kind)
    if form.extra_header is not None:
        columns[form.extra_header] = pa.array([f"{day} 22:00:00"] * len(rows), pa.string())
    order = sorted(columns, key=lambda header: int(salt(seed, contract.dataset, day, header)))
    return {header: columns[header] for header in order}


def _produced_at(contract: Contract, day: date, seed: int) -> datetime:
    """An instant on the evening of the business date."""
    turn = int(salt(seed, contract.dataset, day, "produced"))
    return datetime(day.year, day.month, day.day, 22, turn % 60, turn // 64 % 60, tzinfo=_BEIJING)
