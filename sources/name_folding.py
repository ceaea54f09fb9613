"""Folded names of a delivery: each distinct name once, over all deliveries of a run."""

from collections.abc import Iterable, Iterator
from typing import Final

import pyarrow as pa

from domain.glyphs import WILDCARD
from domain.names import fold_names
from sources.contract import Column
from sources.raw_rows import text_table
from store.engines.engine import Engine

_BATCH: Final = 1 << 16
_SCHEMA: Final = pa.schema({"raw": pa.string(), "folded": pa.string(), "is_unreadable": pa.bool_()})


def fold_new_names(engine: Engine, columns: Iterable[Column]) -> None:
    """Fold the delivered texts of ``columns`` that no delivery of this run had.

    Afterwards ``work.folded_name`` (raw, folded, is_unreadable) has every name met so far whose
    folded form is another or has unreadable characters; a name it lacks is its own folded form.
    """
    if not engine.has_table("work.folded_name"):
        engine.load_table("work.folded_name", _SCHEMA.empty_table())
        engine.create_table("work.met_name", "select cast('' as varchar) as raw where false")
    each = " union ".join(
        f"select raw from {text_table(column)} where raw <> ''"  # noqa: S608
        for column in columns
    )
    if not each:
        return
    new = f"select distinct raw from ({each}) as given anti join work.met_name using (raw)"  # noqa: S608
    engine.create_table("work.new_name", new)
    engine.run("insert into work.met_name select raw from work.new_name")
    names = engine.arrow("select raw from work.new_name")
    engine.load_table("work.new_fold", pa.Table.from_batches(_folded(names), _SCHEMA))
    engine.run("insert into work.folded_name select * from work.new_fold")
    for table in ("new_name", "new_fold"):
        engine.run(f"drop table work.{table}")


def forget_names(engine: Engine) -> None:
    """Drop what :func:`fold_new_names` keeps from delivery to delivery, if anything."""
    for table in ("met_name", "folded_name"):
        engine.run(f"drop table if exists work.{table}")


def _folded(names: pa.Table) -> Iterator[pa.RecordBatch]:
    """The names that folding changes, or that have unreadable characters."""
    for batch in names.to_batches(max_chunksize=_BATCH):
        raw = batch.column(0).to_pylist()
        changed = [
            (name, folded, folded is not None and WILDCARD in folded)
            for name, folded in zip(raw, fold_names(raw), strict=True)
            if name != folded or WILDCARD in name
        ]
        columns = list(zip(*changed, strict=True)) or [(), (), ()]
        arrays = [pa.array(c, f.type) for c, f in zip(columns, _SCHEMA, strict=True)]
        yield pa.RecordBatch.from_arrays(arrays, schema=_SCHEMA)
