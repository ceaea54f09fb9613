"""The check slip as a PDF, by typst; the same slip gives the same bytes."""

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from domain.wording import language, text
from reports.check_slip import Slip

_TEMPLATE: Final = Path(__file__).parent / "templates" / "slip.typ"
_FONTS: Final = "manimgx_fonts_cjk"
_WORDS: Final = (
    "title", "number", "asked_by", "asked_at", "purpose", "authorisation", "target", "scheme",
    "township", "as_of", "valid_until", "conclusion", "people", "income", "heads", "total",
    "per_head", "line", "lower_bound", "over", "within", "not_judged", "declared", "not_declared",
    "found", "counted", "wage", "pension", "unemployment", "unknown", "sources", "source",
    "data_date", "findings", "entitled", "no_findings", "no_entitled", "clears", "next", "basis",
    "unchecked", "no_unchecked", "kind_of_member", "links", "links_note", "hash", "verify",
    "foot", "identity",
)  # fmt: skip


def slip_pdf(slip: Slip) -> bytes:
    """The slip on paper."""
    import typst  # the compiler takes a moment to load

    given = {"slip": json.dumps(slip, ensure_ascii=False), "words": _words(language())}
    made = typst.compile(
        str(_TEMPLATE),
        sys_inputs=given,
        font_paths=[str(_font_folder())],
        ignore_system_fonts=True,
    )
    return bytes(made)


@cache
def _words(lang: str) -> str:
    words = {name: text(f"web.slip.{name}", lang) for name in _WORDS}
    for name, codes in (
        ("kind", ("case", "application", "persons")),
        ("conclusions", ("agrees", "differs", "to_verify")),
        ("conclusion_note", ("agrees", "differs", "to_verify")),
        ("identity_grade", ("certain", "probable", "none", "unasked")),
        ("authorised", ("given", "by_applicant", "none")),
        (
            "source_state",
            (
                "found", "found_probable", "nothing_found", "queried", "not_received", "stale",
                "held", "not_authorised",
            ),
        ),
    ):  # fmt: skip
        words |= {f"{name}.{code}": text(f"web.slip.{name}.{code}", lang) for code in codes}
    words |= {name: text(f"web.{name}", lang) for name in ("colon", "semicolon")}
    words["name"] = text("web.finding.name", lang)
    words |= {f"grade.{code}": text(f"reports.grade.{code}", lang) for code in ("flag", "verify")}
    return json.dumps(words, ensure_ascii=False)


def _font_folder() -> Path:
    spec = find_spec(_FONTS)
    places = list(spec.submodule_search_locations or ()) if spec else []
    return Path(places[0]) if places else Path("/usr/share/fonts")
