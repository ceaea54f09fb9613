"""A block is parsed as it came and decoded then: what comes out is what each record says."""

from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
from fuzzing import tried
from hypothesis import given
from hypothesis import strategies as st

from sources import csv_block
from sources.csv_block import read_block
from sources.csv_lines import record_ends, scan, split_fields
from sources.headers import HeaderMatch

WIDTH = 3
KNOWN = ({"a": 0, "b": 1, "c": 2}, {"a": 2, "b": 0})
CELLS = st.one_of(
    st.sampled_from(["", "王伟", "娜娜", "①€㐀", "𠀀·", "é×÷", "x", "02"]),
    st.text("王伟娜芳ab1", max_size=4),
)
ODD = st.sampled_from(
    [b"\xff", b"\x81", b"\x81\x30", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xc0\x80", b'"a,b"',
     b'"a""b"', b'"a\nb"', b'"', b"\0", b"1,2", b"\xa2\xe3"]
)  # fmt: skip
ENCODINGS = st.sampled_from(["utf-8", "gb18030"])


def blocks(cells, encoding):
    """Lines of cells, bytes as they are."""
    lines = [
        b",".join(cell if isinstance(cell, bytes) else cell.encode(encoding) for cell in line)
        for line in cells
    ]
    return b"\n".join(lines) + b"\n"


def read(raw, encoding, positions, plain=()):
    block = read_block(scan(raw, WIDTH, True), HeaderMatch(WIDTH, positions, ()), encoding, plain)
    columns = {name: texts.to_pylist() for name, texts in block.columns.items()}
    rows = [list(row) for row in zip(*columns.values(), strict=True)]
    return rows, block.places.tolist(), [(one.place, one.reason, one.raw) for one in block.bad]


def record_by_record(raw, encoding, positions):
    """What :func:`read` gives, looked for in each record by itself."""
    scanned = scan(raw, WIDTH, True)
    bad, rows, places = list(scanned.bad), [], []
    starts = [0, *record_ends(scanned.body).tolist()]
    for number, (start, end) in enumerate(pairwise(starts)):
        record = scanned.body[start:end]
        place = number if scanned.places is None else int(scanned.places[number])
        fields = split_fields(record)
        if len(fields) != WIDTH:
            bad.append((place, "field_count", record))
            continue
        try:
            rows.append([fields[at].decode(encoding) for at in positions.values()])
            places.append(place)
        except UnicodeDecodeError:
            bad.append((place, "undecodable", record))
    return rows, places, sorted(bad)


@tried(300)
@given(
    lines=st.lists(st.lists(st.one_of(CELLS, ODD), min_size=WIDTH, max_size=WIDTH), max_size=12),
    encoding=ENCODINGS,
    positions=st.sampled_from(KNOWN),
    plain=st.sets(st.sampled_from("abc")),
    few_quotes=st.sampled_from([0, 2000]),
)
def test_a_block_is_what_its_records_are_one_by_one(lines, encoding, positions, plain, few_quotes):
    raw = blocks(lines, encoding)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_block, "_FEW_QUOTES", few_quotes)
        found = read(raw, encoding, positions, plain)
    assert found == record_by_record(raw, encoding, positions)


@pytest.mark.parametrize("few_quotes", [0, 2000])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_what_is_wrong_with_some_records_says_nothing_of_the_others(
    monkeypatch, encoding, few_quotes
):
    monkeypatch.setattr(csv_block, "_FEW_QUOTES", few_quotes)
    sound = [["王伟", f"99{place}", "4,310.00"] for place in range(200)]
    lines = [[first.encode(encoding), number.encode(), b'"4,310.00"'] for first, number, _ in sound]
    lines[7][2] += b",1"
    lines[50][0] = b"\xff\xff"
    lines[51][1] = b"\x81"
    lines[120][0] += b","
    lines[199][0] = b"\x81\x30"
    rows, places, bad = read(blocks(lines, encoding), encoding, KNOWN[0])
    assert [(place, reason) for place, reason, _ in bad] == [
        (7, "field_count"),
        (50, "undecodable"),
        (51, "undecodable"),
        (120, "field_count"),
        (199, "undecodable"),
    ]
    assert [raw for *_, raw in bad] == [b",".join(lines[place]) + b"\n" for place, *_ in bad]
    assert places == [place for place in range(200) if place not in (7, 50, 51, 120, 199)]
    assert rows == [sound[place] for place in places]


def test_what_repeats_is_told_apart_but_for_plain_columns():
    raw = blocks([["王伟", "02", "甲"], ["王伟", "02", "乙"]], "gb18030")
    header = HeaderMatch(WIDTH, KNOWN[0], ())
    block = read_block(scan(raw, WIDTH, True), header, "gb18030", {"c"})
    assert block.columns["a"].dictionary.to_pylist() == ["王伟"]
    assert block.columns["b"].indices.to_pylist() == [0, 0]
    assert block.columns["c"].type == pa.string()


def test_no_two_texts_in_gb18030_are_the_same_text():
    """So texts told apart as bytes are different texts."""
    two = [
        bytes((lead, trail))
        for lead in range(0x81, 0xFF)
        for trail in (*range(0x40, 0x7F), *range(0x80, 0xFF))
    ]
    digits, leads = range(0x30, 0x3A), range(0x81, 0xFF)
    four = (
        bytes((one, two, three, four))
        for one in (*range(0x81, 0x85), *range(0x90, 0xE4))
        for two in digits
        for three in leads
        for four in digits
    )
    points = set()
    texts = 0
    for raw in (*two, *four):
        try:
            points.add(raw.decode("gb18030"))
        except UnicodeDecodeError:
            continue
        texts += 1
    assert texts == len(points) > 1_000_000
    assert np.all([len(point) == 1 for point in points])
