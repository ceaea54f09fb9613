"""Which lines of a block of delimited text are whole, well-formed records, found without parsing.

Works on bytes as delivered: in UTF-8 and in GB18030 no comma, quote or line break is ever part of a
longer character. RFC 4180: a field is quoted as a whole or not at all, a quote inside is doubled, a
quoted field may hold line breaks. A quote anywhere else spoils its own line and no other.
"""

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

RECORD_LIMIT: Final = 1 << 20  # bytes of one record
LINES_LIMIT: Final = 1000  # lines of one record
NEWLINE, RETURN, QUOTE, COMMA = 10, 13, 34, 44
_FIELD: Final = rb'(?:"(?:[^"]++|"")*+"|[^",\n]*+)'
_RECORD: Final = re.compile(rb"(?:%b,)*+%b(?:\r?\n|\Z)" % (_FIELD, _FIELD))
_FIELDS: Final = re.compile(rb'(?:\A|,)("(?:[^"]++|"")*+"|[^",\n]*+)')
_UNCLOSED: Final = re.compile(rb'(?:%b,)*+"(?:[^"]++|"")*+\Z' % _FIELD)

Positions = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
_NOWHERE: Final[Positions] = np.empty(0, np.int64)


@dataclass(slots=True)
class ScannedBlock:
    """What a block of whole lines holds.

    ``body`` is records only, well-formed as far as quotes go (the number of fields is not looked
    at). ``places`` is each record's 0-based place among the block's records, the bad ones counted;
    None when nothing is bad, so that they run 0, 1, 2 … ``bad`` are the others as (place, reason,
    bytes). ``carry`` begins a record that the block's end cuts. ``ends`` are where records end, as
    :func:`record_ends` has them, if they have been looked for.
    """

    body: bytes
    places: Positions | None = None
    bad: list[tuple[int, str, bytes]] = field(default_factory=list)
    carry: bytes = b""
    ends: Positions | None = None


def scan(block: bytes, expected: int, is_last: bool) -> ScannedBlock:
    """Tell a block's good records from its bad ones; ``expected`` is the header's field count.

    The block ends with a line break, unless ``is_last``. Blank lines are no records. Reasons:
    ``nul``, ``quote``, ``too_long``, and ``cut_off`` for an unclosed quote that runs to the file's
    end from its last line.
    """
    ends = _line_ends(block)
    ends_lines_only = _returns_end_lines_only(block, ends)
    if ends_lines_only and _is_plain(block, ends):
        return ScannedBlock(block, ends=ends)
    return _LineScan(block, ends, ends_lines_only, expected, is_last).result()


def split_fields(record: bytes) -> list[bytes]:
    """The fields of a well-formed record, unquoted; its line end does not belong to it."""
    return [
        found[1:-1].replace(b'""', b'"') if found[:1] == b'"' else found
        for found in _FIELDS.findall(without_line_end(record))
    ]


def without_line_end(line: bytes) -> bytes:
    """The line without its one LF or CRLF."""
    return line[:-2] if line.endswith(b"\r\n") else line.removesuffix(b"\n")


def record_ends(body: bytes) -> Positions:
    """Where each record of a well-formed body ends (exclusive), line end included."""
    ends = _line_ends(body)
    if b'"' in body:
        quotes = np.flatnonzero(np.frombuffer(body, np.uint8) == QUOTE)
        is_inside = np.searchsorted(quotes, ends) % 2 == 1
        is_inside[-1:] = False
        ends = ends[~is_inside]
    return ends


def _line_ends(block: bytes) -> Positions:
    """Where each line ends (exclusive), line end included; the last may have none."""
    ends = np.flatnonzero(np.frombuffer(block, np.uint8) == NEWLINE) + 1
    if len(block) and (not len(ends) or ends[-1] != len(block)):
        ends = np.append(ends, len(block))
    return ends


def _returns_end_lines_only(block: bytes, ends: Positions) -> bool:
    """Whether every CR stands before a LF."""
    if b"\r" not in block:
        return True
    data = np.frombuffer(block, np.uint8)
    whole = ends[(ends > 1) & (data[ends - 1] == NEWLINE)]
    return bool(np.count_nonzero(data == RETURN) == np.count_nonzero(data[whole - 2] == RETURN))


def _is_plain(block: bytes, ends: Positions) -> bool:
    """Whether every line is one record: no NUL, blank line, line beyond the limit.

    And no quote but those around whole fields; that no CR stands alone is known.
    """
    if not block:
        return True
    lengths = np.diff(ends, prepend=0)
    if lengths.min() < 2 or lengths.max() > RECORD_LIMIT or b"\0" in block:
        return False
    data = np.frombuffer(block, np.uint8)
    if b"\r" in block and (data[ends[lengths == 2] - 2] == RETURN).any():
        return False
    return b'"' not in block or _are_whole_fields_quoted(data, ends)


def _are_whole_fields_quoted(data: npt.NDArray[np.uint8], ends: Positions) -> bool:
    """Whether quotes open and close fields in turn, within their lines; none is doubled."""
    quotes = np.flatnonzero(data == QUOTE)
    if len(quotes) % 2 or quotes[-1] == len(data) - 1:
        return False
    before, after = data[quotes[::2] - 1], data[quotes[1::2] + 1]
    opens = (before == COMMA) | (before == NEWLINE)
    opens[0] |= quotes[0] == 0
    closes = (after == COMMA) | (after == NEWLINE) | (after == RETURN)
    return bool(opens.all() and closes.all() and not (np.searchsorted(quotes, ends) % 2).any())


class _LineScan:
    """One block, line by line where it must be: all that is regular is found by array."""

    def __init__(
        self, block: bytes, ends: Positions, ends_lines_only: bool, expected: int, is_last: bool
    ) -> None:
        self.block = block
        self.ends = ends
        self.has_lone_returns = not ends_lines_only
        self.expected = expected
        self.is_last = is_last
        self.data = np.frombuffer(block, np.uint8)
        self.starts: Positions = np.concatenate(([0], self.ends[:-1]))
        self.lengths = self._content_lengths()
        self.is_record: Flags = self.lengths > 0
        self.is_good: Flags = self.is_record.copy()
        self.reasons: dict[int, str] = {}
        self.spans: dict[int, int] = {}  # first line of a bad record to the line after its last
        self.rewritten: dict[int, bytes] = {}
        self.carry_from = len(self.starts)

    def result(self) -> ScannedBlock:
        """The block with its odd lines judged in order."""
        line = 0
        for odd in self._odd_lines():
            if line <= odd < self.carry_from:
                line = self._judge(int(odd))
        return self._assemble()

    def _content_lengths(self) -> Positions:
        lengths = self.ends - self.starts
        has_newline = self.data[self.ends - 1] == NEWLINE if len(self.ends) else np.empty(0, bool)
        before = np.maximum(self.ends - 2, 0)
        has_return = has_newline & (lengths > 1) & (self.data[before] == RETURN)
        return np.asarray(lengths - has_newline - has_return)

    def _odd_lines(self) -> Positions:
        """Lines with a NUL, a lone CR, a quote out of place, or too long; ascending."""
        nul = np.flatnonzero(self.data == 0) if b"\0" in self.block else _NOWHERE
        lone = self._lone_returns() if self.has_lone_returns else _NOWHERE
        long = np.flatnonzero(self.ends - self.starts > RECORD_LIMIT)
        odd = np.concatenate((self._line_of(nul), self._line_of(lone), self._misquoted(), long))
        return np.unique(odd.astype(np.int64))

    def _lone_returns(self) -> Positions:
        returns = np.flatnonzero(self.data == RETURN)
        following = self.data[np.minimum(returns + 1, len(self.data) - 1)]
        return np.asarray(returns[(following != NEWLINE) | (returns == len(self.data) - 1)])

    def _line_of(self, positions: Positions) -> Positions:
        return np.searchsorted(self.ends, positions, side="right")

    def _misquoted(self) -> Positions:
        """Lines on which quotes are not all opening, doubled or closing, or do not pair up."""
        if b'"' not in self.block:
            return _NOWHERE
        quotes = np.flatnonzero(self.data == QUOTE)
        line = self._line_of(quotes)
        place = np.arange(len(quotes)) - np.searchsorted(line, line, side="left")
        before = self.data[np.maximum(quotes - 1, 0)]
        after = self.data[np.minimum(quotes + 1, len(self.data) - 1)]
        content_end = self.starts[line] + self.lengths[line]
        opens = (
            (quotes == self.starts[line]) | (before == COMMA) | ((before == QUOTE) & (place > 0))
        )
        closes = (quotes + 1 == content_end) | (after == COMMA) | (after == QUOTE)
        is_fine = np.where(place % 2 == 0, opens, closes)
        unpaired = np.bincount(line, minlength=len(self.starts)) % 2 == 1
        return np.union1d(line[~is_fine], np.flatnonzero(unpaired))

    def _judge(self, line: int) -> int:
        """Decide on the record that begins at an odd line; the line after it."""
        start = int(self.starts[line])
        if self.ends[line] - start > RECORD_LIMIT:
            return self._set_aside(line, line + 1, "too_long")
        limit = min(start + RECORD_LIMIT, len(self.block))
        last = min(line + LINES_LIMIT, len(self.starts)) - 1
        limit = min(limit, int(self.ends[last]))
        found = _RECORD.match(self.block, start, limit)
        if found is None or (found.end() == limit and not self._ends_line(limit)):
            return self._unmatched(line, start, limit)
        after = int(np.searchsorted(self.ends, found.end())) + 1
        if after > line + 1 and not self._is_one_record(line, after, found.group()):
            return self._set_aside(line, line + 1, "quote")
        if b"\0" in found.group():
            return self._set_aside(line, after, "nul")
        self._keep(line, after, found.group())
        return after

    def _ends_line(self, position: int) -> bool:
        return position == len(self.block) or self.block[position - 1] == NEWLINE

    def _unmatched(self, line: int, start: int, limit: int) -> int:
        """An odd line that begins no record as far as can be seen: wait for more, or set aside."""
        reaches_end = limit == len(self.block) and _UNCLOSED.match(self.block, start, limit)
        others = range(line + 1, len(self.starts))
        if reaches_end and not any(self._is_whole(other) for other in others):
            if not self.is_last:
                self.carry_from = line
                return len(self.starts)
            if not others:
                return self._set_aside(line, line + 1, "cut_off")
        has_nul = b"\0" in self.block[start : int(self.ends[line])]
        return self._set_aside(line, line + 1, "nul" if has_nul else "quote")

    def _is_one_record(self, line: int, after: int, record: bytes) -> bool:
        """Whether lines joined by an open quote are one record, not a stray quote's victims.

        They must have the expected number of fields together, and none of the later ones alone.
        """
        if len(split_fields(record)) != self.expected:
            return False
        return not any(self._is_whole(other) for other in range(line + 1, after))

    def _is_whole(self, line: int) -> bool:
        start, end = int(self.starts[line]), int(self.ends[line])
        if self.expected < 3 or self.block.count(b",", start, end) < self.expected - 1:
            return False
        found = _RECORD.fullmatch(self.block, start, end)
        return found is not None and len(split_fields(found.group())) == self.expected

    def _set_aside(self, line: int, after: int, reason: str) -> int:
        self.is_record[line + 1 : after] = False
        self.is_good[line:after] = False
        self.reasons[line] = reason
        self.spans[line] = after
        return after

    def _keep(self, line: int, after: int, record: bytes) -> None:
        """A record over several lines, or with a lone CR, which only quotes keep from ending it."""
        self.is_record[line + 1 : after] = False
        self.is_good[line:after] = True
        if b"\r" in record.replace(b"\r\n", b""):
            fields = (b'"' + cell.replace(b'"', b'""') + b'"' for cell in split_fields(record))
            self.rewritten[line] = b",".join(fields) + b"\n"
            self.is_good[line + 1 : after] = False

    def _assemble(self) -> ScannedBlock:
        self.is_record[self.carry_from :] = self.is_good[self.carry_from :] = False
        place = np.cumsum(self.is_record) - 1
        bad = [
            (int(place[line]), reason, self._bytes(line, self.spans[line]))
            for line, reason in self.reasons.items()
        ]
        carry = self.block[int(self.starts[self.carry_from]) :] if self._is_carrying() else b""
        good_records = np.flatnonzero(self.is_good & self.is_record)
        body, ends = self._body(), None
        if body is self.block:
            ends = np.append(self.starts[good_records[1:]], len(body))
        return ScannedBlock(body, place[good_records], bad, carry, ends)

    def _is_carrying(self) -> bool:
        return self.carry_from < len(self.starts)

    def _bytes(self, line: int, after: int) -> bytes:
        return self.block[int(self.starts[line]) : int(self.ends[after - 1])]

    def _body(self) -> bytes:
        """The good lines, neighbours in one piece, rewritten records in their place."""
        if self.is_good.all() and not self.rewritten:
            return self.block
        breaks = np.flatnonzero(np.diff(self.is_good.astype(np.int8), prepend=0, append=0))
        cuts = {int(line) for line in breaks} | {
            edge for line in self.rewritten for edge in (line, line + 1)
        }
        edges = sorted(cuts)
        pieces: list[bytes] = []
        for first, after in pairwise(edges):
            if first in self.rewritten:
                pieces.append(self.rewritten[first])
            elif self.is_good[first]:
                pieces.append(self._bytes(first, after))
        return b"".join(pieces)
