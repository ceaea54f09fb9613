"""The applications under way, judged in the night as if they were cases."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

import pyarrow as pa
import yaml

from pipelines.sheets import make_sheets
from rules.engine import evaluate
from rules.household import APPLICATION, Household, cut_out, keep_ways_back
from rules.parameters import Policy
from rules.rule import Catalogue
from store.engines.duckdb import DuckDBEngine
from store.engines.engine import Engine

_RULES: Final = Path(__file__).parent / "applicant_rules.yaml"
_ASIDE_MEMORY: Final = "512MB"
_TIED: Final = """
    select subject.case_no, 'P' || cast(subject.person_id as varchar) as tie
    from linked.subject as subject
    where subject.kind = 'application' and subject.person_id is not null
    union
    select application_no as case_no, 'N' || id_no as tie
    from clean.application
    where id_no is not null
    union
    select application_no as case_no, 'A' || application_no as tie
    from clean.application
    order by case_no, tie
"""
_KEPT: Final = {
    "counted_member": "case_no, seq",
    "member_income": "case_no, seq",
    "case_income": "case_no",
}
_PASSING: Final = "passing.row"


def judge_for_checks(
    engine: DuckDBEngine,
    *,
    catalogue: Catalogue,
    policies: Sequence[Policy],
    policy_files: Sequence[Path],
    as_of: date,
) -> None:
    """Keep what checks want of the night: schema ``checking`` (docs/reference/tables.md).

    ``finding`` and ``answer`` hold the applications' answers; ``counted_member``,
    ``member_income`` and ``case_income`` cases and applications; ``policy`` the policy files;
    ``sheet`` what a check answers of each of them, ready.
    """
    keep_incomes(engine)
    keep_ways_back(engine, as_of)
    engine.load_table("checking.policy", _policy_table(policy_files))
    for table in ("finding", "answer"):
        engine.create_table(f"checking.{table}", f"select * from judged.{table} where false")  # noqa: S608
    rules = catalogue.only(*applicant_rules())
    with DuckDBEngine(memory_limit=_ASIDE_MEMORY) as aside:
        for applications in _rounds(engine):
            households = [Household(number, APPLICATION) for number in applications]
            scope = cut_out(engine, aside, households)
            evaluate(aside, catalogue=rules, policies=policies, as_of=as_of, scope=scope)
            keep_incomes(aside)
            _take_over(engine, aside, applications)
    make_sheets(engine, as_of, with_applications=True)


def keep_incomes(engine: Engine) -> None:
    """Keep heads, incomes and lines, which the rules' working tables hold, as ``checking``."""
    for name, order in _KEPT.items():
        engine.create_table(
            f"checking.{name}",
            f"select * from shared.{name} order by {order}",  # noqa: S608 - our own names
        )


@cache
def applicant_rules() -> tuple[str, ...]:
    """The rules that apply to an applicant."""
    read = yaml.safe_load(_RULES.read_text(encoding="utf-8"))
    return tuple(sorted(rule for rules in read.values() for rule in rules))


def _take_over(engine: DuckDBEngine, aside: DuckDBEngine, applications: Sequence[str]) -> None:
    """Add what was judged of these applications to what the night keeps."""
    for table in ("finding", "answer"):
        rows = aside.arrow(f"select * from judged.{table} order by all")  # noqa: S608
        _add(engine, f"checking.{table}", rows)
    for table, order in _KEPT.items():
        rows = aside.arrow(
            f"select * from checking.{table}"  # noqa: S608 - our own names
            f" where case_no in (select unnest($cases)) order by {order}",
            {"cases": list(applications)},
        )
        _add(engine, f"checking.{table}", rows)


def _add(engine: DuckDBEngine, table: str, rows: pa.Table) -> None:
    engine.load_table(_PASSING, rows)
    engine.run(f"insert into {table} by name select * from {_PASSING}")  # noqa: S608
    engine.drop_working("passing")


def _rounds(engine: DuckDBEngine) -> list[list[str]]:
    """The applications in groups no two of which share a person or a number.

    So each is judged as if it stood alone, which is how a check judges it.
    """
    ties: dict[str, set[str]] = {}
    for case_no, tie in engine.rows(_TIED):
        ties.setdefault(case_no, set()).add(tie)
    rounds: list[tuple[list[str], set[str]]] = []
    for case_no, own in ties.items():
        for members, taken in rounds:
            if taken.isdisjoint(own):
                members.append(case_no)
                taken |= own
                break
        else:
            rounds.append(([case_no], set(own)))
    return [members for members, _ in rounds]


def _policy_table(files: Sequence[Path]) -> pa.Table:
    return pa.table(
        {
            "file_name": pa.array([path.name for path in files], pa.string()),
            "content": pa.array([path.read_text(encoding="utf-8") for path in files], pa.string()),
        }
    )
