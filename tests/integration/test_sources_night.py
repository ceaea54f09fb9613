"""`hedui run --sources` and `hedui sources check` as their users start them."""

import csv
import io
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
import yaml
from exchange_servers import PASSWORD, USER, DatabaseServer, SftpServer, free_port, sftp_server
from sqlalchemy import text

from sources.contract import load_dictionary
from sources.delivery import read_manifest
from sources.raw_rows import show_texts
from sources.readers import read_delivery
from store.engines.duckdb import DuckDBEngine
from tests.conftest import AS_OF, POLICY, District, Hedui

VEHICLES = load_dictionary()["public_security.vehicles"]
PENSIONS = load_dictionary()["human_resources.pensions"]
BY_FOLDER = [
    one.dataset
    for one in load_dictionary()
    if one.dataset not in (VEHICLES.dataset, PENSIONS.dataset)
]


@dataclass
class Exchange:
    """A district: vehicles in a database, pensions on a server, the rest in a folder."""

    home: Path
    server: SftpServer
    database: DatabaseServer
    inbox: Path

    def described(self, **changes: object) -> Path:
        """``sources.yaml``, with some fields of the database's route changed."""
        database = {
            "way": "database", "engine": "postgresql", "host": "127.0.0.1",
            "port": self.database.port, "database": "exchange", "user": USER,
            "password": {"env": "HEDUI_TEST_PASSWORD"}, "attempts": 1, **changes,
        }  # fmt: skip
        sftp = {
            "way": "sftp", "host": "127.0.0.1", "port": self.server.port, "user": USER,
            "folder": "/", "known_hosts": str(self.server.known_hosts), "key": str(self.server.key),
            "attempts": 1,
        }  # fmt: skip
        described = {
            "routes": {
                "db": database,
                "files": sftp,
                "bureau": {"way": "folder", "folder": "rest"},
            },
            "datasets": {
                VEHICLES.dataset: "db",
                PENSIONS.dataset: "files",
                **dict.fromkeys(BY_FOLDER, "bureau"),
            },
        }
        path = self.home / "sources.yaml"
        path.write_text(yaml.safe_dump(described), encoding="utf-8")
        return path


@pytest.fixture(scope="module")
def exchange(
    district: District,
    tmp_path_factory: pytest.TempPathFactory,
    exchange_postgresql: DatabaseServer,
) -> Iterator[Exchange]:
    home = tmp_path_factory.mktemp("exchange")
    shutil.copytree(district.inbox, home / "rest")
    for contract, where in ((VEHICLES, home / "published"), (PENSIONS, home / "remote")):
        target = where / contract.agency / contract.folder
        target.parent.mkdir(parents=True)
        (home / "rest" / contract.agency / contract.folder).rename(target)
    publish(exchange_postgresql, home / "published" / VEHICLES.agency / VEHICLES.folder)
    with sftp_server(home / "remote", home / "keys") as server:
        yield Exchange(home, server, exchange_postgresql, home / "rest")


def publish(server: DatabaseServer, folder: Path) -> None:
    """The deliveries of the folder as rows of one table, by business date."""
    quote = server.admin.dialect.identifier_preparer.quote_identifier
    columns = ", ".join(f"{quote(one)} text" for one in VEHICLES.headers)
    server.run(
        "drop table if exists delivery_manifest",
        "create table delivery_manifest (agency text, dataset text, business_date date, mode text,"
        " rows bigint, produced_at timestamptz)",
        f"create table public_security_vehicles ({columns}, business_date date)",
    )
    for dated in sorted(folder.iterdir()):
        rows, produced_at = rows_in(dated)
        marks = ", ".join(f":c{place}" for place in range(len(VEHICLES.headers)))
        with server.admin.begin() as connection:
            connection.execute(
                text(f"insert into public_security_vehicles values ({marks}, :day)"),
                [
                    {
                        **{f"c{at}": row[one] for at, one in enumerate(VEHICLES.headers)},
                        "day": dated.name,
                    }
                    for row in rows
                ],
            )
        server.run(
            "insert into delivery_manifest values"
            " ('public_security', 'vehicles', :day, 'full', :rows, :at)",
            day=dated.name, rows=len(rows), at=produced_at,
        )  # fmt: skip


def rows_in(dated: Path) -> tuple[list[dict[str, str]], object]:
    """The rows of a delivered folder as its reader gives them; none of them may be bad."""
    raw = (dated / "manifest.json").read_bytes()
    delivery, faults = read_manifest(raw, VEHICLES, date.fromisoformat(dated.name))
    assert delivery
    assert not faults
    headers = ", ".join(VEHICLES.headers)
    with DuckDBEngine() as engine:
        reading = read_delivery(engine, delivery, VEHICLES, lambda file: dated / file.name)
        show_texts(engine, VEHICLES, reading.raw)
        rows = engine.arrow(f"select {headers} from raw.rows order by row_no").to_pylist()
    return rows, delivery.produced_at


def findings(hedui: Hedui, workspace: Path) -> set[tuple[str, ...]]:
    done = hedui("findings", "--workspace", workspace, "--format", "csv")
    assert done.returncode == 0, done.stderr
    return {
        (row["finding_id"], row["rule"], row["grade"], row["status"])
        for row in csv.DictReader(io.StringIO(done.stdout))
    }


def test_a_district_gives_the_same_findings_whichever_way_its_data_come(
    exchange: Exchange, district: District, hedui: Hedui, tmp_path: Path
) -> None:
    night = (
        "run", "--sources", exchange.described(), "--policy", POLICY, "--as-of", AS_OF,
        "--workspace", tmp_path / "workspace",
    )  # fmt: skip
    done = hedui(*night, HEDUI_TEST_PASSWORD=PASSWORD)
    assert done.returncode == 0, done.stderr
    assert "未能取到" not in done.stdout
    assert findings(hedui, tmp_path / "workspace") == findings(hedui, district.workspace)
    assert not list((tmp_path / "workspace" / "spool").glob("[!.]*/*/*"))
    broken = exchange.described(port=free_port())
    again = hedui(*("run", "--sources", broken, *night[3:]), HEDUI_TEST_PASSWORD=PASSWORD)
    assert again.returncode == 0, again.stderr
    (said,) = (line for line in again.stdout.splitlines() if VEHICLES.dataset in line)
    assert "（db）" in said
    assert "127.0.0.1" in said
    assert PASSWORD not in again.stdout + again.stderr
    listed = hedui("deliveries", "list", "--workspace", tmp_path / "workspace")
    assert listed.returncode == 0, listed.stderr
    (told,) = (line for line in listed.stdout.splitlines() if said.strip() in line)
    assert VEHICLES.title in told


def test_check_says_one_line_a_dataset_and_the_remedy_of_each_fault(
    exchange: Exchange, hedui: Hedui
) -> None:
    good = hedui(
        "sources", "check", "--sources", exchange.described(), HEDUI_TEST_PASSWORD=PASSWORD
    )
    assert good.returncode == 0, good.stdout + good.stderr
    lines = [line.strip() for line in good.stdout.splitlines()]
    assert len(lines) == 2 + len(list(load_dictionary()))
    by_dataset = {line.partition("（")[0]: line for line in lines[1:-1]}
    assert set(by_dataset) == {one.dataset for one in load_dictionary()}
    for contract, where in ((VEHICLES, "published"), (PENSIONS, "remote")):
        days = [one.name for one in (exchange.home / where / contract.agency).glob("*/*")]
        line = by_dataset[contract.dataset]
        assert f"{len(days)} 份交付，最新 {max(days)}，" in line
    wrong = hedui(
        "sources",
        "check",
        "--sources",
        exchange.described(),
        HEDUI_TEST_PASSWORD="hunter2",  # noqa: S106
    )
    assert wrong.returncode == 1
    (line,) = (line for line in wrong.stdout.splitlines() if VEHICLES.dataset in line)
    assert "password" in line
    assert "hunter2" not in wrong.stdout + wrong.stderr


def test_a_night_needs_an_inbox_or_sources_and_refuses_a_wrong_file_before_it_begins(
    exchange: Exchange, hedui: Hedui, tmp_path: Path
) -> None:
    night = ("--policy", POLICY, "--as-of", AS_OF, "--workspace", tmp_path / "workspace")
    neither = hedui("run", *night)
    assert neither.returncode == 2
    inline = exchange.described(password="hunter2")  # noqa: S106
    refused = hedui("run", "--sources", inline, *night)
    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1
    assert "sources.yaml" in refused.stderr
    assert "hunter2" not in refused.stderr
    assert not (tmp_path / "workspace").exists()


def test_a_night_that_can_fetch_nothing_ends_with_one_line(
    exchange: Exchange, hedui: Hedui, tmp_path: Path
) -> None:
    path = exchange.described(port=free_port())
    described = yaml.safe_load(path.read_text())
    described["datasets"] = {VEHICLES.dataset: "db"}
    path.write_text(yaml.safe_dump(described))
    done = hedui(
        "run", "--sources", path, "--policy", POLICY, "--as-of", AS_OF,
        "--workspace", tmp_path / "workspace", HEDUI_TEST_PASSWORD=PASSWORD,
    )  # fmt: skip
    assert done.returncode == 1
    assert VEHICLES.dataset in done.stderr.splitlines()[-1]
