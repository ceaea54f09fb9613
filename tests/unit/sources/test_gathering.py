"""Folders as routes, the inbox beside them, and what the spool keeps and drops."""

from datetime import timedelta

import pytest
from delivering import hand_over_rows, rows_of
from exchange_nights import DAY, HOUSEHOLDS, PENSIONS, SETTLEMENTS, Evening, reasons, verdicts

from domain.errors import HeduiError
from sources import acceptance
from sources.connectors.failure import Unfetched, keep_unfetched, kept_unfetched
from sources.connectors.gathering import look_around
from sources.contract import load_dictionary
from sources.intake import receive
from sources.routes import FolderRoute, Routes
from store.engines.duckdb import DuckDBEngine


@pytest.fixture
def evening(tmp_path, monkeypatch):
    monkeypatch.setattr(acceptance, "validate", lambda *_: [])
    return Evening(tmp_path)


def test_a_folder_gives_the_datasets_routed_to_it_and_no_others(evening):
    bureau = FolderRoute("bureau", evening.home / "bureau")
    for contract in (PENSIONS, HOUSEHOLDS):
        hand_over_rows(bureau.folder, contract, DAY, rows_of(contract, 3))
    folder = hand_over_rows(bureau.folder, SETTLEMENTS, DAY, rows_of(SETTLEMENTS, 3))
    (folder / "manifest.json").unlink()
    gathered = evening.gather({PENSIONS.dataset: bureau})
    assert [one.dataset for one in gathered.found.deliveries] == [PENSIONS.dataset]
    assert gathered.found.arriving == ()
    taken = evening.take_in({PENSIONS.dataset: bureau, SETTLEMENTS.dataset: bureau})
    assert verdicts(taken, PENSIONS) == [(DAY, "accepted", [])]
    assert (verdicts(taken, HOUSEHOLDS), taken.arriving) == ([], 1)
    assert (bureau.folder / "human_resources").is_dir()


def test_an_inbox_and_routes_are_taken_in_together(evening):
    bureau = FolderRoute("bureau", evening.home / "bureau")
    hand_over_rows(bureau.folder, PENSIONS, DAY, rows_of(PENSIONS, 3))
    hand_over_rows(evening.inbox, HOUSEHOLDS, DAY, rows_of(HOUSEHOLDS, 3))
    taken = evening.take_in({PENSIONS.dataset: bureau}, inbox=evening.inbox)
    assert verdicts(taken, PENSIONS) == verdicts(taken, HOUSEHOLDS) == [(DAY, "accepted", [])]


def test_an_empty_inbox_beside_routes_that_give_something_is_no_fault(evening):
    bureau = FolderRoute("bureau", evening.home / "bureau")
    hand_over_rows(bureau.folder, PENSIONS, DAY, rows_of(PENSIONS, 3))
    evening.inbox.mkdir()
    taken = evening.take_in({PENSIONS.dataset: bureau}, inbox=evening.inbox)
    assert verdicts(taken, PENSIONS) == [(DAY, "accepted", [])]


def test_a_folder_that_is_not_there_costs_its_own_datasets(evening):
    bureau = FolderRoute("bureau", evening.home / "bureau")
    hand_over_rows(bureau.folder, PENSIONS, DAY, rows_of(PENSIONS, 3))
    gone = FolderRoute("gone", evening.home / "gone")
    gathered = evening.gather({PENSIONS.dataset: bureau, HOUSEHOLDS.dataset: gone})
    assert reasons(gathered) == {HOUSEHOLDS.dataset: "inbox"}
    assert "gone" in gathered.unfetched[0].says("en")
    with pytest.raises(HeduiError) as caught:
        evening.gather({HOUSEHOLDS.dataset: gone})
    assert caught.value.key == "sources_nothing_fetched"


def test_routes_that_work_and_have_nothing_yet_say_so(evening):
    bureau = FolderRoute("bureau", evening.home / "bureau")
    bureau.folder.mkdir()
    with pytest.raises(HeduiError) as caught:
        evening.take_in({PENSIONS.dataset: bureau})
    assert caught.value.key == "sources_nothing_delivered"
    assert "sources.yaml" in str(caught.value)


def test_intake_needs_some_way_in(evening):
    with DuckDBEngine() as engine, pytest.raises(HeduiError) as caught:
        receive(engine, inbox=None, workspace=evening.workspace.path, as_of=DAY)
    assert caught.value.key == "sources_neither"


def test_a_look_around_sees_folders_without_taking_anything(evening):
    bureau = FolderRoute("bureau", evening.home / "bureau")
    hand_over_rows(bureau.folder, PENSIONS, DAY, rows_of(PENSIONS, 3))
    gone = FolderRoute("gone", evening.home / "gone")
    routes = Routes(
        evening.home / "sources.yaml", {PENSIONS.dataset: bureau, HOUSEHOLDS.dataset: gone}
    )
    good, bad = look_around(routes, load_dictionary())
    assert (good.seen.deliveries, good.seen.newest, good.seen.rows) == (1, DAY, 3)
    assert (bad.seen, bad.failure.code) == (None, "inbox")


def test_the_spool_drops_what_was_taken_in_and_halves_that_nobody_will_finish(evening):
    spool = evening.spool
    for back in (0, -1, 40):
        day = (DAY - timedelta(days=back)).isoformat()
        (spool.half(PENSIONS, day, "v1") / "part-000.csv").write_text("half")
        whole = spool.half(HOUSEHOLDS, day, "v1")
        (whole / "part-000.csv").write_text("whole")
        spool.deposit(whole, HOUSEHOLDS, day)
    spool.clear(DAY)
    tomorrow = (DAY + timedelta(days=1)).isoformat()
    assert evening.waiting() == [f"civil_affairs/households/{tomorrow}"]
    kept = {path.parts[-3] for path in (spool.folder / ".half").rglob("part-000.csv")}
    assert kept == {DAY.isoformat(), tomorrow}


def test_another_version_of_a_delivery_is_begun_afresh(evening):
    (evening.spool.half(PENSIONS, DAY.isoformat(), "v1") / "part-000.csv").write_text("half")
    evening.spool.half(PENSIONS, DAY.isoformat(), "v2")
    assert evening.halves() == []


def test_what_could_not_be_fetched_is_kept_until_the_next_gathering(tmp_path):
    file = tmp_path / "unfetched.json"
    assert kept_unfetched(file) == ()
    fields = {"host": "10.0.0.9", "port": 5432, "cause": "refused"}
    failed = Unfetched(HOUSEHOLDS.dataset, "db", "unreachable", fields)
    keep_unfetched(file, [failed])
    assert kept_unfetched(file) == (failed,)
    assert "10.0.0.9:5432" in kept_unfetched(file)[0].says("zh")
    keep_unfetched(file, [])
    assert kept_unfetched(file) == ()
    file.write_text("[{", encoding="utf-8")
    with pytest.raises(HeduiError) as damaged:
        kept_unfetched(file)
    assert damaged.value.key == "sources_record_damaged"
