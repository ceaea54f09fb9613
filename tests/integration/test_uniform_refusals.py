"""Whoever asks for somebody they may not see learns nothing from how much was done about it.

No wall times here: what is counted is the work, statement by statement. The times themselves are
for ``python -m benchmarks.refusals``.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from served import PASSWORD, Served, served
from sqlalchemy import event

from benchmarks.refusals import rank_test
from service import checks as checks_module
from service.checks import CheckService
from service.roles import Role
from service.routes import home as home_module
from service.settings import CheckLimits
from store.access_log import looks
from store.engines.duckdb import DuckDBEngine
from tests.conftest import District

ASKED = {"purpose": "复核", "authorisation": "授字1号"}
CASES = "select case_no, township_code from clean.household where benefit_status = '1' order by 1"


@contextmanager
def counted(desk_served: Served, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Every statement to the ledger and to the snapshot, in order."""
    said: list[str] = []

    def note_ledger(_connection, _cursor, statement, *_rest) -> None:
        said.append(" ".join(statement.split()))

    rows = DuckDBEngine.rows

    def note_rows(self, query, parameters=None):
        said.append(f"snapshot:{' '.join(query.split())}")
        return rows(self, query, parameters)

    engine = desk_served.desk.ledger.engine
    with monkeypatch.context() as patched:
        patched.setattr(DuckDBEngine, "rows", note_rows)
        event.listen(engine, "before_cursor_execute", note_ledger)
        try:
            yield said
        finally:
            event.remove(engine, "before_cursor_execute", note_ledger)


def work_of(service: Served, monkeypatch, ask) -> tuple[int, object, list[str]]:
    """Status, body and work of a request; it is made once before, so that nothing is the first."""
    ask()
    with counted(service, monkeypatch) as said:
        reply = ask()
    return (
        reply.status_code,
        reply.json() if "json" in reply.headers["content-type"] else reply.text,
        said,
    )


def asking(service: Served, method: str, path: str, **body: object):
    headers = service.as_role(Role.TOWNSHIP)
    return lambda: service.client.request(method, path, headers=headers, **body)


def test_an_unknown_and_a_foreign_case_and_application_cost_the_same(service, monkeypatch):
    foreign = next(no for no, where in service.rows(CASES) if where != "990102001")
    elsewhere = service.rows(
        "select application_no from clean.application where township_code <> '990102001' order by 1"
    )[0][0]
    for field, outside, nobody in (
        ("case_no", foreign, "DB990102009999999"),
        ("application_no", elsewhere, "SQ990102009999999"),
    ):
        done = [
            work_of(
                service,
                monkeypatch,
                asking(service, "POST", "/api/v1/checks", json={**ASKED, field: number}),
            )
            for number in (outside, nobody)
        ]
        assert done[0] == done[1]
        status, _, said = done[0]
        assert status == 404
        assert sum("INSERT INTO access_entry" in one for one in said) == 1
        assert not any("INSERT INTO access_subject" in one for one in said)
        assert sum(one.startswith("snapshot:") for one in said) == 1


def test_a_foreign_finding_and_slip_cost_the_same_as_unknown_ones(service, monkeypatch):
    county = service.as_role(Role.COUNTY)
    finding = service.rows(
        "select finding_id from judged.finding where township_code <> '990102001' order by 1"
    )[0][0]
    foreign = next(no for no, where in service.rows(CASES) if where != "990102001")
    slip = service.client.post(
        "/api/v1/checks", json={**ASKED, "case_no": foreign}, headers=county
    ).json()["slip_no"]
    for path, known, unknown in (
        ("/api/v1/findings/{}", finding, "f" * 16),
        ("/api/v1/checks/{}", slip, "HD20261120-999999"),
        ("/api/v1/checks/{}/slip.pdf", slip, "HD20261120-999999"),
    ):
        done = [
            work_of(service, monkeypatch, asking(service, "GET", path.format(number)))
            for number in (known, unknown)
        ]
        assert done[0] == done[1], path
        assert done[0][0] == 404


def test_typed_in_people_are_looked_up_alike_whether_a_register_knows_them(service, monkeypatch):
    name, number = service.rows(
        "select name_raw, id_no from clean.member join linked.subject using (record_id)"
        " where id_no is not null and person_grade = 'certain' order by member.record_id"
    )[0]
    ledger = []
    for who in ((name, number), ("查无此人", "990102199001010015")):
        person = {"name": who[0], "id_no": who[1], "relation": "01", "authorised_on": "2026-11-01"}
        household = {"township_code": "990102001", "scheme": "11", "persons": [person]}
        body = {**ASKED, "household": household}
        status, _, said = work_of(
            service, monkeypatch, asking(service, "POST", "/api/v1/checks", json=body)
        )
        assert status == 201
        ledger.append([one for one in said if not one.startswith("snapshot:")])
    assert ledger[0] == ledger[1]


def test_a_refusal_waits_until_an_answer_would_have_come(service, monkeypatch):
    """With a clock of the test's own: the pause fills the time up to the usual one."""
    paused, moment = [], [100.0]

    class Clock:
        @staticmethod
        def monotonic() -> float:
            return moment[0]

        @staticmethod
        def sleep(seconds: float) -> None:
            paused.append(seconds)

    checks = CheckService(service.desk)
    checks._took.extend([0.2, 0.3, 0.9])
    monkeypatch.setattr(checks_module, "time", Clock)
    moment[0] = 100.1
    checks._wait_as_usual(100.0)
    moment[0] = 100.8
    checks._wait_as_usual(100.0)
    assert paused == [pytest.approx(0.2), 0.0]


def test_a_refused_sign_in_takes_a_fixed_time_whoever_is_named(service, monkeypatch):
    paused, moment = [], iter([10.0, 10.07, 20.0, 20.31])

    class Clock:
        @staticmethod
        def monotonic() -> float:
            return next(moment)

        @staticmethod
        def sleep(seconds: float) -> None:
            paused.append(seconds)

    monkeypatch.setattr(home_module, "time", Clock)
    for name in ("nobody-at-all", "zhao"):
        sent = {"name": name, "password": f"not-{PASSWORD}"}
        assert service.client.post("/api/v1/sessions", json=sent).status_code == 401
    assert paused == [pytest.approx(0.18), pytest.approx(0.19)]


def test_numbers_tried_in_vain_use_up_the_day_as_answers_do(district: District, tmp_path):
    limits = CheckLimits(a_day=3)
    with served(district.workspace, tmp_path / "w", limits) as service:

        def tried(number: str) -> int:
            headers = service.as_role(Role.TOWNSHIP)
            body = {**ASKED, "case_no": number}
            return service.client.post("/api/v1/checks", json=body, headers=headers).status_code

        assert [tried(f"DB99010200999999{at}") for at in range(5)] == [404, 404, 404, 429, 429]
        own = next(no for no, where in service.rows(CASES) if where == "990102001")
        assert tried(own) == 429
        service.client.app.state.checks = CheckService(service.desk)  # as after a restart
        assert tried(own) == 429
        refused = [one for one in looks(service.desk.ledger) if one.look.action == "refused:check"]
        assert len(refused) == 3


def test_the_rank_test_tells_two_distributions_apart_and_one_not():
    one = [float(at) for at in range(300)]
    alike = [at + 0.5 for at in range(300)]
    apart = [at + 60.0 for at in range(300)]
    assert rank_test(one, alike)[1] > 0.9
    share, p = rank_test(apart, one)
    assert share > 0.6
    assert p < 0.001
    assert rank_test([1, 1, 1], [1, 1, 1]) == (0.5, 1.0)


def test_many_checks_at_once_do_not_get_past_the_day(district: District, tmp_path):
    limits = CheckLimits(a_day=4, at_once=2, waiting=30)
    with served(district.workspace, tmp_path / "w", limits) as service:
        own = next(no for no, where in service.rows(CASES) if where == "990102001")
        ask = asking(service, "POST", "/api/v1/checks", json={**ASKED, "case_no": own})
        with ThreadPoolExecutor(12) as pool:
            statuses = sorted(reply.status_code for reply in pool.map(lambda _: ask(), range(12)))
        assert statuses == [201] * 4 + [429] * 8
