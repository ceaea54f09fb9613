"""sources.yaml: what it says, and every way in which it can be wrong, with file and line."""

from datetime import date

import pytest

from domain.errors import HeduiError
from sources.connectors.failure import FetchFailed
from sources.contract import load_dictionary
from sources.routes import DatabaseRoute, FolderRoute, Patience, Secret, SftpRoute, load_routes

GOOD = """\
routes:
  inbox: {way: folder, folder: inbox}
  hr:
    way: database
    engine: mysql
    host: 10.20.1.5
    database: exchange
    user: reader
    password: {env: HEDUI_HR}
    since: 2026-10-01
    attempts: 2
  medical:
    way: sftp
    host: sftp.example
    port: 2222
    user: hedui
    folder: /outbox
    known_hosts: known_hosts
    key: keys/id_ed25519
    passphrase: {file: keys/passphrase}
    timeout_seconds: 7.5
datasets:
  civil_affairs.households: inbox
  human_resources.pensions: hr
  medical_insurance.enrolment: medical
"""


@pytest.fixture
def load(tmp_path):
    def load(text):
        path = tmp_path / "sources.yaml"
        path.write_text(text, encoding="utf-8")
        return load_routes(path, load_dictionary())

    return load


def test_each_dataset_has_the_route_written_for_it(load, tmp_path):
    routes = load(GOOD).by_dataset
    assert routes["civil_affairs.households"] == FolderRoute("inbox", tmp_path / "inbox")
    assert routes["human_resources.pensions"] == DatabaseRoute(
        name="hr", engine="mysql", host="10.20.1.5", port=3306, database="exchange", user="reader",
        schema=None, password=Secret(env="HEDUI_HR"), tls_ca=None, since=date(2026, 10, 1),
        patience=Patience(attempts=2),
    )  # fmt: skip
    assert routes["medical_insurance.enrolment"] == SftpRoute(
        name="medical", host="sftp.example", port=2222, user="hedui", folder="/outbox",
        known_hosts=tmp_path / "known_hosts", key=tmp_path / "keys/id_ed25519",
        passphrase=Secret(file=tmp_path / "keys/passphrase"), password=None, since=None,
        patience=Patience(timeout_seconds=7.5),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("was", "written", "key", "line"),
    [
        ("{env: HEDUI_HR}", "hunter2", "routes_secret_inline", 9),
        ("{env: HEDUI_HR}", "[hunter2]", "routes_secret_inline", 9),
        ("{env: HEDUI_HR}", "{env: A, file: b}", "routes_secret_form", 9),
        ("{env: HEDUI_HR}", "{value: hunter2}", "routes_secret_form", 9),
        ("password: {env: HEDUI_HR}", "url: mysql://reader:hunter2@h/e", "routes_field_unknown", 9),
        ("host: 10.20.1.5", "host: reader:hunter2@10.20.1.5", "routes_host", 6),
        ("engine: mysql", "engine: oracle", "routes_engine_unknown", 5),
        ("    user: reader\n", "", "routes_field_missing", 4),
        ("way: database", "way: ftp", "routes_way_unknown", 4),
        ("    known_hosts: known_hosts\n", "", "routes_field_missing", 13),
        ("    key: keys/id_ed25519\n", "", "routes_login_absent", 13),
        ("port: 2222", "port: 70000", "routes_number", 15),
        ("attempts: 2", "attempts: 0", "routes_number", 11),
        ("timeout_seconds: 7.5", "timeout_seconds: nan", "routes_number", 21),
        ("since: 2026-10-01", "since: October", "routes_date", 10),
        ("human_resources.pensions", "human_resources.pension", "routes_dataset_unknown", 24),
        ("pensions: hr", "pensions: hrr", "routes_route_unknown", 24),
        ("datasets:", "dataset:", "routes_field_unknown", 23),
        ("medical:\n", "hr:\n", "rules_key_twice", 12),
        ("way: folder", "way: [", "rules_unreadable", 2),
    ],
)
def test_what_is_wrong_is_said_with_file_and_line_and_no_secret(load, was, written, key, line):
    assert was in GOOD
    with pytest.raises(HeduiError) as caught:
        load(GOOD.replace(was, written, 1))
    assert caught.value.key == key
    assert caught.value.fields["line"] == line
    assert "sources.yaml" in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_a_file_that_is_absent_or_names_no_dataset_is_refused(load, tmp_path):
    with pytest.raises(HeduiError) as caught:
        load_routes(tmp_path / "nowhere.yaml", load_dictionary())
    assert caught.value.key == "routes_absent"
    with pytest.raises(HeduiError) as caught:
        load("routes: {inbox: {way: folder, folder: inbox}}\ndatasets: {}\n")
    assert caught.value.key == "routes_empty"


def test_secrets_come_from_the_environment_or_a_file(tmp_path, monkeypatch):
    file = tmp_path / "secret"
    file.write_text("pass word\n")
    monkeypatch.setenv("HEDUI_TEST_SECRET", "from outside")
    assert Secret(env="HEDUI_TEST_SECRET").read() == "from outside"
    assert Secret(file=file).read() == "pass word"


def test_a_secret_that_is_not_there_says_where_it_should_be(tmp_path, monkeypatch):
    monkeypatch.delenv("HEDUI_TEST_SECRET", raising=False)
    blank = tmp_path / "blank"
    blank.write_text("\n")
    for secret, code, place in (
        (Secret(env="HEDUI_TEST_SECRET"), "secret_unset", "HEDUI_TEST_SECRET"),
        (Secret(file=tmp_path / "absent"), "secret_unreadable", "absent"),
        (Secret(file=blank), "secret_blank", "blank"),
    ):
        with pytest.raises(FetchFailed) as caught:
            secret.read()
        assert caught.value.code == code
        assert place in caught.value.says()
