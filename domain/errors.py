"""Every error raised on purpose: what, where, what to do, and never a person's values."""

from domain.wording import text


class HeduiError(Exception):
    """A failure somebody can act on.

    ``key`` names its sentence in the text catalogue (``errors.<key>``); ``fields`` fill it. The
    sentence is rendered when shown, so it follows the language in use. ``exit_status`` is what the
    command line ends with.
    """

    exit_status = 1

    def __init__(self, key: str, **fields: object) -> None:
        self.key = key
        self.fields = fields
        super().__init__(key)

    def __str__(self) -> str:
        return text(f"errors.{self.key}", **self.fields)


class ParityDiffers(HeduiError):
    """A night is done and published, and a household asked again was answered otherwise (3).

    Whoever watches the nights must hear of it, and must not take it for a night that is to be
    repeated: it has a status of its own.
    """

    exit_status = 3


class AnotherRunGoing(HeduiError):
    """The workspace is locked by a run that is alive (exit status 75, EX_TEMPFAIL)."""

    exit_status = 75
