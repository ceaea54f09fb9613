"""What HEDUI_DEBUG shows of an internal error."""

import pytest

from domain.wording import text
from service import cli
from service.debugging import print_trace


def test_a_trace_shows_the_place_and_no_number(capsys):
    try:
        raise ValueError("Could not convert string '990102198003070017' of card 6222021234567890")
    except ValueError as error:
        print_trace(error)
    said = capsys.readouterr().err
    assert said.startswith(text("cli.trace"))
    assert "test_debugging.py" in said
    assert "'990102********0017' of card 622202******7890" in said
    assert "19800307" not in said


def _fail(_: object) -> None:
    raise RuntimeError("990102198003070017")


@pytest.mark.parametrize(("setting", "is_traced"), [(None, False), ("1", True)])
def test_the_command_line_shows_the_trace_only_where_it_is_asked_for(
    monkeypatch, capsys, setting, is_traced
):
    monkeypatch.setattr(cli, "build_app", _fail)
    if setting:
        monkeypatch.setenv("HEDUI_DEBUG", setting)
    with pytest.raises(SystemExit) as ended:
        cli.main(["rules", "list"])
    said = capsys.readouterr().err
    assert ended.value.code == 1
    assert ("Traceback" in said) is is_traced
    assert "990102198003070017" not in said
