"""Schema ``clean``: what is in force on the date, and nothing else."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from raw_texts import Row, put_raw

from sources.assembly import assemble
from sources.cleaning import clean_delivery
from sources.cleaning_sql import clean_columns
from sources.contract import load_dictionary
from sources.verdict import (
    Counts,
    DatasetState,
    DeliveryState,
    JudgedDelivery,
    Reason,
    SourceState,
)
from store.engines.duckdb import DuckDBEngine

DICTIONARY = load_dictionary()
WANG, LI = "99010219900101004X", "990102197001010016"


@pytest.fixture
def engine() -> Iterator[DuckDBEngine]:
    with DuckDBEngine() as opened:
        yield opened


class _Files:
    def __init__(self, business_date: date) -> None:
        self.business_date = business_date
        self.file_names = ("part-000.csv",)


def delivered(
    engine: DuckDBEngine, folder: Path, dataset: str, day: date, rows: list[Row]
) -> JudgedDelivery:
    """A delivery of these rows, cleaned and accepted."""
    contract = DICTIONARY[dataset]
    raw_rows = put_raw(engine, contract, rows)
    target = folder / dataset / day.isoformat()
    target.mkdir(parents=True)
    report = clean_delivery(engine, contract, _Files(day), raw_rows, target)
    return JudgedDelivery(
        delivery_id=f"{dataset}/{day}-x", dataset=dataset, business_date=day, produced_at=None,
        content_hash="x", data_hash="x", file_names=("part-000.csv",),
        state=DeliveryState.ACCEPTED, reasons=(), folder=target,
        counts=Counts(
            report.rows_delivered, report.rows_accepted, report.rows_set_aside,
            report.rows_repeated,
        ),
    )  # fmt: skip


def in_force(*deliveries: JudgedDelivery) -> DatasetState:
    newest = deliveries[-1]
    return DatasetState(
        newest.dataset, SourceState.IN_FORCE, newest.business_date, None, tuple(deliveries)
    )


def payment(no: str, **changed: str | None) -> Row:
    return {
        "发放流水号": no, "救助证号": "DB1", "救助类型": "11", "领款人姓名": "王伟",
        "领款人身份证号": WANG, "发放月份": "202611", "发放金额": "500.00",
    } | changed  # fmt: skip


def payments(engine: DuckDBEngine) -> list[tuple[Any, ...]]:
    return engine.rows("select payment_no, paid_yuan::int from clean.payment order by 1")


def test_every_table_exists_even_when_nothing_was_ever_delivered(engine: DuckDBEngine) -> None:
    assemble(engine, DICTIONARY, (), ())
    for contract in DICTIONARY:
        described = engine.rows(
            "select column_name, lower(column_type)"
            f" from (describe select * from clean.{contract.table})"
        )
        assert dict(described) == clean_columns(contract), contract.dataset
    states = engine.rows("select distinct state, rows_delivered from clean.source_status")
    assert states == [("missing", 0)]
    for empty in ("mention", "set_aside", "delivery", "mention_vehicle"):
        assert engine.rows(f"select count(*) from clean.{empty}") == [(0,)]


def test_a_dataset_that_is_not_in_force_is_empty_but_says_its_date(
    engine: DuckDBEngine, tmp_path: Path
) -> None:
    old = delivered(engine, tmp_path, "civil_affairs.payments", date(2026, 1, 1), [payment("1")])
    state = DatasetState(
        old.dataset, SourceState.STALE, date(2026, 1, 1), Reason.of("stale", 300), (old,)
    )
    assemble(engine, DICTIONARY, [state], [old])
    assert payments(engine) == []
    status = engine.rows(
        "select state, data_date, reason, rows_accepted from clean.source_status"
        " where dataset = 'civil_affairs.payments'"
    )
    assert status == [("stale", date(2026, 1, 1), "stale:300", 0)]
    assert engine.rows("select is_in_force, rows_accepted from clean.delivery") == [(False, 1)]


def test_the_newest_row_of_each_key_is_in_force(engine: DuckDBEngine, tmp_path: Path) -> None:
    rows = [payment("1"), payment("2"), payment("3")]
    first = delivered(engine, tmp_path, "civil_affairs.payments", date(2026, 10, 5), rows)
    changed = [payment("2", 发放金额="600"), payment("4")]
    second = delivered(engine, tmp_path, "civil_affairs.payments", date(2026, 11, 5), changed)
    assemble(engine, DICTIONARY, [in_force(first, second)], [first, second])
    assert payments(engine) == [("1", 500), ("2", 600), ("3", 500), ("4", 500)]
    counts = engine.rows(
        "select rows_delivered, rows_accepted from clean.source_status where state = 'in_force'"
    )
    assert counts == [(5, 5)]


def test_a_later_row_set_aside_leaves_the_fact_unknown(
    engine: DuckDBEngine, tmp_path: Path
) -> None:
    rows = [payment("1"), payment("2")]
    first = delivered(engine, tmp_path, "civil_affairs.payments", date(2026, 10, 5), rows)
    broken = [payment("2", 发放金额="六百")]
    second = delivered(engine, tmp_path, "civil_affairs.payments", date(2026, 11, 5), broken)
    assemble(engine, DICTIONARY, [in_force(first, second)], [first, second])
    assert payments(engine) == [("1", 500)]
    aside = engine.rows("select reason, header, case_no from clean.set_aside")
    assert aside == [("required_unreadable", "发放金额", "DB1")]


def test_a_set_aside_row_that_is_sent_again_mended_is_set_aside_no_more(
    engine: DuckDBEngine, tmp_path: Path
) -> None:
    broken = [payment("1"), payment("2", 发放金额="六百")]
    first = delivered(engine, tmp_path, "civil_affairs.payments", date(2026, 10, 5), broken)
    second = delivered(
        engine, tmp_path, "civil_affairs.payments", date(2026, 11, 5), [payment("2")]
    )
    assemble(engine, DICTIONARY, [in_force(first, second)], [first, second])
    assert payments(engine) == [("1", 500), ("2", 500)]
    assert engine.rows("select * from clean.set_aside") == []


def test_mentions_name_every_person_of_rows_and_of_rows_set_aside(
    engine: DuckDBEngine, tmp_path: Path
) -> None:
    married: Row = {
        "登记字号": "J1", "业务类型": "IA", "登记日期": "2020-01-01", "男方姓名": "王 伟",
        "男方身份证号": WANG, "女方姓名": "李娜", "女方身份证号": "不详",
    }  # fmt: skip
    broken = married | {"登记字号": "J2", "业务类型": "XX"}
    day = date(2026, 11, 5)
    sent = delivered(engine, tmp_path, "civil_affairs.marriages", day, [married, broken])
    assemble(engine, DICTIONARY, [in_force(sent)], [sent])
    mentions = engine.rows(
        "select dataset, role, is_set_aside, id_no, id_text, id_status, name, name_raw"
        " from clean.mention order by is_set_aside, role"
    )
    husband = (WANG, None, "valid", "王伟", "王 伟")
    wife = (None, "不详", "placeholder", "李娜", "李娜")
    assert mentions == [
        ("civil_affairs.marriages", "husband", False, *husband),
        ("civil_affairs.marriages", "wife", False, *wife),
        ("civil_affairs.marriages", "husband", True, *husband),
        ("civil_affairs.marriages", "wife", True, *wife),
    ]


def test_keys_with_an_absent_number_are_compared_like_any_other(
    engine: DuckDBEngine, tmp_path: Path
) -> None:
    sale: Row = {
        "合同编号": "H1", "买受人": "王伟", "买受人证件号码": None, "房屋坐落": "示范路1号",
        "房屋用途": "10", "建筑面积": "80", "合同总价": "1000000", "签约日期": "20260101",
        "合同状态": "1",
    }  # fmt: skip
    dataset = "housing.presales"
    first = delivered(engine, tmp_path, dataset, date(2026, 10, 5), [sale])
    second = delivered(engine, tmp_path, dataset, date(2026, 10, 6), [sale | {"合同状态": "2"}])
    assemble(engine, DICTIONARY, [in_force(first, second)], [first, second])
    assert engine.rows("select contract_status, business_date from clean.presale") == [
        ("2", date(2026, 10, 6))
    ]


def test_nothing_but_schema_clean_is_left_behind(engine: DuckDBEngine, tmp_path: Path) -> None:
    dataset = "civil_affairs.payments"
    first = delivered(engine, tmp_path, dataset, date(2026, 10, 5), [payment("1")])
    second = delivered(engine, tmp_path, dataset, date(2026, 11, 5), [payment("2")])
    assemble(engine, DICTIONARY, [in_force(first, second)], [first, second])
    left = engine.rows("select table_schema, table_name from information_schema.tables")
    assert {schema for schema, _ in left} == {"clean", "raw"}
