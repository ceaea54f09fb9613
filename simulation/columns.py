"""Arrow tables with the departments' headers, typed as the data dictionary says."""

from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import yaml

from simulation.timeline import NEVER, Bools, Floats, Ints, days_of_months

_DICTIONARY: Final = Path(__file__).parents[1] / "sources" / "datasets.yaml"

_TYPES: Final = {
    "yuan": pa.decimal128(14, 2),
    "date": pa.date32(),
    "month": pa.date32(),
    "int": pa.int32(),
    "decimal": pa.float64(),
    "bool": pa.bool_(),
}


@cache
def dictionary() -> dict[str, Any]:
    """The data dictionary of the exchange, as agreed."""
    return dict(yaml.safe_load(_DICTIONARY.read_text(encoding="utf-8")))


@cache
def schema(dataset: str) -> pa.Schema:
    """The delivered columns of a dataset in the dictionary's order, then the hidden ones."""
    entry = dictionary()[dataset]
    fields = [
        pa.field(header, _TYPES.get(str(kind).rstrip("!").split(":")[0], pa.string()))
        for header, kind in entry["columns"].items()
    ]
    hidden = ["_person"] if "person" in entry else ["_person_1", "_person_2"]
    fields += [pa.field(name, pa.int64()) for name in hidden]
    return pa.schema([*fields, pa.field("_delivered", pa.date32())])


def table(dataset: str, columns: dict[str, Any]) -> pa.Table:
    """A table of ``dataset`` from its columns (every one of the schema must be there)."""
    wanted = schema(dataset)
    if set(columns) != set(wanted.names):
        odd = sorted(set(columns) ^ set(wanted.names))
        message = f"{dataset}: columns that should not differ: {odd}"
        raise ValueError(message)
    arrays = [_as(columns[field.name], field.type) for field in wanted]
    return pa.table(arrays, schema=wanted)


def _as(values: Any, kind: pa.DataType) -> pa.Array:
    if isinstance(values, pa.ChunkedArray):
        values = values.combine_chunks()
    if isinstance(values, pa.Array):
        return values if values.type == kind else values.cast(kind)
    return pa.array(values, type=kind)


def dates(days: Ints) -> pa.Array:
    """Day numbers as dates; NEVER is blank."""
    known = days < NEVER
    return pa.array(np.where(known, days, 0).astype(np.int32), mask=~known).view(pa.date32())


def months(numbers: Ints) -> pa.Array:
    """Month numbers as the first of the month; NEVER is blank."""
    return dates(days_of_months(numbers))


def cents(amounts: Ints, blank: Bools | None = None) -> pa.Array:
    """Whole cents as yuan with two decimals; exact, without passing through text or floats."""
    words = np.empty((len(amounts), 2), dtype=np.int64)
    words[:, 0] = amounts
    words[:, 1] = np.where(amounts < 0, -1, 0)
    mask = None
    if blank is not None:
        mask = pa.array(~blank).buffers()[1]
    return pa.Array.from_buffers(
        pa.decimal128(14, 2), len(amounts), [mask, pa.py_buffer(words.tobytes())]
    )


def yuan(amounts: Floats | Ints, blank: Bools | None = None) -> pa.Array:
    """Yuan rounded to the cent."""
    return cents(np.rint(np.asarray(amounts, dtype=np.float64) * 100).astype(np.int64), blank)


def coded(values: Any, codes: Ints) -> pa.Array:
    """The text at each place of a short list: ``values[codes]``; a negative code is blank."""
    texts = values if isinstance(values, pa.Array) else pa.array(values, type=pa.string())
    places = pa.array(np.maximum(codes, 0), mask=codes < 0)
    return texts.take(places)


def joined(*parts: Any) -> pa.Array:
    """The parts put together row by row; a part is an array of text or one text for all rows."""
    length = max(len(part) for part in parts if isinstance(part, pa.Array))
    arrays = [
        part if isinstance(part, pa.Array) else pa.scalar(str(part), pa.string()) for part in parts
    ]
    result = pc.binary_join_element_wise(*arrays, pa.scalar("", pa.string()))
    return result if isinstance(result, pa.Array) and len(result) == length else pa.array(result)


def digits(numbers: Ints, width: int) -> pa.Array:
    """Numbers as text of ``width`` digits, zeros in front."""
    return fixed_text(digit_bytes(numbers, width))


def digit_bytes(numbers: Ints, width: int) -> npt.NDArray[np.uint8]:
    """The ASCII digits of each number: shape (rows, width)."""
    powers = 10 ** np.arange(width - 1, -1, -1, dtype=np.int64)
    return (numbers[:, None] // powers % 10 + ord("0")).astype(np.uint8)


def fixed_text(letters: npt.NDArray[np.uint8]) -> pa.Array:
    """ASCII letters of shape (rows, width) as text."""
    rows, width = letters.shape
    offsets = np.arange(rows + 1, dtype=np.int32) * width
    return pa.StringArray.from_buffers(
        rows, pa.py_buffer(offsets.tobytes()), pa.py_buffer(np.ascontiguousarray(letters).tobytes())
    )
