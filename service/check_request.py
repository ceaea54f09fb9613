"""What is asked of a check, by whom, and what comes of it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from domain.errors import HeduiError
from pipelines.typed_people import CASE_NO, TypedHousehold
from reports.check_slip import Slip
from rules.household import APPLICATION, CASE, PERSONS, Household
from store.users import User


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks for a check, from where, and which divisions they may see."""

    user: User
    origin: str
    covers: Callable[[str | None], bool]


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """What is asked: exactly one of ``case_no``, ``application_no`` and ``typed``."""

    purpose: str
    authorisation: str
    case_no: str | None = None
    application_no: str | None = None
    typed: TypedHousehold | None = None
    idempotency_key: str | None = None

    @property
    def household(self) -> Household:
        """The household asked for. Raises HeduiError ``check_target_missing``."""
        given = [
            Household(number.strip(), kind)
            for number, kind in ((self.case_no, CASE), (self.application_no, APPLICATION))
            if number and number.strip()
        ]
        if self.typed is not None:
            given.append(Household(CASE_NO, PERSONS))
        if len(given) != 1:
            raise HeduiError("check_target_missing")
        return given[0]

    def in_one_line(self) -> str:
        """All that is asked, to tell a repeated request from another one. It holds numbers."""
        asked = [self.case_no, self.application_no, self.purpose, self.authorisation]
        return json.dumps([*asked, repr(self.typed)])


@dataclass(frozen=True, slots=True)
class CheckDone:
    """A check that was answered, and its slip."""

    slip_no: str
    asked_by: str
    asked_at: datetime
    kind: str
    target: str | None
    township_code: str | None
    conclusion: str
    valid_until: date
    content_hash: str
    people: tuple[str, ...]
    slip: Slip
