"""Name agreement as a function of columns: each distinct pair is compared once."""

from typing import Final

import pyarrow as pa

from domain.names import names_agree
from store.engines.engine import Engine

FUNCTION: Final = "names_agree_code"


def register_agreement(engine: Engine, known: dict[tuple[str, str], str | None]) -> None:
    """Make ``names_agree_code(a, b)`` known to SQL: how two folded names agree, else null.

    ``known`` are pairs compared before; those compared now are added to it.
    """

    def agree(left: pa.Array, right: pa.Array) -> pa.Array:
        codes = [
            _code(known, a, b) for a, b in zip(left.to_pylist(), right.to_pylist(), strict=True)
        ]
        return pa.array(codes, pa.string())

    engine.register_function(FUNCTION, agree, ["VARCHAR", "VARCHAR"], "VARCHAR")


def _code(known: dict[tuple[str, str], str | None], a: str | None, b: str | None) -> str | None:
    if not a or not b:
        return None
    if a == b and "?" not in a:
        return "same"
    pair = (a, b)
    if pair not in known:
        kind = names_agree(a, b)
        known[pair] = str(kind) if kind.agrees else None
    return known[pair]
