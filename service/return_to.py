"""Back to the page that somebody wanted when their session had ended."""

import re
from typing import Final
from urllib.parse import urlencode

_OURS: Final = re.compile(r"/(?:findings|checks|looks|users)(?:[/?.][A-Za-z0-9/_.?&=%+~-]*)?")
_LONGEST: Final = 400


def sign_in_address(wanted: str) -> str:
    """The address of the sign-in form that leads on to ``wanted``, where that is a page of ours."""
    kept = page_of_ours(wanted)
    return f"/sign-in?{urlencode({'next': kept})}" if kept else "/sign-in"


def page_of_ours(wanted: str) -> str:
    """``wanted`` where it is the address of one of our pages on this very service, else nothing.

    Never another host's, and never an act: those are posted.
    """
    is_ours = len(wanted) <= _LONGEST and _OURS.fullmatch(wanted) and "//" not in wanted
    return wanted if is_ours else ""
