"""One rule, read from its four files and checked as a whole; and the catalogue of them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from domain.errors import HeduiError
from domain.marked_yaml import Marked, read_marked
from rules.interface import NAMES
from rules.rule_fields import (
    CHOICES,
    LANGUAGES,
    MEMBERS,
    Basis,
    Condition,
    applies_to,
    basis_of,
    choice,
    condition_of,
    datasets_of,
    facts_of,
    parameters_of,
    sentences_of,
    some_of,
    switch,
    text_by_language,
    with_own,
)
from rules.rule_sql import check_query

CATALOGUE_FOLDER: Final = Path(__file__).parent / "catalogue"
OWN_COLUMNS: Final = frozenset(
    {
        "case_no", "seq", "household_no", "person_id", "answer", "reason", "record_id", "role",
        "link_grade", "verify_only", "at_risk_yuan", "period", "sentence",
    }
)  # fmt: skip
_SWITCHES: Final = ("absence_finds", "whole_household")
_DATASET_LISTS: Final = ("needs", "needs_any", "lower_bound_from")
_TEXTS: Final = ("title", "reason", "says", "clears", "next")
_REQUIRED: Final = (
    "id", "direction", "per", "title", "reason", "basis", "facts", "says", "clears", "conditions",
)  # fmt: skip
CASE_FIELDS: Final = ("name", "as_of", "given", "expect")
EXAMINED_KEYS: Final = ("case_no", "seq", "household_no", "person_id")
_OTHERS: Final = ("applies_to", "parameters")
_FIELDS: Final = frozenset((*_REQUIRED, *CHOICES, *_SWITCHES, *_DATASET_LISTS, *_TEXTS, *_OTHERS))
PLACEHOLDER: Final = re.compile(r"\{(\w+)(?::([\w.]+))?\}")
REGISTER: Final = "register"
_SHARED: Final = re.compile(r"\bshared\.(\w+)")
_GIVEN: Final = frozenset({"data_date", "source"})
_READS_MEMBERS: Final = re.compile(r"\bshared\.(counted_|member|case_income)|\bclean\.member\b")


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

    def registers_named(self, sentence: str) -> tuple[str, ...]:
        """The datasets that a sentence names beside its own record's (``{register:dataset}``)."""
        return tuple(dict.fromkeys(_registers(self.says[LANGUAGES[0]][sentence])))

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
    choices = {name: choice(name, fields) for name in CHOICES}
    lists = {name: datasets_of(name, fields) for name in _DATASET_LISTS}
    schemes, statuses = applies_to(fields)
    texts = {name: text_by_language(name, fields[name]) for name in _TEXTS if name in fields}
    says = {lang: sentences_of(sentence) for lang, sentence in texts.pop("says").items()}
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
        facts=facts_of(fields["facts"]),
        basis=tuple(basis_of(item) for item in some_of("basis", fields)),
        needs=with_own(lists["needs"], choices),
        needs_any=lists["needs_any"],
        lower_bound_from=lists["lower_bound_from"],
        parameters=parameters_of(fields),
        conditions=tuple(condition_of(item) for item in some_of("conditions", fields)),
        schemes=schemes,
        statuses=statuses,
        about=choices["about"],
        needs_authorisation=choices["authorisation"] == "required",
        any_certain_link=choices["certain_links"] == "any",
        absence_finds=switch("absence_finds", fields),
        whole_household=switch("whole_household", fields),
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


def _check_sentences(rule: Rule, marked: Marked) -> None:
    names = [set(rule.says[language]) for language in LANGUAGES]
    if names[0] != names[1]:
        raise marked.refuse("sentences_differ")
    allowed = {
        *((name, "") for name in (*rule.facts, *_GIVEN)),
        *((REGISTER, one) for one in NAMES),
    }
    for name in names[0]:
        for language in LANGUAGES:
            unknown = set(PLACEHOLDER.findall(rule.says[language][name])) - allowed
            if unknown:
                what, dataset = min(unknown)
                raise marked.refuse("sentence_fact", what=f"{what}:{dataset}" if dataset else what)
        told = {frozenset(_registers(rule.says[language][name])) for language in LANGUAGES}
        if len(told) > 1:
            raise marked.refuse("sentence_registers", what=name)


def _registers(sentence: str) -> list[str]:
    return [dataset for _, dataset in PLACEHOLDER.findall(sentence) if dataset]


def _check_members_needed(rule: Rule, document: Marked) -> None:
    if MEMBERS not in rule.needs and _READS_MEMBERS.search(rule.sql):
        raise document.refuse("members_not_needed", what=MEMBERS)


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
