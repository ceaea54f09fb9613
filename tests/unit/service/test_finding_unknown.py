"""What a finding's page says is not known: a result kept from an earlier night, an old register."""

from dataclasses import replace
from datetime import date

import pytest

from casework.findings import FindingView
from rules.rule import load_catalogue
from service.finding_page import _unknown
from store.engines.duckdb import DuckDBEngine

RULE = load_catalogue()["motor_vehicle"]
SEEN = FindingView(
    finding_id="f1", rule=RULE.id, direction="over", per="case", grade="flag", case_no="DB1",
    seq=None, household_no=None, person_id_no=None, person_name=None, applicant_name=None,
    township="990102001", period="", at_risk_yuan=None, status="open",
    first_seen=date(2026, 11, 18), last_seen=date(2026, 11, 19), as_of=date(2026, 11, 20),
    confirmed=True, reason=None, evidence="[]", evidence_hash="",
)  # fmt: skip


@pytest.fixture
def night():
    with DuckDBEngine(threads=1) as engine:
        engine.create_table(
            "judged.answer",
            "select 'motor_vehicle' as rule, 'DB1' as case_no, cast(null as varchar) as reason",
        )
        engine.create_table(
            "clean.source_status",
            "select 'public_security.vehicles' as dataset, 'stale' as state,"
            " date '2026-11-01' as data_date",
        )
        yield engine


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_result_that_was_kept_says_so_with_its_day_and_why(night, monkeypatch, lang):
    monkeypatch.setenv("HEDUI_LANG", lang)
    kept = replace(SEEN, confirmed=False, reason="source_stale:public_security.vehicles")
    said = _unknown(night, kept, RULE, lang)
    assert len(said) == 2
    assert "2026-11-19" in said[0]
    assert {"zh": "公安机动车登记数据过期", "en": "vehicle register: too old"}[lang] in said[0]
    assert "2026-11-01" in said[1]


def test_a_result_seen_again_says_only_which_register_is_old(night, monkeypatch):
    monkeypatch.setenv("HEDUI_LANG", "zh")
    (said,) = _unknown(night, SEEN, RULE, "zh")
    assert said == "公安机动车登记数据过期（截至 2026-11-01）"
