"""Households watched since their application was approved: which cases are theirs tonight."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import select

from casework.findings import FindingView
from domain.dates import HERE
from store.engines.engine import Engine
from store.ledger import Ledger
from store.pseudonyms import Pseudonyms
from store.service_tables import WatchedPerson, WatchRow

_BY_NUMBER: Final = "number:"
_BY_KEY: Final = """
    select distinct subject.case_no, person.person_key
    from linked.subject as subject
    join linked.person as person on person.person_id = subject.person_id
    where subject.kind = 'case' and list_contains($keys, person.person_key)
    order by subject.case_no, person.person_key
"""
# Whom no register of people knows has a key of the paper they stand on, which an approval changes.
_BY_NUMBERS: Final = """
    select distinct subject.case_no, person.id_no
    from linked.subject as subject
    join linked.person as person on person.person_id = subject.person_id
    where subject.kind = 'case'
        and person.register_record_id is null
        and person.id_no is not null
    order by subject.case_no, person.id_no
"""


@dataclass(frozen=True, slots=True)
class Watch:
    """Since when a household is watched (Asia/Shanghai), and after which check of it."""

    since: date
    slip_no: str


WatchedCases = Mapping[str, Watch]


def watched_key(
    pseudonyms: Pseudonyms, person_key: str, id_no: str | None, *, is_registered: bool
) -> str:
    """The key by which somebody is known again on another night, as a case's member.

    The register's where it knows them (whatever signs its serial number has), else a pseudonym of
    the number; without one it is the place on the paper, which is known again only there.
    """
    if is_registered or not id_no:
        return person_key
    return _BY_NUMBER + pseudonyms.of_number(id_no)


def watched_people(ledger: Ledger) -> dict[str, Watch]:
    """Everybody who is watched by their keys; of several watches the first."""
    query = (
        select(WatchedPerson.person_key, WatchRow.since_at, WatchRow.slip_no)
        .join(WatchRow, WatchRow.watch_no == WatchedPerson.watch_no)
        .order_by(WatchRow.watch_no)
    )
    found: dict[str, Watch] = {}
    with ledger.reading() as session:
        for key, since_at, slip_no in session.execute(query):
            found.setdefault(key, Watch(_day(since_at), slip_no))
    return found


def watched_cases(ledger: Ledger, engine: Engine) -> dict[str, Watch]:
    """The cases of the snapshot in which somebody watched is a member."""
    people = watched_people(ledger)
    if not people:
        return {}
    members = list(engine.rows(_BY_KEY, {"keys": sorted(people)}))
    if any(key.startswith(_BY_NUMBER) for key in people):
        pseudonyms = Pseudonyms.open(ledger.workspace)
        members += [
            (case_no, _BY_NUMBER + pseudonyms.of_number(id_no))
            for case_no, id_no in engine.rows(_BY_NUMBERS)
        ]
    found: dict[str, Watch] = {}
    for case_no, key in members:
        if key in people:
            known = found.get(case_no, people[key])
            found[case_no] = min(known, people[key], key=lambda watch: watch.since)
    return found


def is_of_watched(view: FindingView, watched: Collection[str]) -> bool:
    """Whether a finding is about a watched household."""
    return any(case_no in watched for case_no in (view.case_no or "").split(";"))


def watch_of(view: FindingView, watched: WatchedCases) -> Watch | None:
    """The watch on a finding's household; None where it is not watched."""
    cases = (view.case_no or "").split(";")
    return next((watched[case_no] for case_no in cases if case_no in watched), None)


def _day(at: datetime) -> date:
    return at.astimezone(HERE).date()
