import csv
import io

import pytest
from delivering import csv_bytes, rows_of
from fuzzing import tried
from hypothesis import given
from hypothesis import strategies as st

from sources import csv_reader
from sources.contract import load_dictionary
from sources.csv_reader import CsvFile
from sources.verdict import DeliveryRefused, Reason

PAYMENTS = load_dictionary()["civil_affairs.payments"]
CREMATIONS = load_dictionary()["civil_affairs.cremations"]
HEADERS = PAYMENTS.headers
WIDTH = len(HEADERS)


@pytest.fixture
def small_blocks(monkeypatch):
    """Blocks of 64 bytes, so that every record meets an edge somewhere."""
    monkeypatch.setattr(csv_reader, "BLOCK", 64)


def read(tmp_path, raw, encoding="utf-8", contract=PAYMENTS):
    """The rows (row_no, values in the contract's order) and the bad rows of a file."""
    path = tmp_path / "part.csv"
    path.write_bytes(raw)
    rows, bad = [], []
    for batch in CsvFile(path, "part.csv", encoding, contract).batches():
        columns = batch.rows.to_pydict()
        rows += zip(*columns.values(), strict=True)
        bad += batch.bad
    return [(row[0], list(row[1:])) for row in rows], bad


def good(i):
    """One row of plain values."""
    return [f"v{i}_{at}" for at in range(WIDTH)]


def text_of(*rows, line_end="\r\n"):
    header = ",".join(HEADERS)
    return line_end.join(
        [header, *(row if isinstance(row, str) else ",".join(row) for row in rows)]
    )


def faults(bad):
    return [(row.row_no, row.reason) for row in bad]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("line_end", ["\r\n", "\n"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_plain_rows_come_out_as_they_went_in(tmp_path, encoding, line_end, bom):
    if bom and encoding == "gb18030":
        return
    rows = rows_of(PAYMENTS, 50)
    found, bad = read(tmp_path, bom + csv_bytes(HEADERS, rows, encoding, line_end), encoding)
    assert bad == []
    assert found == [(n, list(row.values())) for n, row in enumerate(rows, start=1)]


def test_columns_are_found_by_header_in_any_order_and_others_left(tmp_path):
    headers = ["多余", *reversed(HEADERS), "备注"]
    rows = [{**row, "多余": "x", "备注": "y"} for row in rows_of(PAYMENTS, 3)]
    found, _ = read(tmp_path, csv_bytes(headers, rows))
    assert [values for _, values in found] == [[row[h] for h in HEADERS] for row in rows]


def test_headers_are_trimmed_of_what_nobody_sees(tmp_path):
    headers = [f" \u200b{header}\u3000" for header in HEADERS]
    raw = (",".join(headers) + "\n" + ",".join(good(1)) + "\n").encode()
    assert read(tmp_path, raw) == ([(1, good(1))], [])


def test_quoted_fields_may_hold_commas_quotes_and_line_breaks(tmp_path, small_blocks):
    odd = ["a,b", 'say ""no""', "one\r\ntwo\n\nthree", "", "", "x", "y"]
    line = ",".join(f'"{cell}"' for cell in odd)
    found, bad = read(tmp_path, text_of(good(1), line, good(3), "").encode())
    assert bad == []
    assert found[1] == (2, ["a,b", 'say "no"', "one\r\ntwo\n\nthree", "", "", "x", "y"])
    assert [row for row, _ in found] == [1, 2, 3]


@pytest.mark.parametrize("stray", ['v"', '"v', '"v" w', 'v"w"', '"', '"""', '""v'])
def test_a_quote_out_of_place_spoils_its_own_row_and_no_other(tmp_path, stray):
    row = [*good(2)]
    row[3] = stray
    found, bad = read(tmp_path, text_of(good(1), row, good(3), good(4), "").encode())
    assert faults(bad) == [(2, "quote")]
    assert bad[0].raw_text == ",".join(row)
    assert found == [(n, good(n)) for n in (1, 3, 4)]


def test_two_stray_quotes_do_not_make_one_row_of_what_lies_between(tmp_path, small_blocks):
    first, last = good(1), good(9)
    first[-1] = '"open'
    last[-1] = 'shut"'
    rows = [first, *(good(n) for n in range(2, 9)), last]
    found, bad = read(tmp_path, text_of(*rows, "").encode())
    assert faults(bad) == [(1, "quote"), (9, "quote")]
    assert [row for row, _ in found] == list(range(2, 9))


def test_an_open_quote_far_from_the_end_does_not_swallow_the_file(tmp_path, small_blocks):
    row = good(1)
    row[2] = '"never shut'
    found, bad = read(tmp_path, text_of(row, *(good(n) for n in range(2, 60)), "").encode())
    assert faults(bad) == [(1, "quote")]
    assert len(found) == 58


@pytest.mark.parametrize("count", [1, WIDTH - 1, WIDTH + 1, WIDTH + 5])
def test_too_many_or_too_few_fields_set_the_row_aside(tmp_path, count):
    row = ",".join(f"x{at}" for at in range(count))
    found, bad = read(tmp_path, text_of(good(1), row, good(3), "").encode())
    assert faults(bad) == [(2, "field_count")]
    assert [number for number, _ in found] == [1, 3]


@pytest.mark.parametrize("end", ["", "\n"])
def test_a_last_row_that_ends_too_early_is_cut_off(tmp_path, end):
    found, bad = read(tmp_path, (text_of(good(1), "v2_0,v2_1,v2") + end).encode())
    assert faults(bad) == [(2, "cut_off")]
    assert len(found) == 1


def test_a_last_row_cut_inside_a_character_or_a_quote_is_cut_off(tmp_path):
    whole = text_of(good(1), ",".join([*good(2)[:-1], "示范"])).encode()
    assert faults(read(tmp_path, whole[:-1])[1]) == [(2, "cut_off")]
    quoted = text_of(good(1), ",".join([*good(2)[:-1], '"示范'])).encode()
    assert faults(read(tmp_path, quoted)[1]) == [(2, "cut_off")]


def test_a_last_row_without_a_line_end_is_whole(tmp_path):
    assert read(tmp_path, text_of(good(1), good(2)).encode())[1] == []


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_row_whose_bytes_do_not_decode_is_set_aside_alone(tmp_path, encoding):
    rows = [",".join([*good(n)[:-1], "示范区街道"]) for n in range(1, 40)]
    lines = text_of(*rows, "").encode(encoding).split(b"\r\n")
    lines[20] = lines[20].replace("范".encode(encoding), b"\xff\xff")
    found, bad = read(tmp_path, b"\r\n".join(lines), encoding)
    assert faults(bad) == [(20, "undecodable")]
    assert "\\xff\\xff" in bad[0].raw_text
    assert len(found) == 38
    assert found[0][1][-1] == "示范区街道"


def test_a_nul_sets_its_row_aside(tmp_path):
    row = [*good(2)[:-1], "v\0w"]
    found, bad = read(tmp_path, text_of(good(1), row, good(3), "").encode())
    assert faults(bad) == [(2, "nul")]
    assert "v\\x00w" in bad[0].raw_text
    assert [number for number, _ in found] == [1, 3]


def test_a_record_beyond_the_limit_is_set_aside_and_the_next_are_read(tmp_path):
    for size in (1 << 20, 9 << 20):
        row = [*good(2)[:-1], "x" * size]
        found, bad = read(tmp_path, text_of(good(1), row, good(3), "").encode())
        assert faults(bad) == [(2, "too_long")]
        assert len(bad[0].raw_text) < 20_000
        assert [number for number, _ in found] == [1, 3]


def test_a_lone_carriage_return_is_part_of_its_field(tmp_path):
    row = [*good(2)[:-1], "v\rw"]
    found, bad = read(tmp_path, text_of(good(1), row, good(3), "").encode())
    assert bad == []
    assert found[1] == (2, row)
    assert found[2] == (3, good(3))


def test_blank_lines_are_no_records(tmp_path):
    raw = text_of(good(1), "", good(2), "", "", "", line_end="\n").encode()
    assert [number for number, _ in read(tmp_path, raw)[0]] == [1, 2]
    assert read(tmp_path, text_of("").encode()) == ([], [])
    assert read(tmp_path, text_of().encode()) == ([], [])


def test_a_row_of_blanks_is_a_record(tmp_path):
    assert read(tmp_path, text_of("," * (WIDTH - 1), "").encode())[0] == [(1, [""] * WIDTH)]


@pytest.mark.parametrize("above", [b"\r\n\n", b"\xef\xbb\xbf\r\n  \r\n"])
def test_blank_lines_above_the_header_are_none(tmp_path, above):
    assert read(tmp_path, above + text_of(good(1)).encode())[0] == [(1, good(1))]


def test_a_delimiter_and_a_title_are_told_in_the_readers_language():
    assert Reason.of("delimiter", "wide_comma", "a.csv").says().count("全角逗号") == 1
    assert "第 3 行" in Reason.of("header_not_first", "a.csv", 3).says()


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "header_absent"),
        (b"\n\n", "header_absent"),
        (("x" * (2 << 20)).encode(), "header_too_long"),
        ("殡葬火化登记表（2026年11月）\n".encode() + text_of(good(1)).encode(), "header_not_first"),
        (b"sep=,\r\n" + text_of(good(1)).encode(), "header_not_first"),
        (text_of(good(1)).replace("\r\n", "\r").encode(), "header_unreadable"),
        (text_of(good(1)).replace("发放月份", '"发放月份').encode(), "header_unreadable"),
        (text_of(good(1)).replace("发放月份", "发放\0月份").encode(), "header_unreadable"),
        (text_of(good(1)).replace("发放月份", "发放金额").encode(), "header_twice"),
        (text_of(good(1)).replace("发放月份", "月份").encode(), "column_absent"),
        (",".join(good(1)).encode(), "column_absent"),
        (text_of(good(1)).replace(",", ";").encode(), "delimiter"),
        (text_of(good(1)).replace(",", "\t").encode(), "delimiter"),
        (text_of(good(1)).replace(",", "|").encode(), "delimiter"),
        (text_of(good(1)).replace(",", "，").encode(), "delimiter"),
        (text_of(good(1)).replace(",", "\x01").encode(), "delimiter"),
        (text_of(good(1)).encode("gb18030"), "encoding"),
        (text_of(good(1)).encode("utf-16"), "encoding"),
    ],
)
def test_a_file_whose_header_cannot_be_used_is_refused(tmp_path, raw, reason):
    with pytest.raises(DeliveryRefused) as refused:
        read(tmp_path, raw)
    assert {found.code for found in refused.value.reasons} - {"column_unknown"} == {reason}


def test_an_optional_column_may_be_absent_and_is_said(tmp_path):
    headers = [header for header in CREMATIONS.headers if header != "死亡日期"]
    path = tmp_path / "part.csv"
    headers.append("经办人")
    path.write_bytes(csv_bytes(headers, [dict.fromkeys(headers, "1")]))
    file = CsvFile(path, "part.csv", "utf-8", CREMATIONS)
    assert {str(reason) for reason in file.header.remarks} == {
        "column_left_out:死亡日期", "column_unknown:经办人"
    }  # fmt: skip
    (batch,) = file.batches()
    assert batch.rows["死亡日期"].to_pylist() == [None]


@pytest.mark.parametrize(("declared", "real"), [("gb18030", "utf-8"), ("utf-8", "gb18030")])
def test_an_encoding_that_is_not_the_declared_one_is_refused(tmp_path, declared, real):
    vehicles = load_dictionary()["public_security.vehicles"]  # headers that say nothing of it
    raw = csv_bytes(vehicles.headers, rows_of(vehicles, 30), real)
    with pytest.raises(DeliveryRefused) as refused:
        read(tmp_path, raw, declared, vehicles)
    assert [str(reason) for reason in refused.value.reasons] == [f"encoding:part.csv:{declared}"]


CELLS = st.text(st.sampled_from('ab,"\r\n 王𠮷·'), max_size=6)


@tried(100)
@given(
    table=st.lists(st.lists(CELLS, min_size=WIDTH, max_size=WIDTH), max_size=12),
    # A writer that ends lines with LF leaves a CR unquoted, which then reads as part of a CRLF.
    style=st.sampled_from(
        [(csv.QUOTE_MINIMAL, "\r\n"), (csv.QUOTE_ALL, "\r\n"), (csv.QUOTE_ALL, "\n")]
    ),
    encoding=st.sampled_from(["utf-8", "gb18030"]),
    block=st.integers(16, 300),
)
def test_whatever_a_csv_writer_writes_is_read_back(tmp_path_factory, table, style, encoding, block):
    quoting, line_end = style
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=quoting, lineterminator=line_end)
    writer.writerows([HEADERS, *table])
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(csv_reader, "BLOCK", block)
        path = tmp_path_factory.mktemp("csv")
        found, bad = read(path, text.getvalue().encode(encoding), encoding)
    assert bad == []
    assert found == [(n, row) for n, row in enumerate(table, start=1)]


DIRT = st.sampled_from([b'"', b",", b"\0", b"\xff", b"\r", b'"",'])


@tried(100)
@given(
    noise=st.lists(
        st.tuples(st.integers(1, 28), st.integers(0, 40), DIRT),
        max_size=6,
    ),
    block=st.integers(16, 900),
)  # fmt: skip
def test_noise_spoils_only_the_rows_it_is_in_and_every_row_is_counted(
    tmp_path_factory, noise, block
):
    lines = text_of(*(good(n) for n in range(1, 30)), "").encode().split(b"\r\n")
    for at, place, dirt in noise:
        lines[at] = lines[at][:place] + dirt + lines[at][place:]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(csv_reader, "BLOCK", block)
        found, bad = read(tmp_path_factory.mktemp("csv"), b"\r\n".join(lines))
    touched = {at for at, _, _ in noise}
    rows = dict(found)
    numbers = sorted([*rows, *(row.row_no for row in bad)])
    if not any(b'"' in dirt for _, _, dirt in noise):
        assert numbers == list(range(1, 30))
    assert len(set(numbers)) == len(numbers)
    values = list(rows.values())
    assert all(good(n) in values for n in range(1, 30) if n not in touched)


def test_a_renamed_column_is_said_by_both_its_names_and_a_data_row_by_none(tmp_path):
    with pytest.raises(DeliveryRefused) as renamed:
        read(tmp_path, text_of(good(1)).replace("发放月份", "所属月份").encode())
    assert [str(found) for found in renamed.value.reasons] == [
        "column_absent:发放月份:part.csv",
        "column_unknown:所属月份",
    ]
    with pytest.raises(DeliveryRefused) as headless:
        read(tmp_path, ",".join(good(1)).encode())
    assert {found.code for found in headless.value.reasons} == {"column_absent"}


def test_a_row_in_the_place_of_the_header_is_quoted_in_no_reason(tmp_path):
    row = good(1)
    row[1] = row[0]  # the same value twice, which a header may not have
    with pytest.raises(DeliveryRefused) as headless:
        read(tmp_path, ",".join(row).encode())
    assert {found.code for found in headless.value.reasons} == {"column_absent"}
    assert not any(row[0] in str(found) for found in headless.value.reasons)


def test_of_many_unknown_columns_some_are_named_and_the_others_counted(tmp_path):
    headers = [*CREMATIONS.headers, *(f"x{n}" for n in range(3000))]
    path = tmp_path / "part.csv"
    path.write_bytes(csv_bytes(headers, [dict.fromkeys(headers, "1")]))
    remarks = CsvFile(path, "part.csv", "utf-8", CREMATIONS).header.remarks
    assert [str(reason) for reason in remarks[:1]] == ["column_unknown:x0"]
    assert [str(reason) for reason in remarks[30:]] == ["columns_unknown_more:2970"]
