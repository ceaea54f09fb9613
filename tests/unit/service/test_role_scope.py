"""What a user may see follows from role and division, compared by level."""

import pytest

from domain.errors import HeduiError
from service.roles import Role, check_division, covers
from store.users import User


def user(role: Role, division: str | None) -> User:
    return User(1, "u", "某", role.value, division, None, is_disabled=False)


@pytest.mark.parametrize(
    ("role", "division", "township", "sees"),
    [
        (Role.TOWNSHIP, "990102001", "990102001", True),
        (Role.TOWNSHIP, "990102001", "990102001003", True),
        (Role.TOWNSHIP, "990102001", "990102002", False),
        (Role.TOWNSHIP, "990102001", "990102", False),
        (Role.COUNTY, "990102", "990102001", True),
        (Role.COUNTY, "990102", "990103001", False),
        (Role.AUDITOR, None, "990102001", True),
        (Role.AUDITOR, None, None, True),
        (Role.AUDITOR, "990102", "990103001", False),
        (Role.ADMINISTRATOR, None, "990102001", False),
        (Role.ADMINISTRATOR, "990102", "990102001", False),
        (Role.COUNTY, "990102", None, False),
        (Role.COUNTY, "990102", "99010200", False),
        (Role.COUNTY, None, "990102001", False),
    ],
)
def test_who_sees_what(role, division, township, sees):
    assert covers(user(role, division), township) is sees


@pytest.mark.parametrize(
    ("role", "division"),
    [
        (Role.TOWNSHIP, None), (Role.TOWNSHIP, "990102"), (Role.TOWNSHIP, "990102000"),
        (Role.COUNTY, "990102001"), (Role.COUNTY, None), (Role.ADMINISTRATOR, "990102"),
        (Role.AUDITOR, "99"),
    ],
)  # fmt: skip
def test_a_division_that_does_not_fit_the_role_is_refused(role, division):
    with pytest.raises(HeduiError):
        check_division(role, division)


@pytest.mark.parametrize(
    ("role", "division"),
    [(Role.TOWNSHIP, "990102001"), (Role.COUNTY, "990102"), (Role.AUDITOR, None),
     (Role.AUDITOR, "990102"), (Role.ADMINISTRATOR, None)],
)  # fmt: skip
def test_a_division_that_fits_is_taken(role, division):
    check_division(role, division)
