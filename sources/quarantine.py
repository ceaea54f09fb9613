"""Rows set aside: whole, with file, row number, reason, and whom they may speak of."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from sources.cleaning_sql import (
    content_values,
    is_key_readable,
    key_struct,
    key_type,
    key_values,
    row_query,
)
from sources.column_values import Flags
from sources.contract import Contract, Person
from sources.conversions import quoted
from sources.delivered_rows import DeliveredRows, are_among, shared_hashes
from sources.identity_conversion import judged_query
from store.engines.engine import Engine
from store.engines.parquet_files import exactly

PERSON_FIELDS: Final = {
    "role": "varchar", "id_no": "varchar", "id_text": "varchar", "id_status": "varchar",
    "name": "varchar", "name_raw": "varchar", "former_name": "varchar", "sex": "varchar",
    "birth_date": "date", "township_code": "varchar", "address": "varchar",
}  # fmt: skip
"""What may be known of a person whom a set-aside row names."""

PERSON_TYPE: Final = f"struct({', '.join(f'{name} {of}' for name, of in PERSON_FIELDS.items())})"
COLUMNS: Final = {
    "dataset": "varchar",
    "record_id": "bigint",
    "business_date": "date",
    "file_name": "varchar",
    "row_no": "integer",
    "reason": "varchar",
    "header": "varchar",
    "raw_text": "varchar",
    "case_no": "varchar",
    "persons": f"{PERSON_TYPE}[]",
}
"""The columns of ``clean.set_aside``; the delivery's own file has ``key_fields`` besides."""

Outcome = Literal["kept", "repeat", "key_conflict"]
OUTCOMES: Final[tuple[Outcome, ...]] = ("kept", "repeat", "key_conflict")


@dataclass(frozen=True, slots=True)
class Duplicates:
    """Record ids, ascending, of rows whose key another row has as well.

    ``kept`` the first of exact repeats, ``repeat`` the others, ``key_conflict`` all rows of a key
    that do not say the same: nobody knows which is right. A row set aside for its own reason keeps
    that reason and is not among them, but conflicts with others of its key.
    """

    found: Mapping[str, npt.NDArray[np.int64]]

    def count(self, outcome: Outcome) -> int:
        """How many rows come to this."""
        return len(self.found.get(outcome, ()))

    def among(self, record_ids: npt.NDArray[np.int64], outcome: Outcome) -> Flags | None:
        """Which of these rows come to it; None where no row does."""
        few = self.found.get(outcome)
        if few is None or not len(few):
            return None
        places = np.minimum(np.searchsorted(few, record_ids), len(few) - 1)
        return np.asarray(few[places] == record_ids)


def find_duplicates(engine: Engine, contract: Contract, rows: DeliveredRows) -> Duplicates:
    """Rows whose key another row has as well, and what is to be done with them.

    Only rows whose key's hash is shared are compared value by value.
    """
    keys = [part.key_hashes(engine) for part in rows]
    shared = shared_hashes(keys)
    if not len(shared):
        return Duplicates({})
    shown = False
    for part, (hashes, is_keyed) in zip(rows, keys, strict=True):
        alike = part.value_rows(np.flatnonzero(are_among(hashes, shared) & is_keyed))
        if shown:
            engine.add_rows("cleaning.shared_row", alike)
        else:
            engine.load_table("cleaning.shared_row", alike)
        shown = True
    found = engine.arrow(f"select record_id, outcome from ({_duplicates(contract)})")  # noqa: S608
    outcomes = found.column("outcome").to_numpy()
    record_ids = found.column("record_id").to_numpy()
    return Duplicates({name: np.sort(record_ids[outcomes == name]) for name in OUTCOMES})


def _duplicates(contract: Contract) -> str:
    key = ", ".join(key_values(contract, "keyed"))
    content = ", ".join(content_values(contract, "keyed"))
    return f"""
with candidate as (
    select record_id, problem_reason is null as is_usable, row({key}) as key_values,
        row({content}) as content
    from ({row_query(contract, "cleaning.shared_row")}) as keyed
),
keyed as (
    select key_values, count(distinct content) as contents, bool_and(is_usable) as are_usable,
        min(record_id) as first_record_id
    from candidate group by key_values having count(*) > 1
)
select candidate.record_id,
    case when contents > 1 or not are_usable then 'key_conflict'
        when record_id = first_record_id then 'kept' else 'repeat' end as outcome
from candidate join keyed using (key_values)
where is_usable"""  # noqa: S608


def nothing_set_aside_query(contract: Contract) -> str:
    """What :func:`set_aside_query` gives where no row is set aside, at no cost."""
    columns = dict(COLUMNS)
    persons = columns.pop("persons")
    typed = columns | {"key_fields": key_type(contract), "persons": persons}
    nulls = ", ".join(f"cast(null as {of}) as {name}" for name, of in typed.items())
    return f"select {nulls} where false"


def set_aside_query(contract: Contract) -> str:
    """All rows of the delivery that are set aside, as :data:`COLUMNS`, and their ``key_fields``.

    Binds $dataset, $record_base, $business_date, $file_names. Reads ``cleaning.unusable_row`` and
    ``raw.bad_rows``, of which only valid identity numbers can be read.
    """
    case_no = "case_no" if _has_case(contract) else "cast(null as varchar)"
    persons = ", ".join(_person(person) for person in contract.persons)
    return f"""
with known as (
    select record_id, business_date, file_name, row_no,
        coalesce(problem_reason, 'key_conflict') as reason,
        case when problem_reason is null then {quoted(contract.key[0])} else problem_header end
            as header,
        raw_text,
        {case_no} as case_no,
        case when {is_key_readable(contract, "unusable")} then {key_struct(contract, "unusable")}
            end as key_fields,
        cast([{persons}] as {PERSON_TYPE}[]) as persons
    from ({row_query(contract, "cleaning.unusable_row")}) as unusable
),
number_read as ({_numbers_in_bad_rows(contract)}),
bad as (
    select $record_base | (cast(file_no as bigint) << 31) | row_no as record_id,
        cast($business_date as date) as business_date,
        $file_names[file_no + 1] as file_name, row_no, reason, cast(null as varchar) as header,
        raw_text, cast(null as varchar) as case_no,
        null as key_fields,
        coalesce(persons, cast([] as {PERSON_TYPE}[])) as persons
    from raw.bad_rows left join number_read using (file_no, row_no)
)
select $dataset as dataset, * from (
    select * from known union all by name select * from bad
) order by record_id"""  # noqa: S608


def _has_case(contract: Contract) -> bool:
    return any(column.name == "case_no" for column in contract.columns)


def person_values(person: Person) -> dict[str, str | None]:
    """For each of :data:`PERSON_FIELDS` the SQL that reads it; None for what rows do not say."""
    return {
        "role": quoted(person.role),
        "id_no": person.id_no,
        "id_text": f"{person.id_no}_text",
        "id_status": f"{person.id_no}_status",
        "name": person.name,
        "name_raw": f"{person.name}_raw",
        "former_name": person.former_name,
        "sex": person.sex,
        "birth_date": person.birth_date,
        "township_code": person.township_code,
        "address": person.address,
    }


def _person(person: Person) -> str:
    """What can be read of a person, as the struct of :data:`PERSON_TYPE`."""
    values = person_values(person)
    pairs = ", ".join(f"'{name}': {value or 'null'}" for name, value in values.items())
    return "{" + pairs + "}"


def _numbers_in_bad_rows(contract: Contract) -> str:
    """The valid identity numbers in rows that could not be parsed, a list of persons a row."""
    role = quoted(contract.persons[0].role if contract.persons else "unknown")
    person = {
        "role": role, "id_no": "v", "id_text": "null", "id_status": "s", "name": "null",
        "name_raw": "null", "former_name": "null", "sex": "null", "birth_date": "null",
        "township_code": "null", "address": "null",
    }  # fmt: skip
    pairs = ", ".join(f"'{name}': {value}" for name, value in person.items())
    return f"""
    with found as (
        select distinct file_no, row_no,
            unnest(regexp_extract_all(raw_text, '\\b(?:[0-9]{{17}}[0-9Xx]|[0-9]{{15}})\\b')) as r
        from raw.bad_rows
    ),
    {judged_query("found", "cast($business_date as date)")}
    select file_no, row_no,
        list(cast({{{pairs}}} as {PERSON_TYPE}) order by v) as persons
    from numbered where v is not null group by file_no, row_no"""  # noqa: S608


class SetAsideMost(NamedTuple):
    """Rows of one file set aside for one reason: how many, in which column, where the first is."""

    rows: int
    reason: str
    header: str
    file_name: str
    row_no: int


def set_aside_most(engine: Engine, file: Path, limit: int = 3) -> list[SetAsideMost]:
    """The reasons (and columns, blank where it is the row as a whole) with the most rows."""
    found = engine.rows(
        "select count(*) as n, reason, coalesce(header, '') as header,"
        " arg_min(file_name, record_id), min(record_id) & 2147483647"
        " from read_parquet($file, hive_partitioning = false)"
        " group by reason, header order by n desc, reason, header limit $most",
        {"file": exactly(file), "most": limit},
    )
    return [SetAsideMost(*row) for row in found]


def count_by_reason(engine: Engine, file: Path) -> dict[str, int]:
    """Rows set aside by reason, most first."""
    rows = engine.rows(
        "select reason, count(*) as n from read_parquet($file, hive_partitioning = false)"
        " group by reason order by n desc, reason",
        {"file": exactly(file)},
    )
    return {str(reason): int(n) for reason, n in rows}
