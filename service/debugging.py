"""The whole trace of an internal error, for whoever mends it: numbers masked, the rest as it is."""

import os
import sys
import traceback
from typing import Final

from domain.masking import mask_numbers_in
from domain.wording import text

SETTING: Final = "HEDUI_DEBUG"


def is_debugging() -> bool:
    """Whether traces of internal errors are wanted."""
    return bool(os.environ.get(SETTING))


def print_trace(error: BaseException) -> None:
    """The trace on standard error.

    An exception's text may quote a value it stumbled over. Identity and bank card numbers in it are
    masked; a name or an address cannot be told from other words, so a line before it says so.
    """
    told = "".join(traceback.format_exception(error))
    sys.stderr.write(f"{text('cli.trace')}\n{mask_numbers_in(told)}")
