"""An exchange database (前置库): a published table becomes a delivery of Parquet text columns."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import Connection, Select, column, literal_column, null, select, table
from sqlalchemy.sql.elements import quoted_name

from sources.connectors.database_link import connected, in_time
from sources.connectors.delivery import Fetched, Known, Seen
from sources.connectors.failure import FetchFailed
from sources.connectors.spool import Spool
from sources.contract import Contract
from sources.delivery import MANIFEST_FILE, produced_order
from sources.headers import trim
from sources.routes import DatabaseRoute
from sources.spreadsheet import cell_text

MANIFEST_TABLE: Final = "delivery_manifest"
DATE_COLUMN: Final = "business_date"  # in a data table: which delivery a row belongs to
_FACTS: Final = ("business_date", "mode", "rows", "produced_at")
_FILE: Final = "part-000.parquet"
_ROWS: Final = 5_000  # fetched at a time: what is held in memory
_HASHED: Final = 4 << 20


@dataclass(frozen=True, slots=True)
class Publication:
    """What ``delivery_manifest`` says of a date; ``facts`` as a manifest carries them.

    ``contrary`` are the facts of other rows of the date, produced at the very same moment.
    """

    business_date: date
    facts: Mapping[str, Any]
    contrary: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class _Table:
    """A published table: the query's columns by the header each is delivered under."""

    name: str
    schema: str | None
    columns: Mapping[str, str]
    has_dates: bool


def look(route: DatabaseRoute, contract: Contract) -> Seen:
    """What is published of the dataset. Raises FetchFailed, also where its table is absent."""
    with connected(route) as connection:
        published = _publications(connection, route, contract)
        _describe(connection, route, contract)
    if not published:
        return Seen()
    rows = published[-1].facts["rows"]
    newest = published[-1].business_date
    return Seen(len(published), newest, rows if isinstance(rows, int) else None)


def fetch(
    route: DatabaseRoute,
    contract: Contract,
    spool: Spool,
    known: Known,
    as_of: date,
    not_after: date = date.max,
) -> Fetched:
    """Bring what is published up to ``as_of`` and not known into the spool.

    Manifest and table are read in one transaction that sees one state of both, whatever the
    department writes meanwhile. A table without a column ``business_date`` holds what the newest
    row of ``delivery_manifest`` says, and nothing of earlier ones. Of several rows of one date the
    one produced last counts, one produced after ``not_after`` before all others. Raises
    FetchFailed, also where two rows of a date contradict one another and neither is the later.
    """
    with connected(route) as connection:
        published = _publications(connection, route, contract, not_after)
        source = _describe(connection, route, contract)
        there = published if source.has_dates else published[-1:]
        due = [one for one in there if _is_due(route, one, as_of)]
        wanted = [one for one in due if not _is_known(one, known)]
        for publication in wanted:
            if publication.contrary:
                day = publication.business_date
                raise FetchFailed("manifest_twice", place=route.shown, day=day)
            _bring(connection, route, contract, spool, source, publication)
    later = sum(one.business_date > as_of for one in there)
    return Fetched(brought=len(wanted), later=later)


def _is_known(publication: Publication, known: Known) -> bool:
    told = (publication.facts, *publication.contrary)
    return any(known.has_published(publication.business_date, facts) for facts in told)


def _is_due(route: DatabaseRoute, publication: Publication, as_of: date) -> bool:
    since = route.since or date.min
    return since <= publication.business_date <= as_of


def _publications(
    connection: Connection,
    route: DatabaseRoute,
    contract: Contract,
    not_after: date = date.max,
) -> list[Publication]:
    """The dataset's rows of ``delivery_manifest``, one a date (the one produced last), in order."""
    manifest = table(_exact(MANIFEST_TABLE), schema=_schema(route))
    names = _columns_of(connection, route, MANIFEST_TABLE)
    lacking = [name for name in ("agency", "dataset", *_FACTS) if name not in names]
    if lacking:
        raise FetchFailed("manifest_columns", place=route.shown, columns=", ".join(lacking))
    query = (
        select(*(column(_exact(names[fact])).label(fact) for fact in _FACTS))
        .select_from(manifest)
        .where(column(_exact(names["agency"])) == contract.agency)
        .where(column(_exact(names["dataset"])) == contract.folder)
    )
    with in_time(connection, route, MANIFEST_TABLE):
        rows = [dict(row) for row in connection.execute(query).mappings()]
    by_date: dict[date, list[Mapping[str, Any]]] = {}
    for row in rows:
        day, facts = _facts(row, route)
        by_date.setdefault(day, []).append(facts)
    return [_counting(day, by_date[day], not_after) for day in sorted(by_date)]


def _counting(
    day: date, rows: Sequence[Mapping[str, Any]], not_after: date = date.max
) -> Publication:
    """What counts of the rows of one date: the one produced last, each fact said once."""
    orders = [produced_order(facts["produced_at"], not_after) for facts in rows]
    last = max(orders)
    told = [facts for facts, order in zip(rows, orders, strict=True) if order == last]
    first, *others = sorted(told, key=lambda facts: json.dumps(facts, sort_keys=True))
    return Publication(day, first, tuple(facts for facts in others if facts != first))


def _facts(row: Mapping[str, Any], route: DatabaseRoute) -> tuple[date, Mapping[str, Any]]:
    facts = {fact: _json_value(row[fact]) for fact in _FACTS}
    try:
        business_date = date.fromisoformat(str(facts["business_date"])[:10])
    except ValueError:
        raise FetchFailed("manifest_date", place=route.shown) from None
    return business_date, {**facts, "business_date": business_date.isoformat()}


def _json_value(value: Any) -> Any:
    """The fact as JSON carries it; whether it is right is for intake to say."""
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, Decimal):
        is_whole = value.is_finite() and value == value.to_integral_value()
        return int(value) if is_whole else str(value)
    return value if value is None or isinstance(value, (bool, int, str)) else str(value)


def _describe(connection: Connection, route: DatabaseRoute, contract: Contract) -> _Table:
    """The dataset's table; headers are found whatever case the database gave their names.

    A column that the dictionary does not know is delivered by name and without its values: nobody
    agreed to hand them over, but that it is there should be said.
    """
    name = f"{contract.agency}_{contract.folder}"
    there = _columns_of(connection, route, name)
    ours = {header.casefold(): header for header in contract.headers}
    columns = {ours.get(trim(folded), given): given for folded, given in there.items()}
    has_dates = DATE_COLUMN in there and DATE_COLUMN not in ours
    if has_dates:
        columns.pop(there[DATE_COLUMN])
    return _Table(name, _schema(route), columns, has_dates)


def _columns_of(connection: Connection, route: DatabaseRoute, name: str) -> dict[str, str]:
    """The columns of a table by their names in one case. Raises FetchFailed for no such table."""
    source = table(_exact(name), schema=_schema(route))
    nothing: Select[Any] = select(literal_column("*")).select_from(source)
    with in_time(connection, route, name):
        names = list(connection.execute(nothing.limit(0)).keys())
    folded: dict[str, str] = {}
    for one in names:
        folded[one if one.casefold() in folded else one.casefold()] = one
    return folded


def _bring(
    connection: Connection,
    route: DatabaseRoute,
    contract: Contract,
    spool: Spool,
    source: _Table,
    publication: Publication,
) -> None:
    name = publication.business_date.isoformat()
    with spool.writing():
        half = spool.half(contract, name, "table")
        file = half / _FILE
        writer = pq.ParquetWriter(file, pa.schema([(one, pa.string()) for one in source.columns]))
    with closing(writer):
        for batch in _batches(connection, route, contract, source, publication):
            with spool.writing():
                writer.write_table(batch)
    with spool.writing():
        manifest = _manifest(contract, publication, _sha256(file))
        (half / MANIFEST_FILE).write_text(json.dumps(manifest, ensure_ascii=False), "utf-8")
        spool.deposit(half, contract, name)


def _manifest(contract: Contract, publication: Publication, sha256: str) -> dict[str, Any]:
    """What the table's manifest says, with the hash of the file that was made of it."""
    facts = publication.facts
    return {
        "agency": contract.agency,
        "dataset": contract.folder,
        "business_date": facts["business_date"],
        "mode": facts["mode"],
        "format": "parquet",
        "files": [{"name": _FILE, "rows": facts["rows"], "sha256": sha256}],
        "produced_at": facts["produced_at"],
    }


def published_facts(manifest: bytes) -> dict[str, Any] | None:
    """The facts that a manifest of :func:`fetch` was made from; None for any other manifest."""
    try:
        described = json.loads(manifest)
        facts = {fact: described[fact] for fact in _FACTS if fact != "rows"}
        return {**facts, "rows": described["files"][0]["rows"]}
    except (ValueError, KeyError, IndexError, TypeError):
        return None


def _batches(
    connection: Connection,
    route: DatabaseRoute,
    contract: Contract,
    source: _Table,
    publication: Publication,
) -> Iterator[pa.Table]:
    """The table's rows as text, some thousands at a time, from a cursor on the server."""
    query = _query(contract, source, publication)
    streamed = connection.execution_options(stream_results=True, max_row_buffer=_ROWS)
    with in_time(connection, route, source.name):
        result = streamed.execute(query)
    with closing(result):
        while True:
            with in_time(connection, route, source.name):
                rows = result.fetchmany(_ROWS)
            if not rows:
                return
            yield _texts(source, rows)


def _query(contract: Contract, source: _Table, publication: Publication) -> Select[Any]:
    """All rows of the publication, in the order of the dataset's key: the same rows, one hash."""
    known = set(contract.headers)
    chosen = [
        (column(_exact(given)) if header in known else null()).label(f"c{place}")
        for place, (header, given) in enumerate(source.columns.items())
    ]
    query = select(*chosen).select_from(table(_exact(source.name), schema=source.schema))
    if source.has_dates:
        query = query.where(column(DATE_COLUMN) == publication.business_date)
    key = [source.columns[header] for header in contract.key if header in source.columns]
    return query.order_by(*(column(_exact(name)) for name in key))


def _texts(source: _Table, rows: Sequence[Any]) -> pa.Table:
    arrays = [_text_array([_text(value) for value in values]) for values in zip(*rows, strict=True)]
    return pa.table(arrays, names=list(source.columns))


def _text(value: Any) -> str | bytes | None:
    """A value in the form a CSV would carry it; a whole number keeps all its digits."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value)
    return cell_text(value)


def _text_array(values: list[str | bytes | None]) -> pa.Array:
    """The values as text. Bytes are taken as they are: those that are no UTF-8, intake finds."""
    if not any(isinstance(value, bytes) for value in values):
        return pa.array(values, pa.string())
    encoded = [value.encode() if isinstance(value, str) else value for value in values]
    return pa.array(encoded, pa.binary()).view(pa.string())


def _schema(route: DatabaseRoute) -> quoted_name | None:
    return _exact(route.schema) if route.schema else None


def _exact(name: str) -> quoted_name:
    """The name as it is, quoted in every dialect."""
    return quoted_name(name, quote=True)


def _sha256(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while block := stream.read(_HASHED):
            digest.update(block)
    return digest.hexdigest()
