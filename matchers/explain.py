"""Why a record is linked to a person, or is not: one phrase for each comparison, in words."""

from functools import cache
from typing import Final

from domain.wording import text

_SUBJECT: Final = " | subject "


@cache
def explain(code: str, lang: str | None = None) -> str:
    """The reason ``code`` (``name:same birth:same …``) of ``linked`` tables in words.

    What leads to the person in the register and what leads from there to the person on assistance
    are said one after the other. An empty code says nothing.
    """
    if not code:
        return ""
    record, _, subject = code.partition(_SUBJECT)
    said = _phrases(record, lang)
    if not subject:
        return said
    return text("links.through_subject", lang, record=said, subject=_phrases(subject, lang))


def _phrases(code: str, lang: str | None) -> str:
    parts = (part.partition(":") for part in code.split())
    joined = text("links.joiner", lang)
    return joined.join(
        text(f"links.{comparison}.{level or 'is'}", lang) for comparison, _, level in parts
    )
