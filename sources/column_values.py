"""The values of a part's texts, column by column: what every row that has the text then says.

A text that stands as it should is seen to be so by array. The others are read one by one where they
are few (the plain readings of ``domain``), and by the engine where they are many.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from domain import amounts, dates
from domain.characters import Reading, half_width, proper, strip_blanks, tidy
from domain.glyphs import WILDCARD
from domain.identity import IdStatus, read_identity_number
from domain.names import fold_name
from sources.column_sql import NUMBERS, REFERENCES, TYPED, WORDS, code_query, typed_query
from sources.contract import Column, Contract
from sources.identity_arrays import Form, forms, with_capital_x
from sources.name_folding import are_folded
from sources.raw_rows import Part
from store.engines.engine import Engine

Flags = npt.NDArray[np.bool_]

ONE_BY_ONE: Final = 500
"""Up to so many texts the plain readings take less time than the engine needs to plan a query."""

VALUE_TYPES: Final[Mapping[str, pa.DataType]] = {
    "date": pa.date32(), "month": pa.date32(), "yuan": pa.decimal128(14, 2),
    "decimal": pa.decimal128(14, 4), "int": pa.int32(), "bool": pa.bool_(),
}  # fmt: skip
_READERS: Final[Mapping[str, Callable[[str | None], Reading[Any]]]] = {
    "date": dates.read_date, "month": dates.read_month, "yuan": amounts.read_yuan,
    "decimal": amounts.read_decimal, "int": amounts.read_int, "bool": amounts.read_bool,
}  # fmt: skip
_PLAIN_REFERENCE: Final = "^[!-~\u4e00-\u9fff]+$"
_PLAIN_WORDS: Final = "^[!-~\u4e00-\u9fff（）·，、]+$"
_VISIBLE: Final = (ord("!"), ord("~"))
_USABLE: Final = (IdStatus.VALID.value, IdStatus.VALID_15.value)


@dataclass(frozen=True, slots=True)
class ColumnValues:
    """What a column's texts say, in the order of its codes; the last is for no text.

    ``texts`` are those delivered, null for a blank; ``values`` are typed. ``is_remarked`` marks
    what deserves a remark: an optional value that cannot be read, a number that is no match key, a
    name with unreadable characters. Names have ``folded``; numbers ``number_texts`` (of what is no
    valid one) and ``statuses``. ``is_as_written`` says that every value is its text.
    """

    texts: pa.Array
    values: pa.Array
    is_remarked: Flags
    folded: pa.Array | None = None
    number_texts: pa.Array | None = None
    statuses: pa.Array | None = None
    is_as_written: bool = False

    @property
    def compared(self) -> pa.Array:
        """What keys and contents are compared by: a number, or else its text; a name as folded."""
        if self.folded is not None:
            return self.folded
        if self.number_texts is not None:
            return pc.coalesce(self.values, self.number_texts)
        return self.values


def read_part(
    engine: Engine, contract: Contract, part: Part, business_date: date
) -> dict[str, ColumnValues]:
    """The values of every column of the contract, by our name."""
    reader = _Reader(engine, business_date)
    texts = {name: _without_blank(coded.texts) for name, coded in part.columns.items()}
    read = reader.typed(contract, texts)
    for column in contract.columns:
        given = texts[column.name]
        if column.kind == "name":
            read[column.name] = _names(given)
        elif column.kind == "id_no":
            read[column.name] = reader.numbers(given)
        elif column.kind == "text":
            read[column.name] = reader.words(given, is_reference(contract, column))
        elif column.kind == "code":
            read[column.name] = reader.codes(given, tuple(column.codes))
    return read


def is_reference(contract: Contract, column: Column) -> bool:
    """Whether a text is a number or mark of theirs, in which blanks mean nothing."""
    return column.header in contract.key or column.name.endswith(("_no", "_code"))


def _without_blank(texts: pa.Array) -> pa.Array:
    blank = pc.equal(pc.binary_length(texts), 0)
    return pc.if_else(blank, None, texts) if pc.any(blank).as_py() else texts


@dataclass(frozen=True, slots=True)
class _Reader:
    engine: Engine
    business_date: date

    def typed(self, contract: Contract, texts: Mapping[str, pa.Array]) -> dict[str, ColumnValues]:
        """Dates, months, amounts, numbers, yes and no; columns of a kind together."""
        read = {}
        for kind in TYPED:
            names = [column.name for column in contract.of_kind(kind)]
            if not names:
                continue
            given = pa.concat_arrays([texts[name] for name in names])
            if len(given) - given.null_count <= ONE_BY_ONE:
                readings = [_READERS[kind](text) for text in given.to_pylist()]
                values = pa.array([one.value for one in readings], VALUE_TYPES[kind])
                unread = np.array([one.is_unreadable for one in readings], bool)
            else:
                found = self._asked(given, typed_query(kind))
                values = found.column("v").combine_chunks().cast(VALUE_TYPES[kind])
                unread = found.column("u").to_numpy() == 1
            first = 0
            for name in names:
                some = slice(first, first + len(texts[name]))
                read[name] = ColumnValues(texts[name], values[some], unread[some])
                first = some.stop
        return read

    def codes(self, texts: pa.Array, codes: tuple[str, ...]) -> ColumnValues:
        """Codes of a list."""
        odd = _unlike(pc.is_in(texts, pa.array(codes, pa.string())), texts)
        if not odd.any():
            return ColumnValues(texts, texts, odd, is_as_written=True)
        rest = texts.filter(pa.array(odd))
        if len(rest) <= ONE_BY_ONE:
            folded = [half_width(strip_blanks(text)) for text in rest.to_pylist()]
            values = pa.array([one if one in codes else None for one in folded], pa.string())
            seen = [bool(strip_blanks(text)) for text in rest.to_pylist()]
            unread = np.array(seen, bool) & values.is_null().to_numpy(zero_copy_only=False)
        else:
            found = self._asked(rest, code_query(codes))
            values = found.column("v").combine_chunks()
            unread = found.column("u").to_numpy() == 1
        remarked = np.zeros(len(texts), dtype=bool)
        remarked[odd] = unread
        return ColumnValues(texts, _patched(texts, odd, values), remarked)

    def words(self, texts: pa.Array, is_mark: bool) -> ColumnValues:
        """Texts: a mark of theirs, or words."""
        nothing = np.zeros(len(texts), dtype=bool)
        if _is_visible_ascii(texts):
            return ColumnValues(texts, texts, nothing, is_as_written=True)
        pattern = _PLAIN_REFERENCE if is_mark else _PLAIN_WORDS
        odd = _unlike(pc.match_substring_regex(texts, pattern), texts)
        if not odd.any():
            return ColumnValues(texts, texts, nothing, is_as_written=True)
        rest = texts.filter(pa.array(odd))
        if len(rest) <= ONE_BY_ONE:
            tidied = (_reference(text) if is_mark else tidy(text) for text in rest.to_pylist())
            values = pa.array([text or None for text in tidied], pa.string())
        else:
            query = REFERENCES if is_mark else WORDS
            values = self._asked(rest, query).column("v").combine_chunks()
        return ColumnValues(texts, _patched(texts, odd, values), nothing)

    def numbers(self, texts: pa.Array) -> ColumnValues:
        """Identity numbers."""
        written = with_capital_x(texts)
        form = forms(written, self.business_date)
        odd, wrong = form == Form.OTHER, form == Form.CHECK_DIGIT
        rest = texts.filter(pa.array(odd))
        if len(rest) <= ONE_BY_ONE:
            read = [read_identity_number(text, self.business_date) for text in rest.to_pylist()]
            values = pa.array([one.number for one in read], pa.string())
            others = pa.array([one.text for one in read], pa.string())
            statuses = pa.array([one.status.value for one in read], pa.string())
        else:
            bound = {"business_date": self.business_date}
            found = self._asked(rest, NUMBERS, bound)
            values, others, statuses = (found.column(c).combine_chunks() for c in "vts")
        is_unusable = wrong.copy()
        usable = pc.is_in(statuses, pa.array(_USABLE))
        is_unusable[odd] = ~usable.to_numpy(zero_copy_only=False)
        status = pa.array([IdStatus.VALID.value, IdStatus.CHECK_DIGIT.value])
        return ColumnValues(
            texts,
            _patched(pc.if_else(pa.array(wrong), None, written), odd, values),
            is_unusable,
            number_texts=_patched(pc.if_else(pa.array(wrong), written, None), odd, others),
            statuses=_patched(status.take(pa.array(wrong.astype(np.int8))), odd, statuses),
        )

    def _asked(
        self, texts: pa.Array, query: str, bound: Mapping[str, object] | None = None
    ) -> pa.Table:
        """What the engine makes of texts, in their order."""
        given = pa.table({"place": np.arange(len(texts), dtype=np.int32), "r": texts})
        found = self.engine.arrow_over(given, query, bound)
        places = found.column("place").to_numpy()
        if (np.diff(places) == 1).all():
            return found
        order = np.empty_like(places)
        order[places] = np.arange(len(places), dtype=places.dtype)
        return found.take(pa.array(order))


def _names(texts: pa.Array) -> ColumnValues:
    """Names: the value is the name as delivered where anything can be seen of it."""
    odd = ~are_folded(texts)
    rest: Sequence[str | None] = texts.filter(pa.array(odd)).to_pylist()
    folded = [(fold_name(name) or None) if name is not None else None for name in rest]
    seen = [name if name is not None and strip_blanks(name) else None for name in rest]
    unreadable = np.zeros(len(texts), dtype=bool)
    unreadable[odd] = [name is not None and WILDCARD in name for name in folded]
    return ColumnValues(
        texts,
        _patched(texts, odd, pa.array(seen, pa.string())),
        unreadable,
        folded=_patched(texts, odd, pa.array(folded, pa.string())),
    )


def _reference(raw: str) -> str:
    return half_width(strip_blanks(proper(raw)))


def _unlike(is_plain: pa.Array, texts: pa.Array) -> Flags:
    """Texts that are not in the plain form; a null is no text."""
    plain = pc.fill_null(is_plain, False) if is_plain.null_count else is_plain
    odd = ~plain.to_numpy(zero_copy_only=False)
    return np.asarray(odd & texts.is_valid().to_numpy(zero_copy_only=False))


def _is_visible_ascii(texts: pa.Array) -> bool:
    """Whether no byte of any text is beyond those of visible ASCII characters."""
    data = texts.buffers()[2]
    if data is None:
        return True
    offsets = np.frombuffer(texts.buffers()[1], np.int32)[texts.offset :][: len(texts) + 1]
    letters = np.frombuffer(data, np.uint8)[offsets[0] : offsets[-1]]
    least, most = _VISIBLE
    return not len(letters) or bool(letters.min() >= least and letters.max() <= most)


def _patched(texts: pa.Array, odd: Flags, values: pa.Array) -> pa.Array:
    """The texts with others in some places."""
    return pc.replace_with_mask(texts, pa.array(odd), values) if odd.any() else texts
