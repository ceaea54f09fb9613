"""Who is asking, and what of the district they may see."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from domain.division import Division, Level, is_within
from domain.errors import HeduiError
from store.users import SignedIn, User


class Role(StrEnum):
    """The four roles. An administrator keeps accounts and sees no case."""

    TOWNSHIP = "township"
    COUNTY = "county"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


_LEVEL: Final = {Role.TOWNSHIP: Level.TOWNSHIP, Role.COUNTY: Level.DISTRICT}


@dataclass(frozen=True, slots=True)
class Caller:
    """A signed-in user and from where they ask (an address)."""

    signed_in: SignedIn
    origin: str

    @property
    def user(self) -> User:
        """The user."""
        return self.signed_in.user

    @property
    def role(self) -> Role:
        """The user's role."""
        return Role(self.user.role)

    def covers(self, township_code: str | None) -> bool:
        """Whether a case of that division is within what the caller may see.

        A code nobody can read lies nowhere: only an auditor of all divisions sees such cases.
        """
        return covers(self.user, township_code)


def covers(user: User, township_code: str | None) -> bool:
    """Whether ``user`` may see cases of a division."""
    if user.role == Role.ADMINISTRATOR:
        return False
    if user.division is None:
        return user.role == Role.AUDITOR
    return is_within(township_code, user.division)


def check_division(role: Role, division: str | None) -> None:
    """Refuse a division that does not fit the role. Raises HeduiError ``user_division``."""
    wanted = _LEVEL.get(role)
    if wanted is None:
        if role is Role.ADMINISTRATOR and division is not None:
            raise HeduiError("user_division_none", role=role.value)
        if division is not None and Division.parse(division) is None:
            raise HeduiError("user_division", role=role.value, digits=int(Level.DISTRICT))
        return
    parsed = Division.parse(division or "")
    if parsed is None or len(division or "") != wanted or parsed.level != wanted:
        raise HeduiError("user_division", role=role.value, digits=int(wanted))
