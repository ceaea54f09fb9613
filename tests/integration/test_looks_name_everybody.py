"""Whoever's name or number an answer shows is among the look's subjects, in a case or in none."""

import json
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import pytest
from served import Served, served

from domain import masking
from domain.identity import read_identity_number
from domain.names import fold_name, names_agree
from rules.rule import load_catalogue
from service.look_book import LookBook, Subject
from service.roles import Role
from store.access_log import looks
from store.ledger import Ledger
from store.snapshot import open_snapshot
from store.workspace import open_workspace
from tests.conftest import AS_OF, District
from tests.integration.test_looks_are_noted import (
    ASKED,
    SHOWING_COMMANDS,
    SHOWING_ROUTES,
    Known,
    Opened,
    arguments,
    ask,
    call,
)

# A member whose register of marriages names somebody who stands in no case, and that somebody.
MARRIED = """
    select
        finding.finding_id, finding.case_no, finding.seq, finding.person_id_no,
        finding.person_name, finding.evidence
    from judged.finding as finding
    where finding.rule = 'undeclared_spouse' and finding.person_id_no is not null
    order by finding.case_no
"""
LISTED = """
    select id_no from clean.member where id_no is not null
    union select id_no from clean.application where id_no is not null
"""
DAY = date.fromisoformat(AS_OF)
# A row of cars whose owner is nobody known: without a number, tied to no person.
UNNUMBERED = """
    select 'public_security.vehicles/' || business_date || '/' || file_name || '/' || row_no
    from clean.vehicle as vehicle
    left join linked.person_record as link
        on link.record_id = vehicle.record_id and link.dataset = 'public_security.vehicles'
    where vehicle.id_no is null and link.person_id is null
    order by vehicle.record_id
"""
# These mask more than they show: `evaluate` reads every link to count them.
MASKS_WHAT_IT_DOES_NOT_SHOW = {"evaluate"}


@dataclass
class Spy:
    """What was masked to be shown, and whom the log was given first."""

    shown: set[tuple[str, str]] = field(default_factory=set)
    noted: list[Subject] = field(default_factory=list)

    def forget(self) -> None:
        self.shown.clear()
        self.noted.clear()

    def unnoted(self) -> set[str]:
        """Names and valid numbers that were shown and stand under no subject.

        One row may write a name otherwise than another: with blanks, or its parts the other way.
        """
        names = {fold_name(one.name) for one in self.noted if one.name}
        numbers = {one.id_no for one in self.noted}
        missing = set()
        for kind, value in self.shown:
            if kind == "person_name" and not _is_among(fold_name(value), names):
                missing.add(value)
            number = read_identity_number(value, DAY).number if kind == "id_no" else None
            if number and number not in numbers:
                missing.add(number)
        return missing


def _is_among(name: str, names: set[str]) -> bool:
    return name in names or any(names_agree(name, one).agrees for one in names)


@pytest.fixture
def spy(monkeypatch: pytest.MonkeyPatch) -> Spy:
    """Every value that passes the mask on its way to a page, a screen or a file."""
    watching = Spy()
    mask, note = masking.mask, LookBook.note

    def masked(kind: str, value: str, *others: object) -> str:
        watching.shown.add((kind, value))
        return mask(kind, value, *others)

    def noting(book: LookBook, *given: object, **named: object) -> int:
        people = list(named.get("subjects") or ())
        watching.noted.extend(people)
        return note(book, *given, **{**named, "subjects": people})

    for module in [*sys.modules.values()]:
        if getattr(module, "mask", None) is mask:
            monkeypatch.setattr(module, "mask", masked)
    monkeypatch.setattr(LookBook, "note", noting)
    return watching


@dataclass(frozen=True)
class Married:
    """A finding about a spouse who is no member: of whom, and who that is."""

    finding_id: str
    case_no: str
    seq: int
    id_no: str
    name: str
    record: str
    spouse_no: str
    spouse_name: str


def find_married(rows, listed: set[str]) -> Married:
    for finding_id, case_no, seq, id_no, name, evidence in rows:
        item = json.loads(evidence)[0]
        others = [one for one in item["named"] if one["role"] != item["role"]]
        number = others[0].get("id_no")
        if number and number not in listed:
            record = "/".join(
                str(item[key]) for key in ("dataset", "business_date", "file_name", "row_no")
            )
            return Married(finding_id, case_no, seq, id_no, name, record, number, others[0]["name"])
    raise AssertionError("the district has no spouse outside the cases")


@pytest.fixture(scope="module")
def workspace(district: District, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("named") / "workspace"
    shutil.copytree(district.workspace, place)
    return place


@pytest.fixture(scope="module")
def married(workspace: Path) -> Married:
    opened = open_workspace(workspace)
    with Ledger.open(opened) as ledger, open_snapshot(opened, ledger) as engine:
        return find_married(engine.rows(MARRIED), {row[0] for row in engine.rows(LISTED)})


@pytest.fixture(scope="module")
def known(district: District, workspace: Path, married: Married) -> Known:
    opened = open_workspace(workspace)
    with Ledger.open(opened) as ledger, open_snapshot(opened, ledger) as engine:
        delivery = engine.rows(
            "select delivery_id from clean.delivery join clean.marriage using (business_date)"
            " where dataset = 'civil_affairs.marriages' and is_in_force and len(remarks) > 0"
            " and husband_id_no is not null order by 1"
        )[0][0]
    return Known(
        district, workspace, married.record, married.case_no, married.seq, married.spouse_no,
        married.spouse_name, delivery,
    )  # fmt: skip


@pytest.mark.parametrize("command", SHOWING_COMMANDS)
def test_whom_a_command_shows_it_has_noted(known, tmp_path, spy, command):
    done = ask(known, arguments(known, tmp_path)[command])
    assert done.exit_code == 0, done.output
    assert spy.noted or command == "log subject"
    if command not in MASKS_WHAT_IT_DOES_NOT_SHOW:
        assert spy.unnoted() == set()


@pytest.mark.parametrize("command", ["check", "trace", "why", "whynot", "findings"])
def test_the_extract_of_a_spouse_who_stands_in_no_case_finds_the_look(known, tmp_path, command):
    before = len(known.looks())
    assert ask(known, arguments(known, tmp_path)[command]).exit_code == 0
    assert known.pseudonym() in known.looks()[before].look.subjects
    extract = ask(known, ["log", "subject", "--workspace", str(known.workspace)])
    action = "check" if command == "check" else f"export:{command}"
    assert f"\t{action}\t" in extract.stdout


def test_somebody_without_any_number_is_asked_for_by_the_record(known, tmp_path):
    opened = open_workspace(known.workspace)
    with Ledger.open(opened) as ledger, open_snapshot(opened, ledger) as engine:
        place = engine.rows(UNNUMBERED)[0][0]
    about = ["--record", place, "--workspace", str(known.workspace)]
    assert ask(known, ["why", *about]).exit_code == 0
    assert "\texport:why\t" in ask(known, ["log", "subject", *about]).stdout
    numbered = ["--record", known.record, "--workspace", str(known.workspace)]
    refused = ask(known, ["log", "subject", *numbered])
    assert refused.exception.key == "log_record_numbered"


@pytest.fixture(scope="module")
def opened(
    workspace: Path, married: Married, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Opened]:
    with served(workspace, tmp_path_factory.mktemp("shown") / "w") as service:
        headers = service.as_role(Role.COUNTY)
        slip = service.client.post(
            "/api/v1/checks", json={**ASKED, "case_no": married.case_no}, headers=headers
        ).json()
        yield Opened(service, married.finding_id, slip["slip_no"], married.case_no)


@pytest.fixture(scope="module")
def applied(opened: Opened) -> str:
    """A slip of an application: it alone can be watched."""
    number = opened.service.rows("select application_no from clean.application order by 1")[0][0]
    reply = opened.service.client.post(
        "/api/v1/checks",
        json={**ASKED, "application_no": number},
        headers=opened.service.as_role(Role.COUNTY),
    )
    return reply.json()["slip_no"]


@pytest.mark.parametrize(("method", "path"), SHOWING_ROUTES)
def test_whom_a_route_shows_it_has_noted(opened, applied, married, spy, method, path):
    is_watch = path.endswith("/watch")
    asked = call(replace(opened, slip_no=applied) if is_watch else opened, method, path)
    before = len(looks(opened.service.desk.ledger))
    spy.forget()
    reply = asked()
    assert reply.status_code < 400, reply.text
    assert spy.unnoted() == set()
    (noted,) = looks(opened.service.desk.ledger)[before:]
    if "{finding_id}" in path or "{slip_no}" in path or (method, path[-7:]) == ("POST", "/checks"):
        key = opened.service.desk.looks.pseudonyms.of_number(married.spouse_no)
        assert is_watch or key in noted.look.subjects


def test_an_officer_s_own_slip_shows_the_spouse_masked(opened, married):
    slip = opened.service.client.get(
        f"/api/v1/checks/{opened.slip_no}", headers=opened.service.as_role(Role.COUNTY)
    ).json()["slip"]
    said = " ".join(line for one in slip["findings"] for line in one["sentences"])
    assert masking.mask("person_name", married.spouse_name) in said
    assert married.spouse_name not in said


def test_every_finding_s_names_are_borne_by_whom_its_evidence_or_its_cases_name(
    opened: Opened,
):
    """The rule says what it shows; a fact about somebody whom nothing names would go unnoted."""
    catalogue = load_catalogue()
    service: Served = opened.service
    found = service.rows(
        "select rule, case_no, person_name, evidence from judged.finding"
        " union all select rule, case_no, person_name, evidence from checking.finding"
    )
    members: dict[str, set[str]] = {}
    for case_no, name in service.rows(
        "select case_no, name_raw from clean.member"
        " union all select application_no, name_raw from clean.application"
    ):
        members.setdefault(case_no, set()).add(name)
    assert len(found) > 50
    for rule, case_no, person_name, evidence in found:
        own = {person_name}.union(*(members.get(no, ()) for no in (case_no or "").split(";")))
        for item in json.loads(evidence):
            named = {one.get("name") for one in item.get("named", ())}
            told = {
                value
                for name, value in item["facts"].items()
                if catalogue[rule].facts[name] == "person_name"
            }
            assert told <= own | named, rule
