"""The fields of a rule's YAML: each read with its place, and refused there when it is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from domain.codes import BENEFIT_STATUSES, SCHEMES
from domain.marked_yaml import Marked
from rules.interface import NAMES
from rules.parameters import known_parameters

LANGUAGES: Final = ("zh", "en")
MAIN_SENTENCE: Final = "main"
FACT_CLASSES: Final = frozenset(
    {
        "person_name", "id_no", "birth_date", "plate", "address", "employer", "phone", "text",
        "yuan", "yuan:not_declared", "yuan:not_looked_at", "area", "date", "month", "count",
        "share",
    }
)  # fmt: skip
CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "direction": ("over", "under", "data", "supervision"),
    "per": ("case", "person", "household", "resident"),
    "authorisation": ("none", "required"),
    "certain_links": ("all", "any"),
    "about": ("counted", "beneficiary", "adult", "applicant"),
}
_ACTIVE: Final = ("1", "3")
MEMBERS: Final = "civil_affairs.members"
_HOUSEHOLDS: Final = "civil_affairs.households"


@dataclass(frozen=True, slots=True)
class Basis:
    """An article in force from ``valid_from`` until (exclusive) ``valid_to``."""

    valid_from: date
    valid_to: date | None
    cite: str
    articles: tuple[str, ...]

    def is_in_force(self, on: date) -> bool:
        """Whether the article is to be printed beside a finding as of ``on``."""
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that must hold of what a rule examines, for it to be found.

    ``holds`` is a SQL expression over the columns of the rule's ``.examined.sql``: true, false, or
    null where nobody can tell. ``decides_application``: where it is false, the rule does not apply
    to the case at all. ``line``: where ``holds`` stands in the YAML.
    """

    says: Mapping[str, str]
    holds: str
    decides_application: bool
    line: int


def choice(name: str, fields: Mapping[str, Marked]) -> str:
    """One of the values allowed for the field; the first of them where it is not given."""
    allowed = CHOICES[name]
    if name not in fields:
        return allowed[0]
    value = fields[name].text(name)
    if value not in allowed:
        raise fields[name].refuse("choice", what=name, value=value, allowed=", ".join(allowed))
    return value


def switch(name: str, fields: Mapping[str, Marked]) -> bool:
    """A yes or no; no where it is not given."""
    if name not in fields:
        return False
    value = fields[name].text(name)
    if value not in ("true", "false"):
        raise fields[name].refuse("choice", what=name, value=value, allowed="true, false")
    return value == "true"


def each_in(name: str, marked: Marked, allowed: frozenset[str]) -> tuple[str, ...]:
    """A list of values that are all allowed."""
    items = marked.sequence(name)
    for item in items:
        if item.text(name) not in allowed:
            raise item.refuse(
                "choice", what=name, value=item.value, allowed=", ".join(sorted(allowed))
            )
    return tuple(item.text(name) for item in items)


def datasets_of(name: str, fields: Mapping[str, Marked]) -> tuple[str, ...]:
    """A list of dataset names; empty where it is not given."""
    return each_in(name, fields[name], NAMES) if name in fields else ()


def with_own(needs: tuple[str, ...], choices: Mapping[str, str]) -> tuple[str, ...]:
    """The needed datasets with civil affairs' own, by which people are known to be listed."""
    looks_at_people = choices["per"] != "case" or choices["authorisation"] == "required"
    own = (_HOUSEHOLDS, MEMBERS) if looks_at_people else (_HOUSEHOLDS,)
    return (*(dataset for dataset in own if dataset not in needs), *needs)


def parameters_of(fields: Mapping[str, Marked]) -> tuple[str, ...]:
    """The parameters the rule uses, all of them known."""
    if "parameters" not in fields:
        return ()
    return each_in("parameters", fields["parameters"], frozenset(known_parameters()))


def applies_to(fields: Mapping[str, Marked]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The schemes and the statuses of benefit that the rule is about."""
    schemes: tuple[str, ...] = SCHEMES
    statuses: tuple[str, ...] = _ACTIVE
    if "applies_to" not in fields:
        return schemes, statuses
    for name, marked in fields["applies_to"].mapping("applies_to").items():
        if name == "schemes":
            schemes = each_in(name, marked, frozenset(SCHEMES))
        elif name == "statuses":
            statuses = each_in(name, marked, frozenset(BENEFIT_STATUSES))
        else:
            raise marked.refuse("field_unknown", what=f"applies_to.{name}")
    return schemes, statuses


def text_by_language(name: str, marked: Marked) -> Mapping[str, Marked]:
    """A text in every language."""
    languages = marked.mapping(name)
    for language in LANGUAGES:
        if language not in languages:
            raise marked.refuse("field_missing", what=f"{name}.{language}")
    return languages


def sentences_of(marked: Marked) -> Mapping[str, str]:
    """Sentences by name; a single one is the main one."""
    if isinstance(marked.value, dict):
        return {name: sentence.text(name) for name, sentence in marked.value.items()}
    return {MAIN_SENTENCE: marked.text("says")}


def facts_of(marked: Marked) -> Mapping[str, str]:
    """The class of each declared fact."""
    facts = marked.mapping("facts")
    for name, kind in facts.items():
        has_list = kind.text(name).split(":")[0] in ("code", "letters")
        if not has_list and kind.text(name) not in FACT_CLASSES:
            raise kind.refuse(
                "choice", what=name, value=kind.value, allowed=", ".join(sorted(FACT_CLASSES))
            )
    return {name: kind.text(name) for name, kind in facts.items()}


def some_of(name: str, fields: Mapping[str, Marked]) -> list[Marked]:
    """A list that is not empty."""
    items = fields[name].sequence(name)
    if not items:
        raise fields[name].refuse("list_empty", what=name)
    return items


def condition_of(marked: Marked) -> Condition:
    """One condition: what it says in each language, and what must hold."""
    fields = marked.mapping("conditions")
    for name in (*LANGUAGES, "holds"):
        if name not in fields:
            raise marked.refuse("field_missing", what=f"conditions.{name}")
    for name, field in fields.items():
        if name not in (*LANGUAGES, "holds", "applies"):
            raise field.refuse("field_unknown", what=f"conditions.{name}")
    return Condition(
        says={lang: fields[lang].text(lang) for lang in LANGUAGES},
        holds=fields["holds"].text("holds"),
        decides_application=switch("applies", fields),
        line=fields["holds"].line,
    )


def basis_of(marked: Marked) -> Basis:
    """One article with its dates."""
    fields = marked.mapping("basis")
    for name in ("from", "cite"):
        if name not in fields:
            raise marked.refuse("field_missing", what=f"basis.{name}")
    articles = fields["articles"].sequence("articles") if "articles" in fields else []
    return Basis(
        valid_from=day_of(fields["from"]),
        valid_to=day_of(fields["until"]) if "until" in fields else None,
        cite=fields["cite"].text("cite"),
        articles=tuple(article.text("article") for article in articles),
    )


def day_of(marked: Marked) -> date:
    """A date."""
    try:
        return date.fromisoformat(marked.text("date"))
    except ValueError as error:
        raise marked.refuse("date", value=marked.value) from error
