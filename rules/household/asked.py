"""Of which households it is asked, and who was typed in."""

from dataclasses import dataclass, field
from typing import Final

import pyarrow as pa

CASE: Final = "case"
APPLICATION: Final = "application"
PERSONS: Final = "persons"
TYPED_MEMBER: Final = pa.schema(
    [
        ("record_id", pa.int64()), ("business_date", pa.date32()), ("file_name", pa.string()),
        ("row_no", pa.int32()), ("remarks", pa.list_(pa.string())), ("case_no", pa.string()),
        ("scheme", pa.string()), ("township_code", pa.string()), ("seq", pa.int32()),
        ("name", pa.string()), ("name_raw", pa.string()), ("id_no", pa.string()),
        ("id_no_raw", pa.string()), ("id_no_text", pa.string()), ("id_no_status", pa.string()),
        ("relation", pa.string()), ("member_kind", pa.string()),
        ("declared_income_yuan", pa.decimal128(14, 2)), ("authorised_date", pa.date32()),
    ]
)  # fmt: skip
TYPED_SUBJECT: Final = pa.schema(
    [
        ("subject_id", pa.int64()), ("case_no", pa.string()), ("seq", pa.int32()),
        ("record_id", pa.int64()), ("person_id", pa.int64()), ("person_grade", pa.string()),
        ("why", pa.string()),
    ]
)  # fmt: skip
TYPED_PERSON: Final = pa.schema(
    [
        ("person_id", pa.int64()), ("person_key", pa.string()), ("id_no", pa.string()),
        ("name", pa.string()), ("birth_date", pa.date32()),
    ]
)  # fmt: skip
TYPED_LINK: Final = pa.schema(
    [
        ("record_id", pa.int64()), ("dataset", pa.string()), ("role", pa.string()),
        ("person_id", pa.int64()), ("grade", pa.string()), ("score", pa.float64()),
        ("why", pa.string()),
    ]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Household:
    """A household asked for: a case, an application, or people typed in under a made-up number."""

    case_no: str
    kind: str


@dataclass(frozen=True, slots=True)
class TypedPeople:
    """People typed in: their rows, and who of the register they are (as the linking has it).

    ``persons`` and ``links``: those of them whom no register of people knows, and their records.
    """

    members: pa.Table = field(default_factory=TYPED_MEMBER.empty_table)
    subjects: pa.Table = field(default_factory=TYPED_SUBJECT.empty_table)
    persons: pa.Table = field(default_factory=TYPED_PERSON.empty_table)
    links: pa.Table = field(default_factory=TYPED_LINK.empty_table)
