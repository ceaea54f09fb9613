from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from noise_small_world import AS_OF, SEED, small_world

from simulation import simulate as simulation
from simulation.findings_truth import MEMBERS, identity_mismatches, with_hindrance
from simulation.noise import POPULATION, NoiseRates
from simulation.simulate import simulate, truth_folder
from simulation.world import World
from sources.contract import load_dictionary

HOUSEHOLDS = "civil_affairs.households"


def with_cases(world: World) -> World:
    """The world with every member in an active case of its own, counted, and registered."""
    members = world.tables[MEMBERS]
    members = _set(members, "成员类别", ["1"] * members.num_rows)
    households = world.tables[HOUSEHOLDS].slice(0, min(members.num_rows, 260))
    cases = members.column("救助证号").slice(0, households.num_rows)
    households = _set(households, "救助证号", cases.to_pylist())
    households = _set(households, "待遇状态", ["1"] * households.num_rows)
    people = world.persons
    population = world.tables[POPULATION].slice(0, people.num_rows)
    count = population.num_rows
    population = _set(population, "GMSFHM", people.column("id_no").slice(0, count).to_pylist())
    population = _set(population, "XM", people.column("name").slice(0, count).to_pylist())
    population = _set(population, "_person", list(range(count)))
    tables = {**world.tables, MEMBERS: members, HOUSEHOLDS: households, POPULATION: population}
    return replace(world, tables=tables)


def _set(table: pa.Table, header: str, values: list[Any]) -> pa.Table:
    place = table.column_names.index(header)
    return table.set_column(place, header, pa.array(values, table.schema.field(header).type))


def mismatches(
    world: World, inbox: Path, monkeypatch: pytest.MonkeyPatch, rates: NoiseRates
) -> dict[tuple[str, int], str]:
    monkeypatch.setattr(simulation, "build_world", lambda *_: world)
    simulate(2000, world.as_of, SEED, inbox, rates)
    found = identity_mismatches(truth_folder(inbox), load_dictionary(), world)
    return {(case_no, seq): reason for case_no, seq, reason in found}


def member(world: World, place: int) -> tuple[str, int]:
    row = world.tables[MEMBERS].slice(place, 1).to_pylist()[0]
    return row["救助证号"], row["序号"]


def test_a_clean_district_has_no_mismatch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = with_cases(small_world())
    assert mismatches(world, tmp_path / "inbox", monkeypatch, NoiseRates.none()) == {}


def test_planted_numbers_of_others_are_found_as_what_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = with_cases(small_world())
    members = world.tables[MEMBERS]
    numbers = members.column("身份证号").to_pylist()
    persons = members.column("_person").to_pylist()
    listed = set(persons)
    stranger = next(n for n in range(1000) if n not in listed)
    numbers[0] = None
    numbers[1] = world.persons.column("id_no")[stranger].as_py()
    numbers[2] = numbers[3]
    world = replace(world, tables={**world.tables, MEMBERS: _set(members, "身份证号", numbers)})
    found = mismatches(world, tmp_path / "inbox", monkeypatch, NoiseRates.none())
    assert found[member(world, 0)] == "invalid"
    assert found[member(world, 1)] == "other_name"
    assert found[member(world, 2)] == "other_name"
    assert found[member(world, 3)] == "shared"
    assert len(found) == 4


def test_a_damaged_number_of_a_counted_member_is_expected_to_be_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = with_cases(small_world())
    inbox = tmp_path / "inbox"
    found = mismatches(world, inbox, monkeypatch, NoiseRates())
    truth = truth_folder(inbox) / AS_OF.isoformat()
    subjects = pq.read_table(truth / "subjects.parquet").to_pylist()
    damaged = {
        (row["case_no"], row["seq"])
        for row in subjects
        if row["difficulty"] in ("damaged_number", "no_number", "both")
    }
    counted = {member(world, n) for n in range(260)}
    assert damaged & counted == {key for key, reason in found.items() if reason == "invalid"}
    findings = pq.read_table(truth / "findings.parquet")
    written = findings.filter(pc.equal(findings.column("rule"), "identity_mismatch"))
    assert {(r["case_no"], r["seq"]) for r in written.to_pylist()} == set(found)


def test_only_what_a_rule_reads_hinders_its_finding() -> None:
    world = small_world()
    case_no, seq = member(world, 0)
    person = world.subjects.column("person")[0].as_py()
    blank = dict.fromkeys(world.expected.column_names)
    rows = [blank | {"rule": r, "case_no": case_no, "seq": seq} for r in ("moved_out", "deceased")]
    findings = pa.Table.from_pylist(rows, schema=world.expected.schema)
    everywhere = {contract.dataset: set[int]() for contract in load_dictionary()}
    hidden = {
        "set_aside": everywhere | {"civil_affairs.cremations": {person}},
        "other_persons_number": dict(everywhere),
    }
    found = with_hindrance(findings, world, hidden).column("hindrance").to_pylist()
    assert found == ["", "set_aside"]


def test_a_later_evening_has_its_own_truth(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inbox = tmp_path / "inbox"
    world = with_cases(small_world())
    first = mismatches(world, inbox, monkeypatch, NoiseRates())
    later = small_world(AS_OF + timedelta(days=1))
    world = replace(world, as_of=later.as_of, business_dates=later.business_dates)
    assert mismatches(world, inbox, monkeypatch, NoiseRates()) == first
    evenings = {f.name for f in truth_folder(inbox).iterdir() if f.name[0].isdigit()}
    assert evenings == {"2026-11-20", "2026-11-21"}
