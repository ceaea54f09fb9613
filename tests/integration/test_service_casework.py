"""Working through findings on the pages: filter, open, decide, next, hand over, export."""

import html
import io
import re
import zipfile
from collections.abc import Iterator

import openpyxl
import pytest
from served import PASSWORD, Served, served
from test_service_access import sign_in

from casework.findings import FindingView
from domain.wording import text
from service.return_to import page_of_ours, sign_in_address
from service.roles import Role
from store.access_log import looks
from tests.conftest import District

NOT_SAID = {"outcome": "more", "note": "已约入户", "heard": ""}


@pytest.fixture(scope="module")
def desk_of_forty(district: District, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A service of this module's own: its findings are decided on."""
    with served(district.workspace, tmp_path_factory.mktemp("casework") / "w") as service:
        yield service


@pytest.fixture
def service(desk_of_forty: Served) -> Served:
    desk_of_forty.client.cookies.clear()
    return desk_of_forty


def findings(service: Served, **wanted: str) -> list[FindingView]:
    views, _ = service.desk.findings.views()
    return [view for view in views if all(getattr(view, k) == v for k, v in wanted.items())]


def seen(page: str) -> str:
    return re.search(r'name="seen" value="(\d+)"', page).group(1)


def decide(service: Served, finding_id: str, token: str, query: str = "", **form: str):
    address = f"/findings/{finding_id}{query}"
    page = service.client.get(address).text
    return service.client.post(
        f"/findings/{finding_id}/decide{query}",
        data={"seen": seen(page), **NOT_SAID, **form, "csrf_token": token},
    )


def test_a_word_is_written_noted_and_leads_to_the_next_of_the_same_list(service):
    token = sign_in(service.client, Role.AUDITOR)
    first, second = findings(service, direction="over")[:2]
    query = "?direction=over&status=todo"
    shown = service.client.get(f"/findings/{first.finding_id}{query}").text
    assert f"/findings/{second.finding_id}?" in shown
    before = len(looks(service.desk.ledger))
    reply = decide(
        service, first.finding_id, token, query,
        outcome="true", heard="11月24日本人来电，称车已卖", note="号码990102198003070017",
        then="next",
    )  # fmt: skip
    assert reply.status_code == 303
    assert reply.headers["location"].startswith(f"/findings/{second.finding_id}?direction=over")
    noted = [one.look for one in looks(service.desk.ledger)[before:]]
    assert [look.action for look in noted] == ["finding", "decide:finding"]
    assert noted[1].target == first.finding_id
    assert noted[1].subjects == noted[0].subjects != ()
    now = service.client.get(f"/findings/{first.finding_id}{query}").text
    assert "11月24日本人来电" in now
    assert "990102********0017" in now
    assert "19800307" not in now
    assert first.finding_id not in service.client.get("/findings?direction=over").text
    assert first.finding_id in service.client.get("/findings?direction=over&status=decided").text


def test_of_two_people_the_second_is_told_and_keeps_what_was_typed(service):
    view = findings(service, direction="over", status="new")[0]
    token = sign_in(service.client, Role.COUNTY)
    old = seen(service.client.get(f"/findings/{view.finding_id}").text)
    other = sign_in(service.client, Role.AUDITOR)
    assert decide(service, view.finding_id, other, note="先到").status_code == 303
    token = sign_in(service.client, Role.COUNTY)
    form = {"outcome": "changed", "note": "后到的处理意见", "csrf_token": token, "seen": old}
    reply = service.client.post(f"/findings/{view.finding_id}/decide", data=form)
    assert reply.status_code == 409
    assert "shen" in reply.text
    assert "后到的处理意见</textarea>" in reply.text
    assert findings(service, finding_id=view.finding_id)[0].outcome == "more"
    again = {**form, "seen": seen(reply.text)}
    assert service.client.post(f"/findings/{view.finding_id}/decide", data=again).status_code == 303
    assert findings(service, finding_id=view.finding_id)[0].outcome == "changed"


def test_a_form_sent_twice_is_one_event_and_no_refusal(service):
    token = sign_in(service.client, Role.COUNTY)
    view = findings(service, direction="over", status="new")[0]
    page = service.client.get(f"/findings/{view.finding_id}").text
    form = {**NOT_SAID, "seen": seen(page), "csrf_token": token}
    address = f"/findings/{view.finding_id}/decide"
    assert [service.client.post(address, data=form).status_code for _ in range(2)] == [303, 303]
    history = service.client.get(f"/findings/{view.finding_id}").text
    assert history.count("已约入户") == 1


@pytest.mark.parametrize(
    ("role", "form", "key"),
    [
        (Role.AUDITOR, {"outcome": ""}, "decision_outcome"),
        (Role.AUDITOR, {"note": " "}, "decision_note"),
        (Role.AUDITOR, {"outcome": "true"}, "decision_heard"),
        (Role.AUDITOR, {"outcome": "", "to": "admin"}, "decision_to"),
        (Role.TOWNSHIP, {"outcome": "untrue"}, "decision_county"),
    ],
)
def test_what_may_not_be_said_comes_back_with_the_reason(service, role, form, key):
    token = sign_in(service.client, role)
    view = next(
        one
        for one in findings(service, direction="over", grade="flag")
        if one.township == "990102001" and one.status == "new"
    )
    reply = decide(service, view.finding_id, token, **form)
    assert reply.status_code == 400
    assert text(f"errors.{key}") in html.unescape(reply.text)
    assert findings(service, finding_id=view.finding_id)[0].outcome is None


def test_a_finding_handed_over_is_in_the_list_of_whom_it_was_handed_to(service):
    token = sign_in(service.client, Role.COUNTY)
    view = next(one for one in findings(service, status="new") if one.township == "990102001")
    reply = decide(service, view.finding_id, token, outcome="", note="请入户", to="zhao")
    assert reply.status_code == 303
    assert "赵强" in service.client.get(f"/findings/{view.finding_id}").text
    sign_in(service.client, Role.TOWNSHIP)
    assert view.finding_id in service.client.get("/findings?handler=zhao").text
    assert view.finding_id not in service.client.get("/findings?handler=-&status=").text


def test_a_township_decides_nothing_of_another(service):
    token = sign_in(service.client, Role.TOWNSHIP)
    view = next(one for one in findings(service) if one.township != "990102001")
    form = {**NOT_SAID, "seen": "1", "csrf_token": token}
    reply = service.client.post(f"/findings/{view.finding_id}/decide", data=form)
    assert reply.status_code == 404
    assert looks(service.desk.ledger)[-1].look.action == "refused:decide:finding"


def test_the_list_is_exported_as_it_is_filtered_masked_and_noted(service):
    sign_in(service.client, Role.AUDITOR)
    reply = service.client.get("/findings.xlsx?direction=over&status=")
    assert reply.status_code == 200
    assert reply.headers["content-disposition"].endswith('.xlsx"')
    sheet = openpyxl.load_workbook(io.BytesIO(reply.content)).active
    rows = list(sheet.iter_rows(min_row=3, values_only=True))
    wanted = findings(service, direction="over")
    assert [row[-1] for row in rows[1:]] == [view.finding_id for view in wanted]
    with zipfile.ZipFile(io.BytesIO(reply.content)) as parts:
        content = b"".join(parts.read(name) for name in parts.namelist())
    assert not re.search(rb"99[0-9]{15}[0-9X]", content)
    look = looks(service.desk.ledger)[-1].look
    assert (look.action, bool(look.subjects)) == ("export:findings", True)
    decided = [view for view in wanted if view.outcome]
    said = {row[-1]: row[-4] for row in rows[1:]}
    assert decided
    assert all(
        said[view.finding_id] == text(f"reports.outcomes.{view.outcome}") for view in decided
    )


def test_a_page_names_the_other_findings_of_the_household(service):
    sign_in(service.client, Role.AUDITOR)
    cases: dict[str, list[str]] = {}
    for view in findings(service):
        cases.setdefault(view.case_no or "", []).append(view.finding_id)
    case_no, (one, other, *_) = next((no, ids) for no, ids in cases.items() if no and len(ids) > 1)
    assert f'href="/findings/{other}?' in service.client.get(f"/findings/{one}").text
    assert one in service.client.get(f"/findings?status=&case_no={case_no}").text


def test_the_list_begins_with_flags_on_aid_and_large_amounts(service):
    views = findings(service)
    keys = [
        (("over", "under", "data", "supervision").index(view.direction), view.grade != "flag")
        for view in views
    ]
    assert keys == sorted(keys)
    flags = [v.at_risk_yuan or 0 for v in views if v.direction == "over" and v.grade == "flag"]
    assert flags == sorted(flags, reverse=True)


def test_an_old_night_is_said_on_the_list_and_on_the_finding(service):
    sign_in(service.client, Role.AUDITOR)
    view = findings(service)[0]
    days = (service.desk.today() - view.as_of).days
    for path in ("/findings", f"/findings/{view.finding_id}"):
        said = text("web.list.old", day=view.as_of, days=days) in service.client.get(path).text
        assert said is (days >= 3), path


def test_after_a_sessions_end_a_part_of_a_page_sends_the_whole_page_to_sign_in(service):
    part = service.client.get("/findings?direction=over", headers={"HX-Request": "true"})
    assert part.status_code == 204
    assert part.headers["hx-redirect"] == "/sign-in"
    whole = service.client.get("/findings?direction=over&status=todo")
    assert whole.status_code == 303
    assert whole.headers["location"] == (
        "/sign-in?next=%2Ffindings%3Fdirection%3Dover%26status%3Dtodo"
    )
    form = service.client.get(whole.headers["location"]).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', form).group(1)
    action = html.unescape(re.search(r'action="(/sign-in[^"]*)"', form).group(1))
    data = {"name": "shen", "password": PASSWORD, "csrf_token": token}
    after = service.client.post(action, data=data)
    assert after.headers["location"] == "/findings?direction=over&status=todo"


def test_a_refusal_of_a_part_of_a_page_is_shown_in_its_place(service):
    sign_in(service.client, Role.AUDITOR)
    part = service.client.get("/findings?case_no=6222021234567890", headers={"HX-Request": "true"})
    assert part.status_code == 400
    assert text("errors.filter_is_identity_number") in part.text
    assert "<html" not in part.text


@pytest.mark.parametrize(
    ("wanted", "kept"),
    [
        ("/findings?direction=over&status=todo", True),
        ("/findings/0123456789abcdef?status=", True),
        ("/checks/HD20261128-000001", True),
        ("/looks/unusual?day=2026-11-20", True),
        ("https://elsewhere.example/findings", False),
        ("//elsewhere.example/findings", False),
        ("/findings//elsewhere.example", False),
        ("/findings@elsewhere.example", False),
        ("/findings\\elsewhere", False),
        ("/findings?a=\r\nSet-Cookie: x", False),
        ("/sign-out", False),
        ("/findings?" + "a" * 500, False),
    ],
)
def test_only_a_page_of_ours_is_gone_back_to(wanted, kept):
    assert page_of_ours(wanted) == (wanted if kept else "")
    assert sign_in_address(wanted).startswith("/sign-in?next=") is kept


def test_a_form_sent_after_the_sessions_end_says_that_nothing_was_sent(service):
    reply = service.client.post("/findings/0/decide", data=NOT_SAID)
    assert reply.status_code == 401
    assert text("web.error.session_over") in reply.text
