"""Why a record is linked to somebody, or not: read from a snapshot, a row a person in question."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from domain.errors import HeduiError
from domain.names import names_agree
from domain.wording import joined
from store.engines.engine import Engine

COMPARISONS: Final = (
    "name", "number", "birth", "sex", "township", "address", "case", "kin", "unit", "death", "age",
    "slot", "standing",
)  # fmt: skip
_FOLDER: Final = Path(__file__).parent / "sql" / "why"


@dataclass(frozen=True, slots=True)
class RecordPlace:
    """Where a record stands: dataset, file, row (from 1), and the business date where given."""

    dataset: str
    file: str
    row: int
    business_date: date | None = None

    @classmethod
    def parse(cls, text: str) -> "RecordPlace":
        """``DATASET/FILE/ROW`` or ``DATASET/DATE/FILE/ROW``; HeduiError ``why_place`` otherwise."""
        parts = text.split("/")
        try:
            day = date.fromisoformat(parts[1]) if len(parts) == 4 else None
            if len(parts) not in (3, 4):
                raise ValueError(text)
            return cls(parts[0], parts[-2], int(parts[-1]), day)
        except ValueError:
            raise HeduiError("why_place", place=text) from None


@dataclass(frozen=True, slots=True)
class Considered:
    """A person who was linked to the record or weighed against it.

    ``code`` is the reason for :func:`matchers.explain.explain`; ``weights`` are bits by comparison,
    empty where none was needed (equal numbers); ``posterior`` is None there. ``subjects`` are the
    people on assistance that person is, as ``case#seq``.
    """

    person_id: int
    name: str
    id_no: str | None
    subjects: tuple[str, ...]
    grade: str | None
    code: str
    score: float | None
    posterior: float | None
    weights: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class NamedPerson:
    """A person as a record names him or her."""

    record_id: int
    role: str
    is_set_aside: bool
    id_no: str | None
    id_status: str
    name: str | None
    name_raw: str | None


def named_persons(engine: Engine, place: RecordPlace, table: str) -> list[NamedPerson]:
    """The persons the record at ``place`` names; ``table`` is the dataset's, as ``clean`` has it.

    Raises HeduiError ``why_no_record`` where there is none, ``why_several_dates`` where file and
    row are of several deliveries.
    """
    rows = engine.rows(
        f"""
        select distinct place.business_date, mention.record_id, mention.role, mention.is_set_aside,
            mention.id_no, mention.id_status, mention.name, mention.name_raw
        from (
            select record_id, business_date, file_name, row_no from clean.{table}
            union all
            select record_id, business_date, file_name, row_no from clean.set_aside
            where dataset = $dataset
        ) as place
        join clean.mention_{table} as mention on mention.record_id = place.record_id
        where place.file_name = $file and place.row_no = $row
            and coalesce(place.business_date = $business_date, true)
        order by place.business_date, mention.role
        """,  # noqa: S608 - a table of the dictionary
        {
            "dataset": place.dataset,
            "file": place.file,
            "row": place.row,
            "business_date": place.business_date,
        },
    )
    dates = sorted({row[0] for row in rows})
    if not rows:
        raise HeduiError("why_no_record", dataset=place.dataset, file=place.file, row=place.row)
    if len(dates) > 1:
        raise HeduiError("why_several_dates", dates=joined(dates))
    return [NamedPerson(*row[1:]) for row in rows]


def considered(engine: Engine, named: NamedPerson) -> list[Considered]:
    """Everybody linked to the record or weighed against it, the likeliest first."""
    rows = engine.rows(_query("considered"), {"record_id": named.record_id, "role": named.role})
    return [_considered(row) for row in rows]


def against_subject(engine: Engine, named: NamedPerson, subject: str) -> tuple[str, dict[str, Any]]:
    """Why the record is not tied to ``case#seq`` (or is): a code of ``links.whynot``, its values.

    Raises HeduiError ``why_no_subject`` where the snapshot has no such subject.
    """
    rows = engine.rows(_query("subject"), {"subject": subject})
    if not rows:
        raise HeduiError("why_no_subject", subject=subject)
    person_id, id_no, name, own_name, former_name = rows[0]
    found = {one.person_id: one for one in considered(engine, named)}
    known = found.get(person_id)
    if known and known.grade:
        return "linked", {"code": known.code}
    if named.is_set_aside:
        return "set_aside", {}
    if named.id_no and id_no and named.id_no != id_no:
        return "numbers_differ", {}
    if known:
        return "not_sure", {"code": known.code, "posterior": known.posterior}
    kinds = [names_agree(named.name, other) for other in (name, own_name, former_name)]
    agrees = any(kind.agrees for kind in kinds)
    if named.id_no and named.id_no == id_no:
        return ("several_bear", {}) if agrees else ("names_differ", {})
    if not agrees and not any(kind.is_likeness for kind in kinds):
        return "names_differ", {}
    return ("others_likelier" if found else "not_compared"), {}


def _considered(row: tuple[Any, ...]) -> Considered:
    person_id, name, id_no, subjects, grade, code, score, posterior, *bits = row
    weights = {
        name: float(weight)
        for name, weight in zip(COMPARISONS, bits, strict=True)
        if weight is not None and abs(weight) >= 0.005
    }
    return Considered(
        person_id,
        name or "",
        id_no,
        tuple(subjects or ()),
        grade,
        code or "",
        score,
        posterior,
        weights,
    )


@cache
def _query(name: str) -> str:
    return (_FOLDER / f"{name}.sql").read_text(encoding="utf-8")
