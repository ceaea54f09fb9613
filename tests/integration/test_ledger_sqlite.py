"""The ledger's file: made by the migrations, opened by many, refused when it is not ours."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from domain.errors import HeduiError
from store.ledger import Ledger, alembic_config
from store.migrations import HEAD
from store.workspace import Workspace, open_workspace

ROOT = Path(__file__).parents[2]


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.delenv("HEDUI_DATABASE_URL", raising=False)
    return open_workspace(tmp_path / "ws")


@pytest.fixture
def ledger(workspace: Workspace) -> Iterator[Ledger]:
    with Ledger.open(workspace) as opened:
        yield opened


def refusal(workspace: Workspace, url: str | None = None) -> HeduiError:
    with pytest.raises(HeduiError) as caught:
        Ledger.open(workspace, url)
    return caught.value


def test_the_migrations_make_exactly_the_models_tables(ledger: Ledger) -> None:
    with ledger.engine.begin() as connection:
        command.check(alembic_config(connection))
        version = connection.execute(text("select version_num from alembic_version")).scalar()
    assert version == HEAD


def test_the_migrations_can_be_undone(ledger: Ledger) -> None:
    with ledger.engine.begin() as connection:
        command.downgrade(alembic_config(connection), "base")
        left = connection.execute(
            text("select name from sqlite_master where type = 'table' and name not like 'sqlite%'")
        ).all()
    assert left == [("alembic_version",)]


def test_the_database_is_durable_and_checks_its_references(ledger: Ledger) -> None:
    with ledger.reading() as session:
        settings = [
            session.execute(text(f"pragma {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    assert settings == ["wal", 2, 1]  # 2: FULL


def test_a_failed_statement_does_not_name_its_values(ledger: Ledger) -> None:
    with pytest.raises(IntegrityError) as caught, ledger.writing() as session:
        session.execute(
            text("insert into sighting (run_no, finding_no, version_no) values (1, 1, :no)"),
            {"no": 990102},
        )
    assert "990102" not in str(caught.value)


def test_many_processes_may_open_a_new_ledger_at_once(workspace: Workspace) -> None:
    script = (
        "import sys; from store.ledger import Ledger; from store.workspace import open_workspace;"
        " Ledger.open(open_workspace(sys.argv[1])).close()"
    )
    processes = [
        subprocess.Popen([sys.executable, "-c", script, str(workspace.path)], cwd=ROOT)
        for _ in range(3)
    ]
    assert [process.wait(timeout=60) for process in processes] == [0, 0, 0]
    with Ledger.open(workspace) as ledger, ledger.reading() as session:
        assert session.execute(text("select count(*) from ledger_owner")).scalar() == 1


def test_a_file_that_is_no_database_is_refused_and_left_as_it_is(workspace: Workspace) -> None:
    workspace.ledger_file.write_bytes(b"no database at all" * 300)
    refused = refusal(workspace)
    assert (refused.key, refused.fields["cause"]) == ("ledger_unavailable", "SQLITE_NOTADB")
    assert workspace.ledger_file.read_bytes().startswith(b"no database")


def test_the_ledger_of_another_workspace_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    other = open_workspace(tmp_path / "other")
    Ledger.open(other).close()
    assert refusal(workspace, f"sqlite:///{other.ledger_file}").key == "ledger_foreign"


def test_a_ledger_of_a_later_version_is_refused(workspace: Workspace) -> None:
    Ledger.open(workspace).close()
    with sqlite3.connect(workspace.ledger_file) as raw:
        raw.execute("update alembic_version set version_num = '9999'")
    raw.close()
    assert refusal(workspace).key == "ledger_newer"


@pytest.mark.parametrize("url", ["mysql://x@y/z", "no address", "postgresql"])
def test_an_address_that_is_none_is_refused(workspace: Workspace, url: str) -> None:
    assert refusal(workspace, url).key == "ledger_url"


def test_an_address_is_shown_without_its_password(workspace: Workspace) -> None:
    refused = refusal(workspace, "postgresql://hedui:s3cret@127.0.0.1:1/none?connect_timeout=2")
    assert refused.key == "ledger_unavailable"
    assert "s3cret" not in str(refused)


def test_a_ledger_whose_disk_is_full_says_so(ledger: Ledger) -> None:
    def fill() -> None:
        with ledger.writing() as session:
            session.execute(text("pragma max_page_count = 1"))
            session.execute(text("create table much (x)"))
            session.execute(text("insert into much values (zeroblob(1000000))"))

    with pytest.raises(HeduiError) as caught:
        fill()
    assert caught.value.key == "ledger_full"
    assert "磁盘已满" in str(caught.value)


def test_a_reader_sees_one_state_while_another_writes(ledger: Ledger) -> None:
    count = text("select count(*) from run_lock_takeover")
    add = text(
        "insert into run_lock_takeover (host, pid, since_at, taken_by_host, taken_by_pid, taken_at)"
        " values ('a', 1, '2026-11-20 18:00:00', 'b', 2, '2026-11-20 18:00:00')"
    )
    with ledger.reading() as reader:
        assert reader.execute(count).scalar() == 0
        with ledger.writing() as writer:
            writer.execute(add)
        assert reader.execute(count).scalar() == 0
    with ledger.reading() as reader:
        assert reader.execute(count).scalar() == 1


def test_what_fails_in_a_transaction_leaves_nothing_of_it(ledger: Ledger) -> None:
    def half_done() -> None:
        with ledger.writing() as session:
            session.execute(text("update ledger_owner set workspace_id = 'x'"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half_done()
    with ledger.reading() as session:
        owner = session.execute(text("select workspace_id from ledger_owner")).scalar()
    assert owner == ledger.workspace.workspace_id
