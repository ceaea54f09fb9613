"""The findings that the agreed rules ask for in a district, from its true persons.

Worked out row by row from the clean registers by a reading of the agreement of its own: nothing is
taken from the product's rules. Links are the true ones, so no grade is foretold.
"""

from collections.abc import Iterable
from datetime import date
from itertools import chain
from typing import Final

import numpy as np
import pyarrow as pa

from simulation import expected_over, expected_under, expected_unlisted
from simulation.expected_reading import Finding, Reading
from simulation.staging import Key, Planted

EXPECTED_SCHEMA: Final = pa.schema(
    {
        "rule": pa.string(),
        "direction": pa.string(),
        "case_no": pa.string(),
        "seq": pa.int32(),
        "household_no": pa.string(),
        "person_id_no": pa.string(),
        "person_name": pa.string(),
        "period": pa.string(),
        "at_risk_yuan": pa.decimal128(14, 2),
        "planted": pa.bool_(),
    }
)
NEAR_MISS_SCHEMA: Final = pa.schema(
    {
        "rule": pa.string(),
        "case_no": pa.string(),
        "household_no": pa.string(),
        "person": pa.int64(),
        "note": pa.string(),
    }
)
_RULES: Final = (*expected_over.RULES, *expected_under.RULES, *expected_unlisted.RULES)


def find(tables: dict[str, pa.Table], as_of: date) -> list[Finding]:
    """All expected findings of an evening, in the order of the rules."""
    reading = Reading(tables, as_of)
    found = list(chain.from_iterable(rule(reading) for rule in _RULES))
    return sorted(found, key=_order)


def _order(finding: Finding) -> tuple[str, str, int, str, int]:
    return (
        finding.rule,
        finding.case_no or "",
        finding.seq or 0,
        finding.household_no or "",
        -1 if finding.person is None else finding.person,
    )


def expected_findings(
    tables: dict[str, pa.Table], persons: pa.Table, planted: Planted, as_of: date
) -> pa.Table:
    """The expected findings as a table; ``planted`` tells what was put there on purpose."""
    return write_findings(find(tables, as_of), persons, planted)


def expected_identity_mismatch(
    rows: Iterable[tuple[str, int, str]], subjects: pa.Table, persons: pa.Table
) -> pa.Table:
    """Findings of ``identity_mismatch`` for (case_no, seq, reason) rows spoilt by noise.

    The reason is that of the agreement (``invalid``, ``other_name``, ``shared``); the finding is
    the same for each. Raises KeyError for a row that is no subject.
    """
    columns = [subjects.column(name).to_pylist() for name in ("case_no", "seq", "person")]
    of = {(case_no, seq): person for case_no, seq, person in zip(*columns, strict=True)}
    found = {
        (case_no, seq): Finding("identity_mismatch", "data", case_no, seq, person=of[case_no, seq])
        for case_no, seq, _ in rows
    }
    return write_findings(sorted(found.values(), key=_order), persons, Planted())


def write_findings(found: list[Finding], persons: pa.Table, planted: Planted) -> pa.Table:
    """Findings with the number and name of the person each is about."""
    numbers, names = _persons_named(found, persons)
    return pa.table(
        [
            pa.array([finding.rule for finding in found], pa.string()),
            pa.array([finding.direction for finding in found], pa.string()),
            pa.array([finding.case_no for finding in found], pa.string()),
            pa.array([finding.seq for finding in found], pa.int32()),
            pa.array([finding.household_no for finding in found], pa.string()),
            numbers,
            names,
            pa.array([finding.period for finding in found], pa.string()),
            pa.array([finding.at_risk for finding in found], pa.decimal128(14, 2)),
            pa.array([is_planted(finding, planted) for finding in found], pa.bool_()),
        ],
        schema=EXPECTED_SCHEMA,
    )


def _persons_named(found: list[Finding], persons: pa.Table) -> tuple[pa.Array, pa.Array]:
    place = np.full(int(persons.column("person").to_numpy().max(initial=0)) + 2, -1)
    place[persons.column("person").to_numpy()] = np.arange(persons.num_rows)
    rows = [None if f.person is None else int(place[f.person]) for f in found]
    taken = pa.array(rows, pa.int64())
    numbers = persons.column("id_no").take(taken).combine_chunks()
    names = persons.column("name").take(taken).combine_chunks()
    return numbers, names


def is_planted(finding: Finding, planted: Planted) -> bool:
    """Whether the finding was put there: for its person, its household or its case."""
    keys: list[Key | None] = [finding.person, finding.household_no, finding.case_no]
    return any((finding.rule, key) in planted.hits for key in keys if key is not None)


def near_misses(planted: Planted) -> pa.Table:
    """The planted near misses as a table."""
    rows = [
        {
            "rule": rule,
            "case_no": case_no,
            "household_no": None if home is None else f"990102{home + 1:09d}",
            "person": person,
            "note": note,
        }
        for rule, case_no, home, person, note in planted.near
    ]
    return pa.Table.from_pylist(rows, schema=NEAR_MISS_SCHEMA)
