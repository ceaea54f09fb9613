"""The findings as the pages list them: read once a publication, scoped, filtered, in pages."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select

from casework.findings import FindingView, current_findings
from casework.watched import WatchedCases, is_of_watched, watched_cases
from store.ledger import Ledger
from store.service_tables import WatchRow
from store.snapshot_desk import SnapshotDesk
from store.tables import FindingEvent, RunRow

_State = tuple[int | None, int | None, int | None, str | None]


@dataclass(frozen=True, slots=True)
class FindingFilter:
    """What of the findings is wanted; None is everything."""

    direction: str | None = None
    rule: str | None = None
    grade: str | None = None
    status: str | None = None
    township: str | None = None
    case_no: str | None = None

    def holds(self, view: FindingView) -> bool:
        """Whether a finding is wanted."""
        wanted = (
            (self.direction, view.direction),
            (self.rule, view.rule),
            (self.grade, view.grade),
            (self.status, str(view.status)),
            (self.township, view.township),
        )
        if any(asked and asked != has for asked, has in wanted):
            return False
        return not self.case_no or self.case_no in (view.case_no or "").split(";")


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
                views.sort(key=lambda view: not is_of_watched(view, watched))
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
        views, watched = self.views()
        fit = [view for view in views if covers(view.township) and wanted.holds(view)]
        pages = max(1, -(-len(fit) // size))
        page = min(max(page, 1), pages)
        return FindingPage(fit[(page - 1) * size : page * size], page, pages, len(fit), watched)

    def find(self, finding_id: str) -> FindingView | None:
        """One open finding."""
        views, _ = self.views()
        return next((view for view in views if view.finding_id == finding_id), None)

    def is_case(self, case_no: str) -> bool:
        """Whether an open finding is about this case."""
        views, _ = self.views()
        return any(case_no in (view.case_no or "").split(";") for view in views)

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
