"""Open records beside those they may speak of: found by blocks, compared, weighed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from matchers.memory import Memory
from matchers.repairs import repairs
from matchers.statements import make, statement
from store.engines.engine import Choices, Engine

Values = Mapping[str, object]

WEIGHED: Final = ("weighed", "weighed_record")
"""The tables that ``linked.weighed_pair`` is a view of; their queries bear their names."""

_NAME_LEVEL: Final = "name_level"
_BLOCKS: Final = {
    "block": (
        "address", "birth", "case", "latin_birth", "latin_township", "name", "name_birth",
        "name_township", "paper", "standing", "unit",
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Linking:
    """What every step goes by."""

    as_of: date
    values: Values
    choices: Choices
    levels: Choices
    memory: Memory


def gather(engine: Engine, told: str, at: Linking) -> int:
    """The open records of query ``told`` and what they say, each once; the number of records."""
    make(engine, "work.told", told, choices=at.choices)
    make(engine, "work.saying")
    return make(engine, "work.open_record")


def nothing_presumed(engine: Engine) -> None:
    """People of cases are weighed without: a standing that a record presumes, outsiders' papers."""
    for name in (
        "crowded_paper", "outside_paper", "presumed", "standing", "standing_block", "standing_fit",
        "standing_share", "pension_age",
    ):  # fmt: skip
        make(engine, f"work.{name}", f"no_{name}")


def score(engine: Engine, at: Linking, *, given: Collection[str] = ()) -> None:
    """Candidates of the open records by blocks, compared, weighed and held against each other.

    ``given``: of ``learned`` and ``unit_size`` those that are there already.
    """
    repair(engine, "work.saying", at)
    look_up(engine)
    count(engine)
    if "unit_size" not in given:
        make(engine, "work.unit_size")
    reach(engine, at)
    level(engine, at)
    weigh_at_once(engine)
    make(engine, "work.standing_weight", values=at.values)
    make(engine, "work.slot_share")
    profile(engine, at, given=given)
    make(engine, "work.scored_pair")
    make(engine, "work.mere_likeness")
    make(engine, "work.posterior", values=at.values)


def look_up(engine: Engine) -> None:
    """The names and addresses that the open records speak of, and whose they are."""
    make(engine, "work.person_own_name")
    make(engine, "work.person_name")
    make(engine, "work.lived_at")


def count(engine: Engine) -> None:
    """How often the names are met that the open records speak of."""
    make(engine, "work.surname_count")
    make(engine, "work.name_frequency")


def reach(engine: Engine, at: Linking) -> None:
    """Who the open records may speak of: whom they share a block or a repaired number with."""
    make(engine, "work.paper_household")
    make(engine, "work.named_household", values=at.values)
    make(engine, "work.ruled_out")
    make(engine, "work.repaired_person")
    make(engine, "work.block_wanted", choices=_BLOCKS)
    make(engine, "work.block", values=at.values, choices=_BLOCKS)
    make(engine, "work.candidate", values=at.values)


def level(engine: Engine, at: Linking) -> None:
    """How each record compares with those it may speak of."""
    levels = {name: of for name, of in at.levels.items() if name != _NAME_LEVEL}
    make(engine, "work.compared_pair", values=at.values, choices=levels)
    make(engine, "work.compared_name")
    is_any = engine.rows("select 1 from work.compared_name where likeness is not null limit 1")
    make(engine, "work.like_name", "like_name" if is_any else "no_like_name")
    make(engine, "work.pair", choices={_NAME_LEVEL: at.levels[_NAME_LEVEL]})


def weigh_at_once(engine: Engine) -> None:
    """Which records are weighed at once, and who has already what one has but once."""
    make(engine, "work.slot_held")
    make(engine, "work.weighing")
    make(engine, "work.slot_level")


def make_weighed(engine: Engine) -> None:
    """What was weighed, to be read record by record (``linked.weighed_pair``)."""
    for table in WEIGHED:
        make(engine, f"linked.{table}")
    engine.create_view("linked.weighed_pair", statement("weighed_pair"))


def profile(engine: Engine, at: Linking, *, given: Collection[str] = ()) -> None:
    """What the combinations of levels weigh, by the model and by what this run's pairs teach."""
    make(engine, "work.profile")
    if "learned" not in given:
        make(engine, "work.learned", values=at.values)
    make(engine, "work.profile_weight")


def repair(engine: Engine, table: str, at: Linking, into: str = "work.repair") -> None:
    """Make ``into``: the valid numbers that the damaged ones of ``table`` may stand for."""
    texts = engine.arrow(
        f"select distinct id_text from {table} where id_text is not null order by id_text"  # noqa: S608
    )
    engine.load_table(into, repairs(texts.column(0).to_pylist(), at.as_of))
