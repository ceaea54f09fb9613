"""A register, and records that say name, birth date, township and address, but no number."""

from datetime import date
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa

from domain.names import fold_name
from matchers.link import link
from sources.assembly import assemble
from sources.contract import load_dictionary
from store.engines.duckdb import DuckDBEngine

AS_OF: Final = date(2026, 11, 20)
_TEXTS: Final = ("dataset", "role", "id_no", "id_text", "id_status", "name", "name_raw")
_MORE_TEXTS: Final = ("former_name", "sex", "township_code", "address")


def link_plain(
    engine: DuckDBEngine, register: pd.DataFrame, records: pd.DataFrame, dataset: str
) -> None:
    """Link ``records`` to ``register``; schema ``work`` stays.

    Both have name, birth_date, township_code and address. The persons are numbered from 1 in the
    order of their rows, the records from there on (record_id).
    """
    assemble(engine, load_dictionary(), [], [])
    known = _shared(register, first=1)
    known = known.assign(
        business_date=AS_OF,
        file_name="rows.csv",
        row_no=known["record_id"],
        register_no=[f"F{at:07d}" for at in known["record_id"]],
        id_no_status="absent",
        household_no=None,
        person_status="0",
    )
    engine.load_table("given.register", pa.Table.from_pandas(known, preserve_index=False))
    engine.run("insert into clean.population by name select * from given.register")
    engine.run("drop view clean.mention")
    engine.load_table("clean.mention", _mentions(records, len(register) + 1, dataset))
    link(engine, as_of=AS_OF, keep_work=True)


def _mentions(frame: pd.DataFrame, first: int, dataset: str) -> pa.Table:
    shared = _shared(frame, first)
    mentions = shared.assign(
        dataset=dataset,
        role="person",
        is_set_aside=False,
        id_status="absent",
        **dict.fromkeys(("id_no", "id_text", "former_name", "sex")),
    )
    schema = pa.schema(
        [("record_id", pa.int64()), ("birth_date", pa.date32()), ("is_set_aside", pa.bool_())]
        + [(name, pa.string()) for name in _TEXTS + _MORE_TEXTS]
    )
    return pa.Table.from_pandas(mentions[schema.names], schema=schema, preserve_index=False)


def _shared(frame: pd.DataFrame, first: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "record_id": np.arange(first, first + len(frame)),
            "name": [fold_name(name) or None for name in frame["name"]],
            "name_raw": frame["name"].to_numpy(),
            "birth_date": frame["birth_date"].to_numpy(),
            "township_code": frame["township_code"].to_numpy(),
            "address": frame["address"].to_numpy(),
        }
    )
