"""Checks over the API and the command line: scoped, bounded, logged first, sealed."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from served import Served, served
from sqlalchemy import text

from domain.errors import HeduiError
from pipelines.check import ask_again, read_answer
from reports.check_slip import content_hash
from rules.household import APPLICATION, CASE, Household
from service.checks import CheckService
from service.prints import print_slip, verify_slip
from service.roles import Role
from service.settings import CheckLimits
from store.access_log import entry_count, first_bad_entry, looks
from store.ledger import Ledger
from store.workspace import open_workspace
from tests.conftest import AS_OF, DAY_AFTER, District

CASES = "select case_no, township_code from clean.household where benefit_status = '1' order by 1"
ASKED = {"purpose": "复核", "authorisation": "授字1号"}


def post(service: Served, role: Role = Role.COUNTY, key: str | None = None, **asked: object):
    headers = service.as_role(role) | ({"Idempotency-Key": key} if key else {})
    return service.client.post("/api/v1/checks", json={**ASKED, **asked}, headers=headers)


def a_case(service: Served, township: str | None = None) -> str:
    return next(no for no, where in service.rows(CASES) if township in (None, where))


def applications(service: Served) -> list[str]:
    return [
        no
        for (no,) in service.rows(
            "select distinct application_no from clean.application order by 1"
        )
    ]


def test_a_case_is_answered_masked_with_every_register_and_its_date(service):
    case_no = a_case(service)
    reply = post(service, case_no=case_no)
    assert reply.status_code == 201
    slip = reply.json()["slip"]
    assert slip["target"] == case_no
    assert slip["conclusion"] in ("agrees", "differs", "to_verify")
    assert len(slip["sources"]) == 13
    assert {row["data_date"] for row in slip["sources"]} != {None}
    assert all(len(row["cells"]) == len(slip["people"]) for row in slip["sources"])
    assert content_hash(slip) == slip["content_hash"]
    for one in slip["people"]:
        assert "*" in one["name"]
        assert len(one["id_no"]) == 0 or "********" in one["id_no"] or set(one["id_no"]) == {"*"}


def test_an_application_is_answered(service):
    for number in applications(service):
        reply = post(service, application_no=number)
        assert reply.status_code == 201
        assert reply.json()["slip"]["income"]["heads"] >= 1


def test_the_look_is_in_the_log_before_the_answer_and_names_whom_it_showed(service):
    case_no = a_case(service)
    before = len(looks(service.desk.ledger))
    reply = post(service, case_no=case_no)
    entries = looks(service.desk.ledger)[before:]
    assert [entry.look.action for entry in entries] == ["check"]
    look = entries[0].look
    assert (look.who, look.reason, look.target) == ("liu", "复核", case_no)
    assert len(look.subjects) == len(reply.json()["slip"]["people"])
    assert first_bad_entry(service.desk.ledger) is None


def test_unknown_and_foreign_numbers_get_the_same_answer_and_both_are_logged(service):
    foreign = next(no for no, where in service.rows(CASES) if where != "990102001")
    unknown = post(service, Role.TOWNSHIP, case_no="DB990102009999999")
    outside = post(service, Role.TOWNSHIP, case_no=foreign)
    assert unknown.status_code == outside.status_code == 404
    assert unknown.json() == outside.json()
    assert [entry.look.action for entry in looks(service.desk.ledger)[-2:]] == [
        "refused:check",
        "refused:check",
    ]
    assert post(service, Role.TOWNSHIP, case_no=a_case(service, "990102001")).status_code == 201


@pytest.mark.parametrize(
    "asked",
    [{}, {"case_no": "DB1", "application_no": "SQ1"}, {"case_no": "DB1", "purpose": " "},
     {"case_no": "DB1", "authorisation": " "}, {"case_no": "DB1", "surplus": "1"}],
)  # fmt: skip
def test_an_incomplete_request_is_refused(service, asked):
    assert post(service, **asked).status_code in (400, 422)


def test_a_key_gives_the_same_slip_again_and_never_another_request(service):
    case_no = a_case(service)
    first = post(service, key="desk-1-0001", case_no=case_no)
    again = post(service, key="desk-1-0001", case_no=case_no)
    assert first.json() == again.json()
    assert post(service, key="desk-1-0001", case_no=case_no, purpose="别的").status_code == 409


def test_one_key_sent_many_times_at_once_is_one_check(service):
    case_no = a_case(service)
    with ThreadPoolExecutor(6) as pool:
        replies = list(
            pool.map(lambda _: post(service, key="desk-1-0002", case_no=case_no), range(6))
        )
    assert {reply.status_code for reply in replies} == {201}
    assert len({reply.json()["slip_no"] for reply in replies}) == 1


def test_a_slip_is_opened_by_its_asker_and_who_covers_it_and_nobody_else(service):
    number = post(service, case_no=a_case(service, "990102002")).json()["slip_no"]
    path = f"/api/v1/checks/{number}"
    assert service.client.get(path, headers=service.as_role(Role.COUNTY)).status_code == 200
    assert service.client.get(path, headers=service.as_role(Role.AUDITOR)).status_code == 200
    assert service.client.get(path, headers=service.as_role(Role.TOWNSHIP)).status_code == 404


def test_people_typed_in_are_found_by_damaged_numbers_and_nobody_is_looked_at_unasked(service):
    rows = service.rows(
        "select name_raw, id_no from clean.member as member"
        " join linked.subject using (record_id)"
        " where id_no is not null and person_grade = 'certain' and substr(id_no, 11, 1)"
        " <> substr(id_no, 12, 1) order by member.record_id limit 2"
    )
    (name, number), (other_name, other_number) = rows
    slipped = number[:10] + number[11] + number[10] + number[12:]
    persons = [
        {"name": name, "id_no": slipped, "relation": "01", "authorised_on": "2026-11-01"},
        {"name": other_name, "id_no": other_number, "relation": "97"},
        {"name": "查无此人", "id_no": "990102199001010015", "relation": "97",
         "authorised_on": "2026-11-01"},
    ]  # fmt: skip
    household = {"township_code": "990102001", "scheme": "11", "persons": persons}
    reply = post(service, household=household)
    assert reply.status_code == 201, reply.text
    slip = reply.json()["slip"]
    assert [one["identity"] for one in slip["people"]] == ["probable", "unasked", "certain"]
    cells = {
        (row["dataset"], cell["seq"]): cell["state"]
        for row in slip["sources"]
        for cell in row["cells"]
    }
    assert cells["public_security.population", 1] == "found"
    assert {state for (_, seq), state in cells.items() if seq == 2} == {"not_authorised"}
    assert cells["public_security.population", 3] == "nothing_found"
    assert slip["conclusion"] != "agrees"
    assert number not in reply.text
    assert slipped not in reply.text


def test_the_same_engine_gives_the_same_answers_for_one_household_as_for_the_night(service):
    desk = service.desk
    asked = [Household(no, CASE) for no, _ in service.rows(CASES)[:12]]
    asked += [Household(no, APPLICATION) for no in applications(service)]
    assert len(asked) > 12
    for household in asked:
        with desk.snapshots.reading() as reading:
            night = read_answer(
                reading.engine,
                household,
                as_of=date.fromisoformat(AS_OF),
                snapshot=reading.snapshot,
            )
        again = ask_again(
            desk.snapshots,
            household,
            catalogue=desk.catalogue,
            as_of=date.fromisoformat(AS_OF),
        )
        assert night is not None
        assert again == night


def test_a_slip_on_paper_is_verified_and_a_changed_one_is_not(service, tmp_path):
    reply = post(service, case_no=a_case(service)).json()
    path = f"/api/v1/checks/{reply['slip_no']}/slip.pdf"
    paper = service.client.get(path, headers=service.as_role(Role.COUNTY))
    assert paper.headers["content-type"] == "application/pdf"
    file = tmp_path / "slip.pdf"
    file.write_bytes(paper.content)
    ledger, today = service.desk.ledger, service.desk.today()
    assert verify_slip(ledger, file, today=today).slip_no == reply["slip_no"]
    assert print_slip(ledger, reply["slip"]) == paper.content
    file.write_bytes(paper.content + b" ")
    with pytest.raises(HeduiError) as error:
        verify_slip(ledger, file, today=today)
    assert error.value.key == "slip_differs"
    changed = {**reply["slip"], "conclusion": "agrees", "purpose": "另一目的"}
    file.write_text(json.dumps({**changed, "content_hash": content_hash(changed)}))
    with pytest.raises(HeduiError) as error:
        verify_slip(ledger, file, today=today)
    assert error.value.key == "slip_differs"
    file.write_text(json.dumps(reply["slip"]))
    with pytest.raises(HeduiError) as error:
        verify_slip(ledger, file, today=date(2030, 1, 1))
    assert error.value.key == "slip_expired"


def test_a_watched_household_comes_first(service):
    case_no = service.rows(
        "select case_no from judged.finding where case_no is not null"
        " and not contains(case_no, ';') order by rule desc, case_no desc limit 1"
    )[0][0]
    number = applications(service)[0]
    slip_no = post(service, application_no=number).json()["slip_no"]
    path = f"/api/v1/checks/{slip_no}/watch"
    assert service.client.post(path, headers=service.as_role(Role.COUNTY)).status_code == 204
    # approved: the people of the application are now those of a case
    with service.desk.ledger.writing() as session:
        keys = service.rows(
            "select person_key from linked.subject join linked.person using (person_id)"
            f" where kind = 'case' and case_no = '{case_no}'"
        )
        watch_no = session.execute(text("select max(watch_no) from watched_household")).scalar()
        session.execute(text("delete from watched_person"))
        for (key,) in keys:
            session.execute(
                text("insert into watched_person values (:no, :key)"),
                {"no": watch_no, "key": key},
            )
    service.desk.findings._state = None
    found = service.client.get("/api/v1/findings", headers=service.as_role(Role.COUNTY)).json()
    assert found["findings"][0]["is_watched"]
    flags = [one["is_watched"] for one in found["findings"]]
    assert flags == sorted(flags, reverse=True)
    case_slip = post(service, case_no=a_case(service)).json()["slip_no"]
    reply = service.client.post(
        f"/api/v1/checks/{case_slip}/watch", headers=service.as_role(Role.COUNTY)
    )
    assert reply.status_code == 400


def test_without_a_log_there_is_no_answer(district: District, tmp_path):
    with served(district.workspace, tmp_path / "w") as service:
        case_no = a_case(service)
        with service.desk.ledger.writing() as session:
            session.execute(text("alter table access_entry rename to access_entry_gone"))
        replies = [
            post(service, case_no=case_no),
            service.client.get("/api/v1/findings", headers=service.as_role(Role.COUNTY)),
        ]
        assert [reply.status_code for reply in replies] == [503, 503]
        assert all(reply.headers["Retry-After"] for reply in replies)
        assert all(case_no not in reply.text for reply in replies)


def test_the_day_has_a_limit_and_surplus_load_is_told_to_come_again(district: District, tmp_path):
    limits = CheckLimits(a_day=2, at_once=1, waiting=0)
    with served(district.workspace, tmp_path / "w", limits) as service:
        case_no = a_case(service)
        checks: CheckService = service.client.app.state.checks
        with checks._place():
            busy = post(service, case_no=case_no)
        assert (busy.status_code, busy.headers["Retry-After"]) == (429, "1")
        assert [post(service, case_no=case_no).status_code for _ in range(3)] == [201, 201, 429]
        assert int(post(service, case_no=case_no).headers["Retry-After"]) > 0
        assert post(service, Role.TOWNSHIP, case_no=a_case(service, "990102001")).status_code == 201


def test_a_change_of_snapshot_under_load_fails_no_answer(district: District, hedui, tmp_path):
    limits = CheckLimits(a_day=10_000, at_once=2, waiting=50)
    with served(district.workspace, tmp_path / "w", limits) as service:
        case_no, seen, stop = a_case(service), [], threading.Event()

        def ask() -> None:
            while not stop.is_set():
                seen.append(post(service, case_no=case_no).status_code)

        before = service.desk.snapshots.name()
        workers = [threading.Thread(target=ask) for _ in range(2)]
        for worker in workers:
            worker.start()
        ran = hedui(
            "run", "--inbox", district.inbox, "--policy", "rules/policy/990102.yaml",
            "--as-of", DAY_AFTER, "--workspace", tmp_path / "w",
        )  # fmt: skip
        stop.set()
        for worker in workers:
            worker.join()
        assert ran.returncode == 0, ran.stderr
        assert service.desk.snapshots.name() != before
        assert len(seen) > 5
        assert set(seen) == {201}
        assert post(service, case_no=case_no).status_code == 201


def test_the_command_line_checks_writes_the_paper_and_verifies_it(
    district: District, hedui_here, tmp_path
):
    import shutil

    workspace = tmp_path / "w"
    shutil.copytree(district.workspace, workspace)
    with Ledger.open(open_workspace(workspace)) as ledger:
        before = entry_count(ledger)
    shown = hedui_here("findings", "--workspace", workspace, "--format", "json").stdout
    case_no = next(row["case_no"] for row in json.loads(shown) if row["case_no"])
    asked = ("--workspace", workspace, "--purpose", "复核", "--authorisation", "授1号")
    done = hedui_here("check", *asked, "--case", case_no.split(";")[0], "--pdf", tmp_path / "s.pdf")
    assert done.returncode == 0, done.stderr
    assert "核对报告" in done.stdout
    verified = hedui_here("verify-slip", tmp_path / "s.pdf", "--workspace", workspace)
    assert verified.returncode == 0, verified.stderr
    unknown = hedui_here("check", *asked, "--case", "DB000")
    assert unknown.returncode == 1
    assert "Traceback" not in unknown.stderr
    log = hedui_here("log", "verify", "--workspace", workspace)
    assert log.returncode == 0
    assert f"{before + 3} 条" in log.stdout  # the export, the check, the number that nobody has
