"""What connectors tell of a dataset: what was seen at its route, and what is known already."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Seen:
    """What lies at a route for one dataset; ``rows`` are the newest delivery's, where told.

    ``deliveries`` are complete ones (with a manifest); ``arriving`` ones are not yet.
    """

    deliveries: int = 0
    newest: date | None = None
    rows: int | None = None
    arriving: int = 0


@dataclass(frozen=True, slots=True)
class Fetched:
    """What fetching one dataset came to: deliveries brought, still arriving, and of later dates."""

    brought: int = 0
    arriving: int = 0
    later: int = 0


class Known(Protocol):
    """What intake has received already, so that it need not be fetched again."""

    def has_files_of(self, business_date: date, manifest: bytes) -> bool:
        """Whether a delivery with this manifest was judged, its files being what it says."""

    def has_published(self, business_date: date, facts: Mapping[str, Any]) -> bool:
        """Whether a table published with these facts was judged and not refused."""
