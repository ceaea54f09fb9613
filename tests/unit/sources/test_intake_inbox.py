"""What makes an inbox as a whole unusable, and what in it is left alone."""

import json
import os
import shutil
from contextlib import contextmanager
from datetime import timedelta

import pytest
from delivering import hand_over_rows, rows_of
from intake_world import DAY, DICTIONARY, HOUSEHOLDS, PENSIONS, World

from domain.errors import HeduiError
from sources.connectors.folder import look_into
from store.deliveries import DeliveryStore

pytestmark = pytest.mark.usefixtures("without_the_slow_library")
NOBODY = 65534


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


def test_folders_that_bear_no_date_alone_are_no_inbox(tmp_path):
    place = World(tmp_path)
    folder = place.inbox / "housing" / "presales" / "20261120"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text("{}")
    before = kept_by(place.workspace)
    with pytest.raises(HeduiError, match="housing/presales/20261120") as fault:
        place.take_in()
    assert fault.value.key == "sources_inbox_misnamed"
    assert kept_by(place.workspace) == before


def test_where_all_is_still_arriving_the_night_goes_on_from_what_was_received(world):
    hand_over_rows(world.inbox, PENSIONS, DAY - timedelta(days=1), rows_of(PENSIONS, 20))
    first = world.take_in()
    rows = world.counts[PENSIONS.dataset]
    assert rows == 20
    shutil.rmtree(world.inbox)
    folder = world.inbox / "human_resources" / "pensions" / DAY.isoformat()
    folder.mkdir(parents=True)
    (folder / "part-000.csv").write_bytes(b"half")
    again = world.take_in()
    assert again.arriving == 1
    assert world.counts[PENSIONS.dataset] == rows
    assert again.states == first.states
    shutil.rmtree(world.inbox)
    world.inbox.mkdir()
    assert fault_of(world) == "sources_inbox_empty"


def test_a_folder_without_a_manifest_is_left_alone(world):
    folder = world.inbox / "human_resources" / "pensions" / "2026-11-20"
    folder.mkdir(parents=True)
    (folder / "part-000.csv").write_bytes(b"half")
    intake = world.take_in()
    assert intake.arriving == 1
    assert all(one.dataset != PENSIONS.dataset for one in intake.deliveries)


def test_what_inbox_and_workspace_are_called_says_nothing_and_nothing_beside_is_read(tmp_path):
    """A path is no pattern: beside ``night[12]`` lies ``night1`` with the same deliveries."""
    for name in ("night1", "核对 night[12]*'#%41　{1,2}", "night[12]", "id_no=1"):
        place = World(tmp_path / name)
        for days, count in ((30, 41), (0, 42)):
            rows = rows_of(PENSIONS, count)
            hand_over_rows(place.inbox, PENSIONS, DAY - timedelta(days=days), rows)
        first = place.take_in()
        assert [one.state.value for one in first.deliveries] == ["accepted", "accepted"]
        assert place.counts[PENSIONS.dataset] == 42
        again = place.take_in(full=True)
        assert [one.counts for one in again.deliveries] == [one.counts for one in first.deliveries]
        assert place.counts[PENSIONS.dataset] == 42


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


@pytest.mark.parametrize("name", ["\x1b[31m", "\udcba\udccb", "a\nb"])
def test_a_folder_named_to_confuse_a_terminal_is_shown_by_its_numbers(world, name):
    folder = world.inbox / "housing" / "presales" / name
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text("{}")
    (shown,) = world.take_in().misnamed
    assert shown.isprintable()
    assert shown.startswith("housing/presales/")


def test_a_file_is_taken_as_it_was_when_it_was_opened_however_it_goes_on_growing(
    world, monkeypatch
):
    folder = hand_over_rows(world.inbox, PENSIONS, DAY, rows_of(PENSIONS, 40))
    part = folder / "part-000.csv"
    copy = DeliveryStore._copy

    def while_written(self, file, into):
        if os.path.samestat(os.fstat(file.file.fileno()), part.stat()):
            with part.open("ab") as written:
                written.write(b"more\r\n")
        return copy(self, file, into)

    monkeypatch.setattr(DeliveryStore, "_copy", while_written)
    assert world.verdicts(PENSIONS) == [(DAY, "accepted", [])]
    assert part.read_bytes().endswith(b"more\r\n")


def test_a_file_beyond_any_extract_is_refused_before_it_is_copied(world):
    folder = hand_over_rows(world.inbox, PENSIONS, DAY, rows_of(PENSIONS, 40))
    os.truncate(folder / "part-000.csv", (64 << 30) + 1)
    assert world.verdicts(PENSIONS) == [(DAY, "refused", ["file_over_limit:part-000.csv:64 GiB"])]


@pytest.mark.parametrize("is_cut", [True, False])
def test_kept_rows_that_cannot_be_read_any_more_name_their_record(world, is_cut):
    """Where the end of the file is gone, and where only the middle of it is spoilt."""
    hand_over_rows(world.inbox, PENSIONS, DAY - timedelta(days=30), rows_of(PENSIONS, 300))
    world.take_in()
    (record,) = DeliveryStore(world.workspace).records_of(PENSIONS.dataset)
    rows = record / "rows.parquet"
    raw, middle = rows.read_bytes(), rows.stat().st_size // 3
    rows.write_bytes(raw[:300] if is_cut else raw[:middle] + bytes(200) + raw[middle + 200 :])
    if is_cut:  # a new extract is compared with it
        hand_over_rows(world.inbox, PENSIONS, DAY, rows_of(PENSIONS, 310))
    with pytest.raises(HeduiError) as fault:
        world.take_in()
    assert fault.value.key == "sources_record_damaged"
    assert str(fault.value.fields["folder"]) == str(record)
    shutil.rmtree(record)  # as the message says
    assert world.state(PENSIONS).in_force[-1].counts.accepted == (310 if is_cut else 300)


def test_a_damaged_record_names_its_folder(world):
    world.take_in()
    (folder,) = DeliveryStore(world.workspace).records_of(HOUSEHOLDS.dataset)
    (folder / "verdict.json").write_text(json.dumps({"state": "accepted"}))
    assert fault_of(world) == "sources_record_damaged"


@pytest.mark.parametrize("kind", ["pipe", "folder", "link", "dangling link", "device"])
def test_a_manifest_that_is_no_plain_file_is_unreadable_and_never_waited_for(world, tmp_path, kind):
    hand_over_rows(world.inbox, PENSIONS, DAY - timedelta(days=30), rows_of(PENSIONS, 40))
    folder = hand_over_rows(world.inbox, PENSIONS, DAY, rows_of(PENSIONS, 50))
    manifest = folder / "manifest.json"
    manifest.rename(tmp_path / "elsewhere.json")
    match kind:
        case "pipe":
            os.mkfifo(manifest)
        case "folder":
            manifest.mkdir()
        case "link":
            manifest.symlink_to(tmp_path / "elsewhere.json")
        case "dangling link":
            manifest.symlink_to(tmp_path / "nowhere.json")
        case _:
            manifest.symlink_to("/dev/zero")
    assert world.verdicts(PENSIONS)[-1] == (DAY, "refused", ["manifest_unreadable"])
    assert world.counts[PENSIONS.dataset] == 40


def test_a_pipe_or_folder_in_the_place_of_a_file_is_a_missing_file(world):
    folder = hand_over_rows(world.inbox, PENSIONS, DAY, rows_of(PENSIONS, 40))
    file = folder / "part-000.csv"
    for put in (os.mkfifo, os.mkdir):
        file.unlink()
        put(file)
        assert world.verdicts(PENSIONS) == [(DAY, "refused", ["file_missing:part-000.csv"])]


@contextmanager
def as_an_account_of_its_own(home):
    """Not as root, who may read everything."""
    if os.getuid() != 0:
        yield
        return
    for folder in (home, *home.parents):
        if not folder.stat().st_mode & 0o001:
            folder.chmod(0o711)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_delivery_that_may_not_be_read_is_refused_until_it_may(world):
    hand_over_rows(world.inbox, PENSIONS, DAY - timedelta(days=30), rows_of(PENSIONS, 40))
    folder = hand_over_rows(world.inbox, PENSIONS, DAY, rows_of(PENSIONS, 50))
    packed = folder.with_name("2026-11-19.zip")
    packed.write_bytes(b"PK")
    for place in (folder, packed):
        place.chmod(0)
    with as_an_account_of_its_own(world.inbox):
        found = look_into(world.inbox, DICTIONARY)
        told = {one.shown: [str(reason) for reason in one.faults] for one in found.deliveries}
    assert told == {
        "civil_affairs/households/2026-11-20": [],
        "human_resources/pensions/2026-10-21": [],
        "human_resources/pensions/2026-11-19.zip": ["place_forbidden"],
        "human_resources/pensions/2026-11-20": ["place_forbidden"],
    }
    folder.chmod(0o755)
    packed.unlink()
    assert world.verdicts(PENSIONS)[-1] == (DAY, "accepted", [])


def test_a_closed_folder_is_named_and_a_strangers_is_passed_over(world):
    for stranger in ("lost+found", "human_resources/notes"):
        (world.inbox / stranger).mkdir(parents=True)
        (world.inbox / stranger).chmod(0)
    with as_an_account_of_its_own(world.inbox):
        assert len(look_into(world.inbox, DICTIONARY).deliveries) == 1
    hand_over_rows(world.inbox, PENSIONS, DAY, rows_of(PENSIONS, 40)).parent.chmod(0)
    with as_an_account_of_its_own(world.inbox), pytest.raises(HeduiError) as fault:
        look_into(world.inbox, DICTIONARY)
    assert fault.value.key == "sources_inbox_unreadable"
    assert "human_resources/pensions" in str(fault.value)
