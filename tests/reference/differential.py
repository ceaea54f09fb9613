"""One night judged twice: by the engine's SQL and by the plain reading, in the same terms."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import yaml
from reading import Answers, Findings
from reading_night import Night, Row
from reading_verdict import Key
from world_registers import add_world
from worlds import AS_OF_DAYS, Batch, source_states

from rules.engine import evaluate
from rules.interface import DATASETS, INTERFACE_SQL
from rules.parameters import POLICY_FOLDER, Policy, load_policy
from rules.rule import Catalogue, load_catalogue
from store.engines.duckdb import DuckDBEngine

Tables = dict[str, list[dict[str, Any]]]
Document = dict[str, Any]
OTHER_DIVISION = "990103"
OTHER_VALUES: Mapping[str, Any] = {
    "dibao.standard.urban": 1050,
    "dibao.standard.rural": 882,
    "income.wage_months": 2,
    "income.tolerance_share": 0,
    "property.dwellings_max": 2,
    "property.area_per_head_exempt": 30,
    "property.presale_months": 12,
    "vehicle.exempt_plate_kinds": ["07", "13", "52"],
    "medical.hardship_listed": 3000,
    "medical.hardship_unlisted": 6000,
    "medical.lookback_months": 6,
    "visit.max_age_months": 6,
}


@cache
def policy_document() -> Document:
    """The demonstration district's policy as its file has it."""
    text = (POLICY_FOLDER / "990102.yaml").read_text(encoding="utf-8")
    document: Document = yaml.safe_load(text)
    return document


def other_document() -> Document:
    """A second district whose bureau decided otherwise."""
    document = {**policy_document(), "division": OTHER_DIVISION, "title": "示范二区"}
    document["parameters"] = {
        name: [{"from": date(2022, 1, 1), "value": OTHER_VALUES[name], "source": "试"}]
        if name in OTHER_VALUES
        else values
        for name, values in document["parameters"].items()
    }
    return document


DOCUMENTS = (policy_document(), other_document())


def load_policies(documents: Sequence[Document], folder: Path) -> list[Policy]:
    """The policies as the rules load them."""
    policies = []
    for document in documents:
        path = folder / f"{document['division']}.yaml"
        path.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
        policies.append(load_policy(path))
    return policies


def in_force(documents: Sequence[Document], as_of: date) -> dict[str, Row]:
    """The values in force on a date by division, read from the documents themselves."""
    return {
        d["division"]: {n: _at(v, as_of) for n, v in d["parameters"].items()} for d in documents
    }


def _at(values: Sequence[Row], as_of: date) -> Any:
    begun = [one["value"] for one in values if one["from"] <= as_of]
    value = begun[-1] if begun else None
    return Decimal(str(value)) if isinstance(value, int | float) else value


def made_night(seed: int, worlds: int, away: float = 0.04) -> tuple[Tables, date]:
    """The tables of a batch of worlds, and its as-of date; about ``away`` of the sources is not."""
    rng = random.Random(seed)
    as_of = AS_OF_DAYS[seed % len(AS_OF_DAYS)]
    batch = Batch(rng, as_of)
    for _ in range(worlds):
        batch.division = rng.choice(("990102", "990102", OTHER_DIVISION))
        add_world(batch)
    return batch.finish(source_states(rng, [d.name for d in DATASETS], away)), as_of


@cache
def catalogue() -> Catalogue:
    return load_catalogue()


@dataclass(frozen=True)
class Bench:
    """An engine kept for judging, with the columns of the tables that rules read."""

    engine: DuckDBEngine
    schemas: Mapping[str, pa.Schema]

    @classmethod
    def of(cls, engine: DuckDBEngine) -> "Bench":
        engine.run(INTERFACE_SQL.read_text(encoding="utf-8"))
        names = [f"clean.{d.table}" for d in DATASETS]
        names += ["clean.set_aside", "clean.source_status"]
        names += [f"linked.{n}" for n in ("person", "subject", "person_record")]
        names += [f"linked.{n}" for n in ("subject_record", "review_pair", "unchecked")]
        return cls(
            engine, {n: engine.arrow(f"select * from {n} limit 0").schema for n in sorted(names)}
        )

    def judge(
        self, tables: Tables, policies: Sequence[Policy], as_of: date, *rules: str
    ) -> tuple[Findings, Answers]:
        """What the engine finds and answers, in the reading's terms."""
        for name, schema in self.schemas.items():
            self.engine.load_table(name, pa.Table.from_pylist(tables.get(name, []), schema))
        asked = catalogue().only(*rules) if rules else catalogue()
        evaluate(self.engine, catalogue=asked, policies=policies, as_of=as_of)
        return self._findings(), self._answers()

    def _findings(self) -> Findings:
        rows = self.engine.rows(
            "select rule, per, case_no, seq, household_no, person_id, period, grade, at_risk_yuan"
            " from judged.finding"
        )
        return {(row[0], _key(*row[1:7])): (row[7], row[8]) for row in rows}

    def _answers(self) -> Answers:
        rows = self.engine.rows("select case_no, rule, answer from judged.answer")
        return {(case_no, rule): answer for case_no, rule, answer in rows}


def _key(
    per: str,
    case_no: str | None,
    seq: int | None,
    household_no: str | None,
    person_id: int | None,
    period: str,
) -> Key:
    is_unlisted = case_no is None
    return Key(
        case_no=case_no,
        seq=seq,
        household_no=household_no if is_unlisted else None,
        person_id=person_id if per == "person" and seq is None else None,
        period=period,
    )


def differences(
    ours: tuple[Findings, Answers], theirs: tuple[Findings, Answers]
) -> list[tuple[Any, ...]]:
    """What the engine (first) and the reading do not agree on: rule, key, engine's, reading's."""
    found: list[tuple[Any, ...]] = []
    for name, key in sorted(ours[0].keys() | theirs[0].keys(), key=str):
        engine, reading = ours[0].get((name, key)), theirs[0].get((name, key))
        if engine != reading:
            found.append((name, key, engine, reading))
    for case_no, name in sorted(ours[1].keys() | theirs[1].keys(), key=str):
        engine_says, reading_says = ours[1].get((case_no, name)), theirs[1].get((case_no, name))
        if engine_says != reading_says:
            found.append((name, case_no, engine_says, reading_says))
    return found


def reading_of(tables: Tables, documents: Sequence[Document], as_of: date) -> Night:
    """The night as the plain reading sees it."""
    return Night(tables, in_force(documents, as_of), as_of)
