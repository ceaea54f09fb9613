"""The agreement's clauses on rows and headers, for all sixteen datasets and the three formats."""

from datetime import date

import pyarrow as pa
import pytest
from delivering import csv_bytes, hand_over, id_no, parquet_bytes, rows_of, xlsx_bytes

from sources import acceptance
from sources.contract import load_dictionary
from sources.headers import match_headers
from sources.intake import take_in
from sources.verdict import DeliveryRefused
from store.engines.duckdb import DuckDBEngine
from store.workspace import open_workspace

DICTIONARY = load_dictionary()
DAY = date(2026, 11, 20)
ROWS = 900
BAD = {
    "date": "2026-02-30",
    "month": "2026年13月",
    "yuan": "1.2万元",
    "int": "三",
    "decimal": "NaN",
    "bool": "也许",
    "code": "没有的代码",
}


@pytest.fixture(autouse=True)
def _without_the_slow_library(monkeypatch):
    monkeypatch.setattr(acceptance, "validate", lambda *_: [])


def file_of(contract, rows, form):
    if form == "xlsx":
        return xlsx_bytes(contract.headers, rows)
    if form == "parquet":
        return parquet_bytes(pa.Table.from_pylist(rows))
    return csv_bytes(contract.headers, rows, form)


def spoiled(contract):
    """Rows with one fault each, and what must become of them: row number → (reason, header)."""
    rows = rows_of(contract, ROWS)
    aside, remarks = {}, {}
    keyed = set(contract.key)
    required = [c for c in contract.columns if not c.is_nullable and c.kind != "id_no"]
    typed = [c for c in required if c.kind in BAD]
    optional = [c for c in contract.columns if c.is_nullable and c.kind in BAD]
    blank = next(c for c in required if c.header not in keyed)
    rows[10][blank.header] = " \u3000"
    aside[11] = ("required_blank", blank.header)
    unreadable = typed[-1]
    rows[20][unreadable.header] = BAD[unreadable.kind]
    reason = "unknown_code" if unreadable.kind == "code" else "required_unreadable"
    aside[21] = (reason, unreadable.header)
    rows[31] = dict(rows[30])  # the same fact twice
    remarks[31] = "repeated"
    rows[41] = dict(rows[40])
    changed = next(
        column.header
        for column in contract.columns
        if column.header not in keyed
        and column.kind != "id_no"
        and rows[47][column.header] != rows[40][column.header]
    )
    rows[41][changed] = rows[47][changed]
    for row in (41, 42):
        aside[row] = ("key_conflict", contract.key[0])
    if optional:
        rows[50][optional[0].header] = BAD[optional[0].kind]
        code = "unknown_code" if optional[0].kind == "code" else "unreadable"
        remarks[51] = f"{optional[0].name}:{code}"
    person = contract.persons[0]
    number = contract.by_name(person.id_no).header
    for at, (value, status) in enumerate(
        ((id_no(60)[:17] + "?", "malformed"), ("不详", "placeholder"), ("", "absent"),
         ("9.90102E+17", "scientific"), ("H1234567890", "other_document")), start=60,
    ):  # fmt: skip
        rows[at][number] = value
        remarks[at + 1] = f"{person.id_no}:{status}"
    blank_row = dict.fromkeys(contract.headers, "")
    rows[80] = blank_row | {contract.headers[0]: "合 计：", contract.headers[-1]: "400"}
    aside[81] = ("totals", contract.headers[0])
    rows[90] = {header: header for header in contract.headers}
    rows[91] = dict.fromkeys(contract.headers, "栏目说明")
    aside[91] = aside[92] = ("second_header", contract.headers[0])
    rows[70][contract.by_name(person.name).header] = "王\ue000□"
    remarks[71] = f"{person.name}:unreadable"
    return rows, aside, remarks


@pytest.mark.parametrize("form", ["gb18030", "xlsx", "parquet"])
@pytest.mark.parametrize("contract", DICTIONARY, ids=lambda contract: contract.dataset)
def test_every_clause_on_rows_holds_in_every_dataset_and_format(tmp_path, contract, form):
    rows, aside, remarks = spoiled(contract)
    raw = file_of(contract, rows, form)
    kind = form if form in ("xlsx", "parquet") else "csv"
    name = f"part-000.{kind}"
    encoding = form if kind == "csv" else None
    hand_over(
        tmp_path / "inbox", contract, DAY, {name: (raw, ROWS)}, format=kind, encoding=encoding
    )
    workspace = open_workspace(tmp_path / "workspace")
    with DuckDBEngine() as engine:
        intake = take_in(engine, inbox=tmp_path / "inbox", workspace=workspace.path, as_of=DAY)
        (judged,) = intake.deliveries
        set_aside = engine.rows(
            "select row_no, reason, header, raw_text, file_name from clean.set_aside"
        )
        kept = dict(engine.rows(f"select row_no, remarks from clean.{contract.table}"))
    assert judged.state == "accepted", judged.reasons
    found = {row: (reason, header) for row, reason, header, _, _ in set_aside}
    noticed = {row: reason for row, (reason, _) in found.items()}
    assert noticed == {row: reason for row, (reason, _) in aside.items()}
    assert all(found[row] == aside[row] for row in (11, 21, 41, 42))
    assert {file for *_, file in set_aside} == {name}
    assert all(rows[row - 1][contract.key[0]].strip() in raw for row, _, _, raw, _ in set_aside)
    for row, remark in remarks.items():
        assert remark in kept[row], (row, remark)
    remarked = {row for row, found in kept.items() if found}
    assert remarked == set(remarks)
    counts = judged.counts
    assert (counts.delivered, counts.set_aside, counts.repeated) == (ROWS, len(aside), 1)
    assert counts.accepted == len(kept) == ROWS - len(aside) - 1


@pytest.mark.parametrize("contract", DICTIONARY, ids=lambda contract: contract.dataset)
def test_headers_may_come_in_any_order_but_every_required_one_and_each_once(contract):
    reordered = [*reversed(contract.headers), "备注", "更新时间"]
    match = match_headers(reordered, contract, "a.csv")
    assert match.positions == {header: reordered.index(header) for header in contract.headers}
    assert [str(remark) for remark in match.remarks] == [
        "column_unknown:备注",
        "column_unknown:更新时间",
    ]
    for column in contract.columns:
        others = [header for header in contract.headers if header != column.header]
        if column.is_required:
            with pytest.raises(DeliveryRefused) as refused:
                match_headers(others, contract, "a.csv")
            assert [str(r) for r in refused.value.reasons] == [
                f"column_absent:{column.header}:a.csv"
            ]
        else:
            remarks = match_headers(others, contract, "a.csv").remarks
            assert [str(r) for r in remarks] == [f"column_left_out:{column.header}"]
        with pytest.raises(DeliveryRefused) as refused:
            match_headers([*contract.headers, f" {column.header}\ufeff"], contract, "a.csv")
        assert [r.code for r in refused.value.reasons] == ["header_twice"]
