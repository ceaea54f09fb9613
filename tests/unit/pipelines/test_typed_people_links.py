"""What ties a record to somebody typed in whom no register of people knows."""

import pytest

from matchers.explain import explain
from matchers.identify import NIGHT
from pipelines.typed_people import _links_by_number, _roles
from rules.interface import DATASETS
from store.engines.duckdb import DuckDBEngine

NUMBER = "990102198003070015"
PERSON = {"person_id": 7, "id_no": NUMBER, "name": "张建国"}


@pytest.fixture
def engine():
    """A night in which nobody has any record yet."""
    with DuckDBEngine() as engine:
        engine.run(f"attach ':memory:' as {NIGHT}")
        engine.run(f"create schema {NIGHT}.clean")
        for dataset in DATASETS:
            columns = [
                f"{prefix}{column} varchar"
                for _, prefix in _roles(dataset.name, dataset.roles)
                for column in ("name", "id_no")
            ]
            table = f"{NIGHT}.clean.{dataset.table}"
            engine.run(f"create table {table} (record_id bigint, {', '.join(columns)})")
        yield engine


@pytest.mark.parametrize(
    ("written", "agreement"), [("张建国", "same"), ("张健国", "homophone"), ("张?国", "wildcard")]
)
def test_it_says_how_the_names_agree(engine, written, agreement):
    engine.run(f"insert into {NIGHT}.clean.vehicle values (1, '{written}', '{NUMBER}')")
    (link,) = _links_by_number(engine, PERSON)
    assert (link["record_id"], link["person_id"], link["grade"]) == (1, 7, "certain")
    assert link["why"] == f"number:equal name:{agreement}"
    assert explain(link["why"], "zh")


def test_another_name_or_another_number_ties_nothing(engine):
    engine.run(f"insert into {NIGHT}.clean.vehicle values (1, '李娜', '{NUMBER}')")
    engine.run(f"insert into {NIGHT}.clean.vehicle values (2, '张建国', '990102198003070023')")
    assert _links_by_number(engine, PERSON) == []


def test_both_people_of_a_marriage_are_looked_for(engine):
    roles = next(one.roles for one in DATASETS if one.table == "marriage")
    prefixes = [prefix for _, prefix in _roles("civil_affairs.marriages", roles)]
    for record_id, prefix in enumerate(prefixes, 1):
        engine.run(
            f"insert into {NIGHT}.clean.marriage (record_id, {prefix}name, {prefix}id_no)"
            f" values ({record_id}, '张建国', '{NUMBER}')"
        )
    found = {(link["record_id"], link["role"]) for link in _links_by_number(engine, PERSON)}
    assert found == set(enumerate(roles, 1))
    assert len(found) == 2
