"""Findings as rows: with their evidence, and the places in files that it rests on."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import pyarrow as pa

from domain.errors import HeduiError
from domain.record_id import dataset_number, first_record_id
from rules.findings import (
    Draft,
    Place,
    RecordKey,
    Registers,
    evidence_hash,
    evidence_json,
    place_of,
)
from rules.interface import DATASETS, Dataset, dataset_of
from rules.judging_sql import judging_query
from rules.named import named_in
from store.engines.engine import Engine

_IN_FORCE: Final = "in_force"
_PER: Final = {"resident": "person"}  # as judged.finding names it
SAID: Final = pa.schema(
    [
        ("rule", pa.string()), ("case_no", pa.string()), ("seq", pa.int32()),
        ("answer", pa.string()), ("reason", pa.string()),
    ]
)  # fmt: skip
"""What is said of a case, or of a member of it, beside what was found."""
_DRAFT: Final = pa.schema(
    [
        ("place", pa.int64()), ("rule", pa.string()), ("direction", pa.string()),
        ("per", pa.string()), ("grade", pa.string()), ("case_no", pa.string()),
        ("first_case_no", pa.string()), ("seq", pa.int32()), ("household_no", pa.string()),
        ("person_id", pa.int64()), ("period", pa.string()),
        ("at_risk_yuan", pa.decimal128(18, 2)), ("evidence", pa.string()),
        ("evidence_hash", pa.string()),
    ]
)  # fmt: skip
_WANTED: Final = pa.schema(
    [("record_id", pa.int64()), ("role", pa.string()), ("case_no", pa.string())]
)


def load_drafts(engine: Engine, drafts: Sequence[Draft]) -> None:
    """Make ``judging.draft``, a row a finding, and ``judging.found``, the answers that they are."""
    places, registers = _places(engine, drafts), _registers(engine)
    rows = [_draft_row(place, draft, places, registers) for place, draft in enumerate(drafts)]
    engine.load_table("judging.draft", pa.Table.from_pylist(rows, _DRAFT))
    found = [
        {"rule": draft.rule.id, "case_no": case_no, "answer": "found"}
        for draft in drafts
        for case_no in (draft.case_nos or (None,))
    ]
    engine.load_table("judging.found", pa.Table.from_pylist(found, SAID))


def _registers(engine: Engine) -> Registers:
    states = engine.rows(
        "select dataset, data_date from clean.source_status where state = $state",
        {"state": _IN_FORCE},
    )
    return Registers(dict(states), dict(engine.rows(judging_query("application"))))


def _draft_row(
    place: int, draft: Draft, places: Mapping[RecordKey, Place], registers: Registers
) -> dict[str, Any]:
    evidence = draft.evidence(places, registers)
    return {
        "place": place,
        "rule": draft.rule.id,
        "direction": draft.rule.direction,
        "per": _PER.get(draft.rule.per, draft.rule.per),
        "grade": draft.grade.value,
        "case_no": draft.case_no,
        "first_case_no": draft.case_nos[0] if draft.case_nos else None,
        "seq": draft.seq,
        "household_no": draft.household_no,
        "person_id": draft.person_id,
        "period": draft.period,
        "at_risk_yuan": draft.at_risk_yuan,
        "evidence": evidence_json(evidence),
        "evidence_hash": evidence_hash(draft.rule, evidence),
    }


def _places(engine: Engine, drafts: Sequence[Draft]) -> dict[RecordKey, Place]:
    keys = sorted(
        {key for draft in drafts for key in draft.record_keys()},
        key=lambda key: (key[0], key[1] or "", key[2] or ""),
    )
    wanted = [dict(zip(_WANTED.names, key, strict=True)) for key in keys]
    engine.load_table("judging.wanted", pa.Table.from_pylist(wanted, _WANTED))
    if not keys:
        return {}
    numbers = sorted({dataset_number(key[0]) for key in keys})
    union = "\n    union all\n    ".join(_place_query(number) for number in numbers)
    found = engine.rows(judging_query("record_place").replace("{places}", union))
    named = named_in(engine, {key[0] for key in keys}, table="judging.wanted")
    places = {
        (row[0], row[1], row[2]): replace(place_of(*row[3:]), named=tuple(named.get(row[0], ())))
        for row in found
    }
    for key in keys:
        if key not in places:
            raise HeduiError("rules_record_unknown", dataset=dataset_of(key[0]).name)
    return places


def _place_query(number: int) -> str:
    dataset: Dataset = DATASETS[number - 1]
    first, end = first_record_id(number), first_record_id(number + 1)
    wanted = f"from judging.wanted where record_id >= {first} and record_id < {end}"
    return (
        f"select record_id, business_date, file_name, row_no from clean.{dataset.table}"  # noqa: S608
        f" where record_id in (select record_id {wanted})"
    )
