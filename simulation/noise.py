"""Every dirt the agreement names, put on the true rows of one dataset; the truth is kept beside."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Final, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from simulation import noise_names, noise_numbers
from simulation.draws import Keys, row_keys, uniform, whole
from simulation.noise_names import NameCraft, NameRates
from simulation.noise_numbers import NumberRates
from simulation.noise_values import Style, ValueRates, written
from sources.contract import Column, Contract, Person

POPULATION: Final = "public_security.population"
_OPTIONAL_UNREADABLE: Final = ("不详", "?", "########", "见附件")
_REMARKED_TEXT: Final = ("（原3号,已并户）", '（"老"字号）', "（东,西两间）", "（见\n备注）")

_NUMBER_WEIGHTS: Final[Mapping[str, float]] = {
    POPULATION: 0.01,
    "civil_affairs.households": 0.6,
    "civil_affairs.members": 0.6,
    "civil_affairs.cremations": 1.6,
    "civil_affairs.marriages": 1.3,
    "civil_affairs.temporary_assistance": 1.4,
    "medical_insurance.enrolment": 0.8,
}
_OWN_NUMBER_RATES: Final[Mapping[str, Mapping[str, float]]] = {
    # Old title books name an owner and nothing else.
    "housing.properties": {"missing": 0.06, "fifteen_digits": 0.04},
    "civil_affairs.marriages": {"fifteen_digits": 0.04},
}
_IDENTITY_UNITS: Final[Mapping[str, tuple[str, ...]]] = {
    # One entry of a person's number serves many rows: an account, a case file, a patient card.
    "human_resources.contributions": ("AAC002", "AAC003", "AAB003"),
    "human_resources.pensions": ("AAC002", "AAC003"),
    "human_resources.unemployment_benefits": ("AAC002", "AAC003"),
    "medical_insurance.enrolment": ("psn_no",),
    "medical_insurance.settlements": ("certno", "psn_name", "fixmedins_name"),
    "civil_affairs.payments": ("救助证号", "领款人身份证号"),
}
_UNREAD_BY_RULES: Final[Mapping[str, tuple[str, ...]]] = {
    # Optional columns no agreed rule looks at: unreadable there, they change no answer.
    "public_security.vehicles": ("JYYXQZ", "ZTRQ"),
    "housing.properties": ("状态日期",),
    "medical_insurance.enrolment": ("psn_insu_date",),
    "medical_insurance.settlements": ("fulamt_ownpay_amt",),
}
_FREE_TEXT: Final[Mapping[str, str]] = {
    POPULATION: "ZZ",
    "civil_affairs.households": "家庭住址",
    "housing.properties": "坐落",
    "medical_insurance.settlements": "fixmedins_name",
    "public_security.vehicles": "CLPP",
}


@dataclass(frozen=True, slots=True)
class RowRates:
    """What befalls whole rows; shares of rows unless said otherwise.

    Set-aside rows never pass 0.4 % of a file: at 1 % a delivery is refused.
    """

    unreadable: float = 3e-4
    """A required value blank or unreadable, or a code that is not in its list."""
    key_conflict: float = 5e-5
    field_count: float = 5e-5
    undecodable: float = 5e-5
    cut_off: float = 0.15
    """Of csv files: the last row breaks off."""
    repeated_page: float = 0.3
    """Of files: a page of rows is sent twice."""
    resent: float = 0.002
    """Of incremental rows: handed over again, corrected, in the next delivery."""
    optional_unreadable: float = 0.001
    remarked_text: float = 0.002
    """A free text with a comma or a quotation mark in it."""
    extra_column: float = 0.25
    """Of deliveries: a column the dictionary does not have."""


@dataclass(frozen=True, slots=True)
class NoiseRates:
    """How dirty the departments' extracts are. The defaults are what real ones are like."""

    numbers: NumberRates = field(default_factory=NumberRates)
    names: NameRates = field(default_factory=NameRates)
    values: ValueRates = field(default_factory=ValueRates)
    rows: RowRates = field(default_factory=RowRates)
    population_names: float = 0.02
    """The register's names are nearly clean: their rates, as a share of everybody else's."""

    @classmethod
    def none(cls) -> "NoiseRates":
        """Clean extracts (each department still writes dates and amounts its own way)."""
        return cls(
            _scaled(NumberRates(), 0),
            _scaled(NameRates(), 0),
            _scaled(ValueRates(), 0),
            _scaled(RowRates(), 0),
        )

    def numbers_in(self, dataset: str) -> NumberRates:
        """The rates for numbers in one dataset."""
        own = {
            name: rate * getattr(self.numbers, name) / getattr(NumberRates(), name)
            for name, rate in _OWN_NUMBER_RATES.get(dataset, {}).items()
        }
        return replace(_scaled(self.numbers, _NUMBER_WEIGHTS.get(dataset, 1.0)), **own)

    def names_in(self, dataset: str) -> NameRates:
        """The rates for names in one dataset."""
        return _scaled(self.names, self.population_names) if dataset == POPULATION else self.names


Rates = TypeVar("Rates", NumberRates, NameRates, ValueRates, RowRates)


def _scaled(rates: Rates, factor: float) -> Rates:
    return replace(
        rates, **{each.name: getattr(rates, each.name) * factor for each in fields(rates)}
    )


@dataclass(frozen=True, slots=True)
class Craft:
    """What noise needs to know of the district. The arrays' places are the persons' indices."""

    seed: int
    numbers: pa.Array
    names: pa.Array
    former_names: pa.Array
    name_craft: NameCraft

    def of(self, values: pa.Array, person: npt.NDArray[np.int64]) -> pa.Array:
        """The value of each row's true person; blank for people from outside the district."""
        return values.take(pa.array(person, mask=person < 0))


def craft_of(persons: pa.Table, seed: int) -> Craft:
    """What ``persons`` (one row a true person) allow noise to do."""
    return Craft(
        seed=seed,
        numbers=by_person(persons, "id_no"),
        names=by_person(persons, "name"),
        former_names=by_person(persons, "former_name"),
        name_craft=noise_names.name_craft(persons.column("name")),
    )


def by_person(persons: pa.Table, header: str) -> pa.Array:
    """The values of a column placed by the person's index; null where there is no such person."""
    index = persons.column("person").to_numpy()
    place = np.full(int(index.max(initial=-1)) + 1, -1, dtype=np.int64)
    place[index] = np.arange(len(index))
    return _whole_array(persons.column(header)).take(pa.array(place, mask=place < 0))


@dataclass(frozen=True, slots=True)
class PersonTruth:
    """Whom each row speaks of in one role, and what befell number and name.

    ``kinds`` are places in ``noise_numbers.KINDS`` and ``noise_names.KINDS``; ``shown`` is the
    valid number a careful reader gets from the row, null when there is none.
    """

    role: str
    person: npt.NDArray[np.int64]
    number_kinds: npt.NDArray[np.int8]
    name_kinds: npt.NDArray[np.int8]
    shown: pa.Array

    def take(self, order: npt.NDArray[np.int64]) -> "PersonTruth":
        """The same for the rows in another order, or repeated."""
        return PersonTruth(
            self.role,
            self.person[order],
            self.number_kinds[order],
            self.name_kinds[order],
            self.shown.take(pa.array(order)),
        )


@dataclass(frozen=True, slots=True)
class DirtyRows:
    """Rows of one dataset as text ("" where blank), the key of each, and whom they speak of."""

    columns: dict[str, pa.Array]
    keys: Keys
    people: tuple[PersonTruth, ...]

    def __len__(self) -> int:
        return len(self.keys)


def dirty_rows(
    contract: Contract, table: pa.Table, rates: NoiseRates, craft: Craft, style: Style
) -> DirtyRows:
    """The rows of ``table`` (a clean table of the world) as the department would write them."""
    dataset = contract.dataset
    keys = row_keys(table, contract.key, craft.seed, dataset)
    unit = _IDENTITY_UNITS.get(dataset, contract.key)
    identity_keys = row_keys(table, unit, craft.seed, dataset, "identity")
    columns = {
        column.header: _written(column, table, keys, style, rates) for column in contract.columns
    }
    _spoil_optional(contract, columns, keys, rates.rows)
    people = []
    for place, person in enumerate(contract.persons):
        own_keys = whole(identity_keys, "person", place)
        truth, dirty = _dirty_person(contract, person, place, table, own_keys, rates, craft)
        columns |= dirty
        people.append(truth)
    return DirtyRows(columns, keys, tuple(people))


def _written(
    column: Column, table: pa.Table, keys: Keys, style: Style, rates: NoiseRates
) -> pa.Array:
    values = _whole_array(table.column(column.header))
    own = whole(keys, column.header)
    return written(column.kind, values, own, style, rates.values)


def _whole_array(column: pa.ChunkedArray) -> pa.Array:
    array = column.combine_chunks()
    return array.chunk(0) if isinstance(array, pa.ChunkedArray) else array


def _spoil_optional(
    contract: Contract, columns: dict[str, pa.Array], keys: Keys, rates: RowRates
) -> None:
    """Optional values that cannot be read, and texts that need quoting; changes ``columns``."""
    for header in _UNREAD_BY_RULES.get(contract.dataset, ()):
        chosen = uniform(keys, header, "optional") < rates.optional_unreadable
        columns[header] = _one_of(columns[header], chosen, _OPTIONAL_UNREADABLE, keys)
    text = _FREE_TEXT.get(contract.dataset)
    if text is not None:
        chosen = uniform(keys, text, "remarked") < rates.remarked_text
        remarked = _one_of(columns[text], chosen, _REMARKED_TEXT, keys)
        joined = pc.binary_join_element_wise(columns[text], remarked, "")
        columns[text] = pc.if_else(pa.array(chosen), joined, columns[text])


def _one_of(
    texts: pa.Array, chosen: npt.NDArray[np.bool_], words: tuple[str, ...], keys: Keys
) -> pa.Array:
    if not chosen.any():
        return texts
    turns = (whole(keys[chosen], "word") % np.uint64(len(words))).astype(np.int64)
    after = pa.array(words, pa.string()).take(pa.array(turns))
    return pc.replace_with_mask(texts, pa.array(chosen), after)


def _dirty_person(
    contract: Contract,
    person: Person,
    place: int,
    table: pa.Table,
    keys: Keys,
    rates: NoiseRates,
    craft: Craft,
) -> tuple[PersonTruth, dict[str, pa.Array]]:
    """One person of each row: the truth, and the columns of number and name as delivered."""
    number_column = contract.by_name(person.id_no)
    name_column = contract.by_name(person.name)
    true_numbers = _whole_array(table.column(number_column.header))
    true_names = _whole_array(table.column(name_column.header))
    who = _who(contract, place, table)
    numbers = noise_numbers.dirty_numbers(
        true_numbers,
        keys,
        rates.numbers_in(contract.dataset),
        craft.numbers,
        missing_is_allowed=number_column.is_nullable,
    )
    names = noise_names.dirty_names(
        true_names,
        _former(true_names, who, craft),
        keys,
        rates.names_in(contract.dataset),
        craft.name_craft,
    )
    kinds = _with_planted(contract, numbers.kinds, true_numbers, who, craft)
    truth = PersonTruth(person.role, who, kinds, names.kinds, _shown(numbers, true_numbers))
    dirty: dict[str, Any] = {
        number_column.header: numbers.texts.fill_null(""),
        name_column.header: names.texts.fill_null(""),
    }
    return truth, dirty


def _who(contract: Contract, place: int, table: pa.Table) -> npt.NDArray[np.int64]:
    name = "_person" if len(contract.persons) == 1 else f"_person_{place + 1}"
    return np.asarray(table.column(name).to_numpy()).astype(np.int64)


def _former(names: pa.Array, who: npt.NDArray[np.int64], craft: Craft) -> pa.Array:
    """The former name of each row's person, where the row bears the present one."""
    is_present = pc.equal(names, craft.of(craft.names, who))
    former = craft.of(craft.former_names, who)
    return pc.if_else(pc.fill_null(is_present, False), former, pa.scalar(None, pa.string()))


def _with_planted(
    contract: Contract,
    kinds: npt.NDArray[np.int8],
    numbers: pa.Array,
    who: npt.NDArray[np.int64],
    craft: Craft,
) -> npt.NDArray[np.int8]:
    """Rows the world itself gave another person's number bear that kind too."""
    if contract.dataset == POPULATION:
        return kinds
    is_other = np.asarray(pc.fill_null(pc.not_equal(numbers, craft.of(craft.numbers, who)), False))
    other = noise_numbers.KINDS.index("other_person")
    lost = noise_numbers.is_kind(kinds, *noise_numbers.NO_NUMBER, *noise_numbers.DAMAGED)
    return np.where(is_other & ~lost, other, kinds).astype(np.int8)


def _shown(numbers: noise_numbers.DirtyNumbers, true_numbers: pa.Array) -> pa.Array:
    """The valid number a careful reader finds: none after a loss, the other's when it is his."""
    lost = noise_numbers.is_kind(numbers.kinds, *noise_numbers.NO_NUMBER, *noise_numbers.DAMAGED)
    other = noise_numbers.is_kind(numbers.kinds, "other_person")
    shown = pc.if_else(pa.array(other), numbers.texts, true_numbers)
    return pc.if_else(pa.array(lost), pa.scalar(None, pa.string()), shown)
