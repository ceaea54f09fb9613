"""Which rows of a delivery were set aside or remarked, with the values its sender gave."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import pyarrow as pa

from domain.errors import HeduiError
from sources.contract import Contract
from sources.delivery import DeliveredFile, read_manifest
from sources.raw_rows import show_texts
from sources.readers import read_delivery, withdraw
from sources.verdict import ROWS_FILE, SET_ASIDE_FILE, DeliveryRefused, JudgedDelivery
from store.deliveries import MANIFEST_COPY, DeliveryStore
from store.engines.engine import Engine
from store.engines.parquet_files import exactly

_FOLDER: Final = Path(__file__).parent / "sql"
_REMARKED: Final = pa.schema([("record_id", pa.int64()), ("remarks", pa.list_(pa.string()))])


def told_rows(
    engine: Engine, contract: Contract, delivery: JudgedDelivery, store: DeliveryStore
) -> pa.Table | None:
    """Rows set aside or remarked, in their order; None where the delivery could not be read at all.

    ``act`` (set_aside, remark), ``file_name``, ``row_no``, ``codes`` (a reason, or remarks such as
    ``id_no:check_digit``), ``header`` (of a reason), then the dictionary's headers with the text
    delivered (null in a row that could not be parsed). Of a refused delivery only rows set aside
    are known. Values are read from the bytes received, in full: to be masked before they are shown.
    Raises HeduiError ``delivery_bytes_gone``.
    """
    aside = delivery.folder / SET_ASIDE_FILE
    described, _ = read_manifest(
        (delivery.folder / MANIFEST_COPY).read_bytes(), contract, delivery.business_date
    )
    if described is None or not aside.is_file():
        return None
    try:
        reading = read_delivery(engine, described, contract, _bytes_of(delivery, store))
        show_texts(engine, contract, reading.raw)
        _put_remarked(engine, delivery.folder / ROWS_FILE)
        placed = {"aside": exactly(aside), "file_names": list(described.file_names)}
        return engine.arrow(_query("told_row"), placed)
    except DeliveryRefused:
        return None
    finally:
        withdraw(engine)


def _put_remarked(engine: Engine, rows: Path) -> None:
    """``raw.remarked_row``; empty where the delivery was refused and has no file of rows."""
    if rows.is_file():
        engine.create_table("raw.remarked_row", _query("remarked_row"), {"rows": exactly(rows)})
    else:
        engine.load_table("raw.remarked_row", _REMARKED.empty_table())


def _query(name: str) -> str:
    return (_FOLDER / f"{name}.sql").read_text(encoding="utf-8")


def _bytes_of(delivery: JudgedDelivery, store: DeliveryStore) -> Callable[[DeliveredFile], Path]:
    """Where the bytes of a delivered file lie."""

    def path_of(file: DeliveredFile) -> Path:
        path = store.blob(file.sha256)
        if not path.is_file():
            raise HeduiError("delivery_bytes_gone", delivery=delivery.delivery_id, file=file.name)
        return path

    return path_of
