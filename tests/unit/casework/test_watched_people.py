"""Who is watched is known again on the case an approval makes, known to the register or not."""

from datetime import UTC, date, datetime

import pytest

from casework.watched import watched_cases, watched_key
from service.watching import watch
from store.engines.duckdb import DuckDBEngine
from store.ledger import Ledger
from store.pseudonyms import Pseudonyms
from store.service_tables import CheckRow

NUMBER = "990102198003070015"
NIGHT = datetime(2026, 11, 19, 17, 0, tzinfo=UTC)  # the 20th in Asia/Shanghai


@pytest.fixture
def night():
    """A case of two: one whom the register knows, one whom only a number tells."""
    with DuckDBEngine(threads=1) as engine:
        engine.run("create schema linked")
        engine.run(
            "create table linked.subject as select * from (values"
            " ('case', 'DB1', 1), ('case', 'DB2', 2), ('application', 'SQ1', 1))"
            " as row(kind, case_no, person_id)"
        )
        engine.run(
            "create table linked.person as select * from (values"
            f" (1, 'R1', 7, null), (2, 'DB2#1', null, '{NUMBER}'))"
            " as row(person_id, person_key, register_record_id, id_no)"
        )
        yield engine


def watched(ledger: Ledger, number: int, *keys: str, at: datetime = NIGHT) -> None:
    slip_no = f"HD20261120-{number:06}"
    with ledger.writing() as session:
        session.add(
            CheckRow(
                check_no=number, slip_no=slip_no, asked_by="liu", asked_at=at, kind="application",
                purpose="受理", run_id="run-1", as_of=date(2026, 11, 20), conclusion="agrees",
                valid_until=date(2026, 12, 20), people=list(keys), subjects=[], slip="{}",
                content_hash="-", request_hash="-",
            )
        )  # fmt: skip
    assert watch(ledger, slip_no, "liu", frozenset(keys), at=at)


def test_nobody_watched_is_no_case(ledger, night):
    assert watched_cases(ledger, night) == {}


def test_whom_the_register_knows_is_watched_by_its_key_since_the_first_time(ledger, night):
    watched(ledger, 1, "R1")
    watched(ledger, 2, "R1", at=datetime(2026, 11, 25, 2, 0, tzinfo=UTC))
    (case,) = watched_cases(ledger, night).items()
    assert (case[0], case[1].since, case[1].slip_no) == (
        "DB1", date(2026, 11, 20), "HD20261120-000001",
    )  # fmt: skip


def test_whom_no_register_knows_is_known_again_by_the_number_on_another_paper(ledger, night):
    pseudonyms = Pseudonyms.open(ledger.workspace)
    key = watched_key(pseudonyms, "SQ1#1", NUMBER, is_registered=False)
    assert NUMBER not in key
    watched(ledger, 1, key)
    assert set(watched_cases(ledger, night)) == {"DB2"}


def test_a_register_s_key_is_kept_and_a_place_where_there_is_no_number(ledger):
    pseudonyms = Pseudonyms.open(ledger.workspace)
    assert watched_key(pseudonyms, "R1", NUMBER, is_registered=True) == "R1"
    assert watched_key(pseudonyms, "SQ1#1", None, is_registered=False) == "SQ1#1"


def test_a_register_s_serial_number_may_have_any_sign(ledger, night):
    night.run("update linked.person set person_key = 'R07#1' where person_id = 1")
    key = watched_key(Pseudonyms.open(ledger.workspace), "R07#1", NUMBER, is_registered=True)
    assert key == "R07#1"
    watched(ledger, 1, key)
    assert set(watched_cases(ledger, night)) == {"DB1"}
