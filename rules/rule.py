"""One rule, read from its four files and checked as a whole; and the catalogue of them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from domain.errors import HeduiError
from domain.marked_yaml import Marked, read_marked
from rules.interface import NAMES
from rules.parameters import known_parameters
from rules.rule_sql import check_query

CATALOGUE_FOLDER: Final = Path(__file__).parent / "catalogue"
LANGUAGES: Final = ("zh", "en")
MAIN_SENTENCE: Final = "main"
OWN_COLUMNS: Final = frozenset(
    {
        "case_no", "seq", "household_no", "person_id", "answer", "reason", "record_id", "role",
        "link_grade", "verify_only", "at_risk_yuan", "period", "sentence",
    }
)  # fmt: skip
FACT_CLASSES: Final = frozenset(
    {
        "person_name", "id_no", "plate", "address", "employer", "phone", "text",
        "yuan", "area", "date", "month", "count", "share",
    }
)  # fmt: skip
_CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "direction": ("over", "under", "data", "supervision"),
    "per": ("case", "person", "household", "resident"),
    "authorisation": ("none", "required"),
    "certain_links": ("all", "any"),
    "about": ("counted", "beneficiary", "adult", "applicant"),
}
_SWITCHES: Final = ("absence_finds", "whole_household")
_DATASET_LISTS: Final = ("needs", "needs_any", "lower_bound_from")
_TEXTS: Final = ("title", "reason", "says", "clears", "next")
_REQUIRED: Final = (
    "id", "direction", "per", "title", "reason", "basis", "facts", "says", "clears", "conditions",
)  # fmt: skip
CASE_FIELDS: Final = ("name", "as_of", "given", "expect")
EXAMINED_KEYS: Final = ("case_no", "seq", "household_no", "person_id")
_OTHERS: Final = ("applies_to", "parameters")
_FIELDS: Final = frozenset((*_REQUIRED, *_CHOICES, *_SWITCHES, *_DATASET_LISTS, *_TEXTS, *_OTHERS))
_SCHEMES: Final = frozenset({"11", "12", "21", "22", "23", "31", "32"})
_STATUSES: Final = frozenset({"1", "2", "3"})
_ACTIVE: Final = ("1", "3")
_PLACEHOLDER: Final = re.compile(r"\{(\w+)\}")
_SHARED: Final = re.compile(r"\bshared\.(\w+)")
_GIVEN: Final = frozenset({"data_date", "source"})
_MEMBERS: Final = "civil_affairs.members"
_HOUSEHOLDS: Final = "civil_affairs.households"
_READS_MEMBERS: Final = re.compile(r"\bshared\.(counted_|member|case_income)|\bclean\.member\b")


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
    to the case at all.
    """

    says: Mapping[str, str]
    holds: str
    decides_application: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """What a rule's YAML says and its SQL asks; docs/reference/rule-format.md explains each field.

    Texts are by language; ``says`` is by language and sentence name. ``needs`` includes civil
    affairs' own tables, without which nobody can be told to be listed.
    """

    id: str
    direction: str
    per: str
    title: Mapping[str, str]
    reason: Mapping[str, str]
    clears: Mapping[str, str]
    next: Mapping[str, str]
    says: Mapping[str, Mapping[str, str]]
    facts: Mapping[str, str]
    basis: tuple[Basis, ...]
    needs: tuple[str, ...]
    needs_any: tuple[str, ...]
    lower_bound_from: tuple[str, ...]
    parameters: tuple[str, ...]
    conditions: tuple[Condition, ...]
    schemes: tuple[str, ...]
    statuses: tuple[str, ...]
    about: str
    needs_authorisation: bool
    any_certain_link: bool
    absence_finds: bool
    whole_household: bool
    sql: str
    examined_sql: str
    cases_file: Path

    @property
    def is_on_cases(self) -> bool:
        """Whether the rule answers for each active case (else once for the district)."""
        return self.per in ("case", "person")

    @property
    def sources(self) -> tuple[str, ...]:
        """Every dataset without which the rule cannot say clear."""
        return (*self.needs, *self.needs_any, *self.lower_bound_from)

    @property
    def shared_tables(self) -> frozenset[str]:
        """The shared tables that the rule's SQL reads."""
        return frozenset(_SHARED.findall(self.sql))

    @property
    def examined_query(self) -> str:
        """What the rule examines, with each condition as a column ``holds_<place>``."""
        tests = "".join(
            f",\n    ({condition.holds}) as holds_{place}"
            for place, condition in enumerate(self.conditions)
        )
        return f"select examined.*{tests}\nfrom (\n{self.examined_sql}\n) as examined"

    @property
    def examined_tables(self) -> frozenset[str]:
        """The shared tables that showing its conditions reads."""
        return frozenset(_SHARED.findall(self.examined_sql))


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The rules by id, in the order of their ids."""

    rules: Mapping[str, Rule]

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.rules.values())

    def __getitem__(self, rule_id: str) -> Rule:
        if rule_id not in self.rules:
            raise HeduiError("rules_unknown", rule=rule_id)
        return self.rules[rule_id]

    def only(self, *rule_ids: str) -> "Catalogue":
        """The catalogue of just these rules."""
        return Catalogue({rule_id: self[rule_id] for rule_id in sorted(rule_ids)})

    @property
    def parameters(self) -> frozenset[str]:
        """Every parameter that some rule uses."""
        return frozenset(name for rule in self for name in rule.parameters)


def load_catalogue(folder: Path = CATALOGUE_FOLDER) -> Catalogue:
    """Read every rule of a folder. A broken or incomplete one raises HeduiError (file, line)."""
    files = sorted(path for path in folder.glob("*.yaml") if not path.name.endswith(".cases.yaml"))
    if not files:
        raise HeduiError("rules_catalogue_empty", folder=folder.name)
    named = {path.name.split(".")[0] for path in folder.glob("*.sql")}
    stray = named - {path.stem for path in files}
    if stray:
        raise HeduiError("rules_file_absent", file=f"{min(stray)}.yaml")
    return Catalogue({path.stem: load_rule(path) for path in files})


def load_rule(path: Path) -> Rule:
    """Read one rule by its YAML file; its SQL (two files) and its cases must stand beside it.

    Raises HeduiError (file, line) for a field that is missing, unknown or wrong, a file that is not
    there, and SQL that cannot be read or reads a table nobody makes.
    """
    document = read_marked(path)
    fields = document.mapping("rule")
    for name, marked in fields.items():
        if name not in _FIELDS:
            raise marked.refuse("field_unknown", what=name)
    for name in _REQUIRED:
        if name not in fields:
            raise document.refuse("field_missing", what=name)
    if fields["id"].text("id") != path.stem:
        raise fields["id"].refuse("id_differs", value=fields["id"].value, expected=path.stem)
    rule = _rule(path, document, fields)
    _check_sentences(rule, fields["says"])
    _check_members_needed(rule, document)
    _check_sql(rule, path, fields["conditions"])
    _check_cases(rule.cases_file)
    return rule


def _rule(path: Path, document: Marked, fields: Mapping[str, Marked]) -> Rule:
    choices = {name: _choice(name, fields) for name in _CHOICES}
    lists = {name: _datasets(name, fields) for name in _DATASET_LISTS}
    schemes, statuses = _applies_to(fields)
    texts = {name: _text_by_language(name, fields[name]) for name in _TEXTS if name in fields}
    says = {lang: _sentences(sentence) for lang, sentence in texts.pop("says").items()}
    plain = {
        name: {lang: marked.text(name) for lang, marked in texts.get(name, {}).items()}
        for name in ("title", "reason", "clears", "next")
    }
    return Rule(
        id=path.stem,
        direction=choices["direction"],
        per=choices["per"],
        title=plain["title"],
        reason=plain["reason"],
        clears=plain["clears"],
        next=plain["next"],
        says=says,
        facts=_facts(fields["facts"]),
        basis=tuple(_basis(item) for item in _some("basis", fields)),
        needs=_with_own(lists["needs"], choices),
        needs_any=lists["needs_any"],
        lower_bound_from=lists["lower_bound_from"],
        parameters=_parameters(fields),
        conditions=tuple(_condition(item) for item in _some("conditions", fields)),
        schemes=schemes,
        statuses=statuses,
        about=choices["about"],
        needs_authorisation=choices["authorisation"] == "required",
        any_certain_link=choices["certain_links"] == "any",
        absence_finds=_switch("absence_finds", fields),
        whole_household=_switch("whole_household", fields),
        sql=_beside(document, path.with_suffix(".sql")).read_text(encoding="utf-8"),
        examined_sql=_beside(document, path.with_suffix(".examined.sql")).read_text(
            encoding="utf-8"
        ),
        cases_file=_beside(document, path.with_suffix(".cases.yaml")),
    )


def _beside(document: Marked, path: Path) -> Path:
    if not path.is_file():
        raise document.refuse("file_absent_beside", what=path.name)
    return path


def _choice(name: str, fields: Mapping[str, Marked]) -> str:
    allowed = _CHOICES[name]
    if name not in fields:
        return allowed[0]
    value = fields[name].text(name)
    if value not in allowed:
        raise fields[name].refuse("choice", what=name, value=value, allowed=", ".join(allowed))
    return value


def _switch(name: str, fields: Mapping[str, Marked]) -> bool:
    if name not in fields:
        return False
    value = fields[name].text(name)
    if value not in ("true", "false"):
        raise fields[name].refuse("choice", what=name, value=value, allowed="true, false")
    return value == "true"


def _each_in(name: str, marked: Marked, allowed: frozenset[str]) -> tuple[str, ...]:
    items = marked.sequence(name)
    for item in items:
        if item.text(name) not in allowed:
            raise item.refuse(
                "choice", what=name, value=item.value, allowed=", ".join(sorted(allowed))
            )
    return tuple(item.text(name) for item in items)


def _datasets(name: str, fields: Mapping[str, Marked]) -> tuple[str, ...]:
    return _each_in(name, fields[name], NAMES) if name in fields else ()


def _with_own(needs: tuple[str, ...], choices: Mapping[str, str]) -> tuple[str, ...]:
    looks_at_people = choices["per"] != "case" or choices["authorisation"] == "required"
    own = (_HOUSEHOLDS, _MEMBERS) if looks_at_people else (_HOUSEHOLDS,)
    return (*(dataset for dataset in own if dataset not in needs), *needs)


def _parameters(fields: Mapping[str, Marked]) -> tuple[str, ...]:
    if "parameters" not in fields:
        return ()
    return _each_in("parameters", fields["parameters"], frozenset(known_parameters()))


def _applies_to(fields: Mapping[str, Marked]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    schemes: tuple[str, ...] = tuple(sorted(_SCHEMES))
    statuses: tuple[str, ...] = _ACTIVE
    if "applies_to" not in fields:
        return schemes, statuses
    for name, marked in fields["applies_to"].mapping("applies_to").items():
        if name == "schemes":
            schemes = _each_in(name, marked, _SCHEMES)
        elif name == "statuses":
            statuses = _each_in(name, marked, _STATUSES)
        else:
            raise marked.refuse("field_unknown", what=f"applies_to.{name}")
    return schemes, statuses


def _text_by_language(name: str, marked: Marked) -> Mapping[str, Marked]:
    languages = marked.mapping(name)
    for language in LANGUAGES:
        if language not in languages:
            raise marked.refuse("field_missing", what=f"{name}.{language}")
    return languages


def _sentences(marked: Marked) -> Mapping[str, str]:
    if isinstance(marked.value, dict):
        return {name: sentence.text(name) for name, sentence in marked.value.items()}
    return {MAIN_SENTENCE: marked.text("says")}


def _facts(marked: Marked) -> Mapping[str, str]:
    facts = marked.mapping("facts")
    for name, kind in facts.items():
        if kind.text(name).split(":")[0] not in {*FACT_CLASSES, "code", "letters"}:
            raise kind.refuse(
                "choice", what=name, value=kind.value, allowed=", ".join(sorted(FACT_CLASSES))
            )
    return {name: kind.text(name) for name, kind in facts.items()}


def _some(name: str, fields: Mapping[str, Marked]) -> list[Marked]:
    items = fields[name].sequence(name)
    if not items:
        raise fields[name].refuse("list_empty", what=name)
    return items


def _condition(marked: Marked) -> Condition:
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
        decides_application=_switch("applies", fields),
    )


def _basis(marked: Marked) -> Basis:
    fields = marked.mapping("basis")
    for name in ("from", "cite"):
        if name not in fields:
            raise marked.refuse("field_missing", what=f"basis.{name}")
    articles = fields["articles"].sequence("articles") if "articles" in fields else []
    return Basis(
        valid_from=_day(fields["from"]),
        valid_to=_day(fields["until"]) if "until" in fields else None,
        cite=fields["cite"].text("cite"),
        articles=tuple(article.text("article") for article in articles),
    )


def _day(marked: Marked) -> date:
    try:
        return date.fromisoformat(marked.text("date"))
    except ValueError as error:
        raise marked.refuse("date", value=marked.value) from error


def _check_sentences(rule: Rule, marked: Marked) -> None:
    names = [set(rule.says[language]) for language in LANGUAGES]
    if names[0] != names[1]:
        raise marked.refuse("sentences_differ")
    allowed = {*rule.facts, *_GIVEN}
    for language in LANGUAGES:
        for sentence in rule.says[language].values():
            unknown = set(_PLACEHOLDER.findall(sentence)) - allowed
            if unknown:
                raise marked.refuse("sentence_fact", what=min(unknown))


def _check_members_needed(rule: Rule, document: Marked) -> None:
    if _MEMBERS not in rule.needs and _READS_MEMBERS.search(rule.sql):
        raise document.refuse("members_not_needed", what=_MEMBERS)


def _check_sql(rule: Rule, path: Path, conditions: Marked) -> None:
    check_query(rule.sql, path.with_suffix(".sql"))
    check_query(rule.examined_sql, path.with_suffix(".examined.sql"))
    for condition, marked in zip(rule.conditions, conditions.sequence("conditions"), strict=True):
        try:
            check_query(f"select {condition.holds} as holds", path)
        except HeduiError as error:
            raise marked.refuse("sql_unreadable") from error


def _check_cases(path: Path) -> None:
    """Each case has its four parts; what they say is looked at when they are run."""
    for case in read_marked(path).sequence("cases"):
        fields = case.mapping("case")
        for name in CASE_FIELDS:
            if name not in fields:
                raise case.refuse("field_missing", what=name)
