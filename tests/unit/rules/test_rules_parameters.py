"""The local policy: dated values exactly, and every way in which a file may be wrong."""

from datetime import date
from decimal import Decimal

import pytest

from domain.errors import HeduiError
from rules.parameters import POLICY_FOLDER, check_divisions, load_policy
from rules.rule import load_catalogue

POLICY = load_policy(POLICY_FOLDER / "990102.yaml")
HEAD = 'division: "990102"\ntitle: 示范区\nparameters:\n'


def refused(tmp_path, text):
    path = tmp_path / "policy-x.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(HeduiError) as caught:
        load_policy(path)
    return caught.value


@pytest.mark.parametrize(
    ("name", "on", "value"),
    [
        ("dibao.standard.urban", date(2026, 6, 30), Decimal(980)),
        ("dibao.standard.urban", date(2026, 7, 1), Decimal(1010)),
        ("income.work_cost_share", date(2026, 7, 1), Decimal("0.20")),
        ("vehicle.exempt_plate_kinds", date(2026, 7, 1), ("07", "08", "13", "14")),
    ],
)
def test_the_value_in_force_is_the_last_one_from_on_or_before_the_date(name, on, value):
    assert POLICY.at(name, on).value == value
    assert POLICY.at(name, on).source


def test_before_the_first_date_nothing_is_in_force():
    with pytest.raises(HeduiError, match=r"dibao\.standard\.urban.*2024-06-30"):
        POLICY.at("dibao.standard.urban", date(2024, 6, 30))


def test_the_shipped_policy_has_what_the_catalogue_needs():
    POLICY.require(load_catalogue().parameters, date(2026, 11, 20))


def test_a_parameter_a_rule_needs_and_the_policy_lacks_is_named_with_the_file(tmp_path):
    path = tmp_path / "policy-x.yaml"
    path.write_text(HEAD + "  income.wage_months: [{from: 2024-01-01, value: 3, source: x}]\n")
    with pytest.raises(HeduiError) as caught:
        load_policy(path).require(["vehicle.exempt_plate_kinds", "income.wage_months"])
    assert caught.value.key == "rules_parameter_missing"
    assert "vehicle.exempt_plate_kinds" in str(caught.value)
    assert "policy-x.yaml" in str(caught.value)


@pytest.mark.parametrize(
    ("body", "key"),
    [
        ("  income.wage_month: [{from: 2024-01-01, value: 3, source: x}]\n", "parameter_unknown"),
        ("  income.wage_months: []\n", "parameter_empty"),
        ("  income.wage_months: 3\n", "not_list"),
        ("  income.wage_months: [{value: 3, source: x}]\n", "parameter_incomplete"),
        ("  income.wage_months: [{from: 2024-01-01, value: 3}]\n", "parameter_incomplete"),
        ("  income.wage_months: [{from: 2024-01-01, source: x}]\n", "parameter_incomplete"),
        (
            "  income.wage_months: [{from: 2024-01-01, value: 3, source: x, till: 2025-01-01}]\n",
            "parameter_field_unknown",
        ),
        ("  income.wage_months: [{from: 2024-1-1, value: 3, source: x}]\n", "parameter_date"),
        ("  income.wage_months: [{from: 2024-01-01, value: 2.5, source: x}]\n", "parameter_value"),
        (
            "  income.wage_months: [{from: 2024-01-01, value: three, source: x}]\n",
            "parameter_value",
        ),
        ("  income.wage_months: [{from: 2024-01-01, value: -3, source: x}]\n", "parameter_value"),
        ("  income.wage_months: [{from: 2024-01-01, value: .nan, source: x}]\n", "parameter_value"),
        (
            "  income.tolerance_share: [{from: 2024-01-01, value: 5, source: x}]\n",
            "parameter_value",
        ),
        (
            "  vehicle.exempt_plate_kinds: [{from: 2024-01-01, value: 07, source: x}]\n",
            "not_list",
        ),
    ],
)
def test_a_wrong_entry_is_refused_with_its_file_and_line(tmp_path, body, key):
    error = refused(tmp_path, HEAD + body)
    assert error.key == f"rules_{key}"
    assert error.fields["file"] == "policy-x.yaml"
    assert error.fields["line"] == 4


@pytest.mark.parametrize(
    ("second", "key"), [("2024-01-01", "overlaps"), ("2023-01-01", "unsorted")]
)
def test_dates_given_twice_or_out_of_order_are_refused_where_they_stand(tmp_path, second, key):
    body = (
        "  income.wage_months:\n"
        "    - {from: 2024-01-01, value: 3, source: x}\n"
        f"    - {{from: {second}, value: 4, source: x}}\n"
    )
    error = refused(tmp_path, HEAD + body)
    assert (error.key, error.fields["line"]) == (f"rules_parameter_{key}", 6)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "unreadable"),
        ("division: [", "unreadable"),
        ("- a\n", "not_mapping"),
        ("title: x\nparameters: {}\n", "field_missing"),
        ("division: 99\ntitle: x\nparameters: {}\n", "division_invalid"),
        (HEAD + "  a: []\n  a: []\n", "key_twice"),
    ],
)
def test_a_file_that_is_no_policy_is_refused(tmp_path, text, key):
    assert refused(tmp_path, text).key == f"rules_{key}"


def test_a_policy_that_is_not_there_is_named(tmp_path):
    with pytest.raises(HeduiError, match=r"nowhere\.yaml"):
        load_policy(tmp_path / "nowhere.yaml")


def test_two_policies_of_one_division_are_refused():
    with pytest.raises(HeduiError) as caught:
        check_divisions([POLICY, POLICY])
    assert caught.value.key == "rules_division_twice"
