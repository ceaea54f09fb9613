"""The simulated district: its people and registers; an evening changes only what is new."""

from collections import Counter
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from stdnum.cn import ric

from simulation import columns, timeline
from simulation.timeline import HORIZON
from simulation.world import World, build_world

NEXT_EVENING = date(2026, 11, 21)


@pytest.fixture(scope="module")
def world() -> World:
    return build_world(3_000, HORIZON, 11)


def test_the_same_arguments_give_the_same_tables(world: World) -> None:
    again = build_world(3_000, HORIZON, 11)
    assert all(again.tables[name].equals(table) for name, table in world.tables.items())
    assert again.expected.equals(world.expected)
    assert again.near_misses.equals(world.near_misses)
    assert again.persons.equals(world.persons)


def test_another_seed_gives_other_people(world: World) -> None:
    other = build_world(3_000, HORIZON, 12)
    assert set(other.persons["id_no"].to_pylist()) != set(world.persons["id_no"].to_pylist())


def test_every_dataset_has_the_columns_of_the_dictionary_and_the_hidden_ones(world: World) -> None:
    wanted = {name for name in columns.dictionary() if name != "codes"}
    assert set(world.tables) == wanted
    for name, table in world.tables.items():
        assert table.schema.equals(columns.schema(name))
        assert table.num_rows > 0


def test_every_number_is_valid_and_under_a_division_of_nobody(world: World) -> None:
    numbers = world.persons["id_no"].to_pylist()
    assert len(set(numbers)) == len(numbers)
    weights = [2 ** (17 - place) % 11 for place in range(17)]
    for number, sex, birth in zip(
        numbers,
        world.persons["sex"].to_pylist(),
        world.persons["birth_date"].to_pylist(),
        strict=True,
    ):
        total = sum(int(digit) * weight for digit, weight in zip(number, weights, strict=False))
        assert number.startswith("99")
        assert "10X98765432"[total % 11] == number[17]
        assert int(number[16]) % 2 == int(sex) % 2
        assert number[6:14] == birth.strftime("%Y%m%d")
    assert ric.calc_check_digit(numbers[0]) == numbers[0][17]


def test_no_cell_holds_a_number_of_a_real_division(world: World) -> None:
    for name, table in world.tables.items():
        entry = columns.dictionary()[name]["columns"]
        for header, kind in entry.items():
            if str(kind).startswith("id_no"):
                shown = table.column(header).drop_null()
                assert pc.all(pc.starts_with(shown, "99")).as_py()


def test_keys_are_unique(world: World) -> None:
    for name, table in world.tables.items():
        key = columns.dictionary()[name]["key"]
        rows = list(zip(*(table.column(header).to_pylist() for header in key), strict=True))
        repeated = [one for one, count in Counter(rows).items() if count > 1]
        assert not repeated, name


def test_required_values_are_there_and_codes_are_in_their_lists(world: World) -> None:
    codes = columns.dictionary()["codes"]
    for name, table in world.tables.items():
        for header, kind in columns.dictionary()[name]["columns"].items():
            column = table.column(header)
            if str(kind).endswith("!"):
                assert column.null_count == 0, (name, header)
            if str(kind).startswith("code:"):
                listed = set(codes[str(kind).rstrip("!").split(":")[1]])
                assert set(column.drop_null().to_pylist()) <= listed, (name, header)


def test_a_resident_has_about_ten_rows() -> None:
    district = build_world(12_000, HORIZON, 2)
    rows = sum(table.num_rows for table in district.tables.values()) / 12_000
    assert 9.5 < rows < 11.5
    register = district.tables["public_security.population"]
    assert 0.95 < register.num_rows / 12_000 < 1.08
    listed = district.tables["civil_affairs.members"].num_rows
    assert 0.03 < listed / 12_000 < 0.06


def test_names_repeat_as_names_do() -> None:
    names = build_world(12_000, HORIZON, 2).persons["name"].to_pylist()
    counts = Counter(names)
    shared = sum(count for count in counts.values() if count > 1) / len(names)
    dotted = sum("·" in name for name in names) / len(names)
    assert 0.1 < shared < 0.6
    assert 0.02 < dotted < 0.07
    assert any(len(name) == 4 and "·" not in name for name in names)
    assert any(set(name) & set("𠮷㐂囧昱喆") for name in names)


def test_there_are_twins_and_namesakes_born_the_same_day() -> None:
    people = build_world(12_000, HORIZON, 2).persons.to_pylist()
    by_birth: dict[tuple[str, date], list[dict[str, object]]] = {}
    for row in people:
        by_birth.setdefault((row["household_no"], row["birth_date"]), []).append(row)
    twins = [rows for rows in by_birth.values() if len(rows) == 2]
    near = [abs(int(str(a["id_no"])[14:17]) - int(str(b["id_no"])[14:17])) for a, b in twins]
    assert len(twins) > 5
    assert min(near) <= 3
    namesakes = Counter((row["name"], row["birth_date"]) for row in people)
    assert sum(count > 1 for count in namesakes.values()) >= 3


def test_hidden_persons_are_people_of_the_district_or_nobody(world: World) -> None:
    persons = set(world.persons["person"].to_pylist())
    for table in world.tables.values():
        for header in table.column_names:
            if header.startswith("_person"):
                assert set(table.column(header).to_pylist()) <= persons | {-1}


def test_rows_are_handed_over_on_evenings_that_are_listed(world: World) -> None:
    for name, table in world.tables.items():
        evenings = set(world.business_dates[name])
        assert set(table.column("_delivered").to_pylist()) <= evenings, name
        assert max(evenings) <= HORIZON
        age = (HORIZON - max(evenings)).days
        assert age <= columns.dictionary()[name]["max_age_days"], name


@pytest.mark.parametrize(
    "as_of", [date(2026, 1, 1), date(2026, 3, 1), date(2027, 2, 28), date(2027, 12, 31)]
)
def test_every_evening_of_two_years_has_its_district(as_of: date) -> None:
    district = build_world(800, as_of, 3)
    # A village of 800 may have no application on the desk on a given evening.
    empty = {name for name, table in district.tables.items() if not table.num_rows}
    assert empty <= {"civil_affairs.applications"}
    for name, evenings in district.business_dates.items():
        assert (as_of - max(evenings)).days <= columns.dictionary()[name]["max_age_days"], name
    assert district.expected.num_rows > 0


def test_an_evening_outside_the_calendar_is_refused() -> None:
    with pytest.raises(ValueError, match="calendar covers"):
        build_world(800, date(2025, 12, 31), 3)


def _rows(table: pa.Table) -> Counter[tuple[object, ...]]:
    kept = table.drop_columns(["_delivered"])
    return Counter(zip(*(column.to_pylist() for column in kept.columns), strict=True))


def test_the_next_evening_brings_only_what_happened_that_day(world: World) -> None:
    later = build_world(3_000, NEXT_EVENING, 11)
    for name, table in world.tables.items():
        gone = _rows(table) - _rows(later.tables[name])
        new = _rows(later.tables[name]) - _rows(table)
        if name in timeline.DAILY_INCREMENTAL:
            assert not gone, name
            assert sum(new.values()) < 40
        elif name in timeline.DAILY_FULL:
            assert sum(gone.values()) + sum(new.values()) < 0.03 * table.num_rows + 12, name
        else:
            assert not gone, name
            assert not new, name


def test_a_later_month_keeps_the_facts_of_the_months_before(world: World) -> None:
    later = build_world(3_000, date(2027, 2, 10), 11)
    for name in ("human_resources.contributions", "civil_affairs.payments"):
        header = {"human_resources.contributions": "AAE003"}.get(name, "发放月份")
        both = set(world.tables[name][header].to_pylist()) & set(
            later.tables[name][header].to_pylist()
        )
        assert both
        wanted = pa.array(sorted(both), pa.date32())
        before, after = (
            _rows(each.filter(pc.is_in(each.column(header), value_set=wanted)))
            for each in (world.tables[name], later.tables[name])
        )
        assert before == after, name


def test_what_settles_later_was_not_there_before(world: World) -> None:
    later = build_world(3_000, NEXT_EVENING, 11)
    new = _rows(later.tables["medical_insurance.settlements"]) - _rows(
        world.tables["medical_insurance.settlements"]
    )
    place = later.tables["medical_insurance.settlements"].column_names.index("setl_time")
    assert {row[place] for row in new} == {NEXT_EVENING}
