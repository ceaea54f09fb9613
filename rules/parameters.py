"""The local policy: dated values with their sources, one file a division."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Final

from domain.errors import HeduiError
from domain.marked_yaml import Marked, read_marked

POLICY_FOLDER: Final = Path(__file__).parent / "policy"
_KNOWN_FILE: Final = Path(__file__).parent / "parameters.yaml"
_LIST_KIND: Final = "codes"
_WHOLE_KINDS: Final = frozenset({"months", "count"})
_ENTRY_FIELDS: Final = frozenset({"from", "value", "source"})


@dataclass(frozen=True, slots=True)
class DatedValue:
    """A parameter's value from ``valid_from`` on: a number, or a tuple of codes."""

    valid_from: date
    value: Decimal | tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Policy:
    """The dated parameters of one division (6 digits); values of each in order of their dates."""

    division: str
    title: str
    file: str
    parameters: Mapping[str, tuple[DatedValue, ...]]

    def at(self, name: str, on: date) -> DatedValue:
        """The value of ``name`` in force on a date: the last one from on or before it.

        Raises HeduiError where the policy has no such parameter, or none as early as that.
        """
        if name not in self.parameters:
            raise HeduiError("rules_parameter_missing", name=name, file=self.file)
        in_force = [value for value in self.parameters[name] if value.valid_from <= on]
        if not in_force:
            raise HeduiError("rules_parameter_not_in_force", name=name, file=self.file, on=on)
        return in_force[-1]

    def require(self, names: Iterable[str], on: date | None = None) -> None:
        """Raise HeduiError naming the first of ``names`` (in order) that the policy lacks.

        With ``on``, each must also have a value in force on that date.
        """
        for name in sorted(names):
            if name not in self.parameters:
                raise HeduiError("rules_parameter_missing", name=name, file=self.file)
            if on is not None:
                self.at(name, on)


@cache
def known_parameters() -> Mapping[str, str]:
    """Every parameter a policy may hold, with its kind (rules/parameters.yaml), in that order."""
    marked = read_marked(_KNOWN_FILE).mapping("parameters")
    return {name: item.mapping(name)["kind"].text("kind") for name, item in marked.items()}


@cache
def parameter_titles(lang: str) -> Mapping[str, str]:
    """What each parameter is called, in ``zh`` or ``en``."""
    marked = read_marked(_KNOWN_FILE).mapping("parameters")
    return {name: item.mapping(name)[lang].text(lang) for name, item in marked.items()}


def load_policy(path: Path) -> Policy:
    """Read one policy file.

    Raises HeduiError with file and line for an unreadable file, an unknown parameter, a value of
    the wrong kind, and dates that are missing, out of order or given twice.
    """
    if not path.is_file():
        raise HeduiError("rules_policy_absent", file=path.name)
    document = read_marked(path).mapping("policy")
    for name in ("division", "title", "parameters"):
        if name not in document:
            raise HeduiError("rules_field_missing", file=path.name, line=1, what=name)
    division = document["division"].text("division")
    if not (division.isdigit() and len(division) == 6):
        raise document["division"].refuse("division_invalid", value=division)
    return Policy(
        division=division,
        title=document["title"].text("title"),
        file=path.name,
        parameters={
            name: _values(name, entries)
            for name, entries in document["parameters"].mapping("parameters").items()
        },
    )


def _values(name: str, entries: Marked) -> tuple[DatedValue, ...]:
    kind = known_parameters().get(name)
    if kind is None:
        raise entries.refuse("parameter_unknown", name=name)
    rows = entries.sequence(name)
    if not rows:
        raise entries.refuse("parameter_empty", name=name)
    values = tuple(_dated_value(name, kind, row) for row in rows)
    for row, before, after in zip(rows[1:], values, values[1:], strict=False):
        if after.valid_from == before.valid_from:
            raise row.refuse("parameter_overlaps", name=name, on=after.valid_from)
        if after.valid_from < before.valid_from:
            raise row.refuse("parameter_unsorted", name=name, on=after.valid_from)
    return values


def _dated_value(name: str, kind: str, row: Marked) -> DatedValue:
    fields = row.mapping(name)
    for field in sorted(_ENTRY_FIELDS):
        if field not in fields or fields[field].value in (None, ""):
            raise row.refuse("parameter_incomplete", name=name, what=field)
    for field in fields:
        if field not in _ENTRY_FIELDS:
            raise row.refuse("parameter_field_unknown", name=name, what=field)
    return DatedValue(
        valid_from=_day(name, fields["from"]),
        value=_value(name, kind, fields["value"]),
        source=fields["source"].text("source"),
    )


def _day(name: str, marked: Marked) -> date:
    try:
        return date.fromisoformat(marked.text("from"))
    except ValueError as error:
        raise marked.refuse("parameter_date", name=name, value=marked.plain()) from error


def _value(name: str, kind: str, marked: Marked) -> Decimal | tuple[str, ...]:
    if kind == _LIST_KIND:
        return tuple(code.text(name) for code in marked.sequence(name))
    number = _number(name, marked)
    is_whole = number == number.to_integral_value()
    if number < 0 or (kind == "share" and number > 1) or (kind in _WHOLE_KINDS and not is_whole):
        raise marked.refuse("parameter_value", name=name, value=number)
    return number


def _number(name: str, marked: Marked) -> Decimal:
    try:
        number = Decimal(marked.text(name))
    except InvalidOperation as error:
        raise marked.refuse("parameter_value", name=name, value=marked.plain()) from error
    if not number.is_finite():
        raise marked.refuse("parameter_value", name=name, value=number)
    return number


def check_divisions(policies: Sequence[Policy]) -> None:
    """Raise HeduiError where two policies speak for one division."""
    seen: dict[str, Policy] = {}
    for policy in policies:
        if policy.division in seen:
            raise HeduiError(
                "rules_division_twice",
                division=policy.division,
                file=policy.file,
                other=seen[policy.division].file,
            )
        seen[policy.division] = policy


def as_at(policy: Policy, on: date) -> Policy:
    """The same policy as if its values in force on a date had always been in force."""
    return Policy(
        policy.division,
        policy.title,
        policy.file,
        {
            name: (DatedValue(date.min, in_force[-1].value, in_force[-1].source),)
            for name, values in policy.parameters.items()
            if (in_force := [value for value in values if value.valid_from <= on])
        },
    )
