"""A full disk is known for one, whoever wrote and however it was wrapped."""

import errno
import os
import sqlite3
from pathlib import Path

import duckdb
import pytest
from sqlalchemy.exc import OperationalError

from store.room import cause_of, full_places, is_for_room


def wrapped(error):
    try:
        raise RuntimeError from error
    except RuntimeError as outer:
        return outer


def in_sqlalchemy(said):
    return OperationalError("insert", {}, sqlite3.OperationalError(said))


FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/mnt/x")


@pytest.mark.parametrize(
    "error",
    [
        FULL,
        wrapped(FULL),
        OSError(errno.EDQUOT, "quota"),
        OSError(errno.EFBIG, "too large"),
        duckdb.IOException('Could not write file "x": No space left on device'),
        duckdb.TransactionException("Failed to commit: No space left on device"),
        in_sqlalchemy("database or disk is full"),
        wrapped(in_sqlalchemy("database or disk is full")),
    ],
)
def test_a_full_disk_is_known_and_said(error):
    assert is_for_room(error)
    assert cause_of(error).partition("：")[0] == "磁盘已满"


def test_the_systems_own_word_is_kept_for_its_administrator():
    assert cause_of(wrapped(FULL)) == "磁盘已满：No space left on device"


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (
            OSError(errno.EACCES, "Permission denied", "No space left on device"),
            "Permission denied",
        ),
        (duckdb.IOException("cannot open"), "IOException"),
        (in_sqlalchemy("database is locked"), "OperationalError"),
        (ValueError("x"), "ValueError"),
    ],
)
def test_anything_else_is_not_taken_for_one(error, cause):
    assert not is_for_room(error)
    assert cause_of(error) == cause


def test_errors_that_came_of_one_another_in_a_ring_are_looked_at_once():
    one, other = ValueError(), ValueError()
    one.__context__, other.__context__ = other, one
    assert not is_for_room(one)


def test_a_disk_with_room_is_no_full_place(tmp_path):
    assert full_places([tmp_path / "not" / "there"]) == []


def test_a_text_that_no_file_can_be_called_is_no_full_place():
    assert full_places([Path("x" * 5000), Path("/" + "y" * 5000), Path("a\0b")]) == []
