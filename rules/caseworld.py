"""A small world from a case's given rows: persons, links and rows with harmless defaults."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from domain.errors import HeduiError
from domain.record_id import first_record_id
from rules.interface import DATASETS, Dataset

Row = dict[str, Any]
_TABLES: Final = {dataset.table: dataset for dataset in DATASETS}
_LISTS: Final = ("unchecked", "set_aside", "review_pair")
_MONTH_COLUMN: Final = {"payment": "paid_month", "contribution": "month"}
_MONTH_COLUMNS: Final = frozenset(
    {
        "benefit_start_month", "grace_end_month", "stop_month", "paid_month", "month",
        "start_month", "end_month",
    }
)  # fmt: skip
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK: Final = "10X98765432"
_DEFAULTS: Final[Mapping[str, Row]] = {
    "household": {
        "scheme": "11", "applicant_name": "测一", "township_code": "990102001", "household_size": 1,
        "beneficiary_count": 1, "monthly_amount_yuan": 500, "approved_date": date(2025, 1, 10),
        "benefit_start_month": date(2025, 2, 1), "benefit_status": "1",
    },
    "member": {
        "relation": "97", "member_kind": "1", "is_beneficiary": True, "is_in_school": False,
        "is_seriously_ill": False,
    },
    "application": {
        "scheme": "11", "applied_date": date(2026, 11, 1), "township_code": "990102001",
        "relation": "97", "member_kind": "1",
    },
    "payment": {"scheme": "11", "paid_yuan": 500},
    "temporary_assistance": {"township_code": "990102001", "hardship": "1", "aid_yuan": 1000},
    "cremation": {},
    "marriage": {"event": "IA"},
    "population": {
        "relation": "01", "residence_kind": "1", "division_code": "990102",
        "township_code": "990102001", "village_code": "990102001001", "person_status": "0",
        "ethnicity": "01", "sex": "1", "address": "示范区一街道一号",
    },
    "vehicle": {
        "plate_kind": "02", "vehicle_class": "K33", "vehicle_use": "A", "vehicle_status": "A",
        "first_registered_date": date(2020, 5, 1), "make": "示范牌",
    },
    "property": {
        "tenure": "0", "house_use": "11", "area_m2": 80, "address": "示范区二街道二号",
        "registered_date": date(2015, 6, 1), "title_status": "1",
    },
    "presale": {
        "house_use": "11", "area_m2": 90, "price_yuan": 600000, "contract_status": "1",
        "address": "示范区三街道三号",
    },
    "contribution": {
        "employer_no": "99000000TEST000001", "employer_name": "示范单位甲", "insurance": "110",
        "insured_as": "1", "base_yuan": 4310, "is_paid": True,
    },
    "pension": {"insurance": "110", "payment_status": "1"},
    "unemployment_benefit": {},
    "enrolment": {"insurance": "390", "enrolment_status": "1", "premium_aid": "0"},
    "settlement": {
        "is_takeback": False, "care_kind": "21", "fund_yuan": 0, "assistance_yuan": 0,
        "institution": "示范医院", "is_serious": False, "outside_list_yuan": 0,
    },
}  # fmt: skip


@dataclass(slots=True)
class Person:
    """A person named by a label in ``given``."""

    person_id: int
    label: str
    id_no: str | None
    name: str
    birth_date: date | None = None
    register_rows: list[Row] = field(default_factory=list)


@dataclass(slots=True)
class World:
    """The rows of a case's world by table; ``tables`` are all that must be emptied first."""

    as_of: date
    people: dict[str, Person] = field(default_factory=dict)
    rows: dict[str, list[Row]] = field(default_factory=dict)

    @property
    def tables(self) -> list[str]:
        """Every table a world may fill."""
        linked = (
            "person",
            "subject",
            "person_record",
            "subject_record",
            "review_pair",
            "unchecked",
        )
        return [
            *(f"clean.{dataset.table}" for dataset in DATASETS), "clean.set_aside",
            "clean.source_status", *(f"linked.{name}" for name in linked),
        ]  # fmt: skip

    def add(self, table: str, row: Row) -> None:
        """Append a row."""
        self.rows.setdefault(table, []).append(row)

    def person(self, label: str) -> Person:
        """The person of a label, made when first named; the number is valid and begins with 99."""
        if label not in self.people:
            number = len(self.people) + 1
            self.people[label] = Person(number, label, None, f"测{label}")
        return self.people[label]


def build_world(
    given: Mapping[str, Sequence[Mapping[str, Any]]], sources: Mapping[str, str], as_of: date
) -> World:
    """The world of a case; docs/reference/rule-format.md says what may be given and the defaults.

    Raises HeduiError for a table nobody knows.
    """
    unknown = sorted(set(given) - set(_TABLES) - set(_LISTS))
    if unknown:
        raise HeduiError("rules_case_table_unknown", table=unknown[0])
    world = World(as_of)
    for item in given.get("member", ()):
        _name_person(world, item)
    for dataset in DATASETS:
        for item in _expanded(dataset.table, given.get(dataset.table, ())):
            _add_row(world, dataset, item)
    _add_people(world)
    _add_subject_links(world)
    _add_lists(world, given)
    _add_sources(world, sources)
    return world


def _name_person(world: World, item: Mapping[str, Any]) -> None:
    label = str(item.get("person") or _own_label(item))
    person = world.person(label)
    person.birth_date = person.birth_date or item.get("birth_date", date(1980, 1, 1))
    person.name = item.get("name") or person.name


def _own_label(item: Mapping[str, Any]) -> str:
    return f"{item.get('case_no', '')}{item.get('seq', '')}"


def _expanded(table: str, items: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Rows with ``months: [2026-08, 2026-09]`` become one row a month."""
    rows: list[Row] = []
    for item in items:
        plain = {name: value for name, value in item.items() if name != "months"}
        for month in item.get("months", (None,)):
            rows.append(plain if month is None else {**plain, _MONTH_COLUMN[table]: month})
    return rows


def _add_row(world: World, dataset: Dataset, item: Row) -> None:
    table = f"clean.{dataset.table}"
    place = len(world.rows.get(table, ())) + 1
    record_id = first_record_id(DATASETS.index(dataset) + 1) + place
    labels = _labels(dataset, item)
    row = {**_DEFAULTS[dataset.table], **_own_defaults(world, dataset.table, item, place)}
    for role, label in labels.items():
        row |= _identity(world, dataset, role, label)
    row |= {
        name: _value(name, item[name]) for name in item if name not in _WORDS | set(dataset.roles)
    }
    row |= _raw_names(row)
    row |= {
        "record_id": record_id, "business_date": item.get("business_date", world.as_of),
        "file_name": "part-000.csv", "row_no": place, "remarks": item.get("remarks", []),
    }  # fmt: skip
    world.add(table, row)
    if dataset.table in ("member", "application"):
        _add_subject(world, dataset, row, labels, item)
        return
    for role, label in labels.items():
        _link(world, dataset, record_id, role, label, str(item.get("grade", "certain")))
        if dataset.table == "population":
            world.person(label).register_rows.append(row)


_WORDS: Final = frozenset({"person", "grade", "business_date", "remarks"})


def _labels(dataset: Dataset, item: Mapping[str, Any]) -> dict[str, str]:
    if dataset.table in ("member", "application"):
        return {"member": str(item.get("person") or _own_label(item))}
    labels = {role: str(item[role]) for role in dataset.roles if role in item}
    if "person" in item:
        labels[dataset.roles[0]] = str(item["person"])
    return labels


def _own_defaults(world: World, table: str, item: Mapping[str, Any], place: int) -> Row:
    if table == "member":
        mine = [r for r in world.rows.get("clean.member", ()) if r["case_no"] == item["case_no"]]
        relation = "97" if mine else "01"
        return {
            "seq": len(mine) + 1, "relation": relation, "authorised_date": date(2025, 1, 1),
        }  # fmt: skip
    numbers: Mapping[str, Row] = {
        "application": {"seq": 1},
        "payment": {"payment_no": f"F{place:04d}"},
        "temporary_assistance": {"aid_no": f"L{place:04d}", "approved_date": world.as_of},
        "cremation": {"cremation_no": f"H{place:04d}"},
        "marriage": {"registration_no": f"M{place:04d}"},
        "population": {"register_no": f"B{place:04d}", "household_no": f"HH{place:04d}"},
        "vehicle": {"plate": f"示A{place:05d}", "vin": f"TEST{place:013d}"},
        "property": {"unit_no": f"9901{place:024d}"},
        "presale": {"contract_no": f"W{place:04d}", "signed_date": world.as_of},
        "enrolment": {"psn_no": f"N{place:04d}"},
        "settlement": {"settlement_no": f"S{place:04d}", "settled_date": world.as_of},
    }
    return numbers.get(table, {})


def _identity(world: World, dataset: Dataset, role: str, label: str) -> Row:
    person = world.person(label)
    person.id_no = person.id_no or made_up_number(person)
    prefix = f"{role}_" if dataset.table in ("marriage", "household") else ""
    row: Row = {
        f"{prefix}name": person.name, f"{prefix}id_no": person.id_no,
        f"{prefix}id_no_raw": person.id_no, f"{prefix}id_no_status": "valid",
    }  # fmt: skip
    if dataset.table in ("member", "population", "enrolment"):
        row["birth_date"] = person.birth_date or date(1980, 1, 1)
    return row


def _raw_names(row: Mapping[str, Any]) -> Row:
    names = ("name", "applicant_name", "husband_name", "wife_name", "former_name")
    return {
        f"{name}_raw": row[name] for name in names if row.get(name) and f"{name}_raw" not in row
    }


def _value(name: str, value: object) -> object:
    """A month written ``2026-08`` is its first day."""
    if name in _MONTH_COLUMNS and isinstance(value, str):
        return date.fromisoformat(f"{value}-01")
    return value


def made_up_number(person: Person) -> str:
    """A valid identity number of nobody: division 990102, the person's birth date."""
    birth = (person.birth_date or date(1980, 1, 1)).strftime("%Y%m%d")
    body = f"990102{birth}{person.person_id:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True))
    return body + _CHECK[total % 11]


def _add_subject(
    world: World, dataset: Dataset, row: Row, labels: Mapping[str, str], item: Mapping[str, Any]
) -> None:
    is_case = dataset.table == "member"
    world.add(
        "linked.subject",
        {
            "subject_id": len(world.rows.get("linked.subject", ())) + 1,
            "kind": "case" if is_case else "application",
            "case_no": row["case_no"] if is_case else row["application_no"],
            "seq": row["seq"],
            "record_id": row["record_id"],
            "person_id": world.person(labels["member"]).person_id,
            "person_grade": str(item.get("grade", "certain")),
        },
    )


def _link(
    world: World, dataset: Dataset, record_id: int, role: str, label: str, grade: str
) -> None:
    is_certain = grade == "certain"
    world.add(
        "linked.person_record",
        {
            "record_id": record_id, "dataset": dataset.name, "role": role,
            "person_id": world.person(label).person_id, "grade": grade,
            "score": 99.0 if is_certain else 20.0,
            "why": "number_and_name" if is_certain else "name_and_birth_date",
        },
    )  # fmt: skip


def _add_people(world: World) -> None:
    subjects = world.rows.get("linked.subject", ())
    for person in world.people.values():
        present = _present_register_row(person)
        subject = next((s for s in subjects if s["person_id"] == person.person_id), None)
        key = f"{subject['case_no']}#{subject['seq']}" if subject else f"R{person.label}"
        world.add(
            "linked.person",
            {
                "person_id": person.person_id,
                "person_key": f"R{person.label}" if present else key,
                "id_no": person.id_no,
                "name": person.name,
                "sex": (present or {}).get("sex"),
                "birth_date": (present or {}).get("birth_date") or person.birth_date,
                "register_record_id": (present or {}).get("record_id"),
                **{
                    name: (present or {}).get(name)
                    for name in (
                        "household_no", "relation", "residence_kind", "township_code",
                        "person_status", "status_date",
                    )
                },
            },
        )  # fmt: skip


def _present_register_row(person: Person) -> Row | None:
    rows = sorted(
        person.register_rows,
        key=lambda row: (
            row["person_status"] != "0",
            -(row.get("status_date") or date.min).toordinal(),
            row["record_id"],
        ),
    )
    return rows[0] if rows else None


def _add_subject_links(world: World) -> None:
    for link in world.rows.get("linked.person_record", ()):
        for subject in world.rows.get("linked.subject", ()):
            if subject["person_id"] == link["person_id"]:
                grades = {link["grade"], subject["person_grade"]}
                world.add(
                    "linked.subject_record",
                    {
                        **{name: link[name] for name in link if name != "person_id"},
                        "subject_id": subject["subject_id"],
                        "grade": "certain" if grades == {"certain"} else "probable",
                    },
                )


def _add_lists(world: World, given: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    for item in given.get("unchecked", ()):
        person_id = world.person(str(item["person"])).person_id
        reason = item.get("reason", "required_unreadable")
        world.add(
            "linked.unchecked",
            {"dataset": item["dataset"], "person_id": person_id, "reason": reason},
        )
    for place, item in enumerate(given.get("set_aside", ()), 1):
        world.add(
            "clean.set_aside",
            {
                "record_id": 900_000 + place, "business_date": world.as_of, "row_no": place,
                "file_name": "part-000.csv", "reason": "required_unreadable", **item,
            },
        )  # fmt: skip
    for item in given.get("review_pair", ()):
        world.add("linked.review_pair", _review_pair(world, item))


def _review_pair(world: World, item: Mapping[str, Any]) -> Row:
    """``{dataset, row, person, why}``: the row of that table (1-based) and a subject's person."""
    number = next(p for p, dataset in enumerate(DATASETS, 1) if dataset.name == item["dataset"])
    person_id = world.person(str(item["person"])).person_id
    subjects = world.rows.get("linked.subject", ())
    return {
        "record_id": first_record_id(number) + int(item.get("row", 1)),
        "dataset": item["dataset"],
        "role": item.get("role", DATASETS[number - 1].roles[0]),
        "subject_id": next(s["subject_id"] for s in subjects if s["person_id"] == person_id),
        "score": 0.0,
        "why": item.get("why", "number_equal_name_differs"),
    }


def _add_sources(world: World, sources: Mapping[str, str]) -> None:
    for dataset in DATASETS:
        state = sources.get(dataset.name, "in_force")
        world.add(
            "clean.source_status",
            {
                "dataset": dataset.name, "state": state,
                "data_date": None if state == "missing" else world.as_of,
            },
        )  # fmt: skip
        if state != "in_force":
            world.rows[f"clean.{dataset.table}"] = []
            _drop_links(world, dataset.name)


def _drop_links(world: World, dataset: str) -> None:
    for table in ("linked.person_record", "linked.subject_record"):
        world.rows[table] = [row for row in world.rows.get(table, []) if row["dataset"] != dataset]
