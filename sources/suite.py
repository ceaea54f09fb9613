"""What a cleaned delivery must look like: one suite a dataset, from dictionary and contract."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, Final, Literal

from domain.errors import HeduiError
from sources.cleaning_sql import key_values
from sources.contract import Contract, Person

Severity = Literal["critical", "warning"]
Kind = Literal["row_count", "not_null", "in_set", "matches", "between", "no_rows"]

_NUMBER: Final = "^[0-9]{17}[0-9X]$"
_NAME: Final = "^[\\x{3007}\\x{3400}-\\x{9fff}\\x{20000}-\\x{323af}a-z?·]+$"
BATCH: Final = "batch"
"""The name of the rows under test."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """One thing expected of a delivery's accepted rows.

    ``code`` names it in reasons and reports. Of the rows (of those with a value, but for
    ``not_null``) a share of ``least_share`` must meet it, else the delivery is held (0: never);
    under ``wanted_share`` it is shown. ``arguments`` are those of its kind.
    """

    code: str
    kind: Kind
    column: str = ""
    least_share: float = 1.0
    wanted_share: float = 1.0
    arguments: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def severity(self) -> Severity:
        """``critical`` where it can hold a delivery."""
        return "critical" if self.least_share > 0 else "warning"


def suite_of(contract: Contract, business_date: date) -> tuple[Expectation, ...]:
    """Everything expected of a delivery of the dataset, the contract's own checks last.

    The contract's checks: ``{expect: not_after_delivery, column, share}`` for days that lie in the
    past, ``{expect: between, column, least, most, share}``.
    """
    return (
        *_of_whole(contract),
        *_of_columns(contract),
        *(each for person in contract.persons for each in _of_person(contract, person)),
        *(_own_check(contract, check, business_date) for check in contract.checks),
    )


def _of_whole(contract: Contract) -> Iterator[Expectation]:
    if contract.mode == "full":
        yield Expectation("rows_expected", "row_count", least_share=0, arguments={"min_value": 1})
    key = ", ".join(key_values(contract, BATCH))
    query = (
        f"select hash({key}) as key_hash from (select * from {{batch}}) as {BATCH}"  # noqa: S608
        " group by key_hash having count(*) > 1"
    )
    yield Expectation("key_unique", "no_rows", arguments={"query": query})


def _of_columns(contract: Contract) -> Iterator[Expectation]:
    for column in contract.columns:
        if not column.is_nullable and column.kind != "id_no":
            yield Expectation("value_required", "not_null", column.name)
        if column.kind == "code":
            codes = {"value_set": sorted(column.codes)}
            yield Expectation("code_listed", "in_set", column.name, arguments=codes)


def _of_person(contract: Contract, person: Person) -> Iterator[Expectation]:
    """Numbers and names that look like some: elsewhere columns have been taken for one another."""
    regex = {"regex": _NUMBER}
    yield Expectation("number_valid", "matches", person.id_no, arguments=regex)
    yield Expectation("numbers_usable", "not_null", person.id_no, 0.5, 0.9)
    name = {"regex": _NAME}
    yield Expectation("names_look_like_names", "matches", person.name, 0.5, 0.95, name)
    for field_name, differs in (
        (person.sex, "cast(substring({id}, 17, 1) as integer) % 2 <> cast({field} as integer) % 2"),
        (person.birth_date, "substring({id}, 7, 8) <> strftime({field}, '%Y%m%d')"),
    ):
        if field_name:
            where = differs.format(id=person.id_no, field=field_name)
            query = f"select record_id from {{batch}} where {where}"  # noqa: S608
            arguments = {"query": query}
            yield Expectation("agrees_with_number", "no_rows", field_name, 0.5, 0.95, arguments)


def _own_check(contract: Contract, check: Mapping[str, Any], day: date) -> Expectation:
    match check:
        case {"expect": "not_after_delivery", "column": str(column), "share": share}:
            arguments: dict[str, object] = {"max_value": day}
            code, least_share = "not_after_delivery", 0.5  # elsewhere a day yet to come was meant
        case {"expect": "between", "column": str(column), "least": least, "most": most,
              "share": share}:  # fmt: skip
            arguments = {"min_value": least, "max_value": most}
            code, least_share = "within_bounds", 0.0
        case _:
            raise HeduiError("sources_check_unknown", dataset=contract.dataset, check=dict(check))
    contract.by_name(column)
    return Expectation(code, "between", column, least_share, float(share), arguments)
