"""An absent finding closes only where tonight's data allows no other reading."""

import pytest

from casework.absence import Night, OpenFinding, explain
from casework.lifecycle import Absence
from domain.answers import Answer

RULE = "undeclared_income"
MEMBER = OpenFinding(1, RULE, "DB1", 1, None, "R1", "")
CASE = OpenFinding(2, RULE, "DB1", None, None, None, "")
MONTH = OpenFinding(3, RULE, "DB1", None, None, None, "2026-10")
UNLISTED = OpenFinding(4, RULE, None, None, "HH1", "R7", "")
TWO_CASES = OpenFinding(5, RULE, "DB1;DB2", None, None, "R1", "")


def answered(answer: Answer, *reasons: str, case_no: str | None = "DB1", **others: object) -> Night:
    return Night({(RULE, case_no): (answer, reasons)}, rules={RULE}, **others)  # type: ignore[arg-type]


def silent(**others: object) -> Night:
    return Night({}, rules={RULE}, **others)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("finding", "night", "expected"),
    [
        (CASE, answered(Answer.CLEAR), Absence(True, "clear")),
        (CASE, answered(Answer.CLEAR, "not_applicable"), Absence(True, "clear")),
        (CASE, answered(Answer.NOT_CHECKED, "b", "a"), Absence(False, "a;b")),
        (CASE, answered(Answer.NOT_CHECKED), Absence(False, "no_answer")),
        (MEMBER, answered(Answer.FOUND), Absence(True, "clear")),
        (MEMBER, answered(Answer.FOUND, "not_authorised:2"), Absence(True, "clear")),
        (MEMBER, answered(Answer.FOUND, "not_authorised:1"), Absence(False, "not_authorised:1")),
        (MEMBER, answered(Answer.FOUND, "row_set_aside:a.b#1", "wage_unknown:3"),
         Absence(False, "row_set_aside:a.b#1")),
        (MEMBER, answered(Answer.FOUND, "source_stale:a.b"), Absence(False, "source_stale:a.b")),
        (MEMBER, answered(Answer.FOUND, "no_policy:990102"), Absence(False, "no_policy:990102")),
        (MONTH, answered(Answer.FOUND), Absence(True, "period_passed")),
        (UNLISTED, answered(Answer.CLEAR, case_no=None), Absence(True, "clear")),
        (UNLISTED, answered(Answer.FOUND, case_no=None), Absence(True, "clear")),
        (UNLISTED, answered(Answer.FOUND, "source_held:a.b", case_no=None),
         Absence(False, "source_held:a.b")),
        (UNLISTED, answered(Answer.CLEAR, case_no=None, unchecked={"HH1": ("a.b",)}),
         Absence(False, "row_set_aside:a.b")),
        (UNLISTED, silent(), Absence(False, "no_answer")),
        (CASE, silent(), Absence(True, "case_ended")),
        (CASE, silent(benefit_status={"DB1": "2"}), Absence(True, "case_ended")),
        (CASE, silent(benefit_status={"DB1": "1"}), Absence(False, "no_answer")),
        (CASE, silent(set_aside_cases={"DB1"}),
         Absence(False, "row_set_aside:civil_affairs.households")),
        (CASE, silent(has_nameless=True), Absence(False, "row_set_aside:civil_affairs.households")),
        (CASE, silent(has_nameless=True, benefit_status={"DB1": "2"}), Absence(True, "case_ended")),
        (CASE, silent(register_reasons=("source_stale:civil_affairs.households",)),
         Absence(False, "source_stale:civil_affairs.households")),
        (CASE, silent(source_reasons={RULE: ("source_missing:a.b",)}),
         Absence(False, "source_missing:a.b")),
        (CASE, Night({}, rules={"another"}), Absence(False, "rule_not_asked")),
        (TWO_CASES, answered(Answer.CLEAR), Absence(True, "clear")),
        (TWO_CASES, answered(Answer.NOT_CHECKED, "a"), Absence(False, "a")),
    ],
)  # fmt: skip
def test_why_a_finding_was_not_seen(finding: OpenFinding, night: Night, expected: Absence) -> None:
    assert explain(finding, night) == expected
