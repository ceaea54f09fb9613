"""Households watched since their application was approved: which cases are theirs tonight."""

from collections.abc import Collection
from typing import Final

from sqlalchemy import select

from casework.findings import FindingView
from store.engines.engine import Engine
from store.ledger import Ledger
from store.service_tables import WatchedPerson

_CASES: Final = """
    select distinct subject.case_no
    from linked.subject as subject
    join linked.person as person on person.person_id = subject.person_id
    where subject.kind = 'case' and list_contains($keys, person.person_key)
    order by subject.case_no
"""


def watched_keys(ledger: Ledger) -> list[str]:
    """The keys, stable over nights, of everybody who is watched."""
    with ledger.reading() as session:
        return sorted(set(session.scalars(select(WatchedPerson.person_key))))


def watched_cases(ledger: Ledger, engine: Engine) -> frozenset[str]:
    """The cases of the snapshot in which somebody watched is a member."""
    keys = watched_keys(ledger)
    if not keys:
        return frozenset()
    return frozenset(case_no for (case_no,) in engine.rows(_CASES, {"keys": keys}))


def is_of_watched(view: FindingView, watched: Collection[str]) -> bool:
    """Whether a finding is about a watched household."""
    return any(case_no in watched for case_no in (view.case_no or "").split(";"))
