"""The SQL conversions against the plain reading, which is the specification."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from fuzzing import tried
from hypothesis import given
from hypothesis import strategies as st

from domain import amounts, characters, dates, identity
from sources import conversions, identity_conversion
from store.engines.duckdb import DuckDBEngine

LATEST = date(2026, 11, 20)

FEW = tried(25)


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDBEngine]:
    with DuckDBEngine() as opened:
        yield opened


def convert(
    engine: DuckDBEngine, values: list[str | None], *stages: dict[str, str]
) -> list[tuple[Any, ...]]:
    """The last stage's columns over column ``r``, one tuple a value, in the values' order."""
    numbers = pa.array(range(len(values)), pa.int64())
    engine.load_table("work.given", pa.table({"n": numbers, "r": pa.array(values, pa.string())}))
    query = "work.given"
    for stage in stages:
        columns = ", ".join(f"{expression} as {name}" for name, expression in stage.items())
        query = f"(select *, {columns} from {query})"
    rows = engine.rows(f"select {', '.join(stages[-1])} from {query} order by n")
    return list(rows)


DATE_LIKE = [
    "2024-02-29", "2023-02-29", "20240229", "20230229", "2024/1/5", "2024/01/05", "2024年1月5日",
    "2024年01月05日", "2024年1月5", "2024.1.5", "2024-1-5", "45000", "45000.0", "45000.00",
    "45000.5", "60", "61", "59", "1", "0", "80000", "80001", "2024", "1905", "2201", "1799",
    "02024", "0000-00-00", "00000000", "0000/0/0", "0000年0月0日", "1900-01-01", "19000101",
    "1900/1/1", "1900年1月1日", "9999-12-31", "99991231", "9999/12/31", "9999年12月31日",
    "2958465", "190011", "1900-1/1", "1900-11", "240105", "24-01-05", "05/06/2024", "13/12/2024",
    "2024-13-01", "2024-00-10", "2024-12-00", "2024-12-32", "2024-04-31", "1700-01-01",
    "2300-01-01", "2024-01-05 00:00:00", "2024-01-05T13:45:10.123", "2024-1-1 12:30",
    "2024-01-05 08:00:00+08:00", "2024/1/5 0:00", "２０２４-０１-０５", " 2024-01-05 ",
    "2024-01-05\t", "'2024-01-05", "2024 - 01 - 05", "-", "--", "—", "无", "长期", "null",
    "农历二〇二四年正月初五", "二〇二四年一月五日", "infinity", "epoch", "today", "2024-01-05 BC",
    "20240-01-05", "1.0", "", " ", None, "2024-01-0５", "2024\u200b-01-05",
    "2024年1\u2f49\u0035\u2f47", "2024\uf98e1月5日",
]  # fmt: skip
MONTH_LIKE = [
    "202401", "202413", "202400", "2024-01", "2024-1", "2024年01月", "2024年1月", "2024/01",
    "2024.1", "2024年1", "000000", "0000-00", "190001", "1900-01", "999912", "9999-12",
    "9999年12月", "2024-01-15", "2024-02-30", "20240115", "2024/1/15", "24-01", "2401", "45000",
    "Jan-24", "1900-01-01", "9999-12-31", "", None, " 2024 01 ", "２０２４０１",
    "2024-01-01 00:00:00", "1", "2958465", "-", "0", "170001",
]  # fmt: skip
NUMBER_LIKE = [
    "1", "0", "-1", "+5", "12.50", "12.5", "12.555", "12.545", "-0.005", "0.00005", "1,234.50",
    "1,23.5", "12,345,678.9", "1,2345.00", "1234元", "￥1,234.50元", "¥5", "1.2万元", "3万", "-",
    "—", "--", "－", "无", "nan", "NaN", "inf", "-inf", "1e3", "1E+05", "１２.５", " 12.5 ",
    "12. ", "12.", ".5", "-.5", ".", "5元整", "999999999999.99", "999999999999.994",
    "999999999999.995", "9999999999999", "1" * 60, "0x1F", "1_000", "(500)", "−3", "3.0", "3.00",
    "3.5", "2147483647", "2147483648", "-2147483648", "-2147483649", "3人", "是", "否", "true",
    "FALSE", "1.0", "Y", "２", "", None, "\u200b7", "元", "1元2", "1 234", "00012",
    "9999999999.99995", "9999999999.99994", "1e-7", "0,5", "+", "-0",
]  # fmt: skip
ID_LIKE = [
    "99010219900101004X", "99010219900101004x", "990102199001010048",
    "９９０１０２１９９００１０１００４Ｘ", "９９０１０２１９９００１０１００４ｘ",
    " 9901 0219 9001 0100 4X", "'99010219900101004X", "‘99010219900101004X’",
    "99010219900101004X\u200b", "990102900101002", "990102901301002", "990102900230002",
    "9.90102E+17", "9.90102e17", "9.90102E＋17", "无", " 不详 ", "0", "000000000000000000",
    "111111111111111111", "111111111111111", "11111111111111111X", "123456789012345678", "123456",
    "123456789012345", "none", "N/A", "", "   ", None, "E12345678", "EA1234567", "H1234567890",
    "A123456(7)", "1234567(8)", "XXX123456789012", "91990102MA0123456X", "军字第1234567号",
    "9901021990010100", "9901021990010100411", "990102199002300022", "81" + "0000199408230021",
    "990102204001010027", "99010217900101002X", "abc", "王伟", "□□□", "O90102199001010021",
    "12345678", "99010219900101\u202e002X", "7", "??????????????????", "9" * 17 + "X", "XXXX",
    "9901021990010100ⅩX", "\"99010219900101004X\"",
]  # fmt: skip

MARKS = "0123456789-/.年月日 ,元¥万Ee+:TXx无－０１２３Ｘ　\u200b'"


def any_text(*seeds: str | None) -> st.SearchStrategy[str | None]:
    """Seeds, strings of the marks such values are made of, and anything at all."""
    anything = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
    return st.one_of(st.sampled_from(seeds), st.text(MARKS, max_size=20), anything)


def check_reading(
    engine: DuckDBEngine, values: list[str | None], kind: str, read: Callable[[Any], Any]
) -> None:
    value = conversions.plausible("d") if kind in conversions.DATED else "d"
    none = f"coalesce({conversions.is_none('coalesce(w, r)', kind)}, true)"
    stages = (
        {"w": conversions.written("r", kind)},
        {"d": conversions.read("r", "w", kind)},
        {"v": value, "is_blank": none},
    )
    for raw, (got, is_blank) in zip(values, convert(engine, values, *stages), strict=True):
        wanted = read(raw)
        unreadable = got is None and not is_blank
        assert (got, unreadable) == (wanted.value, wanted.is_unreadable), repr(raw)


READERS: list[tuple[str, list[str | None], Callable[[Any], Any]]] = [
    ("date", DATE_LIKE, dates.read_date),
    ("month", MONTH_LIKE + DATE_LIKE, dates.read_month),
    ("yuan", NUMBER_LIKE, amounts.read_yuan),
    ("decimal", NUMBER_LIKE, amounts.read_decimal),
    ("int", NUMBER_LIKE, amounts.read_int),
    ("bool", NUMBER_LIKE, amounts.read_bool),
]


@pytest.mark.parametrize(("kind", "values", "read"), READERS)
def test_every_known_form_is_read_alike_in_sql_and_in_the_plain_reading(
    engine: DuckDBEngine, kind: str, values: list[str | None], read: Callable[[Any], Any]
) -> None:
    check_reading(engine, values, kind, read)


@pytest.mark.parametrize(("kind", "values", "read"), READERS)
@FEW
@given(data=st.data())
def test_any_text_is_read_alike_in_sql_and_in_the_plain_reading(
    engine: DuckDBEngine,
    kind: str,
    values: list[str | None],
    read: Callable[[Any], Any],
    data: st.DataObject,
) -> None:
    drawn = data.draw(st.lists(any_text(*values), min_size=1, max_size=40))
    check_reading(engine, drawn, kind, read)


def check_identity(engine: DuckDBEngine, values: list[str | None]) -> None:
    numbers = pa.array(range(len(values)), pa.int64())
    engine.load_table("work.given", pa.table({"n": numbers, "r": pa.array(values, pa.string())}))
    steps = identity_conversion.judged_query("work.given", f"date '{LATEST}'")
    rows = engine.rows(
        f"with {steps} select v, case when v is null then t end, s from numbered order by n"
    )
    for raw, got in zip(values, rows, strict=True):
        wanted = identity.read_identity_number(raw, LATEST)
        assert got == (wanted.number, wanted.text, wanted.status.value), repr(raw)


def test_identity_numbers_of_every_kind_are_judged_alike(engine: DuckDBEngine) -> None:
    check_identity(engine, ID_LIKE)


@FEW
@given(values=st.lists(any_text(*ID_LIKE), min_size=1, max_size=40))
def test_any_text_is_judged_alike_as_an_identity_number(
    engine: DuckDBEngine, values: list[str | None]
) -> None:
    check_identity(engine, values)


@FEW
@given(
    values=st.lists(
        any_text(
            "示范街１２号（南）",
            " a\u00a0 b ",
            "冀Ａ 12345",
            "\uf9e9\u202e街\u2f49\ue81e",
            "\ue78d",
        ),
        min_size=1,
        max_size=40,
    )
)
def test_words_and_references_are_tidied_alike(
    engine: DuckDBEngine, values: list[str | None]
) -> None:
    tidy = {"tidied": conversions.words("r"), "reference": conversions.reference_text("r")}
    got = convert(engine, values, tidy)
    for raw, (tidied, reference) in zip(values, got, strict=True):
        assert tidied == (characters.tidy(raw or "") or None), repr(raw)
        folded = characters.half_width(characters.strip_blanks(characters.proper(raw or "")))
        assert reference == (folded or None), repr(raw)
