"""Small nights for tests: a run's tables as far as casework reads them, and the run around them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

import pyarrow as pa

from casework.recurrence import RecurrenceSummary, record_run
from store.engines.duckdb import DuckDBEngine
from store.engines.engine import Engine
from store.ledger import Ledger
from store.manifest import RunManifest
from store.runs import begin_run, finish_run
from store.snapshot import building_snapshot, drop_old_snapshots, open_snapshot_file
from store.workspace import Workspace

REGISTERS = ("civil_affairs.households", "civil_affairs.members")
_TEXT = pa.string()
_FINDING = pa.schema(
    [
        ("finding_id", _TEXT), ("rule", _TEXT), ("direction", _TEXT), ("per", _TEXT),
        ("grade", _TEXT), ("case_no", _TEXT), ("seq", pa.int32()), ("person_id", pa.int64()),
        ("household_no", _TEXT), ("person_key", _TEXT), ("person_name", _TEXT),
        ("person_id_no", _TEXT), ("applicant_name", _TEXT), ("township_code", _TEXT),
        ("period", _TEXT), ("at_risk_yuan", pa.decimal128(14, 2)), ("evidence", _TEXT),
        ("evidence_hash", _TEXT),
    ]
)  # fmt: skip
_TABLES = {
    "judged.answer": ("case_no", "rule", "answer", "reason"),
    "clean.source_status": ("dataset", "state"),
    "clean.household": ("case_no", "benefit_status"),
    "clean.set_aside": ("dataset", "case_no"),
    "linked.person": ("person_id", "person_key", "household_no"),
    "linked.unchecked": ("dataset", "person_id", "reason"),
}
Row = tuple[object, ...]


def finding(finding_id: str, case_no: str | None = "DB1", **others: object) -> dict[str, object]:
    """A row of judged.finding; what is not given is harmless."""
    row = {
        "finding_id": finding_id, "rule": "motor_vehicle", "direction": "over", "per": "case",
        "grade": "flag", "case_no": case_no, "person_name": "王伟", "applicant_name": "王伟",
        "township_code": "990102001", "period": "", "evidence": "[]", "evidence_hash": "facts-1",
    }  # fmt: skip
    return row | others


@dataclass
class Night:
    """What one run's tables say. ``answers``: (case, rule, answer, reason)."""

    as_of: date
    findings: list[dict[str, object]] = field(default_factory=list)
    answers: list[Row] = field(default_factory=list)
    households: list[Row] = field(default_factory=lambda: [("DB1", "1")])
    sources: list[Row] = field(default_factory=lambda: [(name, "in_force") for name in REGISTERS])
    set_aside: list[Row] = field(default_factory=list)
    persons: list[Row] = field(default_factory=list)
    unchecked: list[Row] = field(default_factory=list)
    late: str = ""  # another delivery, hence another manifest, for the same date

    def write(self, engine: Engine) -> None:
        """Make the tables in ``engine``."""
        engine.load_table("judged.finding", pa.Table.from_pylist(self.findings, _FINDING))
        contents = (
            self.answers, self.sources, self.households, self.set_aside, self.persons,
            self.unchecked,
        )  # fmt: skip
        for (table, columns), rows in zip(_TABLES.items(), contents, strict=True):
            engine.load_table(table, _arrow(columns, rows))

    @property
    def manifest(self) -> RunManifest:
        """A manifest of its date and ``late``."""
        return RunManifest(
            self.as_of, (), {}, {"late": self.late}, "code-1", "model-1", ("990102",)
        )

    @property
    def at(self) -> datetime:
        """The evening of its date."""
        return datetime.combine(self.as_of, time(18), UTC)


def _arrow(columns: tuple[str, ...], rows: Iterable[Row]) -> pa.Table:
    types = [pa.int64() if name == "person_id" else _TEXT for name in columns]
    values = list(zip(*rows, strict=True)) or [()] * len(columns)
    arrays = [pa.array(one, kind) for one, kind in zip(values, types, strict=True)]
    return pa.table(arrays, names=list(columns))


def record(ledger: Ledger, night: Night) -> RecurrenceSummary:
    """Record a night without a snapshot."""
    run = begin_run(ledger, night.manifest, at=night.at, full=True)
    with DuckDBEngine() as engine:
        night.write(engine)
        summary = record_run(ledger, engine, run, at=night.at)
    finish_run(ledger, run, at=night.at)
    return summary


def run_night(ledger: Ledger, workspace: Workspace, night: Night, *, full: bool = False) -> str:
    """A night as the pipeline makes it, snapshot and all; its run_id."""
    run = begin_run(ledger, night.manifest, at=night.at, full=full)
    if run.is_done and not full:
        return run.run_id
    with building_snapshot(workspace, run.run_id, memory_limit="200MB") as build:
        night.write(build.engine)
        sealed = build.seal()
    with open_snapshot_file(workspace, sealed.name) as engine:
        record_run(ledger, engine, run, at=night.at, snapshot=sealed)
    drop_old_snapshots(workspace, ledger)
    finish_run(ledger, run, at=night.at)
    return run.run_id
