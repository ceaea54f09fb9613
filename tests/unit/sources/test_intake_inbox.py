"""What makes an inbox as a whole unusable, and what in it is left alone."""

import json
from datetime import timedelta

import pytest
from delivering import hand_over_rows, rows_of
from intake_world import DAY, HOUSEHOLDS, PENSIONS, World

from domain.errors import HeduiError
from store.deliveries import DeliveryStore

pytestmark = pytest.mark.usefixtures("without_the_slow_library")


def fault_of(place, as_of=DAY):
    with pytest.raises(HeduiError) as fault:
        place.take_in(as_of)
    assert "\n" not in str(fault.value)
    return fault.value.key


def kept_by(workspace):
    return sorted(path for path in workspace.rglob("*") if path.is_file())


def test_an_inbox_without_deliveries_ends_the_run_before_anything_is_written(tmp_path):
    place = World(tmp_path)
    before = kept_by(place.workspace)
    assert fault_of(place) == "sources_inbox_missing"
    place.inbox.mkdir()
    assert fault_of(place) == "sources_inbox_empty"
    (place.inbox / "README.txt").write_text("x")
    (place.inbox / "unknown" / "things" / "notes").mkdir(parents=True)
    assert fault_of(place) == "sources_inbox_empty"
    (place.inbox / "housing" / "presales" / "2026-11-20").mkdir(parents=True)
    assert fault_of(place) == "sources_inbox_arriving"
    assert kept_by(place.workspace) == before


def test_a_folder_without_a_manifest_is_left_alone(world):
    folder = world.inbox / "human_resources" / "pensions" / "2026-11-20"
    folder.mkdir(parents=True)
    (folder / "part-000.csv").write_bytes(b"half")
    intake = world.take_in()
    assert intake.arriving == 1
    assert all(one.dataset != PENSIONS.dataset for one in intake.deliveries)


def test_a_delivery_of_an_unknown_dataset_ends_the_run(world):
    folder = world.inbox / "housing" / "rents" / "2026-11-20"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text("{}")
    before = kept_by(world.workspace)
    assert fault_of(world) == "sources_dataset_unknown"
    assert kept_by(world.workspace) == before


def test_an_unreadable_manifest_ends_the_run_where_the_dataset_has_no_other(world):
    folder = hand_over_rows(world.inbox, PENSIONS, DAY, rows_of(PENSIONS, 40))
    (folder / "manifest.json").write_bytes(b'{"agency": ')
    assert fault_of(world) == "sources_manifest_unreadable"
    earlier = DAY - timedelta(days=30)
    hand_over_rows(world.inbox, PENSIONS, earlier, rows_of(PENSIONS, 40))
    assert world.verdicts(PENSIONS) == [
        (earlier, "accepted", []),
        (DAY, "refused", ["manifest_unreadable"]),
    ]


def test_a_folder_whose_name_is_no_date_is_not_used_and_is_said(world):
    folder = hand_over_rows(world.inbox, PENSIONS, DAY, rows_of(PENSIONS, 40))
    folder.rename(folder.with_name("20261120"))
    assert world.take_in().misnamed == ("human_resources/pensions/20261120",)


def test_an_inbox_of_later_days_only_ends_the_run(world):
    assert fault_of(world, DAY - timedelta(days=1)) == "sources_inbox_later"


def test_an_inbox_of_which_nothing_can_be_used_ends_the_run_saying_why(tmp_path):
    place = World(tmp_path)
    hand_over_rows(place.inbox, PENSIONS, DAY, rows_of(PENSIONS, 40), mode="incremental")
    assert fault_of(place) == "sources_nothing_usable"


def test_a_damaged_record_names_its_folder(world):
    world.take_in()
    (folder,) = DeliveryStore(world.workspace).records_of(HOUSEHOLDS.dataset)
    (folder / "verdict.json").write_text(json.dumps({"state": "accepted"}))
    assert fault_of(world) == "sources_record_damaged"
