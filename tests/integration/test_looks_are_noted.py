"""Whatever shows people, page, API or command, is in the log with whom before it is answered."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import yaml
from served import Served, served
from typer.main import get_command
from typer.testing import CliRunner

from casework.findings import history
from domain.errors import HeduiError
from service.access_rules import RULES
from service.cli import build_app
from service.look_book import LookBook
from service.look_rules import COMMANDS, ROUTES, Shows
from service.roles import Role
from store.access_log import LoggedLook, looks
from store.ledger import Ledger
from store.pseudonyms import Pseudonyms
from store.snapshot import open_snapshot
from store.workspace import open_workspace
from tests.conftest import AS_OF, District

ASKED = {"purpose": "复核", "authorisation": "授字1号"}
SHOWING_COMMANDS = sorted(name for name, shows in COMMANDS.items() if shows is Shows.PEOPLE)
SHOWING_ROUTES = sorted(route for route, shows in ROUTES.items() if shows is Shows.PEOPLE)
# A record of a vehicle that is tied to somebody with a valid number in a case, and who that is.
LINKED = """
    select
        'public_security.vehicles/' || cast(vehicle.business_date as varchar) || '/'
        || vehicle.file_name || '/' || vehicle.row_no,
        subject.case_no, subject.seq, member.id_no, member.name_raw
    from linked.subject_record as link
    join clean.vehicle as vehicle on vehicle.record_id = link.record_id
    join linked.subject as subject on subject.subject_id = link.subject_id
    join clean.member as member on member.record_id = subject.record_id
    where subject.kind = 'case' and member.id_no is not null
    order by link.record_id
    limit 1
"""
POLICY = "rules/policy/990102.yaml"


@dataclass(frozen=True)
class Known:
    """A workspace of the tests' own, and somebody in it."""

    district: District
    workspace: Path
    record: str
    case_no: str
    seq: int
    id_no: str
    name: str
    delivery: str

    def looks(self) -> list[LoggedLook]:
        with Ledger.open(open_workspace(self.workspace)) as ledger:
            return looks(ledger)

    def pseudonym(self) -> str:
        return Pseudonyms.open(open_workspace(self.workspace)).of_number(self.id_no)


@pytest.fixture(scope="module")
def known(district: District, tmp_path_factory: pytest.TempPathFactory) -> Known:
    workspace = tmp_path_factory.mktemp("noted") / "workspace"
    shutil.copytree(district.workspace, workspace)
    opened = open_workspace(workspace)
    with Ledger.open(opened) as ledger, open_snapshot(opened, ledger) as engine:
        found = engine.rows(LINKED)[0]
        delivery = engine.rows(
            "select delivery_id from clean.delivery join clean.marriage using (business_date)"
            " where dataset = 'civil_affairs.marriages' and is_in_force and len(remarks) > 0"
            " and husband_id_no is not null order by 1"
        )[0][0]
    return Known(district, workspace, *found, delivery)


def arguments(known: Known, aside: Path) -> dict[str, list[str]]:
    """For each command that shows people: how it is asked about somebody."""
    of = ["--workspace", str(known.workspace)]
    about = ["--record", known.record]
    return {
        "findings": ["findings", *of],
        "links": ["links", *of],
        "answers": ["answers", *of],
        "evaluate": ["evaluate", *of, "--truth", str(_no_truth(known, aside)), "--errors"],
        "why": ["why", *of, *about],
        "whynot": ["whynot", *of, *about, "--subject", f"{known.case_no}#{known.seq}"],
        "review export": ["review", "export", *of, "-o", str(aside / "review.xlsx")],
        "trace": ["trace", *of, "--case", known.case_no],
        "preview": ["preview", *of, "--policy", str(_dearer(aside))],
        "check": ["check", *of, "--case", known.case_no, "--purpose", "复核",
                  "--authorisation", "授1号"],
        "log subject": ["log", "subject", *of],
        "deliveries feedback": ["deliveries", "feedback", known.delivery, *of],
    }  # fmt: skip


def _dearer(aside: Path) -> Path:
    """The district's policy with a higher standard, by which findings come and go."""
    policy = yaml.safe_load(Path(POLICY).read_text(encoding="utf-8"))
    for name in ("dibao.standard.urban", "dibao.standard.rural"):
        policy["parameters"][name].append({"from": "2026-11-01", "value": 3000, "source": "试"})
    path = aside / "policy.yaml"
    path.write_text(yaml.safe_dump(policy, allow_unicode=True), encoding="utf-8")
    return path


def _no_truth(known: Known, aside: Path) -> Path:
    """A truth without findings, beside which every finding is wrong and so is shown."""
    truth = aside / "truth"
    shutil.copytree(known.district.truth, truth)
    findings = truth / AS_OF / "findings.parquet"
    pq.write_table(pq.read_table(findings).slice(0, 0), findings)
    return truth


def ask(known: Known, given: list[str]) -> Any:
    name = next(
        word for word in given if word in COMMANDS or word in ("review", "log", "deliveries")
    )
    return CliRunner().invoke(build_app([name]), given, input=f"{known.id_no}\n")


@contextmanager
def unwritable_log(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def refuse(*_: object, **__: object) -> None:
        raise HeduiError("anchors_unwritable", path="-", cause="full")

    with monkeypatch.context() as patched:
        patched.setattr(LookBook, "note", refuse)
        yield


def _names(command: Any, before: tuple[str, ...] = ()) -> set[str]:
    """The commands of a group and of the groups in it; a command alone is itself."""
    parts = getattr(command, "commands", None)
    if parts is None:
        return {" ".join(before)}
    return {name for word, part in parts.items() for name in _names(part, (*before, word))}


def test_every_command_says_what_it_shows_and_every_route_too():
    assert _names(get_command(build_app())) == set(COMMANDS)
    assert set(ROUTES) == set(RULES)


def test_each_command_that_shows_people_is_tried_below(known, tmp_path):
    assert sorted(arguments(known, tmp_path)) == SHOWING_COMMANDS


@pytest.mark.parametrize("command", SHOWING_COMMANDS)
def test_a_command_names_in_the_log_whom_it_shows(known, tmp_path, command):
    before = len(known.looks())
    done = ask(known, arguments(known, tmp_path)[command])
    assert done.exit_code == 0, done.output
    noted = known.looks()[before:]
    assert len(noted) == 1
    assert noted[0].look.subjects, command
    assert noted[0].look.origin.startswith("cli:")


@pytest.mark.parametrize("command", ["why", "whynot", "trace", "check", "links", "answers"])
def test_the_extract_of_a_person_finds_the_look(known, tmp_path, command):
    before = len(known.looks())
    assert ask(known, arguments(known, tmp_path)[command]).exit_code == 0
    assert known.pseudonym() in known.looks()[before].look.subjects
    extract = ask(known, ["log", "subject", "--workspace", str(known.workspace)])
    action = "check" if command == "check" else f"export:{command}"
    assert f"\t{action}\t" in extract.stdout
    assert known.id_no not in extract.output


@pytest.mark.parametrize("command", SHOWING_COMMANDS)
def test_a_command_that_cannot_be_noted_shows_nothing(known, tmp_path, command, monkeypatch):
    given = arguments(known, tmp_path)[command]
    before = {path.name for path in tmp_path.iterdir()}
    with unwritable_log(monkeypatch):
        done = ask(known, given)
    assert isinstance(done.exception, HeduiError), done.output
    assert done.stdout.strip() == ""
    assert {path.name for path in tmp_path.iterdir()} == before


@dataclass(frozen=True)
class Opened:
    """A service with a finding and a slip to look at."""

    service: Served
    finding_id: str
    slip_no: str
    case_no: str

    def newest_event(self) -> str:
        return str(history(self.service.desk.ledger, self.finding_id)[-1].event_no)


@pytest.fixture(scope="module")
def opened(district: District, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    with served(district.workspace, tmp_path_factory.mktemp("routes") / "w") as service:
        headers = service.as_role(Role.COUNTY)
        finding = service.client.get("/api/v1/findings", headers=headers).json()["findings"][0]
        number = service.rows("select application_no from clean.application order by 1")[0][0]
        slip = service.client.post(
            "/api/v1/checks", json={**ASKED, "application_no": number}, headers=headers
        ).json()
        case_no = service.rows(
            "select case_no from clean.household where benefit_status = '1' order by 1"
        )[0][0]
        yield Opened(service, finding["finding_id"], slip["slip_no"], case_no)


def call(opened: Opened, method: str, path: str):
    """The route asked about somebody there is, as a county officer with a page or a token."""
    from tests.integration.test_service_access import sign_in

    client = opened.service.client
    client.cookies.clear()
    filled = path.format(finding_id=opened.finding_id, slip_no=opened.slip_no)
    if path.startswith("/api/"):
        headers = opened.service.as_role(Role.COUNTY)
        body = {**ASKED, "case_no": opened.case_no} if path == "/api/v1/checks" else None
        sent = {"json": body} if method == "POST" and body else {}
        return lambda: client.request(method, filled, headers=headers, **sent)
    token = sign_in(client, Role.COUNTY)
    form = {**ASKED, "case_no": opened.case_no, "reason": "复核", "csrf_token": token}
    if path.endswith("/decide"):
        form |= {"outcome": "more", "note": "已约入户", "seen": opened.newest_event()}
    sent = {"data": form} if method == "POST" else {}
    return lambda: client.request(method, filled, **sent)


@pytest.mark.parametrize(("method", "path"), SHOWING_ROUTES)
def test_a_route_names_in_the_log_whom_it_shows_or_shows_nobody(opened, monkeypatch, method, path):
    asked = call(opened, method, path)
    before = len(looks(opened.service.desk.ledger))
    reply = asked()
    assert reply.status_code < 400, reply.text
    noted = looks(opened.service.desk.ledger)[before:]
    assert len(noted) == 1
    assert noted[0].look.subjects
    with unwritable_log(monkeypatch):
        refused = asked()
    assert refused.status_code == 503
    assert refused.headers["Retry-After"]
    assert opened.case_no not in refused.text
