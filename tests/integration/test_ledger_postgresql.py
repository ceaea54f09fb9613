"""The same ledger on a real PostgreSQL server, which these tests start and stop."""

import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from alembic import command
from nights import Night, finding, record, run_night
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from casework.decisions import Decision, decide
from casework.findings import current_findings, history
from casework.lifecycle import Said
from domain.errors import AnotherRunGoing, HeduiError
from store.access_log import Look, append_look, first_bad_entry, looks, note_look
from store.ledger import Ledger, alembic_config
from store.locking import run_lock
from store.snapshot import open_snapshot
from store.workspace import open_workspace

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
AT = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
FOUND = ("DB1", "motor_vehicle", "found", "")
UNKNOWN = ("DB1", "motor_vehicle", "not_checked", "source_stale:public_security.vehicles")
CLEAR = ("DB1", "motor_vehicle", "clear", "")


def _as_server_user() -> list[str]:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return []
    try:
        pwd.getpwnam("postgres")
    except KeyError:
        pytest.fail("PostgreSQL does not run as root, and there is no user postgres to run it as")
    return ["runuser", "-u", "postgres", "--"]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The folder of a private server's socket."""
    if not BINARIES:
        pytest.fail("PostgreSQL is not installed (no /usr/lib/postgresql/*/bin/pg_ctl)")
    prefix, programs = _as_server_user(), BINARIES[-1].parent
    home = Path(tempfile.mkdtemp(prefix="hedui-pg-"))
    if prefix:
        shutil.chown(home, "postgres")

    def run(program: str, *arguments: str) -> None:
        subprocess.run(
            [*prefix, str(programs / program), "-D", str(home / "data"), *arguments],
            check=True,
            capture_output=True,
            cwd="/",
            timeout=120,
        )

    try:
        run("initdb", "-U", "hedui", "-A", "trust", "-E", "UTF8", "--no-sync")
        options = f"-k {home} -c listen_addresses='' -c fsync=off"
        run("pg_ctl", "-w", "-l", str(home / "log"), "-o", options, "start")
        try:
            yield str(home)
        finally:
            run("pg_ctl", "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(home)


@pytest.fixture
def ledger(server: str, tmp_path: Path) -> Iterator[Ledger]:
    name = f"hedui_{uuid.uuid4().hex[:8]}"
    admin = create_engine(
        f"postgresql+psycopg://hedui@/postgres?host={server}", isolation_level="AUTOCOMMIT"
    )
    with admin.connect() as connection:
        connection.execute(text(f"create database {name}"))
    admin.dispose()
    url = f"postgresql://hedui@/{name}?host={server}"
    with Ledger.open(open_workspace(tmp_path / "ws"), url) as opened:
        yield opened


def night(day: int, answer: tuple[str, ...], facts: str = "facts-1", late: str = "") -> Night:
    rows = [finding("F1", evidence_hash=facts)] if answer is FOUND else []
    return Night(date(2026, 11, day), rows, [answer], late=late)


def test_the_migrations_make_exactly_the_models_tables(ledger: Ledger) -> None:
    with ledger.engine.begin() as connection:
        command.check(alembic_config(connection))
        command.downgrade(alembic_config(connection), "base")
        command.upgrade(alembic_config(connection), "head")


def test_nights_in_a_row_end_as_they_do_on_sqlite(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HEDUI_DATABASE_URL", raising=False)
    nights = [
        night(20, FOUND),
        night(21, UNKNOWN),
        night(22, FOUND, "facts-2"),
        night(23, CLEAR),
        night(21, CLEAR, late="vehicles"),
        night(19, FOUND),
        night(20, FOUND),
    ]
    with Ledger.open(open_workspace(tmp_path / "sqlite")) as plain:
        for one in nights:
            assert record(ledger, one) == record(plain, one)
        for day in range(19, 24):
            as_of = date(2026, 11, day)
            views = current_findings(ledger, as_of, include_closed=True)
            assert views == current_findings(plain, as_of, include_closed=True)
        assert history(ledger, "F1") == history(plain, "F1")


def test_thousands_of_findings_are_recorded_and_read(ledger: Ledger) -> None:
    rows = [finding(f"F{place:05}", evidence="[]" * 200) for place in range(3000)]
    summary = record(ledger, Night(date(2026, 11, 20), rows, [FOUND]))
    assert (summary.new, len(current_findings(ledger))) == (3000, 3000)


def test_a_whole_run_is_locked_sealed_and_in_force(ledger: Ledger) -> None:
    workspace = ledger.workspace
    with run_lock(ledger, workspace, at=AT):
        with pytest.raises(AnotherRunGoing), run_lock(ledger, workspace, at=AT):
            pass
        run_night(ledger, workspace, night(20, FOUND))
    with open_snapshot(workspace, ledger) as engine:
        assert engine.rows("select count(*) from judged.finding") == [(1,)]


def test_a_lock_of_another_host_is_believed(ledger: Ledger) -> None:
    with ledger.writing() as session:
        session.execute(
            text(
                "insert into run_lock (lock_no, host, pid, process_start, since_at)"
                " values (1, 'another-host', 7, 'boot:1', now())"
            )
        )
    with pytest.raises(AnotherRunGoing), run_lock(ledger, ledger.workspace, at=AT):
        pass


def test_looks_of_many_at_once_make_one_chain_that_nobody_may_rewrite(ledger: Ledger) -> None:
    def look(place: int) -> None:
        for _ in range(5):
            note_look(ledger, Look(f"u{place}", "check", "复核", subjects=("p1",)), at=AT)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(look, range(6)))
    assert [entry.entry_no for entry in looks(ledger)] == list(range(1, 31))
    assert first_bad_entry(ledger) is None
    for statement in ("update access_entry set who = 'x'", "delete from access_entry"):
        with pytest.raises(DBAPIError), ledger.writing() as session:
            session.execute(text(statement))
    assert first_bad_entry(ledger) is None


def test_of_people_deciding_on_one_finding_at_once_one_is_written(ledger: Ledger) -> None:
    record(ledger, Night(date(2026, 11, 20), [finding("F1")], [FOUND]))
    (view,) = current_findings(ledger)
    seen = history(ledger, "F1")[-1].event_no

    def one(by: str) -> str:
        decision = Decision(Said("more", "", f"{by}跟进"), by, seen)
        note = Look(by, "decide:finding", "", target="F1")
        try:
            decide(
                ledger, view, decision, at=AT,
                within=lambda session: append_look(session, note, at=AT),
            )  # fmt: skip
        except HeduiError as error:
            return error.key
        return "written"

    with ThreadPoolExecutor(6) as pool:
        ends = sorted(pool.map(one, [f"user{number}" for number in range(6)]))
    assert ends == ["decision_stale"] * 5 + ["written"]
    assert len(history(ledger, "F1")) == 2
    assert [entry.look.action for entry in looks(ledger)].count("decide:finding") == 1
