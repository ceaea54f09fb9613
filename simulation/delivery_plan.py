"""Which rows each department hands over on which evening, given what it has handed over before."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from simulation.draws import Bools, Keys, Places, mix, row_keys, salt, uniform
from simulation.timeline import extract_date
from simulation.world import World
from sources.contract import Column, Contract

MOST_ROWS_OF_AN_EARLIER_EXTRACT: Final = 250_000
"""Larger full extracts come once only: a second would double the district's size on disk."""
_NEW_SINCE: Final = 0.004
_MOST_RESENT_ROWS: Final = 3_000
_CORRECTION: Final = Decimal("10.00")


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What the inbox holds of one dataset already: keys of rows, and keys of rows with facts."""

    dates: frozenset[date]
    keys: Keys
    facts: Keys

    @property
    def newest(self) -> date:
        """The newest business date; the earliest of all dates when there is none."""
        return max(self.dates, default=date.min)


@dataclass(frozen=True, slots=True)
class Planned:
    """One delivery to be: the places of its rows in the dataset's true table, in order.

    ``facts`` are the keys of the rows' facts. ``is_resent`` marks rows handed over before (in force
    from now on); ``is_uncorrected`` those that the next delivery will correct.
    """

    contract: Contract
    business_date: date
    table: pa.Table
    places: Places
    facts: Keys
    is_resent: Bools
    is_uncorrected: Bools

    def __len__(self) -> int:
        return len(self.places)

    @property
    def is_protected(self) -> Bools:
        """Rows sent twice: no fault of a row befalls them, so what holds in the end is sure."""
        return self.is_resent | self.is_uncorrected

    def rows(self, start: int, count: int) -> pa.Table:
        """Some of the rows, as they stand in this delivery."""
        places = self.places[start : start + count]
        if (
            len(places)
            and places[-1] - places[0] == len(places) - 1
            and (np.diff(places) == 1).all()
        ):
            table = self.table.slice(int(places[0]), len(places)).combine_chunks()
        else:
            table = self.table.take(pa.array(places)).combine_chunks()
        return _before_correction(self.contract, table, self.is_uncorrected[start : start + count])


def plan(
    contract: Contract, world: World, handed: HandedOver, resent_share: float
) -> Iterator[Planned]:
    """The deliveries of one dataset that are new since ``handed``, oldest first."""
    if contract.mode == "full":
        yield from _full(contract, world, handed)
    else:
        yield from _incremental(contract, world, handed, resent_share)


def fact_keys(contract: Contract, table: pa.Table, keys: Keys) -> Keys:
    """A key of each row's key and facts together: it changes when a fact of the row does."""
    facts = [c.header for c in contract.columns if c.kind not in ("id_no", "name", "text")]
    return mix(keys ^ row_keys(table, facts, "facts"))


def _full(contract: Contract, world: World, handed: HandedOver) -> Iterator[Planned]:
    table = world.tables[contract.dataset]
    newest = extract_date(contract.dataset, world.as_of)
    if newest <= handed.newest:
        return
    if not handed.dates and 1 < table.num_rows <= MOST_ROWS_OF_AN_EARLIER_EXTRACT:
        before = extract_date(contract.dataset, newest - timedelta(days=1))
        yield _whole(contract, before, _as_it_was(contract, table, before, world.seed), world)
    yield _whole(contract, newest, table, world)


def _whole(contract: Contract, day: date, table: pa.Table, world: World) -> Planned:
    keys = row_keys(table, contract.key, world.seed, contract.dataset)
    facts = fact_keys(contract, table, keys)
    none = np.zeros(table.num_rows, dtype=bool)
    return Planned(contract, day, table, np.arange(len(keys), dtype=np.int64), facts, none, none)


def _as_it_was(contract: Contract, table: pa.Table, day: date, seed: int) -> pa.Table:
    """About what the extract held on an earlier evening: without what is newer, or seems so."""
    keys = row_keys(table, contract.key, seed, contract.dataset)
    is_there = uniform(keys, "new since") >= _NEW_SINCE
    is_there[int(keys.argmin())] = False
    dated = [c for c in contract.columns if c.kind in ("date", "month") and not c.is_nullable]
    if dated:
        is_older = pc.less_equal(table.column(dated[0].header), pa.scalar(day, pa.date32()))
        is_there &= np.asarray(pc.fill_null(is_older, True))
    return table.filter(pa.array(is_there))


@dataclass(frozen=True, slots=True)
class _Register:
    """One incremental dataset's true rows: when handed over, and their keys."""

    table: pa.Table
    delivered: Places
    keys: Keys
    facts: Keys


def _register(contract: Contract, world: World) -> _Register:
    table = world.tables[contract.dataset]
    keys = row_keys(table, contract.key, world.seed, contract.dataset)
    delivered = table.column("_delivered").cast(pa.int32()).to_numpy().astype(np.int64)
    return _Register(table, delivered, keys, fact_keys(contract, table, keys))


def _incremental(
    contract: Contract, world: World, handed: HandedOver, resent_share: float
) -> Iterator[Planned]:
    register = _register(contract, world)
    was_handed = np.isin(register.facts, handed.facts)
    is_correction = np.isin(register.keys, handed.keys) & ~was_handed
    evenings = [day for day in world.business_dates[contract.dataset] if day > handed.newest]
    previous, corrected = -(2**62), np.zeros(0, dtype=np.int64)
    for place, day in enumerate(evenings):
        number = (day - date(1970, 1, 1)).days
        is_new = (register.delivered > previous) & (register.delivered <= number) & ~was_handed
        rows = np.flatnonzero(is_new)
        if not len(rows) and not len(corrected):
            corrected = _an_older_row(register, number, day, contract, world.seed)
        following = np.zeros(0, dtype=np.int64)
        if place + 1 < len(evenings):
            following = _to_be_corrected(register, rows, number, resent_share)
        yield _delivery(contract, register, day, rows, corrected, following, is_correction)
        previous, corrected = number, following


def _an_older_row(
    register: _Register, number: int, day: date, contract: Contract, seed: int
) -> Places:
    """A row of an earlier evening: sent again where there is nothing new to send."""
    older = np.flatnonzero(register.delivered < number)
    turn = int(salt(seed, contract.dataset, day))
    return older[turn % len(older) :][:1] if len(older) else older


def _to_be_corrected(
    register: _Register,
    rows: Places,
    number: int,
    share: float,
) -> Places:
    """Rows of one evening that the next evening hands over again, corrected."""
    waiting = int(np.count_nonzero(register.delivered > number))
    limit = min(_MOST_RESENT_ROWS, 1 + waiting // 4)
    return rows[uniform(register.keys[rows], "resent") < share][:limit]


def _delivery(
    contract: Contract,
    register: _Register,
    day: date,
    rows: Places,
    corrected: Places,
    following: Places,
    is_correction: Bools,
) -> Planned:
    """One evening's new rows, then those it hands over again."""
    places = np.concatenate([rows, corrected])
    is_again = np.arange(len(places)) >= len(rows)
    is_uncorrected = np.isin(places, following) & ~is_again
    is_resent = is_correction[places] | is_again
    return Planned(
        contract, day, register.table, places, register.facts[places], is_resent, is_uncorrected
    )


def _before_correction(contract: Contract, table: pa.Table, chosen: Bools) -> pa.Table:
    """The table with one fact of the chosen rows still blank, or ten yuan off."""
    if not chosen.any():
        return table
    column = _corrected_column(contract)
    if column is None:
        return table
    values = table.column(column.header).combine_chunks()
    if column.is_nullable:
        wrong = pa.scalar(None, values.type)
    else:
        wrong = pc.add(values, pa.scalar(_CORRECTION, values.type)).cast(values.type)
    place = table.column_names.index(column.header)
    return table.set_column(place, column.header, pc.if_else(pa.array(chosen), wrong, values))


def _corrected_column(contract: Contract) -> Column | None:
    """A fact that is handed in later or mended: an optional one before a required amount."""
    free = [c for c in contract.columns if c.header not in contract.key]
    optional = [c for c in free if c.is_nullable and c.kind in ("yuan", "date")]
    amounts = [c for c in free if c.kind == "yuan"]
    return next(iter(optional + amounts), None)


def handed_over(deliveries: Mapping[date, pa.Table]) -> HandedOver:
    """What deliveries hold, from the truth kept of each (columns key, fact)."""
    if not deliveries:
        return HandedOver(frozenset(), np.zeros(0, np.uint64), np.zeros(0, np.uint64))
    return HandedOver(
        frozenset(deliveries),
        np.concatenate([t.column("key").to_numpy() for t in deliveries.values()]),
        np.concatenate([t.column("fact").to_numpy() for t in deliveries.values()]),
    )
