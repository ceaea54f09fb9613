"""How many people two extracts share, and under the same names, wherever the files lie."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sources.contract import load_dictionary
from sources.turnover import Turnover, turnover
from sources.verdict import ROWS_FILE
from store.engines.duckdb import DuckDBEngine

PENSIONS = load_dictionary()["human_resources.pensions"]


def extract(folder, people):
    folder.mkdir(parents=True)
    ids, names = zip(*people, strict=True)
    pq.write_table(
        pa.table({"id_no": pa.array(ids, pa.string()), "name": pa.array(names, pa.string())}),
        folder / ROWS_FILE,
    )
    return folder


@pytest.mark.parametrize("home", ["plain", "it's here", "$now", "a;b {id_no} %"])
def test_people_and_names_kept(tmp_path, home):
    before = extract(
        tmp_path / home / "before",
        [("1", "甲"), ("1", "甲"), ("2", "乙"), ("3", "丙"), (None, "丁"), ("5", None)],
    )
    now = extract(tmp_path / home / "now", [("1", "甲"), ("2", "换"), ("4", "戊"), ("5", "己")])
    with DuckDBEngine(threads=1) as engine:
        found = turnover(engine, PENSIONS, now, before, 7)
    assert found == Turnover(people=4, kept=3, days=7, named=2, same_name=1)
