"""Findings, links and answers as tables for other programs, masked unless asked otherwise."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import pyarrow as pa

from casework.findings import FindingView
from domain.masking import mask
from domain.wording import joined, language
from matchers.explain import explain
from rules.rule import Catalogue
from rules.sentences import evidence_line, reason_lines
from sources.contract import Dictionary
from store.engines.engine import Engine

FINDINGS: Final = pa.schema(
    [
        ("finding_id", pa.string()),
        ("rule", pa.string()),
        ("direction", pa.string()),
        ("grade", pa.string()),
        ("case_no", pa.string()),
        ("household_no", pa.string()),
        ("seq", pa.int32()),
        ("person_id_no", pa.string()),
        ("person_name", pa.string()),
        ("applicant_name", pa.string()),
        ("township", pa.string()),
        ("period", pa.string()),
        ("at_risk", pa.decimal128(18, 2)),
        ("status", pa.string()),
        ("first_seen", pa.date32()),
        ("last_seen", pa.date32()),
        ("as_of", pa.date32()),
        ("confirmed", pa.bool_()),
        ("not_checked_reason", pa.string()),
        ("evidence", pa.string()),
        ("handler", pa.string()),
        ("outcome", pa.string()),
        ("decided_by", pa.string()),
        ("decided_on", pa.date32()),
    ]
)
_LINKS: Final = """
    subject_row as (
        select record_id, name_raw, id_no, id_no_raw from clean.member
        union all
        select record_id, name_raw, id_no, id_no_raw from clean.application
    )
    select
        record.dataset,
        place.business_date,
        place.file_name as file,
        place.row_no as row,
        record.role,
        subject.case_no || '#' || cast(subject.seq as varchar) as subject,
        subject_row.name_raw as subject_name,
        coalesce(subject_row.id_no, subject_row.id_no_raw) as subject_id_no,
        record.grade,
        record.score,
        record.why
    from linked.subject_record as record
    join linked.subject as subject using (subject_id)
    join place on place.record_id = record.record_id
    join subject_row on subject_row.record_id = subject.record_id
    order by record.dataset, place.business_date, file, row, record.role, subject
"""
_ANSWERS: Final = """
    select case_no, rule, answer, coalesce(reason, '') as reason_code
    from judged.answer
    order by case_no nulls last, rule
"""


@dataclass(frozen=True, slots=True)
class Showing:
    """What may be shown: masked unless a reason was given and noted."""

    unmasked: bool = False

    def of(self, kind: str, value: str | None) -> str:
        """A value of the class ``kind`` as it may be shown; nothing where there is none."""
        if not value:
            return ""
        return value if self.unmasked else mask(kind, value)


def findings_table(
    findings: Sequence[FindingView], catalogue: Catalogue, as_of: date, showing: Showing
) -> pa.Table:
    """One row a finding; ``evidence`` is one line in the language in use."""
    rows = [_finding(view, catalogue, as_of, showing) for view in findings]
    return pa.Table.from_pylist(rows, FINDINGS)


def _finding(
    view: FindingView, catalogue: Catalogue, as_of: date, showing: Showing
) -> dict[str, Any]:
    row = {"rule": view.rule, "evidence": view.evidence}
    line = evidence_line(row, catalogue, language(), masked=not showing.unmasked)
    return {
        "finding_id": view.finding_id,
        "rule": view.rule,
        "direction": view.direction,
        "grade": view.grade,
        "case_no": view.case_no or "",
        "household_no": view.household_no or "",
        "seq": view.seq,
        "person_id_no": showing.of("id_no", view.person_id_no),
        "person_name": showing.of("person_name", view.person_name),
        "applicant_name": showing.of("person_name", view.applicant_name),
        "township": view.township or "",
        "period": view.period,
        "at_risk": view.at_risk_yuan,
        "status": str(view.status),
        "first_seen": view.first_seen,
        "last_seen": view.last_seen,
        "as_of": as_of,
        "confirmed": view.confirmed,
        "not_checked_reason": joined(reason_lines(view.reason or "", language()), "sentences"),
        "evidence": line.replace("\n", " "),
        "handler": view.handler or "",
        "outcome": view.outcome or "",
        "decided_by": view.decided_by or "",
        "decided_on": view.decided_on,
    }


def links_table(engine: Engine, dictionary: Dictionary, showing: Showing) -> pa.Table:
    """One row a link of a record to a subject; ``why`` in words, names and numbers as shown."""
    places = "\n    union all\n    ".join(
        f"select record_id, business_date, file_name, row_no from clean.{contract.table}"  # noqa: S608 - our own names
        for contract in dictionary
    )
    table = engine.arrow(f"with place as (\n    {places}\n),\n{_LINKS}")
    table = _worded(table, "why", lambda code: explain(code, language()))
    table = _worded(table, "subject_name", lambda name: showing.of("person_name", name))
    return _worded(table, "subject_id_no", lambda number: showing.of("id_no", number))


def answers_table(engine: Engine) -> pa.Table:
    """One row a case and rule; ``reason`` in words, ``reason_code`` for programs."""
    table = engine.arrow(_ANSWERS)
    reasons = _worded(
        table.select(["reason_code"]).rename_columns(["reason"]),
        "reason",
        lambda code: joined(reason_lines(code, language()), "sentences"),
    )
    return table.append_column("reason", reasons["reason"]).select(
        ["case_no", "rule", "answer", "reason", "reason_code"]
    )


def _worded(table: pa.Table, column: str, word: Callable[[str], str]) -> pa.Table:
    """The column's codes in words; each distinct code is worded once."""
    codes = table[column].combine_chunks().dictionary_encode()
    words = pa.array([word(code or "") for code in codes.dictionary.to_pylist()], pa.string())
    worded = pa.DictionaryArray.from_arrays(codes.indices, words).cast(pa.string())
    return table.set_column(table.column_names.index(column), column, worded)
