"""People typed in are asked of one night, though another is published while they are."""

from datetime import date
from types import SimpleNamespace

from service import checks
from service.check_request import CheckRequest
from service.checks import CheckService
from service.settings import CheckLimits

RUNS = {
    "first": SimpleNamespace(snapshot="first", as_of=date(2026, 11, 19)),
    "second": SimpleNamespace(snapshot="second", as_of=date(2026, 11, 20)),
}
TYPED = CheckRequest("受理", "授字1号", typed=SimpleNamespace())


def test_a_night_that_comes_in_between_is_asked_with_its_own_date(monkeypatch):
    in_force, asked = ["first"], []

    def ask(desk, household, *, as_of, **_):
        in_force[0] = "second"  # published before the snapshot is opened
        asked.append(as_of)
        return SimpleNamespace(snapshot=desk.name())

    desk = SimpleNamespace(
        snapshots=SimpleNamespace(name=lambda: in_force[0]),
        settings=SimpleNamespace(limits=CheckLimits()),
        catalogue=None,
    )
    monkeypatch.setattr(checks, "ask_again", ask)
    service = CheckService(desk)
    service._runs = RUNS
    answer, run = service._ask(None, TYPED, TYPED.household)
    assert (answer.snapshot, run) == ("second", RUNS["second"])
    assert asked == [date(2026, 11, 19), date(2026, 11, 20)]
