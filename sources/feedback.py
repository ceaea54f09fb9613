"""Which rows of a delivery were set aside or remarked, with the values its sender gave."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import pyarrow as pa

from domain.errors import HeduiError
from sources.contract import Contract
from sources.conversions import identifier
from sources.delivery import DeliveredFile, read_manifest
from sources.raw_rows import show_texts
from sources.readers import read_delivery, withdraw
from sources.verdict import ROWS_FILE, SET_ASIDE_FILE, DeliveryRefused, JudgedDelivery
from store.deliveries import MANIFEST_COPY, DeliveryStore
from store.engines.engine import Engine
from store.engines.parquet_files import parquet_rows

_REMARKED: Final = "select record_id, remarks from {file} where len(remarks) > 0"
_NOTHING: Final = (
    "select cast(0 as bigint) as record_id, cast([] as varchar[]) as remarks where false"
)
_ROWS: Final = """
with aside as (
    select record_id, file_name, row_no, reason, header from {aside}
),
remarked as ({remarked}),
told as (
    select record_id, 'set_aside' as act, [reason] as codes, header from aside
    union all
    select record_id, 'remark' as act, remarks as codes, null as header from remarked
),
placed as (
    select *, cast((record_id >> 31) & 1023 as integer) as file_no,
        cast(record_id & 2147483647 as integer) as row_no
    from told
)
select act, $file_names[file_no + 1] as file_name, row_no, codes, header, {headers}
from placed left join raw.rows using (file_no, row_no)
order by file_no, row_no
"""


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
    rows = delivery.folder / ROWS_FILE
    query = _ROWS.format(
        aside=parquet_rows([aside]),
        remarked=_REMARKED.format(file=parquet_rows([rows])) if rows.is_file() else _NOTHING,
        headers=", ".join(identifier(header) for header in contract.headers),
    )
    try:
        reading = read_delivery(engine, described, contract, _bytes_of(delivery, store))
        show_texts(engine, contract, reading.raw)
        return engine.arrow(query, {"file_names": list(described.file_names)})
    except DeliveryRefused:
        return None
    finally:
        withdraw(engine)


def _bytes_of(delivery: JudgedDelivery, store: DeliveryStore) -> Callable[[DeliveredFile], Path]:
    """Where the bytes of a delivered file lie."""

    def path_of(file: DeliveredFile) -> Path:
        path = store.blob(file.sha256)
        if not path.is_file():
            raise HeduiError("delivery_bytes_gone", delivery=delivery.delivery_id, file=file.name)
        return path

    return path_of
