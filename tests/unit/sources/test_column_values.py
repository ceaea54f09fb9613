"""A column's texts read by array, one by one and by the engine: all say the same."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from fuzzing import tried
from hypothesis import given
from hypothesis import strategies as st

from domain.identity import IdStatus, read_identity_number
from domain.names import fold_name
from sources import column_values
from sources.column_values import ColumnValues, read_part
from sources.contract import load_dictionary
from sources.identity_arrays import Form, forms, with_capital_x
from sources.name_folding import are_folded
from sources.raw_rows import RawRows
from sources.text_rows import row_table
from store.engines.duckdb import DuckDBEngine

DAY = date(2026, 11, 20)
HOUSEHOLDS = load_dictionary()["civil_affairs.households"]
MEMBERS = load_dictionary()["civil_affairs.members"]
PROPERTIES = load_dictionary()["housing.properties"]

NUMBERS = [
    "99010219900101004X", "99010219900101004x", "990102199001010048", "990102900101002",
    "99010219900230002X", "990102199013010021", "99010218491231002X", "111111111111111111",
    "123456789012345678", "990102202611210029", "99010219000229001X", "990102200002290017",
    "", "无", None, " 99010219900101004X", "９９０１０２１９９００１０１００４Ｘ",
    "990102199001O1004X",
]  # fmt: skip
NAMES = [
    "王伟",
    "王 伟",
    "王□",
    "李乾",
    "張偉",
    "买买提·艾力",
    "  ",
    "",
    None,
    "?",
    "（已故）",
    "𠮷田",
    "a",
]
MARKS = "0123456789-/.年月日 ,元X无　\u200b王是否１"

anything = st.one_of(
    st.none(),
    st.sampled_from([text for text in NUMBERS + NAMES if text is not None]),
    st.sampled_from(["2024-01-05", "20240105", "202401", "2024年1月", "1", "0", "是", "12.5", "-"]),
    st.sampled_from(["11", "１１", " 11"]),
    st.text(MARKS, max_size=12),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8),
)  # fmt: skip
QUICK = tried(25)


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDBEngine]:
    with DuckDBEngine() as opened:
        yield opened


def read(engine: DuckDBEngine, contract: Any, texts: list[str | None]) -> dict[str, ColumnValues]:
    """Every column of the dataset with the same texts."""
    columns = {header: pa.array(texts, pa.string()) for header in contract.headers}
    rows = RawRows(engine, contract)
    rows.add(0, row_table(contract, np.arange(1, len(texts) + 1), columns))
    rows.flush()
    (part,) = rows.parts()
    return read_part(engine, contract, part, DAY)


def said(read: dict[str, ColumnValues]) -> dict[str, list[Any]]:
    return {
        name: [
            one.values.to_pylist(),
            one.is_remarked.tolist(),
            one.folded and one.folded.to_pylist(),
            one.number_texts and one.number_texts.to_pylist(),
            one.statuses and one.statuses.to_pylist(),
        ]
        for name, one in read.items()
    }


@QUICK
@given(texts=st.lists(anything, max_size=20))
def test_few_texts_and_many_are_read_alike(engine: DuckDBEngine, texts: list[str | None]) -> None:
    for contract in (HOUSEHOLDS, MEMBERS, PROPERTIES):
        few = said(read(engine, contract, texts))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(column_values, "ONE_BY_ONE", -1)
            assert said(read(engine, contract, texts)) == few, contract.dataset


@QUICK
@given(texts=st.lists(st.one_of(st.sampled_from(NUMBERS), anything), max_size=30))
def test_numbers_are_what_the_plain_reading_makes_of_them(
    engine: DuckDBEngine, texts: list[str | None]
) -> None:
    found = read(engine, MEMBERS, [*NUMBERS, *texts])["id_no"]
    shown = zip(
        found.texts.to_pylist(),
        found.values.to_pylist(),
        (found.number_texts or pa.nulls(0)).to_pylist(),
        (found.statuses or pa.nulls(0)).to_pylist(),
        found.is_remarked.tolist(),
        strict=True,
    )
    for raw, number, text, status, is_remarked in shown:
        wanted = read_identity_number(raw, DAY)
        assert (number, text, status) == (wanted.number, wanted.text, wanted.status.value), raw
        assert is_remarked == (wanted.number is None), raw


def test_what_is_seen_of_numbers_at_once_is_what_the_plain_reading_says() -> None:
    """Every day around the ends of months and of what is possible, and every check character."""
    days = [f"{year:04}{month:02}{day:02}" for year in (1849, 1850, 1900, 2000, 2023, 2024, 2026)
            for month in range(14) for day in (0, 1, 19, 20, 21, 28, 29, 30, 31, 32)]  # fmt: skip
    texts = [f"990102{day}002{check}" for day in days for check in "0123456789Xx"]
    texts += ["1" * 17 + "X", "1" * 18, "123456789012345678", "012345678901234567", "0" * 17 + "y"]
    seen = forms(with_capital_x(pa.array([*texts, None, ""])), DAY).tolist()
    statuses = [read_identity_number(text, DAY).status for text in texts]
    for text, form, status in zip(texts, seen, statuses, strict=False):
        assert form == Form.OTHER or Form(form).name == status.name, text
    assert seen[-2:] == [Form.OTHER, Form.OTHER]
    for form, status in ((Form.VALID, IdStatus.VALID), (Form.CHECK_DIGIT, IdStatus.CHECK_DIGIT)):
        assert seen.count(form) == statuses.count(status) > 100


@QUICK
@given(names=st.lists(st.one_of(st.none(), st.text(max_size=4), st.sampled_from(NAMES))))
def test_a_name_said_to_be_folded_is(names: list[str | None]) -> None:
    usable = [name for name in names if name is None or "\0" not in name]
    for name, is_folded in zip(usable, are_folded(pa.array(usable, pa.string())), strict=True):
        assert not is_folded or (name is not None and name == fold_name(name) != "")
    assert are_folded(pa.array(["王伟", "張偉"])).tolist() == [True, False]
