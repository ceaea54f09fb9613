"""Pages from templates: everything from data is escaped, every form carries its token."""

from datetime import datetime
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from domain.dates import HERE
from domain.masking import mask
from domain.wording import language, text
from rules.sentences import code_label
from service.acts import act_said
from service.roles import Caller

_TEMPLATES: Final = Path(__file__).parent / "templates"
STATIC: Final = Path(__file__).parent / "static"


def page(
    request: Request, template: str, status: int = HTTPStatus.OK, **values: Any
) -> HTMLResponse:
    """A rendered page; ``caller`` and ``csrf_token`` are at hand in every template."""
    caller: Caller | None = getattr(request.state, "caller", None)
    given = {
        "caller": caller,
        "csrf_token": caller.signed_in.csrf_token if caller else "",
        "path": request.url.path,
        **values,
    }
    return HTMLResponse(_environment().get_template(template).render(given), status_code=status)


def _here(at: datetime) -> str:
    return at.astimezone(HERE).strftime("%Y-%m-%d %H:%M:%S")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(t=text, lang=language, here=_here)
    environment.filters["masked"] = lambda value, kind: mask(kind, str(value)) if value else "—"
    environment.filters["code"] = lambda value, code_list: code_label(
        code_list, str(value), language()
    )
    environment.filters["yuan"] = lambda value: "—" if value is None else f"{value:,.2f}"
    environment.filters["act"] = act_said
    environment.filters["dash"] = lambda value: value if value not in (None, "") else "—"
    return environment
