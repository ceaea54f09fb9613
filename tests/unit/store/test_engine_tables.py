"""What the engine keeps as small numbers, and what it keeps out of its file."""

from pathlib import Path

import duckdb

from store.engines.duckdb import DuckDBEngine

GRADES = ("certain", "probable")
QUERY = "select 1 as place, 'probable' as grade union all select 2 as place, 'certain' as grade"


def test_a_column_of_choices_reads_as_text() -> None:
    with DuckDBEngine() as engine:
        assert engine.create_table("linked.record", QUERY, choices={"grade": GRADES}) == 2
        assert engine.rows("select typeof(grade) from linked.record limit 1") == [
            ("ENUM('certain', 'probable')",)
        ]
        assert engine.rows("select place from linked.record where grade = 'certain'") == [(2,)]
        assert engine.rows("select place from linked.record where grade = 'neither'") == []
        assert engine.rows("select grade from linked.record order by grade") == [
            ("certain",),
            ("probable",),
        ]
        table = engine.arrow("select grade from linked.record order by place")
        assert str(table.schema.field("grade").type) == "string"
        assert table["grade"].to_pylist() == ["probable", "certain"]


def test_tables_kept_aside_never_reach_the_file(tmp_path: Path) -> None:
    path = tmp_path / "night.duckdb"
    with DuckDBEngine(path) as engine:
        engine.create_table("work.old", "select 1 as place")
        engine.keep_aside("work")
        assert not engine.has_table("work.old")
        engine.create_table("work.pair", "select 1 as place")
        engine.keep_aside("work")
        assert engine.has_table("work.pair")
        engine.create_table("linked.pair", "select place + 1 as place from work.pair")
        engine.drop_working("work")
        assert not engine.has_table("work.pair")
    with duckdb.connect(str(path), read_only=True) as found:
        tables = found.execute("select schema_name, table_name from duckdb_tables()").fetchall()
        assert tables == [("linked", "pair")]


def test_tables_are_kept_aside_of_a_file_that_is_only_read(tmp_path: Path) -> None:
    path = tmp_path / "night.duckdb"
    with DuckDBEngine(path) as engine:
        engine.create_table("linked.record", QUERY)
    before = path.read_bytes()
    with DuckDBEngine(path, read_only=True) as engine:
        engine.keep_aside("work")
        engine.create_table("work.sure", "select * from linked.record where grade = 'certain'")
        assert engine.rows("select place from work.sure") == [(2,)]
    assert path.read_bytes() == before


def test_tables_kept_aside_are_never_checkpointed_and_those_after_them_are(tmp_path: Path) -> None:
    threshold = "select current_setting('checkpoint_threshold')"
    with DuckDBEngine(tmp_path / "night.duckdb") as engine:
        before = engine.rows(threshold)
        engine.keep_aside("work")
        assert engine.rows(threshold) != before
        engine.drop_working("work")
        assert engine.rows(threshold) == before


def test_a_strand_makes_tables_for_all_also_those_kept_aside(tmp_path: Path) -> None:
    path = tmp_path / "night.duckdb"
    with DuckDBEngine(path) as engine:
        engine.keep_aside("work")
        with engine.strand() as strand:
            assert strand.create_table("work.pair", "select 1 as place") == 1
            assert strand.has_table("work.pair")
            assert strand.create_table("linked.pair", "select place + 1 as place from work.pair")
        assert engine.rows("select place from linked.pair") == [(2,)]
        assert engine.has_table("work.pair")
        engine.drop_working("work")
    with duckdb.connect(str(path), read_only=True) as found:
        tables = found.execute("select schema_name, table_name from duckdb_tables()").fetchall()
        assert tables == [("linked", "pair")]
