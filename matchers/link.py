"""Every record tied to the person it speaks of: the steps of linking in their order."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Final

import pyarrow as pa

from matchers.agreement import register_names
from matchers.decisions import DECISION
from matchers.memory import Memory, remember
from matchers.model import Model, load_model
from matchers.scoring import (
    WEIGHED,
    Linking,
    count,
    gather,
    level,
    look_up,
    make_weighed,
    nothing_presumed,
    profile,
    reach,
    repair,
    score,
    weigh_at_once,
)
from matchers.statements import add, make, side_by_side, statement
from store.engines.engine import Choices, Engine

Progress = Callable[[str, int, int], None]

_SCRATCH: Final = "work"
_OPEN: Final = {"told": "told_record", "repair": "told_repair"}
"""What is made of open records while people of cases stand under the usual name."""
_GRADES: Final = ("certain", "probable")
_ALWAYS: Final = (
    ("civil_affairs.applications", "member"),
    ("civil_affairs.members", "member"),
    ("public_security.population", "resident"),
)
"""Datasets and roles that links are made of even where no row has them."""


def link(
    engine: Engine,
    *,
    as_of: date,
    model: Model | None = None,
    decisions: pa.Table | None = None,
    memory: Memory | None = None,
    progress: Progress | None = None,
    keep_work: bool = False,
) -> None:
    """Make schema ``linked`` (docs/reference/tables.md) from schema ``clean``.

    A record is tied to a person *certainly* where both numbers are valid and equal and the names
    agree, *probably* where it has no usable number and the rest leaves hardly a doubt. Valid,
    different numbers never link; of equal fits nobody is chosen. ``decisions`` (columns
    :data:`matchers.decisions.DECISION`) are what people said of pairs before: they outrank the
    model while both records say what they said then. ``memory`` is what earlier nights compared;
    the links are the same without it. With ``keep_work`` the tables made on the way (schema
    ``work``) stay: what weights are learned from.
    """
    model = model or load_model()
    values = model.values(as_of)
    said = progress or _silent
    memory = memory or Memory()
    engine.keep_aside(_SCRATCH)
    register_names(engine, memory.names)
    model.load_into(engine)
    engine.load_table("work.decision", DECISION.empty_table() if decisions is None else decisions)
    steps = (_register, _subjects, _certain, _probable, _tables)
    at = Linking(as_of, values, _choices(engine), model.choices(), memory)
    for done, step in enumerate(steps):
        said(step.__name__.strip("_"), done, len(steps))
        step(engine, at)
    if not keep_work:
        engine.drop_working(_SCRATCH)
    said("", len(steps), len(steps))


def _register(engine: Engine, at: Linking) -> None:
    """Who has which number in the register, and of whom there is to know at all."""
    make(engine, "work.shared_number")
    make(engine, "work.shared_register_row")
    side_by_side(
        engine,
        lambda own: make(own, "linked.plain_link", choices=at.choices),
        partial(_own_side, at=at),
    )


def _own_side(engine: Engine, at: Linking) -> None:
    """The people of cases and applications as they stand there, and register rows like theirs."""
    make(engine, "work.crowded_household", values=at.values)
    make(engine, "work.lacking", "lacking_register_row")
    make(engine, "work.subject_row")
    make(engine, "work.address_key")


def _subjects(engine: Engine, at: Linking) -> None:
    """Who there is, and who the people of cases are; meanwhile what other open records say."""
    side_by_side(engine, partial(_know_everybody, at=at), partial(_tell, at=at))


def _tell(engine: Engine, at: Linking) -> None:
    """The records without a usable number, and how many have one."""
    make(engine, "work.told_record", choices=at.choices)
    repair(engine, "work.told_record", at, into="work.told_repair")
    make(engine, "work.numbered")


def _know_everybody(engine: Engine, at: Linking) -> None:
    """Everybody in the register, with the numbers that other registers have for them."""
    make(engine, "work.unclear")
    add(engine, "work.lacking", "misnumbered_row")
    if make(engine, "work.wanting_number"):
        repair(engine, "work.wanting_number", at)
        make(engine, "work.stray_number")
        make(engine, "work.adoptable")
    make(engine, "work.adopted", "no_adopted" if engine.is_empty("work.lacking") else "adopted")
    make(engine, "linked.other_person")
    for name in ("person", "register_row"):
        engine.create_view(f"linked.{name}", statement(name))
    make(engine, "work.borne_name")
    _settle_subjects(engine, at)


def _settle_subjects(engine: Engine, at: Linking) -> None:
    """Who the people of cases and applications are, in the register or beside it."""
    _decided(engine)
    make(engine, "work.subject_by_number", values=at.values)
    make(engine, "work.district_subject", "no_district_subject")
    make(engine, "work.disowned_number")
    make(engine, "work.contradicted_number")
    make(engine, "work.subject_person", "subject_by_number_person")
    make(engine, "work.coverage", "subject_coverage")
    make(engine, "work.excluded_pair", "subject_excluded_pair")
    gather(engine, "told_subject", at)
    make(engine, "work.paper_person", "subject_paper_person")
    make(engine, "work.unit_record", "no_unit_record")
    make(engine, "work.slot_holder", "no_slot_holder")
    make(engine, "work.age_fit", "no_age_fit")
    nothing_presumed(engine)
    score(engine, at)
    make_weighed(engine)
    _keep_for_typed(engine, at)
    make(engine, "work.subject_probable", "probable_link", values=at.values)
    make(engine, "work.unsettled_subject")
    make(engine, "work.subject_review", values=at.values)
    make(engine, "work.decided_subject")
    make(engine, "work.subject_settled")
    make(engine, "work.own_subject")
    make(engine, "work.lacking", "lacking_own_subject")
    repair(engine, "work.lacking", at)
    make(engine, "work.adopted_own", "no_adopted" if engine.is_empty("work.lacking") else "adopted")
    engine.run(statement("borne_adopted_own"))
    add(engine, "linked.other_person", "own_person")
    add(engine, "work.borne_name", "own_borne_name")
    make(engine, "work.subject_person")
    make(engine, "work.excluded_pair")
    make(engine, "linked.subject", "subject")


def _keep_for_typed(engine: Engine, at: Linking) -> None:
    """What people typed in later are identified by, as their likes are tonight."""
    for name in ("level", "learned", "coverage"):
        engine.create_table(f"linked.subject_{name}", f"select * from work.{name} order by all")  # noqa: S608
    settings = {name: value for name, value in at.values.items() if name != "as_of"}
    table = {"name": list(settings), "value": [float(str(value)) for value in settings.values()]}
    engine.load_table("linked.subject_setting", pa.table(table))


def _certain(engine: Engine, at: Linking) -> None:
    """Records by their valid number; meanwhile those without one, and the names they have."""
    side_by_side(engine, partial(_by_number, at=at), _read_open)


def _by_number(engine: Engine, at: Linking) -> None:
    """Records whose valid number a person bears under a name that agrees."""
    is_contested = make(engine, "work.contested_person")
    make(engine, "work.borne_number")
    make(engine, "work.number_differs", values=at.values)
    if is_contested:
        engine.run(statement("contested_link"))
    make(engine, "work.carried_number")
    make(engine, "work.number_bearer")
    make(engine, "work.number_pair")
    make(engine, "linked.other_link", "agreed_link", choices=at.choices)
    engine.create_view("linked.person_record", statement("person_record"))
    is_undone = make(engine, "work.decided_link") or not engine.is_empty("work.excluded_pair")
    if make(engine, "work.misnumbered_record") or is_undone:
        make(engine, "work.undone_link")
        for table in ("plain_link", "other_link"):
            engine.run(
                f"delete from linked.{table} where (record_id, role) in"  # noqa: S608
                " (select record_id, role from work.undone_link)"
            )
        add(engine, "linked.other_link", "decided_link")


def _read_open(engine: Engine) -> None:
    """What records without a usable number say, and who goes by what they say."""
    for name, kept in _OPEN.items():
        engine.run(f"drop table work.{name}")
        engine.run(f"alter table work.{kept} rename to {name}")
    make(engine, "work.saying")
    make(engine, "work.open_record")
    look_up(engine)


def _probable(engine: Engine, at: Linking) -> None:
    """Records without a usable number, by the rest of what they say."""
    side_by_side(engine, partial(_reach_open, at=at), _count)
    side_by_side(engine, partial(level, at=at), _look_at_units)
    side_by_side(engine, partial(_hold_slots, at=at), partial(_fit_ages, at=at))
    make(engine, "work.slot_share")
    make(engine, "work.standing_weight", values=at.values)
    make(engine, "work.scored_pair")
    make(engine, "work.mere_likeness")
    side_by_side(engine, partial(_link_probably, at=at), partial(_keep, at=at))


def _reach_open(engine: Engine, at: Linking) -> None:
    """Who the open records may speak of, also by those on the same paper and in the same unit."""
    make(engine, "work.crowded_paper", values=at.values)
    make(engine, "work.open_paper")
    make(engine, "work.paper_person")
    make(engine, "work.outside_paper")
    make(engine, "work.unit_record")
    make(engine, "work.presumed")
    make(engine, "work.standing")
    make(engine, "work.standing_share", values=at.values)
    make(engine, "work.standing_block", values=at.values)
    reach(engine, at)


def _count(engine: Engine) -> None:
    """How many of each dataset's people are known, and how often names are met."""
    make(engine, "work.coverage")
    count(engine)


def _look_at_units(engine: Engine) -> None:
    """What candidates have already of what one has but once; how large the units are."""
    make(engine, "work.slot_holder")
    make(engine, "work.unit_size")


def _hold_slots(engine: Engine, at: Linking) -> None:
    """Which candidates have already what one has but once; what the levels weigh."""
    weigh_at_once(engine)
    profile(engine, at)


def _fit_ages(engine: Engine, at: Linking) -> None:
    """How old the people of each dataset are, and of what standing."""
    make(engine, "work.age_sample")
    make(engine, "work.age_fit", values=at.values)
    make(engine, "work.standing_fit")
    make(engine, "work.pension_start")
    make(engine, "work.pension_age")


def _link_probably(engine: Engine, at: Linking) -> None:
    """The links that leave hardly a doubt."""
    make(engine, "work.posterior", values=at.values)
    for table in WEIGHED:
        add(engine, f"linked.{table}", table)
    add(engine, "linked.other_link", "probable_link", at.values)
    add(engine, "linked.other_link", "register_link")


def _keep(engine: Engine, at: Linking) -> None:
    """What needs no weighing: the register's own rows, and the names compared tonight."""
    add(engine, "linked.plain_link", "plain_register_link")
    remember(engine, at.memory)


def _tables(engine: Engine, at: Linking) -> None:
    """What others read, beside the links of records to persons."""
    side_by_side(
        engine,
        lambda own: make(own, "linked.subject_record", choices={"grade": _GRADES}),
        partial(_possible, at=at),
    )


def _possible(engine: Engine, at: Linking) -> None:
    """What is for people to look at."""
    make(engine, "linked.review_pair", values=at.values)
    make(engine, "linked.unchecked", values=at.values)
    make(engine, "linked.cut_block", values=at.values)


def _choices(engine: Engine) -> Choices:
    """The datasets and roles there are, for the columns that say one of them in every row."""
    met = engine.rows("select distinct dataset, role from clean.mention")
    datasets, roles = zip(*met, *_ALWAYS, strict=True)
    return {"dataset": sorted(set(datasets)), "role": sorted(set(roles))}


def _decided(engine: Engine) -> None:
    """Make ``work.decided``: what people said of pairs that stand as they stood then."""
    if engine.is_empty("work.decision"):
        make(engine, "work.decided", "no_decided")
        return
    make(engine, "work.value_wanted")
    make(engine, "work.record_value")
    make(engine, "work.subject_value")
    make(engine, "work.decided")


def _silent(step: str, done: int, total: int) -> None:
    """Nobody listens."""
