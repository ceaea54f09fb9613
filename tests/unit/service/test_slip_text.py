"""A slip in a terminal says everything that stands on it, brackets too."""

import pytest

from service.slip_text import print_to_terminal

SLIP = {
    "slip_no": "HD20261120-000001", "target": "DB1", "scheme": None, "as_of": "2026-11-20",
    "conclusion": "to_verify", "because": ["1 [王*] to be verified"], "income": None,
    "people": [{
        "seq": 1, "name": "王*[x]", "id_no": "990102********0015", "identity": "probable",
        "identity_reason": "same name [as written]", "is_authorised": True,
        "authorised_date": None, "declared": None, "wage": None, "registered": None,
        "counted": None,
    }],
    "sources": [{
        "title": "R", "data_date": None,
        "cells": [
            {"seq": 1, "state": "found", "records": 3, "probable": 1},
            {"seq": 2, "state": "nothing_found", "records": 0, "probable": 0},
            {"seq": 3, "state": "nothing_found", "records": 0, "probable": 0},
            {"seq": 4, "state": "found", "records": 2, "probable": 0},
        ],
    }],
    "findings": [{"title": "T", "grade": "verify", "sentences": ["held. [member 1, probable]"]}],
    "entitled": [], "links": ["1 王*, R, 1 record(s): [same name]."],
    "unchecked": [{"title": "U", "reasons": ["[a]", "b"]}],
    "valid_until": "2026-12-20", "content_hash": "00",
}  # fmt: skip


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_on_the_slip_is_taken_for_markup(capsys, monkeypatch, lang):
    monkeypatch.setenv("HEDUI_LANG", lang)
    print_to_terminal(SLIP)
    said = capsys.readouterr().out
    for line in ("[王*]", "王*[x]", "[as written]", "[member 1, probable]", "[same name]", "[a]"):
        assert line in said


def test_english_has_no_chinese_punctuation(capsys, monkeypatch):
    monkeypatch.setenv("HEDUI_LANG", "en")
    print_to_terminal(SLIP)
    said = capsys.readouterr().out
    assert not set("：；（）。") & set(said)


def test_a_register_is_said_person_by_person(capsys, monkeypatch):
    monkeypatch.setenv("HEDUI_LANG", "en")
    monkeypatch.setenv("COLUMNS", "160")
    print_to_terminal(SLIP)
    said = " ".join(capsys.readouterr().out.split())
    assert (
        "1: records found: 3, 1 of them probable; 2, 3: nothing found; 4: records found: 2" in said
    )


@pytest.mark.parametrize(("lang", "said"), [("zh", "未填"), ("en", "not stated")])
def test_a_blank_declaration_is_said_to_be_blank(capsys, monkeypatch, lang, said):
    monkeypatch.setenv("HEDUI_LANG", lang)
    print_to_terminal(SLIP)
    assert said in " ".join(capsys.readouterr().out.split())


def test_headings_and_numbers_of_an_english_slip_stay_whole_in_eighty_columns(capsys, monkeypatch):
    monkeypatch.setenv("HEDUI_LANG", "en")
    monkeypatch.setenv("COLUMNS", "80")
    person = {**SLIP["people"][0], "name": "夏**", "wage": "unknown", "counted": "1,234.50"}
    print_to_terminal({**SLIP, "people": [person]})
    lines = capsys.readouterr().out.splitlines()
    place = next(at for at, line in enumerate(lines) if line.startswith("No."))
    assert lines[place].split() == [
        "No.", "Name", "Number", "Identity", "Signed", "Declared", "Found", "Counts",
    ]  # fmt: skip
    said = "1 夏** 990102********0015 probable applicant not stated unknown 1,234.50"
    assert lines[place + 1].split() == said.split()
    assert all(len(line) <= 80 for line in lines[place : place + 2])
