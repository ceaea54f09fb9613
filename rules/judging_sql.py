"""The queries of the folder ``judging/``, which put answers and findings together."""

from functools import cache
from pathlib import Path
from typing import Final

_FOLDER: Final = Path(__file__).parent / "judging"


@cache
def judging_query(name: str) -> str:
    """The text of ``judging/<name>.sql``."""
    return (_FOLDER / f"{name}.sql").read_text(encoding="utf-8")
