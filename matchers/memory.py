"""What was compared before: a night compares only names and numbers that no night has met.

Whether two names agree, and which numbers one slip may have turned into a damaged one, depend on
the two texts alone, so what a snapshot keeps of them serves the next night as it is.
"""

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from domain import dates, glyphs, identity, names, readings
from matchers import repairs as repairs_module
from matchers.repairs import SCHEMA, repairs
from store.engines.engine import Engine
from store.manifest import hash_files

_MOST: Final = 3_000_000
_PAIR: Final = pa.schema(
    [("name", pa.string()), ("other", pa.string()), ("agreement", pa.string())]
)


@dataclass(slots=True)
class Memory:
    """Agreements of names by pair, repairs of damaged numbers by text; both grow while linking."""

    names: dict[tuple[str, str], str | None] = field(default_factory=dict)
    repaired: pa.Table = field(default_factory=SCHEMA.empty_table)
    met: set[str] = field(default_factory=set)

    def repairs_of(self, texts: list[str], latest_birth: date) -> pa.Table:
        """The repairs of these texts to numbers of people born by then.

        Only texts never met before are worked out, for every birth date there can be, so that it
        does not matter on which night they were met.
        """
        new = [text for text in texts if text not in self.met]
        if new:
            self.repaired = pa.concat_tables([self.repaired, repairs(new, dates.LATEST)])
            self.met.update(new)
        wanted = pa.array(texts, pa.string())
        found = self.repaired.filter(pc.is_in(self.repaired["id_text"], value_set=wanted))
        born = pc.utf8_slice_codeunits(found["id_no"], 6, 14)
        return found.filter(pc.less_equal(born, latest_birth.strftime("%Y%m%d")))


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
    return Memory(
        names={(name, other): agreement for name, other, agreement in known},
        repaired=engine.arrow("select id_text, id_no, pattern from linked.repair_memory").cast(
            SCHEMA
        ),
        met={row[0] for row in engine.rows("select id_text from linked.repair_met")},
    )


def remember(engine: Engine, memory: Memory) -> None:
    """Keep in ``linked`` what was compared, for the next night."""
    rows = [(name, other, code) for (name, other), code in sorted(memory.names.items())]
    columns = list(zip(*rows, strict=True)) if rows else [(), (), ()]
    arrays = [pa.array(column, pa.string()) for column in columns]
    engine.load_table("linked.name_memory", pa.Table.from_arrays(arrays, schema=_PAIR))
    engine.load_table("linked.repair_memory", memory.repaired)
    met = pa.table({"id_text": pa.array(sorted(memory.met), pa.string())})
    engine.load_table("linked.repair_met", met)
    engine.load_table("linked.memory_version", pa.table({"version": [version()]}))


@cache
def version() -> str:
    """Changes with the code that compares names and repairs numbers."""
    files = [
        Path(str(module.__file__)) for module in (glyphs, identity, names, readings, repairs_module)
    ]
    return hash_files(files, Path(__file__).parent.parent)
