"""The findings and subjects a run should come to, once the noise on members' numbers is known."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from simulation import noise_numbers
from simulation.expected import expected_identity_mismatch
from simulation.links_truth import (
    APPLICATIONS,
    MEMBERS,
    difficulty,
    in_force,
)
from simulation.noise import POPULATION
from simulation.world import World
from sources.contract import Dictionary

_COUNTED: Final = "1"
SET_ASIDE: Final = "set_aside"
OTHER_NUMBER: Final = "other_persons_number"

_OWN_LISTS: Final = ("civil_affairs.households", MEMBERS)
_INCOME: Final = (
    "human_resources.contributions",
    "human_resources.pensions",
    "human_resources.unemployment_benefits",
    POPULATION,
)
_ENROLMENT: Final = ("medical_insurance.enrolment", POPULATION)
_MEDICAL: Final = (
    "medical_insurance.settlements",
    "civil_affairs.temporary_assistance",
)
_SCREEN: Final = (
    POPULATION,
    "public_security.vehicles",
    "housing.properties",
    "housing.presales",
    "human_resources.contributions",
    "human_resources.pensions",
)
_PAYMENTS: Final = ("civil_affairs.payments",)
_SOURCES: Final[Mapping[str, tuple[str, ...]]] = {
    "deceased": ("civil_affairs.cremations", POPULATION, *_PAYMENTS),
    "moved_out": (POPULATION,),
    "in_service": (POPULATION,),
    "motor_vehicle": ("public_security.vehicles",),
    "second_dwelling": ("housing.properties",),
    "non_residential": ("housing.properties",),
    "recent_purchase": ("housing.presales",),
    "income_over_line": _INCOME,
    "undeclared_income": _INCOME,
    "undeclared_employment": _INCOME[:1],
    "paid_after_exit": _PAYMENTS,
    "overpaid_month": _PAYMENTS,
    "grace_overrun": _PAYMENTS,
    "undeclared_spouse": ("civil_affairs.marriages", POPULATION),
    "medical_hardship_listed": _MEDICAL,
    "medical_hardship_unlisted": (*_MEDICAL, *_SCREEN),
    "premium_aid_missing": _ENROLMENT,
    "not_insured": _ENROLMENT,
    "monitored_unlisted": (*_ENROLMENT, *_SCREEN),
    "child_not_covered": (POPULATION,),
    "unpaid_month": _PAYMENTS,
    "underpaid_month": _PAYMENTS,
    "tekun_candidate": ("civil_affairs.marriages", "civil_affairs.cremations", POPULATION),
    "benefit_ended": ("human_resources.unemployment_benefits", *_SCREEN),
    "survivors_unassessed": ("civil_affairs.cremations", POPULATION),
    "identity_mismatch": (POPULATION,),
}
"""What the agreement lets a rule read beside civil affairs' lists of households and members."""


def subjects(truth: Path, contracts: Dictionary, world: World) -> pa.Table:
    """case_no, seq, person, difficulty of every person row of a case or an application.

    ``difficulty`` is that of the row in civil affairs' own list; ``set_aside`` where the row is.
    """
    known = _difficulties(truth, contracts, world.as_of)
    rows = world.subjects.select(["case_no", "seq", "person"])
    keys = zip(rows.column("case_no").to_pylist(), rows.column("seq").to_pylist(), strict=True)
    words = [known.get(key, SET_ASIDE) for key in keys]
    return rows.append_column("difficulty", pa.array(words, pa.string()))


def _difficulties(truth: Path, contracts: Dictionary, as_of: date) -> dict[tuple[str, int], str]:
    found: dict[tuple[str, int], str] = {}
    for dataset in (MEMBERS, APPLICATIONS):
        for _, table in in_force(truth, contracts[dataset], as_of):
            held = table.filter(pc.equal(table.column("state"), "in_force"))
            words = difficulty(
                held.column("number_noise").cast(pa.string()).combine_chunks(),
                held.column("name_noise").cast(pa.string()).combine_chunks(),
            )
            cases, seqs = held.column("case_no").to_pylist(), held.column("seq").to_pylist()
            found |= dict(zip(zip(cases, seqs, strict=True), words.to_pylist(), strict=True))
    return found


def identity_mismatches(
    truth: Path, contracts: Dictionary, world: World
) -> list[tuple[str, int, str]]:
    """(case_no, seq, reason) of counted members by the agreed rule ``identity_mismatch``.

    ``invalid``: no valid number can be read from the row; ``other_name``: the register has that
    number for somebody else; ``shared``: another member, who is not the same person, carries it.
    One reason a member, the first that holds in this order.
    """
    members = _held(truth, contracts, MEMBERS, world.as_of)
    register = _held(truth, contracts, POPULATION, world.as_of)
    wanted = set(members.column("shown").drop_null().to_pylist())
    owners = _owners(register, wanted)
    carriers = _owners(members, wanted)
    counted = _counted(world)
    found = []
    for row in members.select(["case_no", "seq", "person", "shown"]).to_pylist():
        if (row["case_no"], row["seq"]) not in counted:
            continue
        reason = _mismatch(row["shown"], row["person"], owners, carriers)
        if reason is not None:
            found.append((row["case_no"], row["seq"], reason))
    return found


def mismatch_findings(truth: Path, contracts: Dictionary, world: World) -> pa.Table:
    """The findings of ``identity_mismatch`` that the world does not expect already."""
    rule = "identity_mismatch"
    expected = world.expected.filter(pc.equal(world.expected.column("rule"), rule))
    known = set(
        zip(expected.column("case_no").to_pylist(), expected.column("seq").to_pylist(), strict=True)
    )
    found = identity_mismatches(truth, contracts, world)
    rows = [row for row in found if row[:2] not in known]
    return expected_identity_mismatch(rows, world.subjects, world.persons)


def _mismatch(
    shown: str | None,
    person: int,
    owners: dict[str, set[int]],
    carriers: dict[str, set[int]],
) -> str | None:
    if shown is None:
        return "invalid"
    if owners.get(shown, {person}) - {person}:
        return "other_name"
    if carriers[shown] - {person}:
        return "shared"
    return None


def _held(truth: Path, contracts: Dictionary, dataset: str, as_of: date) -> pa.Table:
    tables = [
        table.filter(pc.equal(table.column("state"), "in_force"))
        for _, table in in_force(truth, contracts[dataset], as_of)
    ]
    return pa.concat_tables(tables)


def _owners(table: pa.Table, wanted: Iterable[str]) -> dict[str, set[int]]:
    """The true persons of each wanted number, as the rows show it."""
    values = pa.array(sorted(wanted), pa.string())
    rows = table.select(["shown", "person"])
    rows = rows.filter(pc.is_in(rows.column("shown"), value_set=values))
    owners: dict[str, set[int]] = defaultdict(set)
    numbers, persons = rows.column("shown").to_pylist(), rows.column("person").to_pylist()
    for number, person in zip(numbers, persons, strict=True):
        owners[number].add(person)
    return owners


def _counted(world: World) -> set[tuple[str, int]]:
    """Counted members (成员类别 1) of active cases."""
    households = world.tables["civil_affairs.households"]
    active = pc.is_in(households.column("待遇状态"), value_set=pa.array(["1", "3"]))
    cases = households.column("救助证号").filter(active)
    members = world.tables[MEMBERS]
    members = members.filter(
        pc.and_(
            pc.equal(members.column("成员类别"), _COUNTED),
            pc.is_in(members.column("救助证号"), value_set=cases.combine_chunks()),
        )
    )
    numbers, seqs = members.column("救助证号").to_pylist(), members.column("序号").to_pylist()
    return set(zip(numbers, seqs, strict=True))


Hidden = dict[str, dict[str, set[int]]]
"""By what hides them, then by dataset: people whom noise may hide from a rule."""


def hindrances(truth: Path, contracts: Dictionary, as_of: date) -> Hidden:
    """The people whom noise may hide from a rule, by what hides them and in which dataset.

    ``set_aside``: a row of theirs is set aside, so they are not checked there;
    ``other_persons_number``: a row of theirs carries another's number, so it cannot be linked.
    """
    hidden: Hidden = {SET_ASIDE: defaultdict(set), OTHER_NUMBER: defaultdict(set)}
    used = pa.array(["in_force", "repeat", "superseded"])
    for contract in contracts:
        for _, table in in_force(truth, contract, as_of):
            lost = pc.invert(pc.is_in(table.column("state"), value_set=used))
            number = table.column("number_noise").cast(pa.string())
            is_other = pc.equal(number, noise_numbers.KINDS[noise_numbers.OTHER_PLACE])
            person = table.column("person")
            hidden[SET_ASIDE][contract.dataset] |= _people(person, lost)
            hidden[OTHER_NUMBER][contract.dataset] |= _people(person, is_other)
    return hidden


def _people(person: pa.ChunkedArray, chosen: Any) -> set[int]:
    return {int(one) for one in person.filter(chosen).to_numpy() if one >= 0}


def with_hindrance(findings: pa.Table, world: World, hidden: Hidden) -> pa.Table:
    """The findings with ``hindrance``: why noise may rightly keep a run from one, or ''.

    Only what a rule reads can hinder it: civil affairs' own lists, and the sources agreed for it.
    """
    rules = findings.column("rule").to_pylist()
    people = _people_of(findings, world)
    words = [_hindrance(rule, of, hidden) for rule, of in zip(rules, people, strict=True)]
    return findings.append_column("hindrance", pa.array(words, pa.string()))


def _hindrance(rule: str, people: set[int], hidden: Hidden) -> str:
    sources = (*_OWN_LISTS, *_SOURCES.get(rule, ()))
    for word, by_dataset in hidden.items():
        if any(not by_dataset[dataset].isdisjoint(people) for dataset in sources):
            return word
    return ""


def _people_of(findings: pa.Table, world: World) -> list[set[int]]:
    """The people each finding is about: the case's, the register household's, or the one."""
    by_case = _grouped(world.subjects, "case_no")
    by_household = _grouped(world.persons, "household_no")
    by_number = _grouped(world.persons, "id_no")
    found = []
    for row in findings.select(["case_no", "household_no", "person_id_no"]).to_pylist():
        of: set[int] = set()
        for case in (row["case_no"] or "").split(";"):
            of |= by_case.get(case, set())
        of |= by_household.get(row["household_no"], set())
        of |= by_number.get(row["person_id_no"], set())
        found.append(of)
    return found


def _grouped(table: pa.Table, header: str) -> dict[str, set[int]]:
    groups: dict[str, set[int]] = defaultdict(set)
    persons: npt.NDArray[np.int64] = table.column("person").to_numpy()
    for value, person in zip(table.column(header).to_pylist(), persons.tolist(), strict=True):
        if value:
            groups[value].add(person)
    return groups
