"""How the service is set up: where it listens, its bounds, and the headers of its answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final

MAX_BODY_BYTES: Final = 64 * 1024
PAGE_SIZE: Final = 25
PAGE_SIZE_MAX: Final = 100
CHECKS_A_DAY: Final = 200
_CSP: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": _CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000",
}
"""What every answer is sent with."""

NOT_KEPT: Final[Mapping[str, str]] = {"Cache-Control": "no-store"}
"""With what besides, where it is no file of the pages'."""


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
