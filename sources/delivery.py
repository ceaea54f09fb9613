"""A delivery as its manifest describes it, and what is wrong with a manifest."""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, TypeVar

from domain.dates import HERE
from sources.contract import Contract
from sources.verdict import Reason

MANIFEST_FILE: Final = "manifest.json"
MANIFEST_LIMIT: Final = 1 << 20
FORMATS: Final = ("csv", "xlsx", "parquet")
ENCODINGS: Final = ("utf-8", "gb18030")
DELIVERY_LIMIT: Final = 64 << 30  # bytes of the files of one delivery
FILES_LIMIT: Final = 1 << 10  # a record id keeps ten bits for the file's place
ROWS_LIMIT: Final = 1 << 31  # and thirty-one for the row's
_ENCODING_NAMES: Final = {"utf8": "utf-8", "utf-8": "utf-8", "utf-8-sig": "utf-8"}
_SHA256: Final = re.compile(r"[0-9a-fA-F]{64}")
_A_DAY: Final = timedelta(days=1)
# One plain name: no path, no hidden file, nothing a shell or another system would read differently.
_NAME_LIMIT: Final = 255  # bytes of a name in a file system
_PLAIN_NAME: Final = re.compile(r'[^./\\:*?"<>|\x00-\x1f][^/\\:*?"<>|\x00-\x1f]*')

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class DeliveredFile:
    """One file of a delivery as the manifest promises it."""

    name: str
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """One handing-over of one dataset, its manifest read and found right.

    ``content_hash`` covers manifest and files; ``data_hash`` the files alone, so that the same
    bytes under another date are recognised. A file's ``file_no`` is its place in ``files``, from 0.
    """

    dataset: str
    business_date: date
    mode: str
    format: str
    encoding: str
    files: tuple[DeliveredFile, ...]
    produced_at: datetime
    content_hash: str

    @property
    def delivery_id(self) -> str:
        """Dataset, date and the start of the content hash: also where its cleaned rows lie."""
        return delivery_id(self.dataset, self.business_date, self.content_hash)

    @property
    def file_names(self) -> tuple[str, ...]:
        """The names in the manifest, by ``file_no``."""
        return tuple(file.name for file in self.files)

    @property
    def rows(self) -> int:
        """The rows promised over all files."""
        return sum(file.rows for file in self.files)

    @property
    def data_hash(self) -> str:
        """SHA-256 over the files' hashes in their order."""
        return _digest(file.sha256.encode() for file in self.files)


def produced_on(delivery: Delivery) -> date:
    """The day on which it says it was produced (Asia/Shanghai)."""
    return _day_here(delivery.produced_at)


def _day_here(moment: datetime) -> date:
    return moment.astimezone(HERE).date()


def delivery_id(dataset: str, business_date: date, content_hash: str) -> str:
    """``<dataset>/<business date>-<12 hex digits>``."""
    return f"{dataset}/{business_date.isoformat()}-{content_hash[:12]}"


def content_hash(manifest: bytes, found: Mapping[str, str | None]) -> str:
    """SHA-256 over the manifest's bytes and what was really found under each file name.

    A delivery whose files did not arrive whole therefore has another hash once they have.
    """
    parts = (f"{name}\0{sha256 or 'absent'}\n".encode() for name, sha256 in found.items())
    return _digest((manifest, b"\0", *parts))


def read_manifest(
    raw: bytes, contract: Contract, folder_date: date
) -> tuple[Delivery | None, tuple[Reason, ...]]:
    """The delivery a manifest describes, and everything that is wrong with it.

    ``folder_date`` is the date the delivery's folder is named after. The ``content_hash`` is the
    one the delivery has if its files are what the manifest says. None where a field cannot be read;
    a delivery that could be read is still refused when there are reasons.
    """
    described = _parse(raw)
    if described is None:
        return None, (Reason.of("manifest_unreadable"),)
    faults = _misplaced(described, contract, folder_date)
    produced_at = _take(described, "produced_at", _instant, faults)
    files = _take(described, "files", _files, faults)
    format_ = _take(described, "format", _format, faults)
    encoding = _take(described, "encoding", _encoding, faults) if format_ == "csv" else ""
    if produced_at is None or files is None or format_ is None or encoding is None:
        return None, tuple(faults)
    if folder_date > _day_here(produced_at):
        faults.append(Reason.of("future", folder_date))
    delivery = Delivery(
        dataset=contract.dataset,
        business_date=folder_date,
        mode=contract.mode,
        format=format_,
        encoding=encoding,
        files=files,
        produced_at=produced_at,
        content_hash=content_hash(raw, {file.name: file.sha256 for file in files}),
    )
    return delivery, tuple(faults)


def _misplaced(described: Mapping[str, Any], contract: Contract, folder_date: date) -> list[Reason]:
    """Fields that are absent or say something else than the folder and the dictionary do."""
    expected = {
        "agency": contract.agency,
        "dataset": contract.folder,
        "business_date": folder_date.isoformat(),
        "mode": contract.mode,
    }
    faults = []
    for field, value in expected.items():
        if not isinstance(described.get(field), str):
            faults.append(Reason.of("manifest_field", field))
        elif described[field] != value:
            faults.append(Reason.of("manifest_differs", field, described[field][:40], value))
    return faults


def _take(
    described: Mapping[str, Any], field: str, read: Callable[[Any], _T], faults: list[Reason]
) -> _T | None:
    """The field as ``read`` understands it; None and one more fault where it does not."""
    try:
        return read(described[field])
    except (KeyError, TypeError, ValueError) as error:
        fault = error.args[0] if error.args and isinstance(error.args[0], Reason) else None
        faults.append(fault or Reason.of("manifest_field", field))
        return None


def _parse(raw: bytes) -> dict[str, Any] | None:
    """The manifest as a mapping; None for anything that is not one JSON object."""
    if len(raw) > MANIFEST_LIMIT:  # what is beyond was not even looked at
        return None
    try:
        described = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    return described if isinstance(described, dict) else None


def last_day_come(as_of: date, today: date | None = None) -> date:
    """The last day on which something can have been produced, as far as we know.

    A day more than the as-of date or the day it is (left out, the as-of date): clocks and time
    zones differ by less.
    """
    return max(as_of, today or as_of) + _A_DAY


def produced_order(value: Any, not_after: date) -> float:
    """Where a time of production stands among others: seconds since 1970.

    Nought, before all others, where it is none or lies after ``not_after``: it says nothing then.
    """
    try:
        moment = _instant(value)
    except (TypeError, ValueError):
        return 0.0
    return moment.timestamp() if _day_here(moment) <= not_after else 0.0


def _instant(value: Any) -> datetime:
    """A moment; one without a zone is the sender's, who is in Asia/Shanghai."""
    given = datetime.fromisoformat(value)
    moment = given if given.tzinfo else given.replace(tzinfo=HERE)
    try:
        moment.astimezone(HERE)
    except OverflowError as error:  # the first and the last day of all calendars, elsewhere
        raise ValueError from error
    return moment


def _format(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError
    if value not in FORMATS:
        raise ValueError(Reason.of("format_unknown", value[:40]))
    return value


def _encoding(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError
    name = value.lower()
    name = _ENCODING_NAMES.get(name, name)
    if name not in ENCODINGS:
        raise ValueError(Reason.of("encoding_unknown", value[:40]))
    return name


def _files(value: Any) -> tuple[DeliveredFile, ...]:
    """The files in their order; at least one, each with its own plain name."""
    if not isinstance(value, list) or not value:
        raise ValueError
    if len(value) > FILES_LIMIT:
        raise ValueError(Reason.of("files_many", len(value), FILES_LIMIT))
    files = tuple(_file(described) for described in value)
    names = [file.name.casefold() for file in files]
    for file in files:
        if names.count(file.name.casefold()) > 1:
            raise ValueError(Reason.of("file_named_twice", file.name))
    return files


def is_plain_name(name: object) -> bool:
    """Whether it names one file, in no folder, not hidden, and the same on every system."""
    if not isinstance(name, str) or not _PLAIN_NAME.fullmatch(name):
        return False
    try:
        return len(name.encode()) <= _NAME_LIMIT
    except UnicodeEncodeError:  # half a surrogate pair: no file system takes it
        return False


def _file(described: Any) -> DeliveredFile:
    name, rows, sha256 = described["name"], described["rows"], described["sha256"]
    if not is_plain_name(name) or name == MANIFEST_FILE:
        raise ValueError(Reason.of("file_name_unsafe"))
    if not isinstance(rows, int) or isinstance(rows, bool) or not 0 <= rows < ROWS_LIMIT:
        raise ValueError(Reason.of("manifest_field", "rows"))
    if not isinstance(sha256, str) or not _SHA256.fullmatch(sha256):
        raise ValueError(Reason.of("manifest_field", "sha256"))
    return DeliveredFile(name, rows, sha256.lower())


def _digest(parts: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.hexdigest()
