"""Checks of a household: bounded, logged before they are answered, sealed in a slip."""

import json
import threading
import time
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from datetime import time as day_time
from http import HTTPStatus
from typing import Final

from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from casework.watched import watched_key
from domain.dates import HERE
from domain.errors import HeduiError
from domain.masking import mask_numbers_in
from pipelines.check import ask_again, make_ready, read_answer
from reports.check_answer import HouseholdAnswer
from reports.check_slip import CheckFacts, canonical, evidence_shown, make_slip
from rules.household import PERSONS, Household
from rules.rule import Catalogue
from service.check_request import Asker, CheckDone, CheckRequest
from service.desk import Desk
from service.look_book import NO_REASON, Subject
from service.refusal import Refused
from service.subjects import named_by_evidence
from store.access_log import count_looks
from store.runs import Run, published_runs
from store.service_tables import CheckRow

_LOCK: Final = 990_102_003  # PostgreSQL advisory lock: slips are numbered one at a time
_REMEMBERED: Final = 64
REFUSED: Final = "refused:check"


@dataclass(slots=True)
class CheckService:
    """Checks over one open desk."""

    desk: Desk
    _queue: threading.BoundedSemaphore = field(init=False)
    _working: threading.BoundedSemaphore = field(init=False)
    _runs: dict[str, Run] = field(default_factory=dict)
    _refused: Counter[str] = field(default_factory=Counter)
    _refused_on: datetime | None = None
    _under_way: Counter[str] = field(default_factory=Counter)
    _counting: threading.Lock = field(default_factory=threading.Lock)
    _took: deque[float] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))

    def __post_init__(self) -> None:
        limits = self.desk.settings.limits
        self._queue = threading.BoundedSemaphore(limits.at_once + limits.waiting)
        self._working = threading.BoundedSemaphore(limits.at_once)

    def make_ready(self) -> None:
        """Plan what a check of people typed in asks, where a night is in force.

        Raises HeduiError where the snapshot does not serve.
        """
        snapshot = self.desk.snapshots.name()
        if snapshot is not None:
            as_of = self._run_of(snapshot).as_of
            make_ready(self.desk.snapshots, catalogue=self.desk.catalogue, as_of=as_of)

    def check(self, asker: Asker, request: CheckRequest) -> CheckDone:
        """Check one household. The look is in the log before this returns.

        Raises HeduiError for an incomplete request, Refused with 404 alike for a number nobody
        has and one outside the asker's divisions (both logged, both after a check's usual time),
        409 for a key used for something else, 429 beyond the limits.
        """
        household = request.household
        _hold_to_words(request)
        known = self._known(asker, request)
        if known is not None:
            return self.open(asker, known.slip_no, "slip", request.purpose)
        with self._within_day(asker), self._place():
            began = time.monotonic()
            try:
                done = self._check(asker, request, household)
            except IntegrityError:  # the same request under the same key came in between
                known = self._known(asker, request)
                if known is None:
                    raise
                return self.open(asker, known.slip_no, "slip", request.purpose)
            if done is None:
                self._wait_as_usual(began)
                raise Refused(HTTPStatus.NOT_FOUND, "not_found_here")
            self._took.append(time.monotonic() - began)
            return done

    def open(self, asker: Asker, slip_no: str, action: str, reason: str) -> CheckDone:
        """A slip that was made before, for its asker or who covers its division; logged."""
        with self.desk.ledger.reading() as session:
            row = session.scalar(select(CheckRow).where(CheckRow.slip_no == slip_no[:24]))
        if row is None or not _may_open(asker, row):
            self._note(asker, f"refused:{action}", reason, slip_no[:24], [])
            raise Refused(HTTPStatus.NOT_FOUND, "not_found_here")
        self._note(asker, action, reason, row.slip_no, [], keys=row.subjects)
        return _done(row)

    def mine(self, asker: Asker, *, page: int, size: int) -> tuple[list[CheckDone], int]:
        """The asker's own checks, newest first, and how many there are; the look is noted."""
        name = asker.user.name
        with self.desk.ledger.reading() as session:
            total = session.scalar(
                select(func.count()).select_from(CheckRow).where(CheckRow.asked_by == name)
            )
            rows = session.scalars(
                select(CheckRow)
                .where(CheckRow.asked_by == name)
                .order_by(CheckRow.check_no.desc())
                .limit(size)
                .offset((page - 1) * size)
            ).all()
        seen = {key for row in rows for key in row.subjects}
        self._note(asker, "list:checks", NO_REASON, None, [], keys=seen)
        return [_done(row) for row in rows], total or 0

    def _check(self, asker: Asker, request: CheckRequest, household: Household) -> CheckDone | None:
        answer, run = self._ask(asker, request, household)
        if answer is None or not asker.covers(answer.township_code):
            # nobody's case here, so it may be anything: a number mistyped, a bank card
            asked = mask_numbers_in(household.case_no)
            self._note(asker, REFUSED, request.purpose, asked, [])
            with self._counting:
                self._refused[asker.user.name] += 1
            return None
        done = self._keep(asker, request, answer, run)
        self.desk.looks.anchor_when_due(self.desk.now())
        return done

    def _ask(
        self, asker: Asker, request: CheckRequest, household: Household
    ) -> tuple[HouseholdAnswer | None, Run]:
        desk = self.desk
        if request.typed is not None:
            run = self._run_of(desk.snapshots.name() or "")
            answer = ask_again(
                desk.snapshots,
                household,
                catalogue=desk.catalogue,
                as_of=run.as_of,
                typed=request.typed,
            )
            if answer is not None and answer.snapshot != run.snapshot:
                return self._ask(asker, request, household)  # a night was published meanwhile
            return answer, run
        with desk.snapshots.reading() as reading:
            run = self._run_of(reading.snapshot)
            answer = read_answer(
                reading.engine,
                household,
                as_of=run.as_of,
                snapshot=reading.snapshot,
                covers=asker.covers,
            )
        return answer, run

    def _run_of(self, snapshot: str) -> Run:
        """The run that made the snapshot."""
        if snapshot not in self._runs:
            self._runs = {
                run.snapshot: run for run in published_runs(self.desk.ledger) if run.snapshot
            }
        if snapshot not in self._runs:
            raise HeduiError("snapshot_none", workspace=self.desk.settings.workspace, as_of="-")
        return self._runs[snapshot]

    def _keep(
        self, asker: Asker, request: CheckRequest, answer: HouseholdAnswer, run: Run
    ) -> CheckDone:
        """Write the look and the slip, both or neither, before the answer is given."""
        now = self.desk.now()
        people = _subjects(answer, self.desk.catalogue)
        valid_until = now.astimezone(HERE).date() + self.desk.settings.slip_valid_for
        ledger = self.desk.ledger
        with ledger.writing() as session:
            self._note(asker, "check", request.purpose, answer.case_no, people, within=session)
            if not ledger.is_sqlite:
                session.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            number = (session.scalar(select(func.max(CheckRow.check_no))) or 0) + 1
            facts = CheckFacts(
                slip_no=f"HD{now.astimezone(HERE):%Y%m%d}-{number:06d}",
                asked_by=asker.user.full_name,
                asked_at=now,
                purpose=mask_numbers_in(request.purpose.strip()),
                authorisation=mask_numbers_in(request.authorisation.strip()),
                run_id=run.run_id,
                valid_until=valid_until,
            )
            slip = make_slip(facts, answer, self.desk.catalogue)
            row = CheckRow(
                check_no=number,
                slip_no=facts.slip_no,
                asked_by=asker.user.name,
                asked_at=now,
                kind=answer.kind,
                target=None if answer.kind == PERSONS else answer.case_no,
                township_code=answer.township_code,
                purpose=facts.purpose,
                run_id=run.run_id,
                as_of=answer.as_of,
                conclusion=slip["conclusion"],
                valid_until=valid_until,
                people=self._watchable(answer),
                subjects=sorted({self.desk.looks.key_of(one) for one in people}),
                slip=canonical(slip),
                content_hash=slip["content_hash"],
                idempotency_key=request.idempotency_key,
                request_hash=self._hash(request),
            )
            session.add(row)
            return _done(row)

    def _known(self, asker: Asker, request: CheckRequest) -> CheckRow | None:
        """The same request's earlier check, by its key."""
        if not request.idempotency_key:
            return None
        with self.desk.ledger.reading() as session:
            row = session.scalar(
                select(CheckRow).where(
                    CheckRow.asked_by == asker.user.name,
                    CheckRow.idempotency_key == request.idempotency_key,
                )
            )
        if row is not None and row.request_hash != self._hash(request):
            raise Refused(HTTPStatus.CONFLICT, "check_key_reused")
        return row

    def _watchable(self, answer: HouseholdAnswer) -> list[str]:
        """The keys of the household's own people: who supports it from outside is not watched."""
        pseudonyms = self.desk.looks.pseudonyms
        return sorted(
            {
                watched_key(
                    pseudonyms, one.person_key, one.known_id_no, is_registered=one.is_registered
                )
                for one in answer.people
                if one.person_key and one.member_kind == "1"
            }
        )

    def key_of_form(self, once: str, request: CheckRequest) -> str:
        """An idempotency key of one page's form as it was filled in: changed, it is another."""
        return f"form-{once}-{self._hash(request)[:24]}"

    def _hash(self, request: CheckRequest) -> str:
        """Keyed: what is asked may hold numbers, and those are few enough to try them all."""
        return self.desk.looks.pseudonyms.of_request(request.in_one_line())

    @contextmanager
    def _within_day(self, asker: Asker) -> Iterator[None]:
        """One of the checks a user has in a day, those under way counted; 429 beyond them."""
        limit, name = self.desk.settings.limits.a_day, asker.user.name
        midnight = datetime.combine(self.desk.today(), day_time(), HERE)
        with self._counting:
            asked = self._asked_since(asker, midnight) + self._under_way[name]
            if asked >= limit:
                refused = Refused(HTTPStatus.TOO_MANY_REQUESTS, "check_limit_day", limit=limit)
                seconds = (midnight + timedelta(days=1) - self.desk.now()).total_seconds()
                refused.headers["Retry-After"] = str(int(seconds) + 1)
                raise refused
            self._under_way[name] += 1
        try:
            yield
        finally:
            with self._counting:
                self._under_way[name] -= 1

    def _asked_since(self, asker: Asker, midnight: datetime) -> int:
        with self.desk.ledger.reading() as session:
            answered = session.scalar(
                select(func.count())
                .select_from(CheckRow)
                .where(CheckRow.asked_by == asker.user.name, CheckRow.asked_at >= midnight)
            )
        return (answered or 0) + self._refused_today(asker, midnight)

    def _refused_today(self, asker: Asker, midnight: datetime) -> int:
        """Numbers asked for in vain count too, or they could be tried without end.

        Read from the log once a day and user, then counted on: a check costs no more for it.
        """
        if self._refused_on != midnight:
            self._refused_on, self._refused = midnight, Counter()
        name = asker.user.name
        if name not in self._refused:
            self._refused[name] = count_looks(
                self.desk.ledger, name, REFUSED, since=midnight.astimezone(UTC)
            )
        return self._refused[name]

    @contextmanager
    def _place(self) -> Iterator[None]:
        """A place at work, after waiting for one; 429 where too many wait already."""
        seconds = self.desk.settings.limits.retry_seconds
        if not self._queue.acquire(blocking=False):
            refused = Refused(HTTPStatus.TOO_MANY_REQUESTS, "check_busy", seconds=seconds)
            refused.headers["Retry-After"] = str(seconds)
            raise refused
        try:
            with self._working:
                yield
        finally:
            self._queue.release()

    def _wait_as_usual(self, began: float) -> None:
        """A refusal takes as long as an answer, so that its time tells nothing."""
        took = sorted(self._took)
        usual = took[len(took) // 2] if took else 0.0
        time.sleep(max(0.0, usual - (time.monotonic() - began)))

    def _note(
        self,
        asker: Asker,
        action: str,
        reason: str,
        target: str | None,
        people: list[Subject],
        *,
        keys: Iterable[str] = (),
        within: Session | None = None,
    ) -> None:
        self.desk.looks.note(
            asker.user,
            action,
            reason.strip(),
            origin=asker.origin,
            target=target and target[:64],
            subjects=people,
            keys=keys,
            at=self.desk.now(),
            within=within,
        )


def _hold_to_words(request: CheckRequest) -> None:
    if not request.purpose.strip():
        raise HeduiError("check_purpose_missing")
    if not request.authorisation.strip():
        raise HeduiError("check_authorisation_missing")


def _may_open(asker: Asker, row: CheckRow) -> bool:
    return row.asked_by == asker.user.name or asker.covers(row.township_code)


def _subjects(answer: HouseholdAnswer, catalogue: Catalogue) -> list[Subject]:
    """Whom an answer shows: the household, and whom the sentences of its slip name besides.

    Who was typed in without a known number stands by what was typed.
    """
    typed = answer.kind == PERSONS
    beside = named_by_evidence(evidence_shown(answer, catalogue))
    return [
        *(one for one in beside if one.case_no != answer.case_no),
        *(
            Subject(
                f"{one.name_raw} {one.id_no or ''}" if typed else answer.case_no,
                0 if typed else one.seq,
                one.known_id_no,
                one.name_raw,
                answer.address,
            )
            for one in answer.people
        ),
    ]


def _done(row: CheckRow) -> CheckDone:
    return CheckDone(
        row.slip_no,
        row.asked_by,
        row.asked_at,
        row.kind,
        row.target,
        row.township_code,
        row.conclusion,
        row.valid_until,
        row.content_hash,
        tuple(row.people),
        json.loads(row.slip),
    )
