"""Why a dataset could not be fetched, in one line that names the route and what to do."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

from domain.errors import HeduiError
from domain.wording import text

# Worth another try a little later; everything else stays as it is until somebody acts.
_TRANSIENT: Final = frozenset({"unreachable", "timeout", "cut"})
# True of the server as a whole: its other datasets would fail in the same way.
_OF_THE_ROUTE: Final = frozenset(
    {
        "unreachable", "timeout", "login", "host_key", "no_common_algorithms", "known_hosts_absent",
        "secret_unset", "secret_unreadable", "secret_blank", "key_unreadable", "database_absent",
        "spool_full", "tls",
    }
)  # fmt: skip


class FetchFailed(Exception):
    """A route could not give a dataset; it never leaves the connectors.

    ``code`` names its sentence (``connectors.failure.<code>``), ``fields`` fill it: hosts, tables,
    file and variable names. Never a secret, never a value out of a row.
    """

    def __init__(self, code: str, **fields: object) -> None:
        super().__init__(code)
        self.code = code
        self.fields: Mapping[str, object] = fields

    @property
    def is_transient(self) -> bool:
        """Whether the same may work on another try."""
        return self.code in _TRANSIENT

    @property
    def is_of_the_route(self) -> bool:
        """Whether every dataset of the route fails for the same reason."""
        return self.code in _OF_THE_ROUTE

    def says(self, lang: str | None = None) -> str:
        """One sentence with the remedy."""
        return text(f"connectors.failure.{self.code}", lang, **self.fields)


@dataclass(frozen=True, slots=True)
class Unfetched:
    """A dataset that its route could not give tonight, and why."""

    dataset: str
    route: str
    code: str
    fields: Mapping[str, object] = field(default_factory=dict)

    def says(self, lang: str | None = None) -> str:
        """``dataset (route): reason and remedy`` in one line."""
        why = FetchFailed(self.code, **self.fields).says(lang)
        return text("connectors.unfetched", lang, dataset=self.dataset, route=self.route, why=why)


def keep_unfetched(file: Path, unfetched: Iterable[Unfetched]) -> None:
    """Keep what the last gathering could not fetch, in place of what was kept before."""
    kept = json.dumps([asdict(one) for one in unfetched], ensure_ascii=False, default=str)
    half = file.with_name(f".{file.name}")
    half.write_text(kept, encoding="utf-8")
    half.replace(file)


def kept_unfetched(file: Path) -> tuple[Unfetched, ...]:
    """What :func:`keep_unfetched` kept, nothing where it never did.

    Raises HeduiError ``sources_record_damaged`` where the file cannot be read.
    """
    try:
        return tuple(Unfetched(**one) for one in json.loads(file.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, TypeError) as error:
        raise HeduiError("sources_record_damaged", folder=file) from error
