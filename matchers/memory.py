"""What was compared before: a night compares only names that no night has met.

Whether two names agree depends on the two texts alone, so what a snapshot keeps of it serves the
next night as it is. Which numbers one slip may have turned into a damaged one is arithmetic that
takes less time than reading the answer back, so nothing is kept of it.
"""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

import pyarrow as pa

from domain import glyphs, latin, names, readings
from store.engines.engine import Engine
from store.manifest import hash_files

_MOST: Final = 3_000_000
_PAIR: Final = pa.schema(
    [("name", pa.string()), ("other", pa.string()), ("agreement", pa.string())]
)


@dataclass(slots=True)
class Memory:
    """Agreements of names by pair; it grows while linking."""

    names: dict[tuple[str, str], str | None] = field(default_factory=dict)


def recall(engine: Engine | None) -> Memory:
    """What the snapshot in ``engine`` remembers; nothing where other code compared, or too much."""
    if engine is None or not engine.has_table("linked.memory_version"):
        return Memory()
    if engine.rows("select version from linked.memory_version") != [(version(),)]:
        return Memory()
    if engine.rows("select count(*) from linked.name_memory")[0][0] > _MOST:
        return Memory()  # names that nobody bears any more are forgotten
    pairs = engine.arrow("select name, other, agreement from linked.name_memory")
    known = zip(*(column.to_pylist() for column in pairs.columns), strict=True)
    return Memory({(name, other): agreement for name, other, agreement in known})


def remember(engine: Engine, memory: Memory) -> None:
    """Keep in ``linked`` what was compared, for the next night."""
    rows = [(name, other, code) for (name, other), code in sorted(memory.names.items())]
    columns = list(zip(*rows, strict=True)) if rows else [(), (), ()]
    arrays = [pa.array(column, pa.string()) for column in columns]
    engine.load_table("linked.name_memory", pa.Table.from_arrays(arrays, schema=_PAIR))
    engine.load_table("linked.memory_version", pa.table({"version": [version()]}))


@cache
def version() -> str:
    """Changes with the code that compares names."""
    files = [Path(str(module.__file__)) for module in (glyphs, latin, names, readings)]
    return hash_files(files, Path(__file__).parent.parent)
