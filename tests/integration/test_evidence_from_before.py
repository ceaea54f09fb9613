"""A finding kept by an earlier version: shown, exported and masked like any other, and noted."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from served import Served, served
from sqlalchemy import select

from domain.masking import mask
from rules.interface import place_of_named
from service.look_book import Subject
from service.roles import Role
from store.access_log import looks
from store.ledger import Ledger
from store.tables import FindingRow, FindingVersion
from store.workspace import open_workspace
from tests.conftest import AS_OF, POLICY, District, Hedui

SINCE_ADDED = ("named", "data_date", "registers")


@dataclass(frozen=True)
class Kept:
    """A finding about a marriage: its id, the two names, where its record stands."""

    workspace: Path
    finding_id: str
    names: tuple[str, str]
    place: tuple[str, date, str, int]


def as_before(evidence: str | None) -> str | None:
    if evidence is None:
        return None
    items = json.loads(evidence)
    stripped = [{k: v for k, v in item.items() if k not in SINCE_ADDED} for item in items]
    return json.dumps(stripped, ensure_ascii=False)


@pytest.fixture(scope="module")
def kept(district: District, tmp_path_factory: pytest.TempPathFactory) -> Kept:
    workspace = tmp_path_factory.mktemp("before") / "workspace"
    shutil.copytree(district.workspace, workspace)
    with Ledger.open(open_workspace(workspace)) as ledger, ledger.writing() as session:
        for version in session.scalars(select(FindingVersion)):
            version.evidence = as_before(version.evidence) or ""
            version.newest_evidence = as_before(version.newest_evidence)
            assert "named" not in version.evidence
        finding_id, evidence = session.execute(
            select(FindingRow.finding_id, FindingVersion.evidence)
            .join(FindingVersion, FindingVersion.finding_no == FindingRow.finding_no)
            .where(FindingRow.rule == "undeclared_spouse")
            .order_by(FindingRow.finding_id)
        ).first() or ("", "")
    item = json.loads(evidence)[0]
    facts = item["facts"]
    place = (
        item["dataset"], date.fromisoformat(item["business_date"]), item["file_name"],
        item["row_no"],
    )  # fmt: skip
    return Kept(workspace, finding_id, (facts["member_name"], facts["spouse_name"]), place)


@pytest.fixture(scope="module")
def service(kept: Kept, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(kept.workspace, tmp_path_factory.mktemp("shown") / "w") as running:
        yield running


def test_its_page_is_shown_masked_and_the_record_is_noted(service: Served, kept: Kept):
    reply = service.client.get(f"/findings/{kept.finding_id}", headers=service.as_role(Role.COUNTY))
    assert reply.status_code == 200
    member, spouse = kept.names
    assert mask("person_name", spouse) in reply.text
    assert spouse not in reply.text
    assert f"（数据截至{kept.place[1]}）" in reply.text
    noted = looks(service.desk.ledger)[-1].look
    for role in ("husband", "wife"):
        where = Subject(place_of_named(*kept.place, role), 0)
        assert service.desk.looks.key_of(where) in noted.subjects
    api = service.client.get(
        f"/api/v1/findings/{kept.finding_id}", headers=service.as_role(Role.COUNTY)
    )
    assert api.status_code == 200
    assert mask("person_name", spouse) in api.text
    assert spouse not in api.text
    assert member not in api.text


def test_every_kept_finding_has_a_page_without_a_full_number(service: Served):
    numbers = {row[0] for row in service.rows("select id_no from clean.member where id_no > ''")}
    by_rule = dict(
        service.rows("select rule, min(finding_id) from judged.finding group by rule order by rule")
    )
    assert len(by_rule) > 15
    for rule, finding_id in sorted(by_rule.items()):
        reply = service.client.get(f"/findings/{finding_id}", headers=service.as_role(Role.COUNTY))
        assert reply.status_code == 200, rule
        assert not any(number in reply.text for number in numbers), rule


def test_its_slip_is_made(service: Served, kept: Kept):
    case_no = service.rows(
        f"select case_no from judged.finding where finding_id = '{kept.finding_id}'"
    )[0][0]
    asked = {"purpose": "复核", "authorisation": "授字1号", "case_no": case_no}
    reply = service.client.post("/api/v1/checks", json=asked, headers=service.as_role(Role.COUNTY))
    assert reply.status_code == 201
    assert kept.names[1] not in reply.text


def test_it_is_exported_masked_and_in_full_for_a_reason(
    kept: Kept, hedui_here: Hedui, district: District
):
    asked = ("findings", "--workspace", kept.workspace, "--format", "json")
    masked = hedui_here(*asked)
    assert masked.returncode == 0, masked.stderr
    assert kept.names[1] not in masked.stdout
    full = hedui_here(*asked, "--unmasked", "--reason", "复核")
    assert kept.names[1] in full.stdout
    night = (
        "run", "--inbox", district.inbox, "--policy", POLICY, "--as-of", AS_OF,
        "--workspace", kept.workspace,
    )  # fmt: skip
    written = hedui_here(*night, HEDUI_LANG="en")
    assert written.returncode == 0, written.stderr
    page = kept.workspace / "reports" / AS_OF / f"hedui-{AS_OF}.html"
    text = page.read_text(encoding="utf-8")
    assert kept.names[1] not in text
    assert "marriage register (data as of" in text
