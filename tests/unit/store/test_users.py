"""Accounts lock after wrong passwords, and sessions end when they should."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.errors import HeduiError
from service.auth import hash_password, sign_in
from store.users import (
    IDLE,
    LOCK_AFTER,
    LOCKED_FOR,
    LONGEST,
    User,
    add_user,
    end_session,
    session_of,
    set_disabled,
    set_password,
)

AT = datetime(2026, 11, 21, 1, 30, tzinfo=UTC)
RIGHT = "correct-horse-42"
USER = User(0, "zhao", "赵强", "township", "990102001", None, is_disabled=False)


@pytest.fixture
def staffed(ledger):
    add_user(ledger, USER, hash_password(RIGHT), at=AT)
    return ledger


def refused(ledger, password: str = RIGHT, at: datetime = AT, name: str = "zhao") -> bool:
    try:
        sign_in(ledger, name, password, kind="page", at=at)
    except HeduiError as error:
        return error.key == "sign_in_refused"
    return False


def test_the_right_password_signs_in_and_the_secret_is_not_in_the_store(staffed):
    secret = sign_in(staffed, "zhao", RIGHT, kind="page", at=AT)
    found = session_of(staffed, secret, at=AT)
    assert found is not None
    assert found.user.full_name == "赵强"
    assert secret.encode() not in staffed.workspace.ledger_file.read_bytes()


def test_wrong_unknown_closed_and_locked_are_refused_alike(staffed):
    assert refused(staffed, "wrong-password")
    assert refused(staffed, name="nobody")
    set_disabled(staffed, "zhao", disabled=True, at=AT)
    assert refused(staffed)


def test_five_failures_lock_the_account_for_a_quarter_of_an_hour(staffed):
    for _ in range(LOCK_AFTER):
        assert refused(staffed, "wrong-password")
    assert refused(staffed)
    assert refused(staffed, at=AT + LOCKED_FOR - timedelta(seconds=1))
    assert not refused(staffed, at=AT + LOCKED_FOR)


def test_a_session_ends_by_idling_by_age_and_by_revoking(staffed):
    secret = sign_in(staffed, "zhao", RIGHT, kind="page", at=AT)
    assert session_of(staffed, secret, at=AT + IDLE - timedelta(seconds=1)) is not None
    moment = AT
    while moment < AT + LONGEST:
        moment += IDLE - timedelta(minutes=1)
        alive = session_of(staffed, secret, at=moment) is not None
        assert alive is (moment < AT + LONGEST)
    other = sign_in(staffed, "zhao", RIGHT, kind="page", at=AT)
    assert session_of(staffed, other, at=AT + IDLE) is None
    third = sign_in(staffed, "zhao", RIGHT, kind="page", at=AT)
    live = session_of(staffed, third, at=AT)
    end_session(staffed, live.session_hash, at=AT)
    assert session_of(staffed, third, at=AT) is None


def test_closing_an_account_or_changing_its_password_ends_its_sessions(staffed):
    secret = sign_in(staffed, "zhao", RIGHT, kind="api", at=AT)
    set_password(staffed, "zhao", hash_password("another-word-77"), at=AT)
    assert session_of(staffed, secret, at=AT) is None
    assert refused(staffed)
    assert not refused(staffed, "another-word-77")


def test_two_users_of_one_name_are_refused(staffed):
    with pytest.raises(HeduiError) as error:
        add_user(staffed, USER, "x", at=AT)
    assert error.value.key == "user_exists"


@pytest.mark.parametrize("weak", ["short-1", "aaaaaaaaaaaaaaaa", "abababababababab"])
def test_a_weak_password_is_refused(weak):
    with pytest.raises(HeduiError) as error:
        hash_password(weak)
    assert error.value.key == "password_weak"
