"""What one dataset is: the agreed dictionary read together with our names for its columns."""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal, NoReturn, get_args

import yaml

from domain.errors import HeduiError
from domain.wording import text

Kind = Literal["id_no", "name", "text", "code", "date", "month", "yuan", "int", "decimal", "bool"]
Mode = Literal["full", "incremental"]

KINDS: Final[tuple[str, ...]] = get_args(Kind)
MODES: Final[tuple[str, ...]] = get_args(Mode)
PERSON_FIELDS: Final = (
    "id_no", "name", "former_name", "sex", "birth_date", "township_code", "address",
)  # fmt: skip
_FOLDER: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Column:
    """One delivered column: its header, our name for it, and what may stand in it.

    ``is_nullable`` is false for columns the dictionary marks ``!``: a blank value sets the row
    aside. ``is_required`` says the header must be there, else the delivery is refused: true for
    marked columns, for the key, and for the identity number and name of the persons a row speaks of
    (without these columns nothing can be matched, whatever their values may lack).
    ``codes`` is the list of a ``code`` column (code to Chinese meaning), empty for other kinds.
    """

    header: str
    name: str
    kind: Kind
    is_nullable: bool
    is_required: bool
    code_list: str | None
    codes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Person:
    """One person that a row names; every field is one of our column names, or None."""

    role: str
    id_no: str
    name: str
    former_name: str | None = None
    sex: str | None = None
    birth_date: str | None = None
    township_code: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Contract:
    """One dataset: who sends it, how often, its columns in dictionary order, its persons.

    ``number`` is the dataset's 1-based place in the dictionary (the top of every record id);
    ``key`` holds delivered headers; ``table`` is the name under ``clean``; ``checks`` are the
    contract's own, beyond what the dictionary implies.
    """

    dataset: str
    number: int
    agency: str
    agency_zh: str
    title: str
    table: str
    mode: Mode
    cadence: str
    max_age_days: int
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    persons: tuple[Person, ...]
    checks: tuple[Mapping[str, Any], ...] = ()

    @property
    def headers(self) -> tuple[str, ...]:
        """The delivered headers, in dictionary order."""
        return tuple(column.header for column in self.columns)

    @property
    def key_names(self) -> tuple[str, ...]:
        """The key, in our column names."""
        return tuple(self.by_header(header).name for header in self.key)

    @property
    def folder(self) -> str:
        """The dataset's name inside its agency, as its folder in the inbox is called."""
        return self.dataset.partition(".")[2]

    def by_header(self, header: str) -> Column:
        """The column delivered under ``header``; KeyError when there is none."""
        for column in self.columns:
            if column.header == header:
                return column
        raise KeyError(header)

    def by_name(self, name: str) -> Column:
        """The column we call ``name``; KeyError when there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    def of_kind(self, *kinds: Kind) -> tuple[Column, ...]:
        """The columns of these kinds, in dictionary order."""
        return tuple(column for column in self.columns if column.kind in kinds)


@dataclass(frozen=True, slots=True)
class Dictionary:
    """All datasets of the exchange, in the dictionary's order."""

    contracts: tuple[Contract, ...]

    def __iter__(self) -> Iterator[Contract]:
        return iter(self.contracts)

    def __len__(self) -> int:
        return len(self.contracts)

    def __contains__(self, dataset: object) -> bool:
        return any(contract.dataset == dataset for contract in self.contracts)

    def __getitem__(self, dataset: str) -> Contract:
        for contract in self.contracts:
            if contract.dataset == dataset:
                return contract
        raise KeyError(dataset)

    @property
    def agencies(self) -> tuple[str, ...]:
        """The sending agencies, each once, in the dictionary's order."""
        return tuple(dict.fromkeys(contract.agency for contract in self.contracts))


@cache
def load_dictionary(folder: Path = _FOLDER) -> Dictionary:
    """Read ``datasets.yaml`` and ``contracts/*.yaml`` under ``folder``.

    Raises HeduiError (``sources_contract_broken``) naming the file and what is wrong with it, also
    for a dataset without a contract or a contract without a dataset.
    """
    path = folder / "datasets.yaml"
    agreed = _read_yaml(path)
    code_lists = _code_lists(agreed.pop("codes", {}), path)
    contracts = _contract_files(folder / "contracts")
    for dataset, file in contracts.items():
        if dataset not in agreed:
            _broken(file, "not_in_dictionary", dataset=dataset)
    return Dictionary(
        tuple(
            _contract(dataset, number, entry, code_lists, path, contracts.get(dataset))
            for number, (dataset, entry) in enumerate(agreed.items(), start=1)
        )
    )


def _contract_files(folder: Path) -> dict[str, Path]:
    """The contract file of each dataset; the file's name is the dataset's."""
    return {file.name.removesuffix(".yaml"): file for file in sorted(folder.glob("*.yaml"))}


def _contract(
    dataset: str,
    number: int,
    entry: Any,
    code_lists: Mapping[str, Mapping[str, str]],
    path: Path,
    file: Path | None,
) -> Contract:
    """One dataset from its dictionary entry and its contract file."""
    agency, dot, _ = dataset.partition(".")
    if not dot or not isinstance(entry, dict):
        _broken(path, "no_dataset_entry", dataset=dataset)
    if file is None:
        _broken(path, "without_contract", dataset=dataset)
    ours = _read_yaml(file)
    if ours.get("dataset") != dataset:
        _broken(file, "other_dataset", dataset=ours.get("dataset"))
    mode = _field(entry, "mode", path, dataset)
    if mode not in MODES:
        _broken(path, "unknown_mode", dataset=dataset, mode=mode)
    columns = _columns(dataset, entry, ours, code_lists, path, file)
    return Contract(
        dataset=dataset,
        number=number,
        agency=agency,
        agency_zh=str(_field(entry, "agency_zh", path, dataset)),
        title=str(_field(entry, "title", path, dataset)),
        table=str(_field(ours, "table", file, dataset)),
        mode=mode,
        cadence=str(_field(entry, "cadence", path, dataset)),
        max_age_days=int(_field(entry, "max_age_days", path, dataset)),
        key=_key(entry, columns, path, dataset),
        columns=columns,
        persons=_persons(ours, columns, file),
        checks=tuple(MappingProxyType(check) for check in ours.get("checks") or ()),
    )


def _columns(
    dataset: str,
    entry: Mapping[str, Any],
    ours: Mapping[str, Any],
    code_lists: Mapping[str, Mapping[str, str]],
    path: Path,
    file: Path,
) -> tuple[Column, ...]:
    """The columns in dictionary order, each under our name from the contract."""
    delivered: Mapping[str, str] = _field(entry, "columns", path, dataset)
    named = _names_by_header(_field(ours, "columns", file, dataset), file)
    for header in named.keys() - delivered.keys():
        _broken(file, "unknown_header", header=header, dataset=dataset)
    needed = _needed_headers(entry)
    columns = []
    for header, described in delivered.items():
        if header not in named:
            _broken(file, "header_without_name", header=header, dataset=dataset)
        kind, _, code_list = str(described).removesuffix("!").partition(":")
        if kind not in KINDS or (kind == "code" and code_list not in code_lists):
            _broken(path, "unknown_type", header=header, type=described, dataset=dataset)
        is_marked = str(described).endswith("!")
        columns.append(
            Column(
                header=header,
                name=named[header],
                kind=kind,  # type: ignore[arg-type]  # checked against KINDS above
                is_nullable=not is_marked,
                is_required=is_marked or header in needed,
                code_list=code_list or None,
                codes=code_lists[code_list] if kind == "code" else MappingProxyType({}),
            )
        )
    return tuple(columns)


def _needed_headers(entry: Mapping[str, Any]) -> set[str]:
    """Headers without which rows cannot be told apart or matched: the key and the persons'."""
    people = entry.get("persons") or [entry.get("person") or {}]
    named = {person[field] for person in people for field in ("id", "name") if field in person}
    return named | set(entry.get("key") or ())


def _names_by_header(columns: Mapping[str, Any], file: Path) -> dict[str, str]:
    """Our name of each delivered header, from ``name: {from: header}``."""
    named: dict[str, str] = {}
    for name, described in columns.items():
        header = described.get("from") if isinstance(described, dict) else None
        if header is None:
            _broken(file, "column_without_from", column=name)
        if header in named:
            _broken(file, "header_named_twice", header=header)
        named[str(header)] = str(name)
    return named


def _key(
    entry: Mapping[str, Any], columns: tuple[Column, ...], path: Path, dataset: str
) -> tuple[str, ...]:
    """The key's headers; each must be a column."""
    key = tuple(str(header) for header in _field(entry, "key", path, dataset))
    known = {column.header for column in columns}
    for header in key:
        if header not in known:
            _broken(path, "key_not_a_column", header=header, dataset=dataset)
    return key


def _persons(
    ours: Mapping[str, Any], columns: tuple[Column, ...], file: Path
) -> tuple[Person, ...]:
    """The persons of a row, each under its own role; every field must be one of our columns."""
    known = {column.name for column in columns}
    persons = []
    for described in ours.get("persons") or ():
        fields = {name: value for name, value in described.items() if name in PERSON_FIELDS}
        for column in fields.values():
            if column not in known:
                _broken(file, "person_without_column", column=column)
        if not {"role", "id_no", "name"} <= described.keys():
            _broken(file, "person_incomplete")
        persons.append(Person(role=str(described["role"]), **fields))
    return tuple(persons)


def _code_lists(described: Any, path: Path) -> dict[str, Mapping[str, str]]:
    """Code lists; codes are text even where YAML would read a number."""
    if not isinstance(described, dict):
        _broken(path, "no_code_lists")
    return {
        str(name): MappingProxyType({str(code): str(says) for code, says in codes.items()})
        for name, codes in described.items()
    }


def _field(node: Mapping[str, Any], name: str, path: Path, dataset: str) -> Any:
    if node.get(name) is None:
        _broken(path, "field_absent", field=name, dataset=dataset)
    return node[name]


class _UniqueKeys(yaml.SafeLoader):
    """YAML as agreed, except that a key given twice is an error instead of the last one winning."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Hashable, Any]:
        """The mapping of ``node``; ConstructorError for a repeated key."""
        keys = [key.value for key, _ in node.value]
        for key, _ in node.value:
            if keys.count(key.value) > 1:
                raise yaml.constructor.ConstructorError(
                    None, None, f"{key.value!r} is given twice", key.start_mark
                )
        return dict(super().construct_mapping(node, deep))


def _read_yaml(path: Path) -> dict[str, Any]:
    try:
        loaded = yaml.load(path.read_text(encoding="utf-8"), Loader=_UniqueKeys)  # noqa: S506
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise HeduiError(
            "sources_contract_broken", path=path.name, problem=" ".join(str(error).split())
        ) from error
    if not isinstance(loaded, dict):
        _broken(path, "no_mapping")
    return dict(loaded)


def _broken(path: Path, problem: str, **fields: object) -> NoReturn:
    says = text(f"sources.contract.{problem}", **fields)
    raise HeduiError("sources_contract_broken", path=path.name, problem=says)
