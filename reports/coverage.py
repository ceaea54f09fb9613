"""What the night could not see: each rule against each source it reads, and against its people."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from domain.wording import text
from rules.rule import Rule

IN_FORCE: Final = "in_force"
_SET_ASIDE: Final = "row_set_aside"
_BY_SOURCE: Final = frozenset({_SET_ASIDE, "value_unreadable"})
Answer = tuple[str, str, str, int]


@dataclass(frozen=True, slots=True)
class CoverageCell:
    """What a rule could see of one source.

    ``state`` is the source's, or ``unused`` where the rule does not read it; ``unseen`` counts the
    cases not checked because a row or value of it could not be read.
    """

    state: str
    unseen: int


@dataclass(frozen=True, slots=True)
class CoverageLine:
    """One rule: a cell for each source, and the cases not checked for what lies outside sources.

    ``unauthorised``: somebody has not authorised the check; ``unclear``: a wage, an age or another
    thing nobody could tell; ``not_checked``: all cases not checked, or, of a rule that answers for
    the whole district, that in words.
    """

    rule: str
    title: str
    cells: tuple[CoverageCell, ...]
    unauthorised: int
    unclear: int
    not_checked: int | str


@dataclass(frozen=True, slots=True)
class Coverage:
    """Rules by sources: the datasets that some rule reads, and a line for each rule."""

    datasets: tuple[str, ...]
    lines: tuple[CoverageLine, ...]


def cell_text(cell: CoverageCell) -> str:
    """A cell as people read it: nothing, the source's state, or how many cases were not seen."""
    if cell.state == "unused":
        return ""
    if cell.state != IN_FORCE:
        return text(f"reports.state.{cell.state}")
    if cell.unseen:
        return text("reports.coverage.unseen", count=cell.unseen)
    return text("reports.coverage.seen")


def coverage(
    rules: Sequence[Rule],
    states: Mapping[str, str],
    answers: Iterable[Answer],
    of_district: Collection[str],
    lang: str,
) -> Coverage:
    """The table of rules by sources, in the order of both.

    ``states`` has each dataset's state; ``answers`` are (rule, answer, reason, number of cases);
    ``of_district`` are the rules that answer once for the whole district.
    """
    read = {dataset for rule in rules for dataset in rule.sources}
    datasets = tuple(dataset for dataset in states if dataset in read)
    unseen, outside, not_checked = _counts(answers)
    return Coverage(
        datasets,
        tuple(
            CoverageLine(
                rule=rule.id,
                title=rule.title[lang],
                cells=tuple(
                    CoverageCell(
                        states[dataset] if dataset in rule.sources else "unused",
                        unseen[rule.id, dataset],
                    )
                    for dataset in datasets
                ),
                unauthorised=outside[rule.id, "not_authorised"],
                unclear=outside[rule.id, "unclear"],
                not_checked=(
                    text("reports.whole_district")
                    if rule.id in of_district and not_checked[rule.id]
                    else not_checked[rule.id]
                ),
            )
            for rule in rules
        ),
    )


def _counts(
    answers: Iterable[Answer],
) -> tuple[Counter[tuple[str, str]], Counter[tuple[str, str]], Counter[str]]:
    unseen: Counter[tuple[str, str]] = Counter()
    outside: Counter[tuple[str, str]] = Counter()
    not_checked: Counter[str] = Counter()
    for rule, answer, reason, cases in answers:
        if answer != "not_checked":
            continue
        not_checked[rule] += cases
        codes = [code.partition(":")[::2] for code in reason.split(";") if code]
        by_source = {argument.split("#")[0] for name, argument in codes if name in _BY_SOURCE}
        for dataset in by_source:
            unseen[rule, dataset] += cases
        names = {name for name, _ in codes if name not in _BY_SOURCE}
        kinds = {"not_authorised" if name == "not_authorised" else "unclear" for name in names
                 if not name.startswith("source_")}  # fmt: skip
        for kind in kinds:
            outside[rule, kind] += cases
    return unseen, outside, not_checked
