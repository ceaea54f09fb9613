"""The cases beside a rule: given rows made into a small world, judged, and compared with expect."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from domain.errors import HeduiError
from rules.caseworld import World, build_world
from rules.engine import evaluate
from rules.interface import INTERFACE_SQL
from rules.parameters import Policy
from rules.rule import CASE_FIELDS, Catalogue, Rule
from store.engines.engine import Engine

DISTRICT = "district"
_ROWS_AT_ONCE = 50
_GIVEN_FIELDS = frozenset({"name", "as_of", "given", "sources", "expect"})
_ANSWER_FIELDS = ("answer", "reason")
_FINDING_COLUMNS = (
    "case_no", "seq", "household_no", "person_key", "grade", "at_risk_yuan", "period", "evidence",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RuleCase:
    """One case of a rule: what is given, as of when, and what is expected."""

    rule_id: str
    name: str
    as_of: date
    given: Mapping[str, Sequence[Mapping[str, Any]]]
    sources: Mapping[str, str]
    expect: Sequence[Mapping[str, Any]]


def load_cases(rule: Rule) -> list[RuleCase]:
    """The cases of one rule. Raises HeduiError (file, case) where one is incomplete."""
    path = rule.cases_file
    try:
        items = yaml.safe_load(path.read_text(encoding="utf-8")) or []
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise HeduiError("rules_unreadable", file=path.name, line=line) from error
    return [_case(rule, path, place, item) for place, item in enumerate(items, 1)]


def _case(rule: Rule, path: Path, place: int, item: Mapping[str, Any]) -> RuleCase:
    unknown = sorted(set(item) - _GIVEN_FIELDS)
    lacking = [name for name in CASE_FIELDS if name not in item]
    if unknown or lacking:
        raise HeduiError(
            "rules_case_broken", file=path.name, case=place, what=(unknown or lacking)[0]
        )
    return RuleCase(
        rule.id, item["name"], item["as_of"], item["given"], item.get("sources", {}), item["expect"]
    )


def prepare(engine: Engine) -> None:
    """Make the tables that rules read, empty, in an engine kept for cases."""
    engine.run(INTERFACE_SQL.read_text(encoding="utf-8"))


def run_case(
    engine: Engine, catalogue: Catalogue, policies: Sequence[Policy], case: RuleCase
) -> list[str]:
    """What differs from the case's ``expect``, one sentence each; empty when all is as expected.

    The engine must have been through :func:`prepare`; whatever it held of another case is emptied.
    """
    world = build_world(case.given, case.sources, case.as_of)
    load_world(engine, world)
    evaluate(engine, catalogue=catalogue.only(case.rule_id), policies=policies, as_of=case.as_of)
    differences = [
        text for expected in case.expect for text in _differences(engine, case.rule_id, expected)
    ]
    return differences + _unexpected(engine, case)


def load_world(engine: Engine, world: World) -> None:
    """Empty the tables and fill in the world's rows."""
    engine.run(";\n".join(f"delete from {table}" for table in world.tables))  # noqa: S608
    for table, rows in world.rows.items():
        for start in range(0, len(rows), _ROWS_AT_ONCE):
            engine.run(*_insert(table, rows[start : start + _ROWS_AT_ONCE]))


def _insert(table: str, rows: Sequence[Mapping[str, Any]]) -> tuple[str, dict[str, Any]]:
    columns = sorted({name for row in rows for name in row})
    values = {
        f"{name}_{place}": row.get(name) for place, row in enumerate(rows) for name in columns
    }
    tuples = ",\n".join(
        "(" + ", ".join(f"${name}_{place}" for name in columns) + ")" for place in range(len(rows))
    )
    return f"insert into {table} ({', '.join(columns)}) values {tuples}", values  # noqa: S608


def _differences(engine: Engine, rule_id: str, expected: Mapping[str, Any]) -> list[str]:
    where = expected.get("case_no") or expected.get("household_no") or expected.get("person")
    found: list[str] = []
    if expected.get("answer", "found") != "found" or expected.get("case_no") in (None, DISTRICT):
        where = where or DISTRICT
    asked = {name: expected[name] for name in _ANSWER_FIELDS if name in expected}
    case_no = expected.get("case_no")
    for one in case_no.split(";") if case_no and case_no != DISTRICT else [None]:
        found += _answer_differences(engine, one, asked)
    if expected.get("answer") == "found":
        found += _finding_differences(engine, rule_id, expected)
    return [f"{where}: {text}" for text in found]


def _answer_differences(engine: Engine, case_no: str | None, asked: Mapping[str, Any]) -> list[str]:
    query = "select answer, reason from judged.answer where case_no is not distinct from $case_no"
    rows = engine.rows(query, {"case_no": case_no})
    if len(rows) != 1:
        return [f"{len(rows)} answers"]
    got = dict(zip(_ANSWER_FIELDS, rows[0], strict=True))
    return [
        f"{name} is {got[name]!r}, expected {value!r}"
        for name, value in asked.items()
        if got[name] != value
    ]


def _finding_differences(engine: Engine, rule_id: str, expected: Mapping[str, Any]) -> list[str]:
    matching = [row for row in _findings(engine) if _is_about(row, expected)]
    if len(matching) != 1:
        return [f"{len(matching)} findings of {rule_id}"]
    row = matching[0]
    checked = [name for name in ("grade", "at_risk_yuan") if name in expected]
    found = [
        f"{name} is {row[name]}, expected {expected[name]}"
        for name in checked
        if not _is_same(row[name], expected[name])
    ]
    return found + _evidence_differences(row["evidence"], expected)


def _evidence_differences(text: str, expected: Mapping[str, Any]) -> list[str]:
    evidence = yaml.safe_load(text)
    found: list[str] = []
    if "records" in expected:
        records = sum(1 for item in evidence if item["dataset"])
        if records != expected["records"]:
            found.append(f"{records} records, expected {expected['records']}")
    for name, count in expected.get("sentences", {}).items():
        said = sum(1 for item in evidence if item.get("sentence") == name)
        if said != count:
            found.append(f"{said} sentences {name}, expected {count}")
    facts = {name: value for item in reversed(evidence) for name, value in item["facts"].items()}
    for name, value in expected.get("facts", {}).items():
        if not _is_same(facts.get(name), value):
            found.append(f"fact {name} is {facts.get(name)!r}, expected {value!r}")
    return found


def _findings(engine: Engine) -> list[dict[str, Any]]:
    columns = ", ".join(_FINDING_COLUMNS)
    rows = engine.rows(f"select {columns} from judged.finding order by finding_id")  # noqa: S608
    return [dict(zip(_FINDING_COLUMNS, row, strict=True)) for row in rows]


def _is_about(row: Mapping[str, Any], expected: Mapping[str, Any]) -> bool:
    keys = {name: expected[name] for name in ("case_no", "seq", "household_no") if name in expected}
    if "period" in expected:
        keys["period"] = str(expected["period"])
    if "person" in expected:
        keys["person_key"] = f"R{expected['person']}"
    return all(row[name] == value for name, value in keys.items())


def _is_same(got: object, expected: object) -> bool:
    if expected is None or got is None:
        return got is expected
    if isinstance(expected, int | float) and not isinstance(expected, bool):
        return Decimal(str(got)) == Decimal(str(expected))
    return str(got) == str(expected)


def _unexpected(engine: Engine, case: RuleCase) -> list[str]:
    expected = [item for item in case.expect if item.get("answer") == "found"]
    return [
        f"{row['case_no'] or row['household_no'] or row['person_key']}"
        f"{'#' + str(row['seq']) if row['seq'] is not None else ''}: an unexpected finding"
        for row in _findings(engine)
        if not any(_is_about(row, item) for item in expected)
    ]
