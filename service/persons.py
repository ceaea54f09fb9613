"""Persons typed in, for a check: read and held to the agreement's codes."""

import json
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final

from domain.errors import HeduiError
from domain.wording import text
from pipelines.typed_people import TypedHousehold, TypedPerson

MOST_PERSONS: Final = 12
RELATIONS: Final = ("01", "10", "20", "30", "40", "50", "60", "70", "97", "99")
SCHEMES: Final = ("11", "12", "21", "22", "23", "31", "32")
MEMBER_KINDS: Final = ("1", "2")
_MOST_TEXT: Final = 60
_TOWNSHIP: Final = re.compile("[0-9]{9}")


def read_persons_file(path: Path) -> TypedHousehold:
    """The household in a JSON file (docs/how-to/check.md).

    Raises HeduiError ``check_persons_unread``, and ``check_persons_bad``, which names the field and
    never what stood in it.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise HeduiError("check_persons_unread", file=path, cause=error.strerror) from error
    except (ValueError, RecursionError) as error:
        raise HeduiError("check_persons_bad", file=path.name, problem="JSON") from error
    return typed_household(content, path.name)


def typed_household(content: Any, name: str) -> TypedHousehold:
    """The same from parsed JSON; ``name`` says in errors where it came from."""
    if not isinstance(content, Mapping) or not isinstance(content.get("persons"), list):
        raise HeduiError("check_persons_bad", file=name, problem="persons")
    persons = content["persons"]
    if not 1 <= len(persons) <= MOST_PERSONS:
        raise HeduiError("check_persons_bad", file=name, problem=f"persons: 1–{MOST_PERSONS}")
    return TypedHousehold(
        township_code=_township(content, name),
        scheme=_code(content, "scheme", SCHEMES, name),
        people=tuple(_person(one, place, name) for place, one in enumerate(persons, start=1)),
    )


def _person(one: Any, place: int, name: str) -> TypedPerson:
    where = text("web.persons.where", name=name, place=place)
    if not isinstance(one, Mapping):
        raise HeduiError("check_persons_bad", file=name, problem=f"persons[{place}]")
    return TypedPerson(
        name=_text(one, "name", where),
        id_no=_text(one, "id_no", where, default=""),
        relation=_code(one, "relation", RELATIONS, where),
        member_kind=_code({"member_kind": "1", **one}, "member_kind", MEMBER_KINDS, where),
        declared_income_yuan=_yuan(one.get("declared_income_yuan"), where),
        authorised_on=_day(one.get("authorised_on"), where),
    )


def _bad(where: str, key: str, allowed: str = "") -> HeduiError:
    """Which field is amiss, as the form calls it and as a file does; never what stood in it."""
    problem = f"{text(f'web.persons.{key}')} {allowed}".strip()
    return HeduiError("check_persons_bad", file=where, problem=problem)


def _text(one: Mapping[str, Any], key: str, where: str, default: str | None = None) -> str:
    value = one.get(key, default)
    if not isinstance(value, str) or len(value) > _MOST_TEXT:
        raise _bad(where, key)
    if not value.strip() and default is None:
        raise _bad(where, key)
    return value.strip()


def _township(content: Mapping[str, Any], name: str) -> str:
    code = _text(content, "township_code", name)
    if not _TOWNSHIP.fullmatch(code):
        raise _bad(name, "township_code")
    return code


def _code(one: Mapping[str, Any], key: str, allowed: tuple[str, ...], where: str) -> str:
    if one.get(key) not in allowed:
        raise _bad(where, key, "/".join(allowed))
    return str(one[key])


def _yuan(value: Any, where: str) -> Decimal | None:
    if value is None or value == "":
        return None
    try:
        amount = Decimal(str(value))
    except InvalidOperation as error:
        raise _bad(where, "declared_income_yuan") from error
    if not amount.is_finite() or not 0 <= amount < 10_000_000:
        raise _bad(where, "declared_income_yuan")
    if amount != (in_fen := amount.quantize(Decimal("0.01"))):
        raise _bad(where, "declared_income_yuan")
    return in_fen


def _day(value: Any, where: str) -> date | None:
    if value is None or value == "":
        return None
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise _bad(where, "authorised_on") from error
