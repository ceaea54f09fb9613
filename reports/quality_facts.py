"""What is to be said of deliveries' quality, in counts and words; nothing is about a person."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from domain.wording import text
from sources.contract import Contract
from sources.survey import Survey
from sources.verdict import CHECKS_FILE, PROFILE_FILE, DatasetState, JudgedDelivery

_USABLE = ("valid", "valid_15")


@dataclass(frozen=True, slots=True)
class RowLine:
    """So many rows set aside (``act`` set_aside) or remarked (remark), why, and by which column."""

    act: str
    code: str
    reason: str
    header: str
    rows: int


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One check of a dataset's suite as it came out: of ``rows`` judged ``unexpected`` fail."""

    check: str
    header: str
    rows: int
    unexpected: int
    wanted: str
    verdict: str

    @property
    def is_met(self) -> bool:
        """Whether enough rows meet it."""
        return self.verdict == "met"


@dataclass(frozen=True, slots=True)
class StatusLine:
    """So many rows' identity numbers (of one column) have this status."""

    header: str
    status: str
    is_usable: bool
    rows: int
    share: float


@dataclass(frozen=True, slots=True)
class DatasetQuality:
    """One dataset for its sender: how it stands, its newest delivery, and the ones before."""

    contract: Contract
    state: DatasetState
    newest: JudgedDelivery | None
    recent: tuple[JudgedDelivery, ...]
    rows: tuple[RowLine, ...]
    checks: tuple[CheckLine, ...]
    statuses: tuple[StatusLine, ...]


def dataset_qualities(found: Survey, recent: int = 8) -> Iterator[DatasetQuality]:
    """Every dataset, in the dictionary's order."""
    for contract in found.dictionary:
        theirs = found.of(contract.dataset)
        newest = theirs[-1] if theirs else None
        yield DatasetQuality(
            contract=contract,
            state=found.state_of(contract.dataset),
            newest=newest,
            recent=theirs[-recent:][::-1],
            rows=row_lines(contract, newest) if newest else (),
            checks=check_lines(newest) if newest else (),
            statuses=status_lines(contract, newest) if newest else (),
        )


def row_lines(contract: Contract, delivery: JudgedDelivery) -> tuple[RowLine, ...]:
    """Rows set aside, then remarked, most first; empty where the delivery was not read."""
    found = profile(delivery)
    aside = [
        RowLine("set_aside", reason, text(f"deliveries.row.{reason}"), header, rows)
        for reason, headers in found.get("set_aside", {}).items()
        for header, rows in headers.items()
    ]
    remarked = [
        _remark_line(contract, code, rows) for code, rows in found.get("remarks", {}).items()
    ]
    ordered = sorted(
        (*aside, *remarked), key=lambda line: (line.act != "set_aside", -line.rows, line.header)
    )
    return tuple(ordered)


def remark_words(contract: Contract, remark: str) -> tuple[str, str, str]:
    """Code, words and the sender's header of a row's remark (``id_no:check_digit``)."""
    name, _, code = remark.partition(":")
    if not code:
        return name, text(f"deliveries.row.{name}"), ""
    column = contract.by_name(name)
    is_name = column.kind == "name" and code == "unreadable"
    worded = "name_unreadable" if is_name else code
    return worded, text(f"deliveries.row.{worded}"), column.header


def _remark_line(contract: Contract, remark: str, rows: int) -> RowLine:
    code, words, header = remark_words(contract, remark)
    return RowLine("remark", code, words, header, rows)


def check_lines(delivery: JudgedDelivery) -> tuple[CheckLine, ...]:
    """The suite's results in its order; empty where it was not run."""
    return tuple(_check_line(result) for result in _kept(delivery, CHECKS_FILE, []))


def _check_line(result: Mapping[str, Any]) -> CheckLine:
    is_critical = not result["is_met"] and result["severity"] == "critical"
    verdict = "met" if result["is_met"] else "critical" if is_critical else "unmet"
    return CheckLine(
        check=text(f"deliveries.check.{result['code']}"),
        header=result["header"],
        rows=result["rows"],
        unexpected=result["unexpected"],
        wanted=_wanted(result["wanted_share"]),
        verdict=verdict,
    )


def _wanted(share: float) -> str:
    """How many of the rows are to pass: all, or a share of them."""
    return f"{share:.0%}" if share >= 1 else f"≥ {share:.1%}".replace(".0%", "%")


def status_lines(contract: Contract, delivery: JudgedDelivery) -> tuple[StatusLine, ...]:
    """What the identity numbers of each column are worth, usable ones first, then most first."""
    lines = []
    for name, statuses in profile(delivery).get("id_status", {}).items():
        whole = sum(statuses.values())
        ordered = sorted(statuses.items(), key=lambda each: (each[0] not in _USABLE, -each[1]))
        lines += [
            StatusLine(
                header=contract.by_name(name).header,
                status=text(f"deliveries.status.{status}"),
                is_usable=status in _USABLE,
                rows=rows,
                share=rows / whole,
            )
            for status, rows in ordered
        ]
    return tuple(lines)


def numbers(delivery: JudgedDelivery) -> tuple[int, int]:
    """How many identity numbers the accepted rows should have, and how many are of no use."""
    counts = profile(delivery).get("id_status", {}).values()
    whole = sum(sum(statuses.values()) for statuses in counts)
    usable = sum(statuses.get(status, 0) for statuses in counts for status in _USABLE)
    return whole, whole - usable


def profile(delivery: JudgedDelivery) -> Mapping[str, Any]:
    """The delivery's profile; empty where it was not read to its end."""
    found: Mapping[str, Any] = _kept(delivery, PROFILE_FILE, {})
    return found


def _kept(delivery: JudgedDelivery, name: str, without: Any) -> Any:
    file = delivery.folder / name
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else without
