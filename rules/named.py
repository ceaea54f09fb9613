"""Whom records name: what must be known of the people in a finding's sentences."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from domain.record_id import dataset_number, first_record_id
from rules.interface import DATASETS
from rules.judging_sql import judging_query
from store.engines.engine import Engine

_PREFIXED: Final = frozenset({"civil_affairs.households"})


@dataclass(frozen=True, slots=True)
class Named:
    """A person as a record names him or her. Full values.

    ``id_no`` is the record's own number where it is valid, ``known_id_no`` another one which the
    person has by the linking; ``place``, where there is neither, that by which the person is known:
    in a case (``case#seq``), in the population register (its person_key), else in the record itself
    (``DATASET/DATE/FILE/ROW#role``).
    """

    role: str
    name: str | None
    id_no: str | None = None
    known_id_no: str | None = None
    place: str | None = None

    def as_evidence(self) -> dict[str, Any]:
        """The same as evidence holds it: without what is not known."""
        given = {
            "role": self.role,
            "name": self.name,
            "id_no": self.id_no,
            "known_id_no": self.known_id_no,
            "place": self.place,
        }
        return {name: value for name, value in given.items() if value is not None}


def named_in(
    engine: Engine, record_ids: Collection[int], *, table: str | None = None
) -> dict[int, list[Named]]:
    """Whom each of these records names, in every role: of a marriage both.

    Reads ``clean`` and ``linked``. A record that ``clean`` does not have is left out. ``table``
    holds the same ids as ``record_id``, where they stand in one: an engine that keeps plans keeps
    those of tables, not of lists.
    """
    if not record_ids:
        return {}
    numbers = sorted({dataset_number(record_id) for record_id in record_ids})
    wanted = f"{table} as wanted(id)" if table else "unnest($records) as wanted(id)"
    mentions = "\n    union all\n    ".join(
        _mention_query(number, role, prefix, wanted)
        for number in numbers
        for role, prefix in _roles(number)
    )
    found: dict[int, list[Named]] = {}
    query = judging_query("record_named").replace("{mentions}", mentions)
    asked = None if table else {"records": sorted(set(record_ids))}
    for record_id, *named in engine.rows(query, asked):
        found.setdefault(record_id, []).append(Named(*named))
    return found


def _roles(number: int) -> list[tuple[str, str]]:
    """Roles with the prefix of their columns."""
    dataset = DATASETS[number - 1]
    is_prefixed = len(dataset.roles) > 1 or dataset.name in _PREFIXED
    return [(role, f"{role}_" if is_prefixed else "") for role in dataset.roles]


def _mention_query(number: int, role: str, prefix: str, wanted: str) -> str:
    first, end = first_record_id(number), first_record_id(number + 1)
    dataset = DATASETS[number - 1]
    written = "cast(business_date as varchar) || '/' || file_name || '/' || cast(row_no as varchar)"
    place = f"'{dataset.name}/' || {written} || '#{role}'"
    return (
        f"select record_id, '{role}' as role, {prefix}name_raw as name_raw,"  # noqa: S608
        f" {prefix}id_no as id_no, {place} as place from clean.{dataset.table}"
        f" where record_id in (select id from {wanted} where id >= {first} and id < {end})"
    )
