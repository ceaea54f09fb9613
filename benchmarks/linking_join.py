"""DuckDB's bare hash join of subjects and records by equal number: the floor of any linking."""

import sys
from pathlib import Path

from benchmarks.measure import Parts
from store.engines.duckdb import DuckDBEngine

_SUBJECT = """
    create table subject as
    select record_id, id_no, name from clean.member where id_no is not null
    union all
    select record_id, id_no, name from clean.application where id_no is not null
"""
_RECORD = """
    create table record as
    select record_id, role, id_no, name
    from clean.mention
    where id_no is not null and not is_set_aside
"""
_JOIN = """
    create table joined as
    select
        record.record_id, record.role, subject.record_id as subject,
        record.name = subject.name as agrees
    from record
    join subject on subject.id_no = record.id_no
"""


def main(tables: Path) -> None:
    """Copy the two columns that are joined, then join them."""
    parts = Parts()
    with DuckDBEngine() as engine:
        engine.show_read_only(tables, "clean")
        engine.run(_SUBJECT)
        engine.run(_RECORD)
        parts.run("join", lambda: engine.run(_JOIN))
        parts.said["pairs"] = float(engine.rows("select count(*) from joined")[0][0])
        parts.report()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
