"""A file is read as itself, whatever its folder is called and whatever lies beside it."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from store.engines.duckdb import DuckDBEngine
from store.engines.parquet_files import exactly, parquet_rows


@pytest.mark.parametrize(
    ("folder", "beside"),
    [
        ("night[12]", "night1"),
        ("night*", "nights"),
        ("night?", "night1"),
        ("**", "deep/er"),
        ("n[!a]", "nb"),
        ("]n[", "n"),
        ("it's", "its"),
        ("核对 #%41 {1,2}", "核对 #A 1"),
        ("n=5", "n=6"),
    ],
)
def test_nothing_but_the_file_itself_is_read(tmp_path, folder, beside):
    for name, value in ((beside, 2), (folder, 1)):
        (tmp_path / name).mkdir(parents=True)
        pq.write_table(pa.table({"n": [value]}), tmp_path / name / "rows.parquet")
    file = tmp_path / folder / "rows.parquet"
    with DuckDBEngine() as engine:
        assert engine.rows(f"select * from {parquet_rows([file, file])}") == [(1,), (1,)]
        bound = "select * from read_parquet($file, hive_partitioning = false)"
        assert engine.rows(bound, {"file": exactly(file)}) == [(1,)]
