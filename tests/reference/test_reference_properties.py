"""What must hold of all rules in every world: order, sources, standards and rows set aside."""

import random
from collections.abc import Iterable
from copy import deepcopy
from datetime import timedelta
from decimal import Decimal

import pytest
from differential import DOCUMENTS, catalogue, load_policies, made_night
from world_registers import CHECKED
from worlds import shuffled

from rules.interface import DATASETS

WORLDS = 120
SEED = 20
TABLES = {dataset.name: dataset.table for dataset in DATASETS}
UNLISTED = {"medical_hardship_unlisted", "monitored_unlisted", "benefit_ended", "child_not_covered"}
# A death that is not known leaves people living: the agreement names no register of deaths as a
# source of the rules that pass over the dead. `survivors_unassessed` may then see survivors.
KNOWS_DEATHS = {"civil_affairs.cremations", "public_security.population"}
# A bill or a contribution long after a death keeps it from being certain.
KNOWS_LIFE = {"medical_insurance.settlements", "human_resources.contributions"}


@pytest.fixture(scope="module")
def night():
    return made_night(SEED, WORLDS, away=0)


@pytest.fixture(scope="module")
def judged(bench, policies, night):
    return bench.judge(night[0], policies, night[1])


def without(tables, dataset):
    """The tables on a night when a dataset did not come."""
    tables = deepcopy(tables)
    tables[f"clean.{TABLES[dataset]}"] = []
    for name in ("person_record", "subject_record", "unchecked"):
        rows = tables.get(f"linked.{name}", [])
        tables[f"linked.{name}"] = [row for row in rows if row["dataset"] != dataset]
    for row in tables["clean.source_status"]:
        if row["dataset"] == dataset:
            row["state"] = "missing"
    if dataset == "public_security.population":
        for person in tables["linked.person"]:
            for column in ("register_record_id", "household_no", "residence_kind"):
                person[column] = None
    if dataset == "civil_affairs.members":
        tables["linked.subject"] = []
    return tables


def rules_that_read(dataset: str) -> set[str]:
    return {rule.id for rule in catalogue() if dataset in rule.sources}


def rules_of(keys: Iterable[tuple[str, object]], wanted: set[str]) -> set[tuple[str, object]]:
    return {(rule, key) for rule, key in keys if rule in wanted}


def test_the_order_of_rows_never_matters(bench, policies, night, judged):
    hashes = "select finding_id, evidence_hash from judged.finding order by all"
    bench.judge(night[0], policies, night[1])
    before = bench.engine.rows(hashes)
    mixed = shuffled(night[0], random.Random(3))
    assert bench.judge(mixed, policies, night[1]) == judged
    assert bench.engine.rows(hashes) == before


@pytest.mark.parametrize(
    "dataset", [d.name for d in DATASETS if d.name != "civil_affairs.households"]
)
def test_a_source_that_is_missing_never_finds_closes_or_clears(
    bench, policies, night, judged, dataset
):
    findings, answers = bench.judge(without(night[0], dataset), policies, night[1])
    reading = rules_that_read(dataset)
    kept, before = rules_of(findings, reading), rules_of(judged[0], reading)
    may_open = {"survivors_unassessed"} if dataset in KNOWS_DEATHS else set()
    if dataset in KNOWS_LIFE:
        # Nothing then speaks against a death any more, which leaves the count of heads.
        may_open |= {"income_over_line"}
    assert {one for one in kept - before if one[0] not in may_open} == set()
    said = {answer for (_, rule), answer in answers.items() if rule in reading}
    assert said <= {"found", "not_checked"}
    if dataset not in {*KNOWS_DEATHS, *KNOWS_LIFE, "civil_affairs.members"}:
        others = set(catalogue().rules) - reading - UNLISTED
        assert rules_of(findings, others) == rules_of(judged[0], others)


def test_raising_the_standard_never_adds_income_over_line(bench, night, judged, tmp_path):
    raised = deepcopy(DOCUMENTS)
    for document in raised:
        for name in ("dibao.standard.urban", "dibao.standard.rural"):
            for value in document["parameters"][name]:
                value["value"] += 75
    policies = load_policies(raised, tmp_path)
    findings, _ = bench.judge(night[0], policies, night[1])
    income = {"income_over_line"}
    assert rules_of(findings, income) < rules_of(judged[0], income)


def test_a_bill_taken_back_equals_its_absence(bench, policies, night, judged):
    tables, as_of = deepcopy(night[0]), night[1]
    bills = tables["clean.settlement"]
    links, subjects = tables["linked.person_record"], tables["linked.subject_record"]
    seen = [row for row in links if row["dataset"] == "medical_insurance.settlements"]
    # of whom a bill could not be read, takebacks alone count: sums are lower bounds there
    unread = {
        row["person_id"]
        for row in tables["linked.unchecked"]
        if row["dataset"] == "medical_insurance.settlements"
    }
    # a pair that is only probably the member's makes what stands beside it less sure
    probable = {row["record_id"] for row in subjects if row["grade"] != "certain"}
    certain = [
        row
        for row in seen
        if row["grade"] == "certain"
        and row["record_id"] not in probable
        and row["person_id"] not in unread
    ]
    assert len(certain) > 30
    for link in certain[::3]:
        for amount in (Decimal(30000), Decimal(-30000)):
            place = bills[-1]["row_no"] + 1
            new_id = bills[-1]["record_id"] + 1
            bills.append(
                {
                    **bills[-1],
                    "record_id": new_id,
                    "row_no": place,
                    "settled_date": as_of - timedelta(days=20),
                    "own_yuan": amount,
                    "total_yuan": amount,
                    "assistance_yuan": None,
                    "is_takeback": amount < 0,
                    "remarks": [],
                }
            )
            links.append({**link, "record_id": new_id})
            mine = [row for row in subjects if row["record_id"] == link["record_id"]]
            subjects.extend({**row, "record_id": new_id} for row in mine)
    assert bench.judge(tables, policies, as_of) == judged


def test_a_row_set_aside_never_finds_and_what_it_hides_is_not_checked(
    bench, policies, night, judged
):
    tables = deepcopy(night[0])
    rng = random.Random(11)
    for person in rng.sample(tables["linked.person"], len(tables["linked.person"]) // 3):
        row = {"dataset": rng.choice(CHECKED), "person_id": person["person_id"], "reason": "x"}
        tables["linked.unchecked"].append(row)
    findings, answers = bench.judge(tables, policies, night[1])
    assert findings.keys() - judged[0].keys() == set()
    closed = {(key.case_no, rule) for rule, key in judged[0].keys() - findings.keys()}
    said = {answers[place] for place in closed if place[0] and ";" not in place[0]}
    assert said <= {"not_checked", "found"}


def renumbered(tables, rng):
    """The same rows with other record ids: as if deliveries and files had come in another order."""
    tables = deepcopy(tables)
    new_ids = {}
    for dataset in DATASETS:
        rows = tables.get(f"clean.{dataset.table}", [])
        ids = [row["record_id"] for row in rows]
        for row, new_id in zip(rows, rng.sample(ids, len(ids)), strict=True):
            new_ids[row["record_id"]] = new_id
            row["record_id"] = new_id
    for name in ("person_record", "subject_record", "subject", "review_pair"):
        for row in tables.get(f"linked.{name}", []):
            row["record_id"] = new_ids.get(row["record_id"], row["record_id"])
    for row in tables["linked.person"]:
        row["register_record_id"] = new_ids.get(row["register_record_id"])
    return tables


def test_the_order_in_which_deliveries_came_never_matters(bench, policies, night, judged):
    order = random.Random(5)
    assert bench.judge(renumbered(night[0], order), policies, night[1]) == judged
