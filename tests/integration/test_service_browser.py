"""What an officer does, in a real browser against the real service; pictures for the docs."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, sync_playwright
from served import PASSWORD

from tests.conftest import ROOT, District, Hedui

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
PICTURES = ROOT / "docs" / "images"
KEEP_PICTURES = "HEDUI_PICTURES"  # set: the pictures in docs/images are made anew
USERS = (
    ("liu", "county", "刘敏", "990102"),
    ("zhao", "township", "赵强", "990102001"),
    ("shen", "auditor", "沈洁", None),
)


@dataclass(frozen=True)
class Site:
    """The service as `hedui serve` starts it."""

    base: str
    workspace: Path
    log: Path


@pytest.fixture(scope="module")
def site(
    district: District, hedui: Hedui, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    home = tmp_path_factory.mktemp("site")
    workspace, log = home / "workspace", home / "serve.log"
    shutil.copytree(district.workspace, workspace)
    for name, role, full_name, division in USERS:
        within = ["--division", division] if division else []
        added = hedui(
            "users", "add", name, "--workspace", workspace, "--role", role,
            "--full-name", full_name, *within, HEDUI_PASSWORD=PASSWORD,
        )  # fmt: skip
        assert added.returncode == 0, added.stderr
    port = _free_port()
    program = Path(sys.executable).parent / "hedui"
    with log.open("wb") as out:
        server = subprocess.Popen(
            [program, "serve", "--workspace", workspace, "--port", str(port)],
            stdout=out,
            stderr=out,
            env={**os.environ, "HEDUI_LANG": "zh"},
        )
        try:
            base = f"http://127.0.0.1:{port}"
            _wait_for(base, server)
            yield Site(base, workspace, log)
        finally:
            server.terminate()
            server.wait(timeout=30)


@pytest.fixture(scope="module")
def context() -> Iterator[BrowserContext]:
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser.new_context(
            locale="zh-CN", viewport={"width": 1280, "height": 860}, accept_downloads=True
        )
        browser.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page of somebody not signed in; what the browser refuses or reports fails the test."""
    context.clear_cookies()
    opened = context.new_page()
    said: list[str] = []
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    yield opened
    opened.close()
    assert [line for line in said if "status of 40" not in line] == []


def sign_in(page: Page, site: Site, name: str, password: str = PASSWORD) -> None:
    page.goto(site.base)
    page.fill("#name", name)
    page.fill("#password", password)
    page.click("main button")


def picture(page: Page, name: str, *, whole: bool = False) -> None:
    if os.environ.get(KEEP_PICTURES):
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURES / f"{name}.png", full_page=whole)


def test_signing_in_with_a_wrong_password_is_refused_and_with_the_right_one_opens(page, site):
    page.goto(site.base)
    picture(page, "sign-in")
    sign_in(page, site, "liu", "wrong-password")
    assert "用户名或口令不对" in page.inner_text("[role=alert]")
    sign_in(page, site, "liu")
    assert page.url == f"{site.base}/findings"


def test_the_list_is_filtered_without_a_new_page_and_a_finding_shows_both_registers(page, site):
    sign_in(page, site, "liu")
    picture(page, "findings")
    total = page.inner_text(".pager span")
    page.select_option("#direction", "over")
    page.wait_for_function("before => document.querySelector('.pager span').innerText !== before",
                           arg=total)  # fmt: skip
    assert set(page.locator("td[data-label=类别]").all_inner_texts()) == {"在享待核"}
    page.select_option("#rule", "motor_vehicle")
    page.wait_for_function("() => document.querySelectorAll('#list tbody tr').length > 0 &&"
                           " [...document.querySelectorAll('#list tbody a')]"
                           ".every(link => link.innerText === '名下有机动车')")  # fmt: skip
    page.click("#list tbody a")
    page.wait_for_selector(".side")
    assert "公安机动车登记" in page.inner_text(".side-head")
    page.click("#links button")
    page.wait_for_selector("#links li")
    picture(page, "finding", whole=True)
    assert not re.search(r"\d{17}[\dX]", page.content())


def test_full_values_are_shown_for_a_reason_that_goes_into_the_log(page, site, hedui):
    sign_in(page, site, "liu")
    page.goto(f"{site.base}/findings?rule=motor_vehicle")
    page.click("#list tbody a")
    page.click("summary")
    page.fill("#reason", "入户前核对号码")
    page.click("details button")
    assert re.search(r"99\d{15}[\dX]", page.inner_text("main"))
    shown = hedui("log", "show", "--workspace", site.workspace).stdout
    assert "unmask:finding\t入户前核对号码" in shown


def test_an_application_is_checked_and_its_slip_read_printed_and_verified(
    page, site, hedui, tmp_path
):
    sign_in(page, site, "liu")
    page.goto(f"{site.base}/checks/new")
    picture(page, "check")
    number = _an_application(site)
    page.fill("#application_no", number)
    page.fill("#purpose", "受理低保申请")
    page.fill("#authorisation", "授字2026-1120号")
    page.click("main form button")
    page.wait_for_selector(".conclusion")
    assert page.inner_text(".conclusion strong") in ("相符", "不符", "需核实")
    assert number in page.inner_text("main")
    picture(page, "slip", whole=True)
    with page.expect_download() as download:
        page.click("text=下载 PDF")
    paper = tmp_path / "slip.pdf"
    download.value.save_as(paper)
    verified = hedui("verify-slip", paper, "--workspace", site.workspace)
    assert verified.returncode == 0, verified.stderr
    page.click("text=申请已批准")
    assert "已纳入跟踪" in page.inner_text("main")
    page.goto(f"{site.base}/checks")
    assert number in page.inner_text("table")


def test_a_number_of_another_township_is_refused_as_an_unknown_one_is(page, site):
    sign_in(page, site, "zhao")
    said = []
    for number in (_a_case_elsewhere(site), "DB990102009999999"):
        page.goto(f"{site.base}/checks/new")
        page.fill("#case_no", number)
        page.fill("#purpose", "复核")
        page.fill("#authorisation", "授1号")
        page.click("main form button")
        said.append(page.inner_text("[role=alert]"))
    assert said[0] == said[1]
    page.goto(f"{site.base}/looks")
    assert "您的角色不能使用此功能" in page.inner_text("main")


def test_people_typed_in_are_checked(page, site):
    sign_in(page, site, "zhao")
    page.goto(f"{site.base}/checks/new")
    page.click("summary")
    page.locator("[name=p_name]").first.fill("查无此人")
    page.locator("[name=p_id_no]").first.fill("990102199001010015")
    page.locator("[name=p_authorised]").first.fill("2026-11-01")
    page.fill("#purpose", "受理")
    page.fill("#authorisation", "授2号")
    page.click("main form button[type=submit], main form > button")
    page.wait_for_selector(".conclusion")
    assert "990102199001010015" not in page.content()


def test_the_auditor_sees_what_was_unusual_and_the_log(page, site):
    sign_in(page, site, "shen")
    assert page.url == f"{site.base}/looks/unusual"
    today = page.get_attribute("#day", "max")
    page.goto(f"{site.base}/looks/unusual?day={today}")
    picture(page, "unusual")
    page.goto(f"{site.base}/looks")
    assert "查看完整信息" in page.inner_text("table")


def test_on_a_phone_nothing_stands_out_of_the_page(page, site):
    sign_in(page, site, "liu")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{site.base}/findings?direction=over")
    finding = page.get_attribute("#list tbody a", "href")
    page.goto(f"{site.base}/checks")
    slip = page.get_attribute("table a", "href")
    for path in ("/findings", finding, "/checks/new", "/checks", slip, "/looks/unusual"):
        page.goto(site.base + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
    page.goto(f"{site.base}/findings")
    picture(page, "findings-phone")


def test_no_page_has_a_fault_that_a_screen_reader_or_weak_eyes_would_stumble_over(page, site):
    faults = (ROOT / "tests" / "accessibility.js").read_text(encoding="utf-8")
    page.goto(f"{site.base}/sign-in")
    assert page.evaluate(faults) == []
    sign_in(page, site, "liu")
    page.goto(f"{site.base}/findings?direction=over&status=")
    finding = page.get_attribute("#list tbody a", "href")
    page.goto(f"{site.base}/checks")
    slip = page.get_attribute("table a", "href")
    for path in ("/findings", finding, "/checks/new", "/checks", slip, "/looks/unusual", "/nope"):
        page.goto(site.base + path)
        assert page.evaluate(faults) == [], path
    page.evaluate("() => { document.querySelector('h1').style.color = 'rgb(220, 220, 220)'; }")
    assert [fault for fault in page.evaluate(faults) if fault.startswith("H1")]
    page.context.clear_cookies()
    sign_in(page, site, "shen")
    page.goto(f"{site.base}/looks")
    assert page.evaluate(faults) == []


@pytest.mark.parametrize("name", ["hedui", "quality"])
def test_a_nights_pages_are_readable_on_a_phone_and_without_faults(page, site, name):
    (report,) = (site.workspace / "reports").glob(f"*/{name}-*.html")
    page.goto(report.as_uri())
    faults = (ROOT / "tests" / "accessibility.js").read_text(encoding="utf-8")
    assert page.evaluate(faults) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_labels_of_the_filters_stand_in_one_line(page, site):
    sign_in(page, site, "liu")
    page.set_viewport_size({"width": 1366, "height": 768})
    tops = page.evaluate(
        "() => [...document.querySelectorAll('.filters label')]"
        ".map(label => label.getBoundingClientRect().top)"
    )
    assert len(tops) == 7
    assert len(set(tops)) == 1


def test_filters_stay_in_the_address_there_and_back(page, site):
    sign_in(page, site, "liu")
    page.select_option("#direction", "over")
    page.wait_for_function("() => location.search.includes('direction=over')")
    page.select_option("#grade", "flag")
    page.wait_for_function("() => location.search.includes('grade=flag')")
    total = page.inner_text(".pager span")
    page.click("#list tbody a")
    page.wait_for_selector("#decide")
    page.go_back()
    page.wait_for_selector("#list tbody")
    assert page.inner_text(".pager span") == total
    assert (page.input_value("#direction"), page.input_value("#grade")) == ("over", "flag")
    page.go_back()
    page.wait_for_function("() => !location.search.includes('grade=flag')")
    page.wait_for_selector("#list tbody")
    assert page.input_value("#direction") == "over"
    page.context.clear_cookies()
    page.select_option("#direction", "under")
    page.wait_for_selector("#password")


def test_a_number_that_was_refused_is_no_address(page, site):
    sign_in(page, site, "liu")
    page.fill("#case_no", "6222021234567890")
    page.keyboard.press("Enter")
    page.wait_for_selector("#list [role=alert]")
    assert "6222" not in page.url


def test_a_double_click_is_one_check(page, site):
    sign_in(page, site, "zhao")
    page.goto(f"{site.base}/checks")
    before = page.inner_text(".lead")
    page.goto(f"{site.base}/checks/new")
    page.fill("#case_no", _a_case_here(site))
    page.fill("#purpose", "复核")
    page.fill("#authorisation", "授1号")
    page.dblclick("main form button")
    page.wait_for_selector(".conclusion")
    page.wait_for_timeout(500)
    page.goto(f"{site.base}/checks")
    counts = [int(re.search(r"\d+", said).group()) for said in (before, page.inner_text(".lead"))]
    assert counts[1] == counts[0] + 1


def test_a_household_of_nine_is_typed_in_checked_and_readable_on_every_screen_and_paper(page, site):
    sign_in(page, site, "zhao")
    page.goto(f"{site.base}/checks/new")
    page.click("summary >> nth=0")
    page.click("summary >> nth=1")
    for row in range(9):
        name = "阿卜杜热合曼·买买提吐尔逊·伊斯马伊力江" if row else "查无此人"
        page.locator("[name=p_name]").nth(row).fill(name)
        page.locator("[name=p_authorised]").nth(row).fill("2026-11-01")
    page.fill("#purpose", "受理")
    page.fill("#authorisation", "授3号")
    page.click("main form > button")
    page.wait_for_selector(".conclusion")
    assert page.locator(".registers thead th").count() == 11
    width = "() => document.querySelector('.registers td').getBoundingClientRect().width"
    for screen in (390, 683, 1366):
        page.set_viewport_size({"width": screen, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= screen
        assert page.evaluate(width) >= 100, screen
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 700, "height": 1000})  # A4 between its margins
    for table in page.locator("table").all():
        assert table.evaluate("it => it.scrollWidth <= it.parentElement.clientWidth + 1")
    page.emulate_media(media="screen")


def test_a_line_without_a_name_is_asked_for_not_left_out(page, site):
    sign_in(page, site, "zhao")
    page.goto(f"{site.base}/checks/new")
    page.click("summary >> nth=0")
    page.locator("[name=p_name]").first.fill("查无此人")
    page.locator("[name=p_id_no]").nth(1).fill("990102199001010013")
    page.fill("#purpose", "受理")
    page.fill("#authorisation", "授4号")
    page.click("main form > button")
    said = page.inner_text("[role=alert]")
    assert "第 2 人" in said
    assert "姓名" in said
    assert "重新录入" in page.inner_text("main")


def test_a_finding_is_decided_by_keyboard_and_the_next_one_comes(page, site):
    sign_in(page, site, "shen")
    page.goto(f"{site.base}/findings?direction=over")
    page.focus("#list tbody a")
    page.keyboard.press("Enter")
    page.wait_for_selector("#decide")
    first = page.url.partition("?")[0]
    page.focus("[name=outcome]")
    page.keyboard.press("Space")
    for words in ("11月27日入户，本人称已知情", "与登记核对一致"):
        page.keyboard.press("Tab")
        page.keyboard.type(words)
    page.keyboard.press("Enter")  # in a text of several lines: no act
    assert page.url.partition("?")[0] == first
    page.focus("button[value=next] >> nth=0")
    page.keyboard.press("Enter")
    page.wait_for_selector("[role=status] >> text=已记录")
    assert page.url.partition("?")[0] != first


def test_why_a_decision_is_refused_stands_where_one_looks(page, site):
    sign_in(page, site, "shen")
    page.goto(f"{site.base}/findings?direction=over")
    page.click("#list tbody a")
    page.check("[name=outcome][value=true]")
    page.fill("#note", "与登记核对一致")
    page.click("button[value=stay] >> nth=0")
    page.wait_for_selector("#decide [role=alert]")
    place = page.evaluate(
        "() => document.querySelector('#decide [role=alert]').getBoundingClientRect().top"
        " / innerHeight"
    )
    assert 0 <= place < 1
    assert page.evaluate("() => document.activeElement.getAttribute('role')") == "alert"
    assert page.input_value("#note") == "与登记核对一致"


def test_what_the_service_writes_besides_names_nobody(site):
    """Runs last: the server's own output after all of the above."""
    assert not re.search(r"99\d{15}[\dX]", site.log.read_text(encoding="utf-8"))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(base: str, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(600):
        assert server.poll() is None, "hedui serve ended"
        try:
            with urllib.request.urlopen(f"{base}/healthz") as reply:
                assert reply.status == 200
                return
        except urllib.error.URLError:
            time.sleep(0.1)
    raise AssertionError("hedui serve did not answer")


def _one(site: Site, sql: str) -> str:
    import duckdb

    file = max((site.workspace / "snapshots").glob("*.duckdb"))
    with duckdb.connect(str(file), read_only=True) as connection:
        return str(connection.execute(sql).fetchall()[0][0])


def _an_application(site: Site) -> str:
    return _one(site, "select application_no from clean.application order by 1")


def _a_case_here(site: Site) -> str:
    return _one(
        site,
        "select case_no from clean.household where benefit_status = '1'"
        " and township_code = '990102001' order by 1",
    )


def _a_case_elsewhere(site: Site) -> str:
    return _one(
        site,
        "select case_no from clean.household where benefit_status = '1'"
        " and township_code <> '990102001' order by 1",
    )
