"""The run manifest: everything a run's answers depend on, written before the run begins."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

_SOURCE_KINDS: Final = frozenset({".py", ".sql", ".yaml", ".html", ".css"})
_CODE_FOLDERS: Final = (
    "casework",
    "domain",
    "matchers",
    "pipelines",
    "reports",
    "rules",
    "sources",
    "store",
)


@dataclass(frozen=True, slots=True, order=True)
class DeliveryInForce:
    """A delivery whose rows the run reads. ``delivery_id`` is its content hash."""

    dataset: str
    business_date: date
    delivery_id: str


@dataclass(frozen=True, slots=True)
class RunManifest:
    """Same manifest, same findings.

    ``policies`` maps each policy file's name to its SHA-256, ``rules`` each rule's id to that of
    its files, ``others`` whatever else an answer depends on (say, the decisions on links in force).
    ``deliveries`` counts as a set: their order says nothing.
    """

    as_of: date
    deliveries: tuple[DeliveryInForce, ...]
    policies: Mapping[str, str]
    rules: Mapping[str, str]
    code_version: str
    model_version: str
    divisions: tuple[str, ...]
    others: Mapping[str, str] = field(default_factory=dict)

    def canonical_json(self) -> str:
        """The one text of this manifest: keys and sets in order, dates as ``YYYY-MM-DD``."""
        content = asdict(self)
        content["deliveries"] = [asdict(each) for each in sorted(set(self.deliveries))]
        content["divisions"] = sorted(set(self.divisions))
        return json.dumps(
            content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_as_text
        )

    @property
    def manifest_hash(self) -> str:
        """SHA-256 of the canonical text."""
        return hash_text(self.canonical_json())

    @property
    def run_id(self) -> str:
        """``<as_of>-<first eight hexadecimal digits of the hash>``."""
        return f"{self.as_of.isoformat()}-{self.manifest_hash[:8]}"


def hash_text(content: str) -> str:
    """SHA-256 of a text in UTF-8, hexadecimal."""
    return hashlib.sha256(content.encode()).hexdigest()


def hash_file(path: Path) -> str:
    """SHA-256 of a file's bytes, hexadecimal; the file is not held in memory."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def hash_files(paths: Iterable[Path], relative_to: Path) -> str:
    """SHA-256 over names (relative) and contents of ``paths``, in order of name."""
    named = sorted((path.relative_to(relative_to).as_posix(), path) for path in paths)
    return hash_text("\n".join(f"{name} {hash_file(path)}" for name, path in named))


@cache
def code_version() -> str:
    """The package's version and eight digits of the hash of the code that decides answers."""
    root = Path(__file__).parent.parent
    sources = [
        path
        for folder in _CODE_FOLDERS
        for path in (root / folder).rglob("*")
        if path.suffix in _SOURCE_KINDS and "__pycache__" not in path.parts
    ]
    return f"{_package_version()}+{hash_files(sources, root)[:8]}"


def _package_version() -> str:
    try:
        return version("hedui")
    except PackageNotFoundError:  # run from a checkout that was never installed
        return "0"


def _as_text(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)
