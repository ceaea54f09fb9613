"""A night whose sample is answered otherwise is published, and ends with a status of its own."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from domain.wording import text
from pipelines import parity
from reports.check_answer import HouseholdAnswer
from rules.household import Household
from service.cli import main
from store.ledger import Ledger
from store.runs import published_runs
from store.workspace import open_workspace
from tests.conftest import AS_OF, DAY_AFTER, POLICY, District


def next_night(district: District, workspace: Path) -> int:
    """The next night over the same inbox; its exit status."""
    given = ["run", "--inbox", str(district.inbox), "--policy", str(POLICY),
             "--as-of", DAY_AFTER, "--workspace", str(workspace)]  # fmt: skip
    with pytest.raises(SystemExit) as ended:
        main(given)
    return int(ended.value.code or 0)


def test_a_household_answered_otherwise_is_named_and_the_night_stands(
    district: District,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    workspace = tmp_path / "w"
    shutil.copytree(district.workspace, workspace)
    asked: list[str] = []

    def nobody(_: object, household: Household, **__: object) -> HouseholdAnswer | None:
        asked.append(household.case_no)
        return None

    monkeypatch.setattr(parity, "ask_again", nobody)
    assert next_night(district, workspace) == 3
    said = capsys.readouterr()
    assert len(asked) == parity.CASES_SAMPLED + parity.APPLICATIONS_SAMPLED
    assert all(case_no in said.err for case_no in asked)
    assert text("cli.summary.took").partition("{")[0][:2] in said.out
    assert (workspace / "reports" / DAY_AFTER / f"hedui-{DAY_AFTER}.xlsx").is_file()
    assert _published(workspace) == [date.fromisoformat(day) for day in (AS_OF, DAY_AFTER)]


def _published(workspace: Path) -> list[date]:
    with Ledger.open(open_workspace(workspace)) as ledger:
        return [run.as_of for run in published_runs(ledger)]
