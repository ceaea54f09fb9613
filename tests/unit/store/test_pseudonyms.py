"""A pseudonym finds a person again and says nothing of the number."""

import pytest

from domain.errors import HeduiError
from store.pseudonyms import KEY_FILE, Pseudonyms
from store.workspace import open_workspace

NUMBER = "990102198003070015"


def test_the_same_workspace_gives_the_same_pseudonym_and_another_one_does_not(workspace, tmp_path):
    one = Pseudonyms.open(workspace).of_number(NUMBER)
    assert Pseudonyms.open(workspace).of_number(NUMBER) == one
    other = Pseudonyms.open(open_workspace(tmp_path / "other")).of_number(NUMBER)
    assert other != one
    assert NUMBER not in one


def test_numbers_of_one_birth_date_share_a_block_and_others_do_not(workspace):
    pseudonyms = Pseudonyms.open(workspace)
    assert pseudonyms.of_block(NUMBER) == pseudonyms.of_block("990102198003079991")
    assert pseudonyms.of_block(NUMBER) != pseudonyms.of_block("990102198003080015")


def test_only_the_owner_can_read_the_key(workspace):
    Pseudonyms.open(workspace)
    assert (workspace.path / KEY_FILE).stat().st_mode & 0o077 == 0


def test_a_damaged_key_is_refused_and_not_replaced(workspace):
    (workspace.path / KEY_FILE).write_bytes(b"short")
    with pytest.raises(HeduiError) as error:
        Pseudonyms.open(workspace)
    assert error.value.key == "access_key_damaged"
    assert (workspace.path / KEY_FILE).read_bytes() == b"short"


def test_the_key_is_not_shown_by_mistake(workspace):
    pseudonyms = Pseudonyms.open(workspace)
    assert pseudonyms.key.hex() not in repr(pseudonyms)
