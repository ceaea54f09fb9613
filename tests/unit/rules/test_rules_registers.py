"""As of when each register speaks, of what it has and has not; and what was not declared."""

import re
from datetime import date

import pytest

from rules.casetest import load_world, prepare
from rules.caseworld import build_world
from rules.engine import evaluate
from rules.findings import Registers
from rules.parameters import POLICY_FOLDER, load_policy
from rules.rule import PLACEHOLDER, load_catalogue
from rules.sentences import evidence_lines
from store.engines.duckdb import DuckDBEngine

AS_OF = date(2026, 11, 20)
CATALOGUE = load_catalogue()
POLICY = load_policy(POLICY_FOLDER / "990102.yaml")
NOTHING_THERE = re.compile("未见|不在|没有|未列|空白|未登记|未标注")
NOTHING_THERE_EN = re.compile(r"\b(no|none|nothing|nobody|not listed|blank|without)\b")
ALONE = {
    "household": [{"case_no": "DB01", "applicant": "P1", "benefit_start_month": "2026-01"}],
    "member": [{"case_no": "DB01", "person": "P1", "birth_date": date(1950, 1, 1)}],
    "payment": [{"case_no": "DB99", "person": "P9", "paid_month": "2026-11"}],
}
WAGES = {
    "household": [{"case_no": "DB01", "applicant": "P1"}],
    "member": [{"case_no": "DB01", "person": "P1", "declared_income_yuan": None}],
    "contribution": [
        {"person": "P1", "month": month, "wage_yuan": 1000}
        for month in ("2026-08", "2026-09", "2026-10")
    ],
}


@pytest.fixture(scope="module")
def engine():
    with DuckDBEngine(threads=1) as engine:
        prepare(engine)
        yield engine


def said(engine, given, rule, lang="zh", states=None, sources=None):
    """The sentences of a rule's one finding; ``states`` has the registers' dates."""
    load_world(engine, build_world(given, sources or {}, AS_OF))
    for dataset, state in (states or {}).items():
        engine.run(
            "update clean.source_status set data_date = $state where dataset = $dataset",
            {"state": state, "dataset": dataset},
        )
    evaluate(engine, catalogue=CATALOGUE.only(rule), policies=[POLICY], as_of=AS_OF)
    (found,) = engine.arrow("select rule, evidence from judged.finding").to_pylist()
    return evidence_lines(found, CATALOGUE, lang, masked=False)


@pytest.mark.parametrize("rule", list(CATALOGUE), ids=lambda rule: rule.id)
def test_a_sentence_that_says_nothing_is_there_says_of_which_register_as_of_when(rule):
    for lang, absent in (("zh", NOTHING_THERE), ("en", NOTHING_THERE_EN)):
        for name, sentence in rule.says[lang].items():
            for clause in re.split("[；;。]", sentence):
                word = absent.search(clause)
                if word is None:
                    continue
                before = sentence[: sentence.index(clause) + word.start()]
                after_last = before[before.rfind("。") + 1 :]
                assert "{data_date}" in after_last or "{register:" in after_last, (name, clause)


@pytest.mark.parametrize("rule", list(CATALOGUE), ids=lambda rule: rule.id)
def test_a_register_named_for_what_it_lacks_is_one_the_rule_cannot_do_without(rule):
    for name in rule.says["zh"]:
        for dataset in rule.registers_named(name):
            is_estimate = dataset == "civil_affairs.payments" and name in ("estimate", "amount")
            assert dataset in rule.sources or is_estimate


def test_no_enrolment_is_said_of_the_insurance_register_on_its_own_day(engine):
    states = {"medical_insurance.enrolment": date(2026, 11, 3)}
    assert said(engine, ALONE, "not_insured", states=states) == [
        "民政救助家庭成员（数据截至2026-11-20）载明测P1为保障对象；"
        "医保基本医疗保险参保（数据截至2026-11-03）未见其状态正常的参保记录，需核实并协助参保。"
    ]
    assert said(engine, ALONE, "not_insured", "en", states) == [
        "Civil affairs, members of cases (data as of 2026-11-20): 测P1 is a beneficiary;"
        " Medical insurance, enrolment (data as of 2026-11-03): no enrolment in force is found."
        " To be verified, and enrolment helped."
    ]


def test_nothing_paid_is_said_of_the_payments_on_their_own_day(engine):
    states = {"civil_affairs.payments": date(2026, 11, 12)}
    (line,) = said(engine, ALONE, "unpaid_month", states=states)
    assert line.startswith("民政救助金发放明细（数据截至2026-11-12）已有2026-11的记录，其中未见")
    (line,) = said(engine, ALONE, "unpaid_month", "en", states)
    assert line.startswith("Civil affairs, payments (data as of 2026-11-12): payments for 2026-11")


def test_no_marriage_is_said_of_the_marriage_register_on_its_own_day(engine):
    states = {"civil_affairs.marriages": date(2026, 11, 15)}
    (line,) = said(engine, ALONE, "tekun_candidate", states=states)
    assert "；民政婚姻登记（数据截至2026-11-15）未见在婚登记，" in line
    (line,) = said(engine, ALONE, "tekun_candidate", "en", states)
    assert "Civil affairs, marriage register (data as of 2026-11-15): no marriage in force" in line


def test_a_row_from_an_older_delivery_says_the_registers_state_and_its_own(engine):
    purchase = {
        **ALONE,
        "presale": [{"person": "P1", "business_date": date(2026, 9, 30)}],
    }
    states = {"housing.presales": date(2026, 11, 15)}
    (line,) = said(engine, purchase, "recent_purchase", states=states)
    assert line.startswith(
        "住建商品房买卖合同网签备案（数据截至2026-11-15，本条报送于2026-09-30）："
    )
    (line,) = said(engine, purchase, "recent_purchase", "en", states)
    assert "(data as of 2026-11-15; this row delivered 2026-09-30):" in line


def test_a_row_of_the_newest_delivery_says_one_date(engine):
    purchase = {**ALONE, "presale": [{"person": "P1", "business_date": date(2026, 11, 15)}]}
    states = {"housing.presales": date(2026, 11, 15)}
    (line,) = said(engine, purchase, "recent_purchase", states=states)
    assert "（数据截至2026-11-15）" in line


def test_evidence_kept_from_before_the_states_were_says_the_delivery_it_came_in():
    kept = {
        "dataset": "civil_affairs.members", "business_date": "2026-10-20",
        "facts": {"member_name": "测一"},
    }  # fmt: skip
    (line,) = evidence_lines({"rule": "not_insured", "evidence": [kept]}, CATALOGUE)
    assert line.startswith("民政救助家庭成员（数据截至2026-10-20）载明")
    assert "医保基本医疗保险参保（数据截至未载明）未见" in line


def test_what_an_applicant_declared_is_said_of_the_application():
    registers = Registers(
        states={
            "civil_affairs.members": date(2026, 11, 20),
            "civil_affairs.applications": date(2026, 11, 19),
        },
        applications={"SQ01": date(2026, 11, 18), "typed-in": date(2026, 11, 20)},
    )
    of_case = {"dataset": "civil_affairs.members", "data_date": "2026-11-20"}
    of_application = {"dataset": "civil_affairs.applications", "data_date": "2026-11-19"}
    assert registers.named("civil_affairs.members", "DB01") == of_case
    assert registers.named("civil_affairs.members", "SQ01") == of_application
    typed = registers.named("civil_affairs.households", "typed-in")
    assert typed == {"dataset": "civil_affairs.applications", "data_date": "2026-11-20"}
    absent = registers.named("civil_affairs.payments", "DB01")
    assert absent == {"dataset": "civil_affairs.payments", "data_date": None}


def test_a_blank_declaration_is_said_to_be_blank_and_counts_as_nothing(engine):
    line = said(engine, WAGES, "undeclared_income")[0]
    assert "申报未填（按0元计），每月相差" in line
    assert "申报0.00元" not in line
    line = said(engine, WAGES, "undeclared_income", "en")[0]
    assert "declared income not stated (taken as 0);" in line
    stated = {**WAGES, "member": [{**WAGES["member"][0], "declared_income_yuan": 0}]}
    assert "申报0.00元，每月相差" in said(engine, stated, "undeclared_income")[0]


def test_an_employment_without_an_income_says_what_was_declared_once(engine):
    unknown = [{**row, "wage_yuan": None} for row in WAGES["contribution"]]
    lines = said(engine, {**WAGES, "contribution": unknown}, "undeclared_employment")
    assert lines[0] == ("民政救助家庭成员（数据截至2026-11-20）：测P1，申报月收入未填（按0元计）。")
    assert len(lines) == 4
    assert not any("申报" in line for line in lines[1:])


def test_an_income_source_that_could_not_be_asked_is_not_said_to_hold_nothing(engine):
    rich = {**WAGES, "contribution": [{**row, "wage_yuan": 9000} for row in WAGES["contribution"]]}
    (line,) = [one for one in said(engine, rich, "income_over_line") if "取较大者" in one]
    assert "养老金0.00元、失业保险金0.00元" in line
    lacking = {"human_resources.pensions": "stale"}
    lines = said(engine, rich, "income_over_line", sources=lacking)
    (line,) = [one for one in lines if "取较大者" in one]
    assert "养老金未核对、失业保险金0.00元" in line


def test_a_placeholder_of_a_register_has_a_dataset():
    assert PLACEHOLDER.findall("{register:a.b}{name}") == [("register", "a.b"), ("name", "")]
