"""Splink 5 on the same clean tables, set up for this very job as an expert would.

It gets what our matcher gets: cleaned numbers and names, repaired numbers, readings, and of each
subject what the population register has under its number (former name, address). Levels are gated
by the check digit, rare levels have their u fixed, term frequencies tell common names from rare
ones. What it lacks is what its pairwise model cannot say: that a record speaks of one person at
most, and what people share a paper, a case or an employer.
"""

import logging
import sys
from pathlib import Path

import duckdb
import pyarrow as pa
from pypinyin import Style, lazy_pinyin
from splink import Linker, SettingsCreator, block_on
from splink import comparison_level_library as level
from splink import comparison_library as comparison
from splink.backends.duckdb import DuckDBAPI

from benchmarks.measure import Parts
from benchmarks.worlds import AS_OF
from matchers.repairs import repairs

_FOLDER = Path(__file__).parent
_LEAST_PROBABILITY = 0.01
ROWS = {"subjects": "splink_rows.sql", "everybody": "splink_everybody.sql"}


def main(tables: Path, pairs: Path, to: str = "subjects") -> None:
    """Prepare, train, predict; write person–record pairs with their probability to ``pairs``.

    Records are linked ``to`` the people of cases and applications, or everybody in the register.
    """
    logging.disable(logging.WARNING)
    parts = Parts()
    connection = duckdb.connect(config={"threads": 2, "preserve_insertion_order": False})
    connection.execute(f"attach '{tables}' as base (read_only)")
    parts.run("prepare", lambda: prepare(connection, ROWS[to]))
    linker = parts.run("train", lambda: train(connection))
    found = parts.run(
        "predict",
        lambda: linker.inference.predict(threshold_match_probability=_LEAST_PROBABILITY),
    )
    parts.report()
    connection.execute(
        f"copy (select unique_id_l as subject_row, unique_id_r as record, match_probability"
        f" from {found.physical_name}) to '{pairs}' (format parquet)"
    )
    connection.close()


def prepare(connection: duckdb.DuckDBPyConnection, rows: str) -> None:
    """Make tables ``subject`` and ``record``: a row each person linked to, and each record."""
    connection.execute((_FOLDER / rows).read_text(encoding="utf-8"))
    damaged = connection.execute(
        "select distinct id_text from record_row where id_text is not null order by id_text"
    ).fetchall()
    repaired = repairs([text for (text,) in damaged], AS_OF)
    names = connection.execute(
        "select name from record_row union select name from subject_row order by name"
    ).fetchall()
    readings = [(n, " ".join(lazy_pinyin(n, style=Style.NORMAL))) for (n,) in names if n]
    reading = pa.table(
        {"name": [name for name, _ in readings], "reading": [said for _, said in readings]}
    )
    connection.register("repaired", repaired)
    connection.register("reading", reading)
    connection.execute((_FOLDER / "splink_tables.sql").read_text(encoding="utf-8"))


def train(connection: duckdb.DuckDBPyConnection) -> Linker:
    """The linker, trained on the two tables: u at random, m by EM from two blockings."""
    api = DuckDBAPI(connection=connection)
    linker = Linker([api.register("subject"), api.register("record")], _settings())
    linker.training.estimate_probability_two_random_records_match([block_on("id_no")], recall=0.97)
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    for rule in (block_on("id_no"), block_on("name", "birth_date")):
        linker.training.estimate_parameters_using_expectation_maximisation(
            rule, record_sample_proportion=1.0
        )
    return linker


def _settings() -> SettingsCreator:
    return SettingsCreator(
        link_type="link_only",
        comparisons=[_number(), _name(), _birth(), _sex(), *_places()],
        blocking_rules_to_generate_predictions=[
            block_on("id_no"),
            "l.id_no = r.repaired_no",
            block_on("name", "birth_date"),
            block_on("birth_date", "surname"),
            "l.name = r.name and r.id_no is null",
            "l.former_name = r.name and r.id_no is null",
            "l.register_address = r.address_key and l.surname = r.surname and r.id_no is null",
        ],
        retain_matching_columns=False,
        retain_intermediate_calculation_columns=False,
    )


def _fixed(condition: str, u: float, m: float | None = None) -> object:
    rare = level.CustomLevel(condition)
    if m is None:
        return rare.configure(u_probability=u, fix_u_probability=True)
    return rare.configure(
        u_probability=u, m_probability=m, fix_u_probability=True, fix_m_probability=True
    )


def _number() -> comparison.CustomComparison:
    """Two valid numbers are equal or speak against one person; damaged ones by their repairs."""
    return comparison.CustomComparison(
        output_column_name="number",
        comparison_levels=[
            level.CustomLevel(
                "id_no_l is null or (id_no_r is null and repaired_no_r is null)"
            ).configure(is_null_level=True),
            _fixed("id_no_l = id_no_r", 5e-6),
            _fixed("id_no_r is null and id_no_l = repaired_no_r", 2e-6, 0.02),
            level.ElseLevel(),
        ],
    )


def _name() -> comparison.CustomComparison:
    return comparison.CustomComparison(
        output_column_name="name",
        comparison_levels=[
            level.NullLevel("name"),
            level.ExactMatchLevel("name", term_frequency_adjustments=True),
            _fixed("former_name_l = name_r or name_l = former_name_r", 1e-5),
            _fixed("replace(name_l, '·', '') = replace(name_r, '·', '')", 1e-6),
            _fixed("reading_l = reading_r", 1e-4),
            _fixed("contains(name_r, '?') and name_l like replace(name_r, '?', '_')", 1e-4),
            _fixed("surname_l = surname_r", 0.03),
            level.ElseLevel(),
        ],
    )


def _birth() -> comparison.CustomComparison:
    return comparison.CustomComparison(
        output_column_name="birth_date",
        comparison_levels=[
            level.NullLevel("birth_date"),
            _fixed("birth_date_l = birth_date_r", 4e-5),
            level.CustomLevel("year(birth_date_l) = year(birth_date_r)"),
            level.ElseLevel(),
        ],
    )


def _sex() -> comparison.CustomComparison:
    return comparison.CustomComparison(
        output_column_name="sex",
        comparison_levels=[level.NullLevel("sex"), level.ExactMatchLevel("sex"), level.ElseLevel()],
    )


def _places() -> list[comparison.CustomComparison]:
    return [
        comparison.CustomComparison(
            output_column_name="township_code",
            comparison_levels=[
                level.NullLevel("township_code"),
                level.ExactMatchLevel("township_code"),
                level.ElseLevel(),
            ],
        ),
        comparison.CustomComparison(
            output_column_name="address_key",
            comparison_levels=[
                level.NullLevel("address_key"),
                _fixed("address_key_l = address_key_r or register_address_l = address_key_r", 2e-5),
                level.ElseLevel(),
            ],
        ),
    ]


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:])
