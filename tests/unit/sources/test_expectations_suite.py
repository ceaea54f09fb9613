"""What is expected of cleaned deliveries, and that Great Expectations finds what is not met."""

import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from domain.errors import HeduiError
from sources import expectations
from sources.contract import load_dictionary
from sources.expectations import ExpectationResult, loading_ahead, validate
from sources.suite import suite_of
from store.engines.duckdb import DuckDBEngine

DICTIONARY = load_dictionary()
VEHICLES = DICTIONARY["public_security.vehicles"]
ENROLMENT = DICTIONARY["medical_insurance.enrolment"]
DAY = date(2026, 11, 20)


@pytest.fixture
def engine() -> Iterator[DuckDBEngine]:
    with DuckDBEngine() as opened:
        yield opened


def vehicles(engine: DuckDBEngine, folder: Path, rows: int, **changed: str) -> Path:
    """A cleaned delivery of so many vehicles, some columns given as SQL over ``n`` from 0."""
    columns = {
        "plate": "'P' || n",
        "plate_kind": "'02'",
        "vehicle_class": "'K33'",
        "name": "'王伟'",
        "id_no": "'99010219900101004X'",
        "id_no_text": "cast(null as varchar)",
        "vehicle_use": "'A'",
        "first_registered_date": "date '2020-01-01'",
        "vehicle_status": "'A'",
    } | changed
    return cleaned(engine, folder, rows, columns)


def enrolments(engine: DuckDBEngine, folder: Path, rows: int, **changed: str) -> Path:
    """Likewise of enrolments: their people's sex and birth date are those of their numbers."""
    columns = {
        "psn_no": "'N' || n",
        "name": "'王伟'",
        "id_no": "'99010219900101004X'",
        "id_no_text": "cast(null as varchar)",
        "sex": "'2'",
        "birth_date": "date '1990-01-01'",
        "insurance": "'390'",
        "enrolment_status": "'1'",
        "premium_aid": "'0'",
    } | changed
    return cleaned(engine, folder, rows, columns)


def cleaned(engine: DuckDBEngine, folder: Path, rows: int, columns: Mapping[str, str]) -> Path:
    listed = ", ".join(f"{expression} as {name}" for name, expression in columns.items())
    file = folder / "rows.parquet"
    engine.run(f"copy (select n as record_id, {listed} from range({rows}) as given(n)) to '{file}'")
    return file


def unmet(results: list[ExpectationResult]) -> set[tuple[str, str, bool]]:
    return {(each.code, each.header, each.is_critical) for each in results if not each.is_met}


def test_every_dataset_has_a_suite_from_dictionary_and_contract() -> None:
    for contract in DICTIONARY:
        suite = suite_of(contract, DAY)
        required = {c.name for c in contract.columns if not c.is_nullable and c.kind != "id_no"}
        assert required == {each.column for each in suite if each.code == "value_required"}
        assert {each.column for each in suite if each.code == "code_listed"} == {
            column.name for column in contract.of_kind("code")
        }
        usable = [each.column for each in suite if each.code == "numbers_usable"]
        assert usable == [person.id_no for person in contract.persons]


def test_a_good_delivery_meets_everything(engine: DuckDBEngine, tmp_path: Path) -> None:
    results = validate(VEHICLES, vehicles(engine, tmp_path, 100), DAY)
    assert unmet(results) == set()
    assert len(results) == len(suite_of(VEHICLES, DAY))
    assert [path.name for path in tmp_path.iterdir()] == ["rows.parquet"]


def test_what_is_not_met_is_named_by_the_senders_header(
    engine: DuckDBEngine, tmp_path: Path
) -> None:
    file = vehicles(
        engine,
        tmp_path,
        100,
        plate="'P' || n // 2",
        plate_kind="if(n = 1, '99', '02')",
        id_no="if(n < 60, null, '99010219900101004X')",
        vehicle_class="if(n = 0, null, 'K33')",
        name="if(n < 10, '12345', '王伟')",
    )
    results = validate(VEHICLES, file, DAY)
    assert unmet(results) == {
        ("key_unique", "", True),
        ("value_required", "CLLX", True),
        ("code_listed", "HPZL", True),
        ("numbers_usable", "SFZMHM", True),
        ("names_look_like_names", "SYR", False),
    }
    counts = {each.code: (each.rows, each.unexpected) for each in results if not each.is_met}
    assert counts["key_unique"] == (100, 49)
    assert counts["numbers_usable"] == (100, 60)


def test_shares_of_a_handful_of_rows_hold_nothing(engine: DuckDBEngine, tmp_path: Path) -> None:
    file = vehicles(engine, tmp_path, 3, id_no="cast(null as varchar)")
    results = validate(VEHICLES, file, DAY)
    assert ("numbers_usable", "SFZMHM", False) in unmet(results)
    assert not any(each.is_critical for each in results)


def test_a_contracts_own_checks_are_part_of_its_suite(engine: DuckDBEngine, tmp_path: Path) -> None:
    for days_before, is_critical in ((1, True), (60, False)):
        registered = f"date '2026-11-20' - {days_before} + n::int"
        future = vehicles(engine, tmp_path, 100, first_registered_date=registered)
        results = validate(VEHICLES, future, DAY)
        assert ("not_after_delivery", "CCDJRQ", is_critical) in unmet(results)
    check = {"expect": "between", "column": "plate_kind", "least": 5, "most": 9, "share": 0.5}
    own = suite_of(replace(VEHICLES, checks=(check,)), DAY)[-1]
    assert (own.code, own.severity, own.wanted_share) == ("within_bounds", "warning", 0.5)


@pytest.mark.parametrize(
    ("column", "header", "other"),
    [("sex", "gend", "'1'"), ("birth_date", "brdy", "date '1990-01-02'")],
)
@pytest.mark.parametrize(("differing", "is_critical"), [(60, True), (40, False)])
def test_what_most_peoples_numbers_contradict_holds_the_delivery(
    engine: DuckDBEngine, tmp_path: Path, column: str, header: str, other: str, differing: int,
    is_critical: bool,
) -> None:  # fmt: skip
    own = {"sex": "'2'", "birth_date": "date '1990-01-01'"}[column]
    given = {column: f"case when n < {differing} then {other} else {own} end"}
    results = validate(ENROLMENT, enrolments(engine, tmp_path, 100, **given), DAY)
    assert unmet(results) == {("agrees_with_number", header, is_critical)}


def test_what_numbers_bear_out_is_met(engine: DuckDBEngine, tmp_path: Path) -> None:
    assert unmet(validate(ENROLMENT, enrolments(engine, tmp_path, 100), DAY)) == set()


def test_a_library_that_cannot_be_loaded_is_heard_of_where_it_is_used(
    engine: DuckDBEngine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    asked = threading.Event()

    def broken() -> None:
        asked.set()
        raise ImportError("no such library")

    monkeypatch.setattr(expectations, "_library", broken)
    with loading_ahead():
        assert asked.wait(timeout=30)
    with pytest.raises(ImportError, match="no such library"):
        validate(VEHICLES, vehicles(engine, tmp_path, 10), DAY)
    assert capfd.readouterr().err == ""


def test_a_check_nobody_knows_is_refused() -> None:
    with pytest.raises(HeduiError):
        suite_of(replace(VEHICLES, checks=({"expect": "magic", "column": "plate"},)), DAY)


def test_an_empty_full_extract_is_remarked(engine: DuckDBEngine, tmp_path: Path) -> None:
    results = validate(VEHICLES, vehicles(engine, tmp_path, 0), DAY)
    assert unmet(results) == {("rows_expected", "", False)}
