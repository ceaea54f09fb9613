"""`hedui log subject` is asked about one person in one way: by number, by place or by a record."""

import pytest
from typer.testing import CliRunner

from domain.wording import text
from service.commands.log import log_app


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
