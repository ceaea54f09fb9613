"""The applications under way, judged in the night as if they were cases."""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

import pyarrow as pa
import yaml

from pipelines.household import (
    APPLICATION,
    Household,
    judge_world,
    keep_for_checks,
    keep_newest_rows,
    make_world,
)
from rules.parameters import Policy
from rules.rule import Catalogue
from store.engines.duckdb import DuckDBEngine

_RULES: Final = Path(__file__).parent / "applicant_rules.yaml"
_ASIDE: Final = "applicants"
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
_KEPT: Final = ("counted_member", "member_income", "case_income")


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
    ``member_income`` and ``case_income`` cases and applications; ``policy`` the policy files.
    """
    keep_for_checks(engine)
    keep_newest_rows(engine, as_of)
    engine.load_table("checking.policy", _policy_table(policy_files))
    for table in ("finding", "answer"):
        engine.create_table(f"checking.{table}", f"select * from judged.{table} where false")  # noqa: S608
    for applications in _rounds(engine):
        _judge_round(engine, applications, catalogue.only(*applicant_rules()), policies, as_of)


@cache
def applicant_rules() -> tuple[str, ...]:
    """The rules that apply to an applicant."""
    read = yaml.safe_load(_RULES.read_text(encoding="utf-8"))
    return tuple(sorted(rule for rules in read.values() for rule in rules))


def _judge_round(
    engine: DuckDBEngine,
    applications: Iterable[str],
    catalogue: Catalogue,
    policies: Sequence[Policy],
    as_of: date,
) -> None:
    home = quoted_catalogue(engine)
    engine.run(f"attach ':memory:' as {_ASIDE}")
    engine.run(f"use {_ASIDE}")
    try:
        households = [Household(number, APPLICATION) for number in applications]
        make_world(engine, home, households)
        judge_world(engine, catalogue=catalogue, policies=policies, as_of=as_of)
        engine.run(f"use {home}")
        _take_over(engine)
    finally:
        engine.run(f"use {home}")
        engine.run(f"detach {_ASIDE}")


def _take_over(engine: DuckDBEngine) -> None:
    asked = f"(select case_no from {_ASIDE}.asked.household)"  # noqa: S608
    for table in ("finding", "answer"):
        engine.run(
            f"insert into checking.{table} by name"  # noqa: S608 - our own names
            f" select * from {_ASIDE}.judged.{table} as one where exists (select 1 from"
            f" {_ASIDE}.asked.household as household"
            " where list_contains(string_split(one.case_no, ';'), household.case_no))"
            " order by all"
        )
    for table in _KEPT:
        engine.run(
            f"insert into checking.{table} by name select * from {_ASIDE}.checking.{table}"  # noqa: S608
            f" where case_no in {asked} order by case_no"
        )


def quoted_catalogue(engine: DuckDBEngine) -> str:
    """The name of the database the engine is in, as SQL quotes it."""
    name = str(engine.rows("select current_catalog()")[0][0])
    return '"' + name.replace('"', '""') + '"'


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
