import csv
import hashlib
import io
import json
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from noise_small_world import AS_OF, SEED, small_world
from python_calamine import CalamineWorkbook

from domain.errors import HeduiError
from simulation import noise_names, noise_numbers
from simulation import simulate as simulation
from simulation.noise import NoiseRates
from simulation.noise_names import BAD
from simulation.simulate import SimulationSummary, simulate, truth_folder
from simulation.world import World
from sources.contract import load_dictionary

RESIDENTS = 2000
LATER = AS_OF + timedelta(days=1)


@pytest.fixture(scope="module")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An inbox of a district of five thousand, with its truth beside it."""
    inbox = tmp_path_factory.mktemp("district") / "inbox"
    world = small_world(scale=2.5)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(simulation, "build_world", lambda *_: world)
        simulate(RESIDENTS, AS_OF, SEED, inbox)
        yield inbox


def deliver(monkeypatch: pytest.MonkeyPatch, inbox: Path, world: World) -> SimulationSummary:
    monkeypatch.setattr(simulation, "build_world", lambda *_: world)
    return simulate(RESIDENTS, world.as_of, SEED, inbox)


def manifests(inbox: Path) -> list[tuple[Path, dict[str, Any]]]:
    return [
        (file.parent, json.loads(file.read_text(encoding="utf-8")))
        for file in sorted(inbox.rglob("manifest.json"))
    ]


def read(path: Path, manifest: dict[str, Any]) -> list[list[str]]:
    """The records of one file, header first, as a plain reader sees them."""
    if manifest["format"] == "xlsx":
        sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0)
        return [[str(cell) for cell in row] for row in sheet.to_python()]
    if manifest["format"] == "parquet":
        table = pq.read_table(path)
        rows = zip(*(column.to_pylist() for column in table.columns), strict=True)
        return [table.column_names, *([str(v) if v is not None else "" for v in r] for r in rows)]
    text = path.read_bytes().decode(manifest["encoding"], errors="replace").removeprefix("\ufeff")
    return list(csv.reader(io.StringIO(text, newline="")))


def every_file(inbox: Path) -> Iterator[tuple[dict[str, Any], str, list[list[str]]]]:
    for folder, manifest in manifests(inbox):
        for entry in manifest["files"]:
            yield manifest, entry["name"], read(folder / entry["name"], manifest)


def test_every_dataset_is_delivered_and_manifests_tell_the_truth(delivered: Path) -> None:
    found = manifests(delivered)
    assert {f"{m['agency']}.{m['dataset']}" for _, m in found} == {
        contract.dataset for contract in load_dictionary()
    }
    for folder, manifest in found:
        contract = load_dictionary()[f"{manifest['agency']}.{manifest['dataset']}"]
        assert manifest["mode"] == contract.mode
        assert manifest["business_date"] == folder.name
        assert manifest["produced_at"].startswith(folder.name)
        assert {f["name"] for f in manifest["files"]} | {"manifest.json"} == {
            file.name for file in folder.iterdir()
        }
        for entry in manifest["files"]:
            path = folder / entry["name"]
            assert hashlib.sha256(path.read_bytes()).hexdigest() == entry["sha256"]
            assert len(read(path, manifest)) == entry["rows"] + 1


def test_every_header_is_there_once_in_an_order_of_its_own(delivered: Path) -> None:
    orders = set()
    for manifest, _, rows in every_file(delivered):
        contract = load_dictionary()[f"{manifest['agency']}.{manifest['dataset']}"]
        assert set(contract.headers) <= set(rows[0])
        assert len(rows[0]) == len(set(rows[0])) <= len(contract.headers) + 1
        orders.add(tuple(rows[0]) == contract.headers)
    assert False in orders


def test_datasets_are_fresh_and_nothing_is_later_than_the_evening(delivered: Path) -> None:
    for contract in load_dictionary():
        folder = delivered / contract.agency / contract.folder
        dates = sorted(date.fromisoformat(day.name) for day in folder.iterdir())
        assert dates[-1] <= AS_OF
        assert (AS_OF - dates[-1]).days <= contract.max_age_days


def test_no_two_deliveries_have_the_same_bytes(delivered: Path) -> None:
    hashes = [f["sha256"] for _, manifest in manifests(delivered) for f in manifest["files"]]
    assert len(hashes) == len(set(hashes))


def test_formats_encodings_and_line_ends_all_occur(delivered: Path) -> None:
    kinds, ends, marks = set(), set(), set()
    for folder, manifest in manifests(delivered):
        kinds.add((manifest["format"], manifest.get("encoding")))
        if manifest["format"] == "csv":
            content = (folder / manifest["files"][0]["name"]).read_bytes()
            ends.add(b"\r\n" in content)
            marks.add(content.startswith(b"\xef\xbb\xbf"))
    assert kinds == {
        ("csv", "gb18030"), ("csv", "utf-8"), ("xlsx", None), ("parquet", None),
    }  # fmt: skip
    assert ends == marks == {True, False}


def test_every_dirt_the_agreement_names_occurs(delivered: Path) -> None:
    truth = truth_folder(delivered) / AS_OF.isoformat()
    numbers, names = set[str](), set[str]()
    for file in ("links.parquet", "dirt.parquet"):
        table = pq.read_table(truth / file)
        numbers |= set(table.column("number_noise").to_pylist())
        names |= set(table.column("name_noise").to_pylist())
    assert numbers == set(simulation_kinds("noise_numbers"))
    assert names == set(simulation_kinds("noise_names"))
    states = set(pq.read_table(truth / "dirt.parquet").column("state").to_pylist())
    assert {"repeat", "cut_off", "required_unreadable", "superseded"} <= states


def simulation_kinds(module: str) -> tuple[str, ...]:
    return {"noise_names": noise_names, "noise_numbers": noise_numbers}[module].KINDS


def test_dates_months_and_amounts_come_in_all_forms(delivered: Path) -> None:
    cells = Counter(
        shape(cell) for _, _, rows in every_file(delivered) for row in rows[1:] for cell in row
    )
    for wanted in (
        "9-9-9", "9/9/9", "9年9月9日", "9年9月", "9,9.9", "9.9元", "-", "—", "0000-00-00",
        "1900-01-01", "9999-12-31", "9.9E+9",
    ):  # fmt: skip
        assert cells[wanted], wanted


def shape(cell: str) -> str:
    if cell in ("0000-00-00", "1900-01-01", "9999-12-31"):
        return cell
    shaped = "".join("9" if c.isdigit() else c for c in cell)
    while "99" in shaped:
        shaped = shaped.replace("99", "9")
    return shaped


def test_links_name_the_person_of_the_row_as_it_stands_in_the_file(delivered: Path) -> None:
    truth = truth_folder(delivered) / AS_OF.isoformat()
    persons = {p["person"]: p for p in pq.read_table(truth / "persons.parquet").to_pylist()}
    links: dict[tuple[str, str, str, int], dict[str, Any]] = {
        (link["dataset"], link["business_date"].isoformat(), link["file"], link["row"]): link
        for link in pq.read_table(truth / "links.parquet").to_pylist()
        if link["role"] not in ("husband", "wife")
    }
    checked = 0
    for manifest, name, rows in every_file(delivered):
        contract = load_dictionary()[f"{manifest['agency']}.{manifest['dataset']}"]
        if len(contract.persons) > 1:
            continue
        person = contract.persons[0]
        number_at = rows[0].index(contract.by_name(person.id_no).header)
        name_at = rows[0].index(contract.by_name(person.name).header)
        for row, cells in enumerate(rows[1:], start=1):
            link = links.get((contract.dataset, manifest["business_date"], name, row))
            if link is None:
                continue
            who = persons[link["person"]]
            if link["number_noise"] == "clean":
                assert cells[number_at] == who["id_no"]
            if link["name_noise"] == "clean":
                assert cells[name_at] == who["name"]
            assert (link["difficulty"] in ("bad_name", "both")) == (
                link["name_noise"] in BAD and link["number_noise"] != "other_person"
            )
            checked += 1
    assert checked > 10_000


def test_every_row_is_a_link_or_has_a_reason_not_to_be_one(delivered: Path) -> None:
    truth = truth_folder(delivered) / AS_OF.isoformat()
    held = Counter[tuple[str, str]]()
    for file in ("links.parquet", "dirt.parquet"):
        table = pq.read_table(truth / file, columns=["dataset", "business_date", "role"])
        for entry in table.to_pylist():
            if entry["role"] != "wife":
                held[entry["dataset"], entry["business_date"].isoformat()] += 1
    written = Counter[tuple[str, str]]()
    for _, manifest in manifests(delivered):
        key = (f"{manifest['agency']}.{manifest['dataset']}", manifest["business_date"])
        written[key] += sum(file["rows"] for file in manifest["files"])
    assert all(written[key] == count for key, count in held.items())


def test_the_same_arguments_give_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = small_world(scale=0.5)
    for name in ("one", "two"):
        deliver(monkeypatch, tmp_path / name, world)
    assert content(tmp_path / "one") == content(tmp_path / "two")
    assert content(tmp_path / "one-truth") == content(tmp_path / "two-truth")


def content(folder: Path) -> dict[str, str]:
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def test_a_second_evening_only_adds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inbox = tmp_path / "inbox"
    deliver(monkeypatch, inbox, small_world(scale=0.5))
    before = content(inbox)
    deliver(monkeypatch, inbox, small_world(scale=0.5))
    assert content(inbox) == before
    deliver(monkeypatch, inbox, next_evening())
    after = content(inbox)
    assert before.items() <= after.items()
    added = {name.split("/")[2] for name in after.keys() - before.keys()}
    assert added == {LATER.isoformat()}


def next_evening() -> World:
    """The same rows, one day on: what is new is handed over that day."""
    world = small_world(scale=0.5)
    later = small_world(LATER, scale=0.5)
    return World(**(vars(world) | {"as_of": LATER, "business_dates": later.business_dates}))


def test_rows_sent_again_replace_the_ones_before(delivered: Path) -> None:
    truth = truth_folder(delivered) / AS_OF.isoformat()
    dirt = pq.read_table(truth / "dirt.parquet").to_pylist()
    old = [entry for entry in dirt if entry["state"] == "superseded"]
    assert old
    links = pq.read_table(truth / "links.parquet").to_pylist()
    newest: dict[tuple[str, int], date] = {}
    for link in links:
        key = (link["dataset"], link["person"])
        newest[key] = max(newest.get(key, date.min), link["business_date"])
    assert all(newest[e["dataset"], e["person"]] > e["business_date"] for e in old)


def test_a_delivery_left_without_manifest_is_written_afresh(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox = tmp_path / "inbox"
    deliver(monkeypatch, inbox, small_world(scale=0.5))
    before = content(inbox)
    folder = inbox / "public_security" / "population" / "2026-11-05"
    (folder / "manifest.json").unlink()
    (folder / "part-000.csv").write_bytes(b"half a file")
    (folder / "part-001.csv").write_bytes(b"and more")
    deliver(monkeypatch, inbox, small_world(scale=0.5))
    assert content(inbox) == before


def test_without_noise_every_link_is_clean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simulation, "build_world", lambda *_: small_world(scale=0.5))
    simulate(RESIDENTS, AS_OF, SEED, tmp_path / "clean", NoiseRates.none())
    truth = tmp_path / "clean-truth" / AS_OF.isoformat()
    links = pq.read_table(truth / "links.parquet")
    assert set(links.column("difficulty").to_pylist()) == {"clean"}


def test_the_truth_lies_beside_the_inbox_and_never_in_it(delivered: Path, tmp_path: Path) -> None:
    assert truth_folder(tmp_path / "inbox") == tmp_path / "truth"
    assert truth_folder(tmp_path / "elsewhere") == tmp_path / "elsewhere-truth"
    agencies = {contract.agency for contract in load_dictionary()}
    assert {folder.name for folder in delivered.iterdir()} == agencies


@pytest.mark.parametrize(
    ("residents", "prepare", "key"),
    [
        (499, lambda inbox: None, "simulation_too_few_residents"),
        (600, lambda inbox: inbox.mkdir() or (inbox / "a").touch(), "simulation_not_ours"),
        (600, lambda inbox: inbox.touch(), "simulation_not_ours"),
        (600, lambda inbox: inbox.parent.joinpath("truth").touch(), "simulation_not_writable"),
    ],
)
def test_wrong_arguments_are_refused_in_a_sentence(
    tmp_path: Path, residents: int, prepare: Any, key: str
) -> None:
    inbox = tmp_path / "inbox"
    prepare(inbox)
    with pytest.raises(HeduiError) as caught:
        simulate(residents, AS_OF, SEED, inbox)
    assert caught.value.key == key
    assert "{" not in str(caught.value)


def test_an_evening_outside_the_calendar_is_refused(tmp_path: Path) -> None:
    with pytest.raises(HeduiError) as caught:
        simulate(RESIDENTS, date(2031, 1, 1), SEED, tmp_path / "inbox")
    assert caught.value.key == "simulation_outside_calendar"
    assert list(tmp_path.iterdir()) == []


def test_another_district_or_an_earlier_evening_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox = tmp_path / "inbox"
    deliver(monkeypatch, inbox, small_world(scale=0.5))
    before = content(inbox)
    with pytest.raises(HeduiError) as caught:
        simulate(RESIDENTS, AS_OF, SEED + 1, inbox)
    assert caught.value.key == "simulation_other_district"
    with pytest.raises(HeduiError) as caught:
        simulate(RESIDENTS, AS_OF - timedelta(days=1), SEED, inbox)
    assert caught.value.key == "simulation_later_evening"
    assert content(inbox) == before
