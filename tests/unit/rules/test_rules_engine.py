"""Answers and findings as a whole: identities, hashes, order, and what a missing source does."""

import json
import re
from datetime import date

import pytest

from domain.errors import HeduiError
from rules.casetest import load_cases, load_world, prepare, run_case
from rules.caseworld import build_world
from rules.engine import evaluate
from rules.interface import DATASETS
from rules.parameters import POLICY_FOLDER, Policy, load_policy
from rules.rule import load_catalogue
from rules.sentences import code_label
from sources.contract import load_dictionary
from store.engines.duckdb import DuckDBEngine

AS_OF = date(2026, 11, 20)
CATALOGUE = load_catalogue()
OVER = CATALOGUE.only(*(rule.id for rule in CATALOGUE if rule.direction == "over"))
POLICY = load_policy(POLICY_FOLDER / "990102.yaml")
GIVEN = {
    "household": [
        {"case_no": "DB01", "applicant": "P1"},
        {"case_no": "DB02", "scheme": "31", "benefit_status": "3", "grace_end_month": "2026-08"},
        {"case_no": "DB03", "benefit_status": "2", "stop_month": "2026-10"},
    ],
    "member": [
        {"case_no": "DB01", "person": "P1"},
        {"case_no": "DB01", "person": "P2"},
        {"case_no": "DB02", "person": "P3"},
        {"case_no": "DB02", "person": "P2"},
        {"case_no": "DB03", "person": "P4"},
    ],
    "population": [
        {"person": "P1"},
        {"person": "P2"},
        {"person": "P3", "person_status": "2", "moved_to": "990103"},
    ],
    "vehicle": [{"person": "P1"}, {"person": "P3", "grade": "probable"}],
    "property": [{"person": "P3"}, {"person": "P3", "house_use": "20"}],
    "pension": [{"person": "P1", "start_month": "2024-01", "pension_yuan": 4000}],
    "cremation": [{"person": "P2", "cremation_date": date(2026, 9, 3), "grade": "probable"}],
    "marriage": [{"husband": "P1", "wife": "X1", "registered_date": date(2020, 1, 1)}],
    "payment": [
        {"case_no": "DB01", "person": "P1", "months": ["2026-09", "2026-10", "2026-10"]},
        {"case_no": "DB03", "person": "P4", "months": ["2026-10"]},
    ],
}


@pytest.fixture(scope="module")
def engine():
    with DuckDBEngine(threads=1) as engine:
        prepare(engine)
        yield engine


def judge(engine, given=GIVEN, sources=None, catalogue=OVER, reverse=False):
    world = build_world(given, sources or {}, AS_OF)
    if reverse:
        world.rows = {table: rows[::-1] for table, rows in world.rows.items()}
    load_world(engine, world)
    evaluate(engine, catalogue=catalogue, policies=[POLICY], as_of=AS_OF)
    findings = engine.arrow("select * from judged.finding order by finding_id").to_pylist()
    answers = engine.rows("select * from judged.answer order by rule, case_no")
    return findings, answers


def test_every_active_case_has_one_answer_of_every_rule(engine):
    _, answers = judge(engine)
    pairs = [(case_no, rule) for case_no, rule, *_ in answers]
    assert len(pairs) == len(set(pairs))
    assert {p for p in pairs if p[0] != "DB03"} == {
        (case_no, rule.id) for case_no in ("DB01", "DB02") for rule in OVER
    }


def test_found_answers_and_findings_are_the_same(engine):
    findings, answers = judge(engine)
    by_finding = {(c, f["rule"]) for f in findings for c in f["case_no"].split(";")}
    assert by_finding == {(c, rule) for c, rule, answer, _ in answers if answer == "found"}
    assert {f["rule"] for f in findings} >= {
        "deceased", "duplicate_benefit", "grace_overrun", "income_over_line", "motor_vehicle",
        "moved_out", "non_residential", "overpaid_month", "paid_after_exit", "undeclared_spouse",
    }  # fmt: skip


def test_a_finding_has_an_id_without_an_identity_number_and_says_whom_it_is_about(engine):
    findings, _ = judge(engine)
    assert all(re.fullmatch("[0-9a-f]{16}", f["finding_id"]) for f in findings)
    assert len({f["finding_id"] for f in findings}) == len(findings)
    spouse = next(f for f in findings if f["rule"] == "undeclared_spouse")
    assert (spouse["case_no"], spouse["seq"], spouse["person_key"]) == ("DB01", 1, "RP1")
    assert spouse["person_name"] == "测P1"
    assert spouse["person_id_no"].startswith("990102")
    assert spouse["township_code"] == "990102001"
    double = next(f for f in findings if f["rule"] == "duplicate_benefit")
    assert (double["case_no"], double["seq"], double["person_key"]) == ("DB01;DB02", None, "RP2")


def test_evidence_names_the_record_and_holds_its_facts(engine):
    findings, _ = judge(engine)
    car = next(f for f in findings if f["rule"] == "motor_vehicle" and f["case_no"] == "DB02")
    (item,) = json.loads(car["evidence"])
    assert item["dataset"] == "public_security.vehicles"
    assert (item["file_name"], item["row_no"], item["role"]) == ("part-000.csv", 2, "owner")
    assert (item["link_grade"], item["why"]) == ("probable", "name_and_birth_date")
    assert item["facts"]["plate_kind"] == "02"
    assert car["grade"] == "verify"


def test_the_order_of_rows_changes_nothing(engine):
    findings, answers = judge(engine)
    again, answers_again = judge(engine, reverse=True)
    assert again == findings
    assert answers_again == answers


def test_the_same_facts_in_tomorrows_delivery_have_the_same_hash(engine):
    findings, _ = judge(engine)
    moved = {
        table: [
            {**row, "business_date": date(2026, 11, 19)} if table != "member" else row
            for row in rows
        ]
        for table, rows in GIVEN.items()
    }
    again, _ = judge(engine, moved)
    assert [f["evidence"] for f in again] != [f["evidence"] for f in findings]
    assert [(f["finding_id"], f["evidence_hash"]) for f in again] == [
        (f["finding_id"], f["evidence_hash"]) for f in findings
    ]


@pytest.mark.parametrize(
    "dataset", [d.name for d in DATASETS if d.name not in ("civil_affairs.households",)]
)
def test_taking_a_source_away_never_makes_clear_nor_adds_a_finding(engine, dataset):
    findings, answers = judge(engine)
    fewer, others = judge(engine, sources={dataset: "missing"})
    known = {f["finding_id"] for f in findings}
    # Payments and deaths are taken from what others say; the rule itself must not gain by absence.
    assert {f["finding_id"] for f in fewer if f["rule"] != "undeclared_income"} <= known
    before = {(case_no, rule): answer for case_no, rule, answer, _ in answers}
    for case_no, rule, answer, reason in others:
        if answer == "clear" and reason != "not_applicable":
            assert before[case_no, rule] == "clear"


def test_without_members_nobody_is_said_to_be_clear(engine):
    findings, answers = judge(engine, sources={"civil_affairs.members": "stale"})
    assert {f["rule"] for f in findings} == {"grace_overrun", "paid_after_exit", "overpaid_month"}
    motor = [a for a in answers if a[1] == "motor_vehicle"]
    assert {(a[2], a[3]) for a in motor} == {("not_checked", "source_stale:civil_affairs.members")}


def test_a_policy_without_a_needed_parameter_stops_the_run_before_anything_is_judged(engine):
    poor = Policy(POLICY.division, POLICY.title, "policy-poor.yaml", {})
    with pytest.raises(HeduiError, match=r"policy-poor\.yaml"):
        evaluate(engine, catalogue=OVER, policies=[poor], as_of=AS_OF)


def test_the_tables_of_the_cases_are_those_of_the_contracts(engine):
    dictionary = load_dictionary()
    assert [d.name for d in DATASETS] == [contract.dataset for contract in dictionary]
    for dataset, contract in zip(DATASETS, dictionary, strict=True):
        assert dataset.table == contract.table
        assert dataset.roles == tuple(person.role for person in contract.persons)
        query = f"select column_name from (describe clean.{dataset.table})"
        columns = {row[0] for row in engine.rows(query)}
        assert {column.name for column in contract.columns} <= columns


def test_every_code_of_the_dictionary_is_worded_as_it_stands_there():
    for contract in load_dictionary():
        for column in contract.columns:
            for code, meaning in column.codes.items():
                assert code_label(column.code_list, code, "zh") == meaning
                assert code_label(column.code_list, code, "en") != code


def test_a_case_that_does_not_come_out_as_expected_says_what_differs(engine):
    case = next(c for c in load_cases(CATALOGUE["motor_vehicle"]) if c.expect[0].get("grade"))
    wrong = {**case.expect[0], "grade": "verify", "records": 2}
    changed = type(case)(case.rule_id, case.name, case.as_of, case.given, case.sources, [wrong])
    assert run_case(engine, CATALOGUE, [POLICY], changed) == [
        "DB01: grade is flag, expected verify",
        "DB01: 1 records, expected 2",
    ]
