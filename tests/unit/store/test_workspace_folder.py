"""A workspace is made whole, recognised, or refused without a trace."""

import json
import stat
from pathlib import Path

import pytest

from domain.errors import HeduiError
from store.workspace import MARKER, open_workspace


def refusal(path: Path, create: bool = True) -> str:
    with pytest.raises(HeduiError) as caught:
        open_workspace(path, create)
    assert caught.value.exit_status == 1
    assert str(path) in str(caught.value)
    return caught.value.key


def test_a_new_workspace_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    made = open_workspace(tmp_path / "district" / "ws")
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o700
    assert {made.deliveries.name, made.snapshots.name, made.reports.name, made.tmp.name} <= {
        entry.name for entry in made.path.iterdir() if entry.is_dir()
    }


def test_opening_it_again_finds_the_same_workspace(tmp_path: Path) -> None:
    assert open_workspace(tmp_path / "ws") == open_workspace(tmp_path / "ws", create=False)


def test_an_empty_folder_becomes_a_workspace(tmp_path: Path) -> None:
    (tmp_path / "ws").mkdir(mode=0o755)
    (tmp_path / "ws" / f".{MARKER}.half").write_text("{")
    made = open_workspace(tmp_path / "ws")
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o700


def test_an_absent_workspace_is_not_made_unasked(tmp_path: Path) -> None:
    assert refusal(tmp_path / "ws", create=False) == "workspace_absent"
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_no_workspace(tmp_path: Path) -> None:
    (tmp_path / "ws").write_text("x")
    assert refusal(tmp_path / "ws") == "workspace_not_folder"


@pytest.mark.parametrize("name", ["ws?", "w\\s", "w\udcbas"])
def test_a_path_that_the_engine_cannot_take_is_refused_before_anything_is_made(
    tmp_path: Path, name: str
) -> None:
    with pytest.raises(HeduiError) as caught:
        open_workspace(tmp_path / name)
    assert caught.value.key == "workspace_name"
    assert str(caught.value).isprintable()
    assert list(tmp_path.iterdir()) == []


def test_any_other_name_is_as_good_as_another(tmp_path: Path) -> None:
    made = open_workspace(tmp_path / "核对　[0-9]*'#%41 {1,2};=~")
    assert open_workspace(made.path, create=False) == made


def test_a_folder_with_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "ws").mkdir()
    (tmp_path / "ws" / "letter.txt").write_text("x")
    assert refusal(tmp_path / "ws") == "workspace_foreign"
    assert [entry.name for entry in (tmp_path / "ws").iterdir()] == ["letter.txt"]


@pytest.mark.parametrize(
    ("marker", "key"),
    [
        ("{", "workspace_damaged"),
        ("[]", "workspace_damaged"),
        ('{"kind": "hedui-workspace"}', "workspace_damaged"),
        ('{"kind": "other", "layout": 1, "workspace_id": "x"}', "workspace_foreign"),
        ('{"kind": "hedui-workspace", "layout": 99, "workspace_id": "x"}', "workspace_newer"),
    ],
)
def test_a_marker_that_is_not_ours_is_refused(tmp_path: Path, marker: str, key: str) -> None:
    made = open_workspace(tmp_path / "ws")
    (made.path / MARKER).write_text(marker)
    assert refusal(tmp_path / "ws") == key
    assert (made.path / MARKER).read_text() == marker


def test_where_nothing_can_be_written_nothing_is_half_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    assert refusal(tmp_path / "file" / "ws") == "workspace_not_writable"
    assert refusal(Path("/proc/hedui-ws")) == "workspace_not_writable"
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]


def test_a_failure_while_making_it_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(json, "dumps", full)
    assert refusal(tmp_path / "ws") == "workspace_not_writable"
    assert list(tmp_path.iterdir()) == []


def test_missing_folders_of_a_workspace_are_made_again(tmp_path: Path) -> None:
    made = open_workspace(tmp_path / "ws")
    made.reports.rmdir()
    assert open_workspace(tmp_path / "ws").reports.is_dir()
