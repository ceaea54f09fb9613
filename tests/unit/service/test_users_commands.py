"""`hedui users`: accounts of a workspace that is there; only a made-up password is said."""

import getpass
import re
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from domain.errors import HeduiError
from domain.wording import LANGUAGES, has_text
from service.acts import act_said
from service.auth import sign_in
from service.commands.users import users_app
from store.access_log import looks
from store.ledger import Ledger
from store.users import all_users
from store.workspace import open_workspace

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
FIRST = "correct-horse-42"
ZHAO = ("zhao", "--role", "township", "--division", "990102001", "--full-name", "赵强")


def ask(*arguments: object, password: str | None = None) -> str:
    env = {"HEDUI_PASSWORD": password}
    done = CliRunner().invoke(users_app(), [str(one) for one in arguments], env=env)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture
def workspace(tmp_path):
    return open_workspace(tmp_path / "ws").path


def test_a_workspace_that_is_not_there_is_not_made_by_a_mistyped_path(tmp_path):
    for command in (("add", *ZHAO), ("list",), ("reset", "zhao"), ("disable", "zhao")):
        with pytest.raises(HeduiError) as error:
            ask(*command, "--workspace", tmp_path / "mistyped", password=FIRST)
        assert error.value.key == "workspace_absent"
    assert list(tmp_path.iterdir()) == []


def test_a_password_that_was_made_up_is_said_once_and_signs_in(workspace):
    said = ask("add", *ZHAO, "--workspace", workspace)
    with Ledger.open(open_workspace(workspace)) as ledger:
        (made_up,) = re.findall(r"[A-Za-z0-9_-]{16}", said)
        assert _signs_in(ledger, "zhao", made_up)
        (user,) = all_users(ledger)
    assert (user.role, user.division, user.full_name) == ("township", "990102001", "赵强")
    assert made_up not in ask("list", "--workspace", workspace)


def test_a_password_that_was_given_is_not_said_and_the_old_one_ends(workspace):
    second = "battery-staple-43"
    assert FIRST not in ask("add", *ZHAO, "--workspace", workspace, password=FIRST)
    assert second not in ask("reset", "zhao", "--workspace", workspace, password=second)
    with Ledger.open(open_workspace(workspace)) as ledger:
        assert not _signs_in(ledger, "zhao", FIRST)
        assert _signs_in(ledger, "zhao", second)


def test_a_closed_account_does_not_sign_in_until_it_is_opened(workspace):
    ask("add", *ZHAO, "--workspace", workspace, password=FIRST)
    for command, is_open in (("disable", False), ("enable", True)):
        ask(command, "zhao", "--workspace", workspace)
        with Ledger.open(open_workspace(workspace)) as ledger:
            assert _signs_in(ledger, "zhao", FIRST) is is_open


def test_every_change_of_an_account_stands_in_the_log_and_in_words(workspace):
    ask("add", *ZHAO, "--workspace", workspace, password=FIRST)
    for command in ("disable", "enable", "reset"):
        ask(command, "zhao", "--workspace", workspace, password=FIRST)
    with Ledger.open(open_workspace(workspace)) as ledger:
        noted = [entry.look for entry in looks(ledger)]
    acts = ["user_added", "user_disabled", "user_enabled", "user_reset"]
    assert [look.action for look in noted] == acts
    assert {(look.who, look.target) for look in noted} == {(getpass.getuser(), "zhao")}
    for lang in LANGUAGES:
        assert all(has_text(f"web.act.{act}", lang) for act in acts)


def test_the_list_says_who_has_which_account(workspace):
    ask("add", *ZHAO, "--workspace", workspace, password=FIRST)
    said = ask("list", "--workspace", workspace)
    assert said.split("\t")[:4] == ["zhao", "赵强", "乡镇街道经办", "990102001"]


def test_an_act_that_nobody_has_words_for_is_said_as_it_was_written():
    assert act_said("user_renamed") == "user_renamed"
    assert act_said("refused:slip") == "未予答复：查看核对报告"
    assert act_said("unmask:finding") == "查看完整信息"


def _signs_in(ledger: Ledger, name: str, password: str) -> bool:
    try:
        return bool(sign_in(ledger, name, password, kind="api", at=AT))
    except HeduiError as error:
        if error.key != "sign_in_refused":
            raise
        return False
