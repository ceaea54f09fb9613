"""Who may use which route, from the route table itself, and what guards every form."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime, timedelta

import anyio
import pytest
from served import PASSWORD, STAFF, Served, token_of
from starlette.testclient import TestClient

from domain.errors import HeduiError
from service import gate
from service.access_rules import RULES, hold_to_rules
from service.app import routes_of
from service.auth import hash_password
from service.body_limit import BodyLimit
from service.roles import Role
from service.settings import HEADERS
from store import users
from store.access_log import Look, looks, note_look
from store.users import session_of

ROUTES = sorted(RULES)
_VALUES = {"finding_id": "0" * 16, "slip_no": "HD20261120-999999", "name": "nobody"}
FORBIDDEN = 403
UNAUTHORISED = (401, 303)


def call(service: Served, method: str, path: str, headers: dict[str, str] | None = None) -> int:
    filled = re.sub(r"\{(\w+)\}", lambda found: _VALUES[found.group(1)], path)
    if path == "/static":
        filled = "/static/style.css"
    service.client.cookies.clear()
    return service.client.request(method, filled, headers=headers or {}).status_code


def test_every_route_has_a_rule_and_every_rule_a_route(service):
    assert routes_of(service.client.app) == set(RULES)


def test_a_route_without_a_rule_keeps_the_service_shut():
    with pytest.raises(HeduiError) as error:
        hold_to_rules({*RULES, ("GET", "/everything")})
    assert error.value.key == "route_without_rule"
    with pytest.raises(HeduiError) as error:
        hold_to_rules(set(RULES) - {("GET", "/looks")})
    assert error.value.key == "rule_without_route"


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_each_route_answers_just_the_roles_of_its_rule(service, method, path):
    allowed = RULES[method, path]
    if path in ("/api/v1/sessions/current", "/sign-out"):  # they would end the shared sessions
        assert allowed == frozenset(Role)
        return
    status = call(service, method, path)
    if allowed is None:
        assert status not in (FORBIDDEN, 401) or path == "/sign-in"
    else:
        assert status in UNAUTHORISED
        for role in Role:
            status = call(service, method, path, service.as_role(role))
            assert (status != FORBIDDEN) is (role in allowed), (role, status)
            assert status < 500


def sign_in(client: TestClient, role: Role) -> str:
    """Sign in as a browser does; the session's CSRF token."""
    client.cookies.clear()
    form = client.get("/sign-in").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', form).group(1)
    reply = client.post(
        "/sign-in",
        data={"name": STAFF[role].name, "password": PASSWORD, "csrf_token": token},
    )
    assert reply.status_code == 303
    cookie = reply.headers["set-cookie"]
    for flag in ("HttpOnly", "Secure", "SameSite=strict"):
        assert flag in cookie
    home = client.get("/", follow_redirects=True).text
    return re.search(r'name="csrf_token" value="([^"]+)"', home).group(1)


@pytest.mark.parametrize(
    ("method", "path"), [r for r in ROUTES if r[0] == "POST" and not r[1].startswith("/api/")]
)
def test_every_form_without_its_token_is_refused(service, method, path):
    role = Role.ADMINISTRATOR if path.startswith("/users") else Role.COUNTY
    sign_in(service.client, role)
    filled = re.sub(r"\{(\w+)\}", lambda found: _VALUES[found.group(1)], path)
    for sent in ({}, {"csrf_token": "guess"}):
        reply = service.client.post(filled, data=sent)
        assert reply.status_code == FORBIDDEN, path
    service.client.cookies.clear()


def test_a_page_cookie_is_no_bearer_token_and_the_other_way_round(service):
    sign_in(service.client, Role.COUNTY)
    secret = service.client.cookies["hedui_session"]
    service.client.cookies.clear()
    as_bearer = service.client.get(
        "/api/v1/findings", headers={"Authorization": f"Bearer {secret}"}
    )
    assert as_bearer.status_code == 401
    service.client.cookies.set("hedui_session", service.tokens[Role.COUNTY])
    assert service.client.get("/findings").status_code == 303
    service.client.cookies.clear()


def test_while_a_session_waits_to_be_noted_others_are_answered(service, monkeypatch):
    """A night that publishes holds the ledger; whoever asks meanwhile must not stop everybody."""
    asked = threading.Event()

    def session_of_told(*given, **named):
        asked.set()
        return session_of(*given, **named)

    monkeypatch.setattr(users, "_NOTED_EVERY", timedelta(0))
    monkeypatch.setattr(gate, "session_of", session_of_told)
    with ThreadPoolExecutor(2) as pool:
        with service.desk.ledger.writing():
            waits = pool.submit(call, service, "GET", "/users", service.as_role(Role.ADMINISTRATOR))
            assert asked.wait(20)
            answered = pool.submit(call, service, "GET", "/healthz")
            done, _ = wait([answered], timeout=20)
            has_waited = not waits.done()
        assert (done, answered.result(), has_waited) == ({answered}, 200, True)
        assert waits.result() == 200


def test_signing_out_ends_the_session_in_the_store(service):
    token = sign_in(service.client, Role.COUNTY)
    secret = service.client.cookies["hedui_session"]
    assert service.client.post("/sign-out", data={"csrf_token": token}).status_code == 303
    service.client.cookies.set("hedui_session", secret)
    assert service.client.get("/findings").status_code == 303
    service.client.cookies.clear()


@pytest.mark.parametrize("path", ["/sign-in", "/findings", "/nowhere", "/api/v1/findings"])
def test_every_answer_has_the_guarding_headers_and_no_inline_script(service, path):
    reply = service.client.get(path)
    for name, value in HEADERS.items():
        assert reply.headers[name] == value
    assert "script-src 'self'" in reply.headers["Content-Security-Policy"]
    assert reply.headers["Cache-Control"] == "no-store"
    assert not re.search(r"<script(?![^>]*\bsrc=)", reply.text)
    assert not re.search(r"\son\w+=|style=", reply.text)


@pytest.mark.parametrize("path", ["/nowhere", "/findings/x/y", "/static/nothing.css"])
@pytest.mark.parametrize("role", list(Role))
def test_an_address_that_is_no_page_keeps_the_menu_and_leads_back(service, role, path):
    sign_in(service.client, role)
    known = service.client.get("/", follow_redirects=True).text
    reply = service.client.get(path)
    service.client.cookies.clear()
    assert reply.status_code == 404
    menu = re.compile(r'<nav class="nav".*?</nav>', re.DOTALL)
    links = re.compile(r'href="([^"]+)"')
    assert links.findall(menu.search(reply.text)[0]) == links.findall(menu.search(known)[0])
    assert STAFF[role].full_name in reply.text
    assert "没有这个页面" in reply.text
    assert 'class="button plain" href="/"' in reply.text


def test_an_address_that_is_no_page_says_so_to_strangers_and_programs_too(service):
    service.client.cookies.clear()
    reply = service.client.get("/nowhere")
    assert reply.status_code == 404
    assert "没有这个页面" in reply.text
    assert "<nav" not in reply.text
    reply = service.client.get("/api/v1/nowhere", headers=service.as_role(Role.COUNTY))
    assert (reply.status_code, reply.json()["error"]) == (404, "not_found_here")


def test_a_body_beyond_the_bound_is_refused_declared_or_streamed(service):
    large = b"x" * (64 * 1024 + 1)
    headers = {**service.as_role(Role.COUNTY), "Content-Type": "application/json"}
    assert service.client.post("/api/v1/checks", content=large, headers=headers).status_code == 413

    def streamed():
        for _ in range(70):
            yield b"x" * 1024

    reply = service.client.post("/api/v1/checks", content=streamed(), headers=headers)
    assert reply.status_code == 413
    assert {name: reply.headers[name] for name in HEADERS} == HEADERS
    assert reply.headers["Cache-Control"] == "no-store"


def test_signing_in_is_noted_and_an_unknown_name_is_not_written_down(service):
    reply = service.client.post(
        "/api/v1/sessions", json={"name": "somebody-else", "password": "wrong-password"}
    )
    assert reply.status_code == 401
    last = looks(service.desk.ledger)[-1].look
    assert (last.who, last.action) == ("-", "sign_in_refused")


def test_a_request_that_breaks_off_is_not_taken_for_what_came_of_it():
    """A form cut off may name fewer people than were asked about."""
    heard, answered = [], []

    async def app(scope, receive, send):
        heard.append(await receive())

    async def receive(messages=iter([(b"purpose=", True), None])):  # noqa: B008
        given = next(messages)
        if given is None:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": given[0], "more_body": given[1]}

    async def send(message):
        answered.append(message)

    anyio.run(BodyLimit(app), {"type": "http", "headers": []}, receive, send)
    assert (heard, answered) == ([], [])


def test_an_auditor_of_one_division_sees_the_looks_of_its_staff_alone(service):
    desk, at = service.desk, datetime.now(UTC)
    for name, role, division in (
        ("fang", "auditor", "990103"),
        ("qian", "county", "990103"),
    ):
        user = users.User(0, name, name, role, division, None, is_disabled=False)
        users.add_user(desk.ledger, user, hash_password(PASSWORD), at=at)
        note_look(desk.ledger, Look(name, "finding", "", "10.0.0.9", "F" + name), at=at)
    note_look(desk.ledger, Look("liu", "finding", "", "10.0.0.9", "Fliu"), at=at)
    try:
        headers = {"Authorization": f"Bearer {token_of(service.client, 'fang')}"}
        own = service.client.get("/looks", headers=headers).text
        assert "Fqian" in own
        assert "Ffang" in own
        assert "Fliu" not in own
        assert "990103" in own
        everything = service.client.get("/looks", headers=service.as_role(Role.AUDITOR)).text
        assert "Fliu" in everything
        assert "Fqian" in everything
    finally:
        for name in ("fang", "qian"):
            users.set_disabled(desk.ledger, name, disabled=True, at=at)
