"""SFTP as a way in, with a real server in this process."""

import hashlib
import json
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import asyncssh
import pytest
from exchange_nights import (
    DAY,
    ENROLMENT,
    HASTY,
    HOUSEHOLDS,
    PENSIONS,
    Evening,
    but,
    reasons,
    verdicts,
)
from exchange_servers import PASSWORD, USER, SftpServer, free_port, sftp_server

from sources.connectors import sftp, sftp_link
from sources.connectors.delivery import Seen
from sources.connectors.failure import FetchFailed
from sources.routes import Patience, Secret, SftpRoute
from tests.unit.sources.delivering import csv_bytes, hand_over, hand_over_rows, rows_of

MANY = 30_000  # rows of a file of some megabytes


@pytest.fixture
def server(tmp_path: Path) -> Iterator[SftpServer]:
    root = tmp_path / "remote"
    (root / "outbox").mkdir(parents=True)
    with sftp_server(root, tmp_path / "keys") as server:
        yield server


@pytest.fixture
def outbox(server: SftpServer) -> Path:
    return server.root / "outbox"


@pytest.fixture
def route(server: SftpServer) -> SftpRoute:
    return SftpRoute(
        name="medical", host="127.0.0.1", port=server.port, user=USER, folder="/outbox",
        known_hosts=server.known_hosts, key=server.key, passphrase=None, password=None,
        since=None, patience=HASTY,
    )  # fmt: skip


def hand_over_much(outbox: Path) -> bytes:
    """One delivery with a file of some megabytes; its bytes."""
    raw = csv_bytes(ENROLMENT.headers, rows_of(ENROLMENT, MANY))
    assert len(raw) > 5 << 19
    hand_over(outbox, ENROLMENT, DAY, {"part-000.csv": (raw, MANY)})
    return raw


def test_a_delivery_is_fetched_taken_in_and_not_fetched_again(
    server: SftpServer, outbox: Path, route: SftpRoute, evening: Evening
) -> None:
    hand_over_rows(outbox, PENSIONS, DAY, rows_of(PENSIONS, 40), encoding="gb18030")
    taken = evening.take_in({PENSIONS.dataset: route})
    assert verdicts(taken, PENSIONS) == [(DAY, "accepted", [])]
    assert evening.waiting() == []
    served = len(server.reads)
    again = evening.take_in({PENSIONS.dataset: route})
    assert verdicts(again, PENSIONS) == [(DAY, "accepted", [])]
    assert (again.newly_read, len(server.reads)) == ((), served)


def test_what_was_fetched_and_not_yet_taken_in_is_neither_lost_nor_fetched_twice(
    server: SftpServer, outbox: Path, route: SftpRoute, evening: Evening
) -> None:
    """The night was killed between the two."""
    hand_over_rows(outbox, PENSIONS, DAY, rows_of(PENSIONS, 40))
    evening.gather({PENSIONS.dataset: route})
    assert evening.waiting() == [f"human_resources/pensions/{DAY}"]
    shutil.rmtree(outbox / "human_resources" / "pensions" / str(DAY))
    assert verdicts(evening.take_in({PENSIONS.dataset: route}), PENSIONS) == [(DAY, "accepted", [])]


def test_a_folder_without_a_manifest_is_still_being_delivered(
    server: SftpServer, outbox: Path, route: SftpRoute, evening: Evening
) -> None:
    folder = hand_over_rows(outbox, PENSIONS, DAY, rows_of(PENSIONS, 40))
    (folder / "manifest.json").rename(folder / "manifest.json.part")
    gathered = evening.gather({PENSIONS.dataset: route})
    assert (gathered.found.deliveries, gathered.arriving) == ((), 1)
    assert server.reads == []
    assert sftp.look(route, PENSIONS) == Seen(arriving=1)
    (folder / "manifest.json.part").rename(folder / "manifest.json")
    assert verdicts(evening.take_in({PENSIONS.dataset: route}), PENSIONS) == [(DAY, "accepted", [])]


def test_a_connection_cut_in_a_file_goes_on_where_it_was_cut(
    server: SftpServer, outbox: Path, route: SftpRoute, evening: Evening
) -> None:
    raw = hand_over_much(outbox)
    server.cut_after = 2 << 20
    taken = evening.take_in({ENROLMENT.dataset: route})
    assert server.cut_after is None
    assert verdicts(taken, ENROLMENT) == [(DAY, "accepted", [])]
    assert server.reads_of("part-000.csv").count(0) == 1
    assert server.served < len(raw) + (2 << 20)


def test_what_came_before_a_cut_is_kept_for_another_night(
    server: SftpServer, outbox: Path, route: SftpRoute, evening: Evening
) -> None:
    hand_over_much(outbox)
    server.cut_after = 2 << 20
    once = but(route, patience=Patience(10, 1, 0.01))
    gathered = evening.gather({ENROLMENT.dataset: once}, has_inbox=True)
    assert reasons(gathered) == {ENROLMENT.dataset: "cut"}
    assert gathered.found.deliveries == ()
    assert evening.halves() == ["part-000.csv"]
    server.reads.clear()
    taken = evening.take_in({ENROLMENT.dataset: once})
    assert verdicts(taken, ENROLMENT) == [(DAY, "accepted", [])]
    assert min(server.reads_of("part-000.csv")) >= 1 << 20
    assert evening.halves() == []


def test_a_half_file_that_was_spoiled_is_fetched_from_its_beginning(
    server: SftpServer, outbox: Path, route: SftpRoute, evening: Evening
) -> None:
    hand_over_much(outbox)
    server.cut_after = 2 << 20
    once = but(route, patience=Patience(10, 1, 0.01))
    evening.gather({ENROLMENT.dataset: once}, has_inbox=True)
    (half,) = (path for path in (evening.spool.folder / ".half").rglob("part-*"))
    half.write_bytes(b"?" * half.stat().st_size)
    assert verdicts(evening.take_in({ENROLMENT.dataset: once}), ENROLMENT) == [
        (DAY, "accepted", [])
    ]


def test_a_half_file_longer_than_the_whole_is_fetched_from_its_beginning(
    server: SftpServer, outbox: Path, route: SftpRoute, evening: Evening
) -> None:
    folder = hand_over_rows(outbox, PENSIONS, DAY, rows_of(PENSIONS, 40))
    version = hashlib.sha256((folder / "manifest.json").read_bytes()).hexdigest()[:16]
    half = evening.spool.half(PENSIONS, str(DAY), version)
    (half / "part-000.csv").write_bytes(b"?" * (1 << 20))
    taken = evening.take_in({PENSIONS.dataset: route})
    assert verdicts(taken, PENSIONS) == [(DAY, "accepted", [])]


def test_a_file_unlike_its_manifest_is_refused_and_fetched_again_until_it_is_right(
    server: SftpServer, outbox: Path, route: SftpRoute, evening: Evening
) -> None:
    folder = hand_over_rows(outbox, PENSIONS, DAY, rows_of(PENSIONS, 40))
    file = folder / "part-000.csv"
    whole = file.read_bytes()
    file.write_bytes(whole[:-20])
    hand_over_rows(outbox, HOUSEHOLDS, DAY, rows_of(HOUSEHOLDS, 3))
    routes = {PENSIONS.dataset: route, HOUSEHOLDS.dataset: route}
    taken = evening.take_in(routes)
    assert verdicts(taken, PENSIONS) == [(DAY, "refused", ["hash_differs:part-000.csv"])]
    file.write_bytes(whole)
    states = {state for _, state, _ in verdicts(evening.take_in(routes), PENSIONS)}
    assert states == {"refused", "accepted"}


def test_a_delivery_replaced_while_it_is_fetched_is_fetched_as_it_now_is(
    server: SftpServer, outbox: Path, route: SftpRoute, evening: Evening
) -> None:
    hand_over_rows(outbox, PENSIONS, DAY, rows_of(PENSIONS, 40))
    replaced: list[str] = []

    def replace(name: str) -> None:
        if name.endswith("part-000.csv") and not replaced:
            replaced.append(name)
            hand_over_rows(outbox, PENSIONS, DAY, rows_of(PENSIONS, 55))

    server.on_read = replace
    taken = evening.take_in({PENSIONS.dataset: route})
    assert verdicts(taken, PENSIONS) == [(DAY, "accepted", [])]
    assert taken.deliveries[0].counts.accepted == 55


def test_a_manifest_taken_away_while_fetching_means_still_arriving(
    server: SftpServer, outbox: Path, route: SftpRoute, evening: Evening
) -> None:
    folder = hand_over_rows(outbox, PENSIONS, DAY, rows_of(PENSIONS, 40))

    def spoil(name: str) -> None:
        if name.endswith("part-000.csv"):
            (folder / "manifest.json").unlink(missing_ok=True)
            (folder / "part-000.csv").write_bytes(b"half")

    server.on_read = spoil
    gathered = evening.gather({PENSIONS.dataset: route})
    assert gathered.found.deliveries == ()
    assert gathered.unfetched == ()


@pytest.mark.parametrize("name", ["../../secret.csv", "/etc/passwd", "..", "a/b.csv", ".hidden"])
def test_a_manifest_that_points_outside_is_refused_and_nothing_is_fetched_for_it(
    server: SftpServer, outbox: Path, route: SftpRoute, evening: Evening, name: str
) -> None:
    folder = hand_over_rows(outbox, PENSIONS, DAY, rows_of(PENSIONS, 3))
    hand_over_rows(outbox, HOUSEHOLDS, DAY, rows_of(HOUSEHOLDS, 3))
    (outbox / "secret.csv").write_text("secret")
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"][0]["name"] = name
    (folder / "manifest.json").write_text(json.dumps(manifest))
    taken = evening.take_in({PENSIONS.dataset: route, HOUSEHOLDS.dataset: route})
    assert verdicts(taken, PENSIONS) == [(DAY, "refused", ["file_name_unsafe"])]
    assert {path.rsplit("/", 2)[0] for path, _, _ in server.reads} == {
        "/outbox/civil_affairs/households"
    }


def test_a_link_on_the_server_is_not_followed(
    server: SftpServer, outbox: Path, route: SftpRoute, evening: Evening
) -> None:
    folder = hand_over_rows(outbox, PENSIONS, DAY, rows_of(PENSIONS, 3))
    hand_over_rows(outbox, HOUSEHOLDS, DAY, rows_of(HOUSEHOLDS, 3))
    (folder / "part-000.csv").rename(outbox / "elsewhere.csv")
    (folder / "part-000.csv").symlink_to("../../../elsewhere.csv")
    taken = evening.take_in({PENSIONS.dataset: route, HOUSEHOLDS.dataset: route})
    assert verdicts(taken, PENSIONS) == [(DAY, "refused", ["file_missing:part-000.csv"])]


def test_only_dates_up_to_tonight_and_since_the_day_agreed_are_fetched(
    server: SftpServer, outbox: Path, route: SftpRoute, evening: Evening
) -> None:
    for back in (2, 1, 0, -1):
        day = DAY - timedelta(days=back)
        hand_over_rows(outbox, PENSIONS, day, rows_of(PENSIONS, 40 + back))
    (outbox / "human_resources" / "pensions" / "notes").mkdir()
    since = but(route, since=DAY - timedelta(days=1))
    taken = evening.take_in({PENSIONS.dataset: since})
    assert [day for day, _, _ in verdicts(taken, PENSIONS)] == [DAY - timedelta(days=1), DAY]
    assert taken.later == 1
    assert sftp.look(route, PENSIONS) == Seen(4, DAY + timedelta(days=1), 39)


def test_an_archive_is_fetched_once_continued_when_cut_and_again_when_it_changed(
    server: SftpServer, outbox: Path, route: SftpRoute, evening: Evening
) -> None:
    folder = hand_over_rows(outbox, ENROLMENT, DAY, rows_of(ENROLMENT, MANY))
    shutil.make_archive(str(folder), "zip", folder)
    shutil.rmtree(folder)
    server.cut_after = 300_000
    routes = {ENROLMENT.dataset: route}
    taken = evening.take_in(routes)
    assert server.cut_after is None
    assert verdicts(taken, ENROLMENT) == [(DAY, "accepted", [])]
    served = server.served
    evening.take_in(routes)
    assert server.served == served
    again = hand_over_rows(outbox, ENROLMENT, DAY, rows_of(ENROLMENT, 3000))
    shutil.make_archive(str(again), "zip", again)
    shutil.rmtree(again)
    assert len(verdicts(evening.take_in(routes), ENROLMENT)) == 2


def test_every_fault_of_a_route_is_named_with_its_remedy_and_no_secret(
    server: SftpServer,
    outbox: Path,
    route: SftpRoute,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HEDUI_RIGHT", PASSWORD)
    monkeypatch.setenv("HEDUI_WRONG", "hunter2")
    monkeypatch.delenv("HEDUI_UNSET", raising=False)
    other = tmp_path / "other_hosts"
    stranger = asyncssh.generate_private_key("ssh-ed25519")
    public = stranger.export_public_key().decode()
    other.write_text(f"[127.0.0.1]:{server.port} {public}")
    (tmp_path / "empty_hosts").write_text("")
    stranger.write_private_key(str(tmp_path / "stranger"))
    stranger.write_private_key(str(tmp_path / "locked"), passphrase="open sesame")  # noqa: S106 - opens nothing
    (tmp_path / "no_key").write_text("not a key")
    faults = [
        (but(route, known_hosts=other), "host_key"),
        (but(route, known_hosts=tmp_path / "empty_hosts"), "host_key"),
        (but(route, known_hosts=tmp_path / "absent"), "known_hosts_absent"),
        (but(route, key=tmp_path / "stranger"), "login"),
        (but(route, key=None, password=Secret(env="HEDUI_WRONG")), "login"),
        (but(route, key=None, password=Secret(env="HEDUI_UNSET")), "secret_unset"),
        (but(route, key=tmp_path / "no_key"), "key_unreadable"),
        (but(route, key=tmp_path / "absent"), "key_unreadable"),
        (but(route, key=tmp_path / "locked"), "key_unreadable"),
        (
            but(route, key=tmp_path / "locked", passphrase=Secret(env="HEDUI_WRONG")),
            "key_unreadable",
        ),
        (but(route, port=free_port()), "unreachable"),
        (but(route, host="no-such-host.invalid"), "unreachable"),
        (but(route, folder="/nowhere"), "folder_absent"),
        (route, "folder_absent"),
    ]
    for bad, code in faults:
        with pytest.raises(FetchFailed) as caught:
            sftp.look(bad, PENSIONS)
        assert caught.value.code == code, caught.value.says("en")
        for language in ("zh", "en"):
            said = caught.value.says(language)
            assert "hunter2" not in said
            assert PASSWORD not in said
            assert USER not in said
    hand_over_rows(outbox, PENSIONS, DAY, rows_of(PENSIONS, 3))
    by_password = but(route, key=None, password=Secret(env="HEDUI_RIGHT"))
    assert sftp.look(by_password, PENSIONS) == Seen(1, DAY, 3)


def test_a_server_that_goes_silent_is_given_up_and_its_other_datasets_are_not_waited_for(
    server: SftpServer, outbox: Path, route: SftpRoute, evening: Evening
) -> None:
    hand_over_rows(outbox, PENSIONS, DAY, rows_of(PENSIONS, 3))
    hand_over_rows(outbox, HOUSEHOLDS, DAY, rows_of(HOUSEHOLDS, 3))
    server.stalled = True
    slow = but(route, patience=Patience(0.5, 1, 0.01))
    gathered = evening.gather({PENSIONS.dataset: slow, HOUSEHOLDS.dataset: slow}, has_inbox=True)
    server.stalled = False
    assert reasons(gathered) == {PENSIONS.dataset: "timeout", HOUSEHOLDS.dataset: "timeout"}
    assert server.reads == []


@pytest.mark.parametrize("listed_before", [False, True])
def test_a_server_that_goes_silent_while_listing_or_asked_what_a_file_is_costs_its_own_datasets(
    listed_before: bool, server: SftpServer, outbox: Path, route: SftpRoute, evening: Evening
) -> None:
    hand_over_rows(outbox, PENSIONS, DAY, rows_of(PENSIONS, 3))
    hand_over_rows(evening.inbox, HOUSEHOLDS, DAY, rows_of(HOUSEHOLDS, 3))
    server.stalled_sizes = "files" if listed_before else "all"
    slow = but(route, patience=Patience(0.5, 2, 0.01))
    try:
        gathered = evening.gather({PENSIONS.dataset: slow}, has_inbox=True)
    finally:
        server.stalled_sizes = ""  # else the server has no end either
    assert reasons(gathered) == {PENSIONS.dataset: "timeout"}


def test_a_folder_with_more_entries_than_are_looked_through_is_said_and_not_cut_off(
    server: SftpServer, outbox: Path, route: SftpRoute, monkeypatch: pytest.MonkeyPatch
) -> None:
    for days in range(3):
        hand_over_rows(outbox, PENSIONS, DAY - timedelta(days=days), rows_of(PENSIONS, 3))
    (outbox / "human_resources" / "pensions" / ".hidden").mkdir()
    monkeypatch.setattr(sftp_link, "_ENTRIES", 3)
    assert sftp.look(route, PENSIONS).deliveries == 3
    monkeypatch.setattr(sftp_link, "_ENTRIES", 2)
    with pytest.raises(FetchFailed) as caught:
        sftp.look(route, PENSIONS)
    assert caught.value.code == "too_many"
    assert "pensions" in caught.value.says("zh")


def test_a_full_disk_is_named_as_such(
    server: SftpServer, outbox: Path, route: SftpRoute, evening: Evening
) -> None:
    hand_over_rows(outbox, PENSIONS, DAY, rows_of(PENSIONS, 3))
    shutil.rmtree(evening.spool.folder)
    evening.spool.folder.write_text("no folder any more")
    with pytest.raises(FetchFailed) as caught:
        sftp.fetch(route, PENSIONS, evening.spool, Nothing(), DAY)
    assert caught.value.code == "spool_full"


class Nothing:
    """Nothing was received before."""

    def has_files_of(self, business_date: object, manifest: bytes) -> bool:
        return False

    def has_published(self, business_date: object, facts: object) -> bool:
        return False
