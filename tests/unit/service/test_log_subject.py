"""`hedui log`: a person is asked for in one way; an entry is one line, whatever was typed in it."""

from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from domain.wording import text
from service.commands.log import log_app
from store.access_log import Look, note_look
from store.ledger import Ledger
from store.workspace import open_workspace


@pytest.mark.parametrize(
    "given",
    [
        ["--case", "DB1"],
        ["--seq", "1"],
        ["--case", "DB1", "--seq", "1", "--record", "public_security.vehicles/part-000.csv/1"],
    ],
)
def test_half_a_place_or_two_ways_at_once_is_wrong_usage_and_nothing_is_asked(tmp_path, given):
    asked = CliRunner().invoke(
        log_app(), ["subject", "--workspace", str(tmp_path / "none"), *given], input="secret\n"
    )
    assert asked.exit_code == 2
    assert text("web.log.number") not in asked.output
    assert not (tmp_path / "none").exists()


def test_a_reason_makes_no_line_or_cell_of_its_own_and_tells_the_terminal_nothing(tmp_path):
    at = datetime(2026, 11, 20, 1, 2, 3, tzinfo=UTC)
    with Ledger.open(open_workspace(tmp_path / "ws")) as ledger:
        reason = "复核\n2\t2026-11-20\tshen\x1b[2J\u202e"
        note_look(ledger, Look("zhao", "check", reason, origin="::1", target="DB1"), at=at)
    shown = CliRunner().invoke(log_app(), ["show", "--workspace", str(tmp_path / "ws")])
    (line,) = shown.stdout.splitlines()
    cells = line.split("\t")
    assert [*cells[:4], *cells[5:]] == ["1", at.isoformat(), "zhao", "check", "DB1", "::1"]
    assert cells[4].startswith("复核 2 2026-11-20 shen ")
    assert cells[4].isprintable()
