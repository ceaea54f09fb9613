"""The findings as the pages list them: read once a publication, scoped, filtered, in pages."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Final
from urllib.parse import urlencode

from sqlalchemy import func, select

from casework.findings import FindingView, current_findings
from casework.lifecycle import Status
from casework.watched import WatchedCases, is_of_watched, watched_cases
from reports.run_report import DIRECTIONS
from service.settings import PAGE_SIZE
from store.ledger import Ledger
from store.service_tables import WatchRow
from store.snapshot_desk import SnapshotDesk
from store.tables import FindingEvent, RunRow

_State = tuple[int | None, int | None, int | None, str | None]


TO_DO: Final = "todo"
"""The filter by status that the pages begin with: whatever nobody has dealt with yet."""
NOBODY: Final = "-"
"""The filter by handler for what was handed over to nobody."""
_DEALT_WITH: Final = frozenset({Status.DECIDED.value, Status.CLEARED.value})


@dataclass(frozen=True, slots=True)
class FindingFilter:
    """What of the findings is wanted; None or blank is everything."""

    direction: str | None = None
    rule: str | None = None
    grade: str | None = None
    status: str | None = None
    township: str | None = None
    case_no: str | None = None
    handler: str | None = None

    def holds(self, view: FindingView) -> bool:
        """Whether a finding is wanted."""
        wanted = (
            (self.direction, view.direction),
            (self.rule, view.rule),
            (self.grade, view.grade),
            (self.township, view.township),
            (self.handler, view.handler or NOBODY),
        )
        if any(asked and asked != has for asked, has in wanted):
            return False
        if not self._holds_status(str(view.status)):
            return False
        return not self.case_no or self.case_no in places_of(view)

    def _holds_status(self, status: str) -> bool:
        if self.status == TO_DO:
            return status not in _DEALT_WITH
        return not self.status or self.status == status

    def as_query(self, page: int | None = None) -> str:
        """As the query of an address; what is not asked for is left out, but for the status."""
        given = {name: value for name, value in asdict(self).items() if value}
        given["status"] = self.status or ""
        return urlencode({**given, **({"page": page} if page and page > 1 else {})})


def places_of(view: FindingView) -> list[str]:
    """The cases a finding is about; the register household where it is about none."""
    return (view.case_no or view.household_no or "").split(";")


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Where a finding stands in a list (from 1; None: it is not in it), and those beside it."""

    place: int | None
    total: int
    before: str | None
    after: str | None

    @property
    def page(self) -> int:
        """The page of the list on which it stands, by the pages' own size."""
        return -(-(self.place or 1) // PAGE_SIZE)


@dataclass(frozen=True, slots=True)
class FindingPage:
    """One page of a list: ``page`` counts from 1; ``total`` are those on all pages."""

    views: Sequence[FindingView]
    page: int
    pages: int
    total: int
    watched: WatchedCases

    @property
    def has_watched(self) -> bool:
        """Whether any on this page is about a watched household."""
        return any(is_of_watched(view, self.watched) for view in self.views)


@dataclass(slots=True)
class FindingBook:
    """Findings of the newest run, those of watched households first.

    Read again only when a run was published, an event was added or a household is newly watched.
    """

    ledger: Ledger
    snapshots: SnapshotDesk
    _state: _State | None = None
    _views: Sequence[FindingView] = ()
    _watched: WatchedCases = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def views(self) -> tuple[Sequence[FindingView], WatchedCases]:
        """Every open finding in the order of the list, and the watched cases."""
        with self._lock:
            state = self._current_state()
            if state != self._state:
                watched = self._watched_now()
                views = current_findings(self.ledger)
                views.sort(key=lambda view: (not is_of_watched(view, watched), *_weight(view)))
                self._state, self._views, self._watched = state, views, watched
            return self._views, self._watched

    def page(
        self,
        covers: Callable[[str | None], bool],
        wanted: FindingFilter,
        *,
        page: int,
        size: int,
    ) -> FindingPage:
        """A page of the wanted findings that ``covers`` lets through."""
        fit, watched = self.wanted(covers, wanted)
        pages = max(1, -(-len(fit) // size))
        page = min(max(page, 1), pages)
        return FindingPage(fit[(page - 1) * size : page * size], page, pages, len(fit), watched)

    def wanted(
        self, covers: Callable[[str | None], bool], wanted: FindingFilter
    ) -> tuple[list[FindingView], WatchedCases]:
        """All wanted findings that ``covers`` lets through, and the watched cases."""
        views, watched = self.views()
        return [view for view in views if covers(view.township) and wanted.holds(view)], watched

    def beside(
        self, covers: Callable[[str | None], bool], wanted: FindingFilter, finding_id: str
    ) -> Neighbours:
        """Where a finding stands among the wanted ones.

        Of one that is not (it was just decided, say) the place is that it would have, so that the
        next one still is the next.
        """
        views, _ = self.views()
        before: str | None = None
        place, total, is_past, after = None, 0, False, None
        for view in views:
            is_it = view.finding_id == finding_id
            fits = covers(view.township) and wanted.holds(view)
            total += fits
            if is_it:
                is_past, place = True, total if fits else None
            elif fits and is_past:
                after = after or view.finding_id
            elif fits:
                before = view.finding_id
        return Neighbours(place, total, before if is_past else None, after)

    def of_same_household(
        self, covers: Callable[[str | None], bool], view: FindingView
    ) -> list[FindingView]:
        """The other open findings about the same case, or the same register household."""
        mine = {place for place in places_of(view) if place}
        views, _ = self.views()
        return [
            other
            for other in views
            if other.finding_id != view.finding_id
            and covers(other.township)
            and mine & {*places_of(other)}
        ]

    def find(self, finding_id: str) -> FindingView | None:
        """One open finding."""
        views, _ = self.views()
        return next((view for view in views if view.finding_id == finding_id), None)

    def is_case(self, case_no: str) -> bool:
        """Whether an open finding is about this case (or register household)."""
        views, _ = self.views()
        return any(case_no in places_of(view) for view in views)

    def _watched_now(self) -> WatchedCases:
        if self.snapshots.name() is None:
            return {}
        with self.snapshots.reading() as reading:
            return watched_cases(self.ledger, reading.engine)

    def _current_state(self) -> _State:
        with self.ledger.reading() as session:
            return (
                session.scalar(select(func.max(RunRow.publication))),
                session.scalar(select(func.max(FindingEvent.event_no))),
                session.scalar(select(func.max(WatchRow.watch_no))),
                self.snapshots.name(),
            )


def _weight(view: FindingView) -> tuple[object, ...]:
    """What to look at first: aid that may not be due, flags, the larger amounts; then as before."""
    direction = DIRECTIONS.index(view.direction) if view.direction in DIRECTIONS else 99
    return direction, view.grade != "flag", -(view.at_risk_yuan or 0)
