"""Departments and datasets bear their names in both languages."""

import pytest

from reports.names import agencies, agency_name, dataset_title, title_of
from sources.contract import load_dictionary

CONTRACTS = list(load_dictionary())


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract.dataset)
def test_in_chinese_they_are_called_as_in_the_agreement(monkeypatch, contract):
    monkeypatch.setenv("HEDUI_LANG", "zh")
    assert agencies([contract]) == {contract.agency: contract.agency_zh}
    assert title_of(contract) == contract.title


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract.dataset)
def test_in_english_none_is_left_in_chinese_or_as_a_code(monkeypatch, contract):
    monkeypatch.setenv("HEDUI_LANG", "en")
    for name in (*agencies([contract]).values(), title_of(contract)):
        assert name.isascii()
        assert "_" not in name


def test_one_that_nobody_worded_keeps_its_own_name(monkeypatch):
    monkeypatch.setenv("HEDUI_LANG", "en")
    assert agency_name("water_works", "水务") == "水务"
    assert dataset_title("water_works.bills", "水费") == "水费"
