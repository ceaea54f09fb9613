"""What a slip concludes and withholds, and that it shows no full name or number."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from reports.check_answer import (
    FindingAnswer,
    HouseholdAnswer,
    IncomeAnswer,
    PersonAnswer,
    RuleAnswer,
    SourceAnswer,
)
from reports.check_slip import CheckFacts, content_hash, make_slip
from rules.rule import load_catalogue

CATALOGUE = load_catalogue()
NUMBER = "990102198003070015"
FACTS = CheckFacts(
    "HD20261120-000001", "刘敏", datetime(2026, 11, 20, 2, tzinfo=UTC), "受理", "授1号", "run-1",
    date(2026, 12, 20),
)  # fmt: skip
PERSON = PersonAnswer(
    seq=1, name_raw="王伟", id_no=NUMBER, id_no_status="valid", known_id_no=NUMBER, relation="01",
    member_kind="1", declared_income_yuan=Decimal(300), authorised_date=date(2026, 11, 1),
    subject_id=1, person_id=1, person_grade="certain", person_key="R1", is_registered=True,
    is_authorised=True, is_certainly_dead=False, age=46, wage_state="none", wage_yuan=None,
    pension_yuan=Decimal(0), unemployment_yuan=Decimal(0), registered_yuan=Decimal(0),
    counted_yuan=Decimal(300),
)  # fmt: skip
UNSEEN = replace(PERSON, seq=2, is_authorised=False, registered_yuan=Decimal(9999))
INCOME = IncomeAnswer(
    1, Decimal(1010), Decimal("0.05"), Decimal(300), Decimal(300), 0, True, False, False
)
CAR = FindingAnswer(
    "f1", "motor_vehicle", "over", "case", "flag", "DB1", None, "", None,
    json.dumps([{
        "dataset": "public_security.vehicles", "business_date": "2026-11-18",
        "facts": {"owner_name": "王伟", "plate": "示A12345", "plate_kind": "02"},
    }]), "h1",
)  # fmt: skip
BILLS = FindingAnswer(
    "f2", "medical_hardship_listed", "under", "case", "flag", "DB1", None, "", None,
    json.dumps([{"dataset": None, "sentence": "main", "facts": {"borne_total_yuan": "9000.00"}}]),
    "h2",
)  # fmt: skip
AGREES = HouseholdAnswer(
    "case", "DB1", "11", "990102001", "1", None, date(2026, 11, 20), date(2026, 11, 20), "snap-1",
    (PERSON,),
    (SourceAnswer(1, "public_security.vehicles", "nothing_found", 0, date(2026, 11, 18)),),
    (RuleAnswer("motor_vehicle", "clear", ""),), (), INCOME,
)  # fmt: skip


def slip(**change: object) -> dict:
    return make_slip(FACTS, replace(AGREES, **change), CATALOGUE)


def source(state: str) -> tuple[SourceAnswer, ...]:
    return (SourceAnswer(1, "public_security.vehicles", state, 0, None),)


def test_registers_that_were_all_looked_at_and_say_nothing_else_agree():
    assert slip()["conclusion"] == "agrees"
    assert slip(sources=source("found"))["conclusion"] == "agrees"


def test_a_certain_difference_differs_and_a_doubtful_one_is_to_be_verified():
    assert slip(findings=(CAR,))["conclusion"] == "differs"
    assert slip(findings=(replace(CAR, grade="verify"),))["conclusion"] == "to_verify"


@pytest.mark.parametrize("state", ["queried", "not_received", "stale", "held", "not_authorised"])
def test_what_could_not_be_looked_at_never_agrees(state):
    assert slip(sources=source(state))["conclusion"] == "to_verify"


def test_a_rule_that_is_not_checked_or_a_person_not_identified_never_agrees():
    unchecked = (
        RuleAnswer("motor_vehicle", "not_checked", "source_held:public_security.vehicles"),
    )
    assert slip(rules=unchecked)["conclusion"] == "to_verify"
    unknown = replace(PERSON, person_id=None, person_grade="none")
    assert slip(people=(unknown,))["conclusion"] == "to_verify"


def test_what_may_be_due_changes_no_conclusion():
    made = slip(findings=(BILLS,))
    assert made["conclusion"] == "agrees"
    assert [one["rule"] for one in made["entitled"]] == ["medical_hardship_listed"]


def test_of_who_has_not_signed_nothing_is_said_that_other_registers_hold():
    made = slip(people=(PERSON, UNSEEN), findings=(BILLS,))
    assert "9,999.00" not in json.dumps(made)
    assert made["people"][1]["registered"] is None
    assert made["entitled"] == []
    assert [one["rule"] for one in made["unchecked"]] == ["medical_hardship_listed"]
    assert made["income"]["is_lower_bound"]


def test_a_slip_shows_no_full_name_number_or_plate():
    text = json.dumps(slip(findings=(CAR,)), ensure_ascii=False)
    for value in (NUMBER, "王伟", "示A12345"):
        assert value not in text
    assert "王*" in text


def test_any_change_changes_the_content_hash():
    made = slip()
    assert content_hash(made) == made["content_hash"]
    for name in made:
        if name != "content_hash":
            assert content_hash({**made, name: "changed"}) != made["content_hash"]


def test_a_blank_declaration_is_not_an_income_of_nothing():
    blank = replace(PERSON, declared_income_yuan=None)
    assert slip(people=(blank,))["people"][0]["declared"] is None
    nothing = replace(PERSON, declared_income_yuan=Decimal(0))
    assert slip(people=(nothing,))["people"][0]["declared"] == "0.00"


@pytest.mark.parametrize("state", ["not_received", "stale", "held", "queried"])
def test_a_register_that_could_not_be_asked_does_not_say_that_there_is_no_pension(state):
    pensions = SourceAnswer(1, "human_resources.pensions", state, 0, None)
    made = slip(sources=(*AGREES.sources, pensions))
    assert made["people"][0]["pension"] is None
    assert made["people"][0]["unemployment"] == "0.00"
    assert made["income"]["is_lower_bound"]
    asked = replace(pensions, state="nothing_found")
    made = slip(sources=(*AGREES.sources, asked))
    assert made["people"][0]["pension"] == "0.00"
    assert not made["income"]["is_lower_bound"]


def test_when_it_was_asked_is_said_by_the_clock_of_the_bureau():
    late = replace(FACTS, asked_at=datetime(2026, 11, 20, 23, 30, tzinfo=UTC))
    assert make_slip(late, AGREES, CATALOGUE)["asked_at"] == "2026-11-21 07:30"
