"""What a person says of a finding: who may, what it makes of it, and two at once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from nights import Night, finding, record
from sqlalchemy.orm import Session

from casework.decisions import Decision, check_decision, decide
from casework.findings import FindingView, current_findings, history
from casework.lifecycle import EventKind, Said
from domain.errors import HeduiError
from store.ledger import Ledger

D1, D2, D3 = date(2026, 11, 20), date(2026, 11, 21), date(2026, 11, 22)
AT = datetime(2026, 11, 23, 16, 30, tzinfo=UTC)  # the 24th in Asia/Shanghai


def night(ledger: Ledger, day: date, evidence_hash: str = "facts") -> None:
    row = finding("F1", "DB1", rule="motor_vehicle", grade="flag", evidence_hash=evidence_hash)
    record(ledger, Night(day, [row], [("DB1", "motor_vehicle", "found", "")]))


def the_one(ledger: Ledger) -> FindingView:
    (view,) = current_findings(ledger)
    return view


def newest(ledger: Ledger) -> int:
    return history(ledger, "F1")[-1].event_no


def say(ledger: Ledger, said: Said, by: str = "shen", **more: object) -> bool:
    decision = Decision(said, by, newest(ledger), **more)  # type: ignore[arg-type]
    return decide(ledger, the_one(ledger), decision, at=AT, within=lambda _: None)


TRUE = Said("true", "本人11月24日来电，称车已卖，尚未过户", "调取过户材料")


@pytest.mark.parametrize(
    ("outcome", "status"),
    [("true", "decided"), ("changed", "decided"), ("untrue", "cleared"), ("more", "reviewed")],
)
def test_what_is_said_is_the_state_until_the_facts_change(ledger, outcome, status):
    night(ledger, D1)
    assert say(ledger, Said(outcome, "", "已入户"))
    night(ledger, D2)
    view = the_one(ledger)
    assert (view.status, view.outcome, view.decided_by) == (status, outcome, "shen")
    assert view.decided_on == date(2026, 11, 24)
    night(ledger, D3, "other facts")
    view = the_one(ledger)
    assert (view.status, view.outcome, view.decided_by, view.decided_on) == (
        "open", None, None, None,
    )  # fmt: skip


def test_history_keeps_who_said_what_with_numbers_masked(ledger):
    night(ledger, D1)
    say(ledger, replace(TRUE, note="号码990102198003070017，卡6222021234567890"))
    event = history(ledger, "F1")[-1]
    assert (event.kind, event.by_name, event.recorded_at) == (EventKind.DECIDED, "shen", AT)
    said = Said.read(event.reason)
    assert said.heard == TRUE.heard
    assert said.note == "号码990102********0017，卡622202******7890"


def test_the_last_word_counts_also_after_a_clearance(ledger):
    night(ledger, D1)
    say(ledger, Said("untrue", "", "并非本人"))
    assert the_one(ledger).status == "cleared"
    say(ledger, Said("more", "", "上一条记错了"))
    assert the_one(ledger).status == "reviewed"
    night(ledger, D2)
    assert the_one(ledger).status == "reviewed"


def test_handing_over_names_a_handler_and_leaves_the_state_be(ledger):
    night(ledger, D1)
    say(ledger, Said(note="请入户", to="zhao"))
    view = the_one(ledger)
    assert (view.status, view.handler, view.outcome) == ("new", "zhao", None)
    night(ledger, D2, "other facts")
    assert the_one(ledger).handler == "zhao"


def test_a_form_sent_twice_is_written_once(ledger):
    night(ledger, D1)
    noted: list[Session] = []
    seen, view = newest(ledger), the_one(ledger)
    decision = Decision(TRUE, "shen", seen)
    first = decide(ledger, view, decision, at=AT, within=noted.append)
    second = decide(ledger, view, decision, at=AT, within=noted.append)
    assert (first, second) == (True, False)
    assert len(noted) == 2  # each is a look
    assert [event.kind for event in history(ledger, "F1")] == [
        EventKind.OPENED, EventKind.DECIDED,
    ]  # fmt: skip


def test_of_two_people_at_once_one_is_written_and_the_other_told(ledger):
    night(ledger, D1)
    view, seen = the_one(ledger), newest(ledger)

    def one(by: str) -> str:
        try:
            said = Said("more", "", f"{by}跟进")
            decide(ledger, view, Decision(said, by, seen), at=AT, within=lambda _: None)
        except HeduiError as error:
            return f"{error.key} {error.fields['by_name'] == by}"
        return "written"

    people = [f"user{number}" for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        ends = list(pool.map(one, people))
    assert sorted(ends) == ["decision_stale False"] * 7 + ["written"]
    assert len(history(ledger, "F1")) == 2


def test_what_a_night_renewed_meanwhile_is_to_be_read_first(ledger):
    night(ledger, D1)
    decision = Decision(TRUE, "shen", newest(ledger))
    night(ledger, D2, "other facts")
    with pytest.raises(HeduiError) as error:
        decide(ledger, the_one(ledger), decision, at=AT, within=lambda _: None)
    assert error.value.key == "decision_changed"


def test_without_a_log_nothing_is_written(ledger):
    night(ledger, D1)

    def refuse(_: Session) -> None:
        raise HeduiError("ledger_unavailable", ledger="-", cause="full")

    decision = Decision(TRUE, "shen", newest(ledger))
    with pytest.raises(HeduiError):
        decide(ledger, the_one(ledger), decision, at=AT, within=refuse)
    assert len(history(ledger, "F1")) == 1


VIEW = FindingView(
    "F1", "motor_vehicle", "over", "case", "flag", "DB1", None, None, None, None, None,
    "990102001", "", Decimal(1), "new", D1, D1, D1, True, None, "[]", "facts",
)  # fmt: skip


@pytest.mark.parametrize(
    ("said", "more", "refused"),
    [
        (TRUE, {}, None),
        (Said("", "", "x"), {}, "decision_outcome"),
        (Said("closed", "", "x"), {}, "decision_outcome"),
        (Said("more", "", "  "), {}, "decision_note"),
        (Said("true", " ", "x"), {}, "decision_heard"),
        (Said("changed", "", "x"), {}, None),
        (Said("untrue", "", "x"), {}, None),
        (Said("untrue", "", "x"), {"is_of_county": False}, "decision_county"),
        (Said("more", "", "x"), {"is_of_county": False}, None),
        (Said(to="zhao"), {"is_of_county": False}, None),
        (Said("untrue", "", "x"), {"expires_on": D2}, None),
        (Said("untrue", "", "x"), {"expires_on": date(2026, 11, 19)}, "decision_expiry"),
        (Said("untrue", "", "x"), {"expires_on": date(2028, 1, 1)}, "decision_expiry"),
        (Said("more", "", "x"), {"expires_on": D2}, "decision_expiry"),
    ],
)
def test_what_may_be_said(said, more, refused):
    decision = Decision(said, "zhao", 1, **more)
    if refused is None:
        check_decision(VIEW, decision, D1)
        return
    with pytest.raises(HeduiError) as error:
        check_decision(VIEW, decision, D1)
    assert error.value.key == refused


def test_a_township_may_clear_what_is_no_flag_on_aid():
    decision = Decision(Said("untrue", "", "x"), "zhao", 1, is_of_county=False)
    check_decision(replace(VIEW, grade="verify"), decision, D1)
    check_decision(replace(VIEW, direction="supervision"), decision, D1)


def test_words_kept_in_another_form_are_a_note():
    assert Said.read("已电话核实") == Said(note="已电话核实")
    assert Said.read(None) == Said()
    assert Said.read(TRUE.as_text()) == TRUE
