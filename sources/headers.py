"""The delivered header line against the dictionary: what is there, absent, doubled, not known."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from sources.contract import Contract
from sources.verdict import DeliveryRefused, Reason

# Blanks, byte order marks, zero-width and control characters around a header say nothing.
_AROUND: Final = re.compile(
    r"^[\s\x00-\x1f\ufeff\u200b-\u200f\u2060]+|[\s\x00-\x1f\ufeff\u200b-\u200f\u2060]+$"
)
_TITLES: Final = 20  # lines above a header, as people put them there
_SHOWN: Final = 10  # unknown columns named beside absent ones
_REMARKED: Final = 30  # unknown columns named where nothing else is wrong
_NAMED: Final = 40  # characters shown of a name
_OTHER_DELIMITERS: Final = {
    "semicolon": ";", "tab": "\t", "bar": "|", "wide_comma": "，", "caret": "^", "control": "\x01",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class HeaderMatch:
    """Where each known column stands in a file; ``remarks`` name absent and unknown columns.

    ``width`` is the number of delivered columns, ``positions`` maps a known header to its 0-based
    place; an optional column that is absent is not in it.
    """

    width: int
    positions: dict[str, int]
    remarks: tuple[Reason, ...]


def match_headers(delivered: Sequence[str], contract: Contract, file_name: str) -> HeaderMatch:
    """Find the contract's columns among the delivered ones.

    Raises DeliveryRefused: ``header_twice`` for one given twice, ``column_absent`` for each
    required column that is not there. Of a line without one known header, which may be a person's
    row, nothing is quoted.
    """
    headers = [trim(header) for header in delivered]
    counted = Counter(headers)
    twice = sorted(header for header, times in counted.items() if header and times > 1)
    if twice and not counted.keys().isdisjoint(contract.headers):
        doubled = [Reason.of("header_twice", one[:_NAMED], file_name) for one in twice[:_SHOWN]]
        raise DeliveryRefused(*doubled)
    absent = [column for column in contract.columns if column.header not in headers]
    required = [column.header for column in absent if column.is_required]
    if required:
        lacking = [Reason.of("column_absent", name, file_name) for name in required]
        raise DeliveryRefused(*lacking, *_renamed(headers, contract))
    remarks = [Reason.of("column_left_out", column.header) for column in absent]
    remarks += _told(_unknown(headers, contract))
    return HeaderMatch(
        width=len(headers),
        positions={
            header: headers.index(header) for header in headers if header in contract.headers
        },
        remarks=tuple(remarks),
    )


def parse_header_line(line: str, contract: Contract, file_name: str) -> list[str]:
    """The headers of a comma-separated line.

    Raises DeliveryRefused: ``delimiter`` where another one separates the dictionary's headers,
    ``header_unreadable`` for quotes that do not pair, a NUL, or CR alone as line end.
    """
    line = line.rstrip("\r")
    if "\0" in line or "\r" in line:
        raise DeliveryRefused(Reason.of("header_unreadable", file_name))
    try:
        headers = next(csv.reader(io.StringIO(line, newline=""), strict=True), [])
    except csv.Error as error:
        raise DeliveryRefused(Reason.of("header_unreadable", file_name)) from error
    for name, delimiter in _OTHER_DELIMITERS.items():
        if known_among(line.split(delimiter), contract) > known_among(headers, contract):
            raise DeliveryRefused(Reason.of("delimiter", name, file_name))
    return headers


def trim(header: str) -> str:
    """The header without what surrounds it invisibly."""
    return _AROUND.sub("", header)


def _renamed(headers: Sequence[str], contract: Contract) -> list[Reason]:
    """What a column that is absent may be called now.

    Said only of a line that has some known header: a file without one begins with a person's data.
    """
    is_header = any(header in contract.headers for header in headers)
    return _unknown(headers, contract)[:_SHOWN] if is_header else []


def _unknown(headers: Sequence[str], contract: Contract) -> list[Reason]:
    """Delivered columns that the dictionary does not have."""
    known = {*contract.headers, ""}
    named = [Reason.of("column_unknown", name[:_NAMED]) for name in headers if name not in known]
    unnamed = sum(not name for name in headers)
    return [*named, Reason.of("column_unnamed", unnamed)] if unnamed else named


def _told(unknown: list[Reason]) -> list[Reason]:
    """Some by name, the others by their number: who sends thousands knows which."""
    others = len(unknown) - _REMARKED
    more = [Reason.of("columns_unknown_more", others)] if others > 0 else []
    return [*unknown[:_REMARKED], *more]


def header_below(
    first: Sequence[str], lines: Iterable[Sequence[str]], contract: Contract, file_name: str
) -> DeliveryRefused | None:
    """What to say of a file that begins with titles or notes; None where it does not.

    ``first`` has no known header, and one of the few ``lines`` below it is the header.
    """
    if known_among(first, contract):
        return None
    for number, line in enumerate(islice(lines, _TITLES), start=2):
        if 2 * known_among(line, contract) > len(contract.headers):
            return DeliveryRefused(Reason.of("header_not_first", file_name, number))
    return None


def known_among(headers: Sequence[str], contract: Contract) -> int:
    """How many of the dictionary's headers are among these."""
    return len({trim(header).strip('"') for header in headers} & set(contract.headers))
