"""Evidence in words: masked, formatted by class, bounded, in both languages; reasons and bases."""

import json
from datetime import date

import pytest
import sqlglot

from rules.rule import load_catalogue
from rules.rule_fields import LANGUAGES
from rules.sentences import (
    basis_on,
    clears,
    code_label,
    evidence_line,
    evidence_lines,
    fact_label,
    link_note,
    reason_lines,
    shown,
    source_name,
)

CATALOGUE = load_catalogue()
CAR = {
    "dataset": "public_security.vehicles",
    "business_date": "2026-11-18",
    "file_name": "part-000.csv",
    "row_no": 7,
    "role": "owner",
    "link_grade": "certain",
    "why": "number_and_name",
    "sentence": "main",
    "facts": {
        "owner_name": "欧阳建国",
        "plate": "示A12345",
        "plate_kind": "02",
        "vehicle_class": "K33",
        "vehicle_status": "GQ",
        "first_registered_date": "2020-05-01",
    },
}


def finding(*evidence):
    return {"rule": "motor_vehicle", "evidence": json.dumps(evidence, ensure_ascii=False)}


def test_a_sentence_names_the_register_the_data_date_and_what_it_holds_masked():
    line = evidence_line(finding(CAR), CATALOGUE)
    assert line == (
        "公安机动车登记（数据截至2026-11-18）：登记在欧***名下的小型汽车示A****5，"
        "初次登记2020-05-01，状态违法未处理、逾期未检验。"
    )


def test_unmasked_is_asked_for():
    assert "欧阳建国名下的小型汽车示A12345" in evidence_line(finding(CAR), CATALOGUE, masked=False)


def test_english_says_the_same():
    line = evidence_line(finding(CAR), CATALOGUE, "en")
    assert line.startswith("Public security, vehicle register (data as of 2026-11-18): small car")


def test_a_long_list_shows_the_first_few_and_how_many_there_are():
    many = finding(*[CAR] * 7)
    assert len(evidence_lines(many, CATALOGUE)) == 7
    assert evidence_line(many, CATALOGUE).endswith("（共7项，其余从略。）")
    assert evidence_line(many, CATALOGUE).count("公安机动车登记") == 4


def test_what_a_register_leaves_open_is_said_to_be_open():
    facts = {**CAR["facts"], "plate_kind": None}
    assert "未载明" in evidence_line(finding({**CAR, "facts": facts}), CATALOGUE)


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        ("12345.5", "yuan", "12,345.50"),
        ("0.3333", "share", "33.33%"),
        ("0.2", "share", "20%"),
        ("1", "share", "100%"),
        ("80", "area", "80"),
        ("80.50", "area", "80.5"),
        (3, "count", "3"),
        ("2026-08", "month", "2026-08"),
        ("20", "code:house_use", "商业"),
        ("77", "code:house_use", "77"),
        ("990102198001010010", "id_no", "990102********0010"),
        (None, "text", "未载明"),
    ],
)
def test_a_fact_is_shown_by_its_class(value, kind, text):
    assert shown(value, kind) == text


def test_the_basis_is_the_one_of_the_date():
    rule = CATALOGUE["motor_vehicle"]
    assert basis_on(rule, date(2026, 11, 20)) == [
        "民发〔2021〕57号第13条、第14条",
        "社会救助法第18条",
    ]
    assert basis_on(rule, date(2026, 6, 30))[0].startswith("社会救助暂行办法")


def test_reasons_are_worded():
    reason = (
        "source_stale:public_security.vehicles;not_authorised:2;row_set_aside:housing.presales#1"
    )
    assert reason_lines(reason) == [
        "公安机动车登记数据过期",
        "成员2未授权核对",
        "住建商品房买卖合同网签备案有与成员1有关的记录未能读取",
    ]
    assert reason_lines("nobody_worded_this:1") == ["nobody_worded_this:1"]
    assert reason_lines("") == []


def test_unknown_sources_and_codes_show_as_they_are():
    assert source_name("other.dataset") == "other.dataset"
    assert code_label("no_such_list", "1") == "1"


@pytest.mark.parametrize("rule", list(CATALOGUE), ids=lambda rule: rule.id)
def test_texts_for_people_are_neutral_and_whole(rule):
    for lang in LANGUAGES:
        sentences = [*rule.says[lang].values(), rule.title[lang], rule.reason[lang]]
        sentences += [rule.clears[lang], rule.next.get(lang, "")]
        for sentence in sentences:
            for word in ("骗", "不符合", "违规", "fraud", "ineligible", "suspect", "illegal"):
                assert word not in sentence.lower()
    assert clears({"rule": rule.id, "evidence": []}, CATALOGUE)
    assert rule.basis


@pytest.mark.parametrize("rule", list(CATALOGUE), ids=lambda rule: rule.id)
def test_every_code_list_a_rule_shows_is_named_in_both_languages(rule):
    lists = {kind.split(":")[1] for kind in rule.facts.values() if kind.startswith("code:")}
    for code_list in lists:
        for lang in LANGUAGES:
            assert code_label(code_list, "valid" if "status" in code_list else "1", lang)


@pytest.mark.parametrize("rule", list(CATALOGUE), ids=lambda rule: rule.id)
def test_conditions_are_neutral_and_what_they_look_at_has_a_name(rule):
    for condition in rule.conditions:
        for lang in LANGUAGES:
            for word in ("骗", "不符合", "违规", "fraud", "ineligible", "suspect", "illegal"):
                assert word not in condition.says[lang].lower()
    looked_at = sqlglot.parse_one(rule.examined_sql, dialect="duckdb").named_selects
    for name in rule.facts.keys() & set(looked_at):
        assert fact_label(name, "en") != name or "_" not in name


def test_a_record_says_to_whom_it_is_linked_how_surely_and_why():
    item = {"link_grade": "probable", "why": "x", "listed": {"seq": 2}, "facts": {}}
    assert link_note(item, "zh", lambda code, _: f"[{code}]") == "〔成员2，关联很可能：[x]〕"
    assert link_note({**item, "listed": None}, "en", lambda *_: "") == " [identity probable]"
    assert link_note({**item, "link_grade": None}, "zh", lambda *_: "x") == ""


def test_letters_are_worded_one_by_one():
    assert shown("GQ", "letters:vehicle_status", "zh") == "违法未处理、逾期未检验"
    assert shown("A", "letters:vehicle_status", "zh") == "正常"


def test_a_birth_date_is_masked_for_with_it_the_number_beside_could_be_read():
    child = {
        "dataset": "public_security.population", "business_date": "2026-11-18",
        "facts": {"child_name": "王小明", "child_birth_date": "2015-06-01",
                  "applicant_case_no": "DB01"},
    }  # fmt: skip
    row = {"rule": "child_not_covered", "evidence": json.dumps([child])}
    for lang, said in (("zh", "王**（2015-**-**出生）"), ("en", "born 2015-**-**")):
        assert said in evidence_line(row, CATALOGUE, lang)
        assert "2015-06-01" in evidence_line(row, CATALOGUE, lang, masked=False)


def test_no_rule_shows_a_birth_date_as_any_other_date():
    classes = {kind for rule in CATALOGUE for name, kind in rule.facts.items() if "birth" in name}
    assert classes == {"birth_date"}
