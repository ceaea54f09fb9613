"""How the service is set up: where it listens, and its bounds."""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final

MAX_BODY_BYTES: Final = 64 * 1024
PAGE_SIZE: Final = 25
PAGE_SIZE_MAX: Final = 100
CHECKS_A_DAY: Final = 200


@dataclass(frozen=True, slots=True)
class CheckLimits:
    """What one user and the whole service may ask for.

    ``at_once`` checks are worked on at a time, ``waiting`` more may queue; what comes beyond gets
    429 and is told to come again after ``retry_seconds``. While a night publishes, the ledger takes
    no other writing for a second or two: what arrives at thirty a second until then finds a place.
    """

    a_day: int = CHECKS_A_DAY
    at_once: int = 2
    waiting: int = 100
    retry_seconds: int = 1


@dataclass(frozen=True, slots=True)
class Settings:
    """The service's settings, from the command line."""

    workspace: Path
    host: str = "127.0.0.1"
    port: int = 8000
    is_secure: bool = True  # cookies only over https, or on this machine
    limits: CheckLimits = field(default_factory=CheckLimits)
    slip_valid_for: timedelta = timedelta(days=30)
