"""After everything the service does, no full identity number lies where it should not."""

import html
import re
import tempfile
from pathlib import Path

import pytest
from served import Served, served
from sqlalchemy import text

from service.roles import Role
from tests.conftest import District

NUMBER = re.compile(r"(?<!\d)99\d{15}[\dXx](?!\d)")
ADDRESSES = re.compile(r"""(?:href|action|src|hx-get|hx-post)="([^"]*)\"""")
# Tables of the ledger that hold findings and their evidence, and so may hold numbers.
EVIDENCE = frozenset({"finding_version"})


@pytest.fixture(scope="module")
def used(district: District, tmp_path_factory: pytest.TempPathFactory):
    """A service after a day's work, its temporary folder, and every answer it gave."""
    temporary = tmp_path_factory.mktemp("temporary")
    before, tempfile.tempdir = tempfile.tempdir, str(temporary)
    try:
        with served(district.workspace, tmp_path_factory.mktemp("traces") / "w") as service:
            yield service, temporary, _work(service)
    finally:
        tempfile.tempdir = before


def _work(service: Served) -> list[tuple[str, str]]:
    """Everything an officer may do, right and wrong; address and text of each answer."""
    said: list[tuple[str, str]] = []
    headers = service.as_role(Role.COUNTY)
    name, number = service.rows(
        "select name_raw, id_no from clean.member where id_no is not null order by record_id"
    )[0]
    household = {
        "township_code": "990102001", "scheme": "11",
        "persons": [{"name": name, "id_no": number, "relation": "01",
                     "authorised_on": "2026-11-01"}],
    }  # fmt: skip
    asked = {"purpose": "受理", "authorisation": "授1号"}
    bad = {**household, "persons": [{**household["persons"][0], "relation": number}]}
    for body in (
        {**asked, "household": household},
        {**asked, "household": bad},
        {**asked, "case_no": number},
        {**asked, "application_no": number},
        {"purpose": number, "case_no": [number]},
    ):
        reply = service.client.post("/api/v1/checks", json=body, headers=headers)
        said.append((str(reply.url), reply.text))
    slips = service.client.get("/api/v1/checks", headers=headers).json()["checks"]
    for slip in slips:
        for end in ("", "/slip.pdf"):
            reply = service.client.get(f"/api/v1/checks/{slip['slip_no']}{end}", headers=headers)
            said.append((str(reply.url), reply.text if not end else ""))
    for path in ("/findings", "/checks", "/checks/new", "/looks/unusual"):
        for page in _pages(service, path):
            said.append(page)
    return said


def test_a_form_given_back_with_its_mistake_keeps_what_was_typed_but_no_number(used):
    service, _, _ = used
    from tests.integration.test_service_access import sign_in

    token = sign_in(service.client, Role.COUNTY)
    number = "990102" + "19800307" + "0015"
    sent = {
        "csrf_token": token, "purpose": "受理", "authorisation": "授1号", "township_code": "",
        "p_name": "王小明", "p_id_no": number, "p_relation": "10", "p_income": "300",
        "p_authorised": "2026-11-01",
    }  # fmt: skip
    reply = service.client.post("/checks", data=sent)
    service.client.cookies.clear()
    assert reply.status_code == 400
    assert "乡镇街道代码" in reply.text
    for kept in ("王小明", 'value="300"', 'value="2026-11-01"', "<details open"):
        assert kept in reply.text
    assert number not in reply.text


def test_a_number_in_place_of_a_case_is_given_back_nowhere(used):
    service, _, _ = used
    from tests.integration.test_service_access import sign_in

    number = "110105" + "19491231" + "002X"  # of no division of ours: this address is meant
    token = sign_in(service.client, Role.COUNTY)
    sent = {"csrf_token": token, "purpose": number, "authorisation": "授1号", "case_no": number}
    asked = service.client.post("/checks", data=sent)
    filtered = service.client.request("GET", "/findings", params={"case_no": number})
    service.client.cookies.clear()
    assert (asked.status_code, filtered.status_code) == (404, 400)
    assert number not in asked.text + filtered.text
    assert "请不要填身份证号、银行卡号" in filtered.text


def _pages(service: Served, path: str) -> list[tuple[str, str]]:
    from tests.integration.test_service_access import sign_in

    sign_in(service.client, Role.COUNTY)
    listed = service.client.get(path)
    pages = [(str(listed.url), listed.text)]
    of_ours = r'href="(/(?:findings|checks)/[0-9a-zA-Z-]+(?:\?[^"]*)?)"'
    for link in re.findall(of_ours, listed.text)[:10]:
        reply = service.client.get(html.unescape(link))
        pages.append((str(reply.url), reply.text))
    service.client.cookies.clear()
    return pages


def test_no_answer_without_a_reason_and_no_address_holds_a_number(used):
    _, _, said = used
    assert len(said) > 20
    for address, page in said:
        assert not NUMBER.search(address)
        assert not NUMBER.search(page)
        assert not any(NUMBER.search(found) for found in ADDRESSES.findall(page))


def test_no_temporary_file_holds_a_number(used):
    service, temporary, _ = used
    folders = (temporary, service.desk.settings.workspace / "tmp")
    for path in (path for folder in folders for path in folder.rglob("*") if path.is_file()):
        assert not NUMBER.search(path.read_bytes().decode("latin-1")), path.name


def test_no_log_of_the_service_holds_a_number(used, capfd, caplog):
    service, _, _ = used
    _work(service)
    captured = capfd.readouterr()
    assert not NUMBER.search(captured.out + captured.err + caplog.text)
    anchors = service.desk.looks.anchors.path
    assert not NUMBER.search(anchors.read_text(encoding="utf-8"))


def test_no_table_but_the_findings_own_holds_a_number(used):
    service, _, _ = used
    with service.desk.ledger.reading() as session:
        tables = session.execute(
            text("select name from sqlite_master where type = 'table' order by name")
        ).scalars()
        for table in tables.all():
            if table in EVIDENCE:
                continue
            for row in session.execute(text(f"select * from {table}")):
                assert not NUMBER.search(repr(tuple(row))), table


def test_the_scan_itself_finds_a_number(tmp_path: Path):
    assert NUMBER.search("《990102198003070015》")
