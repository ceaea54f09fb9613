"""The same engine for one household, now: what the registers hold of it in the snapshot in force.

Of cases and applications the night has asked every rule already, and its answers stand in the
snapshot: a check reads them. People typed in are cut out into a small world of their own and asked
by the same code. ``ask_again`` puts any household through that second way, so that the two can be
held against each other.
"""

import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Final, TypeVar

from pipelines.applicants import applicant_rules, keep_incomes
from pipelines.sheets import SourceStates, make_sheets, read_sheet, source_states
from pipelines.typed_people import TypedHousehold, identify
from reports.check_answer import HouseholdAnswer
from rules.engine import Scope, evaluate
from rules.household import CASE, Household, cut_out
from rules.parameters import Policy, load_policy
from rules.readiness import plan_rules
from rules.rule import Catalogue
from store.engines.duckdb import DuckDBEngine
from store.engines.small_engines import SmallEngines
from store.snapshot import made_by_this_version
from store.snapshot_desk import SnapshotDesk

_SNAPSHOTS_KEPT: Final = 4
ENGINES: Final = SmallEngines()
T = TypeVar("T")


def read_answer(
    engine: DuckDBEngine,
    household: Household,
    *,
    as_of: date,
    snapshot: str,
    covers: Callable[[str | None], bool] = lambda _: True,
) -> HouseholdAnswer | None:
    """What the night answered of a case or application; None where the snapshot has no such one.

    ``engine`` is a reader of the snapshot (``SnapshotDesk.reading``). A household in a township
    that ``covers`` denies is treated as one that is not there. Raises HeduiError
    ``snapshot_older``.
    """
    with made_by_this_version(snapshot):
        states = _kept(_STATES, snapshot, lambda: source_states(engine))
        return read_sheet(engine, household, states, as_of=as_of, snapshot=snapshot, covers=covers)


def ask_again(
    desk: SnapshotDesk,
    household: Household,
    *,
    catalogue: Catalogue,
    as_of: date,
    typed: TypedHousehold | None = None,
) -> HouseholdAnswer | None:
    """Ask the rules anew of one household cut out of the snapshot, by the code of the night.

    ``typed``: the people, where the household was typed in. Raises HeduiError ``snapshot_older``.
    """
    with ENGINES.lent() as small:
        with desk.reading() as reading, made_by_this_version(reading.snapshot):
            people = None
            if typed is not None:
                file = desk.workspace.snapshots / reading.snapshot
                people = identify(file, typed, as_of=as_of, spill_to=desk.workspace.tmp / "spill")
            policies = policies_of(reading.engine, reading.snapshot)
            cut_out(reading.engine, small, [household], typed=people)
            snapshot = reading.snapshot
        rules = catalogue if household.kind == CASE else catalogue.only(*applicant_rules())
        scope = Scope(frozenset({household.case_no}))
        evaluate(small, catalogue=rules, policies=policies, as_of=as_of, scope=scope)
        keep_incomes(small)
        make_sheets(small, as_of)
        return read_sheet(small, household, source_states(small), as_of=as_of, snapshot=snapshot)


def make_ready(desk: SnapshotDesk, *, catalogue: Catalogue, as_of: date) -> None:
    """Have one engine plan the rules, so that the first household need not wait for it.

    Raises HeduiError as :func:`ask_again`.
    """
    with (
        ENGINES.lent() as small,
        desk.reading() as reading,
        made_by_this_version(reading.snapshot),
    ):
        cut_out(reading.engine, small, [])
        plan_rules(small, catalogue, policies_of(reading.engine, reading.snapshot), as_of)


def policies_of(engine: DuckDBEngine, snapshot: str) -> tuple[Policy, ...]:
    """The policies of the night that made the snapshot."""
    query = "select file_name, content from checking.policy order by file_name"
    return _kept(
        _POLICIES,
        snapshot,
        lambda: tuple(_policy(name, content) for name, content in engine.rows(query)),
    )


_POLICIES: Final[dict[str, tuple[Policy, ...]]] = {}
_STATES: Final[dict[str, SourceStates]] = {}


def _kept(known: dict[str, T], snapshot: str, look: Callable[[], T]) -> T:
    """What is the same for every household of a snapshot, looked up once."""
    found = known.get(snapshot)
    if found is None:
        found = look()
        if len(known) >= _SNAPSHOTS_KEPT:
            known.clear()
        known[snapshot] = found
    return found  # not looked up again: another check may have cleared what is kept


def _policy(name: str, content: str) -> Policy:
    with tempfile.TemporaryDirectory(prefix="hedui-policy-") as folder:
        path = Path(folder) / Path(name).name
        path.write_text(content, encoding="utf-8")
        return load_policy(path)
