"""People typed in are who the night says they are, damaged numbers and all.

The members of a simulated district's cases are put as applications, most of them with a damaged
number or none; a night links them, and then each household is typed in as it stands.
"""

import random
import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from domain.errors import HeduiError
from domain.identity import read_identity_number
from matchers.link import link
from pipelines.typed_people import TypedHousehold, TypedPerson, identify
from rules.household import TypedPeople
from store.engines.duckdb import DuckDBEngine
from tests.conftest import AS_OF, District

ON = date.fromisoformat(AS_OF)
MEMBERS = """
    select
        member.record_id, member.business_date, member.file_name, member.row_no, member.remarks,
        'SQ' || member.case_no as application_no, household.scheme, household.township_code,
        member.seq, member.name, member.name_raw, member.id_no, member.id_no_raw, member.relation,
        member.member_kind, member.declared_income_yuan, member.authorised_date
    from clean.member as member
    join clean.household as household using (case_no)
    order by member.case_no, member.seq
"""
NIGHT = """
    select
        application.*, subject.person_id, subject.person_grade, person.register_record_id,
        person.id_no as person_number, weighed.why
    from clean.application as application
    join linked.subject as subject on subject.record_id = application.record_id
    join linked.person as person on person.person_id = subject.person_id
    left join linked.weighed_pair as weighed
        on weighed.record_id = application.record_id and weighed.person_id = subject.person_id
        and weighed.dataset = 'civil_affairs.applications'
    order by application.application_no, application.seq
"""
NOBODY = ("none", None)
HOUSEHOLDS = 90  # enough for every kind of damage


@dataclass(frozen=True)
class Both:
    """Somebody as the night has them and as typed in: (grade, register person or own number)."""

    night: tuple[str, object]
    typed: tuple[str, object]
    night_why: str
    typed_why: str
    status: str


@pytest.fixture(scope="module")
def snapshot(district: District, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The district's snapshot, linked anew with its cases' members as applications."""
    file = tmp_path_factory.mktemp("typed") / "night.duckdb"
    shutil.copy(next((district.workspace / "snapshots").glob("*.duckdb")), file)
    with DuckDBEngine(file) as engine:
        for schema in ("linked", "judged", "checking"):
            engine.run(f"drop schema {schema} cascade")
        schema = engine.arrow("select * from clean.application limit 0").schema
        drawn = random.Random(3)
        rows = [_put(row, drawn) for row in engine.records(MEMBERS)[1]]
        engine.load_table("clean.application", pa.Table.from_pylist(rows, schema))
        link(engine, as_of=ON)
    return file


def _put(row: dict, drawn: random.Random) -> dict:
    written = _damaged(row["id_no"], drawn) if row["id_no"] else row["id_no_raw"]
    number = read_identity_number(written, ON)
    return {
        **row,
        "record_id": row["record_id"] + (1 << 57),  # of the next dataset, the applications
        "id_no": number.number,
        "id_no_raw": written or None,
        "id_no_text": number.text,
        "id_no_status": number.status.value,
    }


def _damaged(number: str, drawn: random.Random) -> str:
    """The slips of the agreement and worse; every other number is left as it is."""
    kind, at = drawn.randrange(10), drawn.randrange(6, 16)
    other = str((int(number[at]) + drawn.randrange(1, 9)) % 10)
    return {
        0: number[:10] + number[11] + number[10] + number[12:],
        1: number[:at] + other + number[at + 1 :],
        2: number[:at] + number[at + 1 :],
        3: "",
        4: number[:at] + other + number[at + 1 : -1] + str(drawn.randrange(10)),
    }.get(kind, number)


@pytest.fixture(scope="module")
def everybody(snapshot: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Both]:
    spill = tmp_path_factory.mktemp("spill")
    with DuckDBEngine(snapshot, read_only=True) as engine:
        night = engine.records(NIGHT)[1]
    households: dict[str, list[dict]] = {}
    for row in night:
        households.setdefault(row["application_no"], []).append(row)
    found = []
    for rows in list(households.values())[:HOUSEHOLDS]:
        typed = identify(snapshot, _typed(rows), as_of=ON, spill_to=spill)
        subjects = typed.subjects.to_pylist()
        found += [_both(row, subject, typed) for row, subject in zip(rows, subjects, strict=True)]
    return found


def _typed(rows: list[dict]) -> TypedHousehold:
    people = tuple(
        TypedPerson(
            row["name_raw"] or "", row["id_no_raw"] or "", row["relation"], row["member_kind"],
            row["declared_income_yuan"], row["authorised_date"],
        )
        for row in rows
    )  # fmt: skip
    return TypedHousehold(rows[0]["township_code"], rows[0]["scheme"], people)


def _both(row: dict, subject: dict, typed: TypedPeople) -> Both:
    own = {one["person_id"]: one["id_no"] for one in typed.persons.to_pylist()}
    night = (
        (row["person_grade"], row["person_id"])
        if row["register_record_id"] is not None
        else (row["person_grade"], row["person_number"])
    )
    if row["register_record_id"] is None and row["person_number"] is None:
        night = NOBODY  # a person alone, of whom no register can say anything by number
    person_id = subject["person_id"]
    found = own.get(person_id, person_id)
    return Both(
        night, (subject["person_grade"], found), row["why"] or "",
        subject["why"], row["id_no_status"],
    )  # fmt: skip


def test_who_is_typed_in_is_who_the_night_found_or_nobody(everybody):
    differing = [one for one in everybody if one.typed != one.night]
    assert {one.typed for one in differing} <= {NOBODY}
    assert len(everybody) > 100


def test_where_they_differ_the_night_went_by_name_and_township_alone(everybody):
    differing = [one for one in everybody if one.typed != one.night]
    assert differing
    for one in differing:
        comparisons = dict(part.split(":") for part in one.night_why.split())
        signs = (comparisons.get("number"), comparisons.get("birth"), comparisons.get("kin"))
        assert not {"repaired", "same"} & set(signs), one.night_why
        assert one.status != "valid"


def test_damaged_numbers_are_repaired_and_households_speak_for_who_has_none(everybody):
    probable = [one for one in everybody if one.typed[0] == "probable"]
    assert sum("number:repaired" in one.typed_why for one in probable) > 20
    assert (
        sum("kin:same" in one.typed_why and "number:" not in one.typed_why for one in probable) > 2
    )
    assert all("name:" in one.typed_why or one.typed_why == "register:none" for one in probable)


def test_a_namesake_of_nobody_certain_is_not_looked_for(snapshot, tmp_path):
    with DuckDBEngine(snapshot, read_only=True) as engine:
        name = engine.rows(
            "select name from linked.person where register_record_id is not null"
            " group by name having count(*) = 1 order by name limit 1"
        )[0][0]
    alone = TypedHousehold("990102001", "11", (TypedPerson(name, "", "01"),))
    found = identify(snapshot, alone, as_of=ON, spill_to=tmp_path)
    assert found.subjects.to_pylist()[0]["person_grade"] == "none"
    assert found.subjects.to_pylist()[0]["person_id"] is None


def test_a_snapshot_that_kept_too_little_is_refused_with_the_remedy(snapshot, tmp_path):
    file = tmp_path / "older.duckdb"
    shutil.copy(snapshot, file)
    with DuckDBEngine(file) as engine:
        engine.run("drop table linked.subject_learned")
    household = TypedHousehold("990102001", "11", (TypedPerson("王伟", "", "01"),))
    with pytest.raises(HeduiError) as error:
        identify(file, household, as_of=ON, spill_to=tmp_path)
    assert error.value.key == "snapshot_older"
