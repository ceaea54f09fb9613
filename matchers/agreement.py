"""What SQL asks of names: how two agree (compared once a pair), and how one is looked up."""

from typing import Final

import pyarrow as pa

from domain.names import NameAgreement, names_agree
from matchers.statements import statement
from store.engines.engine import Engine, VectorisedFunction

AGREE: Final = "names_agree_code"
ALIKE: Final = "names_alike_code"

_LIKENESS: Final = frozenset(str(kind) for kind in NameAgreement if kind.is_likeness)


def register_names(engine: Engine, known: dict[tuple[str, str], str | None]) -> None:
    """Make ``names_agree_code(a, b)`` known to SQL: how two folded names agree, else null.

    ``names_alike_code(a, b)`` says besides how names that do not agree are alike
    (:attr:`domain.names.NameAgreement.is_likeness`); only probable links may rest on it. ``known``
    are pairs compared before; those compared now are added to it. Besides ``work.name_key(name)``
    and ``work.is_latin(name)`` (``sql/functions``).
    """
    engine.register_function(AGREE, _over(known, frozenset()), ["VARCHAR", "VARCHAR"], "VARCHAR")
    engine.register_function(ALIKE, _over(known, _LIKENESS), ["VARCHAR", "VARCHAR"], "VARCHAR")
    for name in ("name_key", "is_latin"):
        engine.create_function(f"work.{name}", ["name"], statement(f"functions/{name}"))


def _over(known: dict[tuple[str, str], str | None], besides: frozenset[str]) -> VectorisedFunction:
    def codes(left: pa.Array, right: pa.Array) -> pa.Array:
        found = [
            _code(known, a, b) for a, b in zip(left.to_pylist(), right.to_pylist(), strict=True)
        ]
        told = [code if code not in _LIKENESS or code in besides else None for code in found]
        return pa.array(told, pa.string())

    return codes


def _code(known: dict[tuple[str, str], str | None], a: str | None, b: str | None) -> str | None:
    if not a or not b:
        return None
    if a == b and "?" not in a:
        return "same"
    pair = (a, b)
    if pair not in known:
        kind = names_agree(a, b)
        known[pair] = str(kind) if kind.agrees or kind.is_likeness else None
    return known[pair]
