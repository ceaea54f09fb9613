from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
from noise_small_world import SEED, small_world

from simulation.draws import row_keys
from simulation.noise import NoiseRates, RowRates, craft_of, dirty_rows
from simulation.noise_rows import STATES, UNDECODABLE, FileFacts, FileRows, spoil_rows
from simulation.noise_values import Style
from sources.contract import load_dictionary

NONE = replace(RowRates(), **{each.name: 0.0 for each in fields(RowRates)})
WORLD = small_world()
CONTRACT = load_dictionary()["medical_insurance.settlements"]


def spoilt(is_csv: bool = True, protected: bool = False, **rates: float) -> FileRows:
    table = WORLD.tables[CONTRACT.dataset]
    craft = craft_of(WORLD.persons, SEED)
    rows = dirty_rows(CONTRACT, table, NoiseRates.none(), craft, Style())
    facts = FileFacts("2026-11-20/0", is_csv, frozenset(CONTRACT.headers))
    is_protected = np.full(len(rows), protected)
    return spoil_rows(CONTRACT, rows, is_protected, replace(NONE, **rates), facts)


def states(rows: FileRows) -> dict[str, int]:
    return {state: int((rows.states == code).sum()) for code, state in enumerate(STATES)}


def record(rows: FileRows, place: int) -> dict[str, Any]:
    return {header: texts[place].as_py() for header, texts in rows.rows.columns.items()}


@pytest.mark.parametrize("fault", ["unreadable", "key_conflict", "field_count", "undecodable"])
def test_never_so_many_rows_are_set_aside_that_a_delivery_is_refused(fault: str) -> None:
    found = states(spoilt(**{fault: 1.0}))
    set_aside = sum(found.values()) - found["in_force"] - found["repeat"]
    assert 0 < set_aside <= 0.01 * sum(found.values())


def test_a_repeated_page_is_the_same_rows_again_and_its_truth_too() -> None:
    rows = spoilt(repeated_page=1.0)
    repeats = np.flatnonzero(rows.states == STATES.index("repeat"))
    assert len(repeats) == 50
    for place in repeats.tolist():
        assert record(rows, place) == record(rows, place - 50)
        assert rows.order[place] == rows.order[place - 50]
        assert rows.rows.people[0].person[place] == rows.rows.people[0].person[place - 50]


def test_two_rows_of_one_key_with_different_content_are_both_set_aside() -> None:
    rows = spoilt(key_conflict=1.0)
    places = np.flatnonzero(rows.states == STATES.index("key_conflict"))
    for first, second in zip(places[::2].tolist(), places[1::2].tolist(), strict=True):
        one, other = record(rows, first), record(rows, second)
        assert one["setl_id"] == other["setl_id"]
        assert one != other


def test_an_unreadable_required_value_is_in_a_required_column() -> None:
    clean, dirty = spoilt(), spoilt(unreadable=1.0)
    required = {c.header for c in CONTRACT.columns if not c.is_nullable}
    changed = np.flatnonzero(dirty.states != 0)
    assert len(changed)
    for place in changed.tolist():
        before, after = record(clean, place), record(dirty, place)
        differing = {header for header in before if before[header] != after[header]}
        assert len(differing) == 1
        assert differing <= required


def test_only_csv_breaks_off_or_miscounts_fields() -> None:
    rates = {"cut_off": 1.0, "field_count": 1.0, "undecodable": 1.0}
    assert states(spoilt(is_csv=False, **rates))["in_force"] == len(WORLD.tables[CONTRACT.dataset])
    found = spoilt(cut_off=1.0)
    assert found.is_cut_off
    assert STATES[found.states[-1]] == "cut_off"


def test_an_undecodable_row_bears_the_mark_that_the_writer_turns_into_a_bad_byte() -> None:
    rows = spoilt(undecodable=1.0)
    for place in np.flatnonzero(rows.states == STATES.index("undecodable")).tolist():
        assert UNDECODABLE in record(rows, place)["psn_name"]


def test_protected_rows_are_left_alone() -> None:
    found = states(spoilt(protected=True, unreadable=1.0, cut_off=1.0, key_conflict=1.0))
    assert found["in_force"] == sum(found.values())


def test_the_same_row_is_dirty_in_the_same_way_whatever_stands_around_it() -> None:
    table = WORLD.tables[CONTRACT.dataset]
    craft = craft_of(WORLD.persons, SEED)
    whole = dirty_rows(CONTRACT, table, NoiseRates(), craft, Style())
    half = dirty_rows(CONTRACT, table.slice(700).combine_chunks(), NoiseRates(), craft, Style())
    for header, texts in whole.columns.items():
        assert texts.slice(700).equals(half.columns[header]), header
    assert (row_keys(table, CONTRACT.key, SEED, CONTRACT.dataset) == whole.keys).all()


def test_without_noise_every_row_says_what_is_true() -> None:
    rows = spoilt()
    table = WORLD.tables[CONTRACT.dataset]
    assert rows.rows.columns["certno"].equals(table.column("certno").combine_chunks())
    assert rows.rows.columns["psn_name"].equals(table.column("psn_name").combine_chunks())
    assert states(rows)["in_force"] == table.num_rows
